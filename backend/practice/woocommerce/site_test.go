package woocommerce

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"evenstock/backend/practice"
)

func TestSitesThatAreNotAsExpected(t *testing.T) {
	open := func(t *testing.T, o Options) *shop {
		s := openShop(t, Latest, "UTC")
		o.Keys = s.face.options.Keys
		s.face = New(s.world, o)
		return s
	}
	t.Run("a shop in a folder", func(t *testing.T) {
		s := open(t, Options{Home: "http://shop.test/our/shop"})
		q := url.Values{"oauth_consumer_key": {"ck"}, "oauth_timestamp": {"1795438800"}, "oauth_nonce": {"1"}, "oauth_signature_method": {"HMAC-SHA256"}, "per_page": {"1"}}
		q.Set("oauth_signature", Signature(digests["HMAC-SHA256"], "GET", "http://shop.test/our/shop/wp-json/wc/v3/products", q, "cs"))
		for range 2 {
			s.world.Do(func(st *practice.State) { st.Add(practice.Item{Name: "Mug"}) })
		}
		a := s.do(httptest.NewRequest("GET", "http://shop.test/our/shop/wp-json/wc/v3/products?"+q.Encode(), nil))
		s.equal("status", a.status, 200)
		s.equal("link", strings.HasPrefix(a.header.Get("Link"), "<http://shop.test/our/shop/wp-json/wc/v3/products?"), true)
		s.equal("without the folder", s.do(httptest.NewRequest("GET", "http://shop.test/elsewhere", nil)).status, 404)
	})
	t.Run("plain permalinks", func(t *testing.T) {
		s := open(t, Options{PlainPermalinks: true})
		a := s.do(httptest.NewRequest("GET", "http://shop.test/wp-json/", nil))
		s.equal("answer", row(a.status, a.header.Get("Content-Type")), "404 text/html; charset=UTF-8")
	})
	t.Run("no WooCommerce", func(t *testing.T) {
		s := open(t, Options{NoWooCommerce: true})
		a := s.do(httptest.NewRequest("GET", "http://shop.test/wp-json/", nil))
		s.equal("index", row(a.status, a.at("namespaces")), "200 [oembed/1.0 wp/v2]")
		a = s.call("GET", "/products", "")
		s.equal("products", row(a.status, a.at("code")), "404 rest_no_route")
	})
}

func TestParcelsOfTheOptionalFeature(t *testing.T) {
	s := openShop(t, Latest, "UTC")
	s.face = New(s.world, Options{Fulfillments: true, Keys: s.face.options.Keys})
	order, line := s.sell(s.mug(5), 3, "processing")
	s.world.ShipUnits(order, line, 2)
	a := s.call("GET", "/orders/"+row(order)+"/fulfillments", "")
	s.equal("parcel", row(a.len(), a.at(0, "is_fulfilled"), a.at(0, "meta_data", 0, "value", 0, "item_id"), a.at(0, "meta_data", 0, "value", 0, "qty")),
		row(1, true, line, 2))
}
