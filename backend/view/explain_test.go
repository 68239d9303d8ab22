package view_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/view"
)

func TestExplain(t *testing.T) {
	b := open(t)
	home := b.store(db.Store{Name: "Home"})
	apple := b.item("APPLE", "Apples")
	b.order(db.Order{Store: home.ID, Ref: "12", Number: "#1001", Placed: 10}, db.Line{Ref: "1", Item: apple.ID, Now: db.Counts{Ordered: 4}})
	line := db.Cause{Store: home.ID, Order: "12", Line: "1"}
	b.book(apple, line, 4)
	counted := b.count(apple, 50)
	b.write(func(tx *db.Tx) error {
		_, err := tx.Append(db.Movement{Item: apple.ID, Loc: db.DefaultLoc, Kind: domain.Undone, OnHand: -50,
			Reverses: counted.Seq, Actor: "you"}, false)
		return err
	})
	b.count(apple, 40)
	b.write(func(tx *db.Tx) error {
		if err := tx.PutWrite(apple.ID, db.Write{At: 100, Store: home.ID, Ref: "55", Sent: 36, Outcome: "refused"}); err != nil {
			return err
		}
		return tx.PutWrite(apple.ID, db.Write{At: 200, Store: home.ID, Ref: "55", Sent: 36, Outcome: "written"})
	})
	got, err := b.Explain("APPLE")
	at := noon.UnixMilli()
	want := view.Explanation{SKU: "APPLE", InStock: p[int64](40), Booked: 4, Available: p[int64](36), Terms: []view.Term{
		{Seq: 1, At: at, Kind: "booked", Booked: 4, BookedAfter: 4, Actor: "sync", Cause: &view.Cause{Store: "Home", Order: "#1001", Line: "1"}},
		{Seq: 2, At: at, Kind: "count", InStock: 50, InStockAfter: p[int64](50), BookedAfter: 4, Actor: "you", Undone: true},
		{Seq: 3, At: at, Kind: "undo", InStock: -50, BookedAfter: 4, Actor: "you", Reverses: 2},
		{Seq: 4, At: at, Kind: "count", InStock: 40, InStockAfter: p[int64](40), BookedAfter: 4, Actor: "you"},
	}, Pushes: []view.PushLog{
		{Store: "Home", Listing: "55", Target: 36, At: 200, Outcome: "written"},
		{Store: "Home", Listing: "55", Target: 36, At: 100, Outcome: "refused"},
	}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// TestExplainWarehouses sums over warehouses: each movement's own After numbers are those of its warehouse only.
func TestExplainWarehouses(t *testing.T) {
	b := open(t)
	it := b.item("APPLE", "Apples")
	b.write(func(tx *db.Tx) error {
		if err := tx.PutWarehouse(db.Warehouse{Loc: 2, Code: "B", Name: "Barn"}); err != nil {
			return err
		}
		for _, m := range []db.Movement{{Loc: 1, OnHand: 5}, {Loc: 2, OnHand: 7}} {
			m.Item, m.Kind = it.ID, domain.Counted
			if _, err := tx.Append(m, true); err != nil {
				return err
			}
		}
		return nil
	})
	got, err := b.Explain("APPLE")
	if err != nil || *got.InStock != 12 || *got.Terms[1].InStockAfter != 12 {
		t.Errorf("%v %+v", err, got)
	}
}

func TestExplainUnset(t *testing.T) {
	b := open(t)
	b.item("PEAR", "Pears")
	got, err := b.Explain("PEAR")
	want := view.Explanation{SKU: "PEAR", Terms: []view.Term{}, Pushes: []view.PushLog{}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}
