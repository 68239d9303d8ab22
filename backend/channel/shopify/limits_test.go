package shopify

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
	face "evenstock/backend/practice/shopify"
)

// TestNewKeyAfterAFailedAttempt: the key of an attempt that failed is good for nothing (shopify.md, 2.5).
func TestNewKeyAfterAFailedAttempt(t *testing.T) {
	shop, s, rec := scene(t, practicetest.ShopifyOptions{})
	pot := shop.AddListing(channeltest.Goods{SKU: "POT", Title: "Pot", Quantity: 9})
	failed := ""
	rec.Instead = func(r *http.Request, body string) *http.Response {
		if _, rest, found := strings.Cut(body, `"key":"`); found && (failed == "" || strings.HasPrefix(rest, failed)) {
			failed = rest[:36]
			return practicetest.Canned(r, 200, `{"data":{"inventorySetQuantities":{"inventoryAdjustmentGroup":null,"userErrors":[
				{"code":"IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED","field":null,"message":"The previous attempt failed."}]}}}`)
		}
		return nil
	}
	for range 2 { // the second call is the first one again, and knows nothing of it
		level := channel.StockLevel{Listing: pot.Listing, Available: 5, Expect: new(shop.Quantity(pot)), Key: "1"}
		if got := push(t, s, level)[0]; got.Err != nil || shop.Quantity(pot) != 5 {
			t.Errorf("%+v, the shop holds %d", got, shop.Quantity(pot))
		}
	}
}

// TestALockedShopIsNoBadKey: the app's credentials are good once the shop is open again (shopify.md, 2.6).
func TestALockedShopIsNoBadKey(t *testing.T) {
	_, s, rec := scene(t, practicetest.ShopifyOptions{})
	for status, body := range map[int]string{402: `{"errors":"Payment Required"}`, 423: `{"errors":"Locked"}`,
		200: `{"errors":[{"message":"Shop is inactive","extensions":{"code":"SHOP_INACTIVE"}}]}`} {
		rec.Instead = func(r *http.Request, _ string) *http.Response { return practicetest.Canned(r, status, body) }
		if strings.Contains(body, "INACTIVE") {
			rec.Instead = func(r *http.Request, sent string) *http.Response {
				if strings.Contains(sent, "query Time") {
					return practicetest.Canned(r, status, body)
				}
				return nil
			}
		}
		_, err := s.StoreTime(t.Context())
		says(t, err, channel.Transient, "closed or locked")
	}
}

// TestAnOrderInManyParts: parts that do not fit into one answer are read, wherever they stand; nothing is guessed.
func TestAnOrderInManyParts(t *testing.T) {
	var names []string
	for i := range 65 {
		names = append(names, fmt.Sprint("Place ", i))
	}
	shop, s, rec := scene(t, practicetest.ShopifyOptions{Places: names, Options: face.Options{Most: 100_000}})
	pot := shop.AddListing(channeltest.Goods{SKU: "POT", Title: "Pot", Quantity: 900})
	of := func(order string) (channel.Order, channel.Line) {
		t.Helper()
		got, err := s.GetOrders(t.Context(), []string{order})
		must(t, err)
		return got[0], got[0].Lines[0]
	}

	sent := shop.Sell(channeltest.Units{Ref: pot, Quantity: 70})
	for range 64 {
		shop.Ship(sent, 0, 1)
	}
	shop.ShipFrom(sent, 0, 1, "62")
	shop.Refund(sent, 0, 2, true)
	if o, l := of(sent); o.Notice != "" || l.Ordered-l.Released-l.WrittenOff-sum(l.Fulfilled) != 3 || l.Fulfilled["61"] != 64 || l.Fulfilled["62"] != 1 ||
		l.Released != 2 || l.HeldAt["61"] != 67 || l.HeldAt["62"] != 1 {
		t.Errorf("65 of 70 were sent, 2 given back: %+v, %q", l, o.Notice)
	}

	back := shop.Sell(channeltest.Units{Ref: pot, Quantity: 70})
	shop.Fulfil(back)
	for i := range 66 {
		shop.Refund(back, 0, 1, i%3 == 0)
	}
	if o, l := of(back); o.Notice != "" || sum(l.Fulfilled) != 70 || sum(l.Returned) != 22 {
		t.Errorf("22 of 70 came back: %+v, %q", l, o.Notice)
	}

	var units []channeltest.Units
	for i := range 65 {
		goods := shop.AddListing(channeltest.Goods{SKU: fmt.Sprint("G", i), Title: "Goods"})
		goods.Location = fmt.Sprint(face.Primary + i)
		shop.SetQuantity(goods, 5)
		units = append(units, channeltest.Units{Ref: goods, Quantity: 1})
	}
	spread := shop.Sell(units...)
	o, _ := of(spread)
	for i, l := range o.Lines {
		if at := fmt.Sprint(face.Primary + i); l.HeldAt[at] != 1 || sum(l.Fulfilled) != 0 || l.Released != 0 {
			t.Errorf("line %d is waiting at %s: %+v", i, at, l)
		}
	}

	small := shop.Sell(channeltest.Units{Ref: pot, Quantity: 1})
	rec.Forget()
	if o, _ := of(small); o.Notice != "" || len(rec.All()) != 1 {
		t.Errorf("an order that is as it was placed took %d calls: %+v", len(rec.All()), o)
	}
}

// TestAnOrderInTooManyParts: one that Shopify does not tell all of blocks nothing, and the seller hears of it.
func TestAnOrderInTooManyParts(t *testing.T) {
	shop, s, _ := scene(t, practicetest.ShopifyOptions{Options: face.Options{Most: 100_000}})
	pot := shop.AddListing(channeltest.Goods{SKU: "POT", Title: "Pot", Quantity: 900})
	order := shop.Sell(channeltest.Units{Ref: pot, Quantity: 270})
	small := shop.Sell(channeltest.Units{Ref: pot, Quantity: 1})
	for range 260 {
		shop.Ship(order, 0, 1)
	}
	shop.Refund(order, 0, 2, true)
	got := map[string]channel.Order{}
	readAll(t, s.ListOrders(t.Context(), nil), func(o channel.Order) { got[o.Ref] = o })
	o, l := got[order], got[order].Lines[0]
	if open := l.Ordered - l.Released - l.WrittenOff - sum(l.Fulfilled); open != 8 || sum(l.Fulfilled) != 260 || l.Released != 2 || !strings.Contains(o.Notice, "250 parts") {
		t.Errorf("260 of 270 were sent, 2 given back: %+v, %q", l, o.Notice)
	}
	if o, there := got[small]; !there || o.Notice != "" {
		t.Errorf("the other order: %+v", o)
	}
}

func sum(by map[string]int64) (n int64) {
	for _, units := range by {
		n += units
	}
	return n
}

// TestRefreshOfTenThousand: ten thousand listings are read, and written, at what Shopify's calls cost by the published rule,
// twenty times what they have been seen to, without a refusal; the bound of performance.md is 40 × 760 points, of which the
// bucket holds 2,000 and gains 100 a second.
func TestRefreshOfTenThousand(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand listings take seconds")
	}
	const bound = 284 * time.Second
	shop, s, rec := scene(t, practicetest.ShopifyOptions{Options: face.Options{Dear: true}})
	s.pageSize = pageSize
	refs := make([]channel.Ref, 10_000)
	for i := range refs {
		refs[i] = shop.AddListing(channeltest.Goods{SKU: fmt.Sprint("S", i), Title: "Goods", Quantity: 1})
	}
	var at channel.Cursor
	patiently(t, shop, func() error {
		for page, err := range s.ListListings(t.Context(), at) {
			if err != nil {
				return err
			}
			at = page.Next
		}
		return nil
	})
	shop.Advance(time.Minute)
	rec.Forget()
	began := shop.Now()
	for at := 0; at < len(refs); at += batch {
		var levels []channel.StockLevel
		patiently(t, shop, func() error {
			readings, err := s.ReadStock(t.Context(), refs[at:at+batch])
			for _, r := range readings {
				levels = append(levels, channel.StockLevel{Listing: r.Ref.Listing, Available: 7, Expect: r.Quantity})
			}
			return err
		})
		patiently(t, shop, func() error {
			_, err := s.PushStock(t.Context(), levels)
			return err
		})
	}
	took := shop.Now().Sub(began)
	if shop.Throttled() != 0 || shop.Written() != len(refs) || took > bound+bound/20 {
		t.Errorf("%d listings were written in %v with %d calls refused, want 10,000 in %v", shop.Written(), took, shop.Throttled(), bound)
	}
	if calls := len(rec.All()); calls > 82 {
		t.Errorf("%d calls, want 40 to read, 40 to write and one for the location", calls)
	}
}

// patiently does something that is put off while the limits do not allow it.
func patiently(t *testing.T, shop *practicetest.Shopify, do func() error) {
	t.Helper()
	for {
		err := do()
		var e *channel.Error
		if !errors.As(err, &e) || e.Kind != channel.Throttled || !e.RetryAt.After(shop.Now()) {
			must(t, err)
			return
		}
		shop.Advance(e.RetryAt.Sub(shop.Now()))
	}
}

// TestListsBeyondTheReachOfCursors: Shopify's cursors end at 25,000 objects (shopify.md, 2.6), here at 4.
func TestListsBeyondTheReachOfCursors(t *testing.T) {
	shop, s, _ := scene(t, practicetest.ShopifyOptions{Options: face.Options{Deepest: 4}})
	pot := shop.AddListing(channeltest.Goods{SKU: "POT", Title: "Pot", Quantity: 90})
	orders := map[string]bool{}
	since := readAll(t, s.ListOrders(t.Context(), nil), func(channel.Order) {})
	for range 10 {
		shop.Sell(channeltest.Units{Ref: pot, Quantity: 1})
	}
	for _, from := range []channel.Cursor{nil, since} {
		clear(orders)
		readAll(t, s.ListOrders(t.Context(), from), func(o channel.Order) { orders[o.Ref] = true })
		if len(orders) != 10 {
			t.Errorf("%d orders were read, want 10", len(orders))
		}
	}
}

// TestMoreNumbersChangedThanCursorsReach: after an inventory count of everything, or another program's, more items have changed
// than Shopify lists: 25,000, here 100. All variants are read instead, as a file where there is one, and nothing that changed
// meanwhile is lost.
func TestMoreNumbersChangedThanCursorsReach(t *testing.T) {
	const reach, size, most = 100, 10, 127
	for name, o := range map[string]face.Options{"a file": {BulkTime: 40 * time.Second}, "no file": {NoBulk: true}} {
		t.Run(name, func(t *testing.T) {
			o.Most, o.Restore, o.Deepest = 100_000, 100, reach
			shop, s, rec := scene(t, practicetest.ShopifyOptions{Options: o})
			s.pageSize, s.reach, s.bulkAfter, s.bulkRows = size, reach, 40, 50
			refs, want := make([]channel.Ref, most), map[string]int64{}
			for i := range refs {
				refs[i] = shop.AddListing(channeltest.Goods{SKU: fmt.Sprint("S", i), Title: "Pot", Quantity: 1})
			}
			var since channel.Cursor
			read := func(do func(channel.Listing)) (pages int) {
				t.Helper()
				for done := false; !done; {
					done = true
					for page, err := range s.ListListings(t.Context(), since) {
						must(t, err)
						pages++
						for _, l := range page.Items {
							do(l)
						}
						if since = page.Next; !page.Wait.IsZero() {
							shop.Advance(page.Wait.Sub(shop.Now()))
							done = false
							break
						}
					}
				}
				return pages
			}
			shop.Advance(time.Hour)
			shop.SetQuantity(refs[0], 9)
			read(func(channel.Listing) {})
			shop.Advance(time.Hour)
			for i, ref := range refs {
				want[ref.Listing] = int64(i%50 + 2)
				shop.SetQuantity(ref, want[ref.Listing])
			}
			shop.Advance(2 * overlap)
			rec.Forget()
			met := 0
			read(func(l channel.Listing) {
				if met++; met == most-3 { // somebody sells while this is read
					for _, ref := range []channel.Ref{refs[0], refs[most-1]} {
						want[ref.Listing] = 77
						shop.SetQuantity(ref, 77)
					}
				}
				if n, due := want[l.Ref]; due && *l.Quantity == n && n != 77 {
					delete(want, l.Ref)
				}
			})
			if len(want) != 2 {
				t.Errorf("%d changes were not read, want the 2 that came meanwhile", len(want))
			}
			if n := len(rec.with("query Items")); n != reach/size {
				t.Errorf("%d pages of changed items, want %d", n, reach/size)
			}
			shop.Advance(time.Minute)
			rec.Forget()
			read(func(l channel.Listing) {
				if n, due := want[l.Ref]; due && *l.Quantity == n {
					delete(want, l.Ref)
				}
			})
			if len(want) != 0 {
				t.Errorf("%d changes during the reading were lost", len(want))
			}
			if n := len(rec.with("query Items")); n != 1 {
				t.Errorf("%d pages of changed items when two had changed", n)
			}
		})
	}
}
