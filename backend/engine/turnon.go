package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/ledger"
)

// copyRounds is how often numbers and orders are read for a product that keeps selling while it is copied (T2).
const copyRounds = 5

// TurnOn turns a store's sync on: orders become bookings, the store's numbers are copied where that was asked for, and
// the chosen rows are pushed. A store that is on already is left alone: no run, no error. A turn-on that fails leaves
// sync off; what it booked stays and is taken up by the next try.
func (e *Engine) TurnOn(ctx context.Context, id uint32, t TurnOn) ([]db.Run, error) {
	l, err := e.laneOf(id)
	if err != nil {
		return nil, err
	}
	if err := l.acquire(ctx, acquireWait); err != nil {
		return nil, err
	}
	defer l.release()
	s, err := l.ready(false)
	if err != nil {
		return nil, err
	}
	if s.On() {
		return nil, nil
	}
	ctx, end := l.work(ctx)
	defer end()
	run := l.perform(ctx, s, db.RunTurnOn, true, func(ctx context.Context, v *visit) error { return v.turnOn(ctx, t) })
	return []db.Run{run}, nil
}

// turningOn is one turn-on under way.
type turningOn struct {
	*visit
	answers TurnOn
	has     map[string]*int64
	counted map[uint64]bool // products counted before
	skew    time.Duration   // the store's clock minus ours
}

func (v *visit) turnOn(ctx context.Context, answers TurnOn) error {
	if err := v.l.pullListings(ctx, v); err != nil {
		return err
	}
	if err := v.learnStatuses(ctx); err != nil {
		return err
	}
	t := &turningOn{visit: v, answers: answers, counted: map[uint64]bool{}}
	if err := t.anchor(ctx); err != nil {
		return err
	}
	rows, err := v.linkedRows()
	if err != nil {
		return err
	}
	if t.has, err = v.read(ctx, rows); err != nil {
		return err
	}
	if err := v.pullOrders(ctx, true); err != nil {
		return err
	}
	if v.store.EverOn {
		if err := v.l.rereadBooked(ctx, v); err != nil {
			return err
		}
	}
	if err := t.copyNumbers(ctx, rows); err != nil {
		return err
	}
	if err := t.switchOn(); err != nil {
		return err
	}
	if err := v.passBarrier(ctx); err != nil {
		return err
	}
	v.l.takeMark()
	return v.l.cycle(ctx, v)
}

// anchor notes the moment, by the store's clock, from which what happens to orders has its full effect (O6), and which
// products were counted before it.
func (t *turningOn) anchor(ctx context.Context) error {
	at := t.l.e.now()
	storeNow, err := t.l.storeNow(ctx, t.shop)
	if err != nil {
		return err
	}
	if !storeNow.IsZero() {
		t.skew, at = storeNow.Sub(at), storeNow
	}
	return t.update(func(tx *db.Tx) error {
		s, err := tx.Store(t.l.id)
		if err != nil {
			return err
		}
		s.Anchor = at.Truncate(time.Second).UnixMilli() // shops state in whole seconds when an order was placed
		if !s.EverOn {                                  // what a first try that failed has read is read again
			if err := tx.PutCursor(t.l.id, streamOrders, nil); err != nil {
				return err
			}
		}
		if t.store, err = tx.PutStore(s); err != nil {
			return err
		}
		for place, stock := range tx.Stocks() {
			if stock.Counted {
				t.counted[place.Item] = true
			}
		}
		return nil
	})
}

// copyNumbers sets products that were never counted to what the store shows plus the open units it has taken off for
// them. It takes only numbers that were the same before and after the orders; what keeps selling goes round again, and
// after five rounds stays unset and is listed.
func (t *turningOn) copyNumbers(ctx context.Context, rows []row) error {
	if !t.answers.Copy {
		return nil
	}
	left := slices.DeleteFunc(slices.Clone(rows), func(r row) bool {
		return t.counted[r.listing.Item] || t.has[r.listing.Ref] == nil
	})
	for range copyRounds {
		if len(left) == 0 {
			return nil
		}
		asOf := t.storeSecond()
		again, err := t.read(ctx, left)
		if err != nil {
			return err
		}
		if left, err = t.copyAgreed(left, again, asOf); err != nil || len(left) == 0 {
			return err
		}
		if err := t.pullOrders(ctx, true); err != nil {
			return err
		}
	}
	for _, r := range left {
		t.refuse(r.listing.SKU, r.listing.Ref, CodeUnset,
			fmt.Sprintf("%s kept changing while it was read, so it was not copied. It needs a first count.", r.listing.SKU))
	}
	return nil
}

// copyAgreed copies the products whose readings agree and returns the rows that do not.
func (t *turningOn) copyAgreed(rows []row, again map[string]*int64, asOf int64) ([]row, error) {
	byItem := map[uint64][]row{}
	for _, r := range rows {
		byItem[r.listing.Item] = append(byItem[r.listing.Item], r)
	}
	var agreed []uint64
	var left []row
	for item, group := range byItem {
		stable, equal := true, true
		for _, r := range group {
			before, now := t.has[r.listing.Ref], again[r.listing.Ref]
			stable = stable && before != nil && now != nil && *before == *now
			equal = equal && now != nil && again[group[0].listing.Ref] != nil && *now == *again[group[0].listing.Ref]
		}
		switch {
		case stable && equal:
			agreed = append(agreed, item)
		case stable:
			r := group[0].listing
			t.refuse(r.SKU, r.Ref, CodeUnset, fmt.Sprintf("%s stands on %d listings that show different numbers, so none was copied. It needs a first count.", r.SKU, len(group)))
		default:
			left = append(left, group...)
		}
	}
	for ref, q := range again {
		t.has[ref] = q
	}
	slices.Sort(agreed)
	for chunk := range slices.Chunk(agreed, linesPerTx) {
		err := t.update(func(tx *db.Tx) error {
			held, err := heldOf(tx, t.l.id, chunk)
			if err != nil {
				return err
			}
			for _, item := range chunk {
				if err := t.copyOne(tx, item, max(0, *again[byItem[item][0].listing.Ref]+held[item]), asOf); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return left, nil
}

// storeSecond is the present second by the store's clock: shops state when an order was placed in whole seconds.
func (t *turningOn) storeSecond() int64 {
	return t.l.e.now().Add(t.skew).Truncate(time.Second).UnixMilli()
}

func (t *turningOn) copyOne(tx *db.Tx, item uint64, inStock, asOf int64) error {
	return ledger.Copy(tx, ledger.Action{Item: item, Loc: db.DefaultLoc, Quantity: inStock, Kind: domain.Copied,
		Actor: "copy", Note: "copied from " + t.store.Name, Store: t.l.id, AsOf: asOf,
		Key: fmt.Sprintf("copy %d %d %d", t.l.id, t.store.Anchor, item)})
}

// heldOf sums, for each product, the units of open lines that a store has taken off its own number.
func heldOf(tx *db.Tx, store uint32, items []uint64) (map[uint64]int64, error) {
	out := map[uint64]int64{}
	for _, item := range items {
		for _, ref := range tx.BookedLines(item) {
			if ref.Store != store {
				continue
			}
			line, err := tx.Line(ref)
			if err != nil {
				return nil, err
			}
			out[item] += min(line.Held, line.Now.Domain().Open())
		}
	}
	return out, nil
}

// onTop adds the open units this turn-on brought along to products counted before, where the user said that they are not
// part of what was counted. What was booked before, or is ordered from now on, is none of them.
func (t *turningOn) onTop(tx *db.Tx) error {
	if !t.answers.OnTop {
		return nil
	}
	for _, item := range slices.Sorted(maps.Keys(t.counted)) {
		var open int64
		for _, ref := range tx.BookedLines(item) {
			if ref.Store != t.l.id {
				continue
			}
			line, err := tx.Line(ref)
			if err != nil {
				return err
			}
			if line.Turn == t.store.Turns+1 {
				open += line.Now.Domain().Open()
			}
		}
		if open == 0 {
			continue
		}
		_, err := ledger.Add(tx, ledger.Action{Item: item, Loc: db.DefaultLoc, Quantity: open, Kind: domain.OnTop,
			Actor: "you", Note: "open orders of " + t.store.Name + " were not part of the counted stock",
			Key: fmt.Sprintf("on top %d %d %d", t.l.id, t.store.Turns+1, item)})
		if err != nil {
			return err
		}
	}
	return nil
}

// switchOn turns the store on, in one step with what comes on top, and marks what the user chose to send; what he left out is left as it is until its next
// change, a hard refresh or his release (T3).
func (t *turningOn) switchOn() error {
	return t.update(func(tx *db.Tx) error {
		if err := t.onTop(tx); err != nil {
			return err
		}
		s, err := tx.Store(t.l.id)
		if err != nil {
			return err
		}
		s.Sync, s.EverOn = db.SyncOn, true
		s.Turns++
		if t.store, err = tx.PutStore(s); err != nil {
			return err
		}
		reh, err := t.present(tx)
		if err != nil {
			return err
		}
		for _, r := range reh.Rows {
			if err := t.choose(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// present is the rehearsal of what has just been booked and copied.
func (t *turningOn) present(tx *db.Tx) (Rehearsal, error) {
	out := Rehearsal{}
	for l := range tx.Listings(t.l.id) {
		has := t.has[l.Ref]
		if has == nil {
			continue
		}
		s, err := tx.Stock(l.Item, db.DefaultLoc)
		if err != nil {
			return out, err
		}
		out.Rows = append(out.Rows, t.rehearseRow(l, *has, s, preview{}, TurnOn{}, nil))
	}
	return out, nil
}

// choose marks a counted listing, also one that was right when it was read: the shop may have sold since. What is marked
// is read anew, so nothing is expected of it; of the others the reading is all that is known.
func (t *turningOn) choose(tx *db.Tx, r RehearsalRow) error {
	link := db.Link{Store: t.l.id, Ref: r.Listing}
	if r.Target != nil && (!r.changes() || t.wanted(r)) {
		if r.changes() {
			if err := approve(tx, t.l.id, r.SKU); err != nil {
				return err
			}
		}
		return errors.Join(tx.ForgetPushed(t.l.id, r.Listing), ledger.MarkListing(tx, link, db.ByLink))
	}
	if err := tx.PutPushed(t.l.id, r.Listing, db.Pushed{Expect: *r.Has, Seen: true}); err != nil || r.Target == nil {
		return err
	}
	gen, err := tx.NextGen()
	if err != nil {
		return err
	}
	return tx.PutDirty(t.l.id, r.Listing, db.Dirty{Gen: gen, Since: tx.Now(), Left: true, Want: *r.Target, Has: *r.Has})
}

func (t *turningOn) wanted(r RehearsalRow) bool {
	switch t.answers.Push {
	case PushAll:
		return true
	case PushNone:
		return false
	case PushSome:
		return slices.Contains(t.answers.Rows, r.SKU) || slices.Contains(t.answers.Rows, r.Listing)
	}
	return r.Ticked
}

// TurnOff turns a store's sync off: when it returns no further request to change the store is made. Bookings stay.
func (e *Engine) TurnOff(ctx context.Context, id uint32) error {
	l, err := e.laneOf(id)
	if err != nil {
		return err
	}
	err = e.o.DB.Update(e.now(), func(tx *db.Tx) error { return switchOff(tx, id, e.now()) })
	if err != nil {
		return err
	}
	l.stopWork()
	if err := l.acquire(ctx, acquireWait); err != nil {
		return err
	}
	defer l.release()
	return e.o.DB.Update(e.now(), func(tx *db.Tx) error { return forgetMarks(tx, id) })
}

func switchOff(tx *db.Tx, id uint32, now time.Time) error {
	s, err := tx.Store(id)
	if err != nil || !s.On() {
		return err
	}
	lane, err := tx.Lane(id)
	if err != nil {
		return err
	}
	off := now.Add(time.Duration(lane.Skew) * time.Millisecond).Truncate(time.Second)
	s.Sync, s.OffAt = db.SyncOff, off.UnixMilli()
	_, err = tx.PutStore(s)
	return err
}

// forgetMarks removes the marks of a store that is off: turning on plans every counted listing anew.
func forgetMarks(tx *db.Tx, id uint32) error {
	var refs []string
	for ref := range tx.DirtyOf(id) {
		refs = append(refs, ref)
	}
	for _, ref := range refs {
		if err := tx.Clean(id, ref); err != nil {
			return err
		}
	}
	return nil
}
