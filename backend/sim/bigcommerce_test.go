package sim

import (
	"fmt"
	"testing"
	"time"

	"evenstock/backend/channel/channeltest"
	"evenstock/backend/engine"
)

// TestSellerBigCommerceKilledAroundAPush ends the program at every moment of a push to BigCommerce, whose differences must not be
// sent twice and whose inventory tells the number from before a write for a while after it. At the next start, at once or later, and
// whatever the number is to be then, the shop comes to it: no unit is lost or doubled, and none is sold twice.
func TestSellerBigCommerceKilledAroundAPush(t *testing.T) {
	for _, lag := range []time.Duration{0, 20 * time.Second} {
		for _, sold := range []int64{0, 3} {
			t.Run(fmt.Sprintf("shown after %s, %d sold", lag, sold), func(t *testing.T) {
				t.Parallel()
				moments := 0
				for at := 0; at <= moments; at++ {
					for _, next := range []int64{15, 10} {
						for _, off := range []time.Duration{0, 30 * time.Second} {
							n := killedAround(t, lag, sold, at, next, off)
							if moments = max(moments, n); moments < 4 {
								t.Fatalf("the push has %d moments; the test is of no use", moments)
							}
						}
					}
				}
			})
		}
	}
}

// killedAround raises a product from 10 to 15, is killed at a moment of that, 0 for none, and started again after so long with
// another number to bring. It returns how many moments there are: before and after each write, and each commit.
func killedAround(t *testing.T, lag time.Duration, sold int64, at int, next int64, off time.Duration) int {
	t.Helper()
	r := Build(t, Setup{Kinds: []Kind{OverBigCommerce}, Delay: lag})
	ref := r.Goods("MUG", 10)[0]
	r.On(0)
	r.Set("MUG", 10)
	r.Cycle(5 * time.Minute)
	moment, booked := 0, int64(0)
	passes := func() {
		if moment++; moment == at {
			panic(killed{})
		}
	}
	r.Shops[0].Before(channeltest.PushStock, func() {
		if booked = sold; sold > 0 {
			r.Shops[0].Sell(units(ref, sold))
		}
		passes()
	})
	r.Shops[0].After(channeltest.PushStock, passes)
	r.DB.BeforeCommit(func() error { passes(); return nil })
	func() {
		defer func() {
			if p := recover(); p != nil && p != any(killed{}) {
				panic(p)
			}
		}()
		r.Set("MUG", 15)
	}()
	r.DB.BeforeCommit(nil)
	if at > 0 {
		r.Clock.Advance(off)
		r.StartEngine()
	}
	r.change(engine.StockChange{SKU: "MUG", Op: engine.SetStock, Quantity: next}, time.Minute)
	r.Cycle(11 * time.Minute)
	want := next - booked // what was sold lies on the shelf that was counted
	if got := r.Shops[0].Quantity(ref); got != want {
		t.Fatalf("lag %s, %d sold, killed at %d, then set to %d after %s: the shop shows %d, want %d", lag, sold, at, next, off, got, want)
	}
	r.Verify()
	return moment
}

// TestSellerBigCommerceOldReadings: what BigCommerce's inventory tells right after a write proves no number right, whoever
// wants the old one back: a count, a hard refresh, an undo.
func TestSellerBigCommerceOldReadings(t *testing.T) {
	r := Build(t, Setup{Kinds: []Kind{OverBigCommerce}, Delay: 20 * time.Second})
	refs := r.Goods("MUG", 10)
	r.On(0)
	r.Set("MUG", 10)
	r.Cycle(5 * time.Minute)
	for _, n := range []int64{15, 10, 12, 10, 10} {
		r.Set("MUG", n)
		r.WantShops(refs, n)
	}
	r.Cycle(5 * time.Minute)
	r.Set("MUG", 15)
	r.run(r.Engine.UndoPush(ctx, r.newestRun().ID))
	r.WantShops(refs, 10)
	r.must(r.Engine.Resume(ctx, r.Stores[0]))
	r.Cycle(5 * time.Minute)
	r.WantShops(refs, 15)
	r.Shops[0].SetQuantity(refs[0], 10)
	r.run(r.Engine.RefreshInventory(ctx, r.Stores[0]))
	r.WantShops(refs, 15)
	r.Verify()
}
