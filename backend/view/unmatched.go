package view

import (
	"errors"
	"fmt"

	"evenstock/backend/db"
)

// Unmatched counts the order lines that match no product, so that their units are booked nowhere. It reads their orders.
func (v *View) Unmatched() (n int, err error) {
	err = v.db.View(func(tx *db.Tx) (err error) {
		n, err = unmatchedLines(tx)
		return err
	})
	return n, err
}

func unmatchedLines(tx *db.Tx) (n int, err error) {
	for ref := range tx.Unmatched("") {
		o, err := tx.Order(ref.Store, ref.Order)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return 0, fmt.Errorf("order %s of store %d: %w", ref.Order, ref.Store, err)
		}
		if !o.Ignored && !o.Marketplace {
			n++
		}
	}
	return n, nil
}
