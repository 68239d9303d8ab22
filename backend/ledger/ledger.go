// Package ledger is the only code that changes stock. Everything happens inside one transaction of the caller, as
// movements that are appended and never changed, each with the marks that make it reach the stores.
package ledger

import (
	"fmt"

	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// Refusal is a change the books do not accept. Nothing was changed.
type Refusal struct {
	Code    string // invalid, not_found, unset
	Message string // a sentence for the user
}

func (r *Refusal) Error() string { return r.Message }

func refuse(code, format string, args ...any) error {
	return &Refusal{Code: code, Message: fmt.Sprintf(format, args...)}
}

// move appends one movement of d and marks what it changes. While a product is unset only its booking moves
// (product.md Q5); a movement that would change nothing is left out and reported as false.
func move(tx *db.Tx, m db.Movement, d domain.Delta) (db.Movement, bool, error) {
	s, err := tx.Stock(m.Item, m.Loc)
	if err != nil {
		return m, false, err
	}
	after := s.Domain().Apply(d)
	m.OnHand, m.Booked = after.OnHand-s.OnHand, after.Booked-s.Booked
	if m.OnHand == 0 && m.Booked == 0 {
		return m, false, nil
	}
	m, err = tx.Append(m, s.Counted)
	if err != nil {
		return m, false, err
	}
	return m, true, MarkItem(tx, m.Item, causeOf(m.Kind))
}

func causeOf(k domain.Kind) uint8 {
	switch k {
	case domain.Booked, domain.Released, domain.Fulfilled, domain.WrittenOff, domain.Returned:
		return db.ByOrder
	}
	return db.ByUser
}

// MarkItem marks every listing of a product in stores that are on, or are being turned on.
func MarkItem(tx *db.Tx, item uint64, cause uint8) error {
	links, err := tx.Links(item)
	if err != nil {
		return err
	}
	for _, l := range links {
		if err := MarkListing(tx, l, cause); err != nil {
			return err
		}
	}
	return nil
}

// MarkListing marks every number of a listing if its store is on, or is being turned on: it has to be looked at, and so have
// the listings that share the number. A mark ends every back-off and
// every choice to leave the listing as it is, because those were made for the number it had before.
func MarkListing(tx *db.Tx, l db.Link, cause uint8) error {
	store, err := tx.Store(l.Store)
	if err != nil {
		return fmt.Errorf("store %d of a link: %w", l.Store, err)
	}
	if !store.Marks() {
		return nil
	}
	refs, err := tx.SameNumber(l)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		for _, location := range store.Where() {
			if err := MarkSpot(tx, store, db.Spot(ref, location), cause); err != nil {
				return err
			}
		}
	}
	return nil
}

// MarkSpot marks one number of a listing: where the store has locations, that of one of them.
func MarkSpot(tx *db.Tx, store db.Store, spot string, cause uint8) error {
	if !store.Marks() {
		return nil
	}
	d, err := tx.Dirty(store.ID, spot)
	if err != nil && err != db.ErrNotFound {
		return err
	}
	if d.Gen == 0 {
		if d.Gen, err = tx.NextGen(); err != nil {
			return err
		}
		d.Since = tx.Now()
	} else {
		d.Gen++
	}
	d.Cause |= cause
	d.NotBefore, d.Left, d.Held = 0, false, ""
	tx.Touched().Woken[store.ID] = true
	return tx.PutDirty(store.ID, spot, d)
}
