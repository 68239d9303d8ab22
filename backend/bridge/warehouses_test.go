package bridge_test

import (
	"errors"
	"slices"
	"testing"

	"evenstock/backend/bridge"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/view"
)

// TestWarehousesAtTheDesk adds a second warehouse, counts in it and lets a shop sell from both.
func TestWarehousesAtTheDesk(t *testing.T) {
	d := newDesk(t)
	mug := d.shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 8})
	added, err := d.stores.Add(bridge.StoreForm{Channel: "memory", Name: "Fernhill", Fields: map[string]string{"id": "fernhill"}})
	if err != nil {
		t.Fatal(err)
	}
	store := added.Store.ID
	if _, err := d.stores.SyncListings(store); err != nil {
		t.Fatal(err)
	}
	if _, err := d.stores.TurnOn(store, bridge.Answers{Copy: true}); err != nil {
		t.Fatal(err)
	}
	w := d.warehouses()
	if err := w.Add("DEPOT", "Depot"); err != nil {
		t.Fatal(err)
	}
	name, first := "Depot at the station", 1
	if err := w.Set("DEPOT", bridge.WarehousePatch{Name: &name, Priority: &first}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.stock.Change(bridge.StockChange{SKU: "MUG", Op: "set", Quantity: 5, Warehouse: "DEPOT", Key: key()}); err != nil {
		t.Fatal(err)
	}
	places, err := w.Locations(store, false)
	want := []view.StoreLocation{{Ref: "DEPOT", Name: name, Active: true, Fulfils: true}, {Ref: "MAIN", Name: "Main warehouse", Active: true, Fulfils: true, Warehouse: "MAIN"}}
	if err != nil || places.Located || !slices.Equal(places.Locations, want) {
		t.Errorf("locations %+v, %v", places, err)
	}
	if err := w.Link(store, "DEPOT", "DEPOT"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.stores.Sync(store); err != nil || d.shop.Quantity(mug) != 13 {
		t.Errorf("the shop shows %d (%v), want 13", d.shop.Quantity(mug), err)
	}
	all, err := w.List()
	if err != nil || len(all) != 2 || all[0].Code != "DEPOT" || all[0].Units != 5 || !slices.Equal(all[0].Stores, []string{"Fernhill"}) {
		t.Errorf("warehouses %+v, %v", all, err)
	}
	p, err := d.stock.Product("MUG")
	for code, want := range map[string]int64{"depot": 5, "MAIN": 8} {
		if there, err := w.Stock(code, []uint64{p.ID}); err != nil || len(there) != 1 || *there[0].InStock != want {
			t.Errorf("in %s: %+v, %v", code, there, err)
		}
	}
	if _, err := w.Stock("NOWHERE", []uint64{p.ID}); err == nil {
		t.Error("a warehouse nobody knows")
	}
	if _, err := w.Stock("MAIN", make([]uint64, 201)); err == nil {
		t.Error("201 products at once")
	}
	if err != nil || len(p.Warehouses) != 2 || *p.Warehouses[0].Available != 5 || *p.Available != 13 {
		t.Errorf("product %+v, %v", p, err)
	}
	var refused *bridge.Failure
	if err := w.Remove("DEPOT"); !errors.As(err, &refused) || refused.Code != "invalid" {
		t.Errorf("removing one in use: %v", err)
	}
}

func (d *desk) warehouses() *bridge.Warehouses {
	return d.services[len(d.services)-1].(*bridge.Warehouses)
}
