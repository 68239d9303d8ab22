package view_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/db"
	"evenstock/backend/view"
)

func TestStockRows(t *testing.T) {
	b := open(t)
	home := b.store(db.Store{Name: "Fernhill Home", Sync: db.SyncOn})
	trade := b.store(db.Store{Name: "Fernhill Trade"})
	gone := b.store(db.Store{Name: "Closed", Removed: true})
	apple := b.item("APPLE", "Apples")
	b.count(apple, 50)
	b.book(apple, db.Cause{}, 4)
	b.list(home, "1", apple)
	b.list(home, "2", apple)
	b.list(trade, "9", apple)
	b.list(gone, "3", apple)
	pear := b.item("PEAR", "Pears")
	b.book(pear, db.Cause{}, 2)
	plum := b.item("PLUM", "Plums")
	b.count(plum, 1)
	b.book(plum, db.Cause{}, 4)

	want := []view.StockRow{
		{ID: 1, SKU: "APPLE", Title: "Apples", InStock: p[int64](50), Booked: 4, Available: p[int64](46), Counted: true,
			Listings: 3, Changed: p(noon.UnixMilli()), Stores: []view.StoreCell{{Store: home.ID, State: view.Even},
				{Store: home.ID, State: view.Even}, {Store: trade.ID, State: view.Off}}},
		{ID: 2, SKU: "PEAR", Title: "Pears", Booked: 2, Changed: p(noon.UnixMilli()), Stores: []view.StoreCell{}},
		{ID: 3, SKU: "PLUM", Title: "Plums", InStock: p[int64](1), Booked: 4, Available: p[int64](-3), Counted: true,
			Oversold: 3, Changed: p(noon.UnixMilli()), Stores: []view.StoreCell{}},
	}
	got := b.grid(view.StockQuery{})
	if diff := cmp.Diff(want, got.Rows); diff != "" || got.Total != 3 {
		t.Errorf("total %d\n%s", got.Total, diff)
	}
	row, err := b.Row(apple.ID)
	if diff := cmp.Diff(want[0], row); diff != "" || err != nil {
		t.Errorf("one row differs from the list: %v\n%s", err, diff)
	}
}

func TestStockSearchFilterAndSort(t *testing.T) {
	b := open(t)
	home := b.store(db.Store{Name: "Home"})
	mug := b.item("mug-350", "Mug cream")
	b.count(mug, 10)
	b.list(home, "1", mug)
	nvy := b.item("MUG-350-NVY", "Mug navy")
	b.count(nvy, 2)
	b.book(nvy, db.Cause{}, 5)
	board := b.item("BRD", "Oak board")
	zero := b.item("AAA", "Zebra print")
	b.count(zero, 0)
	_ = board

	for _, tc := range []struct {
		name string
		q    view.StockQuery
		want []string
	}{
		{"all by SKU, whatever the case", view.StockQuery{}, []string{"AAA", "BRD", "mug-350", "MUG-350-NVY"}},
		{"SKU downwards", view.StockQuery{Sort: "-sku"}, []string{"MUG-350-NVY", "mug-350", "BRD", "AAA"}},
		{"title", view.StockQuery{Sort: "title"}, []string{"mug-350", "MUG-350-NVY", "BRD", "AAA"}},
		{"in stock, unset last", view.StockQuery{Sort: "inStock"}, []string{"AAA", "MUG-350-NVY", "mug-350", "BRD"}},
		{"in stock downwards, unset last", view.StockQuery{Sort: "-inStock"}, []string{"mug-350", "MUG-350-NVY", "AAA", "BRD"}},
		{"available", view.StockQuery{Sort: "available"}, []string{"MUG-350-NVY", "AAA", "mug-350", "BRD"}},
		{"booked downwards", view.StockQuery{Sort: "-booked"}, []string{"MUG-350-NVY", "AAA", "BRD", "mug-350"}},
		{"two terms in any order", view.StockQuery{Query: "  NAVY  350"}, []string{"MUG-350-NVY"}},
		{"every term must match", view.StockQuery{Query: "mug oak"}, []string{}},
		{"oversold", view.StockQuery{Filter: view.FilterOversold}, []string{"MUG-350-NVY"}},
		{"unset", view.StockQuery{Filter: view.FilterUnset}, []string{"BRD"}},
		{"zero and less", view.StockQuery{Filter: view.FilterZero}, []string{"AAA", "MUG-350-NVY"}},
		{"in a store", view.StockQuery{Store: home.ID}, []string{"mug-350"}},
		{"a window", view.StockQuery{Offset: 1, Limit: 2}, []string{"BRD", "mug-350"}},
		{"beyond the end", view.StockQuery{Offset: 9}, []string{}},
		{"before the start", view.StockQuery{Offset: -3, Limit: 1}, []string{"AAA"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, skus(b.grid(tc.q))); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tc.want, skus(b.grid(tc.q))); diff != "" {
				t.Errorf("asked again: %s", diff)
			}
		})
	}
	for _, q := range []view.StockQuery{{Sort: "colour"}, {Sort: "--sku"}, {Filter: "red"}} {
		if _, err := b.Stock(q); !errors.Is(err, view.ErrQuery) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// TestStockTypedLetterByLetter types queries, which are found among what was found before, and asks each one at once too.
func TestStockTypedLetterByLetter(t *testing.T) {
	b := open(t)
	for i, sku := range []string{"MUG-350", "MUG-35", "GUM-3", "é-MUG", "BRD"} {
		b.count(b.item(sku, fmt.Sprintf("Mug %d of 3", i)), int64(i%2))
	}
	for _, typed := range []string{"mug 35", "g-35", "3 mug", "é-m", "mug x", "zero"} {
		for n := range len([]rune(typed)) + 1 {
			for _, filter := range []string{"", view.FilterZero} {
				q := view.StockQuery{Query: string([]rune(typed)[:n]), Filter: filter}
				if diff := cmp.Diff(grid(t, reopen(t, b.db), q), skus(b.grid(q))); diff != "" {
					t.Errorf("%q %s: %s", q.Query, filter, diff)
				}
			}
		}
	}
	b.count(b.item("MUG-359", "New"), 1)
	if diff := cmp.Diff([]string{"MUG-35", "MUG-350", "MUG-359"}, skus(b.grid(view.StockQuery{Query: "mug-35"}))); diff != "" {
		t.Errorf("after a commit: %s", diff)
	}
}

func grid(t *testing.T, v *view.View, q view.StockQuery) []string {
	t.Helper()
	w, err := v.Stock(q)
	if err != nil {
		t.Fatal(err)
	}
	return skus(w)
}

func TestStockWindowIsBounded(t *testing.T) {
	b := open(t)
	b.write(func(tx *db.Tx) error {
		for i := range view.MaxRows + 50 {
			if _, err := tx.PutItem(db.Item{SKU: fmt.Sprintf("S%04d", i)}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, limit := range []int{0, -1, view.MaxRows + 1, 1 << 40} {
		if w := b.grid(view.StockQuery{Limit: limit}); len(w.Rows) != view.MaxRows || w.Total != view.MaxRows+50 {
			t.Errorf("limit %d: %d of %d rows", limit, len(w.Rows), w.Total)
		}
	}
}

func TestStockFollowsCommits(t *testing.T) {
	b := open(t)
	home := b.store(db.Store{Name: "Home", Sync: db.SyncOn})
	mug := b.item("MUG", "Mug")
	b.count(mug, 7)
	l := b.list(home, "1", mug)
	before := b.grid(view.StockQuery{})
	if s := before.Rows[0].Stores[0].State; s != view.Even {
		t.Fatalf("state %q", s)
	}
	b.mark(l, db.Dirty{Cause: db.ByUser})
	after := b.grid(view.StockQuery{})
	if s := after.Rows[0].Stores[0].State; s != view.Due || after.Version <= before.Version {
		t.Errorf("after a mark: state %q, version %d after %d", s, after.Version, before.Version)
	}
	home.Sync = db.SyncOff
	b.store(home)
	if s := b.grid(view.StockQuery{}).Rows[0].Stores[0].State; s != view.Off {
		t.Errorf("after turning off: state %q", s)
	}
	mug.Title = "Cup"
	b.write(func(tx *db.Tx) error {
		_, err := tx.PutItem(mug)
		return err
	})
	if got := skus(b.grid(view.StockQuery{Query: "cup"})); len(got) != 1 {
		t.Error("the new title is not found")
	}
	if got := skus(b.grid(view.StockQuery{Query: "mug"})); len(got) != 1 {
		t.Error("the SKU is not found any more")
	}
}

func TestProductUnknown(t *testing.T) {
	b := open(t)
	_, err := b.Product("NOPE")
	if !errors.Is(err, db.ErrNotFound) || err.Error() != `There is no product with the SKU "NOPE".` {
		t.Errorf("error %v", err)
	}
	if _, err := b.Explain("NOPE"); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("error %v", err)
	}
	if _, err := b.Row(77); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("error %v", err)
	}
}

// TestAskedWhileWritten is for the race detector, and for the promise that no change is lost on the way to the model.
func TestAskedWhileWritten(t *testing.T) {
	b := open(t)
	mug := b.item("MUG", "Mug")
	const changes = 100
	done := make(chan struct{})
	for range 2 {
		go func() {
			defer func() { done <- struct{}{} }()
			for range changes {
				if _, err := b.Stock(view.StockQuery{Sort: "available"}); err != nil {
					t.Error(err)
				}
				if _, err := b.Health(); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	for i := range changes {
		b.count(mug, int64(i))
	}
	<-done
	<-done
	if got := *b.grid(view.StockQuery{}).Rows[0].InStock; got != changes-1 {
		t.Errorf("in stock %d after the last change", got)
	}
}

// TestClosedBooks asks twice: the first failure must not leave something behind that the second one trips over.
func TestClosedBooks(t *testing.T) {
	d, err := db.Open("")
	if err != nil {
		t.Fatal(err)
	}
	v := reopen(t, d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	v.Update(db.Touched{Stores: true})
	for range 2 {
		if _, err := v.Stock(view.StockQuery{}); err == nil {
			t.Error("closed books were read")
		}
		if _, err := v.Stores(0); err == nil {
			t.Error("closed books were read")
		}
	}
}
