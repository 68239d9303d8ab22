package ledger

import (
	"errors"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// Preview says what [Settle] would do to the stock of each product in each warehouse, without doing it. The store's
// anchor is taken to be now: orders that are not known yet are baseline.
func Preview(tx *db.Tx, store db.Store, o channel.Order) (map[db.Place]Foreseen, error) {
	out := map[db.Place]Foreseen{}
	if o.Fulfilled {
		return out, nil
	}
	old, err := tx.Order(store.ID, o.Ref)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return nil, err
	}
	if err == nil && !o.Gone && o.Updated.UnixMilli() < old.Updated {
		return out, nil
	}
	s := settling{tx: tx, store: store, order: o, known: err == nil, baseline: err != nil}
	for _, l := range o.Lines {
		if err := s.preview(l, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// preview adds what one line would do.
func (s *settling) preview(l channel.Line, out map[db.Place]Foreseen) error {
	line, err := s.tx.Line(db.LineRef{Store: s.store.ID, Order: s.order.Ref, Line: l.Ref})
	known := err == nil
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	st := s.state(l)
	if s.order.Gone {
		st.counts, st.asBefore = st.counts.Closed(), true
	}
	now := st.counts
	from := now.Closed()
	if known {
		from = line.Now.Domain()
	}
	line.Store, line.Listing, line.SKU, line.HeldAt, line.Held = s.store.ID, l.ListingRef, domain.TrimSKU(l.SKU), l.HeldAt, l.Held
	linked, err := s.link(&line)
	if err != nil || line.Item == 0 {
		return err
	}
	line.Now = db.Counts(now)
	if linked {
		if line.Loc, err = s.bookAt(line); err != nil {
			return err
		}
	}
	var shifts []shift
	if known {
		_, shifts = s.away(line, st)
	}
	add := func(loc uint32, more Foreseen) {
		at := db.Place{Item: line.Item, Loc: loc}
		out[at] = out[at].Plus(more)
	}
	for _, step := range placed(line.Loc, domain.Steps(from, now), shifts) {
		add(step.loc, Foreseen{Delta: step.Delta})
	}
	own := Foreseen{Open: now.Open()}
	if !known {
		own.Brought = now.Open()
	}
	add(line.Loc, own)
	for _, h := range HeldIn(s.store, line) {
		add(h.Loc, Foreseen{Held: h.Open})
	}
	return nil
}

// Foreseen is what orders do to one product in one warehouse.
type Foreseen struct {
	Delta domain.Delta
	Open  int64 // units customers wait for
	Held  int64 // those of them the shop has taken off its own number
	// Brought are those of them that turning sync on brings along; the others were booked before.
	Brought int64
}

// Plus adds up what several orders do.
func (f Foreseen) Plus(g Foreseen) Foreseen {
	return Foreseen{f.Delta.Plus(g.Delta), f.Open + g.Open, f.Held + g.Held, f.Brought + g.Brought}
}
