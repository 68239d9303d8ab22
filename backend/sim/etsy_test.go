package sim

import (
	"context"
	"strings"
	"testing"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/practice/practicetest"
	"evenstock/backend/view"
)

// TestEtsyAtZero: the last unit sold in one shop takes the listing of the other off sale, and new stock brings both back;
// the one that sold out is renewed, since its seller let Evenstock do that (product.md, L10).
func TestEtsyAtZero(t *testing.T) {
	r := New(t, OverEtsy, 2)
	refs := r.Goods("MUG", 10)
	r.On(0, 1)
	r.Set("MUG", 5)
	r.WantShops(refs, 5, 5)
	order := r.Shops[0].Sell(units(refs[0], 5))
	r.Cycle(11 * time.Minute)
	r.WantStock("MUG", 5, 5)
	r.WantShops(refs, 0, 0)
	a, b := r.Shops[0].(*practicetest.Etsy).Face, r.Shops[1].(*practicetest.Etsy).Face
	listing := r.Shops[1].(*practicetest.Etsy).Find(refs[1].Listing)
	if !b.Rests(listing) {
		t.Error("the listing of the second shop is still on sale")
	}
	r.Shops[0].Fulfil(order)
	r.Cycle(11 * time.Minute)
	r.Set("MUG", 8)
	r.Cycle(11 * time.Minute)
	r.WantShops(refs, 8, 8)
	if a.Renewed() != 1 || b.Renewed() != 0 || b.Rests(listing) {
		t.Errorf("renewed %d and %d times, the second shop's listing rests: %v; want 1, 0 and false", a.Renewed(), b.Renewed(), b.Rests(listing))
	}
	r.Verify()
}

// shown is a listing as the seller sees it.
func (r *Rig) shown(sku string, i int) view.Listing {
	r.T.Helper()
	v, err := view.Open(r.DB)
	if err != nil {
		r.T.Fatal(err)
	}
	v.SetLive(view.Live{Limit: r.Engine.MaxQuantity})
	all, err := v.Listings(r.Stores[i], sku)
	if err != nil || len(all) != 1 {
		r.T.Fatalf("%d listings of %s: %v", len(all), sku, err)
	}
	return all[0]
}

// sentLast is the last number that was sent for a product.
func (r *Rig) sentLast(sku string) (sent int64) {
	r.T.Helper()
	err := r.DB.View(func(tx *db.Tx) error {
		it, err := tx.ItemBySKU(sku)
		for w := range tx.Writes(it.ID) {
			sent = w.Sent
			break
		}
		return err
	})
	if err != nil {
		r.T.Fatal(err)
	}
	return sent
}

// TestEtsyTakesNoMoreThan999: what there is more is not written, is no drift, and is written once (etsy.md, 3.2).
func TestEtsyTakesNoMoreThan999(t *testing.T) {
	r := New(t, OverEtsy, 1)
	refs := r.Goods("PIN", 10)
	r.On()
	r.Set("PIN", 1500)
	r.WantStock("PIN", 1500, 0)
	r.WantShops(refs, 999)
	if l := r.shown("PIN", 0); *l.Target != 999 || l.State != view.Even || !strings.Contains(l.Reason, "no more than 999") {
		t.Errorf("shown as %d, %s: %q", *l.Target, l.State, l.Reason)
	}
	written := r.Shops[0].Written()
	for range 7 { // the orders and, after 12 hours, the listings
		r.Cycle(2 * time.Hour)
	}
	refreshed := r.run(r.Engine.RefreshInventory(context.Background(), r.Stores[0]))
	drift, err := r.Engine.Drift(context.Background(), r.Stores[0])
	if err != nil || len(drift.Rows) != 0 || r.shown("PIN", 0).State != view.Even {
		t.Errorf("drift %+v, %v", drift.Rows, err)
	}
	if n := r.Shops[0].Written() - written; n != 0 || refreshed.Written != 0 || refreshed.AlreadyRight != 1 {
		t.Errorf("written %d times more, by the hard refresh %d", n, refreshed.Written)
	}
	r.Shops[0].Sell(units(refs[0], 4)) // Etsy counts down to 995, of 1,496 that there are
	r.Cycle(11 * time.Minute)
	r.WantStock("PIN", 1500, 4)
	r.WantShops(refs, 999)
	r.Verify()
}

// TestEtsySharedNumber: variants with SKUs of their own that share one number are sent the least of what they have, and nothing
// before all of them were counted (etsy.md, 3.1; product.md, Q5).
func TestEtsySharedNumber(t *testing.T) {
	r := Build(t, Setup{Kinds: []Kind{OverEtsy, Memory}})
	shop := r.Shops[0].(*practicetest.Etsy)
	scarves := shop.AddPool("Scarf", 6, "SC-L", "SC-S")
	r.PullListings(0)
	long := r.Goods("SC-L", 3, 1)[0]
	etsy := func(when string, want int64) {
		t.Helper()
		for _, ref := range scarves {
			if got := r.Shops[0].Quantity(ref); got != want {
				t.Errorf("%s: Etsy shows %d for %s, want %d", when, got, ref.Listing, want)
			}
		}
	}
	r.TurnOn(0, engine.TurnOn{Copy: true, Push: engine.PushAll})
	r.WantStock("SC-L", -1, 0) // whose the 6 are nobody can say
	r.On(1)
	r.Set("SC-L", 9)
	etsy("one of them was never counted", 6)
	if l := r.shown("SC-L", 0); l.State != view.Off || l.Target != nil || !strings.Contains(l.Reason, "about SC-S, which shares one number") {
		t.Errorf("shown as %+v", l)
	}
	r.run(r.Engine.RefreshInventory(context.Background(), r.Stores[0]))
	etsy("after a hard refresh", 6)

	r.Set("SC-S", 5)
	etsy("both were counted", 5)
	if l := r.shown("SC-L", 0); *l.Target != 5 || l.Status != view.StatusShared || l.State != view.Even || !strings.Contains(l.Reason, "one number for this and SC-S") {
		t.Errorf("shown as %+v", l)
	}
	if n := r.sentLast("SC-L"); n != 5 {
		t.Errorf("the history of the other says that %d was sent, want 5", n)
	}
	r.Set("SC-S", 20)
	etsy("the other is the least now", 9)
	order := r.Shops[0].Sell(units(scarves[1], 2)) // Etsy counts its one number down to 7
	r.Cycle(11 * time.Minute)
	r.WantStock("SC-S", 20, 2)
	r.WantStock("SC-L", 9, 0)
	etsy("a sale of the one that has more", 9)
	r.Shops[1].Sell(units(long, 4))
	r.Cycle(11 * time.Minute)
	etsy("a sale elsewhere of the one that has least", 5)
	r.Shops[0].Fulfil(order)
	shop.World.Count(shop.Find(scarves[0].Parent), 8) // by hand
	drift, err := r.Engine.Drift(context.Background(), r.Stores[0])
	if err != nil || len(drift.Rows) != 2 {
		t.Errorf("drift %+v, %v", drift.Rows, err)
	}
	if run, err := r.Engine.FixDrift(context.Background(), r.Stores[0], []string{"SC-S"}); err != nil || run.Outcome != db.Done || run.Written == 0 {
		t.Errorf("%+v, %v", run, err)
	}
	etsy("one of them put right", 5)
	if drift, err = r.Engine.Drift(context.Background(), r.Stores[0]); err != nil || len(drift.Rows) != 0 {
		t.Errorf("drift after that %+v, %v", drift.Rows, err)
	}
	r.Verify()
}
