package ledger

import (
	"errors"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// stated is what an order says about a line now.
type stated struct {
	counts              domain.Counts
	held                int64
	heldAt              map[string]int64 // by location
	fulfilled, returned map[string]int64 // by location
	asBefore            bool             // nothing is said about locations: they stay as they are
}

// state is what an order says about a line. Of one the books take no notice of, nothing is open, sent or back; what the shop took
// off its own number for it, it took all the same.
func (s *settling) state(l channel.Line) stated {
	if s.order.Ignored {
		return stated{counts: domain.Counts{Ordered: max(0, l.Ordered)}.Closed(), held: l.Held, heldAt: l.HeldAt}
	}
	return stated{counts: countsOf(l), held: l.Held, heldAt: l.HeldAt, fulfilled: l.Fulfilled, returned: l.Returned}
}

func countsOf(l channel.Line) domain.Counts {
	c := domain.Counts{Ordered: l.Ordered, Released: l.Released, WrittenOff: l.WrittenOff}
	for _, n := range l.Fulfilled {
		c.Fulfilled += n
	}
	for _, n := range l.Returned {
		c.Returned += n
	}
	return c.Normal()
}

// expect keeps the numbers the shop should show in step with the units the shop itself took off or gave back, and has
// the listing looked at: a sale and its cancellation between two pulls leave our numbers as they were, and the shop's
// perhaps not.
func (s *settling) expect(line, old db.Line) error {
	link, err := listingOf(s.tx, line)
	if err != nil || link.Ref == "" {
		return err
	}
	if !s.store.Located {
		err = s.tookShared(link, line.Held-old.Held)
	} else if line.HeldAt == nil && (line.Held != old.Held || line.Now != old.Now) {
		err = s.unknownHeld(link.Ref)
	} else {
		err = s.heldMoved(link.Ref, line.HeldAt, old.HeldAt)
	}
	if err != nil {
		return err
	}
	return MarkListing(s.tx, link, db.ByOrder)
}

// tookShared lowers the number that a listing, and those that share it, should show.
func (s *settling) tookShared(link db.Link, units int64) error {
	refs, err := s.tx.SameNumber(link)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		if err := s.took(ref, units); err != nil {
			return err
		}
	}
	return nil
}

// took lowers the number a spot should show.
func (s *settling) took(spot string, units int64) error {
	if units == 0 {
		return nil
	}
	p, err := s.tx.Pushed(s.store.ID, spot)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p.Expect -= units
	return s.tx.PutPushed(s.store.ID, spot, p)
}

func (s *settling) heldMoved(ref string, now, before map[string]int64) error {
	for _, p := range s.store.Places {
		if err := s.took(db.Spot(ref, p.Ref), now[p.Ref]-before[p.Ref]); err != nil {
			return err
		}
	}
	return nil
}

// unknownHeld forgets what the shop should show at any location: nobody tells where it took the units.
func (s *settling) unknownHeld(ref string) error {
	for _, p := range s.store.Places {
		if err := s.tx.ForgetPushed(s.store.ID, db.Spot(ref, p.Ref)); err != nil {
			return err
		}
	}
	return nil
}

// missedByCopy gives back units that a copied number lacked: an order that the shop had taken off already, but showed
// only after its number was copied.
func (s *settling) missedByCopy(line db.Line, known bool) error {
	if known || s.turningOn || s.order.Placed.IsZero() || line.Held == 0 {
		return nil
	}
	for _, held := range HeldIn(s.store, line) {
		stock, err := s.tx.Stock(line.Item, held.Loc)
		if err != nil {
			return err
		}
		if stock.CopyStore != s.store.ID || s.order.Placed.UnixMilli() >= stock.CopyAt {
			continue
		}
		units := held.Units
		if s.baseline {
			units = min(held.Open, line.Now.Domain().Open())
		}
		m := db.Movement{Item: line.Item, Loc: held.Loc, Kind: domain.OnTop, Cause: s.cause(line), Actor: "sync",
			Note: "ordered before the number was copied, seen after"}
		if _, _, err = move(s.tx, m, domain.Delta{OnHand: units}); err != nil {
			return err
		}
	}
	return nil
}

// remember keeps what a line without a product would have done to In stock, when and where, for the day it is linked.
func (s *settling) remember(line *db.Line, from, now domain.Counts, shifts []shift) {
	s.sum.UnitsUnmatched += max(0, now.Open()-from.Open())
	d := now.Effect().OnHand - from.Effect().OnHand
	at := s.tx.Now()
	if !s.order.Updated.IsZero() {
		at = s.order.Updated.UnixMilli()
	}
	for _, sh := range shifts {
		if n := sh.returned - sh.fulfilled; n != 0 {
			line.Shipped = append(line.Shipped, db.Shipped{At: at, OnHand: n, Loc: sh.loc})
			d -= n
		}
	}
	if d == 0 {
		return
	}
	own := db.Shipped{At: at, OnHand: d}
	if s.store.Located { // it left that warehouse, wherever the line comes to be booked
		own.Loc = line.Loc
	}
	line.Shipped = append(line.Shipped, own)
}
