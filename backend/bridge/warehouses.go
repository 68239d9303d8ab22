package bridge

import (
	"fmt"

	"evenstock/backend/engine"
	"evenstock/backend/view"
)

// Warehouses are the places where stock lies, and which locations of the stores they are.
type Warehouses struct{ b *Bridge }

// WarehousePatch changes a warehouse; what is null stays as it is.
type WarehousePatch struct {
	Name     *string `json:"name"`
	Priority *int    `json:"priority"` // 1 is where orders are booked first
}

// List returns the warehouses in use, in the order in which orders are booked.
func (w *Warehouses) List() ([]view.Warehouse, error) {
	return call(w.b, "Warehouses.List", func(d *Deps) ([]view.Warehouse, error) { return d.View.Warehouses() })
}

// Stock returns at most 200 products, by their numbers, as they are in one warehouse, in the order asked for.
func (w *Warehouses) Stock(code string, items []uint64) ([]view.WarehouseStock, error) {
	return call(w.b, "Warehouses.Stock", func(d *Deps) ([]view.WarehouseStock, error) {
		if len(items) > maxAtOnce {
			return nil, invalid(fmt.Sprintf("Ask for at most %d products at once.", maxAtOnce))
		}
		return d.View.InWarehouse(code, items)
	})
}

// Add adds a warehouse, last in priority and linked to no store.
func (w *Warehouses) Add(code, name string) error {
	return do(w.b, "Warehouses.Add", func(d *Deps) error {
		_, err := d.Engine.AddWarehouse(d.Context, code, name)
		return err
	})
}

// Set renames a warehouse or gives it another place in the order of priority.
func (w *Warehouses) Set(code string, p WarehousePatch) error {
	return do(w.b, "Warehouses.Set", func(d *Deps) error {
		_, err := d.Engine.SetWarehouse(d.Context, code, engine.WarehousePatch{Name: p.Name, Priority: p.Priority})
		return err
	})
}

// Remove takes an empty warehouse out of use; its history stays.
func (w *Warehouses) Remove(code string) error {
	return do(w.b, "Warehouses.Remove", func(d *Deps) error { return d.Engine.RemoveWarehouse(d.Context, code) })
}

// Locations returns the locations of a store and which warehouse each is; ask has the shop asked for them first.
func (w *Warehouses) Locations(store uint32, ask bool) (view.StoreLocations, error) {
	return call(w.b, "Warehouses.Locations", func(d *Deps) (view.StoreLocations, error) {
		if ask {
			if _, err := d.Engine.Locations(d.Context, store); err != nil {
				return view.StoreLocations{}, err
			}
		}
		return d.View.Locations(store)
	})
}

// Link says which warehouse a location of a store is, by code; "" is none, and nothing is sent there.
func (w *Warehouses) Link(store uint32, location, code string) error {
	return do(w.b, "Warehouses.Link", func(d *Deps) error {
		return d.Engine.SetLocations(d.Context, store, map[string]string{location: code})
	})
}
