package sim

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

var ctx = context.Background()

// both runs a feature's test on a double and on the real connector.
func both(t *testing.T, shops int, test func(t *testing.T, r *Rig)) {
	for _, k := range []Kind{Memory, OverHTTP} {
		t.Run(string(k), func(t *testing.T) {
			r := New(t, k, shops)
			test(t, r)
			r.Verify()
		})
	}
}

// refusedWith fails the test unless err is an Error of the code.
func refusedWith(t *testing.T, err error, code string) *engine.Error {
	t.Helper()
	var e *engine.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("error %v, want code %s", err, code)
	}
	if e.Message == "" {
		t.Errorf("code %s without a sentence", code)
	}
	return e
}

func TestOffMeansNoOrderCall(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		r.Goods("TEA", 5)
		r.Cycle(2 * time.Hour)
		if n := r.Shops[0].Calls(channeltest.ListOrders) + r.Shops[0].Calls(channeltest.GetOrders); n != 0 {
			t.Errorf("%d order calls while sync is off", n)
		}
		if r.Shops[0].Calls(channeltest.ListListings) < 60 {
			t.Errorf("%d listing pulls in two hours, want about one a minute", r.Shops[0].Calls(channeltest.ListListings))
		}
		_, err := r.Engine.Sync(ctx, r.Stores[0])
		refusedWith(t, err, engine.CodeSyncOff)
		_, err = r.Engine.RefreshInventory(ctx, r.Stores[0])
		refusedWith(t, err, engine.CodeSyncOff)
	})
}

func TestHardRefreshCoolDown(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 5)
		r.On(0)
		r.Set("TEA", 5)
		r.Shops[0].SetQuantity(refs[0], 9)
		began := r.Clock.Now()
		run := r.run(r.Engine.RefreshInventory(ctx, r.Stores[0]))
		if run.Checked != 1 || run.Written != 1 || run.AlreadyRight != 0 {
			t.Errorf("checked %d, written %d, already right %d", run.Checked, run.Written, run.AlreadyRight)
		}
		r.WantShops(refs, 5)
		r.skewed = 9 * time.Hour // the computer's clock set forward opens nothing early
		_, err := r.Engine.RefreshInventory(ctx, r.Stores[0])
		refusedWith(t, err, engine.CodeCooldown)
		r.skewed = -9 * time.Hour // set back, it never waits longer than four hours
		e := refusedWith(t, func() error { _, err := r.Engine.RefreshInventory(ctx, r.Stores[0]); return err }(), engine.CodeCooldown)
		if left := e.RetryAt.Sub(r.Now()); left > 4*time.Hour {
			t.Errorf("left %s", left)
		}
		r.skewed = 0
		r.Clock.Advance(began.Add(4*time.Hour - time.Second).Sub(r.Clock.Now()))
		r.StartEngine()
		_, err = r.Engine.RefreshInventory(ctx, r.Stores[0])
		if e := refusedWith(t, err, engine.CodeCooldown); e.RetryAt.Sub(r.Now()) > 2*time.Second {
			t.Errorf("at 3:59:59 %s are left", e.RetryAt.Sub(r.Now()))
		}
		r.Clock.Advance(2 * time.Second)
		if run := r.run(r.Engine.RefreshInventory(ctx, r.Stores[0])); run.AlreadyRight != 1 {
			t.Errorf("already right %d", run.AlreadyRight)
		}
	})
}

func TestHardRefreshThatNeverBeganUsesNothingUp(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		r.Goods("TEA", 5)
		r.On(0)
		r.Set("TEA", 5)
		r.Shops[0].Fault(channeltest.Fault{Call: channeltest.AnyCall, Kind: channeltest.TimeoutBefore, Times: 10})
		run, err := r.Engine.RefreshInventory(ctx, r.Stores[0])
		if err != nil || run.Outcome != db.Failed {
			t.Fatalf("run %+v, %v", run.Outcome, err)
		}
		r.Shops[0].Fault(channeltest.Fault{Call: channeltest.AnyCall, Kind: channeltest.TimeoutBefore, Times: 0})
		for range 10 { // the faults left over
			r.Clock.Advance(time.Second)
			if run, err = r.Engine.RefreshInventory(ctx, r.Stores[0]); err == nil && run.Outcome == db.Done {
				break
			}
		}
		r.run(run, err)
	})
}

func TestHandEditIsDriftAndNeverAdopted(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 5)
		r.On(0)
		r.Set("TEA", 20)
		r.Shops[0].SetQuantity(refs[0], 7)
		r.Cycle(2 * time.Hour)
		r.WantShops(refs, 7)
		r.WantStock("TEA", 20, 0)
		drift, err := r.Engine.Drift(ctx, r.Stores[0])
		if err != nil || len(drift.Rows) != 1 || *drift.Rows[0].Has != 7 || *drift.Rows[0].Target != 20 || drift.Rows[0].Since == nil {
			t.Fatalf("drift %+v, %v", drift.Rows, err)
		}
		began := r.Clock.Now()
		r.run(r.Engine.FixDrift(ctx, r.Stores[0], []string{"TEA"}))
		r.WantShops(refs, 20)
		if took := r.Clock.Now().Sub(began); took < 60*time.Second {
			t.Errorf("a number lower than expected was raised after %s, want two pulls 60 s apart", took)
		}
	})
}

func TestSafetyCatchHoldsRowsNotTheStore(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		var refs []channel.Ref
		for i := range 40 {
			refs = append(refs, r.Shops[0].AddListing(channeltest.Goods{SKU: fmt.Sprintf("S%02d", i), Title: "Thing", Quantity: 10}))
		}
		r.PullListings(0)
		r.TurnOn(0, engine.TurnOn{Copy: true})
		if err := r.Engine.Pause(ctx, 0); err != nil {
			t.Fatal(err)
		}
		for i := range 8 { // an import gone wrong: eight products to zero, more than max(5, 10 %)
			r.Set(fmt.Sprintf("S%02d", i), 0)
		}
		r.Shops[0].Sell(units(refs[20], 10)) // sold out by a customer: never waits, and needs no write
		if err := r.Engine.Resume(ctx, 0); err != nil {
			t.Fatal(err)
		}
		r.Clock.Advance(2 * time.Second)
		runs, _, err := r.Engine.SyncAll(ctx)
		if err != nil || runs[0].Outcome != db.Held || runs[0].HeldRows != 8 {
			t.Fatalf("run %+v, %v", runs, err)
		}
		for i := range 8 {
			if got := r.Shops[0].Quantity(refs[i]); got != 10 {
				t.Errorf("held row %d shows %d", i, got)
			}
		}
		r.Set("S30", 12) // a small change passes
		if got := r.Shops[0].Quantity(refs[30]); got != 12 {
			t.Errorf("an innocent row shows %d, want 12", got)
		}
		held, err := r.Engine.Held(r.Stores[0])
		if err != nil || len(held.Rows) != 8 {
			t.Fatalf("held %d, %v", len(held.Rows), err)
		}
		if n, err := r.Engine.Drop(ctx, r.Stores[0], []string{"S07"}); n != 1 || err != nil {
			t.Fatalf("drop: %d, %v", n, err)
		}
		r.StartEngine() // what is held survives a restart
		r.run(r.Engine.Approve(ctx, r.Stores[0], nil))
		for i := range 8 {
			want := int64(0)
			if i == 7 {
				want = 10
			}
			if got := r.Shops[0].Quantity(refs[i]); got != want {
				t.Errorf("row %d shows %d after approval, want %d", i, got, want)
			}
		}
	})
}

func TestTurnOnLeavesWhatTheUserLeaves(t *testing.T) {
	both(t, 2, func(t *testing.T, r *Rig) {
		a := r.Goods("RISE", 10)
		b := r.Goods("ZERO", 10)
		r.On(0)
		r.Set("RISE", 30)
		r.Set("ZERO", 0)
		reh, err := r.Engine.Rehearse(ctx, r.Stores[1], engine.TurnOn{})
		if err != nil || reh.Totals.Changes != 2 || reh.Totals.Zero != 1 || reh.Totals.Ticked != 1 || reh.Rows[0].SKU != "ZERO" {
			t.Fatalf("rehearsal %+v, %v", reh, err)
		}
		if n := r.Shops[1].Written(); n != 0 {
			t.Fatalf("a rehearsal wrote %d listings", n)
		}
		r.TurnOn(1, engine.TurnOn{})
		r.WantShops(a, 30, 30)
		r.WantShops(b, 0, 10) // rows that go to zero start unticked
		r.Cycle(3 * time.Hour)
		r.WantShops(b, 0, 10)
		r.run(r.Engine.RefreshInventory(ctx, r.Stores[1]))
		r.WantShops(b, 0, 0)
	})
}

func TestOffAndOnAgain(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		shop := r.Shops[0]
		refs := r.Goods("TEA", 50)
		r.On(0)
		r.Set("TEA", 50)
		kept := shop.Sell(units(refs[0], 4))
		r.Cycle(11 * time.Minute)
		r.WantStock("TEA", 50, 4)
		if err := r.Engine.TurnOff(ctx, r.Stores[0]); err != nil {
			t.Fatal(err)
		}
		r.Clock.Advance(time.Hour)
		calls := shop.Calls(channeltest.ListOrders)
		shop.Fulfil(kept)                         // booked already: settles to its present totals
		shop.Sell(units(refs[0], 2))              // first seen at the next turn-on: booked
		shop.Fulfil(shop.Sell(units(refs[0], 3))) // placed and shipped meanwhile: asked about
		r.Cycle(time.Hour)
		if shop.Calls(channeltest.ListOrders) != calls {
			t.Error("orders were pulled while sync was off")
		}
		r.WantStock("TEA", 50, 4)
		r.On(0)
		r.WantStock("TEA", 46, 2)
		if err := r.Engine.AnswerShipped(ctx, r.Stores[0], true); err != nil {
			t.Fatal(err)
		}
		r.WantStock("TEA", 43, 2)
		r.Sync()
		r.WantShops(refs, 41)
	})
}

func TestTurnOnTakesHistoryAsBaseline(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		shop := r.Shops[0]
		refs := r.Goods("TEA", 50)
		shipped := shop.Sell(units(refs[0], 3))
		shop.Fulfil(shipped)
		shop.Sell(units(refs[0], 4))
		r.Clock.Advance(time.Hour)
		r.On(0)
		r.Set("TEA", 60)
		r.WantStock("TEA", 60, 4)
		shop.Refund(shipped, 0, 2, true) // a return restocks once, also after the night
		r.Cycle(30 * time.Hour)
		r.WantStock("TEA", 62, 4)
		r.WantShops(refs, 58)
	})
}

func TestOnTopOfWhatWasCounted(t *testing.T) {
	both(t, 2, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 50)
		r.On(0)
		r.Set("TEA", 50)
		r.Shops[1].Sell(units(refs[1], 5))
		r.Clock.Advance(2 * time.Second)
		r.TurnOn(1, engine.TurnOn{OnTop: true, Push: engine.PushAll})
		r.WantStock("TEA", 55, 5)
		r.WantShops(refs, 50, 50)
	})
}

func TestRemovedAndConnectedAgain(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 50)
		r.On(0)
		r.Set("TEA", 50)
		r.Shops[0].Sell(units(refs[0], 4))
		r.Cycle(11 * time.Minute)
		r.run(r.Engine.RefreshInventory(ctx, r.Stores[0]))
		_, _, err := r.Engine.AddStore(ctx, r.entered(0, "Twice"))
		if e := refusedWith(t, err, engine.CodeInvalid); e.Store != "Shop A" {
			t.Errorf("the refusal names %q", e.Store)
		}
		if err := r.Engine.RemoveStore(ctx, r.Stores[0], true); err != nil {
			t.Fatal(err)
		}
		r.WantStock("TEA", 50, 0)
		calls := r.Shops[0].Calls(channeltest.AnyCall)
		r.Cycle(time.Hour)
		if r.Shops[0].Calls(channeltest.AnyCall) != calls {
			t.Error("a removed store was called")
		}
		s, _, err := r.Engine.AddStore(ctx, r.entered(0, "Back"))
		if err != nil || s.ID != r.Stores[0] {
			t.Fatalf("connected again as %d, %v", s.ID, err)
		}
		r.PullListings(0)
		r.On(0)
		r.WantStock("TEA", 50, 4)
		r.WantShops(refs, 46)
		_, err = r.Engine.RefreshInventory(ctx, r.Stores[0])
		refusedWith(t, err, engine.CodeCooldown)
	})
}

func TestUnmatchedLine(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		shop := r.Shops[0]
		r.Goods("TEA", 50)
		other := r.Goods("OLD-SKU", 9)
		r.On(0)
		r.Set("TEA", 50)
		shop.SetSKU(other[0], "")
		shop.SetStatus(other[0], channel.Draft)
		r.Clock.Advance(2 * time.Second)
		order := shop.Sell(units(other[0], 4))
		r.Cycle(11 * time.Minute)
		line := r.unmatched(1)
		shop.Fulfil(order)
		r.Cycle(11 * time.Minute)
		if err := r.Engine.LinkLine(ctx, line, "TEA"); err != nil {
			t.Fatal(err)
		}
		r.WantStock("TEA", 46, 0) // it shipped after the last count
		r.unmatched(0)
		refusedWith(t, r.Engine.LinkLine(ctx, line, "NONE"), engine.CodeNotFound)
	})
}

// unmatched expects so many unmatched lines and returns the first.
func (r *Rig) unmatched(want int) (first db.LineRef) {
	r.T.Helper()
	n := 0
	err := r.DB.View(func(tx *db.Tx) error {
		for ref := range tx.Unmatched("") {
			if n++; n == 1 {
				first = ref
			}
		}
		return nil
	})
	if err != nil || n != want {
		r.T.Fatalf("%d unmatched lines, %v, want %d", n, err, want)
	}
	return first
}

func TestRenamedListingIsHeld(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 50)
		r.On(0)
		r.Set("TEA", 50)
		r.Shops[0].SetSKU(refs[0], "TEA-2")
		r.Cycle(3 * time.Minute)
		r.Set("TEA", 40) // the link is held and still pushed
		r.WantShops(refs, 40)
		if err := r.Engine.AnswerRenamed(ctx, db.Link{Store: r.Stores[0], Ref: refs[0].Listing}, true); err != nil {
			t.Fatal(err)
		}
		r.WantStock("TEA-2", 40, 0)
	})
}

func TestDraftsAndVanishedListings(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 50)
		gone := r.Goods("GONE", 5)
		r.On(0)
		r.Set("TEA", 50)
		r.Set("GONE", 5)
		r.Shops[0].SetStatus(refs[0], channel.Draft)
		r.Shops[0].Remove(gone[0])
		r.Cycle(3 * time.Minute)
		r.Engine.Nightly(r.Now())
		r.Cycle(3 * time.Minute)
		for _, o := range append(r.Set("TEA", 45), r.Set("GONE", 4)...) {
			if o.Outcome != engine.OutSkipped || o.Message == "" {
				t.Errorf("outcome %+v, want skipped", o)
			}
		}
		r.WantShops(refs, 50)
		r.Shops[0].SetStatus(refs[0], channel.Active)
		r.Cycle(3 * time.Minute)
		r.WantShops(refs, 45)
		r.WantStock("GONE", 4, 0)
	})
}

func TestOneBadListingNeverBlocksABatch(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		var refs []channel.Ref
		for i := range 5 {
			refs = append(refs, r.Goods(fmt.Sprintf("B%d", i), 10)...)
		}
		r.TurnOn(0, engine.TurnOn{Copy: true})
		if err := r.Engine.Pause(ctx, 0); err != nil {
			t.Fatal(err)
		}
		for i := range 5 {
			r.Set(fmt.Sprintf("B%d", i), 20)
		}
		r.Shops[0].Remove(refs[2])
		if err := r.Engine.Resume(ctx, 0); err != nil {
			t.Fatal(err)
		}
		r.Cycle(11 * time.Minute)
		for i, ref := range refs {
			if i != 2 && r.Shops[0].Quantity(ref) != 20 {
				t.Errorf("listing %d shows %d", i, r.Shops[0].Quantity(ref))
			}
		}
	})
}

func TestPauseSurvivesARestart(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 10)
		r.On(0)
		r.Set("TEA", 10)
		if err := r.Engine.Pause(ctx, 0); err != nil {
			t.Fatal(err)
		}
		r.StartEngine()
		for _, o := range r.Set("TEA", 20) {
			if o.Outcome != engine.OutPending || o.Message == "" {
				t.Errorf("outcome %+v", o)
			}
		}
		pulls := r.Shops[0].Calls(channeltest.ListOrders)
		r.Cycle(time.Hour)
		r.WantShops(refs, 10)
		if n := r.Shops[0].Calls(channeltest.ListOrders) - pulls; n < 5 || n > 9 {
			t.Errorf("%d order pulls in an hour of pause", n)
		}
		if err := r.Engine.Resume(ctx, 0); err != nil {
			t.Fatal(err)
		}
		r.Cycle(5 * time.Second)
		r.WantShops(refs, 20)
	})
}

func TestUndoOfTheFirstCount(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 10)
		r.On(0)
		r.Set("TEA", 25)
		r.WantShops(refs, 25)
		if _, err := r.Engine.Undo(ctx, r.lastSeq(), ""); err != nil {
			t.Fatal(err)
		}
		r.WantStock("TEA", -1, 0)
		r.Cycle(11 * time.Minute)
		r.WantShops(refs, 25)
		_, err := r.Engine.Undo(ctx, 1, "")
		refusedWith(t, err, engine.CodeInvalid)
		r.Set("TEA", 7)
		r.WantShops(refs, 7)
	})
}

func TestIdleDayWritesNothing(t *testing.T) {
	both(t, 2, func(t *testing.T, r *Rig) {
		r.Goods("TEA", 10)
		r.On(0, 1)
		r.Set("TEA", 10)
		r.Cycle(20 * time.Minute)
		written := r.Shops[0].Written() + r.Shops[1].Written()
		r.Cycle(24 * time.Hour)
		if n := r.Shops[0].Written() + r.Shops[1].Written() - written; n != 0 {
			t.Errorf("%d writes on an idle day", n)
		}
	})
}

func TestTrackingIsSwitchedOnByConsentOnly(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		refs := []channel.Ref{r.Shops[0].AddListing(channeltest.Goods{SKU: "LOOSE", Title: "Loose tea", Quantity: 0, Untracked: true})}
		r.Goods("TEA", 5)
		r.On(0)
		for _, o := range r.Set("LOOSE", 14) {
			if o.Outcome != engine.OutSkipped || o.Message == "" {
				t.Errorf("outcome %+v", o)
			}
		}
		r.Cycle(time.Hour)
		r.run(r.Engine.Track(ctx, r.Stores[0], []string{"LOOSE"}))
		r.WantShops(refs, 14)
		r.Set("LOOSE", 3)
		r.WantShops(refs, 3)
	})
}

func TestAddCountsFromZeroAndSaysSo(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		r.Goods("TEA", 5)
		changed, err := r.Engine.ChangeStock(ctx, engine.StockChange{SKU: " TEA ", Op: engine.AddStock, Quantity: 3, Key: "a"})
		if err != nil || len(changed.Notices) != 1 {
			t.Fatalf("%+v, %v", changed, err)
		}
		r.WantStock("TEA", 3, 0)
	})
}

func TestPackedUnitsAreAddedToACount(t *testing.T) {
	both(t, 1, func(t *testing.T, r *Rig) {
		refs := r.Goods("TEA", 50)
		r.On(0)
		r.Set("TEA", 50)
		r.Shops[0].Sell(units(refs[0], 4))
		r.Clock.Advance(3 * time.Second)
		// the count asks the shop first, so the sale just made is known when it is booked
		_, err := r.Engine.ChangeStock(ctx, engine.StockChange{SKU: "TEA", Op: engine.SetStock, Quantity: 46, Key: "first"})
		if err != nil {
			t.Fatal(err)
		}
		r.Sync()
		changed, err := r.Engine.ChangeStock(ctx, engine.StockChange{SKU: "TEA", Op: engine.SetStock, Quantity: 30, Packed: true, Key: "b"})
		if err != nil {
			t.Fatal(err)
		}
		r.WantStock("TEA", 34, 4)
		if _, err := r.Engine.Settle(ctx, changed.Item, time.Minute); err != nil {
			t.Fatal(err)
		}
		r.WantShops(refs, 30)
	})
}
