package engine_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// late is books with one shop that takes its time, on a clock that stands until step moves it.
type late struct {
	t      *testing.T
	at     time.Time
	d      *db.DB
	shop   *memory.Store
	engine *engine.Engine
	types  *channel.Registry
	store  uint32

	changed func([]string) // called when progress moved on
}

// plain hides every ability but those of the contract.
type plain struct{ channel.Store }

func newLate(t *testing.T, o memory.Options, settles bool) *late {
	t.Helper()
	return newLateIn(t, db.Options{}, o, settles)
}

func newLateIn(t *testing.T, books db.Options, o memory.Options, settles bool) *late {
	t.Helper()
	w := &late{t: t, at: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	o.ID, o.Now = "a", func() time.Time { return w.at }
	w.shop = memory.New(o)
	kind := memory.Type(w.shop)
	if !settles {
		open := kind.Open
		kind.Open = func(d channel.Deps, s channel.Settings) (channel.Store, error) {
			shop, err := open(d, s)
			return plain{shop}, err
		}
	}
	w.types = channel.NewRegistry(kind)
	var err error
	if w.d, err = db.OpenWith("", books); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.d.Close() })
	w.restart()
	s, _, err := w.engine.AddStore(t.Context(), engine.NewStore{Channel: "memory", Name: "A", Fields: map[string]string{"id": "a"}})
	if err != nil {
		t.Fatal(err)
	}
	w.store = s.ID
	return w
}

func (w *late) restart() {
	w.t.Helper()
	var err error
	changed := func(topics []string) {
		if w.changed != nil {
			w.changed(topics)
		}
	}
	w.engine, err = engine.New(engine.Options{DB: w.d, Types: w.types, Secrets: noSecrets{}, Now: func() time.Time { return w.at }, Changed: changed,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Sleep: func(_ context.Context, d time.Duration) error { w.at = w.at.Add(d); return nil }})
	if err != nil {
		w.t.Fatal(err)
	}
}

// step lets time pass in steps of ten seconds.
func (w *late) step(d time.Duration) {
	for end := w.at.Add(d); w.at.Before(end); w.at = w.at.Add(10 * time.Second) {
		for range 5 {
			w.engine.StepAll(w.t.Context(), w.at)
		}
	}
}

func (w *late) on() {
	w.t.Helper()
	if _, err := w.engine.SyncListings(w.t.Context(), w.store); err != nil {
		w.t.Fatal(err)
	}
	w.step(20 * time.Minute)
	if _, err := w.engine.TurnOn(w.t.Context(), w.store, engine.TurnOn{Copy: true}); err != nil {
		w.t.Fatal(err)
	}
	w.step(time.Minute)
}

// set changes stock without waiting for it to arrive.
func (w *late) set(sku string, n int64) (item uint64) {
	w.t.Helper()
	c, err := w.engine.ChangeStock(w.t.Context(), engine.StockChange{SKU: sku, Op: engine.SetStock, Quantity: n, Key: fmt.Sprint(sku, n, w.at)})
	if err != nil {
		w.t.Fatal(err)
	}
	return c.Item
}

func (w *late) outcome(item uint64) engine.PushOutcome {
	w.t.Helper()
	out, err := w.engine.Settle(w.t.Context(), item, 0)
	if err != nil || len(out) != 1 {
		w.t.Fatalf("%v, %v", out, err)
	}
	return out[0]
}

// dirty is the mark of a listing, the zero mark when it is clean.
func (w *late) dirty(ref channel.Ref) (d db.Dirty) {
	w.d.View(func(tx *db.Tx) error { d, _ = tx.Dirty(w.store, ref.Listing); return nil })
	return d
}

func (w *late) written() (n int64) {
	w.d.View(func(tx *db.Tx) error {
		for r := range tx.Runs() {
			n += r.Written
		}
		return nil
	})
	return n
}

func TestAcceptedIsNotWritten(t *testing.T) {
	for _, settles := range []bool{true, false} {
		t.Run(fmt.Sprintf("can be asked %v", settles), func(t *testing.T) {
			w := newLate(t, memory.Options{Feeds: 5 * time.Minute}, settles)
			ref := w.shop.AddListing(channeltest.Goods{SKU: "TEA", Title: "Tea", Quantity: 10})
			w.on()
			item := w.set("TEA", 15)
			w.step(time.Minute)
			if o := w.outcome(item); o.Outcome != engine.OutPending || !strings.Contains(o.Message, "15") {
				t.Errorf("just taken: %+v", o)
			}
			w.restart()
			w.step(2 * time.Minute)
			if o, d := w.outcome(item), w.dirty(ref); o.Outcome != engine.OutPending || d.Handle == "" || w.written() != 0 {
				t.Errorf("after a restart: %+v, handle %q, %d written", o, d.Handle, w.written())
			}
			w.step(5 * time.Minute)
			if d := w.dirty(ref); d.Gen != 0 || w.shop.Quantity(ref) != 15 || w.written() != 1 {
				t.Errorf("applied: %+v, the shop shows %d, %d written", d, w.shop.Quantity(ref), w.written())
			}
			if n := w.shop.Written(); n != 1 {
				t.Errorf("the shop was sent %d numbers", n)
			}
			w.step(time.Hour)
			if n := w.shop.Written(); n != 1 {
				t.Errorf("an idle hour later the shop was sent %d numbers", n)
			}
		})
	}
}

func TestANewerNumberGoesOutOverOneThatWaits(t *testing.T) {
	w := newLate(t, memory.Options{Feeds: 5 * time.Minute}, true)
	ref := w.shop.AddListing(channeltest.Goods{SKU: "TEA", Title: "Tea", Quantity: 10})
	w.on()
	w.set("TEA", 15)
	w.step(time.Minute)
	w.set("TEA", 3)
	w.step(time.Minute)
	if d := w.dirty(ref); d.Want != 3 || d.Handle == "" {
		t.Errorf("a decrease waits for the number before it: %+v", d)
	}
	w.step(10 * time.Minute)
	if d := w.dirty(ref); d.Gen != 0 || w.shop.Quantity(ref) != 3 {
		t.Errorf("%+v, the shop shows %d", d, w.shop.Quantity(ref))
	}
}

func TestARefusalThatComesLate(t *testing.T) {
	w := newLate(t, memory.Options{Feeds: 5 * time.Minute, MaxQuantity: 100}, true)
	ref := w.shop.AddListing(channeltest.Goods{SKU: "TEA", Title: "Tea", Quantity: 10})
	w.on()
	item := w.set("TEA", 15)
	w.step(2 * time.Minute)
	w.shop.Remove(ref)
	w.step(6 * time.Minute)
	if o := w.outcome(item); o.Outcome == engine.OutWritten || o.Outcome == engine.OutPending || w.written() != 0 {
		t.Errorf("of a listing that went: %+v, %d written", o, w.written())
	}
}

func TestAListThatIsNotReady(t *testing.T) {
	w := newLate(t, memory.Options{Prepares: 7 * time.Minute}, true)
	ref := w.shop.AddListing(channeltest.Goods{SKU: "TEA", Title: "Tea", Quantity: 10})
	began := w.at
	run, err := w.engine.SyncListings(t.Context(), w.store)
	if err != nil || run.Outcome != db.Partly || !strings.Contains(run.Note, "12:07") && !strings.Contains(run.Note, "still preparing its listings") {
		t.Errorf("a list that is not ready: %+v, %v", run, err)
	}
	asked := w.shop.Calls(channeltest.ListListings)
	w.step(6 * time.Minute)
	if n := w.shop.Calls(channeltest.ListListings); n != asked {
		t.Errorf("it was asked for %d times before it was ready", n-asked)
	}
	w.restart()
	w.step(2 * time.Minute)
	if err := w.d.View(func(tx *db.Tx) error { _, err := tx.Listing(w.store, ref.Listing); return err }); err != nil {
		t.Errorf("after the wait, and a restart: %v (%s later)", err, w.at.Sub(began))
	}
	// Turning on waits for the orders where it stands.
	w.shop.Sell(channeltest.Units{Ref: ref, Quantity: 2})
	began = w.at
	if _, err := w.engine.TurnOn(t.Context(), w.store, engine.TurnOn{Copy: true}); err != nil || w.at.Sub(began) < 7*time.Minute {
		t.Fatalf("turned on after %s: %v", w.at.Sub(began), err)
	}
	var booked int64
	w.d.View(func(tx *db.Tx) error {
		for _, s := range tx.Stocks() {
			booked += s.Booked
		}
		return nil
	})
	if booked != 2 {
		t.Errorf("%d units booked of the open order of 2", booked)
	}
}

// TestAListIsReadToItsEnd: where no lane goes on with a list that the shop prepares, whoever asked for it waits.
func TestAListIsReadToItsEnd(t *testing.T) {
	w := newLate(t, memory.Options{Prepares: 7 * time.Minute}, true)
	ref := w.shop.AddListing(channeltest.Goods{SKU: "TEA", Title: "Tea", Quantity: 10})
	run, err := w.engine.ToTheEnd(t.Context(), w.store, 5*time.Minute, w.engine.SyncListings)
	if err != nil || run.Outcome != db.Partly {
		t.Errorf("a list that takes longer than anybody waits: %+v, %v", run, err)
	}
	run, err = w.engine.ToTheEnd(t.Context(), w.store, 10*time.Minute, w.engine.SyncListings)
	if err != nil || run.Outcome != db.Done {
		t.Errorf("a list that was waited for: %+v, %v", run, err)
	}
	if err := w.d.View(func(tx *db.Tx) error { _, err := tx.Listing(w.store, ref.Listing); return err }); err != nil {
		t.Error(err)
	}
}

// TestSoonThenEveryMinute: most shops apply a number in a moment, so they are asked after seconds first (amazon.md, 5.2).
func TestSoonThenEveryMinute(t *testing.T) {
	w := newLate(t, memory.Options{Feeds: 8 * time.Second}, true)
	w.shop.AddListing(channeltest.Goods{SKU: "TEA", Title: "Tea", Quantity: 10})
	w.on()
	item, began := w.set("TEA", 15), w.at
	got, err := w.engine.Settle(t.Context(), item, time.Minute)
	if err != nil || got[0].Outcome != engine.OutWritten || w.at.Sub(began) > 20*time.Second {
		t.Errorf("after %s: %+v, %v", w.at.Sub(began), got, err)
	}
}

func TestNothingIsSentWhileOrdersArePrepared(t *testing.T) {
	w := newLate(t, memory.Options{}, true)
	ref := w.shop.AddListing(channeltest.Goods{SKU: "TEA", Title: "Tea", Quantity: 10})
	w.on()
	w.shop.Prepare(7 * time.Minute)
	err := w.d.Update(w.at, func(tx *db.Tx) error { return tx.PutCursor(w.store, "orders", nil) })
	if err != nil {
		t.Fatal(err)
	}
	w.set("TEA", 15)
	w.step(6 * time.Minute)
	if n := w.shop.Quantity(ref); n != 10 {
		t.Errorf("%d was sent although the orders are not known", n)
	}
	w.step(2 * time.Minute)
	if n := w.shop.Quantity(ref); n != 15 {
		t.Errorf("the shop shows %d after its orders were ready", n)
	}
}

func TestAParentTravelsTogether(t *testing.T) {
	w := newLate(t, memory.Options{WholeParent: true, PushBatch: 4}, true)
	var parents [2]string
	for i := range 6 {
		p := i % 2
		ref := w.shop.AddListing(channeltest.Goods{SKU: fmt.Sprint("S", i), Title: fmt.Sprint("Shirt ", p), Variant: fmt.Sprint(i), Parent: parents[p], Quantity: 10})
		parents[p] = ref.Parent
	}
	w.on()
	if err := w.engine.Pause(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	for i := range 6 { // by Available alone the parents would take turns
		w.set(fmt.Sprint("S", i), int64(20+i))
	}
	calls := w.shop.Calls(channeltest.PushStock)
	if err := w.engine.Resume(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	w.step(2 * time.Minute)
	if n := w.shop.Calls(channeltest.PushStock) - calls; n != 2 || w.shop.Torn() != 0 || w.shop.Written() != 6 {
		t.Errorf("%d batches, %d torn, %d written", n, w.shop.Torn(), w.shop.Written())
	}
}

func TestListingsOfHalfADay(t *testing.T) {
	w := newLate(t, memory.Options{ListingEvery: 12 * time.Hour}, true)
	w.shop.AddListing(channeltest.Goods{SKU: "TEA", Title: "Tea", Quantity: 10})
	w.on()
	calls := func() int { return w.shop.Calls(channeltest.ListListings) }
	before := calls()
	w.at = w.at.Add(13 * time.Hour) // the program was not running
	w.restart()
	ordersBefore := 0
	w.shop.Before(channeltest.ListListings, func() { ordersBefore = w.shop.Calls(channeltest.ListOrders) })
	orders := w.shop.Calls(channeltest.ListOrders)
	w.step(2 * time.Minute)
	if n := calls() - before; n != 1 || ordersBefore <= orders {
		t.Errorf("overdue at the start: pulled %d times, after %d order pulls", n, ordersBefore-orders)
	}
	w.step(3 * time.Hour)
	if n := calls() - before; n != 1 {
		t.Errorf("%d listing pulls within three hours", n)
	}
	w.at = w.at.Add(10 * time.Hour)
	w.shop.Fault(channeltest.Fault{Call: channeltest.ListListings, Kind: channeltest.ServerError, Times: 1})
	w.step(30 * time.Minute)
	if n := calls() - before; n != 3 {
		t.Errorf("a pull that failed: %d calls, want one more within half an hour", n-1)
	}
}
