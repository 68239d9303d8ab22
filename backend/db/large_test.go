package db

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"
)

// tight opens books that take a sixteenth of what others do in one transaction.
func tight(t *testing.T, dir string) *DB {
	t.Helper()
	d, err := OpenWith(dir, Options{MemTable: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func noon() time.Time { return testTime }

// mark marks a number of a store as turning sync on does.
func mark(tx *Tx, i int) error {
	spot := fmt.Sprintf("1234567890/%d", i)
	gen, err := tx.NextGen()
	if err != nil {
		return err
	}
	return errors.Join(tx.ForgetPushed(1, spot), tx.PutDirty(1, spot, Dirty{Gen: gen, Since: tx.Now()}))
}

// TestMoreThanOneTransactionTakes: what is done to all of a store is done in pieces. No generation is given twice, and none
// is forgotten.
func TestMoreThanOneTransactionTakes(t *testing.T) {
	const n = 5_000
	dir := t.TempDir()
	d := tight(t, dir)
	err := d.Update(testTime, func(tx *Tx) error {
		for i := range n {
			if err := mark(tx, i); err != nil {
				return err
			}
		}
		return nil
	})
	if !errors.Is(err, badger.ErrTxnTooBig) {
		t.Fatalf("%d marks in one transaction: %v; the test is of no use", n, err)
	}
	commits := 0
	d.OnCommit(func(Touched) { commits++ })
	done, err := d.InPieces(t.Context(), noon, n, mark)
	if done != n || err != nil || commits < 3 {
		t.Fatalf("%d of %d marks in %d pieces: %v", done, n, commits, err)
	}
	must(t, d.Close())
	d = tight(t, dir)
	_, err = d.InPieces(t.Context(), noon, 1, func(tx *Tx, _ int) error { return mark(tx, n) })
	must(t, err)
	gens := map[uint64]bool{}
	must(t, d.View(func(tx *Tx) error {
		for _, m := range tx.DirtyOf(1) {
			gens[m.Gen] = true
		}
		return nil
	}))
	if len(gens) != n+1 {
		t.Errorf("%d generations for %d marks", len(gens), n+1)
	}
}

func TestPieceThatFails(t *testing.T) {
	d := memory(t)
	d.piece.writes = 10
	write := func(stop func(i int) error) (done int, err error) {
		return d.InPieces(t.Context(), noon, 100, func(tx *Tx, i int) error {
			return errors.Join(tx.SetMeta(fmt.Sprint("n", i), "x"), stop(i))
		})
	}
	kept := func() (n int) {
		for i := range 100 {
			if v, err := d.meta(fmt.Sprint("n", i)); v == "x" && err == nil {
				n++
			}
		}
		return n
	}
	broken := errors.New("broken")
	done, err := write(func(i int) error {
		if i == 34 {
			return broken
		}
		return nil
	})
	if done != 30 || !errors.Is(err, broken) || kept() != 30 {
		t.Errorf("%d done, %d kept, want the three pieces before the failure: %v", done, kept(), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done, err = d.InPieces(ctx, noon, 100, func(tx *Tx, i int) error {
		if i == 55 {
			cancel()
		}
		return tx.SetMeta(fmt.Sprint("n", i), "x")
	})
	if done != 60 || !errors.Is(err, context.Canceled) || kept() != 60 {
		t.Errorf("%d done, %d kept, want the piece in which it was stopped to be the last: %v", done, kept(), err)
	}
}

// TestStepLargerThanAPiece stands in a piece of its own.
func TestStepLargerThanAPiece(t *testing.T) {
	d := memory(t)
	d.piece.writes = 1
	commits := 0
	d.OnCommit(func(Touched) { commits++ })
	done, err := d.InPieces(t.Context(), noon, 3, func(tx *Tx, i int) error {
		for n := range 20 {
			if err := tx.SetMeta(fmt.Sprint(i, " ", n), "x"); err != nil {
				return err
			}
		}
		return nil
	})
	if done != 3 || err != nil || commits != 3 {
		t.Errorf("%d done in %d pieces: %v", done, commits, err)
	}
}

// TestRebuildOfLargeBooks mends more than one transaction takes.
func TestRebuildOfLargeBooks(t *testing.T) {
	const n = 4_000
	d := tight(t, "")
	must(t, d.Update(testTime, func(tx *Tx) error { _, err := tx.PutStore(Store{Channel: "memory", Account: "a"}); return err }))
	_, err := d.InPieces(t.Context(), noon, n, func(tx *Tx, i int) error {
		it, err := tx.PutItem(Item{SKU: fmt.Sprint("MUG-", i)})
		return errors.Join(err, tx.PutListing(Listing{Store: 1, Ref: fmt.Sprint(i), Item: it.ID})) // and no link
	})
	must(t, err)
	if r, err := d.Verify(nil); err != nil || r.Total != n {
		t.Fatalf("%d differences, want %d, %v", r.Total, n, err)
	}
	r, err := d.Rebuild(nil)
	must(t, err, r.Err())
	verified(t, d)
}

// TestRemovedStoresComeWithTheirLinks: up to schema 2 a removed store's listings were taken away from their products.
func TestRemovedStoresComeWithTheirLinks(t *testing.T) {
	const n = mostInStep + 10
	d := memory(t)
	must(t, d.Update(testTime, func(tx *Tx) error {
		_, err := tx.PutStore(Store{Channel: "memory", Account: "a"})
		must(t, err)
		_, err = tx.PutStore(Store{Channel: "memory", Account: "b", Removed: true})
		return err
	}))
	_, err := d.InPieces(t.Context(), noon, n, func(tx *Tx, i int) error {
		it, err := tx.PutItem(Item{SKU: fmt.Sprint("MUG-", i)})
		must(t, err, tx.Link(it.ID, Link{1, fmt.Sprint(i)}))
		for store := range uint32(2) {
			err = errors.Join(err, tx.PutListing(Listing{Store: store + 1, Ref: fmt.Sprint(i), Item: it.ID}))
		}
		return err
	})
	must(t, err, d.run(migrations[1], testTime))
	verified(t, d)
	links := func() (n int) {
		must(t, d.View(func(tx *Tx) error { l, err := tx.Links(7); n = len(l); return err }))
		return n
	}
	if got := links(); got != 1 {
		t.Errorf("%d listings of a product that one connected and one removed store have", got)
	}
	must(t, d.Update(testTime, func(tx *Tx) error {
		s, err := tx.Store(2)
		s.Removed = false
		_, err2 := tx.PutStore(s)
		return errors.Join(err, err2)
	}))
	if got := links(); got != 2 {
		t.Errorf("%d listings once the store is connected again", got)
	}
}
