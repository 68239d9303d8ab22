package ledger

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// Settled says what an order's present state changed in the books.
type Settled struct {
	Changed                     bool
	UnitsBooked, UnitsFulfilled int64
	UnitsReleased               int64
	UnitsUnmatched              int64 // booked on no product yet
}

// Plus adds up what several orders changed.
func (s Settled) Plus(o Settled) Settled {
	return Settled{s.Changed || o.Changed, s.UnitsBooked + o.UnitsBooked, s.UnitsFulfilled + o.UnitsFulfilled,
		s.UnitsReleased + o.UnitsReleased, s.UnitsUnmatched + o.UnitsUnmatched}
}

// Settle brings the books in line with the present state of an order. Seen twice or out of order it changes nothing:
// an order older than the stored one is ignored, and line totals are compared with the stored totals.
//
// An order that is first seen and was placed before the store's anchor is baseline: its open units are booked, what was
// fulfilled, released or returned before has no effect (product.md O6). turningOn makes every new order baseline.
func Settle(tx *db.Tx, store db.Store, o channel.Order, turningOn bool) (Settled, error) {
	var sum Settled
	if strings.ContainsRune(o.Ref, 0) || o.Ref == "" {
		return sum, fmt.Errorf("order ref %q is not usable", o.Ref)
	}
	old, err := tx.Order(store.ID, o.Ref)
	known := err == nil
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return sum, err
	}
	if known && !o.Gone && o.Updated.UnixMilli() < old.Updated {
		return sum, nil
	}
	if !known && o.Gone {
		return sum, nil
	}
	s := settling{tx: tx, store: store, order: o, known: known, turningOn: turningOn}
	s.baseline = !known && (turningOn || (!o.Placed.IsZero() && s.placedBefore(store.Anchor)))
	s.header = s.newHeader(old)
	if err := s.lines(); err != nil {
		return sum, fmt.Errorf("order %s: %w", o.Ref, err)
	}
	if !known || s.sum.Changed || headerDiffers(old, s.header) {
		s.sum.Changed = true
		if known && old.Placed != s.header.Placed {
			if err := tx.DeletePlaced(old); err != nil {
				return sum, err
			}
		}
		if err := tx.PutOrder(s.header); err != nil {
			return sum, err
		}
	}
	return s.sum, nil
}

func headerDiffers(a, b db.Order) bool { return a != b }

// settling is one order on its way into the books.
type settling struct {
	tx        *db.Tx
	store     db.Store
	order     channel.Order
	known     bool
	turningOn bool
	baseline  bool
	header    db.Order
	sum       Settled
}

// placedBefore reports whether the order was placed before a moment of the store's clock, as far as anybody knows.
func (s *settling) placedBefore(at int64) bool {
	return s.order.Placed.IsZero() || s.order.Placed.UnixMilli() < at
}

func (s *settling) newHeader(old db.Order) db.Order {
	o := s.order
	h := db.Order{Store: s.store.ID, Ref: o.Ref, Number: o.Number, Status: o.Status, Gone: o.Gone, Ignored: o.Ignored,
		Marketplace: o.Fulfilled, Notice: o.Notice, Review: old.Review}
	if !o.Placed.IsZero() {
		h.Placed = o.Placed.UnixMilli()
	}
	if !o.Updated.IsZero() {
		h.Updated = o.Updated.UnixMilli()
	}
	if o.Gone && s.known { // a deleted order states nothing any more
		h = old
		h.Gone, h.Status, h.Open = true, o.Status, 0
		if h.Status == "" {
			h.Status = "gone"
		}
		if u := o.Updated.UnixMilli(); !o.Updated.IsZero() && u > h.Updated {
			h.Updated = u
		}
	}
	h.Open, h.Units = 0, 0
	return h
}

// lines settles every line the order states and closes those it no longer has.
func (s *settling) lines() error {
	if s.order.Fulfilled { // the marketplace ships it from its own stock (product.md O5)
		return nil
	}
	stored := map[string]db.Line{}
	for _, l := range s.tx.Lines(s.store.ID, s.order.Ref) {
		stored[l.Ref] = l
	}
	if !s.order.Gone {
		for _, l := range s.order.Lines {
			if strings.ContainsRune(l.Ref, 0) {
				return fmt.Errorf("line ref %q is not usable", l.Ref)
			}
			old, known := stored[l.Ref]
			if err := s.line(l, old, known); err != nil {
				return fmt.Errorf("line %s: %w", l.Ref, err)
			}
			delete(stored, l.Ref)
		}
	}
	for _, old := range stored {
		if err := s.vanished(old); err != nil {
			return fmt.Errorf("line %s: %w", old.Ref, err)
		}
	}
	return nil
}

// line settles one stated line.
func (s *settling) line(l channel.Line, old db.Line, known bool) error {
	st := s.state(l)
	now := st.counts
	line := old
	if !known {
		line = db.Line{Store: s.store.ID, Order: s.order.Ref, Ref: l.Ref, Loc: db.DefaultLoc}
		if s.baseline {
			line.Base = db.Counts(now.Closed())
			line.Baseline = line.Base.Domain().Effect() != domain.Delta{} || now.Released > 0
			line.Meanwhile = s.meanwhile(now)
			if !s.store.On() && s.placedBefore(s.store.Anchor) {
				line.Turn = s.store.Turns + 1
			}
		}
		line.Now = line.Base
		if s.order.Ignored { // nothing of it was ever open, so nothing is booked and released again
			line.Now = db.Counts(now)
		}
		if s.baseline {
			line.Away, _ = s.away(line, st)
		}
	}
	// A product deleted from the shop leaves lines without SKU and listing (woocommerce-observed.md): keep what was known.
	if l.ListingRef != "" {
		line.Listing = l.ListingRef
	}
	if sku := domain.TrimSKU(l.SKU); sku != "" && !strings.ContainsRune(sku, 0) && sku != line.SKU {
		if known && line.Item == 0 {
			if err := s.tx.DropUnmatched(line); err != nil {
				return err
			}
		}
		line.SKU = sku
	}
	if l.Title != "" {
		line.Title = l.Title
	}
	return s.bring(line, st, known)
}

// vanished settles a stored line that a newer state of its order no longer has, or whose order is gone: what was still
// open is released, what was fulfilled stays out.
func (s *settling) vanished(line db.Line) error {
	st := stated{counts: line.Now.Domain().Closed(), held: line.Held, heldAt: line.HeldAt, asBefore: true}
	if !s.order.Gone { // a removed line is given back by the shop; a trashed order keeps what it took
		st.held, st.heldAt = 0, nil
	}
	return s.bring(line, st, true)
}

// bring moves a line to its present counts.
func (s *settling) bring(line db.Line, st stated, known bool) error {
	old, from, now := line, line.Now.Domain(), st.counts
	line.Now, line.Held, line.HeldAt = db.Counts(now), st.held, st.heldAt
	s.header.Open += now.Open()
	s.header.Units += now.Ordered
	linked, err := s.link(&line)
	if err != nil {
		return err
	}
	if linked {
		if line.Loc, err = s.bookAt(line); err != nil {
			return err
		}
	}
	var shifts []shift
	line.Away, shifts = s.away(line, st)
	if known && !linked && from == now && len(shifts) == 0 && old.Held == line.Held && maps.Equal(old.HeldAt, line.HeldAt) && !s.lineRenamed(line) {
		return nil
	}
	s.sum.Changed = true
	s.count(from, now)
	switch {
	case line.Item == 0:
		s.remember(&line, from, now, shifts)
	case linked && known: // it waited without a product: see LinkLine
		s.remember(&line, from, now, shifts)
		if err := bookLinked(s.tx, &line, s.cause(line)); err != nil {
			return err
		}
	default:
		if err := s.move(line, placed(line.Loc, domain.Steps(from, now), shifts)); err != nil {
			return err
		}
	}
	if line.Item != 0 {
		if err := s.expect(line, old); err != nil {
			return err
		}
		if err := s.missedByCopy(line, known); err != nil {
			return err
		}
	}
	return s.tx.PutLine(line)
}

func (s *settling) lineRenamed(l db.Line) bool {
	old, err := s.tx.Line(db.LineRef{Store: l.Store, Order: l.Order, Line: l.Ref})
	return err != nil || old.SKU != l.SKU || old.Listing != l.Listing || old.Title != l.Title
}

// link finds the product of a line that has none, by its listing and else by its SKU, and reports whether it did.
// A line keeps the product it was first booked on.
func (s *settling) link(line *db.Line) (bool, error) {
	if line.Item != 0 {
		return false, nil
	}
	if line.Listing != "" {
		l, err := s.tx.Listing(s.store.ID, line.Listing)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return false, err
		}
		if err == nil && l.Item != 0 {
			line.Item = l.Item
			return true, nil
		}
	}
	if line.SKU == "" {
		return false, nil
	}
	it, err := s.tx.ItemBySKU(line.SKU)
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	line.Item = it.ID
	return err == nil, err
}

func (s *settling) cause(l db.Line) db.Cause {
	return db.Cause{Store: s.store.ID, Order: s.order.Ref, Line: l.Ref}
}

func (s *settling) move(line db.Line, steps []step) error {
	for _, st := range steps {
		m := db.Movement{Item: line.Item, Loc: st.loc, Kind: st.Kind, Cause: s.cause(line), Actor: "sync", Note: st.note}
		if _, _, err := move(s.tx, m, st.Delta); err != nil {
			return err
		}
	}
	return nil
}

// listingOf is the listing of the line's own store whose number the shop moves when it sells the line, also when that
// listing is another product by now. A variation sold from its parent's stock has no listing of its own; then it is the
// product's only listing in that store.
func listingOf(tx *db.Tx, line db.Line) (db.Link, error) {
	if line.Listing != "" {
		l, err := tx.Listing(line.Store, line.Listing)
		if err == nil && l.Item != 0 {
			return db.Link{Store: line.Store, Ref: line.Listing}, nil
		}
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return db.Link{}, err
		}
	}
	links, err := tx.Links(line.Item)
	if err != nil {
		return db.Link{}, err
	}
	links = slices.DeleteFunc(links, func(l db.Link) bool { return l.Store != line.Store })
	if len(links) == 1 {
		return links[0], nil
	}
	return db.Link{}, nil
}

// count adds up the units for the run's report.
func (s *settling) count(from, now domain.Counts) {
	for _, step := range domain.Steps(from, now) {
		switch step.Kind {
		case domain.Booked:
			s.sum.UnitsBooked += step.Delta.Booked
		case domain.Fulfilled:
			s.sum.UnitsFulfilled += max(0, -step.Delta.OnHand)
		case domain.Released:
			s.sum.UnitsReleased -= step.Delta.Booked
		}
	}
}

// meanwhile is the number of units of an order placed and shipped while sync was off (product.md O7).
func (s *settling) meanwhile(now domain.Counts) int64 {
	if s.store.OffAt == 0 || s.order.Placed.IsZero() || s.order.Placed.UnixMilli() < s.store.OffAt {
		return 0
	}
	gone := -now.Effect().OnHand
	if gone <= 0 {
		return 0
	}
	s.header.Review = shippedWhileOff
	return gone
}
