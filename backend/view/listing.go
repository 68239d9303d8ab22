package view

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// Product returns a product with every listing it is linked to.
func (v *View) Product(sku string) (Product, error) {
	var out Product
	err := v.db.View(func(tx *db.Tx) error {
		it, err := itemBySKU(tx, domain.TrimSKU(sku))
		if err != nil {
			return err
		}
		p, err := readProduct(tx, it.ID)
		if err != nil {
			return err
		}
		out = Product{StockRow: p.row.shown(p.shops), Online: []Listing{}}
		if out.Warehouses, err = inWarehouses(tx, it.ID); err != nil {
			return err
		}
		for i, l := range p.listings {
			shop := p.shops[l.Store]
			if shop.Removed {
				continue
			}
			shown, err := v.listing(tx, shop, l, p.row, p.marks[i])
			if err != nil {
				return err
			}
			out.Online = append(out.Online, shown)
		}
		slices.SortFunc(out.Online, func(a, b Listing) int {
			return cmp.Or(cmp.Compare(a.StoreID, b.StoreID), cmp.Compare(a.Ref, b.Ref))
		})
		return nil
	})
	return out, err
}

// Listings returns listings with what the shop has, should have and why: those of a store, or of all when it is 0, and
// with a SKU only those that carry it.
func (v *View) Listings(store uint32, sku string) ([]Listing, error) {
	return v.listings(store, func(l db.Listing) bool { return sku == "" || l.SKU == sku })
}

// listings returns the listings of a store, or of all when it is 0, that the filter wants, by store and ref.
func (v *View) listings(store uint32, want func(db.Listing) bool) ([]Listing, error) {
	out := []Listing{}
	err := v.db.View(func(tx *db.Tx) error {
		return eachListing(tx, store, func(s shop, l db.Listing) error {
			if !want(l) {
				return nil
			}
			shown, err := v.read(tx, s, l)
			out = append(out, shown)
			return err
		})
	})
	return out, err
}

// eachListing calls fn for the listings of a store, or of all that are connected when it is 0.
func eachListing(tx *db.Tx, store uint32, fn func(shop, db.Listing) error) error {
	shops, err := readShops(tx)
	if err != nil {
		return err
	}
	for _, s := range tx.Stores() {
		if s.Removed || store != 0 && s.ID != store {
			continue
		}
		for l := range tx.Listings(s.ID) {
			if err := fn(shops[s.ID], l); err != nil {
				return fmt.Errorf("listing %s of %s: %w", l.Ref, s.Name, err)
			}
		}
	}
	return nil
}

// read reads all that a listing is shown with.
func (v *View) read(tx *db.Tx, s shop, l db.Listing) (Listing, error) {
	mark, err := markOf(tx, s.Store, l.Ref)
	if err != nil {
		return Listing{}, err
	}
	r := &row{}
	if l.Item != 0 {
		if r, err = readRow(tx, l.Item, locations(tx)); err != nil {
			return Listing{}, fmt.Errorf("product %d: %w", l.Item, err)
		}
	}
	return v.listing(tx, s, l, r, mark)
}

// listing is a listing as people see it; r is its product.
func (v *View) listing(tx *db.Tx, s shop, l db.Listing, r *row, mark *db.Dirty) (Listing, error) {
	out := Listing{Store: s.Name, StoreID: s.ID, Channel: s.Channel, Ref: l.Ref, ParentRef: l.Parent, SKU: l.SKU,
		Title: l.Title, Variant: l.Variant, Status: statusOf(l), Linked: l.Item != 0, StoreHas: l.Quantity,
		ReadAt: orNull(l.ReadAt)}
	counted := r.countedFor(s.Store)
	out.State, out.Reason = stateOf(s, l, counted, mark)
	if s.Located {
		return out, v.eachLocation(tx, s, l, &out)
	}
	var err error
	if out.Number, err = v.number(tx, s, l, ""); err != nil || out.State == Off {
		return out, err
	}
	return out, v.bounded(tx, s, l, &out)
}

// bounded says of a number that is even why it is not what the product has: others share it, or the shop takes no more.
func (v *View) bounded(tx *db.Tx, s shop, l db.Listing, out *Listing) error {
	limit := v.limit(s.ID)
	atLimit := limit > 0 && out.Target != nil && *out.Target == limit
	if l.Pool == "" && !atLimit {
		return nil
	}
	aim, ok, why, err := tx.AimOf(s.Store, l, "", limit)
	switch {
	case err != nil:
		return err
	case !ok:
		out.State, out.Reason = Off, why
	case out.Reason != "" || out.Target == nil:
	case l.Pool != "":
		out.Reason = tx.PoolText(s.Store, l)
	case atLimit && aim.Available > limit:
		out.Reason = fmt.Sprintf("%s takes no more than %d of a listing, so that is sent.", s.Name, limit)
	}
	return nil
}

// eachLocation shows a listing's number at every location of its store. What is shown for the listing itself is their sum.
func (v *View) eachLocation(tx *db.Tx, s shop, l db.Listing, out *Listing) error {
	for _, p := range s.Places {
		n, err := v.number(tx, s, l, p.Ref)
		if err != nil {
			return err
		}
		at := ListingAt{Ref: p.Ref, Name: or(p.Name, p.Ref), Number: n}
		at.State, at.Reason = Off, "This location is linked to no warehouse, so nothing is sent to it."
		if s.Sends(p.Ref) {
			w, err := tx.Warehouse(p.Loc)
			if err != nil {
				return err
			}
			at.Warehouse = w.Code
			stock, err := tx.Offer(s.Store, p.Ref, l.Item)
			if err != nil {
				return err
			}
			mark, err := markAt(tx, s.Store, db.Spot(l.Ref, p.Ref))
			if err != nil {
				return err
			}
			at.State, at.Reason = stateOf(s, l, stock.Counted, mark)
		}
		out.Locations = append(out.Locations, at)
		out.Number = out.Number.plus(n)
	}
	return nil
}

// number is what the shop should show and was sent last, at one location.
func (v *View) number(tx *db.Tx, s shop, l db.Listing, location string) (out Number, err error) {
	if !s.Sends(location) {
		return out, nil
	}
	aim, ok, _, err := tx.AimOf(s.Store, l, location, v.limit(s.ID))
	if err != nil {
		return out, err
	}
	if ok {
		out.Target, out.Away = &aim.Want, aim.Away
	}
	p, err := tx.Pushed(l.Store, db.Spot(l.Ref, location))
	if errors.Is(err, db.ErrNotFound) {
		return out, nil
	}
	if err == nil && !p.Seen {
		out.LastPushed, out.LastPushedAt = &p.Value, orNull(p.At)
	}
	return out, err
}

func (n Number) plus(m Number) Number {
	n.Away += m.Away
	n.Target, n.LastPushed = add(n.Target, m.Target), add(n.LastPushed, m.LastPushed)
	if n.LastPushedAt == nil || m.LastPushedAt != nil && *m.LastPushedAt > *n.LastPushedAt {
		n.LastPushedAt = m.LastPushedAt
	}
	return n
}

// add is a sum of numbers of which either may be unknown.
func add(a, b *int64) *int64 {
	if a == nil || b == nil {
		if a == nil {
			return b
		}
		return a
	}
	sum := *a + *b
	return &sum
}

func (v *View) limit(store uint32) int64 {
	if f := v.live.Load().Limit; f != nil {
		return f(store)
	}
	return 0
}
