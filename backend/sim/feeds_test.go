package sim

import (
	"fmt"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// written sums what the runs say was written.
func (r *Rig) written() (n int64) {
	err := r.DB.View(func(tx *db.Tx) error {
		for run := range tx.Runs() {
			n += run.Written
		}
		return nil
	})
	if err != nil {
		r.T.Fatal(err)
	}
	return n
}

// TestSellerNumbersThatApplyLater has three shops take numbers minutes before they show them, as marketplaces do, and
// customers buy meanwhile; the program starts again in between. Nothing counts as written before the shop shows it, and
// in the end all shops show the same.
func TestSellerNumbersThatApplyLater(t *testing.T) {
	for _, k := range []Kind{Memory, MemoryCAS} {
		t.Run(string(k), func(t *testing.T) {
			r := Build(t, Setup{Kinds: []Kind{k, k, k}, Memory: memory.Options{Feeds: 150 * time.Second}})
			refs := r.Goods("APPLE", 50)
			r.On(0, 1, 2)
			r.Set("APPLE", 50)
			sold := int64(0)
			for minute := range 60 {
				if minute%7 < 3 {
					r.Shops[minute%3].Sell(channeltest.Units{Ref: refs[minute%3], Quantity: 1})
					sold++
				}
				if minute%20 == 11 {
					r.StartEngine()
				}
				r.Cycle(time.Minute)
				applied := 0
				for _, s := range r.Shops {
					applied += s.Written()
				}
				if n := r.written(); n > int64(applied) {
					t.Fatalf("minute %d: %d numbers count as written, the shops have applied %d", minute, n, applied)
				}
			}
			r.Cycle(time.Hour)
			r.WantStock("APPLE", 50, sold)
			left := 50 - sold
			r.WantShops(refs, left, left, left)
			before := r.written()
			r.Cycle(24 * time.Hour)
			if n := r.written(); n != before {
				t.Errorf("%d numbers were written on an idle day", n-before)
			}
			r.Verify()
		})
	}
}

// TestSellerSecondLookWhenANumberIsApplied: a shop that applies numbers later overwrites what was sold meanwhile, so its orders are
// looked at once more when it has (I7).
func TestSellerSecondLookWhenANumberIsApplied(t *testing.T) {
	r := Build(t, Setup{Kinds: []Kind{MemoryLater}, Delay: 40 * time.Second})
	shop, refs := r.Shops[0], r.Goods("TEA", 10)
	r.On(0)
	r.Set("TEA", 10)
	r.Cycle(11 * time.Minute)
	asked := shop.Calls(channeltest.PushStock)
	shop.After(channeltest.PushStock, func() { shop.Sell(units(refs[0], 1)) })
	r.Add("TEA", 5)
	if shop.Calls(channeltest.PushStock) == asked {
		t.Fatal("nothing was sent")
	}
	r.Cycle(2 * time.Minute)
	r.WantStock("TEA", 15, 1)
	r.Cycle(2 * time.Minute)
	r.WantShops(refs, 14)
	r.Verify()
}

// TestSellerNumberThatComesBackWhileAnotherIsOnItsWay: a shop that still shows the right number, while it has taken another one, is
// not right for long, whatever the computer's clock says of when it took it.
func TestSellerNumberThatComesBackWhileAnotherIsOnItsWay(t *testing.T) {
	for _, k := range []Kind{MemoryLater, OverAmazon} {
		for _, back := range []time.Duration{0, time.Hour} {
			t.Run(fmt.Sprintf("%s, the clock set back by %s", k, back), func(t *testing.T) {
				r := Build(t, Setup{Kinds: []Kind{k}, Delay: 40 * time.Second})
				refs := r.Goods("TEA", 10)
				r.On(0)
				r.Set("TEA", 10)
				r.Cycle(11 * time.Minute)
				r.change(engine.StockChange{SKU: "TEA", Op: engine.AddStock, Quantity: -3}, time.Second)
				r.skewed -= back
				r.change(engine.StockChange{SKU: "TEA", Op: engine.AddStock, Quantity: 3}, 30*time.Second)
				r.Cycle(30 * time.Minute)
				r.WantShops(refs, 10)
				r.Verify()
			})
		}
	}
}

// TestSellerTurnOnWhenListingsArePrepared: a shop that has to prepare its listings can be rehearsed and turned on as soon as they are
// there, and is not made to prepare them for ever.
func TestSellerTurnOnWhenListingsArePrepared(t *testing.T) {
	r := Build(t, Setup{Kinds: []Kind{OverAmazon}, Delay: 90 * time.Second})
	refs := []channel.Ref{r.Shops[0].AddListing(channeltest.Goods{SKU: "TEA", Title: "Tea", Quantity: 10})}
	r.Cycle(time.Hour)
	e := refusedWith(t, func() error { _, err := r.Engine.Rehearse(ctx, r.Stores[0], engine.TurnOn{}); return err }(), engine.CodeBusy)
	r.Cycle(e.RetryAt.Sub(r.Now()) + 2*time.Minute)
	sheet, err := r.Engine.Rehearse(ctx, r.Stores[0], engine.TurnOn{Copy: true})
	if err != nil || len(sheet.Rows) != 1 {
		t.Fatalf("rehearsed when the listings are there: %+v, %v", sheet, err)
	}
	r.run(r.turnOn(0, engine.TurnOn{Copy: true, Push: engine.PushAll}), nil)
	r.Add("TEA", 5)
	r.Cycle(5 * time.Minute)
	r.WantShops(refs, 15)
	r.Verify()
}
