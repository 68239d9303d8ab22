package shopify

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/httpx"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
	face "evenstock/backend/practice/shopify"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// says fails unless err is of a kind and says what to do.
func says(t *testing.T, err error, kind channel.Kind, text string) {
	t.Helper()
	var e *channel.Error
	if !errors.As(err, &e) || e.Kind != kind || !strings.Contains(err.Error(), text) {
		t.Errorf("got %v, want an error of kind %v with %q", err, kind, text)
	}
}

func readAll[T any](t *testing.T, pages iter.Seq2[channel.Page[T], error], do func(T)) (next channel.Cursor) {
	t.Helper()
	for page, err := range pages {
		must(t, err)
		for _, item := range page.Items {
			do(item)
		}
		next = page.Next
	}
	return next
}

// recorder keeps what was sent, and may answer instead of the shop.
type recorder struct{ *practicetest.Recorder }

// with are the calls whose path or body contains a text.
func (r recorder) with(text string) (out []string) {
	for _, e := range r.All() {
		if sent := e.Path + " " + e.Sent; strings.Contains(sent, text) {
			out = append(out, sent)
		}
	}
	return out
}

func scene(t *testing.T, o practicetest.ShopifyOptions) (*practicetest.Shopify, *Store, recorder) {
	t.Helper()
	o.Direct = true
	shop := practicetest.NewShopify(t, o)
	rec := recorder{shop.Record()}
	return shop, connect(t, shop, 3, nil), rec
}

func push(t *testing.T, s *Store, levels ...channel.StockLevel) []channel.Result {
	t.Helper()
	results, err := s.PushStock(t.Context(), levels)
	must(t, err)
	return results
}

// TestTokenIsRenewed: before its end, and once after a 401 (shopify.md, 2.1).
func TestTokenIsRenewed(t *testing.T) {
	shop, s, rec := scene(t, practicetest.ShopifyOptions{})
	for i, step := range []func(){func() {}, func() { shop.Advance(19 * time.Hour) }, func() { shop.Advance(time.Hour) }, shop.Face.Revoke} {
		step()
		_, err := s.StoreTime(t.Context())
		must(t, err)
		if got, want := len(rec.with("oauth/access_token")), []int{1, 1, 2, 3}[i]; got != want {
			t.Errorf("after step %d: %d tokens, want %d", i, got, want)
		}
	}
	rec.Instead = func(r *http.Request, _ string) *http.Response {
		if strings.HasSuffix(r.URL.Path, "graphql.json") {
			return practicetest.Canned(r, 401, `{"errors":"[API] Invalid API key or access token"}`)
		}
		return nil
	}
	_, err := s.StoreTime(t.Context())
	says(t, err, channel.Auth, "connect again")
	if n := len(rec.with("oauth/access_token")); n != 4 {
		t.Errorf("%d tokens, want one more", n)
	}
}

func TestPermanentToken(t *testing.T) {
	_, s, rec := scene(t, practicetest.ShopifyOptions{Permanent: true})
	_, err := s.Check(t.Context())
	must(t, err)
	if len(rec.with("oauth")) != 0 {
		t.Error("a token was asked for")
	}
}

func TestRefusedLogins(t *testing.T) {
	for code, want := range map[string]string{"app_not_installed": "not installed", "shop_not_permitted": "another organisation"} {
		_, s, _ := scene(t, practicetest.ShopifyOptions{Options: face.Options{Refusal: code}})
		_, err := s.Check(t.Context())
		says(t, err, channel.Auth, want)
	}
}

// TestScopesAndWarnings: shopify.md, 2 and 2.1.
func TestScopesAndWarnings(t *testing.T) {
	_, s, _ := scene(t, practicetest.ShopifyOptions{Options: face.Options{Scopes: face.Scopes[:4]}})
	_, err := s.Check(t.Context())
	says(t, err, channel.Auth, "read_orders, read_merchant_managed_fulfillment_orders")

	few := append([]string{"read_products", "write_inventory", "read_locations", "read_orders"}, face.Scopes[6:]...)
	_, s, _ = scene(t, practicetest.ShopifyOptions{Options: face.Options{Scopes: few, Version: "2027-10"}})
	a, err := s.Check(t.Context())
	must(t, err)
	for i, want := range []string{"2027-10", "60 days"} {
		if len(a.Warnings) != 2 || !strings.Contains(a.Warnings[i], want) {
			t.Fatalf("warnings %q, want one with %q", a.Warnings, want)
		}
	}
	_, s, _ = scene(t, practicetest.ShopifyOptions{})
	a, err = s.Check(t.Context())
	must(t, err)
	if len(a.Warnings) != 0 || a.ID != "8440213" {
		t.Errorf("account %+v", a)
	}
}

func TestSettings(t *testing.T) {
	for text, want := range map[string]bool{"fernhill": true, "Fernhill.myshopify.com": true, "https://fernhill.myshopify.com/": true,
		"https://admin.shopify.com/store/fernhill/orders": true, "": false, "fernhill.example.com": false, "a/b": false, "fernhill.myshopify.com.evil.example": false,
		"evil.example#": false} {
		_, err := Type().Open(channel.Deps{Now: func() time.Time { return practicetest.Start }}, channel.Settings{Fields: map[string]string{"shop": text, "token": "t"}})
		if (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, fields := range []map[string]string{{"shop": "a"}, {"shop": "a", "clientId": "c"}, {"shop": "a", "clientId": "c", "clientSecret": "s", "token": "t"}} {
		_, err := Type().Open(channel.Deps{}, channel.Settings{Fields: fields})
		says(t, err, channel.Invalid, "Enter")
	}
	_, err := Type().Open(channel.Deps{}, channel.Settings{Fields: map[string]string{"shop": "a", "token": "t"}, Endpoint: "https://x.example"})
	says(t, err, channel.Invalid, "this computer")
}

// TestNoRedirectIsFollowed: credentials go nowhere else (reliability.md, S7).
func TestNoRedirectIsFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 307, 308} {
		reached := false
		other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
		defer other.Close()
		_, s, rec := scene(t, practicetest.ShopifyOptions{})
		rec.Instead = func(r *http.Request, _ string) *http.Response {
			return practicetest.Canned(r, status, "", "Location", other.URL+"/admin/oauth/access_token")
		}
		if _, err := s.Check(t.Context()); err == nil || reached {
			t.Errorf("%d was followed: %v", status, err)
		}
	}
}

// TestWhatIsListed: unlisted as active, archived never, what nobody counts without a number (shopify.md, 2.2).
func TestWhatIsListed(t *testing.T) {
	shop, s, _ := scene(t, practicetest.ShopifyOptions{})
	var refs []channel.Ref
	for i := range 5 {
		refs = append(refs, shop.AddListing(channeltest.Goods{SKU: fmt.Sprint("S", i), Title: "Pot", Quantity: 9}))
	}
	shop.World.Do(func(st *practice.State) {
		all := st.Products()
		all[0].Status, all[1].Status, all[2].GiftCard, all[3].Bundle = practice.Unlisted, practice.Trashed, true, true
	})
	got := map[string]channel.Listing{}
	since := readAll(t, s.ListListings(t.Context(), nil), func(l channel.Listing) { got[l.Ref] = l })
	if _, there := got[refs[1].Listing]; there || len(got) != 4 || got[refs[0].Listing].Status != channel.Active {
		t.Errorf("listed %+v", got)
	}
	for _, i := range []int{2, 3} {
		if l := got[refs[i].Listing]; l.Tracked || l.Quantity != nil {
			t.Errorf("nobody counts %+v", l)
		}
		says(t, push(t, s, channel.StockLevel{Listing: refs[i].Listing, Available: 1})[0].Err, channel.Invalid, "gift card or a bundle")
	}
	shop.Advance(time.Hour)
	shop.SetStatus(refs[4], channel.Archived)
	readAll(t, s.ListListings(t.Context(), since), func(l channel.Listing) { got[l.Ref] = l })
	if st := got[refs[4].Listing].Status; st != channel.Archived {
		t.Errorf("the archived listing is %s", st)
	}
	// A bundle that was not listed before is refused by Shopify itself, and blocks nothing.
	fresh := connect(t, shop, 3, nil)
	results := push(t, fresh, channel.StockLevel{Listing: refs[3].Listing, Available: 1}, channel.StockLevel{Listing: refs[0].Listing, Available: 2})
	says(t, results[0].Err, channel.Invalid, "bundle")
	if results[1].Err != nil || shop.Quantity(refs[0]) != 2 {
		t.Errorf("the other listing holds %d: %v", shop.Quantity(refs[0]), results[1].Err)
	}
}

// TestReturnedUnitHidesNoOpenOne: unfulfilledQuantity is 0 here although a unit is open, and below 0 after a return of all
// (shopify.md, 2.3).
func TestReturnedUnitHidesNoOpenOne(t *testing.T) {
	shop, s, _ := scene(t, practicetest.ShopifyOptions{})
	pot := shop.AddListing(channeltest.Goods{SKU: "POT", Title: "Pot", Quantity: 9})
	order := shop.Sell(channeltest.Units{Ref: pot, Quantity: 2})
	shop.Ship(order, 0, 1)
	shop.World.Do(func(st *practice.State) { // the shipped unit comes back, not the one that is still here
		o := st.Orders()[0]
		st.RefundUnits(o, o.Lines[0].ID, 1, true)
		o.Refunds[0].Lines[0].Sent = 1
	})
	l := line(t, s, order)
	if open := l.Ordered - sum(l.Fulfilled) - l.Released - l.WrittenOff; open != 1 || sum(l.Returned) != 1 || l.Held != 1 {
		t.Errorf("one of two came back, one is open: %+v", l)
	}
	all := shop.Sell(channeltest.Units{Ref: pot, Quantity: 1})
	shop.Fulfil(all)
	shop.Refund(all, 0, 1, true)
	if l = line(t, s, all); l.Ordered-sum(l.Fulfilled)-l.Released-l.WrittenOff != 0 || sum(l.Returned) != 1 || l.Held != 0 {
		t.Errorf("all of one came back: %+v", l)
	}
}

func line(t *testing.T, s *Store, order string) channel.Line {
	t.Helper()
	got, err := s.GetOrders(t.Context(), []string{order})
	must(t, err)
	return got[0].Lines[0]
}

// TestPushRows: 250 rows a call, changeFromQuantity always there, one key for one write (shopify.md, 2.5).
func TestPushRows(t *testing.T) {
	shop, s, rec := scene(t, practicetest.ShopifyOptions{})
	pot := shop.AddListing(channeltest.Goods{SKU: "POT", Title: "Pot", Quantity: 9})
	pan := shop.AddListing(channeltest.Goods{SKU: "PAN", Title: "Pan", Quantity: 9})
	first := channel.StockLevel{Listing: pot.Listing, Available: 5, Key: "1"}
	push(t, s, first)
	push(t, s, first)
	next := first
	next.Key, next.Expect = "2", new(int64(8))
	results := push(t, s, next, channel.StockLevel{Listing: pan.Listing, Available: 4, Expect: new(int64(9)), Key: "3"})
	says(t, results[0].Err, channel.Stale, "changed since")
	if results[1].Err != nil || *results[1].Was != 9 || shop.Quantity(pan) != 4 || shop.Quantity(pot) != 5 {
		t.Errorf("results %+v, the shop holds %d and %d", results, shop.Quantity(pan), shop.Quantity(pot))
	}
	sent := rec.with("mutation Set")
	if len(sent) != 4 || !strings.Contains(sent[0], `"changeFromQuantity":null`) || !strings.Contains(sent[2], `"changeFromQuantity":8`) {
		t.Fatalf("sent %q", sent)
	}
	key := func(body string) string {
		_, rest, _ := strings.Cut(body, `"key":"`)
		return rest[:36]
	}
	if key(sent[0]) != key(sent[1]) || key(sent[1]) == key(sent[2]) || key(sent[2]) == key(sent[3]) {
		t.Error("a key belongs to one write")
	}
}

// TestCostIsKeptTo: THROTTLED comes with status 200 and says when to go on (shopify.md, 2.6).
func TestCostIsKeptTo(t *testing.T) {
	_, s, rec := scene(t, practicetest.ShopifyOptions{})
	rec.Instead = func(r *http.Request, body string) *http.Response {
		if !strings.Contains(body, "query Time") {
			return nil
		}
		return practicetest.Canned(r, 200, `{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":{"requestedQueryCost":902.0,
			"actualQueryCost":null,"throttleStatus":{"maximumAvailable":1000.0,"currentlyAvailable":2.0,"restoreRate":50.0}}}}`)
	}
	_, err := s.StoreTime(t.Context())
	says(t, err, channel.Throttled, "THROTTLED")
	var e *channel.Error
	if errors.As(err, &e); e.RetryAt.Sub(s.now()) != 18*time.Second {
		t.Errorf("told to wait %v, want 18 s", e.RetryAt.Sub(s.now()))
	}
	// Every answer says how full the bucket is, and how large on the shop's plan.
	if got := learn(&httpx.Response{Body: []byte(`{"extensions":{"cost":{"requestedQueryCost":1,"throttleStatus":{"maximumAvailable":4000.0,"currentlyAvailable":7.5,"restoreRate":200.0}}}}`)}); len(got) != 1 ||
		got[0].Left != 7 || got[0].Most != 4000 || got[0].Every != 5*time.Millisecond {
		t.Errorf("learned %+v", got)
	}
}

// TestLineInNoFulfilmentOrder: units nobody told us about stay booked; they are not put back on sale (shopify.md, 2.3).
func TestLineInNoFulfilmentOrder(t *testing.T) {
	l := &lineItem{ID: "gid://shopify/LineItem/1", Quantity: 4, Current: 4, Unfulfilled: 3}
	for name, c := range map[string]struct {
		order order
		st    state
		open  int64
	}{
		"in none":            {order{}, state{}, 3},
		"in one":             {order{}, state{listed: true, open: placed{"61": 2}}, 2},
		"in one, all done":   {order{}, state{listed: true}, 0},
		"in none, cancelled": {order{Cancelled: new(time.Now())}, state{}, 0},
	} {
		if got := c.order.unlisted(l, &c.st).open.sum(); got != c.open {
			t.Errorf("%s: %d units are open, want %d", name, got, c.open)
		}
	}
}
