package view_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/view"
)

// movedAt appends one movement of a product at a time of its own.
func (b *books) movedAt(at time.Time, it db.Item, onHand, booked int64, counted bool) {
	b.t.Helper()
	b.writeAt(at, func(tx *db.Tx) error {
		_, err := tx.Append(db.Movement{Item: it.ID, Loc: db.DefaultLoc, Kind: domain.Adjusted, OnHand: onHand, Booked: booked}, counted)
		return err
	})
}

func TestOverTime(t *testing.T) {
	b := open(t)
	apple := b.item("APPLE", "Apples")
	b.movedAt(noon, apple, 0, 4, false)
	b.movedAt(noon.Add(time.Hour), apple, 50, 0, true)
	b.movedAt(noon.Add(time.Hour), apple, -4, -4, true) // of the same moment
	b.movedAt(noon.Add(2*time.Hour), apple, -46, 3, true)
	got, err := b.OverTime(" APPLE ")
	at := func(h int64) int64 { return noon.UnixMilli() + h*3_600_000 }
	want := view.OverTime{SKU: "APPLE", Moved: 4, Points: []view.Point{
		{At: at(0), Booked: 4},
		{At: at(1), InStock: p[int64](46), Available: p[int64](46)},
		{At: at(2), InStock: p[int64](0), Booked: 3, Available: p[int64](-3)},
	}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// TestOverTimeThinned keeps a short oversell among thousands of sales, the start and what holds now.
func TestOverTimeThinned(t *testing.T) {
	b := open(t)
	apple := b.item("APPLE", "Apples")
	b.movedAt(noon, apple, 1000, 0, true)
	for i := range 900 {
		delta := int64(-1)
		switch i {
		case 400:
			delta = -700
		case 401:
			delta = 700
		}
		b.movedAt(noon.Add(time.Duration(i+1)*time.Minute), apple, delta, 0, true)
	}
	got, err := b.OverTime("APPLE")
	if err != nil || got.Moved != 901 || len(got.Points) > view.MaxPoints || len(got.Points) < view.MaxPoints/2 {
		t.Fatalf("%v: %d movements, %d points", err, got.Moved, len(got.Points))
	}
	lowest := int64(1000)
	for i, point := range got.Points {
		lowest = min(lowest, *point.Available)
		if i > 0 && point.At <= got.Points[i-1].At {
			t.Errorf("point %d is not after the one before", i)
		}
	}
	last := got.Points[len(got.Points)-1]
	if lowest != -100 || *got.Points[0].Available != 1000 || *last.Available != 102 || last.At != noon.Add(900*time.Minute).UnixMilli() {
		t.Errorf("lowest %d, first %d, last %+v", lowest, *got.Points[0].Available, last)
	}
}

func TestOverTimeUnknown(t *testing.T) {
	if got, err := open(t).OverTime("NONE"); err == nil {
		t.Errorf("%+v of a product that is not there", got)
	}
}
