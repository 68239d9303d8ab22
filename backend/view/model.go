package view

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"evenstock/backend/db"
)

// model is the stock list and the listings' facts in memory.
type model struct {
	shops    map[uint32]shop
	rows     map[uint64]*row
	listings map[db.Link]entry
	counts   map[uint32]*StoreCounts // without due and held, which depend on more than the listing
	marked   map[uint32]map[string]bool
}

// row is one product as the stock list needs it. It is replaced as a whole, never changed, once the model holds it.
type row struct {
	id                  uint64
	sku, title, variant string
	text                string // lower-cased SKU, title and variant, one a line, in which the search looks
	titleAt             int    // where the title begins in text
	inStock, booked     int64
	counted             bool
	countedIn           []uint32 // the warehouses, where it is not the main one alone
	changed             int64
	cells               []cell // by store and ref
}

// cell is one listing of a product.
type cell struct {
	store uint32
	facts facts
	ref   string
}

// entry is what is kept of a listing, linked or not.
type entry struct {
	item  uint64
	facts facts
}

func (r *row) available() int64 { return r.inStock - r.booked }

// build reads everything by scans. The rows are also returned in the default order, in which they lie side by side.
func build(tx *db.Tx) (*model, []*row, error) {
	m := &model{rows: map[uint64]*row{}, listings: map[db.Link]entry{}, counts: map[uint32]*StoreCounts{},
		marked: map[uint32]map[string]bool{}}
	if err := m.readShops(tx); err != nil {
		return nil, nil, err
	}
	for it := range tx.Items() {
		m.rows[it.ID] = newRow(it)
	}
	for place, s := range tx.Stocks() {
		if r := m.rows[place.Item]; r != nil {
			r.addStock(place.Loc, s)
		}
	}
	for id := range m.shops {
		marks := map[string]*db.Dirty{}
		for spot, d := range tx.DirtyOf(id) {
			ref, _ := db.SplitSpot(spot)
			marks[ref] = worse(marks[ref], &d)
		}
		for l := range tx.Listings(id) {
			e := entry{l.Item, factsOf(l, marks[l.Ref])}
			m.put(db.Link{Store: id, Ref: l.Ref}, e)
			if r := m.rows[e.item]; r != nil {
				r.cells = append(r.cells, cell{id, e.facts, l.Ref})
			}
		}
	}
	for _, r := range m.rows {
		slices.SortFunc(r.cells, compareCells)
	}
	return m, m.line(), nil
}

// line moves the rows, and the texts that are searched, side by side in the default order, and returns them in it. A
// search passes them from one end to the other; where each row and each text lies elsewhere, it waits for the memory
// most of the time.
func (m *model) line() []*row {
	compare, _ := compareRows(defaultSort)
	sorted := slices.SortedFunc(maps.Values(m.rows), compare)
	var size int
	for _, r := range sorted {
		size += len(r.text)
	}
	var texts strings.Builder
	texts.Grow(size)
	for _, r := range sorted {
		texts.WriteString(r.text)
	}
	text, lined := texts.String(), make([]row, len(sorted))
	for i, r := range sorted {
		lined[i] = *r
		lined[i].text, text = text[:len(r.text)], text[len(r.text):]
		sorted[i] = &lined[i]
		m.rows[r.id] = sorted[i]
	}
	return sorted
}

func (m *model) readShops(tx *db.Tx) error {
	shops, err := readShops(tx)
	m.shops = shops
	return err
}

// readShops returns all stores, removed ones included.
func readShops(tx *db.Tx) (map[uint32]shop, error) {
	paused, err := tx.Meta(metaPaused)
	if err != nil {
		return nil, fmt.Errorf("read the pause switch: %w", err)
	}
	shops := map[uint32]shop{}
	for _, s := range tx.Stores() {
		shops[s.ID] = shop{s, paused == "1" || s.Paused}
	}
	return shops, nil
}

func newRow(it db.Item) *row {
	sku := strings.ToLower(it.SKU) + "\n"
	return &row{id: it.ID, sku: it.SKU, title: it.Title, variant: it.Variant, titleAt: len(sku),
		text: sku + strings.ToLower(it.Title+"\n"+it.Variant)}
}

// addStock adds what lies in one more warehouse. Unset warehouses hold bookings, but no known stock.
func (r *row) addStock(loc uint32, s db.Stock) {
	r.booked += s.Booked
	r.changed = max(r.changed, s.Changed)
	if !s.Counted {
		return
	}
	r.inStock += s.OnHand
	if r.counted || loc != db.DefaultLoc { // not kept for the many that lie in the main warehouse alone
		if r.counted && r.countedIn == nil {
			r.countedIn = []uint32{db.DefaultLoc}
		}
		r.countedIn = append(r.countedIn, loc)
	}
	r.counted = true
}

// countedFor reports whether the product was counted in a warehouse the store sells from.
func (r *row) countedFor(s db.Store) bool {
	if !r.counted {
		return false
	}
	for _, loc := range s.Linked() {
		if slices.Contains(r.countedIn, loc) || r.countedIn == nil && loc == db.DefaultLoc {
			return true
		}
	}
	return false
}

func compareCells(a, b cell) int {
	return cmp.Or(cmp.Compare(a.store, b.store), cmp.Compare(a.ref, b.ref))
}

// put keeps an entry and the counts in step.
func (m *model) put(l db.Link, e entry) {
	if old, known := m.listings[l]; known {
		m.count(l, old, -1)
	}
	m.listings[l] = e
	m.count(l, e, +1)
}

func (m *model) count(l db.Link, e entry, n int) {
	c := m.counts[l.Store]
	if c == nil {
		c = &StoreCounts{}
		m.counts[l.Store], m.marked[l.Store] = c, map[string]bool{}
	}
	if n > 0 && e.facts&isMarked != 0 {
		m.marked[l.Store][l.Ref] = true
	} else {
		delete(m.marked[l.Store], l.Ref)
	}
	if e.facts&isGone != 0 {
		return
	}
	c.Listings += n
	if e.item != 0 {
		c.Linked += n
	}
	switch statusOf(e.facts.listing(e.item)) {
	case StatusNoSKU:
		c.NoSKU += n
	case StatusUntracked:
		c.Untracked += n
	}
}

// update re-reads what is pending and returns the rows that were replaced.
func (m *model) update(tx *db.Tx, todo pending) ([]replaced, error) {
	items := map[uint64]bool{}
	for id := range todo.items {
		items[id] = true
	}
	moved := map[uint64][]db.Link{} // listings that are to be in a product's row, or no longer
	for l := range todo.listings {
		e, err := readEntry(tx, m.shops[l.Store].Store, l)
		if errors.Is(err, db.ErrNotFound) {
			continue // a mark without a listing, which Verify looks for
		}
		if err != nil {
			return nil, fmt.Errorf("listing %s of store %d: %w", l.Ref, l.Store, err)
		}
		old := m.listings[l]
		m.put(l, e)
		for _, id := range []uint64{old.item, e.item} {
			if id != 0 {
				items[id] = true
				moved[id] = append(moved[id], l)
			}
		}
	}
	var changed []replaced
	locs := locations(tx)
	for id := range items {
		r, err := m.readRow(tx, id, locs, moved[id])
		if errors.Is(err, db.ErrNotFound) {
			continue // stock without a product, which Verify looks for
		}
		if err != nil {
			return nil, fmt.Errorf("product %d: %w", id, err)
		}
		changed = append(changed, replaced{m.rows[id], r})
		m.rows[id] = r
	}
	return changed, nil
}

// readEntry reads a listing and its mark.
func readEntry(tx *db.Tx, s db.Store, l db.Link) (entry, error) {
	rec, err := tx.Listing(l.Store, l.Ref)
	if err != nil {
		return entry{}, err
	}
	mark, err := markOf(tx, s, l.Ref)
	return entry{rec.Item, factsOf(rec, mark)}, err
}

// markOf returns a listing's mark, nil when it has none. Where the store has locations it is the worst of theirs.
func markOf(tx *db.Tx, s db.Store, ref string) (mark *db.Dirty, err error) {
	for _, where := range s.Where() {
		d, err := markAt(tx, s, db.Spot(ref, where))
		if err != nil {
			return nil, err
		}
		mark = worse(mark, d)
	}
	return mark, nil
}

// markAt returns the mark of one number, nil when it has none.
func markAt(tx *db.Tx, s db.Store, spot string) (*db.Dirty, error) {
	d, err := tx.Dirty(s.ID, spot)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	}
	return &d, err
}

// worse is the mark of two that a person has to know of first: held, refused, on its way, left as it is.
func worse(a, b *db.Dirty) *db.Dirty {
	if b == nil || a != nil && graveness(a) >= graveness(b) {
		return a
	}
	return b
}

func graveness(d *db.Dirty) int {
	switch {
	case d.Held != "":
		return 3
	case d.Left:
		return 0
	case d.Fails >= RefusedAfter:
		return 2
	}
	return 1
}

// readRow reads a product afresh; its cells are those it had, with the moved listings put in or taken out.
func (m *model) readRow(tx *db.Tx, id uint64, locs []uint32, moved []db.Link) (*row, error) {
	r, err := readRow(tx, id, locs)
	if err != nil {
		return nil, err
	}
	if old := m.rows[id]; old != nil {
		r.cells = slices.Clone(old.cells)
	}
	for _, l := range moved {
		r.cells = slices.DeleteFunc(r.cells, func(c cell) bool { return c.store == l.Store && c.ref == l.Ref })
		if e := m.listings[l]; e.item == id {
			r.cells = append(r.cells, cell{l.Store, e.facts, l.Ref})
		}
	}
	slices.SortFunc(r.cells, compareCells)
	return r, nil
}

// readRow reads a product without its cells.
func readRow(tx *db.Tx, id uint64, locs []uint32) (*row, error) {
	it, err := tx.Item(id)
	if err != nil {
		return nil, err
	}
	r := newRow(it)
	for _, loc := range locs {
		s, err := tx.Stock(id, loc)
		if err != nil {
			return nil, err
		}
		r.addStock(loc, s)
	}
	return r, nil
}

// locations are the numbers of all warehouses; there is always the default one.
func locations(tx *db.Tx) []uint32 {
	locs := []uint32{db.DefaultLoc}
	for _, w := range tx.Warehouses() {
		if w.Loc != db.DefaultLoc {
			locs = append(locs, w.Loc)
		}
	}
	return locs
}
