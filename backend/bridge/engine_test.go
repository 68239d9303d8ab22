package bridge_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"evenstock/backend/bridge"
	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/db/dbtest"
	"evenstock/backend/engine"
	"evenstock/backend/view"
)

// noSecrets is a key store for a channel that has none.
type noSecrets struct{}

func (noSecrets) Get(uint32, string) (string, error) { return "", db.ErrNotFound }
func (noSecrets) Put(uint32, string, string) error   { return nil }

// desk is the page's side of a program with one shop in memory.
type desk struct {
	t      *testing.T
	shop   *memory.Store
	app    *bridge.App
	stores *bridge.Stores
	stock  *bridge.Stock
	orders *bridge.Orders
	deps   bridge.Deps
	books  *db.DB

	services []any
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	at := time.Date(2026, 8, 17, 9, 0, 0, 0, time.UTC)
	now := func() time.Time { return at }
	var l log
	shop := memory.New(memory.Options{ID: "fernhill", Now: now})
	types := channel.NewRegistry(memory.Type(shop))
	d := dbtest.Open(t)
	v, err := view.Open(d)
	if err != nil {
		t.Fatal(err)
	}
	d.OnCommit(v.Update)
	e, err := engine.New(engine.Options{DB: d, Types: types, HTTP: http.DefaultClient, Log: l.logger(), Secrets: noSecrets{}, Now: now,
		Sleep: func(ctx context.Context, wait time.Duration) error {
			at = at.Add(wait)
			return ctx.Err()
		}})
	if err != nil {
		t.Fatal(err)
	}
	v.SetLive(view.Live{Progress: e.Progress, Rehearsing: e.Rehearsing})
	b := bridge.New(bridge.About{Log: l.logger()})
	deps := bridge.Deps{Context: t.Context(), Engine: e, View: v, Types: types, Now: now, Books: d}
	b.Attach(deps)
	s := b.Services()
	return &desk{t, shop, s[0].(*bridge.App), s[1].(*bridge.Stores), s[2].(*bridge.Stock), s[3].(*bridge.Orders), deps, d, s}
}

func key() string { return ulid.Make().String() }

// TestApplesAtTheDesk is product.md Q3 as far as the page goes: connect, rehearse, turn on, sell, change, undo.
func TestApplesAtTheDesk(t *testing.T) {
	d := newDesk(t)
	apples := d.shop.AddListing(channeltest.Goods{SKU: "APPLE", Title: "Apples", Quantity: 50})
	added, err := d.stores.Add(bridge.StoreForm{Channel: "memory", Name: "Fernhill", Fields: map[string]string{"id": "fernhill"}})
	if err != nil || added.Account.ID != "fernhill" || added.Store.Sync != "off" || added.Store.Name != "Fernhill" {
		t.Fatalf("%+v %v", added, err)
	}
	id := added.Store.ID
	must(t)(d.stores.SyncListings(id))

	rehearsal, err := d.stores.Rehearse(id, bridge.Answers{Copy: true})
	if err != nil || rehearsal.Totals.Rows != 1 || rehearsal.Totals.Changes != 0 {
		t.Fatalf("%+v %v", rehearsal, err)
	}
	runs, err := d.stores.TurnOn(id, bridge.Answers{Copy: true})
	if err != nil || len(runs.Runs) == 0 {
		t.Fatalf("%+v %v", runs, err)
	}
	d.numbers("copied", 50, 0, 50)

	d.shop.Sell(channeltest.Units{Ref: apples, Quantity: 4})
	must(t)(d.stores.Sync(id))
	d.numbers("sold", 50, 4, 46)

	change := bridge.StockChange{SKU: "APPLE", Op: "add", Quantity: 10, Reason: "found", Key: key()}
	changed, err := d.stock.Change(change)
	if err != nil || *changed.Stock.Available != 56 {
		t.Fatalf("%+v %v", changed, err)
	}
	again, err := d.stock.Change(change)
	if err != nil || again.Seq != changed.Seq || *again.Stock.Available != 56 {
		t.Errorf("the same key again: %+v %v", again, err)
	}
	pushes, err := d.stock.Settle(changed.Item, 60_000)
	if err != nil || len(pushes.Pushes) != 1 || pushes.Pushes[0].Outcome != "written" || d.shop.Quantity(apples) != 56 {
		t.Errorf("%+v %v, the shop has %d", pushes, err, d.shop.Quantity(apples))
	}
	undone, err := d.stock.Undo(changed.Seq)
	if err != nil || *undone.Stock.Available != 46 {
		t.Errorf("%+v %v", undone, err)
	}
	if _, err := d.stock.Undo(changed.Seq); !refused(err, "invalid") {
		t.Errorf("undone twice: %v", err)
	}
	if _, err := d.stock.Change(bridge.StockChange{SKU: "NOPE", Op: "set", Quantity: 1, Key: key()}); !refused(err, "not_found") {
		t.Errorf("unknown SKU: %v", err)
	}
}

// numbers compares the explained product with what it should be.
func (d *desk) numbers(when string, inStock, booked, available int64) {
	d.t.Helper()
	x, err := d.stock.Explain("APPLE")
	if err != nil {
		d.t.Fatal(err)
	}
	if x.InStock == nil || *x.InStock != inStock || x.Booked != booked || *x.Available != available {
		d.t.Errorf("%s: %+v", when, x)
	}
}

func TestRefusalsAtTheDesk(t *testing.T) {
	d := newDesk(t)
	added, err := d.stores.Add(bridge.StoreForm{Channel: "memory", Name: "Fernhill", Fields: map[string]string{"id": "fernhill"}})
	if err != nil {
		t.Fatal(err)
	}
	id := added.Store.ID
	if _, err := d.stores.Sync(id); !refused(err, "sync_off") || !strings.Contains(bridge.FormatError(err).(string), `"store":"Fernhill"`) {
		t.Errorf("sync while off: %v", err)
	}
	if _, err := d.stores.Add(bridge.StoreForm{Channel: "memory", Name: "Twice", Fields: map[string]string{"id": "fernhill"}}); err == nil {
		t.Error("the same account twice")
	}
	if _, err := d.stores.Add(bridge.StoreForm{Channel: "letters", Name: "X"}); !refused(err, "invalid") {
		t.Errorf("unknown channel: %v", err)
	}
	must(t)(d.stores.RefreshListings(id))
	_, err = d.stores.RefreshListings(id)
	var f *bridge.Failure
	if !errors.As(err, &f) || f.Code != "cooldown" || f.RetryAt == 0 {
		t.Errorf("hard refresh twice: %+v", err)
	}
	list, err := d.stores.List()
	if err != nil || list[0].Cooldown.Listings != 14_400 || list[0].Cooldown.Inventory != 0 {
		t.Errorf("%+v %v", list, err)
	}
	short := int64(1)
	if _, err := d.stores.Settings(id, bridge.SettingsPatch{Every: &short}); !refused(err, "invalid") {
		t.Errorf("orders every millisecond: %v", err)
	}
	name, drafts, every := "Fernhill Home", true, int64(60_000)
	s, err := d.stores.Settings(id, bridge.SettingsPatch{Name: &name, IncludeDrafts: &drafts, Every: &every})
	if err != nil || s.Name != name || !s.IncludeDrafts || s.Every != every {
		t.Errorf("%+v %v", s, err)
	}
	if err := d.app.Pause(0); err != nil {
		t.Error(err)
	}
	if state, err := d.app.State(); err != nil || !state.Paused || state.FirstStart {
		t.Errorf("%+v %v", state, err)
	}
	if err := d.app.Resume(0); err != nil {
		t.Error(err)
	}
	if err := d.orders.Link("1/2/3", "APPLE"); err == nil {
		t.Error("an order line that is not there was linked")
	}
	if err := d.stores.Remove(id, true); err != nil {
		t.Error(err)
	}
	if list, err := d.stores.List(); err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
}

func refused(err error, code string) bool {
	var f *bridge.Failure
	return errors.As(err, &f) && f.Code == code
}

// must fails the test when a run does not end well.
func must(t *testing.T) func(db.Run, error) {
	return func(r db.Run, err error) {
		t.Helper()
		if err != nil || r.Outcome != db.Done {
			t.Fatalf("%+v %v", r, err)
		}
	}
}
