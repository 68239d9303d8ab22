package view

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

const defaultSort = "sku"

// compareRows returns the comparison for a sort of [StockQuery], false for an unknown one. Rows without the number come
// last in both directions; rows that are equal come by SKU.
func compareRows(sort string) (func(a, b *row) int, bool) {
	name, down := strings.CutPrefix(sort, "-")
	by, known := comparisons[name]
	if !known {
		return nil, false
	}
	return func(a, b *row) int {
		n := by.compare(a, b)
		if down {
			n = -n
		}
		if by.counted && a.counted != b.counted {
			n = +1
			if a.counted {
				n = -1
			}
		}
		return cmp.Or(n, bySKU(a, b), cmp.Compare(a.id, b.id))
	}, true
}

// bySKU ignores case first: text begins with the lower-cased SKU.
func bySKU(a, b *row) int { return cmp.Or(cmp.Compare(a.text, b.text), cmp.Compare(a.sku, b.sku)) }

var comparisons = map[string]struct {
	compare func(a, b *row) int
	counted bool // the number is known of counted products only
}{
	"sku":       {bySKU, false},
	"title":     {func(a, b *row) int { return cmp.Compare(a.text[a.titleAt:], b.text[b.titleAt:]) }, false},
	"inStock":   {func(a, b *row) int { return cmp.Compare(a.inStock, b.inStock) }, true},
	"booked":    {func(a, b *row) int { return cmp.Compare(a.booked, b.booked) }, false},
	"available": {func(a, b *row) int { return cmp.Compare(a.available(), b.available()) }, true},
	"changed":   {func(a, b *row) int { return cmp.Compare(a.changed, b.changed) }, false},
}

// orders are all rows of the model in the sort orders that were asked for, at most one per comparison and direction.
// They are repaired, not sorted again, while a sync changes some rows.
type orders struct{ bySort map[string][]*row }

// get returns all rows in a known sort order.
func (o *orders) get(m *model, sort string) []*row {
	if rows, ok := o.bySort[sort]; ok {
		return rows
	}
	compare, _ := compareRows(sort)
	rows := slices.Collect(maps.Values(m.rows))
	slices.SortFunc(rows, compare)
	if o.bySort == nil {
		o.bySort = map[string][]*row{}
	}
	o.bySort[sort] = rows
	return rows
}

// repair takes the replaced rows out of every order and puts the changed products' rows in.
func (o *orders) repair(m *model, changed []uint64) {
	if len(changed) > len(m.rows)/4 {
		o.bySort = nil
		return
	}
	for sort, rows := range o.bySort {
		compare, _ := compareRows(sort)
		fresh := make([]*row, len(changed))
		for i, id := range changed {
			fresh[i] = m.rows[id]
		}
		slices.SortFunc(fresh, compare)
		o.bySort[sort] = merge(rows, fresh, compare)
	}
}

// merge returns the living rows and the fresh ones, both sorted, in one sorted list.
func merge(rows, fresh []*row, compare func(a, b *row) int) []*row {
	out := make([]*row, 0, len(rows)+len(fresh))
	for _, r := range rows {
		if r.dead {
			continue
		}
		for len(fresh) > 0 && compare(fresh[0], r) < 0 {
			out, fresh = append(out, fresh[0]), fresh[1:]
		}
		out = append(out, r)
	}
	return append(out, fresh...)
}
