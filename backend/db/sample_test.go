package db

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"evenstock/backend/domain"
)

var testTime = time.Date(2026, 8, 21, 9, 0, 0, 0, time.UTC)

func memory(t testing.TB) *DB {
	t.Helper()
	return opened(t, "")
}

func opened(t testing.TB, dir string) *DB {
	t.Helper()
	d, err := OpenWith(dir, Options{Version: "1.2.3", Now: testTime})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// onDisk opens a new database whose folder, with what appears beside it, is gone after the test.
func onDisk(t testing.TB) (*DB, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "books")
	return opened(t, dir), dir
}

func update(t testing.TB, d *DB, fn func(*Tx) error) {
	t.Helper()
	if err := d.Update(testTime, fn); err != nil {
		t.Fatal(err)
	}
}

func verified(t testing.TB, d *DB) Report {
	t.Helper()
	r, err := d.Verify(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return r
}

// canary is a sealed secret's plain text in the tests.
const canary = "ck_canary_7f3a9b21/+&=~secret"

// sample fills a database with at least one record of every kind: two stores, products linked in both, orders that
// are open, partly shipped, unmatched and closed.
func sample(t testing.TB, d *DB) {
	t.Helper()
	sealer, err := NewSealer(testKey)
	if err != nil {
		t.Fatal(err)
	}
	update(t, d, func(tx *Tx) error {
		for n := range 2 {
			s, err := tx.PutStore(Store{Channel: "woocommerce", Name: fmt.Sprint("Shop ", n+1), Account: fmt.Sprint("account-", n+1), Sync: SyncOn})
			if err != nil {
				return err
			}
			must(t, tx.PutLane(s.ID, Lane{OrderPull: tx.Now()}), tx.PutCursor(s.ID, "orders", []byte("2026-08-21")),
				tx.PutApproval(s.ID, "A-1", tx.Now()), tx.PutNote(s.ID, "limits", []byte(`{"orders":{"spent":3}}`)), tx.PutSecret(s.ID, "secret", sealer.Seal(s.ID, "secret", canary)))
			if _, err := tx.NewCall(s.ID, "call-1", 10, 0); err != nil {
				return err
			}
		}
		for n := range uint64(3) {
			it, err := tx.PutItem(Item{SKU: fmt.Sprint("A-", n+1), Title: fmt.Sprint("Apple ", n+1)})
			if err != nil {
				return err
			}
			for store := range uint32(2) {
				addListing(t, tx, store+1, fmt.Sprint("ref-", n+1), it.ID)
			}
			if n < 2 {
				append1(t, tx, Movement{Item: it.ID, Kind: domain.Counted, OnHand: 50, Actor: "you"}, true)
			}
		}
		must(t, tx.PutMint("key-1", "set 50", 1))
		addLine(t, tx, "1001", "l1", 1, Counts{Ordered: 4})
		addLine(t, tx, "1001", "l2", 2, Counts{Ordered: 3, Fulfilled: 1})
		addLine(t, tx, "1002", "l1", 3, Counts{Ordered: 2})
		addLine(t, tx, "1003", "l1", 0, Counts{Ordered: 5})
		addLine(t, tx, "1004", "l1", 1, Counts{Ordered: 1, Fulfilled: 1})
		if _, err := tx.PutNotice(Notice{Kind: "held", Store: 1, StoreName: "Shop 1", Count: 2, At: tx.Now()}); err != nil {
			return err
		}
		_, err := tx.NewRun(Run{Store: 1, Kind: RunSync, StartedAt: tx.Now(), Outcome: Done})
		return err
	})
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func append1(t testing.TB, tx *Tx, m Movement, counted bool) {
	t.Helper()
	m.Loc = DefaultLoc
	_, err := tx.Append(m, counted)
	must(t, err)
}

func addListing(t testing.TB, tx *Tx, store uint32, ref string, item uint64) {
	t.Helper()
	link := Link{store, ref}
	must(t, tx.PutListing(Listing{Store: store, Ref: ref, SKU: "A", Item: item, Tracked: true}), tx.Link(item, link),
		tx.PutDirty(store, ref, Dirty{Gen: 1 << 20, Since: tx.Now()}), tx.PutPushed(store, ref, Pushed{Value: 3}),
		tx.PutWrite(item, Write{Store: store, Ref: ref, At: tx.Now()}))
}

// addLine adds a line of store 1 and does to stock what the ledger would do.
func addLine(t testing.TB, tx *Tx, order, line string, item uint64, now Counts) {
	t.Helper()
	o, err := tx.Order(1, order)
	if _, err := missing(err); err != nil {
		t.Fatal(err)
	}
	o.Store, o.Ref, o.Placed = 1, order, tx.Now()
	o.Open += now.Domain().Open()
	l := Line{Store: 1, Order: order, Ref: line, SKU: "B-" + order, Item: item, Loc: DefaultLoc, Now: now}
	must(t, tx.PutOrder(o), tx.PutLine(l))
	if item == 0 {
		return
	}
	for _, step := range domain.Steps(domain.Counts{}, now.Domain()) {
		s, err := tx.Stock(item, DefaultLoc)
		must(t, err)
		m := Movement{Item: item, Kind: step.Kind, OnHand: step.Delta.OnHand, Booked: step.Delta.Booked, Actor: "sync",
			Cause: Cause{1, order, line}}
		if !s.Counted {
			m.OnHand = 0
		}
		append1(t, tx, m, s.Counted)
	}
}
