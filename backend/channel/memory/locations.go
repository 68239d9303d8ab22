package memory

import (
	"cmp"
	"context"
	"fmt"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
)

// level is a listing's number at one location.
type level struct {
	quantity int64
	before   int64 // the quantity before its last change, for stale answers
}

func (v *level) set(quantity int64) { v.before, v.quantity = v.quantity, quantity }

// Locations implements [channel.Locator].
func (s *Store) Locations(ctx context.Context) ([]channel.Location, error) {
	var out []channel.Location
	err := s.call(ctx, channeltest.AnyCall, "read the locations", func(channeltest.FaultKind) error {
		out = append(out, s.opts.Locations...)
		return nil
	})
	return out, err
}

// places are the refs of the locations, "" alone where there are none.
func (s *Store) places() []string {
	if len(s.opts.Locations) == 0 {
		return []string{""}
	}
	out := make([]string, len(s.opts.Locations))
	for i, l := range s.opts.Locations {
		out[i] = l.Ref
	}
	return out
}

// placeOf is a location, the first one where none is named.
func (s *Store) placeOf(location string) string { return cmp.Or(location, s.places()[0]) }

// knows reports whether numbers of the location can be read and written.
func (s *Store) knows(location string) bool {
	if len(s.opts.Locations) == 0 {
		return location == ""
	}
	for _, l := range s.opts.Locations {
		if l.Ref == location {
			return l.Active
		}
	}
	return false
}

// serves is where units of a listing are taken off for a customer; s.mu is held.
func (s *Store) serves(l *listing, units int64) string {
	for _, at := range s.opts.Locations {
		if at.Active && at.Fulfils && l.levels[at.Ref].quantity >= units {
			return at.Ref
		}
	}
	return s.places()[0]
}

// ShipFrom implements [channeltest.Located]. Units that were put aside elsewhere lie there again, and are missing here.
func (s *Store) ShipFrom(ref string, index int, units int64, location string) {
	s.editOrder(ref, func(o *order) { s.ship(o.line(index), units, location) })
}

func (s *Store) ship(ln *line, units int64, location string) {
	if units > ln.open() {
		panic(fmt.Sprintf("memory: ship %d of %d open units", units, ln.open()))
	}
	if units == 0 {
		return
	}
	ln.fulfilled[location] += units
	if l := s.find(ln.listing); l != nil && location != ln.at {
		moved := min(units, ln.taken[ln.at])
		ln.taken[ln.at] -= moved
		ln.taken[location] += moved
		s.take(l, ln.at, -moved)
		s.take(l, location, moved)
	}
}

// ReturnTo implements [channeltest.Located].
func (s *Store) ReturnTo(ref string, index int, units int64, location string) {
	s.editOrder(ref, func(o *order) { s.restock(o.line(index), units, location) })
}

// restock puts shipped units back on the shelf of a location.
func (s *Store) restock(ln *line, units int64, location string) {
	if left := sum(ln.fulfilled) - sum(ln.returned); units > left {
		panic(fmt.Sprintf("memory: return %d of %d shipped units", units, left))
	}
	if units == 0 {
		return
	}
	ln.returned[location] += units
	ln.restocked += units
	if len(s.opts.Locations) == 0 {
		s.giveBack(ln, units)
		return
	}
	if l := s.find(ln.listing); l != nil && l.tracked {
		ln.taken[location] -= units
		s.take(l, location, -units)
	}
}

func sum(by map[string]int64) (n int64) {
	for _, units := range by {
		n += units
	}
	return n
}
