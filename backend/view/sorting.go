package view

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

const defaultSort = "sku"

// comparison is one way to sort: by a number, which may be unknown, or by text.
type comparison struct {
	number func(*row) (n int64, known bool)
	text   func(a, b *row) int
}

var comparisons = map[string]comparison{
	"sku":       {text: bySKU},
	"title":     {text: func(a, b *row) int { return cmp.Compare(a.text[a.titleAt:], b.text[b.titleAt:]) }},
	"inStock":   {number: func(r *row) (int64, bool) { return r.inStock, r.counted }},
	"available": {number: func(r *row) (int64, bool) { return r.available(), r.counted }},
	"booked":    {number: func(r *row) (int64, bool) { return r.booked, true }},
	"changed":   {number: func(r *row) (int64, bool) { return r.changed, true }},
}

// bySKU ignores case first: text begins with the lower-cased SKU.
func bySKU(a, b *row) int { return cmp.Or(cmp.Compare(a.text, b.text), cmp.Compare(a.sku, b.sku)) }

// compareRows returns the comparison for a sort of [StockQuery], false for an unknown one. Rows without the number come
// last in both directions; rows that are equal come by SKU.
func compareRows(sort string) (func(a, b *row) int, bool) {
	name, down := strings.CutPrefix(sort, "-")
	by, known := comparisons[name]
	if !known {
		return nil, false
	}
	return func(a, b *row) int {
		n := 0
		if by.text != nil {
			n = by.text(a, b)
		} else {
			x, known := by.number(a)
			y, knownToo := by.number(b)
			switch {
			case known && !knownToo:
				return -1
			case knownToo && !known:
				return +1
			}
			n = cmp.Compare(x, y)
		}
		if down {
			n = -n
		}
		return cmp.Or(n, bySKU(a, b), cmp.Compare(a.id, b.id))
	}, true
}

// orders are all rows of the model in the sort orders that were asked for, at most one per comparison and direction.
// They are repaired, not sorted again, while a sync changes some rows.
type orders struct{ bySort map[string][]*row }

// get returns all rows in a known sort order. The caller must not change the list; it is replaced, never changed.
func (o *orders) get(m *model, sort string) []*row {
	if rows, ok := o.bySort[sort]; ok {
		return rows
	}
	var rows []*row
	if sort == defaultSort {
		compare, _ := compareRows(sort)
		rows = slices.SortedFunc(maps.Values(m.rows), compare)
	} else {
		rows = sortedFrom(o.get(m, defaultSort), sort)
	}
	if o.bySort == nil {
		o.bySort = map[string][]*row{}
	}
	o.bySort[sort] = rows
	return rows
}

// sortedFrom sorts rows that are in order of their SKU by something else. Looking at each row once, and not at every
// comparison, makes it several times as fast where rows are many: they lie all over the memory.
func sortedFrom(rows []*row, sort string) []*row {
	compare, _ := compareRows(sort)
	key := comparisons[strings.TrimPrefix(sort, "-")].number
	if key == nil {
		return slices.SortedFunc(slices.Values(rows), compare)
	}
	type numbered struct {
		unset, number int64
		at            int
	}
	down := strings.HasPrefix(sort, "-")
	keys := make([]numbered, len(rows))
	for i, r := range rows {
		n, known := key(r)
		if down {
			n = -n
		}
		keys[i] = numbered{number: n, at: i}
		if !known {
			keys[i].unset = 1
		}
	}
	slices.SortFunc(keys, func(a, b numbered) int {
		return cmp.Or(cmp.Compare(a.unset, b.unset), cmp.Compare(a.number, b.number), cmp.Compare(a.at, b.at))
	})
	out := make([]*row, len(rows))
	for i, k := range keys {
		out[i] = rows[k.at]
	}
	return out
}

// replaced is a row that another one took the place of; old is nil for a new product.
type replaced struct{ old, fresh *row }

// repair puts the fresh rows into every order and takes the old ones out.
func (o *orders) repair(all int, changed []replaced) {
	if len(changed) > all/4 {
		o.bySort = nil
		return
	}
	for sort, rows := range o.bySort {
		compare, _ := compareRows(sort)
		o.bySort[sort] = mend(rows, changed, compare)
	}
}

// mend returns rows with the changes made. It searches where each one goes, because comparing with every row would cost
// more than the change is worth.
func mend(rows []*row, changed []replaced, compare func(a, b *row) int) []*row {
	type edit struct {
		row    *row
		insert bool
	}
	edits := make([]edit, 0, 2*len(changed))
	for _, c := range changed {
		if c.old != nil {
			edits = append(edits, edit{c.old, false})
		}
		edits = append(edits, edit{c.fresh, true})
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return compare(a.row, b.row) })
	out := make([]*row, 0, len(rows)+len(changed))
	for _, e := range edits {
		n, _ := slices.BinarySearchFunc(rows, e.row, compare)
		out, rows = append(out, rows[:n]...), rows[n:]
		if e.insert {
			out = append(out, e.row)
		} else {
			rows = rows[1:]
		}
	}
	return append(out, rows...)
}
