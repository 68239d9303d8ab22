package bigcommerce

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/bigcommerce"
	"evenstock/backend/practice/practicetest"
)

// TestStoreHash: sellers copy the hash, the path or half of it.
func TestStoreHash(t *testing.T) {
	for text, want := range map[string]string{
		" AbC123xyz ": "abc123xyz", "https://api.bigcommerce.com/stores/abc123xyz/v3/": "abc123xyz", "stores/abc123xyz": "abc123xyz"} {
		if got := storeHash(text); got != want {
			t.Errorf("%q gives %q", text, got)
		}
	}
	for _, fields := range []map[string]string{{"storeHash": "https://shop.example.com", "token": "x"}, {"storeHash": "abc123", "token": " "},
		{"storeHash": "../v2", "token": "x"}} {
		if _, err := Type().Open(channel.Deps{Now: time.Now}, channel.Settings{Fields: fields}); err == nil || channel.KindOf(err) != channel.Invalid {
			t.Errorf("%v: %v", fields, err)
		}
	}
	_, err := Type().Open(channel.Deps{Now: time.Now}, channel.Settings{Fields: map[string]string{"storeHash": "abc123", "token": "x"}, Endpoint: "https://example.com"})
	says(t, err, channel.Invalid, "this computer")
}

// TestScopes: what an API account does not allow is named as the control panel calls it (bigcommerce.md, 3.1).
func TestScopes(t *testing.T) {
	all := []string{bigcommerce.Products, bigcommerce.Orders, bigcommerce.Information, bigcommerce.Places, bigcommerce.Inventory}
	names := []string{"Products read-only", "Orders read-only", "Information & settings", "Store Locations", "Store Inventory modify"}
	for i, missing := range all {
		o := practicetest.BigCommerceOptions{}
		for _, scope := range all {
			if scope != missing {
				o.Scopes = append(o.Scopes, scope)
			}
		}
		shop, s, _ := pair(t, o)
		_, err := s.Check(t.Context())
		says(t, err, channel.Auth, names[i])
		if e := err.(*channel.Error); (e.Code == channel.CodeReadOnly) != (missing == bigcommerce.Inventory) {
			t.Errorf("without %s the code is %s", missing, e.Code)
		}
		if shop.Written() != 0 {
			t.Error("checking wrote to the store")
		}
	}
}

// TestWrongToken: an unknown token, and one of another store.
func TestWrongToken(t *testing.T) {
	shop, s, rec := pair(t, practicetest.BigCommerceOptions{})
	rec.Instead = func(r *http.Request, _ string) *http.Response {
		if strings.HasSuffix(r.URL.Path, "/v2/store") {
			return practicetest.Canned(r, 200, `{"id":"another1","name":"Other"}`)
		}
		return nil
	}
	_, err := s.Check(t.Context())
	says(t, err, channel.Invalid, "another store")
	rec.Instead = nil
	shop.Fields["token"] = "wrong"
	_, err = connect(t, shop, pageSize, nil).Check(t.Context())
	says(t, err, channel.Auth, "access token")
	rec.Instead = func(r *http.Request, _ string) *http.Response {
		return practicetest.Canned(r, 404, `{"title":"Not found"}`)
	}
	_, err = s.Check(t.Context())
	says(t, err, channel.Invalid, "store hash")
}

// TestRedirects: the token goes nowhere else (reliability.md, S7).
func TestRedirects(t *testing.T) {
	for _, status := range []int{301, 302, 307, 308} {
		thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
		server := httptest.NewServer(http.RedirectHandler(thief.URL, status))
		shop := practicetest.NewBigCommerce(t, practicetest.BigCommerceOptions{Direct: true})
		shop.URL, shop.Client = server.URL, server.Client()
		s := connect(t, shop, pageSize, nil)
		if _, err := s.Check(t.Context()); err == nil || channel.KindOf(err) != channel.Invalid {
			t.Errorf("%d: %v", status, err)
		}
		if _, err := s.PushStock(t.Context(), []channel.StockLevel{{Listing: "1/1", Available: 1}}); err == nil {
			t.Errorf("%d: pushed", status)
		}
		server.Close()
		thief.Close()
	}
}

// TestWindow: BigCommerce's window is kept to without one refusal, and left in part to others (bigcommerce.md, 3.6).
func TestWindow(t *testing.T) {
	o := practicetest.BigCommerceOptions{}
	o.Quota = 20
	shop, s, rec := pair(t, o)
	for i := range 40 {
		shop.AddListing(channeltest.Goods{SKU: fmt.Sprintf("S-%d", i), Title: "Goods", Quantity: 1})
	}
	s.pageSize = 1
	refused := 0
	rec.Change = func(res *http.Response) {
		if res.StatusCode == http.StatusTooManyRequests {
			refused++
		}
	}
	var since channel.Cursor
	seen := map[string]bool{}
	waits := 0
	for done := false; !done; {
		done = true
		for page, err := range s.ListListings(t.Context(), since) {
			if err != nil {
				e := err.(*channel.Error)
				if e.Kind != channel.Throttled || e.RetryAt.Sub(shop.Now()) > windowOf {
					t.Fatalf("%v, again at %v", err, e.RetryAt)
				}
				if waits == 0 {
					must(t, firstOf(s.StoreTime(t.Context()))) // a part of the window is left to others
				}
				shop.Advance(e.RetryAt.Sub(shop.Now()))
				waits, done = waits+1, false
				break
			}
			since = page.Next
			for _, l := range page.Items {
				seen[l.Ref] = true
			}
		}
	}
	if len(seen) != 40 || refused != 0 || waits != 2 {
		t.Errorf("%d of 40 listings, %d refusals, %d waits; want all, none and 2", len(seen), refused, waits)
	}
}

const windowOf = 30 * time.Second

// TestWindowOutlivesTheProgram: a program that was closed in a window that is used up sends nothing until the next one, and
// an idle store's two calls are written down once (performance.md, W7).
func TestWindowOutlivesTheProgram(t *testing.T) {
	shop, _, rec := pair(t, practicetest.BigCommerceOptions{})
	notes := &counted{}
	keep := func(d *channel.Deps, _ *channel.Settings) { d.Notes = notes }
	s := connect(t, shop, pageSize, keep)
	for range 150 {
		must(t, firstOf(s.StoreTime(t.Context())))
	}
	if notes.writes > 25 {
		t.Errorf("%d notes for 150 calls", notes.writes)
	}
	s = connect(t, shop, pageSize, keep)
	_, err := s.StoreTime(t.Context())
	e, ok := err.(*channel.Error)
	if !ok || e.Kind != channel.Throttled || e.Status != 0 || e.RetryAt.Sub(shop.Now()) > windowOf {
		t.Fatalf("after a start in a window that is used up: %v", err)
	}
	shop.Advance(windowOf)
	before := notes.writes
	for range 10 {
		must(t, firstOf(s.StoreTime(t.Context())))
		must(t, firstOf(s.StoreTime(t.Context())))
		shop.Advance(10 * time.Minute)
	}
	if notes.writes-before > 1 || rec.Refused() != 0 {
		t.Errorf("%d notes for ten idle cycles, %d refusals", notes.writes-before, rec.Refused())
	}
}

// counted counts what is written.
type counted struct {
	practicetest.Notes
	writes int
}

func (c *counted) Write(name string, value []byte) error {
	c.writes++
	return c.Notes.Write(name, value)
}

func firstOf[T any](_ T, err error) error { return err }

// TestBusyPlatform: a 429 that names no time comes from a busy platform and is waited out longer (bigcommerce.md, 3.6).
func TestBusyPlatform(t *testing.T) {
	for header, want := range map[string]time.Duration{"": loadPause, "X-Retry-After: 90": 90 * time.Second, "X-Rate-Limit-Time-Reset-Ms: 12000": 12 * time.Second} {
		shop, s, rec := pair(t, practicetest.BigCommerceOptions{})
		rec.Instead = func(r *http.Request, _ string) *http.Response {
			name, value, _ := strings.Cut(header, ": ")
			if header == "" {
				return practicetest.Canned(r, 429, `{"title":"busy"}`)
			}
			return practicetest.Canned(r, 429, `{"title":"busy"}`, name, value)
		}
		_, err := s.StoreTime(t.Context())
		e, ok := err.(*channel.Error)
		if !ok || e.Kind != channel.Throttled || e.RetryAt.Sub(shop.Now()) != want {
			t.Errorf("%q: %v, again at %v", header, err, e.RetryAt)
		}
	}
}

// TestRefresh: ten thousand listings are read twice and written within one window of the smallest plan, without a refusal
// (performance.md, lower bounds).
func TestRefresh(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand listings take seconds")
	}
	shop, s, rec := pair(t, practicetest.BigCommerceOptions{})
	refs := make([]channel.Ref, 10_000)
	for i := range refs {
		refs[i] = shop.AddListing(channeltest.Goods{SKU: fmt.Sprintf("S-%d", i), Title: "Goods", Quantity: 1})
	}
	for _, err := range s.ListListings(t.Context(), nil) {
		must(t, err)
	}
	rec.Forget()
	for range 2 {
		for at := 0; at < len(refs); at += readBatch {
			_, err := s.ReadStock(t.Context(), refs[at:at+readBatch])
			must(t, err)
		}
	}
	for at := 0; at < len(refs); at += pushBatch {
		var batch []channel.StockLevel
		for _, ref := range refs[at : at+pushBatch] {
			batch = append(batch, channel.StockLevel{Listing: ref.Listing, Available: 7, Expect: new(int64(1))})
		}
		_, err := s.PushStock(t.Context(), batch)
		must(t, err)
	}
	if n := shop.Written(); n != len(refs) {
		t.Errorf("%d of %d listings were written", n, len(refs))
	}
	// 20 readings, twice, the default location once, and 5 adjustments.
	if n := len(rec.Sent("", "")); n > 0 {
		t.Errorf("%d calls without a method", n)
	}
	if calls := len(rec.All()); calls > 46 {
		t.Errorf("%d calls, want 46", calls)
	}
}
