package engine

import (
	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/ledger"
)

// siblings are the numbers of one product in a warehouse, as the store shows them. Its own are those that it shares with no other
// product: of a shared one nobody can say how much is whose. Only those are copied, and only if they are all the same: of two
// different ones nobody can say which is right.
type siblings struct {
	listing string // one of them
	more    bool   // the product stands on others too
	own     int
	has     int64 // its own number
	differ  bool  // they are not all the same
}

func (s *siblings) add(r row, has int64) {
	if s.listing == "" {
		s.listing = r.listing.Ref
	}
	s.more = s.more || s.listing != r.listing.Ref
	if r.listing.Pool != "" {
		return
	}
	if s.own == 0 {
		s.has = has
	}
	s.own++
	s.differ = s.differ || s.has != has
}

// settledOn is foresee with what the answers of the wizard do to it: a copy, and units that come on top. with are the
// numbers of the same product.
func (v *visit) settledOn(tx *db.Tx, of row, p preview, t TurnOn, with siblings) (stock domain.Stock, orders ledger.Foreseen, from string, err error) {
	if stock, orders, err = v.foresee(tx, of, p); err != nil {
		return stock, orders, from, err
	}
	from = FromCount
	switch {
	case !stock.Counted && t.Copy && with.own > 0 && !with.differ:
		stock.OnHand, stock.Counted = max(0, with.has+orders.Held), true
		from = FromStore
	case stock.Counted && t.OnTop && !v.store.On():
		stock.OnHand += orders.Brought
	}
	return stock, orders, from, nil
}

// leastOfMates is [db.Tx.LeastOf] with what the answers of the wizard do.
func (v *visit) leastOfMates(tx *db.Tx, of row, p preview, t TurnOn, alike func(row) siblings, want int64) (least int64, ok bool, why string, err error) {
	aim, ok, why, err := tx.LeastOf(of.listing, db.Aim{Want: want}, func(m db.Listing) (aim db.Aim, ok bool, why string, err error) {
		mate := row{listing: m, location: of.location}
		stock, _, _, err := v.settledOn(tx, mate, p, t, alike(mate))
		if err != nil {
			return aim, false, "", err
		}
		available, counted := stock.Available()
		ok, why = db.Pushable(v.store, m, counted)
		return db.Aim{Want: v.store.Target(m, available, v.caps.MaxQuantity)}, ok, why, nil
	})
	return aim.Want, ok, why, err
}
