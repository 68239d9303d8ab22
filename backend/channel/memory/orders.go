package memory

import (
	"fmt"
	"maps"
	"strconv"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
)

// order is one order of a customer.
type order struct {
	ref             string
	lines           []*line
	cancelled, gone bool
	placed, changed time.Time
	hidden          time.Time // in no answer before
	seq             int64
}

// line is one line of an order. Its totals are those of [channel.Line].
type line struct {
	ref, listing                  string
	title                         string
	at                            string // the location that serves it
	ordered, released, writtenOff int64
	fulfilled, returned, taken    map[string]int64 // by location; taken is what is off the shop's own number
	restocked                     int64            // the part of released and returned that refunds put back
	removed                       bool
}

func (l *line) open() int64 { return l.ordered - sum(l.fulfilled) - l.released - l.writtenOff }

// firstOrder is the number before that of the first order; shops rarely start at 1.
const firstOrder = 1000

// Sell implements [channeltest.Shop].
func (s *Store) Sell(units ...channeltest.Units) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := &order{ref: strconv.Itoa(firstOrder + 1 + len(s.orders)), placed: s.now()}
	for i, u := range units {
		l := s.mustFind(u.Ref.Listing)
		ln := &line{ref: fmt.Sprintf("%s-%d", o.ref, i+1), listing: l.ref.Listing, title: l.title, ordered: u.Quantity,
			at: s.serves(l, u.Quantity), fulfilled: map[string]int64{}, returned: map[string]int64{}, taken: map[string]int64{}}
		if l.tracked {
			ln.taken[ln.at] = u.Quantity
			s.take(l, ln.at, u.Quantity)
		}
		o.lines = append(o.lines, ln)
	}
	s.orders = append(s.orders, o)
	s.changedOrder(o)
	return o.ref
}

// Fulfil implements [channeltest.Shop].
func (s *Store) Fulfil(ref string) {
	s.editOrder(ref, func(o *order) {
		for _, ln := range o.lines {
			s.ship(ln, ln.open(), ln.at)
		}
	})
}

// Ship ships units of the line at index, so that an order may be fulfilled in part.
func (s *Store) Ship(ref string, index int, units int64) {
	s.editOrder(ref, func(o *order) { s.ship(o.line(index), units, o.line(index).at) })
}

// Cancel implements [channeltest.Shop]. Units that were shipped stay shipped.
func (s *Store) Cancel(ref string) {
	s.editOrder(ref, func(o *order) {
		o.cancelled = true
		for _, ln := range o.lines {
			open := ln.open()
			ln.released += open
			s.giveBack(ln, open)
		}
	})
}

// Refund implements [channeltest.Shop]. Units not yet shipped are refunded first.
func (s *Store) Refund(ref string, index int, units int64, restock bool) {
	s.editOrder(ref, func(o *order) {
		ln := o.line(index)
		open := min(units, ln.open())
		if shipped := units - open; shipped > sum(ln.fulfilled)-sum(ln.returned) {
			panic(fmt.Sprintf("memory: refund %d units of a line with %d open and %d shipped", units, open, sum(ln.fulfilled)))
		}
		if !restock {
			ln.writtenOff += open // the shop keeps them off its number
			return
		}
		ln.released += open
		ln.restocked += open
		s.giveBack(ln, open)
		s.restock(ln, units-open, ln.at)
	})
}

// EditLine implements [channeltest.Shop]. Indexes of the other lines stay as they are when a line is removed.
func (s *Store) EditLine(ref string, index int, quantity int64) {
	s.editOrder(ref, func(o *order) {
		ln := o.line(index)
		more := quantity - ln.ordered
		if more < -ln.open() {
			panic(fmt.Sprintf("memory: edit a line with %d open units down by %d", ln.open(), -more))
		}
		ln.ordered = quantity
		ln.removed = quantity == 0
		if more < 0 {
			s.giveBack(ln, -more)
			return
		}
		if l := s.find(ln.listing); l != nil && l.tracked {
			ln.taken[ln.at] += more
			s.take(l, ln.at, more)
		}
	})
}

// Trash implements [channeltest.Shop].
func (s *Store) Trash(ref string) {
	s.editOrder(ref, func(o *order) { o.gone = true })
}

// Hide implements [channeltest.Shop].
func (s *Store) Hide(ref string, d time.Duration) {
	s.editOrder(ref, func(o *order) { o.hidden = s.now().Add(d) })
}

func (s *Store) editOrder(ref string, change func(*order)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.findOrder(ref)
	if o == nil {
		panic(fmt.Sprintf("memory: no order %q", ref))
	}
	change(o)
	s.changedOrder(o)
}

// giveBack returns at most units of what the line holds to the shop's number; s.mu is held.
func (s *Store) giveBack(ln *line, units int64) {
	units = min(units, max(0, ln.taken[ln.at]))
	ln.taken[ln.at] -= units
	if l := s.find(ln.listing); l != nil && units > 0 {
		s.take(l, ln.at, -units)
	}
}

func (s *Store) changedOrder(o *order) {
	o.changed = s.now()
	o.seq = s.touch()
}

// reveal gives hidden orders whose time has come a place among the changes, so that no reader misses them; s.mu is held.
func (s *Store) reveal() {
	for _, o := range s.orders {
		if !o.hidden.IsZero() && !s.now().Before(o.hidden) {
			o.hidden = time.Time{}
			o.seq = s.touch()
		}
	}
}

// findOrder returns the order, nil if there is none: orders are numbered without gaps and never leave the list.
func (s *Store) findOrder(ref string) *order {
	n, err := strconv.Atoi(ref)
	if i := n - firstOrder - 1; err == nil && i >= 0 && i < len(s.orders) {
		return s.orders[i]
	}
	return nil
}

func (o *order) line(index int) *line {
	if index >= len(o.lines) || o.lines[index].removed {
		panic(fmt.Sprintf("memory: order %s has no line %d", o.ref, index))
	}
	return o.lines[index]
}

func (o *order) isOpen() bool {
	for _, ln := range o.lines {
		if ln.open() > 0 {
			return true
		}
	}
	return false
}

func (o *order) status() string {
	switch {
	case o.cancelled:
		return "cancelled"
	case o.isOpen():
		return "open"
	}
	return "closed"
}

// state is the order as the contract describes it; s.mu is held.
func (s *Store) state(o *order, lie channeltest.FaultKind) channel.Order {
	out := channel.Order{
		Ref: o.ref, Number: "#" + o.ref, Status: o.status(),
		Placed: o.placed, Updated: o.changed, Gone: o.gone,
	}
	for _, ln := range o.lines {
		if !ln.removed {
			out.Lines = append(out.Lines, s.lineState(ln, lie))
		}
	}
	return out
}

func (s *Store) lineState(ln *line, lie channeltest.FaultKind) channel.Line {
	out := channel.Line{
		Ref: ln.ref, Title: ln.title,
		Ordered: ln.ordered, Released: ln.released, WrittenOff: ln.writtenOff,
		Held: sum(ln.taken),
	}
	returned := ln.returned
	if lie == channeltest.NoRestock {
		// Without a word on restocking, what was refunded looks thrown away.
		hidden := ln.restocked - sum(ln.returned)
		out.Released -= hidden
		out.WrittenOff += hidden
		returned = nil
	}
	if l := s.find(ln.listing); l != nil {
		out.ListingRef, out.SKU = ln.listing, l.sku
	}
	if len(ln.fulfilled) > 0 {
		out.Fulfilled = maps.Clone(ln.fulfilled)
	}
	if len(returned) > 0 {
		out.Returned = maps.Clone(returned)
	}
	if len(s.opts.Locations) > 0 {
		out.HeldAt = maps.Clone(ln.taken)
	}
	return out
}
