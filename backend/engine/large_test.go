package engine_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
)

// many puts so many listings on sale, each with ten units.
func (w *late) many(n int) (refs []channel.Ref) {
	for i := range n {
		refs = append(refs, w.shop.AddListing(channeltest.Goods{SKU: fmt.Sprint("S-", i), Title: "Goods", Quantity: 10}))
	}
	return refs
}

// TestARefreshThatChangesTooMuchSendsNothing: the safety catch judges the whole of a hard refresh before the first of it is sent,
// however many slices it takes (product.md T4).
func TestARefreshThatChangesTooMuchSendsNothing(t *testing.T) {
	const n = 1_700 // of which a slice of 500 is less than 30 %
	w := newLate(t, memory.Options{}, true)
	refs := w.many(n)
	w.on()
	for _, ref := range refs {
		w.shop.SetQuantity(ref, 12)
	}
	before := w.shop.Written()
	run, err := w.engine.RefreshInventory(t.Context(), w.store)
	if err != nil || run.Outcome != db.Held || run.HeldRows != n || w.shop.Written() != before {
		t.Fatalf("%v, %+v, %d written", err, run, w.shop.Written()-before)
	}
	if run, err = w.engine.Approve(t.Context(), w.store, nil); err != nil || run.Written != n || w.shop.Quantity(refs[n-1]) != 10 {
		t.Errorf("approved: %v, %+v", err, run)
	}
}

// TestARefreshReadsNothingTwiceForNothing: what a hard refresh has compared counts as read before the orders; what differs is read
// once more after them (product.md I7). A unit sold meanwhile is not given back.
func TestARefreshReadsNothingTwiceForNothing(t *testing.T) {
	for _, cas := range []bool{false, true} {
		w := newLate(t, memory.Options{ReadBatch: 10, CompareAndSet: cas}, true)
		refs := w.many(100)
		w.on()
		for _, ref := range refs[:20] {
			w.shop.SetQuantity(ref, 12)
		}
		want := 10 + 2
		if cas {
			want = 10 // the reading is the condition of the write
		}
		before := w.shop.Calls(channeltest.ReadStock)
		w.shop.After(channeltest.ReadStock, func() { w.shop.Sell(channeltest.Units{Ref: refs[0], Quantity: 3}) })
		if run, err := w.engine.RefreshInventory(t.Context(), w.store); err != nil || run.Written < 19 {
			t.Fatalf("%v, %+v", err, run)
		}
		w.step(time.Minute)
		if got := w.shop.Calls(channeltest.ReadStock) - before; got > want+3 { // the row that was sold goes round again
			t.Errorf("compare-and-set %v: %d readings, want %d and those of one row", cas, got, want)
		}
		for i, ref := range refs {
			if got, want := w.shop.Quantity(ref), map[bool]int64{true: 7, false: 10}[i == 0]; got != want {
				t.Errorf("compare-and-set %v: listing %d shows %d, want %d", cas, i, got, want)
			}
		}
	}
}

// slowly is a shop whose answers take time for each listing.
type slowly struct {
	channel.Store
	each time.Duration
	pass func(time.Duration)
}

func (s slowly) ReadStock(ctx context.Context, refs []channel.Ref) ([]channel.Reading, error) {
	s.pass(s.each * time.Duration(len(refs)))
	return s.Store.ReadStock(ctx, refs)
}

// TestASlowShopIsSentInShorterSlices: where orders are too old by the time that a slice was read after them, fewer listings go in
// a slice, until some can be sent (product.md I6).
func TestASlowShopIsSentInShorterSlices(t *testing.T) {
	w := newLate(t, memory.Options{}, true)
	kind := memory.Type(w.shop)
	open := kind.Open
	kind.Open = func(d channel.Deps, s channel.Settings) (channel.Store, error) {
		shop, err := open(d, s)
		return slowly{shop, 300 * time.Millisecond, func(d time.Duration) { w.at = w.at.Add(d) }}, err
	}
	w.types = channel.NewRegistry(kind)
	w.restart()
	const changed = 400 // to read them takes two minutes, and orders stay fresh for one
	w.many(1_400)
	w.on()
	for i := range changed {
		w.set(fmt.Sprint("S-", i), 15)
	}
	if run, err := w.engine.Sync(t.Context(), w.store); err != nil || run.Written != changed {
		t.Errorf("%v, %+v, want %d written", err, run, changed)
	}
}
