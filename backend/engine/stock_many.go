package engine

import (
	"context"
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
	for _, c := range changes {
		if ctx.Err() != nil {
			break
		}
		outcomes = append(outcomes, e.changeOne(c))
	}
	return outcomes, notices
}

func (e *Engine) changeOne(c StockChange) StockOutcome {
	it, loc, err := e.findItem(c.SKU, c.Warehouse)
	if err != nil {
		return StockOutcome{Refused: err}
	}
	changed, err := e.changeStock(c, it, loc, StockChanged{Item: it.ID})
	return StockOutcome{StockChanged: changed, Refused: err}
}

// UndoMany reverses movements by counter-entries, the newest first, and says which could not be. When ctx ends, what was
// reversed stays.
func (e *Engine) UndoMany(ctx context.Context, seqs []uint64, actor string) (undone int, refused []error) {
	for i := len(seqs) - 1; i >= 0 && ctx.Err() == nil; i-- {
		if _, err := e.Undo(ctx, seqs[i], actor); err != nil {
			refused = append(refused, err)
			continue
		}
		undone++
	}
	return undone, refused
}
