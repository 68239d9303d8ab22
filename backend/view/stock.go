package view

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"evenstock/backend/db"
)

// ErrQuery says that a query has a sort or filter nobody knows.
var ErrQuery = errors.New("unknown sort or filter")

// Filters of a [StockQuery].
const (
	FilterOversold = "oversold" // more booked than in stock
	FilterUnset    = "unset"    // never counted
	FilterZero     = "zero"     // counted, and nothing available
)

var filters = map[string]func(*row) bool{
	"":             func(*row) bool { return true },
	FilterOversold: func(r *row) bool { return r.counted && r.available() < 0 },
	FilterUnset:    func(r *row) bool { return !r.counted },
	FilterZero:     func(r *row) bool { return r.counted && r.available() <= 0 },
}

// found remembers which rows matched a query, in order, as long as no product changes: scrolling asks the same again.
type found struct{ rows map[StockQuery][]*row }

// narrower returns the rows that matched the longest beginning of a query, or all when none was asked for: whoever types
// one more letter finds among what was found. A word holds every beginning of itself, so nothing is left out.
func (f *found) narrower(q StockQuery, all []*row) []*row {
	for whole, n := q.Query, len(q.Query)-1; n >= 0; n-- {
		q.Query = whole[:n]
		if rows, ok := f.rows[q]; ok {
			return rows
		}
	}
	return all
}

// maxFound is the number of queries remembered: the grid, its counts per filter, and what was typed last.
const maxFound = 16

// Stock returns a window of the stock list. The window is clamped to what there is; Limit 0 means [MaxRows].
// An unknown sort or filter is [ErrQuery].
func (v *View) Stock(q StockQuery) (StockWindow, error) {
	if err := q.check(); err != nil {
		return StockWindow{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	version := v.version.Load()
	if err := v.refresh(); err != nil {
		return StockWindow{}, err
	}
	all := v.match(q)
	from, to := window(len(all), q.Offset, q.Limit)
	w := StockWindow{Total: len(all), Version: version, Rows: make([]StockRow, 0, to-from)}
	for _, r := range all[from:to] {
		w.Rows = append(w.Rows, r.shown(v.model.shops))
	}
	return w, nil
}

// check fills in the usual order and refuses what nobody knows.
func (q *StockQuery) check() error {
	if q.Sort == "" {
		q.Sort = defaultSort
	}
	if _, known := compareRows(q.Sort); !known {
		return fmt.Errorf("sort by %q: %w", q.Sort, ErrQuery)
	}
	if filters[q.Filter] == nil {
		return fmt.Errorf("filter by %q: %w", q.Filter, ErrQuery)
	}
	return nil
}

// match returns all rows that match a query, in its order.
func (v *View) match(q StockQuery) []*row {
	q.Offset, q.Limit = 0, 0
	q.Query = strings.Join(strings.Fields(strings.ToLower(q.Query)), " ")
	if rows, ok := v.found.rows[q]; ok {
		return rows
	}
	all := v.orders.get(v.model, q.Sort)
	if q.Query == "" && q.Filter == "" && q.Store == 0 {
		return all
	}
	all = v.found.narrower(q, all)
	terms, passes := strings.Fields(q.Query), filters[q.Filter]
	var rows []*row
	for _, r := range all {
		if passes(r) && r.isIn(q.Store) && r.has(terms) {
			rows = append(rows, r)
		}
	}
	if v.found.rows == nil || len(v.found.rows) >= maxFound {
		v.found.rows = map[StockQuery][]*row{}
	}
	v.found.rows[q] = rows
	return rows
}

func (r *row) has(terms []string) bool {
	for _, t := range terms {
		if !strings.Contains(r.text, t) {
			return false
		}
	}
	return true
}

func (r *row) isIn(store uint32) bool {
	return store == 0 || slices.ContainsFunc(r.cells, func(c cell) bool { return c.store == store })
}

// window clamps what was asked for to n rows there are and [MaxRows].
func window(n, offset, limit int) (from, to int) {
	if limit <= 0 || limit > MaxRows {
		limit = MaxRows
	}
	from = min(max(0, offset), n)
	return from, min(from+limit, n)
}

// shown is the row as people see it. Listings of removed stores are left out.
func (r *row) shown(shops map[uint32]shop) StockRow {
	s := StockRow{ID: r.id, SKU: r.sku, Title: r.title, Variant: r.variant, Booked: r.booked, Counted: r.counted,
		Changed: orNull(r.changed), Stores: []StoreCell{}}
	if r.counted {
		inStock, available := r.inStock, r.available()
		s.InStock, s.Available, s.Oversold = &inStock, &available, max(0, -available)
	}
	for _, c := range r.cells {
		shop, known := shops[c.store]
		if !known || shop.Removed {
			continue
		}
		s.Listings++
		s.Stores = append(s.Stores, StoreCell{c.store, c.facts.state(shop, r.id, r.countedFor(shop.Store))})
	}
	return s
}

// Row returns one product of the stock list, as it stands in the books now.
func (v *View) Row(item uint64) (StockRow, error) {
	var out StockRow
	err := v.db.View(func(tx *db.Tx) error {
		p, err := readProduct(tx, item)
		if err == nil {
			out = p.row.shown(p.shops)
		}
		return err
	})
	return out, err
}

// product is one product with its listings, read from the books in one transaction.
type product struct {
	row      *row
	shops    map[uint32]shop
	listings []db.Listing
	marks    []*db.Dirty
}

func readProduct(tx *db.Tx, item uint64) (product, error) {
	var p product
	var err error
	if p.row, err = readRow(tx, item, locations(tx)); errors.Is(err, db.ErrNotFound) {
		return p, notFound("There is no product number %d.", item)
	}
	if err != nil {
		return p, fmt.Errorf("product %d: %w", item, err)
	}
	if p.shops, err = readShops(tx); err != nil {
		return p, err
	}
	links, err := tx.Links(item)
	if err != nil {
		return p, fmt.Errorf("listings of product %d: %w", item, err)
	}
	for _, link := range links {
		l, err := tx.Listing(link.Store, link.Ref)
		if err != nil {
			return p, fmt.Errorf("listing %s of store %d: %w", link.Ref, link.Store, err)
		}
		mark, err := markOf(tx, p.shops[link.Store].Store, link.Ref)
		if err != nil {
			return p, fmt.Errorf("mark of listing %s of store %d: %w", link.Ref, link.Store, err)
		}
		p.listings, p.marks = append(p.listings, l), append(p.marks, mark)
		p.row.cells = append(p.row.cells, cell{link.Store, factsOf(l, mark), link.Ref})
	}
	slices.SortFunc(p.row.cells, compareCells)
	return p, nil
}

// itemBySKU finds a product; the error is a sentence when there is none.
func itemBySKU(tx *db.Tx, sku string) (db.Item, error) {
	it, err := tx.ItemBySKU(sku)
	if errors.Is(err, db.ErrNotFound) {
		return it, notFound("There is no product with the SKU %q.", sku)
	}
	return it, err
}
