package practice

import (
	"fmt"
	"slices"
	"time"
)

// Stage is where an order stands. Values other than the ones below are a shop's own and change no stock.
type Stage string

const (
	Unpaid    Stage = "unpaid"
	Waiting   Stage = "waiting" // placed, payment on its way; units are taken
	Open      Stage = "open"    // paid, to be shipped
	Shipped   Stage = "shipped"
	Cancelled Stage = "cancelled"
	Refunded  Stage = "refunded"
	Failed    Stage = "failed"
)

// takes reports whether an order in this stage takes its units off the shop's number.
func (st Stage) takes() bool { return st == Waiting || st == Open || st == Shipped }

// Order is one order as it is now.
type Order struct {
	ID          int64
	Stage       Stage
	Trashed     bool
	TrashedAt   time.Time
	Created     time.Time
	Modified    time.Time
	Paid        time.Time // zero until paid
	Completed   time.Time // when it was last marked shipped, zero before
	Taken       bool      // its units are off the shop's number
	Lines       []Line
	Refunds     []*Refund
	Parcels     []Parcel
	Notes       []Note
	Via         string // how it came about
	Method      string // payment method
	MethodTitle string
	Address     map[string]map[string]string // "billing" and "shipping", invented
	Key         string
	HiddenUntil time.Time
	Pickup      int64 // the location where the customer fetches it, 0 for an order that is sent

	counted bool   // its units are in Item.Sold
	before  *Order // as it was before its last change, for stale reads
}

// Line is one line of an order. Amounts are in hundredths of the currency.
type Line struct {
	ID         int64
	Item       int64 // product or variant, 0 when unknown or deleted since
	Product    int64 // parent of a variant, otherwise Item
	Name       string
	ParentName string
	Options    []Option
	Quantity   int64
	Subtotal   int64
	Total      int64
	Holding    bool  // the shop notes how many units the line holds
	Held       int64 // units the line has taken off the shop's number
	PutBack    int64 // units that refunds put back on the shelf
	MetaIDs    []int64
	Most       int64 // the largest quantity the line ever had
	At         int64 // the location that serves it, 0 where there are none
}

// Refund is one refund of an order.
type Refund struct {
	ID      int64
	Order   int64
	Created time.Time
	Amount  int64 // hundredths of the currency
	Reason  string
	Full    bool // nothing was left to refund afterwards
	Lines   []RefundLine
	MetaID  int64
}

// RefundLine is the part of a refund that names a line.
type RefundLine struct {
	ID       int64
	Line     int64
	Quantity int64
	Amount   int64
	MetaID   int64
	Of       Line  // the refunded line as it was
	Sent     int64 // units of these that had left the house
	Restock  bool  // they went back on the shelf
	At       int64 // the location to which units came back that had left, 0 for the one that served the line
}

// Note is a remark the shop leaves with an order.
type Note struct {
	ID   int64
	At   time.Time
	Text string
}

// Total is what the customer pays.
func (o *Order) Total() int64 {
	var sum int64
	for _, l := range o.Lines {
		sum += l.Total
	}
	return sum
}

// RefundedTotal is what was paid back.
func (o *Order) RefundedTotal() int64 {
	var sum int64
	for _, r := range o.Refunds {
		sum += r.Amount
	}
	return sum
}

// RefundedUnits is how many units of a line were refunded.
func (o *Order) RefundedUnits(line int64) int64 {
	var sum int64
	for _, r := range o.Refunds {
		for _, l := range r.Lines {
			if l.Line == line {
				sum += l.Quantity
			}
		}
	}
	return sum
}

// Line returns the line with id, or nil.
func (o *Order) Line(id int64) *Line {
	for i := range o.Lines {
		if o.Lines[i].ID == id {
			return &o.Lines[i]
		}
	}
	return nil
}

// Before is the order before its last change, nil for one that was never changed.
func (o *Order) Before() *Order { return o.before }

// Orders returns all orders, trashed and hidden ones included, by ascending id. The slice belongs to the shop.
func (s *State) Orders() []*Order { return s.orders }

// Order returns the order with id, or nil, also when it is hidden.
func (s *State) Order(id int64) *Order { return s.byID[id] }

// Refunds returns all refunds by ascending id. The slice belongs to the shop.
func (s *State) Refunds() []*Refund { return s.refunds }

// Shows reports whether the order is in the shop's answers: one that is hidden is not.
func (s *State) Shows(o *Order) bool { return o != nil && !s.now.Before(o.HiddenUntil) }

// Hide keeps an order out of every answer for d.
func (s *State) Hide(o *Order, d time.Duration) { o.HiddenUntil = s.now.Add(d) }

// Place puts an order into the shop, unpaid. Lines need Item or Name, Quantity, Subtotal and Total.
func (s *State) Place(o Order, lines []Line) *Order {
	o.ID, o.Created, o.Modified, o.Stage = s.newID(), s.now, s.now, Unpaid
	o.Key = fmt.Sprintf("wc_order_%013x", s.rand.Uint64()>>12)
	order := &o
	for _, l := range lines {
		order.Lines = append(order.Lines, s.newLine(l))
	}
	if s.now.Before(s.HideNewUntil) {
		order.HiddenUntil = s.HideNewUntil
	}
	s.note(Change{Order: true, ID: o.ID, New: true})
	s.orders = append(s.orders, order)
	s.byID[o.ID] = order
	return order
}

func (s *State) newLine(l Line) Line {
	l.ID, l.Most = s.newLineID(), l.Quantity
	for range 1 + len(l.Options) + 1 {
		l.MetaIDs = append(l.MetaIDs, s.NewMetaID())
	}
	return l
}

// LineFor is a line of quantity units of it at its price.
func (s *State) LineFor(it *Item, quantity int64) Line {
	price := s.UnitPrice(it)
	l := Line{Item: it.ID, Product: it.ID, Name: it.FullName(), Options: it.Options, Quantity: quantity,
		Subtotal: price * quantity, Total: price * quantity}
	if it.Kind == Variant {
		l.Product, l.ParentName = it.Parent, it.Name
	}
	return l
}

// UnitPrice is the price of an item in hundredths; that of a parent is the lowest of its variants.
func (s *State) UnitPrice(it *Item) int64 {
	if it.Kind != Parent {
		return Cents(it.Price)
	}
	var lowest int64
	for _, id := range it.Variants {
		if p := Cents(s.items[id].Price); lowest == 0 || p < lowest && p > 0 {
			lowest = p
		}
	}
	return lowest
}

// SetStage moves an order and does to the shop's number what the shop's software does then.
func (s *State) SetStage(o *Order, stage Stage) {
	if o.Stage == stage {
		return
	}
	s.change(o)
	s.setStage(o, stage)
}

func (s *State) setStage(o *Order, stage Stage) {
	from := o.Stage
	o.Stage = stage
	switch {
	case stage.takes():
		s.take(o)
	case stage == Cancelled || stage == Unpaid || stage == Failed && s.rules.FailedGivesBack:
		s.giveBack(o)
	case stage == Refunded:
		if rest := o.Total() - o.RefundedTotal(); rest > 0 {
			s.addRefund(o, Refund{Amount: rest, Reason: "Order fully refunded.", Full: true})
		}
		if s.rules.RefundGivesBack {
			s.giveBack(o)
		}
	}
	if (stage == Open || stage == Shipped) && o.Paid.IsZero() {
		o.Paid = s.now
	}
	if stage == Shipped {
		o.Completed = s.now
	}
	s.Remark(o, fmt.Sprintf("Order status changed from %s to %s.", from, stage))
}

func (s *State) take(o *Order) {
	if !o.counted {
		o.counted = true
		for _, l := range o.Lines {
			if it := s.items[l.Product]; it != nil {
				it.Sold += l.Quantity
			}
		}
	}
	if o.Taken {
		return
	}
	o.Taken = true
	for i := range o.Lines {
		l := &o.Lines[i]
		if it := s.items[l.Item]; !l.Holding && s.Holder(it) != nil {
			l.At = s.serves(o, it, l.Quantity)
			s.addAt(it, l.At, -l.Quantity)
			l.Holding, l.Held = true, l.Quantity
			s.Remark(o, "Stock levels reduced: "+l.Name)
		}
	}
}

func (s *State) giveBack(o *Order) {
	if !o.Taken {
		return
	}
	o.Taken = false
	for i := range o.Lines {
		l := &o.Lines[i]
		if it := s.items[l.Item]; l.Held != 0 && s.Holder(it) != nil {
			kept := int64(0)
			if s.rules.SentStays {
				kept = l.Held - min(l.Held, max(0, l.Quantity-o.SentUnits(l)-o.refunded(l.ID, false)))
			}
			s.addAt(it, l.At, l.Held-kept)
			l.Holding, l.Held = kept > 0, kept
			s.Remark(o, "Stock levels increased: "+l.Name)
		}
	}
}

// EditLine changes the quantity of a line, 0 removes it. Amounts stay as they are.
func (s *State) EditLine(o *Order, line, quantity int64) {
	s.change(o)
	l := o.Line(line)
	l.Quantity, l.Most = quantity, max(l.Most, quantity)
	if s.rules.EditsFollow {
		s.follow(o, l)
	}
	if quantity == 0 {
		o.Lines = slices.DeleteFunc(o.Lines, func(l Line) bool { return l.ID == line })
	}
}

// AddLine adds a line to an order.
func (s *State) AddLine(o *Order, l Line) {
	s.change(o)
	o.Lines = append(o.Lines, s.newLine(l))
	if s.rules.AddedFollow {
		s.follow(o, &o.Lines[len(o.Lines)-1])
	}
}

// follow makes a line hold as many units as it should: its quantity less what refunds put back.
func (s *State) follow(o *Order, l *Line) {
	it := s.items[l.Item]
	if !o.Stage.takes() || s.Holder(it) == nil || (!l.Holding && !s.rules.AddedFollow) {
		return
	}
	want := l.Quantity - l.PutBack
	if l.At == 0 {
		l.At = s.serves(o, it, want)
	}
	s.addAt(it, l.At, l.Held-want)
	l.Holding, l.Held = true, want
}

// TrashOrder puts an order where lists do not show it; nothing is given back.
func (s *State) TrashOrder(o *Order) {
	s.change(o)
	o.Trashed, o.TrashedAt = true, s.now
}

// DeleteOrder removes an order and its refunds for good; nothing is given back.
func (s *State) DeleteOrder(o *Order) {
	s.note(Change{Order: true, ID: o.ID, Gone: true})
	delete(s.byID, o.ID)
	s.orders = slices.DeleteFunc(s.orders, func(other *Order) bool { return other == o })
	s.refunds = slices.DeleteFunc(s.refunds, func(r *Refund) bool { return r.Order == o.ID })
}

// Change notes that the order is about to change: it keeps what it was and moves its date.
func (s *State) Change(o *Order) { s.change(o) }

func (s *State) change(o *Order) {
	s.note(Change{Order: true, ID: o.ID})
	was := *o
	was.Lines, was.Refunds, was.before = slices.Clone(o.Lines), slices.Clone(o.Refunds), nil
	o.before, o.Modified = &was, s.now
}

// Remark leaves a note with an order; the order's date stays.
func (s *State) Remark(o *Order, text string) Note {
	n := Note{ID: s.NewMetaID(), At: s.now, Text: text}
	o.Notes = append(o.Notes, n)
	return n
}
