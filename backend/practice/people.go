package practice

import (
	"fmt"
)

// What follows is what customers and the merchant do. The methods panic on ids the shop does not know: whoever plays
// with a shop must not go on in a state it does not expect.

// Units is a number of units of one item.
type Units struct {
	Item     int64
	Quantity int64
}

// Sell places a paid order and returns its id; the shop lowers its own number at once.
func (w *World) Sell(units ...Units) (id int64) {
	w.Do(func(s *State) { id = s.Sell(units...).ID })
	return id
}

// Sell is [World.Sell] inside Do.
func (s *State) Sell(units ...Units) *Order {
	var lines []Line
	for _, u := range units {
		lines = append(lines, s.LineFor(s.must(u.Item), u.Quantity))
	}
	o := s.Place(Order{Via: "checkout", Method: "stripe", MethodTitle: "Card"}, lines)
	s.setStage(o, Open)
	return o
}

// Ship marks everything that is open in an order as shipped.
func (w *World) Ship(order int64) { w.move(order, Shipped) }

// Cancel cancels an order; the shop gives back what it still holds.
func (w *World) Cancel(order int64) { w.move(order, Cancelled) }

func (w *World) move(order int64, stage Stage) {
	w.Do(func(s *State) { s.SetStage(s.mustOrder(order), stage) })
}

// RefundUnits refunds units of a line, with or without putting them back on the shelf.
func (w *World) RefundUnits(order, line, units int64, restock bool) {
	w.Do(func(s *State) { s.RefundUnits(s.mustOrder(order), line, units, restock) })
}

// RefundUnits is [World.RefundUnits] inside Do. The amount is the units' share of the line.
func (s *State) RefundUnits(o *Order, line, units int64, restock bool) {
	s.refundUnits(o, RefundLine{Line: line, Quantity: units}, restock)
}

func (s *State) refundUnits(o *Order, part RefundLine, restock bool) {
	part.Restock = restock
	s.RefundLines(o, []RefundLine{part})
}

// EditLine changes the quantity of a line; 0 removes it.
func (w *World) EditLine(order, line, quantity int64) {
	w.Do(func(s *State) {
		o := s.mustOrder(order)
		s.EditLine(o, s.mustLine(o, line).ID, quantity)
	})
}

// Lines returns the ids of an order's lines.
func (w *World) Lines(order int64) (ids []int64) {
	w.Do(func(s *State) {
		for _, l := range s.mustOrder(order).Lines {
			ids = append(ids, l.ID)
		}
	})
	return ids
}

// Count sets an item's number by hand.
func (w *World) Count(item, quantity int64) {
	w.Do(func(s *State) { s.SetQuantity(s.must(item), quantity) })
}

// Quantity is the number of what holds the stock of an item, 0 when nothing does.
func (w *World) Quantity(item int64) (quantity int64) {
	w.Do(func(s *State) {
		if holder := s.Holder(s.must(item)); holder != nil && holder.Quantity != nil {
			quantity = *holder.Quantity
		}
	})
	return quantity
}

func (s *State) must(id int64) *Item {
	it := s.items[id]
	if it == nil {
		panic(fmt.Sprintf("practice: there is no item %d", id))
	}
	return it
}

func (s *State) mustOrder(id int64) *Order {
	o := s.byID[id]
	if o == nil {
		panic(fmt.Sprintf("practice: there is no order %d", id))
	}
	return o
}

func (s *State) mustLine(o *Order, id int64) *Line {
	l := o.Line(id)
	if l == nil {
		panic(fmt.Sprintf("practice: there is no line %d in order %d", id, o.ID))
	}
	return l
}
