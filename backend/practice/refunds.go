package practice

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrRefundAmount says that a refund is larger than what is left of the order.
var ErrRefundAmount = errors.New("invalid refund amount")

// Refund pays back an amount and, with restock, puts the named units back on the shelf, even more than were sold.
// The order becomes refunded when nothing is left. It fails with ErrRefundAmount and then changes nothing.
func (s *State) Refund(o *Order, r Refund, restock bool) (*Refund, error) {
	for i := range r.Lines {
		r.Lines[i].Restock = restock
	}
	return s.refund(o, r)
}

// RefundLines pays units back, each line's share, and puts those back on the shelf whose line says so.
func (s *State) RefundLines(o *Order, lines []RefundLine) *Refund {
	r := Refund{Lines: lines}
	for i := range lines {
		l := s.mustLine(o, lines[i].Line)
		lines[i].Amount = int64(math.Round(float64(l.Total) * float64(lines[i].Quantity) / float64(max(l.Quantity, 1))))
		r.Amount += lines[i].Amount
	}
	if rest := o.Total() - o.RefundedTotal(); r.Amount > rest || s.unitsLeft(o, r) <= 0 {
		r.Amount = rest
	}
	refund, err := s.refund(o, r)
	if err != nil {
		panic(fmt.Sprintf("practice: refund of order %d: %v", o.ID, err))
	}
	return refund
}

func (s *State) refund(o *Order, r Refund) (*Refund, error) {
	rest := o.Total() - o.RefundedTotal()
	if r.Amount < 0 || r.Amount > rest {
		return nil, ErrRefundAmount
	}
	s.change(o)
	r.Full = rest-r.Amount <= 0 && (o.Total() > 0 || s.unitsLeft(o, r) <= 0)
	for i := range r.Lines {
		r.Lines[i].ID, r.Lines[i].MetaID = s.newLineID(), s.NewMetaID()
		if l := o.Line(r.Lines[i].Line); l != nil {
			r.Lines[i].Of = *l
			inside := l.Quantity - o.SentUnits(l) - o.refunded(l.ID, false)
			r.Lines[i].Sent = max(0, r.Lines[i].Quantity-max(0, inside))
			if r.Lines[i].At != 0 {
				r.Lines[i].Sent = r.Lines[i].Quantity
			}
			if r.Lines[i].Restock {
				s.putBack(l, r.Lines[i].Quantity, cmp.Or(r.Lines[i].At, l.At))
			}
		}
	}
	refund := s.addRefund(o, r)
	if r.Full {
		s.setStage(o, Refunded)
	}
	return refund, nil
}

func (s *State) unitsLeft(o *Order, r Refund) int64 {
	var left int64
	for _, l := range o.Lines {
		left += l.Quantity - o.RefundedUnits(l.ID)
	}
	for _, l := range r.Lines {
		left -= l.Quantity
	}
	return left
}

func (s *State) putBack(l *Line, units, location int64) {
	it := s.items[l.Item]
	if l.Held == 0 || units == 0 || s.Holder(it) == nil {
		return
	}
	s.addAt(it, location, units)
	l.Held -= units
	l.PutBack += units
}

func (s *State) addRefund(o *Order, r Refund) *Refund {
	r.ID, r.Order, r.Created, r.MetaID = s.newID(), o.ID, s.now, s.NewMetaID()
	refund := &r
	o.Refunds = append(o.Refunds, refund)
	s.refunds = append(s.refunds, refund)
	return refund
}

// DropRefund takes a refund out of an order again; units it put back stay on the shelf.
func (s *State) DropRefund(o *Order, r *Refund) {
	s.change(o)
	o.Refunds = slices.DeleteFunc(slices.Clone(o.Refunds), func(other *Refund) bool { return other == r })
	s.refunds = slices.DeleteFunc(s.refunds, func(other *Refund) bool { return other == r })
}
