package bridge_test

import (
	"testing"
	"time"

	"evenstock/backend/bridge"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/db"
	"evenstock/backend/desktop"
)

// TestAwayFromTheDesk shows, holds back, quits, plans and comes back, over a real engine and a shop.
func TestAwayFromTheDesk(t *testing.T) {
	d := newDesk(t)
	apples := d.shop.AddListing(channeltest.Goods{SKU: "APPLE", Title: "Apples", Quantity: 50})
	added, err := d.stores.Add(bridge.StoreForm{Channel: "memory", Name: "Fernhill", Fields: map[string]string{"id": "fernhill"}})
	if err != nil {
		t.Fatal(err)
	}
	must(t)(d.stores.SyncListings(added.Store.ID))
	if _, err := d.stores.TurnOn(added.Store.ID, bridge.Answers{Copy: true}); err != nil {
		t.Fatal(err)
	}
	quit := make(chan bool, 1)
	d.deps.Quit = func() { quit <- true }
	b := bridge.New(bridge.About{})
	b.Attach(d.deps)
	var away *bridge.Away
	var app *bridge.App
	var stores *bridge.Stores
	for _, s := range b.Services() {
		switch s := s.(type) {
		case *bridge.Away:
			away = s
		case *bridge.App:
			app = s
		case *bridge.Stores:
			stores = s
		}
	}
	var went places
	tray := bridge.Behind(d.deps, &went)
	shown, err := away.Preview(2, 0)
	if err != nil || len(shown) != 1 || d.shop.Quantity(apples) != 50 {
		t.Fatalf("%+v %v", shown, err)
	}
	if rows, err := stores.TableRows(bridge.TableQuery{Table: shown[0].ID, Limit: 1}); err != nil || *rows.Rows[0].Target != 48 {
		t.Fatalf("%+v %v", rows, err)
	}
	if err := away.SetOffer(true); err != nil || !tray.Look().OfferAway || tray.Look().Tray.Away {
		t.Errorf("quitting does not offer it: %v", err)
	}
	sent, err := away.Start(bridge.AwayStart{Units: 2, Quit: true})
	if err != nil || !sent.Ends || len(sent.Runs) != 1 || d.shop.Quantity(apples) != 48 {
		t.Fatalf("%+v %v, the shop has %d", sent, err, d.shop.Quantity(apples))
	}
	select {
	case <-quit:
	case <-time.After(5 * time.Second):
		t.Error("the program does not end")
	}
	if tray.Look().OfferAway || !tray.Look().Tray.Away {
		t.Error("it is offered again")
	}
	state, err := app.State()
	if err != nil || state.Away == nil || *state.Away != (bridge.AwayNow{Units: 2, AtStart: true}) {
		t.Errorf("%+v %v", state.Away, err)
	}
	product, err := d.stock.Product("APPLE")
	if err != nil || product.Online[0].Away != 2 || *product.Online[0].Target != 48 {
		t.Errorf("%+v %v", product.Online, err)
	}
	why, err := d.stock.Explain("APPLE")
	if err != nil || why.Pushes[0].Away != 2 {
		t.Errorf("%+v %v", why.Pushes, err)
	}
	tray.Do(desktop.TrayAction{Do: desktop.TrayBack})
	must(t)(d.stores.Sync(added.Store.ID))
	if d.shop.Quantity(apples) != 50 {
		t.Errorf("on return the shop has %d", d.shop.Quantity(apples))
	}
	tray.Do(desktop.TrayAction{Do: desktop.TrayAway})
	tray.Do(desktop.TrayAction{Do: desktop.TrayAwayQuit})
	if len(went) != 2 || went[0] != (bridge.Place{At: "away"}) || went[1] != (bridge.Place{At: "away", ID: 1}) {
		t.Errorf("went to %v", went)
	}

	weekend := []db.AwayDay{{Weekday: 6, From: 0, To: 1440}}
	if err := away.SetPlan(0, 10, weekend); err != nil {
		t.Fatal(err)
	}
	got, err := away.Get()
	if err != nil || got.On || got.PlanPercent != 10 || len(got.Plan) != 1 || got.Plan[0] != weekend[0] || !got.Offer || !got.Quits {
		t.Errorf("%+v %v", got, err)
	}
	if err := away.SetPlan(0, 0, weekend); !refused(err, "invalid") {
		t.Errorf("a plan that holds nothing back: %v", err)
	}
	if _, err := away.Start(bridge.AwayStart{}); !refused(err, "invalid") {
		t.Errorf("away with nothing held back: %v", err)
	}
}
