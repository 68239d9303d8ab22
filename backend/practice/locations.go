package practice

import (
	"cmp"
	"slices"
)

// Location is a place in the shop with numbers of its own. A shop that is made without any has one number an item.
type Location struct {
	ID      int64
	Name    string
	Closed  bool // no number can be written there
	Fulfils bool // online orders are shipped from there
}

// level is an item's number at a location other than the first, whose number is [Item.Quantity].
type level struct{ quantity, before int64 }

// Locations are the shop's, the first of them the one that counts where none is named. The slice belongs to the shop.
func (s *State) Locations() []Location { return s.locations }

// first reports whether numbers at a location are those every shop has.
func (s *State) first(location int64) bool {
	return location == 0 || len(s.locations) == 0 || s.locations[0].ID == location
}

// QuantityAt is an item's number at a location, 0 where it was never stocked.
func (s *State) QuantityAt(it *Item, location int64) int64 {
	if !s.first(location) {
		if v := it.elsewhere[location]; v != nil {
			return v.quantity
		}
		return 0
	}
	if it.Quantity == nil {
		return 0
	}
	return *it.Quantity
}

// BeforeAt is the number an item had at a location before its last change, as far as anybody remembers.
func (s *State) BeforeAt(it *Item, location int64) int64 {
	if v := it.elsewhere[location]; v != nil {
		return v.before
	}
	if s.first(location) && it.before != nil {
		return *it.before
	}
	return s.QuantityAt(it, location)
}

// QuantityOf is the sum of an item's numbers at all locations.
func (s *State) QuantityOf(it *Item) int64 {
	sum := s.QuantityAt(it, 0)
	for _, v := range it.elsewhere {
		sum += v.quantity
	}
	return sum
}

// SetQuantityAt is [State.SetQuantity] at a location.
func (s *State) SetQuantityAt(it *Item, location, quantity int64) {
	if s.first(location) || !it.Counted || !s.CountsStock {
		s.SetQuantity(it, quantity)
		return
	}
	if it.elsewhere == nil {
		it.elsewhere = map[int64]*level{}
	}
	it.elsewhere[location] = &level{quantity, s.QuantityAt(it, location)}
	s.moved(it)
}

// addAt changes the number of what holds the stock of it at a location.
func (s *State) addAt(it *Item, location, difference int64) {
	if s.first(location) {
		s.add(it, difference)
	} else if holder := s.Holder(it); holder != nil {
		s.SetQuantityAt(holder, location, s.QuantityAt(holder, location)+difference)
	}
}

// serves is the location whose number a sale of units changes: the one where it is picked up, or the first that ships orders
// and has enough, else the first.
func (s *State) serves(o *Order, it *Item, units int64) int64 {
	if o.Pickup != 0 {
		return o.Pickup
	}
	for _, l := range s.locations {
		if l.Fulfils && !l.Closed && s.QuantityAt(s.Holder(it), l.ID) >= units {
			return l.ID
		}
	}
	if len(s.locations) > 0 {
		return s.locations[0].ID
	}
	return 0
}

// CountAt sets an item's number at a location by hand.
func (w *World) CountAt(item, location, quantity int64) {
	w.Do(func(s *State) { s.SetQuantityAt(s.must(item), location, quantity) })
}

// QuantityAt is the number of what holds the stock of an item at a location, 0 when nothing does.
func (w *World) QuantityAt(item, location int64) (quantity int64) {
	w.Do(func(s *State) {
		if holder := s.Holder(s.must(item)); holder != nil {
			quantity = s.QuantityAt(holder, location)
		}
	})
	return quantity
}

// ShipFrom sends units of a line in a parcel of their own from a location, whichever had put them aside: those lie there
// again, and are missing here.
func (w *World) ShipFrom(order, line, units, location int64) {
	w.Do(func(s *State) {
		o := s.mustOrder(order)
		l := s.mustLine(o, line)
		s.AddParcel(o, []ParcelItem{{l.ID, units}})
		o.Parcels[len(o.Parcels)-1].From = location
		if it := s.items[l.Item]; l.Held > 0 && cmp.Or(l.At, location) != location {
			s.addAt(it, l.At, units)
			s.addAt(it, location, -units)
		}
	})
}

// ReturnTo refunds shipped units of a line and puts them on the shelf of a location.
func (w *World) ReturnTo(order, line, units, location int64) {
	w.Do(func(s *State) {
		s.refundUnits(s.mustOrder(order), RefundLine{Line: line, Quantity: units, At: location}, true)
	})
}

// MoveLine has another location serve what has not been sent of a line: its units are put aside there instead.
func (s *State) MoveLine(o *Order, line, location int64) {
	s.change(o)
	l := s.mustLine(o, line)
	open := l.Quantity - o.SentUnits(l) - o.refunded(l.ID, false)
	if it := s.items[l.Item]; l.Held > 0 && s.Holder(it) != nil {
		s.addAt(it, l.At, open)
		s.addAt(it, location, -open)
	}
	o.Parcels = slices.Clone(o.Parcels)
	for i := range o.Parcels {
		if p := &o.Parcels[i]; p.From == 0 && slices.ContainsFunc(p.Items, func(x ParcelItem) bool { return x.Line == line }) {
			p.From = l.At
		}
	}
	l.At = location
}

// Spread has every third item that is counted lie at the last location as well, half of it each.
func (w *World) Spread() {
	w.Do(func(s *State) {
		for i, it := range slices.Concat(s.products, s.variants) {
			if n := s.QuantityAt(it, 0); it.Counted && i%3 == 0 && len(s.locations) > 1 {
				s.SetQuantityAt(it, s.locations[len(s.locations)-1].ID, n/2)
				s.SetQuantity(it, n-n/2)
			}
		}
	})
}
