package view

import (
	"cmp"
	"slices"

	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// MaxPoints bounds the points of a chart: a screen shows no more.
const MaxPoints = 200

// perSpan is how many points stand for one span of time: its lowest and its highest number, and its last.
const perSpan = 3

// OverTime returns what the numbers of a product were, from its first movement on, oldest first and at most [MaxPoints] of
// them. Between two points the numbers are those of the first. Where a product moved more often, a span of time keeps its
// lowest, its highest and its last Available, so that an oversell of a minute still shows in a chart of years.
func (v *View) OverTime(sku string) (OverTime, error) {
	var out OverTime
	err := v.db.View(func(tx *db.Tx) error {
		it, err := itemBySKU(tx, domain.TrimSKU(sku))
		if err != nil {
			return err
		}
		history, err := terms(tx, it.ID, newNames(tx))
		if err != nil {
			return err
		}
		out = OverTime{SKU: it.SKU, Moved: len(history), Points: thinned(pointsOf(history))}
		return nil
	})
	return out, err
}

// pointsOf are the numbers after each moment at which something moved. Movements of one moment are one point; a clock that
// was set back does not turn the chart around.
func pointsOf(history []Term) []Point {
	out := make([]Point, 0, len(history))
	for _, t := range history {
		p := Point{At: t.At, InStock: t.InStockAfter, Booked: t.BookedAfter}
		if p.InStock != nil {
			available := *p.InStock - p.Booked
			p.Available = &available
		}
		if n := len(out); n > 0 && p.At <= out[n-1].At {
			p.At = out[n-1].At
			out[n-1] = p
			continue
		}
		out = append(out, p)
	}
	return out
}

// thinned keeps at most [MaxPoints] points, the first and the last among them.
func thinned(all []Point) []Point {
	if len(all) <= MaxPoints {
		return all
	}
	out := all[:1:1]
	rest := all[1:]
	spans := int64((MaxPoints - 1) / perSpan)
	from, long := rest[0].At, rest[len(rest)-1].At-rest[0].At+1
	for span := range spans {
		until := from + long/spans*(span+1) + long%spans*(span+1)/spans
		n, _ := slices.BinarySearchFunc(rest, until, func(p Point, at int64) int { return cmp.Compare(p.At, at) })
		out = append(out, telling(rest[:n])...)
		rest = rest[n:]
	}
	return out
}

// telling are the lowest, the highest and the last point of a span, in order of time.
func telling(span []Point) []Point {
	if len(span) <= perSpan {
		return span
	}
	low, high := 0, 0
	for i, p := range span {
		if height(p) < height(span[low]) {
			low = i
		}
		if height(p) > height(span[high]) {
			high = i
		}
	}
	kept := []int{low, high, len(span) - 1}
	slices.Sort(kept)
	out := make([]Point, 0, perSpan)
	for _, i := range slices.Compact(kept) {
		out = append(out, span[i])
	}
	return out
}

// height is what a point is compared by: Available, and what is booked of a product that was never counted.
func height(p Point) int64 {
	if p.Available == nil {
		return -p.Booked
	}
	return *p.Available
}
