package woocommerce

import (
	"crypto/sha256"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"evenstock/backend/practice"
)

// TestAuthenticationFacts are the table and the errors under "Authentication" of woocommerce-observed.md.
func TestAuthenticationFacts(t *testing.T) {
	runFacts(t, Latest, "UTC", authenticationFacts)
}

var authenticationFacts = []fact{
	{"OAuth in the query works over plain http, with odd characters in values", func(s *shop) {
		for _, search := range []string{"T-Shirt Größe & 50%", "a b+c~d", "100%25", "x[y]=z", "it's", `"quoted"`} {
			s.equal(search, s.signed("/products", url.Values{"search": {search}}, nil).status, 200)
		}
	}},
	{"OAuth in the Authorization header works", func(s *shop) {
		q := url.Values{}
		s.signed("/products", q, nil)
		q.Set("oauth_nonce", "header")
		q.Del("oauth_signature")
		q.Set("oauth_signature", Signature(sha256.New, "GET", "http://shop.test/wp-json/wc/v3/products", q, "cs"))
		var parts []string
		for name := range q {
			parts = append(parts, fmt.Sprintf(`%s="%s"`, name, escape(q.Get(name))))
		}
		r := httptest.NewRequest("GET", "http://shop.test/wp-json/wc/v3/products", nil)
		r.Header.Set("Authorization", "OAuth "+strings.Join(parts, ", "))
		s.equal("status", s.do(r).status, 200)
	}},
	{"Basic over plain http is ignored silently", func(s *shop) {
		r := httptest.NewRequest("GET", "http://shop.test/wp-json/wc/v3/products", nil)
		r.SetBasicAuth("ck", "cs")
		a := s.do(r)
		s.equal("status", a.status, 401)
		s.equal("code", a.at("code"), "woocommerce_rest_cannot_view")
	}},
	{"consumer_key in the query works over TLS only", func(s *shop) {
		r := httptest.NewRequest("GET", "http://shop.test/wp-json/wc/v3/products?consumer_key=ck&consumer_secret=cs", nil)
		s.equal("plain", s.do(r).status, 401)
		r.Header.Set("X-Forwarded-Proto", "https")
		s.equal("TLS", s.do(r).status, 200)
	}},
	{"rest_route answers 401 with any key", func(s *shop) {
		r := httptest.NewRequest("GET", "http://shop.test/?rest_route=/wc/v3/products", nil)
		r.Header.Set("X-Forwarded-Proto", "https")
		r.SetBasicAuth("ck", "cs")
		s.equal("status", s.do(r).status, 401)
	}},
	{"the clock may be 15 minutes off by the shop's own", func(s *shop) {
		s.world.SetOffset(20 * time.Minute)
		s.equal("skewed", s.signed("/products", url.Values{}, nil).at("message"), "Invalid timestamp.")
		s.world.SetOffset(14 * time.Minute)
		s.equal("close enough", s.signed("/products", url.Values{}, nil).status, 200)
	}},
	{"a nonce is single use", func(s *shop) {
		once := func(q url.Values) { q.Set("oauth_nonce", "same") }
		s.equal("first", s.signed("/products", url.Values{}, once).status, 200)
		s.equal("second", s.signed("/products", url.Values{}, once).at("message"), "Invalid nonce - nonce has already been used.")
	}},
	{"a read key cannot write: 401, not 403", func(s *shop) {
		r := httptest.NewRequest("PUT", "http://shop.test/wp-json/wc/v3/products/1", nil)
		r.Header.Set("X-Forwarded-Proto", "https")
		r.SetBasicAuth("ck_read", "cs_read")
		a := s.do(r)
		s.equal("status", a.status, 401)
		s.equal("message", a.at("message"), "The API key provided does not have write permissions.")
	}},
	{"the index tells strangers name, home and APIs", func(s *shop) {
		a := s.do(httptest.NewRequest("GET", "http://shop.test/wp-json/", nil))
		s.equal("home", a.at("home"), "http://shop.test")
		s.equal("name", a.at("name"), "Fernhill Home")
		s.equal("has wc/v3", strings.Contains(row(a.at("namespaces")), "wc/v3"), true)
	}},
	{"the Link header repeats the whole query, and following it as it stands gives 401", func(s *shop) {
		s.mug(1)
		s.mug(1)
		a := s.signed("/products", url.Values{"per_page": {"1"}}, nil)
		link := a.header.Get("Link")
		s.equal("signature in it", strings.Contains(link, "oauth_signature="), true)
		next := strings.TrimPrefix(strings.Split(link, ">")[0], "<")
		s.equal("followed", s.do(httptest.NewRequest("GET", next, nil)).status, 401)
	}},
	{"the Date header is the shop's own clock", func(s *shop) {
		s.world.SetOffset(-time.Hour)
		s.equal("Date", s.call("GET", "/products", "").header.Get("Date"), "Mon, 23 Nov 2026 12:00:00 GMT")
	}},
}

// TestListFacts are "Lists" and "Types that bite a strict decoder".
func TestListFacts(t *testing.T) {
	runFacts(t, Latest, "UTC", listFacts)
}

var listFacts = []fact{
	{"per_page is 1 to 100", func(s *shop) {
		for _, n := range []string{"0", "-1", "101"} {
			a := s.call("GET", "/products?per_page="+n, "")
			s.equal(n, row(a.status, a.at("code")), "400 rest_invalid_param")
		}
	}},
	{"a page past the end is empty and has totals", func(s *shop) {
		s.mug(1)
		a := s.call("GET", "/products?page=9", "")
		s.equal("items and totals", row(a.status, a.len(), a.header.Get("X-WP-Total")), "200 0 1")
	}},
	{"HEAD gives totals without a body", func(s *shop) {
		s.mug(1)
		a := s.call("HEAD", "/products", "")
		s.equal("answer", row(a.status, a.value, a.header.Get("X-WP-Total")), "200 <nil> 1")
	}},
	{"the default order is the newest first", func(s *shop) {
		first, second := s.mug(1), s.mug(1)
		a := s.call("GET", "/products", "")
		s.equal("ids", row(a.at(0, "id"), a.at(1, "id")), row(second, first))
		a = s.call("GET", "/products?orderby=id&order=asc", "")
		s.equal("ids", row(a.at(0, "id"), a.at(1, "id")), row(first, second))
	}},
	{"drafts and private ones are listed, trash is not, variations are not", func(s *shop) {
		s.make("/products", `{"name":"a","status":"draft"}`)
		s.make("/products", `{"name":"b","status":"private"}`)
		s.call("DELETE", fmt.Sprintf("/products/%d", s.make("/products", `{"name":"c"}`)), "")
		parent := s.make("/products", `{"name":"d","type":"variable"}`)
		s.make(fmt.Sprintf("/products/%d/variations", parent), `{"sku":"D-1"}`)
		s.equal("listed", s.call("GET", "/products", "").len(), 3)
		s.equal("trash", s.call("GET", "/products?status=trash", "").len(), 1)
	}},
	{"sku finds variations as well, in any case, in lists and with a comma inside", func(s *shop) {
		parent := s.make("/products", `{"name":"Tee","type":"variable"}`)
		s.make(fmt.Sprintf("/products/%d/variations", parent), `{"sku":"TEE-S"}`)
		s.make("/products", `{"name":"x","sku":"A,1"}`)
		a := s.call("GET", "/products?sku=tee-s", "")
		s.equal("variation", row(a.len(), a.at(0, "type"), a.at(0, "parent_id")), row(1, "variation", parent))
		s.equal("comma", s.call("GET", "/products?sku="+url.QueryEscape("A,1"), "").len(), 1)
	}},
	{"_fields trims the answer", func(s *shop) {
		s.mug(1)
		a := s.call("GET", "/products?_fields=id,sku", "")
		s.equal("members", len(a.at(0).(map[string]any)), 2)
	}},
	{"unknown parameters and body fields are ignored", func(s *shop) {
		id := s.mug(1)
		s.equal("query", s.call("GET", "/products?nonsense=1", "").status, 200)
		s.equal("body", s.call("PUT", fmt.Sprintf("/products/%d", id), `{"nonsense":1}`).status, 200)
	}},
	{"no ETag, no Last-Modified", func(s *shop) {
		h := s.call("GET", "/products", "").header
		s.equal("headers", h.Get("ETag")+h.Get("Last-Modified"), "")
	}},
	{"stock_quantity is null when managed and never set", func(s *shop) {
		id := s.make("/products", `{"name":"x","manage_stock":true}`)
		a := s.call("GET", fmt.Sprintf("/products/%d", id), "")
		s.equal("stock", row(a.at("manage_stock"), a.at("stock_quantity")), "true <nil>")
	}},
	{"an empty batch answers an empty list", func(s *shop) {
		a := s.call("POST", "/products/batch", `{}`)
		_, isList := a.value.([]any)
		s.equal("list", row(a.status, isList), "200 true")
	}},
	{"a trailing slash does no harm", func(s *shop) {
		s.equal("status", s.call("GET", "/products/", "").status, 200)
	}},
	{"an unknown route", func(s *shop) {
		a := s.call("GET", "/orders/1/fulfillments", "")
		s.equal("answer", row(a.status, a.at("code")), "404 rest_no_route")
	}},
}

// TestStockFacts are "Stock fields", "Variations", "Batches" and "SKUs".
func TestStockFacts(t *testing.T) {
	runFacts(t, Latest, "UTC", append(stockFacts, variationFacts...))
}

var stockFacts = []fact{
	{"a quantity for an unmanaged product is ignored with 200", func(s *shop) {
		id := s.make("/products", `{"name":"x"}`)
		s.put(fmt.Sprintf("/products/%d", id), `{"stock_quantity":7}`)
		s.equal("stock", s.stock(id), nil)
		s.put(fmt.Sprintf("/products/%d", id), `{"manage_stock":true,"stock_quantity":7}`)
		s.equal("sent together", s.stock(id), 7)
	}},
	{"stock_status follows the quantity when managed and is free otherwise", func(s *shop) {
		id := s.mug(1)
		a := s.put(fmt.Sprintf("/products/%d", id), `{"stock_quantity":0,"stock_status":"instock"}`)
		s.equal("managed", a.at("stock_status"), "outofstock")
		free := s.make("/products", `{"name":"x","stock_status":"onbackorder"}`)
		s.equal("unmanaged", s.call("GET", fmt.Sprintf("/products/%d", free), "").at("stock_status"), "onbackorder")
	}},
	{"single PUT: fractions and words are 400, text digits pass, null is 0", func(s *shop) {
		path := fmt.Sprintf("/products/%d", s.mug(5))
		for _, bad := range []string{`2.7`, `"abc"`, `""`} {
			s.equal(bad, s.call("PUT", path, `{"stock_quantity":`+bad+`}`).status, 400)
		}
		s.equal("text", s.put(path, `{"stock_quantity":"9"}`).at("stock_quantity"), 9)
		s.equal("null", s.put(path, `{"stock_quantity":null}`).at("stock_quantity"), 0)
		s.equal("negative", s.put(path, `{"stock_quantity":-4}`).at("stock_quantity"), -4)
	}},
	{"inside a batch nothing checks: words are 0, fractions are cut, null leaves alone", func(s *shop) {
		id := s.mug(5)
		for value, want := range map[string]int{`"abc"`: 0, `2.7`: 2, `"15"`: 15} {
			a := s.call("POST", "/products/batch", fmt.Sprintf(`{"update":[{"id":%d,"stock_quantity":%s}]}`, id, value))
			s.equal(value, a.at("update", 0, "stock_quantity"), want)
		}
		s.put(fmt.Sprintf("/products/%d", id), `{"stock_quantity":40}`)
		a := s.call("POST", "/products/batch", fmt.Sprintf(`{"update":[{"id":%d,"stock_quantity":null}]}`, id))
		s.equal("null", a.at("update", 0, "stock_quantity"), 40)
	}},
	{"inventory_delta is read, then written: a sale in between is lost", func(s *shop) {
		id := s.mug(10)
		s.world.During(func() { s.world.Sell(practice.Units{Item: id, Quantity: 3}) })
		s.put(fmt.Sprintf("/products/%d", id), `{"inventory_delta":5}`)
		s.equal("stock", s.stock(id), 15)
	}},
	{"an absolute PUT after a sale overwrites the sale", func(s *shop) {
		id := s.mug(100)
		s.sell(id, 5, "processing")
		s.put(fmt.Sprintf("/products/%d", id), `{"stock_quantity":110}`)
		s.equal("stock", s.stock(id), 110)
	}},
	{"a PUT of an equal quantity moves the date", func(s *shop) {
		path := fmt.Sprintf("/products/%d", s.mug(5))
		s.now = s.now.Add(time.Minute)
		s.equal("date", s.put(path, `{"stock_quantity":5}`).at("date_modified_gmt"), "2026-11-23T13:01:00")
	}},
	{"while the shop counts no stock the old number is shown and writes are ignored", func(s *shop) {
		id := s.mug(40)
		s.put("/settings/products/woocommerce_manage_stock", `{"value":"no"}`)
		s.put(fmt.Sprintf("/products/%d", id), `{"stock_quantity":7}`)
		a := s.call("GET", fmt.Sprintf("/products/%d", id), "")
		s.equal("shown", row(a.at("manage_stock"), a.at("stock_quantity")), "false 40")
		s.equal("setting", s.call("GET", "/settings/products/woocommerce_manage_stock", "").at("value"), "no")
	}},
	{"a batch takes 100 items in all", func(s *shop) {
		items := strings.TrimSuffix(strings.Repeat(`{"id":1},`, 101), ",")
		a := s.call("POST", "/products/batch", `{"update":[`+items+`]}`)
		s.equal("answer", row(a.status, a.at("code")), "413 woocommerce_rest_request_entity_too_large")
	}},
	{"a batch answers 200 with an error for each item that fails", func(s *shop) {
		a := s.call("POST", "/products/batch", `{"create":[{"name":"a","sku":"S"},{"name":"b","sku":"S"}],"update":[{"id":99}],"delete":[98]}`)
		s.equal("status", a.status, 200)
		s.equal("create", row(a.at("create", 1, "id"), a.at("create", 1, "error", "code")), "0 product_invalid_sku")
		s.equal("update", a.at("update", 0, "error", "code"), "woocommerce_rest_product_invalid_id")
		s.equal("delete", a.at("delete", 0, "error", "data", "status"), 404)
	}},
	{"_fields does not reach into batch items", func(s *shop) {
		body := fmt.Sprintf(`{"update":[{"id":%d,"stock_quantity":1}]}`, s.mug(5))
		s.equal("dotted", row(s.call("POST", "/products/batch?_fields=update.id", body).value), "map[update:[]]")
		s.equal("top", s.call("POST", "/products/batch?_fields=update", body).at("update", 0, "stock_quantity"), 1)
	}},
	{"a duplicate SKU names its owner and a free one", func(s *shop) {
		id := s.make("/products", `{"name":"a","sku":"S"}`)
		a := s.call("POST", "/products", `{"name":"b","sku":" s "}`)
		s.equal("answer", row(a.status, a.at("code"), a.at("data", "resource_id"), a.at("data", "unique_sku")),
			fmt.Sprintf("400 product_invalid_sku %d s-1", id))
	}},
	{"SKUs are trimmed and stripped of HTML, 200 characters are fine", func(s *shop) {
		a := s.call("POST", "/products", `{"name":"a","sku":" <b>X 1</b> "}`)
		s.equal("sku", a.at("sku"), "X 1")
		s.equal("long", s.call("POST", "/products", `{"name":"b","sku":"`+strings.Repeat("x", 200)+`"}`).status, 201)
	}},
	{"DELETE trashes and shows the old status; with force it is gone", func(s *shop) {
		path := fmt.Sprintf("/products/%d", s.mug(1))
		s.equal("answer", s.call("DELETE", path, "").at("status"), "publish")
		s.equal("later", s.call("GET", path, "").at("status"), "trash")
		s.call("DELETE", path+"?force=true", "")
		s.equal("gone", s.call("GET", path, "").status, 404)
	}},
}

// tee makes a parent with an own-managed variation S (5) and an unmanaged one M.
func (s *shop) tee() (parent, small, medium int64) {
	s.t.Helper()
	parent = s.make("/products", `{"name":"Tee","type":"variable","sku":"TEE"}`)
	path := fmt.Sprintf("/products/%d/variations", parent)
	small = s.make(path, `{"sku":"TEE-S","regular_price":"20","manage_stock":true,"stock_quantity":5,"attributes":[{"name":"Size","option":"S"}]}`)
	medium = s.make(path, `{"sku":"TEE-M","regular_price":"21","attributes":[{"name":"Size","option":"M"}]}`)
	return parent, small, medium
}

var variationFacts = []fact{
	{"an unmanaged variation of a counted parent reads parent and shares its number", func(s *shop) {
		parent, small, medium := s.tee()
		s.put(fmt.Sprintf("/products/%d", parent), `{"manage_stock":true,"stock_quantity":8}`)
		path := fmt.Sprintf("/products/%d/variations/%d", parent, medium)
		a := s.call("GET", path, "")
		s.equal("M", row(a.at("manage_stock"), a.at("stock_quantity")), "parent 8")
		a = s.call("GET", fmt.Sprintf("/products/%d/variations/%d", parent, small), "")
		s.equal("S", row(a.at("manage_stock"), a.at("stock_quantity")), "true 5")
		s.equal("M set to unmanaged", s.put(path, `{"manage_stock":false}`).at("manage_stock"), "parent")
		s.equal("M given a quantity", s.put(path, `{"stock_quantity":3}`).at("stock_quantity"), 8)
	}},
	{"selling a variation on the parent's stock takes from the parent and moves only the parent's date", func(s *shop) {
		parent, _, medium := s.tee()
		s.put(fmt.Sprintf("/products/%d", parent), `{"manage_stock":true,"stock_quantity":8}`)
		s.now = s.now.Add(time.Minute)
		s.world.Sell(practice.Units{Item: medium, Quantity: 3})
		a := s.call("GET", fmt.Sprintf("/products/%d", parent), "")
		s.equal("parent", row(a.at("stock_quantity"), a.at("date_modified_gmt")), "5 2026-11-23T13:01:00")
		a = s.call("GET", fmt.Sprintf("/products/%d/variations/%d", parent, medium), "")
		s.equal("variation", a.at("date_modified_gmt"), "2026-11-23T13:00:00")
	}},
	{"selling an own-managed variation moves its date and the parent's", func(s *shop) {
		parent, small, _ := s.tee()
		s.now = s.now.Add(time.Minute)
		s.world.Sell(practice.Units{Item: small, Quantity: 1})
		for _, path := range []string{fmt.Sprintf("/products/%d", parent), fmt.Sprintf("/products/%d/variations/%d", parent, small)} {
			s.equal(path, s.call("GET", path, "").at("date_modified_gmt"), "2026-11-23T13:01:00")
		}
	}},
	{"the parent's stock status follows its variations", func(s *shop) {
		parent, small, medium := s.tee()
		path := fmt.Sprintf("/products/%d", parent)
		s.put(fmt.Sprintf("%s/variations/%d", path, small), `{"stock_quantity":0}`)
		s.equal("M is there", s.call("GET", path, "").at("stock_status"), "instock")
		s.put(fmt.Sprintf("%s/variations/%d", path, medium), `{"stock_status":"outofstock"}`)
		s.equal("none is there", s.call("GET", path, "").at("stock_status"), "outofstock")
	}},
	{"a variation is read but not written by the products route", func(s *shop) {
		_, small, _ := s.tee()
		path := fmt.Sprintf("/products/%d", small)
		s.equal("GET", s.call("GET", path, "").at("type"), "variation")
		a := s.call("PUT", path, `{"stock_quantity":6}`)
		s.equal("PUT", row(a.status, a.at("code")), "404 woocommerce_rest_invalid_product_id")
		a = s.call("POST", "/products/batch", fmt.Sprintf(`{"update":[{"id":%d,"stock_quantity":6}]}`, small))
		s.equal("batch", a.at("update", 0, "error", "code"), "woocommerce_rest_invalid_product_id")
	}},
	{"a plugin that writes the number directly moves no date", func(s *shop) {
		id := s.mug(5)
		s.now = s.now.Add(time.Minute)
		s.world.Do(func(st *practice.State) { st.WriteQuietly(st.Item(id), 9) })
		a := s.call("GET", fmt.Sprintf("/products/%d", id), "")
		s.equal("quiet", row(a.at("stock_quantity"), a.at("date_modified_gmt")), "9 2026-11-23T13:00:00")
	}},
}
