package practicetest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel/channeltest"
)

// call makes one request over TLS semantics with Basic credentials.
func call(t *testing.T, s *WooCommerce, method, path, body string) (int, any) {
	t.Helper()
	r, err := http.NewRequest(method, s.URL+"/wp-json/wc/v3"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth(s.Key, s.Secret)
	res, err := s.Client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var v any
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return res.StatusCode, v
}

func TestShopAndFaceShowTheSameNumbers(t *testing.T) {
	for name, o := range map[string]Options{"direct": {TLS: true, Direct: true}, "over TLS": {TLS: true}} {
		t.Run(name, func(t *testing.T) {
			s := New(t, o)
			mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 10})
			small := s.AddListing(channeltest.Goods{SKU: "TEE-S", Title: "Tee", Variant: "S", Quantity: 4})
			large := s.AddListing(channeltest.Goods{SKU: "TEE-L", Parent: small.Parent, Variant: "L", Quantity: 5})
			order := s.Sell(channeltest.Units{Ref: mug, Quantity: 3}, channeltest.Units{Ref: large, Quantity: 1})
			if got := s.Quantity(mug); got != 7 {
				t.Errorf("mugs after the sale: %d, want 7", got)
			}
			_, v := call(t, s, "GET", "/products/"+mug.Listing, "")
			if got := v.(map[string]any)["stock_quantity"]; got != 7.0 {
				t.Errorf("the face says %v mugs, want 7", got)
			}
			_, v = call(t, s, "GET", "/orders/"+order, "")
			if got := v.(map[string]any)["status"]; got != "processing" {
				t.Errorf("status %v, want processing", got)
			}
			s.Refund(order, 0, 1, true)
			s.Cancel(order)
			if got := s.Quantity(mug); got != 10 {
				t.Errorf("mugs after refund and cancellation: %d, want 10", got)
			}
			status, _ := call(t, s, "PUT", "/products/"+large.Parent+"/variations/"+large.Listing, `{"stock_quantity":9}`)
			if status != 200 || s.Quantity(large) != 9 || s.Written() != 1 {
				t.Errorf("PUT answered %d, shop holds %d, %d written", status, s.Quantity(large), s.Written())
			}
			if got := s.Calls(channeltest.PushStock); got != 1 {
				t.Errorf("%d pushes counted, want 1", got)
			}
		})
	}
}

func TestHiddenOrder(t *testing.T) {
	s := New(t, Options{TLS: true, Direct: true})
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 10})
	order := s.Sell(channeltest.Units{Ref: mug, Quantity: 1})
	s.Hide(order, time.Minute)
	if status, _ := call(t, s, "GET", "/orders/"+order, ""); status != 404 {
		t.Errorf("hidden order answers %d", status)
	}
	if _, list := call(t, s, "GET", "/orders", ""); len(list.([]any)) != 0 {
		t.Errorf("hidden order is listed: %v", list)
	}
	s.Advance(time.Minute)
	if _, list := call(t, s, "GET", "/orders", ""); len(list.([]any)) != 1 {
		t.Errorf("order is still hidden after a minute: %v", list)
	}
}
