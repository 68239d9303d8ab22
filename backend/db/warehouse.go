package db

import (
	"cmp"
	"slices"
	"strings"

	"evenstock/backend/domain"
)

// Spot names a number of a store: a listing, and the location where the store has some. A mark and what is known about
// a number are kept by it. The location is empty, and the spot is the ref itself, where there are none.
func Spot(ref, location string) string {
	if location == "" {
		return ref
	}
	return ref + "\x00" + location
}

// SplitSpot is a spot's listing and location.
func SplitSpot(spot string) (ref, location string) {
	ref, location, _ = strings.Cut(spot, "\x00")
	return ref, location
}

func (tx *Tx) touchSpot(store uint32, spot string) {
	ref, _ := SplitSpot(spot)
	tx.touched.Listings[Link{store, ref}] = true
}

// Place returns a location of the store.
func (s Store) Place(location string) (Location, bool) {
	for _, p := range s.Places {
		if p.Ref == location {
			return p, true
		}
	}
	return Location{}, false
}

// Sends reports whether numbers may be sent for a location: it is linked to a warehouse. A store without locations has
// one of an empty name, which is linked always.
func (s Store) Sends(location string) bool {
	if !s.Located {
		return location == ""
	}
	p, ok := s.Place(location)
	return ok && p.Active && p.Loc != 0
}

// Where are the locations numbers may be sent for: "" alone where the store has none.
func (s Store) Where() []string {
	if !s.Located {
		return []string{""}
	}
	var out []string
	for _, p := range s.Places {
		if s.Sends(p.Ref) {
			out = append(out, p.Ref)
		}
	}
	return out
}

// Linked are the warehouses whose stock the store sells.
func (s Store) Linked() []uint32 {
	if !s.Located {
		if len(s.Warehouses) == 0 {
			return []uint32{DefaultLoc}
		}
		return s.Warehouses
	}
	var out []uint32
	for _, p := range s.Places {
		if p.Loc != 0 && !slices.Contains(out, p.Loc) {
			out = append(out, p.Loc)
		}
	}
	return out
}

// Behind are the warehouses behind one number of the store: that of the location, or all linked ones.
func (s Store) Behind(location string) []uint32 {
	if !s.Located {
		return s.Linked()
	}
	if p, ok := s.Place(location); ok && p.Loc != 0 {
		return []uint32{p.Loc}
	}
	return nil
}

// Warehouses returns all warehouses by number, archived ones included. Inside a loop over lines use [Tx.Warehouse].
func (tx *Tx) Warehouses() []Warehouse {
	var out []Warehouse
	for k, w := range each[Warehouse](tx, key(tagWarehouse), nil) {
		w.Loc = u32(k[1:])
		out = append(out, w)
	}
	return out
}

// Ranked returns the warehouses in use, in the order in which orders are booked.
func (tx *Tx) Ranked() []Warehouse {
	out := slices.DeleteFunc(tx.Warehouses(), func(w Warehouse) bool { return w.Archived })
	slices.SortFunc(out, byRank)
	return out
}

func byRank(a, b Warehouse) int {
	return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Loc, b.Loc))
}

// Warehouse returns a warehouse by number.
func (tx *Tx) Warehouse(loc uint32) (Warehouse, error) {
	w, err := get[Warehouse](tx, key(tagWarehouse, loc))
	w.Loc = loc
	return w, err
}

// PutWarehouse writes a warehouse.
func (tx *Tx) PutWarehouse(w Warehouse) error {
	tx.touched.Stores = true
	return tx.put(key(tagWarehouse, w.Loc), w)
}

// RankedOf are the warehouses linked to a store, in the order in which its orders are booked.
func (tx *Tx) RankedOf(s Store) ([]uint32, error) {
	linked := s.Linked()
	if len(linked) < 2 {
		return linked, nil
	}
	all := make([]Warehouse, len(linked))
	for i, loc := range linked {
		w, err := tx.Warehouse(loc)
		if err != nil {
			return nil, err
		}
		all[i] = w
	}
	slices.SortFunc(all, byRank)
	out := make([]uint32, len(all))
	for i, w := range all {
		out[i] = w.Loc
	}
	return out, nil
}

// Offer is the stock behind one number of a store: the sum over the warehouses behind it. It is unset while none of them
// was counted; what is booked in one that was not counted is promised all the same (product.md Q5).
func (tx *Tx) Offer(s Store, location string, item uint64) (domain.Stock, error) {
	var sum domain.Stock
	for _, loc := range s.Behind(location) {
		at, err := tx.Stock(item, loc)
		if err != nil {
			return sum, err
		}
		sum = sum.Plus(at.Domain())
	}
	return sum, nil
}

// ForgetListing removes the marks of a listing and what is known about its numbers, at every location.
func (tx *Tx) ForgetListing(store uint32, ref string) error {
	s, err := tx.Store(store)
	if err != nil {
		return err
	}
	spots := []string{ref}
	for _, p := range s.Places {
		spots = append(spots, Spot(ref, p.Ref))
	}
	for _, spot := range spots {
		if err := tx.Clean(store, spot); err != nil {
			return err
		}
		if err := tx.ForgetPushed(store, spot); err != nil {
			return err
		}
	}
	return nil
}

// rankWarehouses gives the one warehouse of the first format its rank.
func rankWarehouses(tx *Tx, _ []byte) ([]byte, error) {
	for i, w := range tx.Warehouses() {
		w.Priority = int64(i + 1)
		if err := tx.PutWarehouse(w); err != nil {
			return nil, err
		}
	}
	return nil, nil
}
