package sim

import (
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/domain"
)

// TestSellerShopifyNeverGivesASaleBack: a sale that comes between reading and writing is seen by Shopify's comparison, the
// number is worked out again, and no customer sees a higher one (I7).
func TestSellerShopifyNeverGivesASaleBack(t *testing.T) {
	r := New(t, OverShopify, 2)
	refs := r.Goods("MUG", 10)
	r.On(0, 1)
	r.Set("MUG", 10)
	seen := int64(-1)
	r.Shops[0].Before(channeltest.PushStock, func() { r.Shops[0].Sell(units(refs[0], 3)) })
	r.Shops[0].After(channeltest.PushStock, func() { seen = r.Shops[0].Quantity(refs[0]) })
	r.Set("MUG", 20)
	if seen != 7 {
		t.Errorf("after a sale of 3 out of 10 and the write that came too late the shop shows %d, want 7", seen)
	}
	r.Cycle(2 * time.Minute)
	r.WantStock("MUG", 20, 3)
	r.WantShops(refs, 17, 17)
	r.Verify()
}

// TestSellerShopifyLocations: the numbers of several locations travel in one call, each to its own; an order is booked where
// there is enough, and leaves the location it was sent from.
func TestSellerShopifyLocations(t *testing.T) {
	r := located(t, OverShopify, 1)
	shop := r.Shops[0].(channeltest.Located)
	mug, jug := r.Goods("MUG", 3)[0], r.Goods("JUG", 3)[0]
	wants := func(ref channel.Ref, floor, depot, fair int64) {
		t.Helper()
		for at, want := range map[string]int64{"61": floor, "62": depot, "63": fair} {
			if got := shop.Quantity(channel.Ref{Listing: ref.Listing, Location: at}); got != want {
				t.Errorf("location %s shows %d, want %d", at, got, want)
			}
		}
	}
	r.setIn("", "MUG", 10)
	r.setIn("DEPOT", "MUG", 20)
	r.setIn("", "JUG", 11)
	r.setIn("DEPOT", "JUG", 21)
	r.link(0, map[string]string{"61": "MAIN", "62": "DEPOT"})
	r.On(0)
	wants(mug, 10, 20, 0)
	wants(jug, 11, 21, 0)
	order := shop.Sell(channeltest.Units{Ref: mug, Quantity: 12}) // only the depot has so many
	r.Sync()
	r.wantIn("MUG", map[uint32]domain.Stock{1: in(10, 0), 2: in(20, 12)})
	shop.ShipFrom(order, 0, 2, "61")
	shop.ReturnTo(order, 0, 1, "62")
	r.Sync()
	r.wantIn("MUG", map[uint32]domain.Stock{1: in(8, 0), 2: in(21, 10)})
	r.Cycle(11 * time.Minute)
	wants(mug, 8, 11, 0)
	wants(jug, 11, 21, 0)
	r.Verify()
}
