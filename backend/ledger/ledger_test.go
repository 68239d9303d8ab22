package ledger_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/db/dbtest"
	"evenstock/backend/domain"
	"evenstock/backend/ledger"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// books are a database with one store that is on and one product with a listing there.
type books struct {
	t     *testing.T
	db    *db.DB
	now   time.Time
	store db.Store
	item  db.Item
}

func open(t *testing.T) *books {
	t.Helper()
	b := &books{t: t, db: dbtest.Open(t), now: noon}
	b.do(func(tx *db.Tx) (err error) {
		b.store, err = tx.PutStore(db.Store{Channel: "memory", Name: "Shop", Account: "a", Sync: db.SyncOn, EverOn: true, Anchor: noon.UnixMilli()})
		if err != nil {
			return err
		}
		if b.item, err = tx.PutItem(db.Item{SKU: "TEA"}); err != nil {
			return err
		}
		l := db.Listing{Store: b.store.ID, Ref: "7", SKU: "TEA", Status: db.ListingActive, Tracked: true, Item: b.item.ID}
		return errors.Join(tx.PutListing(l), tx.Link(b.item.ID, db.Link{Store: b.store.ID, Ref: "7"}))
	})
	t.Cleanup(func() {
		report, err := b.db.Verify(nil)
		if err = errors.Join(err, report.Err()); err != nil {
			t.Errorf("verify: %v", err)
		}
	})
	return b
}

func (b *books) do(fn func(*db.Tx) error) {
	b.t.Helper()
	if err := b.db.Update(b.now, fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *books) set(n int64, key string) (m db.Movement) {
	b.t.Helper()
	b.do(func(tx *db.Tx) (err error) {
		m, err = ledger.Set(tx, ledger.Action{Item: b.item.ID, Loc: db.DefaultLoc, Quantity: n, Kind: domain.Counted, Key: key})
		return err
	})
	return m
}

func (b *books) settle(o channel.Order, turningOn bool) (s ledger.Settled) {
	b.t.Helper()
	b.do(func(tx *db.Tx) (err error) { s, err = ledger.Settle(tx, b.store, o, turningOn); return err })
	return s
}

func (b *books) want(inStock, booked int64, counted bool) {
	b.t.Helper()
	_ = b.db.View(func(tx *db.Tx) error {
		s, err := tx.Stock(b.item.ID, db.DefaultLoc)
		if err != nil || s.OnHand != inStock || s.Booked != booked || s.Counted != counted {
			b.t.Errorf("%d in stock, %d booked, counted %v, want %d, %d, %v (%v)", s.OnHand, s.Booked, s.Counted, inStock, booked, counted, err)
		}
		return nil
	})
}

func (b *books) dirty() (d db.Dirty) {
	_ = b.db.View(func(tx *db.Tx) (err error) { d, err = tx.Dirty(b.store.ID, "7"); return err })
	return d
}

// order is an order of four pieces of tea placed after the anchor, changed by f.
func order(after time.Duration, f func(*channel.Line)) channel.Order {
	l := channel.Line{Ref: "1", ListingRef: "7", SKU: "TEA", Ordered: 4, Held: 4}
	if f != nil {
		f(&l)
	}
	return channel.Order{Ref: "1001", Number: "#1001", Placed: noon.Add(time.Minute), Updated: noon.Add(after), Lines: []channel.Line{l}}
}

func fulfilled(n int64) map[string]int64 { return map[string]int64{"": n} }

func TestOlderVersionChangesNothing(t *testing.T) {
	b := open(t)
	b.set(50, "k")
	b.settle(order(2*time.Minute, func(l *channel.Line) { l.Fulfilled = fulfilled(4) }), false)
	b.want(46, 0, true)
	if s := b.settle(order(time.Minute, nil), false); s.Changed {
		t.Error("an older version changed something")
	}
	b.want(46, 0, true)
}

// TestIgnoredOrder: nothing of an order the books take no notice of is booked or sent, until it counts, and again when it no longer
// does.
func TestIgnoredOrder(t *testing.T) {
	b := open(t)
	b.set(50, "k")
	o := order(time.Minute, func(l *channel.Line) { l.Held = 0 })
	o.Ignored = true
	if s := b.settle(o, false); s.UnitsBooked != 0 {
		t.Errorf("%d units booked", s.UnitsBooked)
	}
	b.want(50, 0, true)
	b.settle(order(2*time.Minute, nil), false)
	b.want(50, 4, true)
	o = order(3*time.Minute, func(l *channel.Line) { l.Held, l.Fulfilled = 0, fulfilled(1) })
	o.Ignored = true
	b.settle(o, false)
	b.want(50, 0, true)
	again := order(4*time.Minute, func(l *channel.Line) { l.Fulfilled = fulfilled(4) })
	b.settle(again, false)
	b.want(46, 0, true)
}

func TestSameKeyTwice(t *testing.T) {
	b := open(t)
	first := b.set(50, "k")
	again := b.set(50, "k")
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the same key made another movement: %s", diff)
	}
	err := b.db.Update(b.now, func(tx *db.Tx) error {
		_, err := ledger.Set(tx, ledger.Action{Item: b.item.ID, Loc: db.DefaultLoc, Quantity: 51, Kind: domain.Counted, Key: "k"})
		return err
	})
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) {
		t.Errorf("the same key with another number: %v", err)
	}
	b.want(50, 0, true)
}

func TestBoundsOfWhatAPersonMayEnter(t *testing.T) {
	b := open(t)
	b.set(5, "k")
	for name, try := range map[string]func(*db.Tx) (db.Movement, error){
		"below zero": func(tx *db.Tx) (db.Movement, error) {
			return ledger.Set(tx, ledger.Action{Item: b.item.ID, Loc: 1, Quantity: -1, Key: "a"})
		},
		"a typing mistake": func(tx *db.Tx) (db.Movement, error) {
			return ledger.Set(tx, ledger.Action{Item: b.item.ID, Loc: 1, Quantity: 1e12, Key: "b"})
		},
		"more than there is": func(tx *db.Tx) (db.Movement, error) {
			return ledger.Add(tx, ledger.Action{Item: b.item.ID, Loc: 1, Quantity: -6, Key: "c"})
		},
		"undo of nothing": func(tx *db.Tx) (db.Movement, error) { return ledger.Undo(tx, 99, "you") },
	} {
		t.Run(name, func(t *testing.T) {
			err := b.db.Update(b.now, func(tx *db.Tx) error { _, err := try(tx); return err })
			var refusal *ledger.Refusal
			if !errors.As(err, &refusal) || refusal.Message == "" {
				t.Errorf("error %v", err)
			}
			b.want(5, 0, true)
		})
	}
}

func TestUndoAndRedoOfTheFirstCount(t *testing.T) {
	b := open(t)
	first := b.set(10, "k")
	b.settle(order(time.Minute, func(l *channel.Line) { l.Fulfilled = fulfilled(4) }), false)
	b.want(6, 0, true)
	var undone db.Movement
	undo := func(seq uint64) {
		t.Helper()
		b.do(func(tx *db.Tx) (err error) { undone, err = ledger.Undo(tx, seq, "you"); return err })
	}
	undo(first.Seq)
	b.want(0, 0, false)
	undo(undone.Seq)
	b.want(6, 0, true)
	undo(undone.Seq)
	b.want(0, 0, false)
	b.set(3, "later")
	b.want(3, 0, true)
	err := b.db.Update(b.now, func(tx *db.Tx) error { _, err := ledger.Undo(tx, first.Seq, "you"); return err })
	if err == nil {
		t.Error("one movement was undone twice")
	}
}

func TestUnsetBooksButDoesNotMove(t *testing.T) {
	b := open(t)
	b.settle(order(time.Minute, nil), false)
	b.want(0, 4, false)
	b.settle(order(2*time.Minute, func(l *channel.Line) { l.Fulfilled = fulfilled(4) }), false)
	b.want(0, 0, false)
	b.set(9, "k")
	b.settle(order(3*time.Minute, func(l *channel.Line) { l.Fulfilled, l.Returned = fulfilled(4), fulfilled(1) }), false)
	b.want(10, 0, true)
}

func TestNetZeroChangeIsStillLookedAt(t *testing.T) {
	b := open(t)
	b.set(10, "k")
	b.do(func(tx *db.Tx) error { return tx.Clean(b.store.ID, "7") })
	b.settle(order(time.Minute, func(l *channel.Line) { l.Released, l.Held = 4, 0 }), false)
	b.want(10, 0, true)
	if b.dirty().Gen == 0 {
		t.Error("a sale and its cancellation between two pulls left the listing unmarked")
	}
}

func TestExpectationFollowsWhatTheShopTookItself(t *testing.T) {
	b := open(t)
	b.set(10, "k")
	b.do(func(tx *db.Tx) error { return tx.PutPushed(b.store.ID, "7", db.Pushed{Value: 10, Expect: 10}) })
	expect := func(want int64) {
		t.Helper()
		_ = b.db.View(func(tx *db.Tx) error {
			if p, err := tx.Pushed(b.store.ID, "7"); err != nil || p.Expect != want {
				t.Errorf("expect %d, want %d (%v)", p.Expect, want, err)
			}
			return nil
		})
	}
	b.settle(order(time.Minute, nil), false)
	expect(6)
	b.settle(order(2*time.Minute, func(l *channel.Line) { l.Released, l.Held = 1, 3 }), false)
	expect(7)
	b.settle(order(3*time.Minute, func(l *channel.Line) { l.Released, l.Held, l.Fulfilled = 1, 3, fulfilled(3) }), false)
	expect(7)
}

func TestGoneOrderReleasesWhatIsOpen(t *testing.T) {
	b := open(t)
	b.set(10, "k")
	b.settle(order(time.Minute, func(l *channel.Line) { l.Fulfilled = fulfilled(1) }), false)
	b.want(9, 3, true)
	b.settle(channel.Order{Ref: "1001", Gone: true}, false)
	b.want(9, 0, true)
	b.settle(order(time.Hour, func(l *channel.Line) { l.Fulfilled = fulfilled(1) }), false) // taken out of the bin again
	b.want(9, 3, true)
	b.settle(channel.Order{Ref: "unknown", Gone: true}, false)
}

func TestLineKeepsItsProduct(t *testing.T) {
	b := open(t)
	b.set(10, "k")
	b.do(func(tx *db.Tx) error { _, err := tx.PutItem(db.Item{SKU: "OTHER"}); return err })
	b.settle(order(time.Minute, nil), false)
	b.settle(order(2*time.Minute, func(l *channel.Line) { l.SKU, l.ListingRef = "OTHER", "" }), false)
	b.settle(order(3*time.Minute, func(l *channel.Line) { l.SKU, l.ListingRef, l.Fulfilled = "", "", fulfilled(4) }), false)
	b.want(6, 0, true)
}

func TestShippedBeforeTheCountIsNotTakenOutAgain(t *testing.T) {
	b := open(t)
	stray := order(time.Minute, func(l *channel.Line) { l.SKU, l.ListingRef, l.Fulfilled = "STRAY", "99", fulfilled(3) })
	b.settle(stray, false)
	b.now = noon.Add(time.Hour)
	b.set(10, "k")
	b.now = noon.Add(2 * time.Hour)
	ref := db.LineRef{Store: b.store.ID, Order: "1001", Line: "1"}
	b.do(func(tx *db.Tx) error { return ledger.LinkLine(tx, ref, b.item.ID) })
	b.want(10, 1, true) // three left before the count, one is open
}

func TestOrderSeenAfterTheCopy(t *testing.T) {
	b := open(t)
	b.do(func(tx *db.Tx) error { // the shop showed 6: four had been taken off for an order nobody could see yet
		return ledger.Copy(tx, ledger.Action{Item: b.item.ID, Loc: db.DefaultLoc, Quantity: 6, Kind: domain.Copied,
			Store: b.store.ID, AsOf: noon.Add(10 * time.Minute).UnixMilli(), Key: "copy"})
	})
	b.settle(order(time.Minute, nil), false)
	b.want(10, 4, true)
	late := order(time.Hour, nil)
	late.Ref, late.Placed = "1002", noon.Add(11*time.Minute)
	b.settle(late, false)
	b.want(10, 8, true)
}
