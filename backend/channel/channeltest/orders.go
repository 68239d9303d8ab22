package channeltest

import (
	"fmt"
	"time"

	"evenstock/backend/channel"
)

const second = time.Second

var orderRules = []rule{
	{"orders: lines as the customer ordered them", nil, checkOrderLines},
	{"orders: resumed after every page", nil, checkOrderResume},
	{"orders: one that changes while the list is read is not missed", nil, checkOrderChange},
	{"orders: seen again after a change", nil, checkOrderAgain},
	{"orders: a page read twice says the same", nil, checkOrderTwice},
	{"orders: an open one of any age, a closed one of the last 90 days", []Ability{TimeTravel}, checkOrderAge},
	{"orders: one that becomes visible minutes late", []Ability{TimeTravel}, checkOrderLate},
	{"orders: known ones by id", nil, checkOrderKnown},
	{"orders: trashed and unknown ones are gone", nil, checkOrderGone},
	{"orders: a cursor nobody can read asks for everything", nil, checkOrderBadCursor},
	{"orders: what the shop holds for a line", []Ability{Uncounted, RestockFlag}, checkOrderHeld},
	{"orders: goods deleted after the sale", []Ability{Removal}, checkOrderDeletedGoods},
}

func orderRef(o channel.Order) string { return o.Ref }

func checkOrderLines(s *scene) {
	refs := s.stock(2)
	red := s.shop.AddListing(Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 30})
	ref := s.shop.Sell(Units{refs[0], 4}, Units{red, 2})
	got, _ := s.orders(nil)
	o, ok := got[ref]
	if !ok {
		s.t.Fatalf("order %s is missing", ref)
	}
	if o.Number == "" || o.Status == "" || o.Placed.IsZero() || o.Updated.IsZero() || o.Gone || o.Ignored {
		s.t.Errorf("order %+v", o)
	}
	if len(o.Lines) != 2 {
		s.t.Fatalf("%d lines, want 2", len(o.Lines))
	}
	for i, want := range []channel.Line{
		{ListingRef: refs[0].Listing, SKU: "SKU-0", Ordered: 4, Held: 4},
		{ListingRef: red.Listing, SKU: "SHIRT-R", Ordered: 2, Held: 2},
	} {
		l := o.Lines[i]
		if l.Ref == "" || l.Title == "" || l.ListingRef != want.ListingRef || l.SKU != want.SKU ||
			totals(l) != totals(want) || l.Held != want.Held {
			s.t.Errorf("line %d is %+v, want %+v", i, l, want)
		}
	}
	if o.Lines[0].Ref == o.Lines[1].Ref {
		s.t.Error("two lines with one ref")
	}
}

func (s *scene) sellMany(n int) []string {
	listing := s.shop.AddListing(Goods{SKU: "MUG", Title: "Mug", Quantity: 100})
	refs := make([]string, n)
	for i := range refs {
		refs[i] = s.shop.Sell(Units{listing, 1})
	}
	return refs
}

func checkOrderResume(s *scene) {
	refs := s.sellMany(10)
	got, _ := collectSlowly(s, s.store.ListOrders, nil, orderRef, nil)
	for _, ref := range refs {
		if _, ok := got[ref]; !ok {
			s.t.Errorf("order %s is missing", ref)
		}
	}
}

func checkOrderChange(s *scene) {
	refs := s.sellMany(10)
	s.tick()
	late := ""
	pen := s.shop.AddListing(Goods{SKU: "PEN", Title: "Pen", Quantity: 5})
	got, since := collectSlowly(s, s.store.ListOrders, nil, orderRef, func(page int) {
		if page == 1 {
			s.shop.Cancel(refs[0])
			s.shop.Cancel(refs[9])
			late = s.shop.Sell(Units{pen, 1})
			s.tick()
		}
	})
	// What changed behind the reader's back is met on a later page or by the next reading.
	next, _ := s.orders(since)
	for ref, o := range next {
		got[ref] = o
	}
	for _, ref := range append(refs, late) {
		if _, ok := got[ref]; !ok {
			s.t.Errorf("order %s is missing", ref)
		}
	}
	for _, ref := range []string{refs[0], refs[9]} {
		if open := totals(got[ref].Lines[0]).booked; open != 0 {
			s.t.Errorf("order %s, cancelled while the list was read, still has %d open units", ref, open)
		}
	}
}

func checkOrderAgain(s *scene) {
	refs := s.sellMany(5)
	s.tick()
	first, since := s.orders(nil)
	s.tick()
	s.shop.Fulfil(refs[1])
	s.tick()
	later, since := s.orders(since)
	o, ok := later[refs[1]]
	if !ok {
		s.t.Fatal("the fulfilled order is not seen again")
	}
	if !o.Updated.After(first[refs[1]].Updated) {
		s.t.Errorf("updated %v, before the change %v", o.Updated, first[refs[1]].Updated)
	}
	s.tick()
	fresh := s.shop.Sell(Units{s.shop.AddListing(Goods{SKU: "PEN", Title: "Pen", Quantity: 5}), 1})
	s.tick()
	if later, _ = s.orders(since); later[fresh].Ref != fresh {
		s.t.Error("an order placed after the reading is missing from the next")
	}
}

func checkOrderTwice(s *scene) {
	refs := s.sellMany(5)
	if s.can(LineRefunds) {
		s.shop.Refund(refs[2], 0, 1, true)
	}
	s.tick()
	first, _ := s.orders(nil)
	second, _ := s.orders(nil)
	for _, ref := range refs {
		if a, b := fmt.Sprintf("%+v", first[ref]), fmt.Sprintf("%+v", second[ref]); a != b {
			s.t.Errorf("order %s read twice: %s, then %s", ref, a, b)
		}
	}
}

func checkOrderAge(s *scene) {
	refs := s.sellMany(4)
	s.tick()
	s.shop.Fulfil(refs[0])
	s.shop.Advance(channel.OrderHistory - 24*time.Hour)
	s.shop.Fulfil(refs[1])
	s.shop.Advance(48 * time.Hour)
	got, _ := s.orders(nil)
	for i, want := range []bool{false, true, true, true} {
		if _, ok := got[refs[i]]; ok != want {
			s.t.Errorf("order %d of [closed 91 days ago, closed 2 days ago, open, open]: listed %v", i, ok)
		}
	}
}

func checkOrderLate(s *scene) {
	s.sellMany(3)
	s.tick()
	_, since := s.orders(nil)
	mug := s.shop.AddListing(Goods{SKU: "LATE", Title: "Late", Quantity: 10})
	hidden := s.shop.Sell(Units{mug, 3})
	s.shop.Hide(hidden, 2*time.Minute)
	if n := s.shop.Quantity(mug); n != 7 {
		s.t.Fatalf("the shop holds %d, want 7", n)
	}
	s.tick()
	got, since := s.orders(since)
	if _, ok := got[hidden]; ok {
		s.t.Fatal("the hidden order is listed")
	}
	s.shop.Advance(3 * time.Minute)
	if got, _ = s.orders(since); got[hidden].Ref != hidden {
		s.t.Error("the order that became visible is missing")
	}
}

func checkOrderKnown(s *scene) {
	refs := s.sellMany(5)
	s.shop.Cancel(refs[3])
	listed, _ := s.orders(nil)
	got, err := s.store.GetOrders(s.t.Context(), refs)
	s.must(err)
	if len(got) != len(refs) {
		s.t.Errorf("%d orders of %d", len(got), len(refs))
	}
	for _, o := range got {
		if a, b := fmt.Sprintf("%+v", o), fmt.Sprintf("%+v", listed[o.Ref]); a != b {
			s.t.Errorf("order %s by id is %s, in the list %s", o.Ref, a, b)
		}
	}
	if none, err := s.store.GetOrders(s.t.Context(), nil); err != nil || len(none) != 0 {
		s.t.Errorf("no refs: %v, %v", none, err)
	}
}

func checkOrderGone(s *scene) {
	refs := s.sellMany(3)
	s.tick()
	_, since := s.orders(nil)
	trash := s.can(OrderTrash)
	if trash {
		s.shop.Trash(refs[1])
	}
	s.tick()
	listed, _ := s.orders(since)
	if o, ok := listed[refs[1]]; trash && ok && !o.Gone {
		s.t.Error("a trashed order is listed as if it were there")
	}
	const never = "987654321"
	got, err := s.store.GetOrders(s.t.Context(), []string{refs[0], refs[1], never})
	s.must(err)
	gone := map[string]bool{}
	for _, o := range got {
		gone[o.Ref] = o.Gone
	}
	want := map[string]bool{refs[0]: false, refs[1]: trash, never: true}
	if fmt.Sprint(gone) != fmt.Sprint(want) {
		s.t.Errorf("gone: %v, want %v", gone, want)
	}
}

func checkOrderBadCursor(s *scene) {
	refs := s.sellMany(4)
	got, _ := s.orders(channel.Cursor(`{"v":"?"`))
	for _, ref := range refs {
		if _, ok := got[ref]; !ok {
			s.t.Errorf("order %s is missing", ref)
		}
	}
}

func checkOrderHeld(s *scene) {
	counted := s.shop.AddListing(Goods{SKU: "MUG", Title: "Mug", Quantity: 10})
	loose := s.shop.AddListing(Goods{SKU: "EBOOK", Title: "Book", Untracked: true})
	ref := s.shop.Sell(Units{counted, 4}, Units{loose, 2})
	lines := s.order(ref).Lines
	if lines[0].Held != 4 || lines[1].Held != 0 {
		s.t.Errorf("the shop holds %d and %d, want 4 counted units and 0 that it does not count", lines[0].Held, lines[1].Held)
	}
	s.shop.Refund(ref, 0, 1, true)
	if held := s.order(ref).Lines[0].Held; held != 3 {
		s.t.Errorf("the shop holds %d after one of four was put back, want 3", held)
	}
	s.shop.Cancel(ref)
	if held := s.order(ref).Lines[0].Held; held != 0 {
		s.t.Errorf("the shop holds %d for a cancelled line, want 0", held)
	}
}

func checkOrderDeletedGoods(s *scene) {
	mug := s.shop.AddListing(Goods{SKU: "MUG", Title: "Mug", Quantity: 10})
	ref := s.shop.Sell(Units{mug, 4})
	s.shop.Remove(mug)
	o := s.order(ref)
	if len(o.Lines) != 1 || o.Lines[0].Ordered != 4 || o.Lines[0].Title == "" {
		s.t.Errorf("the line of deleted goods is %+v", o.Lines)
	}
}
