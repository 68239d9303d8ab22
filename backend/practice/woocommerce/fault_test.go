package woocommerce

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"evenstock/backend/practice"
)

// wire is a shop behind an http.Client: over a socket or called directly.
type wire struct {
	*shop
	client *http.Client
	url    string
}

func wires(t *testing.T, check func(t *testing.T, w *wire)) {
	t.Run("socket", func(t *testing.T) {
		s := openShop(t, Latest, "UTC")
		server := httptest.NewServer(s.face.Handler())
		t.Cleanup(server.Close)
		check(t, &wire{s, server.Client(), server.URL})
	})
	t.Run("direct", func(t *testing.T) {
		s := openShop(t, Latest, "UTC")
		check(t, &wire{s, &http.Client{Transport: practice.Transport(s.face.Handler())}, "http://shop.test"})
	})
}

func (w *wire) send(method, path, body string) (int, http.Header, string, error) {
	w.t.Helper()
	r, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-Proto", "https")
	r.SetBasicAuth("ck", "cs")
	res, err := w.client.Do(r)
	if err != nil {
		return 0, nil, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, res.Header, string(text), err
}

func TestFaultsOnTheWire(t *testing.T) {
	wires(t, func(t *testing.T, w *wire) {
		id := w.mug(10)
		path := fmt.Sprintf("/wp-json/wc/v3/products/%d", id)
		for quantity, c := range []struct {
			kind    practice.FaultKind
			status  int
			broken  bool // no or half an answer
			effects bool
		}{
			{practice.ServerError, 500, false, false},
			{practice.TooMany, 429, false, false},
			{practice.Unauthorized, 401, false, false},
			{practice.HTML, 200, false, false},
			{practice.TimeoutBefore, 0, true, false},
			{practice.TimeoutAfter, 0, true, true},
			{practice.Truncate, 200, true, true},
			{practice.Slow, 200, false, true},
		} {
			w.world.Fault(practice.Fault{Call: practice.PushStock, Kind: c.kind, After: time.Millisecond})
			status, _, body, err := w.send("PUT", path, fmt.Sprintf(`{"stock_quantity":%d}`, 20+quantity))
			if status != c.status || (err != nil) != c.broken {
				t.Errorf("%s: status %d, error %v", c.kind, status, err)
			}
			if c.kind == practice.Truncate && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("half a body ends in %v after %d bytes", err, len(body))
			}
			if took := w.world.Quantity(id) == int64(20+quantity); took != c.effects {
				t.Errorf("%s: effect %v, want %v", c.kind, took, c.effects)
			}
		}
		if status, _, _, err := w.send("GET", path, ""); status != 200 || err != nil {
			t.Errorf("after the faults: %d, %v", status, err)
		}
	})
}

// A read whose answer is lost must reach the caller as an error, although net/http repeats reads on a connection that
// was closed before any answer.
func TestLostReadIsNotRepeatedByTheClient(t *testing.T) {
	wires(t, func(t *testing.T, w *wire) {
		w.send("GET", "/wp-json/wc/v3/products", "")
		w.world.Fault(practice.Fault{Match: "GET /wp-json/wc/v3/products", Kind: practice.TimeoutBefore})
		before := w.world.Calls(practice.AnyCall)
		if _, _, _, err := w.send("GET", "/wp-json/wc/v3/products", ""); err == nil {
			t.Error("the lost read was answered")
		}
		if n := w.world.Calls(practice.AnyCall) - before; n != 1 {
			t.Errorf("%d calls for one read", n)
		}
	})
}

func TestControlRoutes(t *testing.T) {
	wires(t, func(t *testing.T, w *wire) {
		id := w.mug(10)
		order, _ := w.sell(id, 1, "processing")
		if status, _, body, _ := w.send("POST", "/practice/fault", `{"match":"GET /wp-json/wc/v3/orders","times":2,"kind":"429","after":"90s"}`); status != 200 {
			t.Fatalf("fault: %d %s", status, body)
		}
		for range 2 {
			if status, h, _, _ := w.send("GET", "/wp-json/wc/v3/orders", ""); status != 429 || h.Get("Retry-After") != "90" {
				t.Errorf("status %d, Retry-After %q", status, h.Get("Retry-After"))
			}
		}
		if status, _, _, _ := w.send("POST", "/practice/fault", `{"kind":"nonsense"}`); status != 400 {
			t.Errorf("an unknown kind of fault answers %d", status)
		}
		w.send("POST", "/practice/hide", fmt.Sprintf(`{"order":%d,"seconds":60}`, order))
		if _, _, body, _ := w.send("GET", "/wp-json/wc/v3/orders", ""); body != "[]" {
			t.Errorf("the hidden order is listed: %.80s", body)
		}
		w.send("POST", "/practice/clock", `{"advance":"1m"}`)
		if _, h, body, _ := w.send("GET", "/wp-json/wc/v3/orders", ""); body == "[]" || h.Get("Date") != "Mon, 23 Nov 2026 13:01:00 GMT" {
			t.Errorf("a minute later at %s: %.80s", h.Get("Date"), body)
		}
		w.send("POST", "/practice/clock", fmt.Sprintf(`{"now":%d}`, w.now.Add(time.Hour).UnixMilli()))
		if _, h, _, _ := w.send("GET", "/wp-json/", ""); h.Get("Date") != "Mon, 23 Nov 2026 14:00:00 GMT" {
			t.Errorf("clock set to an hour later shows %s", h.Get("Date"))
		}
		if status, _, _, _ := w.send("POST", "/practice/clock", `{"advance":"soon"}`); status != 400 {
			t.Errorf("a time that is none answers %d", status)
		}
		w.checkLog(t)
	})
}

func (w *wire) checkLog(t *testing.T) {
	t.Helper()
	w.send("GET", "/wp-json/wc/v3/products?consumer_key=ck&consumer_secret=cs&per_page=1", "")
	_, _, body, _ := w.send("GET", "/practice/log", "")
	var log struct {
		Count int
		Calls []struct {
			Path, Call, Fault string
			Status            int
		}
	}
	if err := json.Unmarshal([]byte(body), &log); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(body, "consumer_secret") {
		t.Error("the log holds a secret")
	}
	if log.Count != len(log.Calls) {
		t.Errorf("%d calls counted, %d in the log", log.Count, len(log.Calls))
	}
	if !slices.ContainsFunc(log.Calls, func(c struct {
		Path, Call, Fault string
		Status            int
	}) bool {
		return c.Fault == "429" && c.Status == 429 && c.Call == "list orders"
	}) {
		t.Errorf("the fault is not in the log: %s", body)
	}
}

// TestLies are the five lies the face can be told to tell.
func TestLies(t *testing.T) {
	lies := []struct {
		name  string
		check func(s *shop)
	}{
		{"a stale read shows what was held before the last change", func(s *shop) {
			id := s.mug(10)
			s.world.Sell(practice.Units{Item: id, Quantity: 4})
			s.world.Fault(practice.Fault{Call: practice.ReadStock, Kind: practice.StaleRead})
			s.equal("lie", s.stock(id), 10)
			s.equal("truth", s.stock(id), 6)
		}},
		{"a stale list of orders does not know the latest order and the latest change", func(s *shop) {
			order, _ := s.sell(s.mug(10), 1, "processing")
			s.move(order, "completed")
			s.world.Sell(practice.Units{Item: s.mug(3), Quantity: 1})
			s.world.Fault(practice.Fault{Call: practice.ListOrders, Kind: practice.StaleRead})
			a := s.call("GET", "/orders", "")
			s.equal("orders and status", row(a.len() < 3, a.at(a.len()-1, "status")), "true processing")
		}},
		{"an ignored write answers as if written", func(s *shop) {
			id := s.mug(10)
			for _, c := range [][3]string{{"PUT", fmt.Sprintf("/products/%d", id), `{"stock_quantity":40}`},
				{"POST", "/products/batch", fmt.Sprintf(`{"update":[{"id":%d,"stock_quantity":40}]}`, id)}} {
				s.world.Fault(practice.Fault{Call: practice.PushStock, Kind: practice.IgnoreWrite})
				a := s.call(c[0], c[1], c[2])
				s.equal("answer", strings.Contains(fmt.Sprint(a.value), "stock_quantity:40"), true)
				s.equal("shop", s.stock(id), 10)
			}
		}},
		{"a page leaves one item out and keeps the totals", func(s *shop) {
			for range 3 {
				s.mug(1)
			}
			s.world.Fault(practice.Fault{Call: practice.ListListings, Kind: practice.SkipItem})
			a := s.call("GET", "/products", "")
			s.equal("items and total", row(a.len(), a.header.Get("X-WP-Total")), "2 3")
		}},
		{"refunds without a word on what was put back", func(s *shop) {
			id := s.mug(10)
			order, line := s.sell(id, 3, "processing")
			s.refund(order, fmt.Sprintf(`{"api_refund":false,"line_items":[{"id":%d,"quantity":1,"refund_total":1}]}`, line))
			s.world.Fault(practice.Fault{Call: practice.GetOrders, Kind: practice.NoRestock})
			path := fmt.Sprintf("/orders/%d", order)
			says := func() bool {
				return strings.Contains(fmt.Sprint(s.call("GET", path, "").value), "_restock_refunded_items")
			}
			s.equal("lie", says(), false)
			s.equal("truth", says(), true)
		}},
	}
	for _, lie := range lies {
		t.Run(lie.name, func(t *testing.T) { lie.check(openShop(t, Latest, "UTC")) })
	}
}

func TestHooksRunOnceAtTheirPlace(t *testing.T) {
	s := openShop(t, Latest, "UTC")
	id := s.mug(10)
	s.world.Before(practice.PushStock, func() { s.world.Sell(practice.Units{Item: id, Quantity: 1}) })
	s.world.After(practice.PushStock, func() { s.world.Sell(practice.Units{Item: id, Quantity: 2}) })
	path := fmt.Sprintf("/products/%d", id)
	s.equal("answer", s.put(path, `{"inventory_delta":5}`).at("stock_quantity"), 14)
	s.equal("after the answer", s.stock(id), 12)
	s.put(path, `{"inventory_delta":1}`)
	s.equal("once", s.stock(id), 13)
}

// BenchmarkPage is one page of a full pull of a shop with 10,000 listings.
func BenchmarkPage(b *testing.B) {
	w := practice.New(practice.Options{Now: func() time.Time { return time.Unix(1_800_000_000, 0) }})
	w.Stock(practice.Catalogue(10_000, 1))
	face := New(w, Options{Home: "http://shop.test", Keys: []Key{{"ck", "cs", ReadWrite}}})
	client := &http.Client{Transport: practice.Transport(face.Handler())}
	for name, query := range map[string]string{
		"fields": "per_page=100&page=20&orderby=id&order=asc&status=any&_fields=id,name,sku,type,status,parent_id,variations,manage_stock,stock_quantity,stock_status,backorders,date_modified_gmt,global_unique_id",
		"full":   "per_page=100&page=20&orderby=id&order=asc",
		"since":  "per_page=100&orderby=modified&order=asc&modified_after=2020-01-01T00:00:00&dates_are_gmt=true&_fields=id",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r, _ := http.NewRequest("GET", "https://shop.test/wp-json/wc/v3/products?"+query, nil)
				r.SetBasicAuth("ck", "cs")
				res, err := client.Do(r)
				if err != nil || res.StatusCode != 200 {
					b.Fatal(res, err)
				}
			}
		})
	}
}
