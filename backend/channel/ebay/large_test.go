package ebay

import (
	"fmt"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// trading counts the calls of the Trading API by name since the last look.
func (s *scene) trading() map[string]int {
	out := map[string]int{}
	for _, e := range s.sent("POST", "/ws/api.dll") {
		out[e.Header.Get("X-EBAY-API-CALL-NAME")]++
	}
	s.rec.Forget()
	return out
}

// TestRefreshOfTenThousand: eBay's limits are by day (ebay.md, rate limits). In the Inventory API a listing is a call for its
// offer and a 25th of one for its item, and 25 are written at once; of the Trading API 50 are read and 4 written, so that all of
// a large account is read and written within its 5,000 calls.
func TestRefreshOfTenThousand(t *testing.T) {
	const listings = 10_000
	for _, c := range []struct {
		world practicetest.EBayWorld
		calls int // of reading and of writing
	}{{practicetest.InventoryWorld, listings + 2*listings/bulkMost}, {practicetest.TradingWorld, listings/skusMost + listings/reviseMost}} {
		s := newScene(t, practicetest.EBayOptions{World: c.world}, func(d *channel.Deps, _ *channel.Settings) { d.Log = nil })
		refs := s.many(listings)
		for _, err := range s.store.ListListings(t.Context(), nil) {
			must(t, err)
		}
		s.rec.Forget()
		began := s.Now()
		got := practicetest.Refresh(t, s.store, s.Clock, refs, 7)
		calls := len(s.rec.All())
		if calls > c.calls*105/100 || got.Waits != 0 || s.Now() != began || s.Written() != listings {
			t.Errorf("%q: %d written by %d calls with %d waits, want %d by %d", c.world, s.Written(), calls, got.Waits, listings, c.calls)
		}
	}
}

// TestLegacyReadings: as few calls as it takes, and every number is right, whichever of them tells of a listing.
func TestLegacyReadings(t *testing.T) {
	for _, refuses := range []bool{false, true} { // to be asked by SKU
		o := practicetest.EBayOptions{World: practicetest.TradingWorld}
		o.NoSKUArray = refuses
		s := newScene(t, o, nil)
		s.store.pageSize = 20
		singles, variants := s.many(40), []channel.Ref(nil)
		for i := range 20 {
			red := s.AddListing(channeltest.Goods{SKU: fmt.Sprintf("R-%d", i), Title: fmt.Sprint("Shirt ", i), Variant: "Red", Quantity: int64(100 + i)})
			blue := s.AddListing(channeltest.Goods{SKU: fmt.Sprintf("B-%d", i), Title: fmt.Sprint("Shirt ", i), Variant: "Blue", Parent: red.Parent, Quantity: int64(200 + i)})
			variants = append(variants, red, blue)
		}
		s.Remove(singles[3])
		read := func(name string, refs []channel.Ref, lists, items int) {
			t.Helper()
			s.trading()
			got, err := s.store.ReadStock(t.Context(), refs)
			must(t, err)
			for i, r := range got {
				gone := refs[i] == singles[3]
				if r.Ref != refs[i] || gone != channel.IsKind(r.Err, channel.Missing) || !gone && (r.Err != nil || *r.Quantity != s.Quantity(refs[i])) {
					t.Errorf("%s: %+v, eBay has %d", name, r, s.Quantity(refs[i]))
				}
			}
			if calls := s.trading(); calls["GetSellerList"] != lists || calls["GetItem"] != items {
				t.Errorf("%s, by SKU refused %v: %v, want %d lists and %d items", name, refuses, calls, lists, items)
			}
		}
		if !refuses {
			read("one number each", singles, 2, 1) // 39 of them, 20 a page; the one that is gone is looked at by itself
		} else {
			read("one number each", singles, 1+2, 1)
		}
		read("variants", variants, 3, 0)
		read("two variants of one listing", variants[:2], 0, 1)
		read("one listing", singles[:1], 0, 1)
	}
}
