package view

import (
	"slices"
	"strings"

	"evenstock/backend/db"
)

// Warehouses returns the warehouses in use in the order of their priority, with what lies in them.
func (v *View) Warehouses() ([]Warehouse, error) {
	out := []Warehouse{}
	err := v.db.View(func(tx *db.Tx) error {
		at := map[uint32]*Warehouse{}
		for _, w := range tx.Ranked() {
			out = append(out, Warehouse{Code: w.Code, Name: w.Name, Priority: w.Priority, Main: w.Loc == db.DefaultLoc, Stores: []string{}})
		}
		for i, w := range tx.Ranked() {
			at[w.Loc] = &out[i]
		}
		for place, s := range tx.Stocks() {
			w := at[place.Loc]
			if w == nil {
				continue
			}
			w.Booked += s.Booked
			if s.Counted {
				w.Products, w.Units = w.Products+1, w.Units+s.OnHand
			}
		}
		for _, s := range tx.Stores() {
			if s.Removed {
				continue
			}
			for _, loc := range s.Linked() {
				if w := at[loc]; w != nil {
					w.Stores = append(w.Stores, s.Name)
				}
			}
		}
		return nil
	})
	return out, err
}

// Locations returns the places of a store and which warehouses they are.
func (v *View) Locations(store uint32) (StoreLocations, error) {
	out := StoreLocations{Locations: []StoreLocation{}}
	err := v.db.View(func(tx *db.Tx) error {
		s, err := tx.Store(store)
		if err != nil {
			return err
		}
		out.Store, out.Located = s.Name, s.Located
		codes := codesOf(tx)
		if s.Located {
			for _, p := range s.Places {
				out.Locations = append(out.Locations, StoreLocation{p.Ref, or(p.Name, p.Ref), p.Active, p.Fulfils, codes[p.Loc]})
			}
			return nil
		}
		for _, w := range tx.Ranked() {
			at := StoreLocation{Ref: w.Code, Name: w.Name, Active: true, Fulfils: true}
			if slices.Contains(s.Linked(), w.Loc) {
				at.Warehouse = w.Code
			}
			out.Locations = append(out.Locations, at)
		}
		return nil
	})
	return out, err
}

// InWarehouse returns products, by their numbers, as they are in one warehouse, in the order asked for.
func (v *View) InWarehouse(code string, items []uint64) ([]WarehouseStock, error) {
	out := make([]WarehouseStock, 0, len(items))
	err := v.db.View(func(tx *db.Tx) error {
		ranked := tx.Ranked()
		i := slices.IndexFunc(ranked, func(w db.Warehouse) bool { return strings.EqualFold(w.Code, code) })
		if i < 0 {
			return notFound("There is no warehouse with the code %q.", code)
		}
		for _, item := range items {
			at, err := inWarehouse(tx, item, ranked[i])
			if err != nil {
				return err
			}
			out = append(out, at)
		}
		return nil
	})
	return out, err
}

// inWarehouses is a product in every warehouse in use.
func inWarehouses(tx *db.Tx, item uint64) ([]WarehouseStock, error) {
	out := []WarehouseStock{}
	for _, w := range tx.Ranked() {
		at, err := inWarehouse(tx, item, w)
		if err != nil {
			return nil, err
		}
		out = append(out, at)
	}
	return out, nil
}

func inWarehouse(tx *db.Tx, item uint64, w db.Warehouse) (WarehouseStock, error) {
	s, err := tx.Stock(item, w.Loc)
	at := WarehouseStock{Code: w.Code, Name: w.Name, Booked: s.Booked, Counted: s.Counted}
	if n, ok := s.Domain().Available(); ok {
		at.InStock, at.Available = &s.OnHand, &n
	}
	return at, err
}

// codesOf are the codes of all warehouses by number, of those taken out of use too.
func codesOf(tx *db.Tx) map[uint32]string {
	out := map[uint32]string{}
	for _, w := range tx.Warehouses() {
		out[w.Loc] = w.Code
	}
	return out
}
