package engine

import (
	"context"
	"fmt"

	"evenstock/backend/db"
	"evenstock/backend/ledger"
)

// RemoveStore disconnects a store. Its bookings are kept, or released where the user says so; its listings leave their
// products; its secrets are forgotten. Cursors, baselines and cool-downs stay for the day it is connected again (C1). When it is
// stopped the store stays connected, with its sync off; what was released by then is booked again when it is turned on.
func (e *Engine) RemoveStore(ctx context.Context, id uint32, release bool) error {
	l, err := e.laneOf(id)
	if err != nil {
		return err
	}
	if err := e.TurnOff(ctx, id); err != nil {
		return err
	}
	if err := l.acquire(ctx, acquireWait); err != nil {
		return err
	}
	defer l.release()
	ctx, end := l.work(ctx)
	defer end()
	e.finishing.Lock()
	defer e.finishing.Unlock()
	var s db.Store
	err = e.o.DB.Update(e.now(), func(tx *db.Tx) (err error) {
		if s, err = tx.Store(id); err != nil {
			return err
		}
		if s.Removed {
			return &Error{Code: CodeNotFound, Message: "There is no such store."}
		}
		s.Removals++
		if s.Leaving = db.LeavingKeep; release {
			s.Leaving = db.LeavingRelease
			if err := tx.PutCursor(id, streamOrders, nil); err != nil { // the next turn-on reads every open order again to book it
				return err
			}
		}
		s, err = tx.PutStore(s)
		return err
	})
	if err != nil {
		return err
	}
	err = e.finish(ctx, id)
	if err == nil || ctx.Err() == nil {
		return err
	}
	if err := e.setStore(id, func(s *db.Store) { s.Leaving = "" }); err != nil {
		return err
	}
	note := "Stopped. %s stays connected and its sync is off."
	if release {
		note = "Stopped. %s stays connected and its sync is off. What was released by then is booked again when you turn it on."
	}
	return explain(s, &stopped{fmt.Sprintf(note, s.Name)})
}

// leave settles the bookings of a store that is being removed, and removes it.
func (e *Engine) leave(ctx context.Context, s db.Store) error {
	l := e.laneOrNone(s)
	l.progress.begin(s.ID, kindRemove, e.now())
	defer l.progress.end()
	if err := e.settleLeaving(ctx, l, s); err != nil {
		return err
	}
	err := e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		s, err := tx.Store(s.ID)
		if err != nil {
			return err
		}
		s.Removed, s.Leaving, s.Needs, s.NeedsText = true, "", "", ""
		for _, field := range tx.SecretFields(s.ID) {
			if err := tx.PutSecret(s.ID, field, nil); err != nil {
				return err
			}
		}
		_, err = tx.PutStore(s)
		return err
	})
	if err == nil {
		e.dropLane(s.ID)
	}
	return err
}

// settleLeaving releases the bookings of a store that is being removed, or notes that they are kept.
func (e *Engine) settleLeaving(ctx context.Context, l *lane, s db.Store) error {
	if s.Leaving == db.LeavingRelease {
		var open []string
		if err := e.o.DB.View(func(tx *db.Tx) error { open = ledger.OpenOrders(tx, s); return nil }); err != nil {
			return err
		}
		return inSteps(ctx, l, phaseSettle, open, func(tx *db.Tx, order string) error { return ledger.Release(tx, s, order) })
	}
	var kept []ledger.Kept
	if err := e.o.DB.View(func(tx *db.Tx) error { kept = ledger.Bookings(tx, s); return nil }); err != nil {
		return err
	}
	return inSteps(ctx, l, phaseSettle, kept, func(tx *db.Tx, k ledger.Kept) error { return ledger.KeepBooked(tx, s, k) })
}
