package view_test

import (
	"testing"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/db/dbtest"
	"evenstock/backend/domain"
	"evenstock/backend/view"
)

// noon is the time of every write in these tests.
var noon = time.Date(2026, 8, 17, 12, 0, 0, 0, time.UTC)

// books is a database in memory with a view that follows it.
type books struct {
	t  testing.TB
	db *db.DB
	*view.View
}

func open(t testing.TB) *books {
	t.Helper()
	b := &books{t: t, db: dbtest.Open(t)}
	b.View = reopen(t, b.db)
	b.db.OnCommit(b.Update)
	return b
}

func reopen(t testing.TB, d *db.DB) *view.View {
	t.Helper()
	v, err := view.Open(d)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// write runs fn in one transaction.
func (b *books) write(fn func(*db.Tx) error) {
	b.t.Helper()
	b.writeAt(noon, fn)
}

func (b *books) writeAt(at time.Time, fn func(*db.Tx) error) {
	b.t.Helper()
	if err := b.db.Update(at, fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *books) store(s db.Store) db.Store {
	b.t.Helper()
	if s.Account == "" {
		s.Account = s.Name
	}
	if s.Channel == "" {
		s.Channel = "woocommerce"
	}
	b.write(func(tx *db.Tx) (err error) {
		s, err = tx.PutStore(s)
		return err
	})
	return s
}

func (b *books) item(sku, title string) db.Item {
	b.t.Helper()
	it := db.Item{SKU: sku, Title: title}
	b.write(func(tx *db.Tx) (err error) {
		it, err = tx.PutItem(it)
		return err
	})
	return it
}

// count sets In stock of a product.
func (b *books) count(it db.Item, n int64) db.Movement {
	b.t.Helper()
	var m db.Movement
	b.write(func(tx *db.Tx) error {
		s, err := tx.Stock(it.ID, db.DefaultLoc)
		if err != nil {
			return err
		}
		m, err = tx.Append(db.Movement{Item: it.ID, Loc: db.DefaultLoc, Kind: domain.Counted, OnHand: n - s.OnHand,
			Actor: "you"}, true)
		return err
	})
	return m
}

// book books n units of an order line.
func (b *books) book(it db.Item, cause db.Cause, n int64) {
	b.t.Helper()
	b.write(func(tx *db.Tx) error {
		s, err := tx.Stock(it.ID, db.DefaultLoc)
		if err != nil {
			return err
		}
		_, err = tx.Append(db.Movement{Item: it.ID, Loc: db.DefaultLoc, Kind: domain.Booked, Booked: n, Cause: cause,
			Actor: "sync"}, s.Counted)
		return err
	})
}

// list puts a listing of a product on sale in a store; change may alter the record first.
func (b *books) list(s db.Store, ref string, it db.Item, change ...func(*db.Listing)) db.Listing {
	b.t.Helper()
	l := db.Listing{Store: s.ID, Ref: ref, SKU: it.SKU, Title: it.Title, Status: db.ListingActive, Tracked: true, Item: it.ID}
	for _, f := range change {
		f(&l)
	}
	b.write(func(tx *db.Tx) error {
		if err := tx.PutListing(l); err != nil || l.Item == 0 {
			return err
		}
		return tx.Link(l.Item, db.Link{Store: s.ID, Ref: ref})
	})
	return l
}

func (b *books) mark(l db.Listing, d db.Dirty) {
	b.t.Helper()
	b.write(func(tx *db.Tx) error {
		d.Gen = max(1, d.Gen)
		return tx.PutDirty(l.Store, l.Ref, d)
	})
}

// grid returns the window of a query.
func (b *books) grid(q view.StockQuery) view.StockWindow {
	b.t.Helper()
	w, err := b.Stock(q)
	if err != nil {
		b.t.Fatal(err)
	}
	return w
}

func skus(w view.StockWindow) []string {
	out := []string{}
	for _, r := range w.Rows {
		out = append(out, r.SKU)
	}
	return out
}

func p[T any](v T) *T { return &v }
