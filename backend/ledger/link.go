package ledger

import (
	"errors"
	"slices"

	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// LinkLine books an unmatched order line on a product. Its open units become Booked; units that have shipped lower
// In stock only if they shipped after the product's last count, because a count has seen them gone (product.md O4).
func LinkLine(tx *db.Tx, ref db.LineRef, item uint64) error {
	line, err := tx.Line(ref)
	if errors.Is(err, db.ErrNotFound) {
		return refuse("not_found", "There is no such order line.")
	}
	if err != nil {
		return err
	}
	if line.Item == item {
		return nil
	}
	if line.Item != 0 {
		return refuse("invalid", "This order line is booked on a product already. A line keeps the product it was first booked on.")
	}
	line.Item = item
	if err := bookLinked(tx, &line, db.Cause{Store: ref.Store, Order: ref.Order, Line: ref.Line}); err != nil {
		return err
	}
	return tx.PutLine(line)
}

// bookLinked gives a line that just got its product the effect it has waited with.
func bookLinked(tx *db.Tx, line *db.Line, cause db.Cause) error {
	now := line.Now.Domain()
	s, err := tx.Stock(line.Item, line.Loc)
	if err != nil {
		return err
	}
	steps := domain.Steps(now.Closed(), now)
	for _, sh := range line.Shipped {
		if sh.At <= s.CountedAt {
			continue
		}
		kind := domain.Fulfilled
		if sh.OnHand > 0 {
			kind = domain.Returned
		}
		steps = append(steps, domain.Step{Kind: kind, Delta: domain.Delta{OnHand: sh.OnHand}})
	}
	line.Shipped = nil
	for _, step := range steps {
		m := db.Movement{Item: line.Item, Loc: line.Loc, Kind: step.Kind, Cause: cause, Actor: "sync"}
		if _, _, err := move(tx, m, step.Delta); err != nil {
			return err
		}
	}
	return MarkItem(tx, line.Item, db.ByOrder)
}

// LinkWaiting books every unmatched line with the SKU on a product that has just come to exist.
func LinkWaiting(tx *db.Tx, sku string, item uint64) error {
	for _, ref := range slices.Collect(tx.Unmatched(sku)) {
		if err := LinkLine(tx, ref, item); err != nil {
			return err
		}
	}
	return nil
}

// Release ends every open booking of a store, when the store is removed and the user says so.
func Release(tx *db.Tx, store db.Store) error {
	for _, o := range slices.Collect(tx.Orders(store.ID)) {
		if o.Open == 0 {
			continue
		}
		for _, line := range tx.Lines(store.ID, o.Ref) {
			if err := releaseLine(tx, store, line); err != nil {
				return err
			}
		}
		o.Open = 0
		if err := tx.PutOrder(o); err != nil {
			return err
		}
	}
	return nil
}

func releaseLine(tx *db.Tx, store db.Store, line db.Line) error {
	from := line.Now.Domain()
	to := from.Closed()
	if from == to {
		return nil
	}
	line.Now = db.Counts(to)
	if line.Item != 0 {
		for _, step := range domain.Steps(from, to) {
			m := db.Movement{Item: line.Item, Loc: line.Loc, Kind: step.Kind, Actor: "you",
				Cause: db.Cause{Store: store.ID, Order: line.Order, Line: line.Ref}, Note: store.Name + " was removed"}
			if _, _, err := move(tx, m, step.Delta); err != nil {
				return err
			}
		}
	}
	return tx.PutLine(line)
}

// AnswerShipped settles units that were placed and shipped while a store's sync was off: takeOut lowers In stock by
// them, else they count as seen by the last count (product.md O7). It returns the number of units settled.
func AnswerShipped(tx *db.Tx, store db.Store, takeOut bool) (int64, error) {
	var units int64
	for _, o := range slices.Collect(tx.Orders(store.ID)) {
		if o.Review != "shipped_while_off" {
			continue
		}
		for _, line := range tx.Lines(store.ID, o.Ref) {
			if line.Meanwhile == 0 {
				continue
			}
			if takeOut && line.Item != 0 {
				m := db.Movement{Item: line.Item, Loc: line.Loc, Kind: domain.Fulfilled, Actor: "you",
					Cause: db.Cause{Store: store.ID, Order: o.Ref, Line: line.Ref}, Note: "shipped while sync was off"}
				if _, _, err := move(tx, m, domain.Delta{OnHand: -line.Meanwhile}); err != nil {
					return units, err
				}
			}
			units += line.Meanwhile
			line.Meanwhile = 0
			if err := tx.PutLine(line); err != nil {
				return units, err
			}
		}
		o.Review = ""
		if err := tx.PutOrder(o); err != nil {
			return units, err
		}
	}
	return units, nil
}
