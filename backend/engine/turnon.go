package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/ledger"
)

// copyRounds is how often numbers and orders are read for a product that keeps selling while it is copied (T2).
const copyRounds = 5

// TurnOn turns a store's sync on: orders become bookings, the store's numbers are copied where that was asked for, and
// the chosen rows are pushed. A store that is on already is left alone: no run, no error. A turn-on that fails or is stopped
// leaves sync off, until the moment it begins to send; what it booked stays and is taken up by the next try.
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
	run := l.perform(ctx, s, db.RunTurnOn, true, func(ctx context.Context, v *visit) error {
		err := v.turnOn(ctx, t)
		if err != nil && ctx.Err() != nil {
			return v.stoppedTurningOn()
		}
		return err
	})
	return []db.Run{run}, nil
}

// stoppedTurningOn says what a turn-on that was stopped has come to.
func (v *visit) stoppedTurningOn() error {
	if v.store.On() {
		return &stopped{fmt.Sprintf("Stopped. Sync of %s is on already; what was not sent yet follows with its next sync.", v.store.Name)}
	}
	return &stopped{fmt.Sprintf("Stopped. Sync of %s stays off and nothing was sent to it. What was booked and copied by then stays, and is not done twice.", v.store.Name)}
}

// turningOn is one turn-on under way.
type turningOn struct {
	*visit
	answers TurnOn
	named   map[string]bool // with PushSome: what the rows are chosen by
	has     map[string]*int64
	copies  copies
	counted map[db.Place]bool // counted before
	skew    time.Duration     // the store's clock minus ours
}

func (v *visit) turnOn(ctx context.Context, answers TurnOn) error {
	if err := v.l.freshListings(ctx, v); err != nil {
		return err
	}
	if err := v.learnStatuses(ctx); err != nil {
		return err
	}
	if err := v.linkedSomewhere(ctx); err != nil {
		return err
	}
	t := &turningOn{visit: v, answers: answers, named: setOf(answers.Rows), counted: map[db.Place]bool{}}
	if err := t.anchor(ctx); err != nil {
		return err
	}
	rows, err := v.linkedRows()
	if err != nil {
		return err
	}
	if t.has, err = v.readAll(ctx, rows); err != nil {
		return err
	}
	if err := v.pullAllOrders(ctx); err != nil {
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
	if err := t.switchOn(ctx); err != nil {
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
				t.counted[place] = true
			}
		}
		t.copies, err = t.copiesOf(tx)
		return err
	})
}

// switchOn turns the store on. What the user chose is marked first, with what comes on top, while nothing looks at the marks
// of the store yet; what he left out is left as it is until its next change, a hard refresh or his release (T3). From the
// first mark on, what changes besides is marked too. The switch itself comes last: a crash before it leaves sync off.
func (t *turningOn) switchOn(ctx context.Context) (err error) {
	e := t.l.e
	if err := e.forgetMarks(ctx, t.l); err != nil {
		return err
	}
	if err := t.set(func(s *db.Store) { s.Turning = true }); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, e.dropMarks(t.store))
		}
	}()
	if err := t.onTop(ctx); err != nil {
		return err
	}
	if err := t.chooseAll(ctx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return t.set(func(s *db.Store) {
		s.Sync, s.EverOn, s.Turning = db.SyncOn, true, false
		s.Turns++
	})
}

// set changes what is kept of the store.
func (t *turningOn) set(change func(*db.Store)) error {
	return t.update(func(tx *db.Tx) error {
		s, err := tx.Store(t.l.id)
		if err != nil {
			return err
		}
		change(&s)
		t.store, err = tx.PutStore(s)
		return err
	})
}

// chooseAll goes through the rehearsal of what has just been booked and copied.
func (t *turningOn) chooseAll(ctx context.Context) error {
	p := preview{has: t.has}
	var spots []string
	err := t.view(func(tx *db.Tx) error {
		for r := range t.readRows(tx, p) {
			spots = append(spots, r.spot())
		}
		return nil
	})
	if err != nil {
		return err
	}
	return inSteps(ctx, t.l, phaseCompare, spots, func(tx *db.Tx, spot string) error {
		ref, location := db.SplitSpot(spot)
		l, err := tx.Listing(t.l.id, ref)
		if err != nil {
			return err
		}
		shown, err := t.rehearseRow(tx, row{listing: l, location: location}, p, TurnOn{}, func(row) siblings { return siblings{} })
		if err != nil {
			return err
		}
		return t.choose(tx, shown, tx.Mates(l))
	})
}

// choose marks a counted listing, also one that was right when it was read: the shop may have sold since. What is marked
// is read anew, so nothing is expected of it; of the others the reading is all that is known.
// Listings that share a number are sent it only if all of them were chosen.
func (t *turningOn) choose(tx *db.Tx, r RehearsalRow, mates []db.Listing) error {
	if r.Target != nil && (!r.Changes() || t.wanted(r, mates)) {
		if r.Changes() {
			if err := approve(tx, t.l.id, r.SKU); err != nil {
				return err
			}
		}
		return errors.Join(tx.ForgetPushed(t.l.id, r.spot()), ledger.MarkSpot(tx, t.store, r.spot(), db.ByLink))
	}
	if err := tx.PutPushed(t.l.id, r.spot(), db.Pushed{Expect: *r.Has, Seen: true}); err != nil || r.Target == nil {
		return err
	}
	gen, err := tx.NextGen()
	if err != nil {
		return err
	}
	return tx.PutDirty(t.l.id, r.spot(), db.Dirty{Gen: gen, Since: tx.Now(), Left: true, Want: *r.Target, Has: *r.Has})
}

func (t *turningOn) wanted(r RehearsalRow, mates []db.Listing) bool {
	switch t.answers.Push {
	case PushAll:
		return true
	case PushNone:
		return false
	case PushSome:
		if len(mates) == 1 {
			return t.named[r.SKU] || t.named[r.Listing] || t.named[r.Name()]
		}
		return !slices.ContainsFunc(mates, func(m db.Listing) bool { return m.Item != 0 && !t.named[m.SKU] && !t.named[m.Ref] })
	}
	return r.Ticked
}

// TurnOff turns a store's sync off: when it returns no further request to change the store is made. Bookings stay. When it is
// stopped sync is off all the same, and what waited to be sent is forgotten a little later.
func (e *Engine) TurnOff(ctx context.Context, id uint32) error {
	l, err := e.laneOf(id)
	if err != nil {
		return err
	}
	off := func() error {
		return e.o.DB.Update(e.now(), func(tx *db.Tx) error { return switchOff(tx, id, e.now()) })
	}
	if err := off(); err != nil {
		return err
	}
	l.stopWork()
	if err := l.acquire(ctx, acquireWait); err != nil {
		return err
	}
	defer l.release()
	if err := off(); err != nil { // a turn-on may just have come to its end
		return err
	}
	ctx, end := l.work(ctx)
	defer end()
	l.progress.begin(id, kindTurnOff, e.now())
	defer l.progress.end()
	if err = e.forgetMarks(ctx, l); err != nil && ctx.Err() != nil {
		l.untidy.Store(true)
		return nil
	}
	return err
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
