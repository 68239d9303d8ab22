package view

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// Health returns what a person should look at in the catalogue (product.md X4). Listings that are gone are history and
// left out. It reads every listing and every order header.
func (v *View) Health() (Health, error) {
	h := Health{NoSKU: []Listing{}, DuplicateSKU: []Duplicate{}, NearSKU: []NearPair{}, UnmatchedLines: []Unmatched{},
		Untracked: []Listing{}, Shared: []Listing{}, Marketplace: []Listing{}, Unset: []StockRow{}, Held: []Listing{}, Renamed: []Listing{},
		Review: []ReviewItem{}}
	rows, shops, err := v.snapshot()
	if err != nil {
		return h, err
	}
	for _, r := range rows {
		if !r.counted {
			h.Unset = append(h.Unset, r.shown(shops))
		}
	}
	near := nearSKUs(rows)
	h.NearSKU = near.pairs()
	err = v.db.View(func(tx *db.Tx) error {
		if err := v.listingHealth(tx, &h); err != nil {
			return err
		}
		names := newNames(tx)
		if h.UnmatchedLines, err = unmatched(tx, near, names); err != nil {
			return err
		}
		h.Review, err = review(tx, names)
		return err
	})
	return h, err
}

// snapshot returns all rows by SKU; they are never changed, so they may be read without the lock.
func (v *View) snapshot() ([]*row, map[uint32]shop, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.refresh(); err != nil {
		return nil, nil, err
	}
	return v.orders.get(v.model, defaultSort), v.model.shops, nil
}

func (v *View) listingHealth(tx *db.Tx, h *Health) error {
	bySKU := map[uint32]map[string][]db.Listing{}
	add := func(list *[]Listing, s shop, l db.Listing) error {
		shown, err := v.read(tx, s, l)
		*list = append(*list, shown)
		return err
	}
	var shops []shop
	err := eachListing(tx, 0, func(s shop, l db.Listing) error {
		if l.Gone {
			return nil
		}
		if bySKU[s.ID] == nil {
			bySKU[s.ID] = map[string][]db.Listing{}
			shops = append(shops, s)
		}
		if l.SKU != "" {
			bySKU[s.ID][l.SKU] = append(bySKU[s.ID][l.SKU], l)
		}
		list := map[string]*[]Listing{StatusNoSKU: &h.NoSKU, StatusUntracked: &h.Untracked, StatusShared: &h.Shared}[statusOf(l)]
		if l.Marketplace {
			list = &h.Marketplace
		}
		if list != nil {
			if err := add(list, s, l); err != nil {
				return err
			}
		}
		if l.Renamed != "" {
			if err := add(&h.Renamed, s, l); err != nil {
				return err
			}
		}
		mark, err := markOf(tx, s.Store, l.Ref)
		if err != nil || mark == nil || mark.Held == "" {
			return err
		}
		shown, err := v.read(tx, s, l)
		if err == nil && shown.State == Held {
			h.Held = append(h.Held, shown)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, s := range shops {
		for _, sku := range slices.Sorted(maps.Keys(bySKU[s.ID])) {
			listings := bySKU[s.ID][sku]
			if len(listings) < 2 {
				continue
			}
			d := Duplicate{SKU: sku, Store: s.Name}
			for _, l := range listings {
				if err := add(&d.Listings, s, l); err != nil {
					return err
				}
			}
			h.DuplicateSKU = append(h.DuplicateSKU, d)
		}
	}
	return nil
}

// near are SKUs by their near form, see domain.NearSKU.
type near map[string][]string

func nearSKUs(rows []*row) near {
	n := near{}
	for _, r := range rows {
		if form := domain.NearSKU(r.sku); form != "" {
			n[form] = append(n[form], r.sku)
		}
	}
	return n
}

// pairs are the SKUs that look alike: each with the first of its kind.
func (n near) pairs() []NearPair {
	out := []NearPair{}
	for _, skus := range n {
		for _, other := range skus[1:] {
			out = append(out, NearPair{A: skus[0], B: other})
		}
	}
	slices.SortFunc(out, func(a, b NearPair) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	return out
}

// suggest is the SKU of a product that an order line may have meant, nil when none looks like it.
func (n near) suggest(sku string) *string {
	skus := n[domain.NearSKU(sku)]
	if len(skus) == 0 {
		return nil
	}
	if slices.Contains(skus, sku) {
		return &sku
	}
	return &skus[0]
}

// unmatched are the order lines without a product, by SKU. Lines of ignored orders touch no stock and ask for nothing.
func unmatched(tx *db.Tx, near near, names *names) ([]Unmatched, error) {
	out := []Unmatched{}
	for ref := range tx.Unmatched("") {
		l, err := tx.Line(ref)
		if err != nil {
			return nil, fmt.Errorf("line %s of order %s: %w", ref.Line, ref.Order, err)
		}
		o, err := tx.Order(ref.Store, ref.Order)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return nil, fmt.Errorf("order %s of store %d: %w", ref.Order, ref.Store, err)
		}
		if o.Ignored || o.Marketplace {
			continue
		}
		shown, err := shownLine(tx, l)
		if err != nil {
			return nil, err
		}
		store, err := names.store(ref.Store)
		if err != nil {
			return nil, err
		}
		out = append(out, Unmatched{Line: shown, Store: store, Order: ref.Order, Number: o.Number, Suggested: near.suggest(l.SKU)})
	}
	return out, nil
}

// review are the orders with a question or a notice.
func review(tx *db.Tx, names *names) ([]ReviewItem, error) {
	out := []ReviewItem{}
	for _, s := range tx.Stores() {
		for o := range tx.Orders(s.ID) {
			for _, question := range []string{o.Review, o.Notice} {
				if question == "" {
					continue
				}
				store, err := names.store(s.ID)
				if err != nil {
					return nil, err
				}
				out = append(out, ReviewItem{Store: store, Order: o.Ref, Number: o.Number, Question: question})
			}
		}
	}
	return out, nil
}
