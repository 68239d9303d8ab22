package engine

import (
	"errors"
	"slices"

	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/ledger"
)

// awayChunk is how many listings one transaction marks when away mode begins or ends.
const awayChunk = 1_000

// AwayPreview is what every store that is on would be sent if so much was held back, or with the zero Away if nothing was,
// as far as the books know what the shops show. Rows that stay as they are are only counted.
func (e *Engine) AwayPreview(hold domain.Away) ([]Rehearsal, error) {
	if err := checkHold(hold, true); err != nil {
		return nil, err
	}
	out := []Rehearsal{}
	err := e.o.DB.View(func(tx *db.Tx) error {
		for _, s := range tx.Stores() {
			if !s.On() {
				continue
			}
			s.Away = hold
			r, err := e.awayRehearsal(tx, s)
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		return nil
	})
	return out, err
}

func (e *Engine) awayRehearsal(tx *db.Tx, s db.Store) (Rehearsal, error) {
	out := Rehearsal{Store: s.Name, Rows: []RehearsalRow{}}
	same := 0
	err := e.eachSent(tx, s, func(n sentNumber) error {
		if n.has != nil && max(0, *n.has) == n.want {
			same++
			return nil
		}
		row := rowFor(s, n.listing, n.location)
		if row.Target = &n.want; n.has != nil {
			row.becomes(*n.has, n.want)
			row.Ticked = true
		}
		row.because(Because{Available: n.available, Away: n.away})
		out.Rows = append(out.Rows, row)
		return nil
	})
	slices.SortStableFunc(out.Rows, func(a, b RehearsalRow) int { return b.risk() - a.risk() })
	out.Totals = total(out.Rows)
	out.Totals.Rows, out.Totals.Same = out.Totals.Rows+same, out.Totals.Same+same
	return out, err
}

// sentNumber is a number that may be sent, and what the shop shows as far as the books know; nil if they do not.
type sentNumber struct {
	listing         db.Listing
	location        string
	has             *int64
	want, available int64
	away            int64 // units that away mode holds back of want
}

// eachSent calls fn for every number that may be sent to a store.
func (e *Engine) eachSent(tx *db.Tx, s db.Store, fn func(sentNumber) error) error {
	limit := e.MaxQuantity(s.ID)
	for l := range tx.Listings(s.ID) {
		if l.Item == 0 {
			continue
		}
		for _, location := range s.Where() {
			aim, ok, _, err := tx.AimOf(s, l, location, limit)
			if err != nil {
				return err
			}
			if !ok || !s.Sends(location) {
				continue
			}
			n := sentNumber{listing: l, location: location, available: aim.Available, want: aim.Want, away: aim.Away}
			p, err := tx.Pushed(s.ID, db.Spot(l.Ref, location))
			if err == nil {
				n.has = &p.Expect
			} else if !errors.Is(err, db.ErrNotFound) {
				return err
			}
			d, err := tx.Dirty(s.ID, db.Spot(l.Ref, location))
			if err == nil && d.Handle != "" { // a number on its way is what the shop will show
				n.has = &d.Want
			} else if err != nil && !errors.Is(err, db.ErrNotFound) {
				return err
			}
			if err := fn(n); err != nil {
				return err
			}
		}
	}
	return nil
}

// markAway marks every number that is not what it should be. What the user left as it is, and what the safety catch
// holds, waits on for the user.
func (e *Engine) markAway() error {
	type spot struct {
		store uint32
		spot  string
	}
	var todo []spot
	err := e.o.DB.View(func(tx *db.Tx) error {
		for _, s := range tx.Stores() {
			if !s.On() {
				continue
			}
			err := e.eachSent(tx, s, func(n sentNumber) error {
				if n.has == nil || max(0, *n.has) != n.want {
					todo = append(todo, spot{s.ID, db.Spot(n.listing.Ref, n.location)})
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(todo, awayChunk) {
		err := e.o.DB.Update(e.now(), func(tx *db.Tx) error {
			for _, at := range chunk {
				d, err := tx.Dirty(at.store, at.spot)
				if err != nil && !errors.Is(err, db.ErrNotFound) {
					return err
				}
				if d.Left || d.Held != "" {
					continue
				}
				s, err := tx.Store(at.store)
				if err != nil {
					return err
				}
				if err := ledger.MarkSpot(tx, s, at.spot, db.ByAway); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
