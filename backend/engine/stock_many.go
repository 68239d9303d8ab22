package engine

import (
	"context"
	"errors"

	"evenstock/backend/db"
)

// StockOutcome is what one of many changes came to.
type StockOutcome struct {
	StockChanged
	Refused error // nil when it was applied; then Seq is its movement
}

// ChangeMany changes In stock of many products by hand, each for itself and by its own key: one that is refused leaves the
// others as they are, and the same list given twice is applied once. The stores that hold bookings of a product that is
// set are asked for their orders once, before the first change (Q7); the notices say which could not be. When ctx ends,
// what was applied stays and the list of outcomes is shorter than the list of changes.
func (e *Engine) ChangeMany(ctx context.Context, changes []StockChange) (outcomes []StockOutcome, notices []string) {
	var set []uint64
	for _, c := range changes {
		if it, _, err := e.findItem(c.SKU, c.Warehouse); err == nil && c.Op == SetStock {
			set = append(set, it.ID)
		}
	}
	if len(set) > 0 {
		notices = e.askHolders(ctx, set)
	}
	outcomes = make([]StockOutcome, len(changes))
	done, err := e.manyTimes(ctx, len(changes), func(tx *db.Tx, i int) (err error) {
		o := &outcomes[i]
		it, loc, err := findItem(tx, changes[i].SKU, changes[i].Warehouse)
		if err == nil {
			o.StockChanged, err = changeStock(tx, changes[i], it, loc)
		}
		o.Refused = refused(err)
		return err
	})
	if err != nil && ctx.Err() == nil { // of our own books: nothing from there on was applied
		for i := done; i < len(outcomes); i++ {
			outcomes[i] = StockOutcome{Refused: err}
		}
		done = len(outcomes)
	}
	return outcomes[:done], notices
}

// UndoMany reverses movements by counter-entries, the newest first, and says which could not be. When ctx ends, what was
// reversed stays.
func (e *Engine) UndoMany(ctx context.Context, seqs []uint64, actor string) (undone int, why []error) {
	errs := make([]error, len(seqs))
	done, err := e.manyTimes(ctx, len(seqs), func(tx *db.Tx, i int) error {
		_, err := undo(tx, seqs[len(seqs)-1-i], actor)
		errs[i] = refused(err)
		return err
	})
	for _, err := range errs[:done] {
		if err != nil {
			why = append(why, err)
		}
	}
	undone = done - len(why)
	if err != nil && ctx.Err() == nil {
		why = append(why, err)
	}
	return undone, why
}

// manyTimes does n changes of stock by hand in as few transactions as that needs. What the books refuse writes nothing, and
// leaves the others as they are.
func (e *Engine) manyTimes(ctx context.Context, n int, step func(tx *db.Tx, i int) error) (done int, err error) {
	return e.o.DB.InPieces(ctx, e.now, n, func(tx *db.Tx, i int) error {
		err := step(tx, i)
		var own *Error
		if errors.As(refused(err), &own) {
			return nil
		}
		return err
	})
}
