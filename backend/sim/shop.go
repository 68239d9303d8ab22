package sim

import (
	"slices"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
)

// shop is one shop as its customers and its merchant know it, and what the watch has seen of the engine's calls.
type shop struct {
	channeltest.Shop
	i        int
	kind     Kind
	listings []*listing
	orders   []*order

	cool    time.Time       // asked to be left alone until then
	tried   time.Time       // last time orders were asked for
	pulled  time.Time       // when the last complete order pull began
	asked   bool            // for orders, since the last start or gap
	sound   bool            // the last call went well
	failed  time.Time       // last time one did not
	poison  *listing        // a batch with it is refused as a whole
	owes    bool            // a second look at orders after the last write
	frozen  map[string]Told // what the answer on its way says, when something happened after it
	past    []channel.Order // what was answered before, for old pages that come again
	replays bool            // the next list begins with an old page
	held    []channel.Ref   // what the marketplace holds and sends itself; none of listings
	hot     []*listing      // those whose number was read or written last
	pushes  int
	cancels int
	hard    map[string]*hardRefresh
}

// listing is one thing on sale.
type listing struct {
	ref         channel.Ref
	sku         string
	draft, gone bool
	drift       bool // its number may differ from ours for a reason nobody told us
}

// order is one order as its customer knows it.
type order struct {
	ref             string
	placed, changed time.Time
	hidden          time.Time // in no answer before
	gone, cancelled bool
	unpaid          bool
	afterRead       bool // placed between the last reading and a write
	lines           []*orderLine
	told            bool
	toldAt          time.Time // Updated of the state told last
	toldGone        bool
}

type orderLine struct {
	of      *listing
	ref     string
	now     Totals
	taken   int64 // off the shop's number
	told    int64 // taken, as the program was told last
	removed bool
}

// place sells units of listings and notes the order.
func (s *shop) place(now time.Time, units map[*listing]int64, in []*listing) *order {
	var sold []channeltest.Units
	for _, l := range in {
		sold = append(sold, channeltest.Units{Ref: l.ref, Quantity: units[l]})
	}
	o := &order{ref: s.Sell(sold...), placed: now, changed: now}
	for i, l := range in {
		o.lines = append(o.lines, &orderLine{of: l, ref: s.lineRef(o.ref, i), now: Totals{Ordered: units[l]}, taken: units[l]})
	}
	s.orders = append(s.orders, o)
	return o
}

// lineRef is the ref the shop gives to the line at index.
func (s *shop) lineRef(order string, i int) string {
	if p, ok := s.Shop.(interface{ Lines(order string) []int64 }); ok {
		return formatID(p.Lines(order)[i])
	}
	return order + "-" + formatID(int64(i+1))
}

func (s *shop) order(ref string) *order {
	i := slices.IndexFunc(s.orders, func(o *order) bool { return o.ref == ref })
	if i < 0 {
		return nil
	}
	return s.orders[i]
}

func (s *shop) listing(ref string) *listing {
	i := slices.IndexFunc(s.listings, func(l *listing) bool { return l.ref.Listing == ref })
	if i < 0 {
		return nil
	}
	return s.listings[i]
}

// onSale are the listings that are there.
func (s *shop) onSale() []*listing {
	return slices.DeleteFunc(slices.Clone(s.listings), func(l *listing) bool { return l.gone })
}

// told is an order as the shop shows it now.
func (s *shop) state(o *order) Told {
	t := Told{Shop: s.i, Ref: o.ref, Placed: o.placed, Updated: o.changed, Gone: o.gone}
	for _, l := range o.lines {
		in := ToldLine{Now: l.now, Taken: l.taken, Removed: l.removed}
		if !l.of.gone {
			in.SKU = l.of.sku
		}
		if !l.of.gone || faces[s.kind].remembers {
			in.Listing = l.of.ref.Listing
		}
		t.Lines = append(t.Lines, in)
	}
	return t
}

// freeze keeps what the answer on its way says of every order, before something else happens.
func (s *shop) freeze() {
	if s.frozen != nil {
		return
	}
	s.frozen = map[string]Told{}
	for _, o := range s.orders {
		s.frozen[o.ref] = s.state(o)
	}
}

// taken sums the units the shop has taken off a listing's number.
func (s *shop) taken(l *listing) (n int64) {
	for _, o := range s.orders {
		for _, line := range o.lines {
			if line.of == l {
				n += line.taken
			}
		}
	}
	return n
}

// What customers and the merchant do to an order. Each does to the note what the shop does to its own.

func (s *shop) ship(o *order, i int, units int64, now time.Time) {
	s.Shop.(channeltest.Shipper).Ship(o.ref, i, units)
	o.lines[i].now.Shipped += units
	o.changed = now
}

func (s *shop) shipAll(o *order, now time.Time) {
	s.Fulfil(o.ref)
	for _, l := range o.lines {
		l.now.Shipped += l.now.open()
	}
	o.changed = now
}

func (s *shop) cancel(o *order, now time.Time) {
	s.Cancel(o.ref)
	s.cancels++
	o.cancelled, o.changed = true, now
	for _, l := range o.lines {
		open := l.now.open()
		l.now.Released += open
		l.taken -= min(open, l.taken)
	}
}

func (s *shop) refund(o *order, i int, units int64, restock bool, now time.Time) {
	s.Refund(o.ref, i, units, restock)
	l := o.lines[i]
	open := min(units, l.now.open())
	o.changed = now
	if !restock {
		l.now.Lost += open
		return
	}
	l.now.Released += open
	l.now.Returned += units - open
	l.taken -= min(units, l.taken)
}

func (s *shop) edit(o *order, i int, quantity int64, now time.Time) {
	s.EditLine(o.ref, i, quantity)
	l := o.lines[i]
	more := quantity - l.now.Ordered
	l.now.Ordered = quantity
	l.removed = quantity == 0
	if l.removed && !o.told {
		l.of.drift = true // no answer will ever tell of it
	}
	o.changed = now
	switch {
	case more < 0:
		l.taken -= min(-more, l.taken)
	case !l.of.gone:
		l.taken += more
	}
}

func (s *shop) trash(o *order, now time.Time) {
	s.Trash(o.ref)
	o.gone, o.changed = true, now
}

func (o *order) open() (n int64) {
	for _, l := range o.lines {
		n += l.now.open()
	}
	return n
}
