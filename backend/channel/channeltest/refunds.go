package channeltest

import (
	"maps"
	"strings"

	"evenstock/backend/channel"
)

// effect is what a line has done to stock since it was ordered. The rules work it out for themselves, without the
// arithmetic of the books, so that one mistake is not made twice.
type effect struct{ onHand, booked int64 }

// totals adds the totals of a line up to their effect.
func totals(l channel.Line) effect {
	fulfilled, returned := sum(l.Fulfilled), sum(l.Returned)
	return effect{
		onHand: returned - fulfilled - l.WrittenOff,
		booked: max(0, l.Ordered-fulfilled-l.Released-l.WrittenOff),
	}
}

func sum(m map[string]int64) int64 {
	var n int64
	for v := range maps.Values(m) {
		n += v
	}
	return n
}

// refundRow is one thing that happens to an order of 4 units of the first of two listings and 3 of the second, and what
// it leaves of the first line.
type refundRow struct {
	name string
	do   func(s *scene, order string)
	want effect
}

var refundTable = []refundRow{
	{"placed", func(*scene, string) {}, effect{0, 4}},
	{"fulfilled", func(s *scene, o string) { s.shop.Fulfil(o) }, effect{-4, 0}},
	{"cancelled while unfulfilled", func(s *scene, o string) { s.shop.Cancel(o) }, effect{0, 0}},
	{"unfulfilled line refunded, restocked", func(s *scene, o string) { s.shop.Refund(o, 0, 4, true) }, effect{0, 0}},
	{"unfulfilled line refunded in part, restocked", func(s *scene, o string) { s.shop.Refund(o, 0, 1, true) }, effect{0, 3}},
	{"unfulfilled line refunded, not restocked", func(s *scene, o string) { s.shop.Refund(o, 0, 4, false) }, effect{-4, 0}},
	{"unfulfilled line refunded in part, not restocked", func(s *scene, o string) { s.shop.Refund(o, 0, 1, false) }, effect{-1, 3}},
	{"fulfilled line refunded, restocked", fulfilledThenRefund(4, true), effect{0, 0}},
	{"fulfilled line refunded in part, restocked", fulfilledThenRefund(1, true), effect{-3, 0}},
	{"fulfilled line refunded, not restocked", fulfilledThenRefund(4, false), effect{-4, 0}},
	{"refunded in two pieces, one restocked", func(s *scene, o string) {
		s.shop.Refund(o, 0, 1, true)
		s.tick()
		s.shop.Refund(o, 0, 2, false)
	}, effect{-2, 1}},
	{"refunded with restock, then cancelled", func(s *scene, o string) {
		s.shop.Refund(o, 0, 1, true)
		s.tick()
		s.shop.Cancel(o)
	}, effect{0, 0}},
	{"refunded without restock, then cancelled", func(s *scene, o string) {
		s.shop.Refund(o, 0, 1, false)
		s.tick()
		s.shop.Cancel(o)
	}, effect{-1, 0}},
	{"refunded in part, then the rest fulfilled", func(s *scene, o string) {
		s.shop.Refund(o, 0, 1, true)
		s.tick()
		s.shop.Fulfil(o)
	}, effect{-3, 0}},
	{"everything refunded with restock", func(s *scene, o string) {
		s.shop.Refund(o, 0, 4, true)
		s.tick()
		s.shop.Refund(o, 1, 3, true)
	}, effect{0, 0}},
	{"everything refunded without restock", func(s *scene, o string) {
		s.shop.Refund(o, 0, 4, false)
		s.tick()
		s.shop.Refund(o, 1, 3, false)
	}, effect{-4, 0}},
	{"fulfilled, then everything refunded with restock", func(s *scene, o string) {
		s.shop.Fulfil(o)
		s.tick()
		s.shop.Refund(o, 0, 4, true)
		s.tick()
		s.shop.Refund(o, 1, 3, true)
	}, effect{0, 0}},
	{"edited up", func(s *scene, o string) { s.shop.EditLine(o, 0, 6) }, effect{0, 6}},
	{"edited down", func(s *scene, o string) { s.shop.EditLine(o, 0, 1) }, effect{0, 1}},
	{"line removed", func(s *scene, o string) { s.shop.EditLine(o, 0, 0) }, effect{0, 0}},
}

// needs is what a shop must be able to express for the row: a refund says what went back, an edit changes lines.
func (row refundRow) needs() []Ability {
	switch {
	case strings.Contains(row.name, "refunded"):
		return []Ability{LineRefunds, RestockFlag}
	case strings.HasPrefix(row.name, "edited"), row.name == "line removed":
		return []Ability{OrderEdits}
	}
	return nil
}

func fulfilledThenRefund(units int64, restock bool) func(*scene, string) {
	return func(s *scene, o string) {
		s.shop.Fulfil(o)
		s.tick()
		s.shop.Refund(o, 0, units, restock)
	}
}

// refundRules are the rows of the table of what happens to an order, each a rule.
func refundRules() []rule {
	rules := []rule{{"order: partly fulfilled, then cancelled", nil, checkPartlyFulfilled}}
	for _, row := range refundTable {
		rules = append(rules, rule{"order: " + row.name, row.needs(), row.check})
	}
	return rules
}

func (row refundRow) check(s *scene) {
	mug := s.shop.AddListing(Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	pen := s.shop.AddListing(Goods{SKU: "PEN", Title: "Pen", Quantity: 50})
	ref := s.shop.Sell(Units{mug, 4}, Units{pen, 3})
	first := s.order(ref).Lines[0].Ref
	s.tick()
	row.do(s, ref)
	s.tick()
	o := s.order(ref)
	if o.Gone || o.Ignored {
		s.t.Fatalf("order %+v is out of the books", o)
	}
	var got effect // of a line that is no longer there: none
	for _, l := range o.Lines {
		if l.Ref == first {
			got = totals(l)
		}
		if back := sum(l.Returned); back > sum(l.Fulfilled) {
			s.t.Errorf("%d units came back of %d that went out", back, sum(l.Fulfilled))
		}
	}
	if got != row.want {
		s.t.Errorf("in stock %+d, booked %d; want %+d and %d\n%+v", got.onHand, got.booked, row.want.onHand, row.want.booked, o)
	}
}

func checkPartlyFulfilled(s *scene) {
	shipper, ok := s.shop.(Shipper)
	if !ok {
		s.t.Skip("this shop cannot fulfil an order in part")
	}
	mug := s.shop.AddListing(Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	ref := s.shop.Sell(Units{mug, 4})
	s.tick()
	shipper.Ship(ref, 0, 1)
	s.tick()
	if got := totals(s.order(ref).Lines[0]); got != (effect{-1, 3}) {
		s.t.Errorf("partly fulfilled: in stock %+d, booked %d; want -1 and 3", got.onHand, got.booked)
	}
	s.shop.Cancel(ref)
	s.tick()
	if got := totals(s.order(ref).Lines[0]); got != (effect{-1, 0}) {
		s.t.Errorf("then cancelled: in stock %+d, booked %d; want -1 and 0", got.onHand, got.booked)
	}
}
