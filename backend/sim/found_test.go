package sim

import (
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// What the simulation has found, one test each, so that it is never lost again.

func TestBehindTheBarrierAllStoresAreServedAtOnce(t *testing.T) {
	both(t, 3, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 40)
		r.On(0, 1, 2)
		r.Set("TEA", 40)
		r.Clock.Advance(9 * time.Hour)
		r.Shops[0].Sell(units(refs[0], 3))
		r.Cycle(5 * time.Second)
		r.WantShops(refs, 37, 37, 37)
	})
}

func TestClockSetBackStopsNothing(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 40)
		r.On(0)
		r.Set("TEA", 40)
		r.Cycle(20 * time.Minute)
		r.Shops[0].Fault(channeltest.Fault{Call: channeltest.ListOrders, Kind: channeltest.TooMany, Times: 1, After: 15 * time.Minute})
		r.Clock.Advance(time.Second)
		if _, err := r.Engine.Sync(ctx, r.Stores[0]); err != nil {
			t.Fatal(err)
		}
		r.skewed = -24 * time.Hour
		calls := r.Shops[0].Calls(channeltest.AnyCall)
		r.Cycle(14 * time.Minute)
		if got := r.Shops[0].Calls(channeltest.AnyCall); got != calls {
			t.Errorf("%d calls while the store wanted to be left alone", got-calls)
		}
		r.Shops[0].Sell(units(refs[0], 4))
		r.Cycle(2 * time.Minute)
		r.WantStock("TEA", 40, 4)
		r.skewed -= time.Hour // and without a cool-down
		r.Shops[0].Sell(units(refs[0], 1))
		r.Cycle(11 * time.Minute)
		r.WantStock("TEA", 40, 5)
	})
}

func TestTwoProductsNeverBecomeOne(t *testing.T) {
	both(t, 2, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 50)
		r.On(0, 1)
		r.Set("TEA", 50)
		r.Shops[0].SetSKU(refs[0], "TEA-2")
		r.PullListings(0)
		r.Goods("TEA-2", 7, 1) // somebody has that SKU by now
		r.Set("TEA-2", 7)
		link := db.Link{Store: r.Stores[0], Ref: refs[0].Listing}
		refusedWith(t, r.Engine.AnswerRenamed(ctx, link, true), engine.CodeInvalid)
		r.WantStock("TEA", 50, 0)
		if err := r.Engine.AnswerRenamed(ctx, link, false); err != nil {
			t.Fatal(err)
		}
		r.Cycle(time.Minute)
		r.WantShops(refs, 7, 50)
		r.WantStock("TEA-2", 7, 0)
	})
}

func TestOnTopIsOnlyWhatThisTurnOnBrings(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		shop := r.Shops[0]
		refs := r.Goods("TEA", 50)
		shop.Sell(units(refs[0], 2))
		r.Clock.Advance(2 * time.Second)
		r.On(0)
		r.Set("TEA", 50)
		if err := r.Engine.TurnOff(ctx, r.Stores[0]); err != nil {
			t.Fatal(err)
		}
		r.Clock.Advance(time.Hour)
		shop.Sell(units(refs[0], 3))
		r.Clock.Advance(2 * time.Second)
		shop.Before(channeltest.ListOrders, func() { shop.Sell(units(refs[0], 5)) }) // ordered from now on
		r.TurnOn(0, engine.TurnOn{OnTop: true, Push: engine.PushAll})
		r.WantStock("TEA", 53, 10)
	})
}

func TestHiddenSaleBelowZeroIsWaitedFor(t *testing.T) {
	both(t, 2, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 5)
		r.On(0, 1)
		r.Set("TEA", 0)
		r.WantShops(refs, 0, 0)
		r.Clock.Advance(2 * time.Second)
		r.Shops[0].Hide(r.Shops[0].Sell(units(refs[0], 3)), 30*time.Second)
		r.Add("TEA", 2)
		if got := r.Shops[0].Quantity(refs[0]); got > 0 {
			t.Errorf("the shop shows %d, though three more were sold than there are", got)
		}
		r.Cycle(3 * time.Minute)
		r.WantStock("TEA", 2, 3)
	})
}

func TestLookingHonoursARequestToWait(t *testing.T) {
	looks := map[string]func(r *Rig) error{
		"rehearsal":    func(r *Rig) error { _, err := r.Engine.Rehearse(ctx, r.Stores[0], engine.TurnOn{}); return err },
		"drift":        func(r *Rig) error { _, err := r.Engine.Drift(ctx, r.Stores[0]); return err },
		"hard refresh": func(r *Rig) error { _, err := r.Engine.RefreshInventory(ctx, r.Stores[0]); return err },
	}
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			both(t, 1, func(t *testing.T, r *Rig) {
				r.Goods("TEA", 5)
				r.On(0)
				r.Set("TEA", 5)
				r.Shops[0].Fault(channeltest.Fault{Call: channeltest.AnyCall, Kind: channeltest.TooMany, Times: 1, After: 10 * time.Minute})
				refusedWith(t, look(r), engine.CodeThrottled)
				calls := r.Shops[0].Calls(channeltest.AnyCall)
				r.Cycle(9 * time.Minute)
				if got := r.Shops[0].Calls(channeltest.AnyCall); got != calls {
					t.Errorf("%d calls within the ten minutes", got-calls)
				}
			})
		})
	}
}

// TestChangeWaitsForAStoreThatRests: a change that waits for its stores asks one again that failed once or wanted to be left alone
// for a moment, also where no lane is running.
func TestChangeWaitsForAStoreThatRests(t *testing.T) {
	for _, fault := range []channeltest.Fault{
		{Call: channeltest.ListOrders, Kind: channeltest.TooMany, Times: 1, After: 3 * time.Second},
		{Call: channeltest.ListOrders, Kind: channeltest.ServerError, Times: 1},
	} {
		t.Run(string(fault.Kind), func(t *testing.T) {
			both(t, 2, func(t *testing.T, r *Rig) {
				refs := r.Goods("TEA", 5)
				r.On(0, 1)
				r.Set("TEA", 5)
				r.Shops[0].Fault(fault)
				done, err := r.Engine.ChangeStock(ctx, engine.StockChange{SKU: "TEA", Op: engine.SetStock, Quantity: 4, Key: "four"})
				if err != nil {
					t.Fatal(err)
				}
				pushes, err := r.Engine.Settle(ctx, done.Item, time.Minute)
				if err != nil || len(pushes) != 2 || pushes[0].Outcome != engine.OutWritten || pushes[1].Outcome != engine.OutWritten {
					t.Errorf("pushes %+v, %v", pushes, err)
				}
				r.WantShops(refs, 4, 4)
			})
		})
	}
}

// TestSyncAllTellsWhoRefused: a store that is not asked, since it wants to be left alone, is not left out of the answer.
func TestSyncAllTellsWhoRefused(t *testing.T) {
	both(t, 2, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 5)
		r.On(0, 1)
		r.Set("TEA", 5)
		r.Shops[1].Fault(channeltest.Fault{Call: channeltest.ListOrders, Kind: channeltest.TooMany, Times: 1, After: 10 * time.Minute})
		r.Shops[1].Sell(units(refs[1], 2))
		r.Sync()
		runs := r.Sync()
		if len(runs) != 2 || runs[0].Outcome != db.Done || runs[1].Outcome != db.Refused || runs[1].Code != engine.CodeThrottled || runs[1].Note == "" || runs[1].StoreName == "" {
			t.Errorf("runs %+v", runs)
		}
	})
}

func TestShopThatSellsWhileItIsTurnedOn(t *testing.T) {
	both(t, 2, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 12)
		r.On(0)
		r.Set("TEA", 12)
		r.Shops[1].Before(channeltest.ListOrders, func() { r.Shops[1].Sell(units(refs[1], 1)) })
		r.TurnOn(1, engine.TurnOn{OnTop: true, Push: engine.PushAll})
		r.Cycle(time.Minute)
		r.WantStock("TEA", 12, 1)
		r.WantShops(refs, 11, 11)
	})
}

func TestUndoOfAnUndoAfterANewCount(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		r.Goods("TEA", 10)
		r.On(0)
		r.Set("TEA", 25)
		if _, err := r.Engine.Undo(ctx, r.lastSeq(), ""); err != nil {
			t.Fatal(err)
		}
		undo := r.lastSeq()
		r.Set("TEA", 7)
		_, err := r.Engine.Undo(ctx, undo, "")
		refusedWith(t, err, engine.CodeInvalid)
		r.WantStock("TEA", 7, 0)
	})
}

func TestMovedListingFollowsItsOldOrders(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		shop := r.Shops[0]
		refs := append(r.Goods("TEA", 10), r.Goods("MUG", 20)...)
		r.On(0)
		r.Set("TEA", 10)
		r.Set("MUG", 20)
		order := shop.Sell(units(refs[0], 3))
		r.Cycle(11 * time.Minute)
		shop.SetSKU(refs[0], "")
		r.PullListings(0)
		shop.Remove(refs[1])
		shop.SetSKU(refs[0], "MUG")
		r.PullListings(0)
		r.Cycle(11 * time.Minute)
		if got := shop.Quantity(refs[0]); got != 20 {
			t.Fatalf("the listing shows %d of the product it belongs to now, want 20", got)
		}
		shop.Cancel(order) // the shop gives three back to a number that is no longer the order's
		r.Cycle(11 * time.Minute)
		if got := shop.Quantity(refs[0]); got != 20 {
			t.Errorf("the listing shows %d, want 20", got)
		}
		r.WantStock("TEA", 10, 0)
	})
}

func TestNumberThatWasRightBeforeASale(t *testing.T) {
	each(t, 1, func(t *testing.T, r *Rig) {
		shop := r.Shops[0]
		refs := r.Goods("TEA", 10)
		r.On(0)
		r.Set("TEA", 10)
		r.Clock.Advance(time.Minute)
		shop.Before(channeltest.ListOrders, func() { shop.Sell(channeltest.Units{Ref: refs[0], Quantity: 2}) })
		r.Add("TEA", 2) // twelve, less the two that are sold while the shop is read: ten, as before
		r.Cycle(11 * time.Minute)
		r.WantStock("TEA", 12, 2)
		r.WantShops([]channel.Ref{refs[0]}, 10)
	})
}
