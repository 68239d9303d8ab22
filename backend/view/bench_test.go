package view_test

import (
	"fmt"
	"testing"

	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/view"
)

// fill writes n counted products with two listings each, in two stores that are on.
func fill(tb testing.TB, n int) *books {
	tb.Helper()
	b := open(tb)
	stores := []db.Store{b.store(db.Store{Name: "Home", Sync: db.SyncOn}), b.store(db.Store{Name: "Trade", Sync: db.SyncOn})}
	const batch = 500
	for from := 0; from < n; from += batch {
		b.write(func(tx *db.Tx) error {
			for i := from; i < min(n, from+batch); i++ {
				sku := fmt.Sprintf("%s-%06d", [...]string{"MUG", "BRD", "tee", "JEANS"}[i%4], i*7919%n)
				it, err := tx.PutItem(db.Item{SKU: sku, Title: fmt.Sprintf("Handmade product number %d of Fernhill", i), Variant: "Size M"})
				if err != nil {
					return err
				}
				if _, err := tx.Append(db.Movement{Item: it.ID, Loc: db.DefaultLoc, Kind: domain.Counted, OnHand: int64(i % 100)}, true); err != nil {
					return err
				}
				for _, s := range stores {
					l := db.Listing{Store: s.ID, Ref: fmt.Sprint(i), SKU: sku, Status: db.ListingActive, Tracked: true, Item: it.ID}
					if err := tx.PutListing(l); err != nil {
						return err
					}
					if err := tx.Link(it.ID, db.Link{Store: s.ID, Ref: l.Ref}); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	return b
}

func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			books := fill(b, n)
			for b.Loop() {
				reopen(b, books.db)
			}
		})
	}
}

// BenchmarkStock asks what the grid asks, at 100,000 products, where no search may take more than 50 ms.
func BenchmarkStock(b *testing.B) {
	books := fill(b, 100_000)
	item, err := books.Product("MUG-000000")
	if err != nil {
		b.Fatal(err)
	}
	books.grid(view.StockQuery{Query: "warm"})
	typed := 0
	for _, tc := range []struct {
		name  string
		query func() view.StockQuery
		after func()
	}{
		{"a search never made before", func() view.StockQuery {
			typed++
			return view.StockQuery{Query: fmt.Sprintf("mug %d", typed)}
		}, nil},
		{"scrolling", func() view.StockQuery { return view.StockQuery{Query: "mug", Offset: 5000, Limit: 60} }, nil},
		{"the list after one commit", func() view.StockQuery { return view.StockQuery{Limit: 60} }, func() {
			books.count(db.Item{ID: item.ID}, 5)
		}},
		{"a search after one commit", func() view.StockQuery { return view.StockQuery{Query: "mug 42", Limit: 60} }, func() {
			books.count(db.Item{ID: item.ID}, 5)
		}},
	} {
		b.Run(tc.name, func(b *testing.B) {
			for b.Loop() {
				if tc.after != nil {
					tc.after()
				}
				books.grid(tc.query())
			}
		})
	}
	b.Run("another sort for the first time", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			fresh := reopen(b, books.db)
			b.StartTimer()
			if _, err := fresh.Stock(view.StockQuery{Sort: "-available", Limit: 60}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("stores", func(b *testing.B) {
		for b.Loop() {
			books.stores(0)
		}
	})
}
