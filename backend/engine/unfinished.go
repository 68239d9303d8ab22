package engine

import (
	"context"
	"errors"
	"fmt"

	"evenstock/backend/db"
	"evenstock/backend/ledger"
)

// What is done to a whole store is done in pieces. The store says what is unfinished, so that a crash, a full disk or the
// end of the program between two pieces leaves nothing half done: it is finished at the next start, and here.

// finishAll finishes what the last run of the program left.
func (e *Engine) finishAll() error {
	e.finishing.Lock()
	defer e.finishing.Unlock()
	var stores []db.Store
	if err := e.o.DB.View(func(tx *db.Tx) error { stores = tx.Stores(); return nil }); err != nil {
		return err
	}
	for _, s := range stores {
		if !s.On() {
			if err := e.dropMarks(s); err != nil {
				return fmt.Errorf("forget what was marked of %s: %w", s.Name, err)
			}
		}
		if err := e.finish(context.Background(), s.ID); err != nil {
			return fmt.Errorf("finish with %s: %w", s.Name, err)
		}
	}
	return e.linkRest()
}

// finish marks and forgets the numbers of locations that were linked otherwise, and ends the removal of a store, which ctx can
// stop. It does nothing where nothing is unfinished. Whoever changes what is unfinished holds e.finishing from the change to the
// end.
func (e *Engine) finish(ctx context.Context, id uint32) error {
	s, err := e.storeOf(id)
	if err != nil {
		return err
	}
	if len(s.Marking)+len(s.Forgetting) > 0 {
		if err := e.markLocations(s); err != nil {
			return err
		}
	}
	if s.Leaving == "" {
		return nil
	}
	return e.leave(ctx, s)
}

// finishAt finishes what an error left unfinished, where nobody waits for an answer. Whoever is at it already is not waited for:
// the heartbeat has other stores to wake.
func (e *Engine) finishAt() {
	for _, l := range e.allLanes() {
		l.tidy()
	}
	if !e.finishing.TryLock() {
		return
	}
	defer e.finishing.Unlock()
	var stores []db.Store
	err := e.o.DB.View(func(tx *db.Tx) error { stores = tx.Stores(); return nil })
	for _, s := range stores {
		err = errors.Join(err, e.finish(context.Background(), s.ID))
	}
	if err != nil {
		e.o.Log.Error("finish what was left unfinished", "err", err)
	}
}

// dropMarks ends what is left of turning a store on, or off: sync is off and nothing is marked.
func (e *Engine) dropMarks(s db.Store) error {
	if err := e.forgetMarks(context.Background(), e.laneOrNone(s)); err != nil || !s.Turning {
		return err
	}
	return e.setStore(s.ID, func(s *db.Store) { s.Turning = false })
}

// forgetMarks removes the marks of a store that is off: turning on plans every counted listing anew.
func (e *Engine) forgetMarks(ctx context.Context, l *lane) error {
	id := l.id
	var spots []string
	err := e.o.DB.View(func(tx *db.Tx) error {
		for spot := range tx.DirtyOf(id) {
			spots = append(spots, spot)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return inSteps(ctx, l, phaseClear, spots, func(tx *db.Tx, spot string) error {
		if s, err := tx.Store(id); err != nil || s.On() { // turned on meanwhile
			return err
		}
		return tx.Clean(id, spot)
	})
}

// tidy forgets the marks of a store that is off where turning it off was stopped before it had.
func (l *lane) tidy() {
	if !l.untidy.Load() {
		return
	}
	select {
	case l.hold <- struct{}{}:
	default:
		return
	}
	defer l.release()
	s, err := l.e.storeOf(l.id)
	if err == nil && !s.On() {
		err = l.e.forgetMarks(context.Background(), l)
	}
	if err != nil {
		l.e.o.Log.Error("forget marks", "store", l.id, "err", err)
		return
	}
	l.untidy.Store(false)
}

// linkRest books the order lines that wait for a product which is there by now.
func (e *Engine) linkRest() error {
	type waiting struct {
		line db.LineRef
		item uint64
	}
	var rest []waiting
	err := e.o.DB.View(func(tx *db.Tx) error {
		for ref := range tx.Unmatched("") {
			line, err := tx.Line(ref)
			if err != nil {
				return err
			}
			it, err := tx.ItemBySKU(line.SKU)
			if errors.Is(err, db.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			rest = append(rest, waiting{ref, it.ID})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return inPieces(context.Background(), e, rest, func(tx *db.Tx, w waiting) error { return ledger.LinkLine(tx, w.line, w.item) })
}

func (e *Engine) storeOf(id uint32) (s db.Store, err error) {
	err = e.o.DB.View(func(tx *db.Tx) error { s, err = tx.Store(id); return err })
	return s, err
}

// setStore changes what is kept of a store.
func (e *Engine) setStore(id uint32, change func(*db.Store)) error {
	return e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		s, err := tx.Store(id)
		if err != nil {
			return err
		}
		change(&s)
		_, err = tx.PutStore(s)
		return err
	})
}
