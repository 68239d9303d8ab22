package engine

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// row is one number that has to be looked at: what it should be and what is known about what it is. It is that of a
// listing, where the store has locations at one of them.
type row struct {
	listing   db.Listing
	location  string
	dirty     db.Dirty
	expect    *int64 // what the shop should show if nothing happened that nobody told us, nil if unknown
	want      int64
	available int64
	approved  bool
	away      int64 // units that away mode holds back of want
}

func (r row) ref() channel.Ref {
	return channel.Ref{Listing: r.listing.Ref, Parent: r.listing.Parent, Location: r.location}
}

func (r row) spot() string { return db.Spot(r.listing.Ref, r.location) }

// exempt rows pass the safety catch: decreases an order caused never wait, the user has seen before what away mode does,
// and has approved the others.
func (r row) exempt(has int64) bool {
	return r.approved || r.foreseen(has) || (r.want < has && r.dirty.Cause&db.ByOrder != 0)
}

// foreseen rows change because away mode began or ended, and orders besides: nobody else moved the shop's number.
func (r row) foreseen(has int64) bool {
	others := r.dirty.Cause &^ (db.ByAway | db.ByOrder | db.ByForced)
	return r.dirty.Cause&db.ByAway != 0 && others == 0 && r.expect != nil && *r.expect == has
}

// duePlan returns the rows that can be sent now: marked, not held, not left, not put off. Decreases come before
// increases, lowest Available first (I10). Marks of listings that cannot be sent at all are removed.
func (v *visit) duePlan() ([]row, error) {
	return v.plan(func(tx *db.Tx, look func(string, db.Dirty) error) error {
		for spot, d := range tx.DirtyOf(v.l.id) {
			if err := look(spot, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// dueOf is duePlan of some spots: a slice of a large store does not look at all of it.
func (v *visit) dueOf(spots []string) ([]row, error) {
	return v.plan(func(tx *db.Tx, look func(string, db.Dirty) error) error {
		for _, spot := range spots {
			d, err := tx.Dirty(v.l.id, spot)
			if errors.Is(err, db.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if err := look(spot, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// plan makes rows of the marks that it is shown.
func (v *visit) plan(show func(tx *db.Tx, look func(string, db.Dirty) error) error) ([]row, error) {
	var rows []row
	var idle []string
	now := v.l.e.now().UnixMilli()
	err := v.view(func(tx *db.Tx) error {
		return show(tx, func(spot string, d db.Dirty) error {
			if d.Held != "" || d.Left || putOffUntil(d, v.l.e.now()) > now {
				return nil
			}
			r, ok, err := v.rowOf(tx, spot, d)
			if err != nil {
				return err
			}
			if ok {
				rows = append(rows, r)
			} else {
				idle = append(idle, spot)
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(b2i(a.rises()), b2i(b.rises())), cmp.Compare(a.available, b.available))
	})
	if v.caps.PushWholeParent {
		rows = keepTogether(rows, func(r row) string { return r.listing.Parent })
	}
	return rows, v.unmark(idle)
}

// rises guesses whether a row will be an increase.
func (r row) rises() bool { return r.expect != nil && r.want > *r.expect }

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// rowOf computes what a number should be; false when nothing may be sent for it.
func (v *visit) rowOf(tx *db.Tx, spot string, d db.Dirty) (row, bool, error) {
	ref, location := db.SplitSpot(spot)
	l, err := tx.Listing(v.l.id, ref)
	if errors.Is(err, db.ErrNotFound) {
		return row{}, false, nil
	}
	if err != nil {
		return row{}, false, err
	}
	store, err := tx.WithAway(v.store) // the mark may be younger than the visit
	if err != nil {
		return row{}, false, err
	}
	aim, ok, _, err := tx.AimOf(store, l, location, v.caps.MaxQuantity)
	if err != nil || !ok || !store.Sends(location) {
		return row{}, false, err
	}
	r := row{listing: l, location: location, dirty: d, available: aim.Available, want: aim.Want, away: aim.Away}
	p, err := tx.Pushed(v.l.id, spot)
	if err == nil {
		r.expect = &p.Expect
	} else if !errors.Is(err, db.ErrNotFound) {
		return row{}, false, err
	}
	until, err := tx.Approval(v.l.id, l.SKU)
	r.approved = until > v.l.e.now().UnixMilli()
	return r, true, err
}

// unmark removes the marks of numbers that may not be sent; a later change marks them again.
func (v *visit) unmark(spots []string) error {
	return each(v, spots, func(tx *db.Tx, spot string) error { return tx.Clean(v.l.id, spot) })
}

// Limits of the safety catch (product.md T4).
const (
	catchChanges = 20
	catchZeros   = 5
)

// catch counts what a cycle would change for causes nobody has confirmed, and says when that is too much.
type catch struct {
	changes, zeros         int
	mostChanges, mostZeros int
	tripped                string
	judged                 map[string]bool // spots that were counted: one that goes round again is not counted twice
}

// newCatch returns the safety catch for a store with so many counted listings.
func newCatch(counted int) *catch {
	return &catch{mostChanges: max(catchChanges, counted*30/100), mostZeros: max(catchZeros, counted*10/100), judged: map[string]bool{}}
}

// see counts the rows and trips if they are too many. has is what each listing shows now.
func (c *catch) see(rows []row, has func(row) (int64, bool)) {
	for _, r := range rows {
		n, ok := has(r)
		if !ok || max(0, n) == r.want || r.exempt(n) {
			continue
		}
		c.changes++
		if r.want == 0 && n > 0 {
			c.zeros++
		}
	}
	switch {
	case c.zeros > c.mostZeros:
		c.tripped = fmt.Sprintf("This sync would set %d listings to 0; more than %d wait for your approval.", c.zeros, c.mostZeros)
	case c.changes > c.mostChanges:
		c.tripped = fmt.Sprintf("This sync would change %d listings; more than %d wait for your approval.", c.changes, c.mostChanges)
	}
}

// countedListings is how many numbers could be sent to the store.
func (v *visit) countedListings() (int, error) {
	n := 0
	err := v.view(func(tx *db.Tx) error {
		for l := range tx.Listings(v.l.id) {
			if l.Item == 0 || l.Gone {
				continue
			}
			for _, location := range v.store.Where() {
				s, err := tx.Offer(v.store, location, l.Item)
				if err != nil {
					return err
				}
				if ok, _ := db.Pushable(v.store, l, s.Counted); ok {
					n++
				}
			}
		}
		return nil
	})
	return n, err
}
