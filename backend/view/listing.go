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
	mark, err := markOf(tx, db.Link{Store: l.Store, Ref: l.Ref})
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
	out.State, out.Reason = stateOf(s, l, r.counted, mark)
	if ok, _ := db.Pushable(s.Store, l, r.counted); ok {
		target := domain.Target(r.available(), l.Rule.Over(s.Rule), v.limit(s.ID))
		out.Target = &target
	}
	p, err := tx.Pushed(l.Store, l.Ref)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return out, err
	}
	if err == nil && !p.Seen {
		out.LastPushed, out.LastPushedAt = &p.Value, orNull(p.At)
	}
	return out, nil
}

func (v *View) limit(store uint32) int64 {
	if f := v.live.Load().Limit; f != nil {
		return f(store)
	}
	return 0
}
