package practice

import (
	"slices"
	"time"
)

// Parcel is a part of an order that left the house. Not every shop knows parcels; one that does not ships whole orders.
type Parcel struct {
	ID    int64
	Sent  time.Time
	Items []ParcelItem
	From  int64 // the location it left, 0 for those that serve its lines
}

// ParcelItem is a number of units of a line in a parcel.
type ParcelItem struct{ Line, Quantity int64 }

// ShipUnits sends units of a line in a parcel of their own; the order stays open.
func (w *World) ShipUnits(order, line, units int64) {
	w.Do(func(s *State) {
		o := s.mustOrder(order)
		s.AddParcel(o, []ParcelItem{{s.mustLine(o, line).ID, units}})
	})
}

// AddParcel notes that a part of an order left the house. The shop's number stays: it went down at the sale.
func (s *State) AddParcel(o *Order, items []ParcelItem) Parcel {
	s.change(o)
	p := Parcel{ID: s.newID(), Sent: s.now, Items: items}
	o.Parcels = append(slices.Clone(o.Parcels), p)
	return p
}

// SentUnits is how many units of a line have left the house.
func (o *Order) SentUnits(l *Line) int64 {
	if !o.Completed.IsZero() {
		return l.Quantity - o.refunded(l.ID, false)
	}
	return o.ParcelUnits(l.ID)
}

// ShippedUnits is how many units of a line count as shipped with a vendor who takes a refund for an affair of money: all of
// a completed order.
func (o *Order) ShippedUnits(l *Line) int64 {
	if !o.Completed.IsZero() {
		return l.Quantity
	}
	return min(o.ParcelUnits(l.ID), l.Quantity)
}

// ParcelUnits is how many units of a line left in parcels; an order that was completed by hand has none.
func (o *Order) ParcelUnits(line int64) (sum int64) {
	for _, p := range o.Parcels {
		for _, item := range p.Items {
			if item.Line == line {
				sum += item.Quantity
			}
		}
	}
	return sum
}

// refunded is how many units of a line were refunded after they had left the house, or before.
func (o *Order) refunded(line int64, sent bool) int64 {
	var sum int64
	for _, r := range o.Refunds {
		for _, l := range r.Lines {
			switch {
			case l.Line != line:
			case sent:
				sum += l.Sent
			default:
				sum += l.Quantity - l.Sent
			}
		}
	}
	return sum
}
