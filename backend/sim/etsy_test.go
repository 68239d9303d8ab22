package sim

import (
	"testing"
	"time"

	"evenstock/backend/practice/practicetest"
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
