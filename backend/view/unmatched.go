package view

import (
	"errors"
	"fmt"

	"evenstock/backend/db"
)

// unmatchedLines counts the order lines that match no product, so that their units are booked nowhere.
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
