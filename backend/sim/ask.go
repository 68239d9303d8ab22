package sim

import (
	"context"
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// Goods puts a product on sale in the shops named by their index, all of them when none is named, and pulls listings.
func (r *Rig) Goods(sku string, quantity int64, shops ...int) []channel.Ref {
	r.T.Helper()
	if len(shops) == 0 {
		shops = r.all()
	}
	var refs []channel.Ref
	for _, i := range shops {
		refs = append(refs, r.Shops[i].AddListing(channeltest.Goods{SKU: sku, Title: "Goods " + sku, Quantity: quantity}))
		r.PullListings(i)
	}
	return refs
}

// all are the indexes of all shops.
func (r *Rig) all() (shops []int) {
	for i := range r.Shops {
		shops = append(shops, i)
	}
	return shops
}

// PullListings pulls a shop's changed listings, some seconds later so that no change shares a second with the pull. Where the
// shop has to prepare them, it waits.
func (r *Rig) PullListings(i int) {
	r.T.Helper()
	r.Clock.Advance(2 * time.Second)
	if r.setup.Delay > 0 && r.Kinds[i].later() {
		if _, err := r.Engine.SyncListings(context.Background(), r.Stores[i]); err != nil {
			r.T.Fatalf("listings of shop %d: %v", i, err)
		}
		r.Cycle(r.setup.Delay + time.Minute)
		return
	}
	r.run(r.Engine.SyncListings(context.Background(), r.Stores[i]))
}

// run fails the test unless a run is done.
func (r *Rig) run(run db.Run, err error) db.Run {
	r.T.Helper()
	if err != nil {
		r.T.Fatalf("run: %v", err)
	}
	if run.Outcome != db.Done {
		r.T.Fatalf("run %s of %s: %s %s %+v", run.Kind, run.StoreName, run.Outcome, run.Note, run.Errors)
	}
	return run
}

// On turns shops on without copying, every row pushed; all of them when none is named.
func (r *Rig) On(shops ...int) {
	r.T.Helper()
	if len(shops) == 0 {
		shops = r.all()
	}
	for _, i := range shops {
		r.TurnOn(i, engine.TurnOn{Push: engine.PushAll})
	}
}

// TurnOn turns a shop on. Where the shop has to prepare its listings, it comes back for that.
func (r *Rig) TurnOn(i int, t engine.TurnOn) db.Run {
	r.T.Helper()
	run := r.turnOn(i, t)
	if run.Outcome == db.Partly && r.Kinds[i].later() {
		r.Cycle(r.setup.Delay + time.Minute)
		run = r.turnOn(i, t)
	}
	return r.run(run, nil)
}

func (r *Rig) turnOn(i int, t engine.TurnOn) db.Run {
	r.T.Helper()
	runs, err := r.Engine.TurnOn(context.Background(), r.Stores[i], t)
	if err != nil || len(runs) != 1 {
		r.T.Fatalf("turn on shop %d: %v %v", i, runs, err)
	}
	return runs[0]
}

// Set sets In stock by hand and waits for the stores.
func (r *Rig) Set(sku string, n int64) []engine.PushOutcome {
	return r.change(engine.StockChange{SKU: sku, Op: engine.SetStock, Quantity: n}, time.Minute)
}

// Add adds to In stock by hand and waits for the stores.
func (r *Rig) Add(sku string, n int64) []engine.PushOutcome {
	return r.change(engine.StockChange{SKU: sku, Op: engine.AddStock, Quantity: n}, time.Minute)
}

// change changes In stock and waits at most so long for the stores.
func (r *Rig) change(c engine.StockChange, most time.Duration) []engine.PushOutcome {
	r.T.Helper()
	r.keys++
	c.Key = fmt.Sprintf("key %d", r.keys)
	changed, err := r.Engine.ChangeStock(context.Background(), c)
	if err != nil {
		r.T.Fatalf("%s %s %d: %v", c.Op, c.SKU, c.Quantity, err)
	}
	out, err := r.Engine.Settle(context.Background(), changed.Item, most)
	if err != nil {
		r.T.Fatalf("settle %s: %v", c.SKU, err)
	}
	return out
}

// Stock is what the books say about a SKU.
func (r *Rig) Stock(sku string) (s db.Stock) {
	r.T.Helper()
	err := r.DB.View(func(tx *db.Tx) error {
		it, err := tx.ItemBySKU(sku)
		if err != nil {
			return err
		}
		s, err = tx.Stock(it.ID, db.DefaultLoc)
		return err
	})
	if err != nil {
		r.T.Fatalf("stock of %s: %v", sku, err)
	}
	return s
}

// WantStock compares In stock, Booked and Available; inStock −1 means unset.
func (r *Rig) WantStock(sku string, inStock, booked int64) {
	r.T.Helper()
	s := r.Stock(sku)
	if inStock < 0 {
		if s.Counted || s.Booked != booked {
			r.T.Errorf("%s: %+v, want unset with %d booked", sku, s, booked)
		}
		return
	}
	if !s.Counted || s.OnHand != inStock || s.Booked != booked {
		r.T.Errorf("%s: %d in stock, %d booked (counted %v), want %d, %d", sku, s.OnHand, s.Booked, s.Counted, inStock, booked)
	}
}

// WantShops compares what the shops show; the last number is that of all further shops.
func (r *Rig) WantShops(refs []channel.Ref, want ...int64) {
	r.T.Helper()
	var got []int64
	for i, ref := range refs {
		got = append(got, r.Shops[i].Quantity(ref))
	}
	for len(want) < len(got) {
		want = append(want[:len(want):len(want)], want[len(want)-1])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		r.T.Errorf("shops show (-want +got):\n%s", diff)
	}
}

// Sync is the manual button on every shop that is on.
func (r *Rig) Sync() []db.Run {
	r.T.Helper()
	r.Clock.Advance(2 * time.Second)
	runs, _, err := r.Engine.SyncAll(context.Background())
	if err != nil {
		r.T.Fatalf("sync: %v", err)
	}
	return runs
}

// throttled is how many calls a shop's limits did not allow; one in memory has none.
func throttled(s channeltest.Shop) int {
	if limited, ok := s.(interface{ Throttled() int }); ok {
		return limited.Throttled()
	}
	return 0
}

// Verify has the books checked from scratch, and that no shop had to refuse a call because of its limits.
func (r *Rig) Verify() {
	r.T.Helper()
	report, err := r.DB.Verify(nil)
	if err != nil {
		r.T.Fatalf("verify: %v", err)
	}
	for _, d := range report.Differences {
		r.T.Errorf("verify: %+v", d)
	}
	for i, s := range r.Shops {
		if n := throttled(s); n > 0 {
			r.T.Errorf("shop %d refused %d calls that its limits did not allow", i, n)
		}
	}
}
