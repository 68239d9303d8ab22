package channeltest

import (
	"fmt"

	"evenstock/backend/channel"
)

// point is a moment of the procedure read, pull orders, read again, write, at which a customer buys.
type point struct {
	name  string
	plant func(shop Shop, sell func())
}

var points = []point{
	{"before the first reading", func(shop Shop, sell func()) { shop.Before(ReadStock, sell) }},
	{"between reading and orders", func(shop Shop, sell func()) { shop.Before(ListOrders, sell) }},
	{"between orders and second reading", func(shop Shop, sell func()) { shop.After(ListOrders, sell) }},
	{"between second reading and write", func(shop Shop, sell func()) { shop.Before(PushStock, sell) }},
	{"between write and answer", func(shop Shop, sell func()) { shop.After(PushStock, sell) }},
}

func pushRaceRules() []rule {
	var rules []rule
	for _, p := range points {
		rules = append(rules, rule{"push: a customer buys " + p.name, []Ability{Hooks}, p.check})
	}
	return rules
}

// truth is the seller's shelf in these rules: what the shop must show is this less what its customers bought.
const truth = 50

// check brings a listing that shows 20 to the truth while a customer buys, and demands that in the end the sale is
// taken off exactly once. Whether that takes one round or two is the connector's affair.
func (p point) check(s *scene) {
	mug := s.shop.AddListing(Goods{SKU: "MUG", Title: "Mug", Quantity: 20})
	other := s.shop.AddListing(Goods{SKU: "PEN", Title: "Pen", Quantity: 5})
	red := s.shop.AddListing(Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 20})
	s.tick()
	_, since := s.orders(nil)
	p.plant(s.shop, func() {
		s.shop.Sell(Units{mug, 3}, Units{red, 2})
		s.shop.Sell(Units{mug, 1})
	})

	books := map[string]channel.Order{}
	shelf := map[channel.Ref]int64{mug: truth, red: truth, other: 5}
	const most = 4 // rounds
	for range most {
		since = s.converge(shelf, books, since)
		s.tick()
	}
	for ref, want := range map[channel.Ref]int64{mug: truth - 4, red: truth - 2, other: 5} {
		if got := s.shop.Quantity(ref); got != want {
			s.t.Errorf("the shop shows %d of listing %s, want %d", got, ref.Listing, want)
		}
	}
}

// converge is one round of the procedure: only listings whose two readings agree are written.
func (s *scene) converge(shelf map[channel.Ref]int64, books map[string]channel.Order, since channel.Cursor) channel.Cursor {
	s.t.Helper()
	refs := make([]channel.Ref, 0, len(shelf))
	for ref := range shelf {
		refs = append(refs, ref)
	}
	first := s.read(refs...)
	changed, since := s.orders(since)
	for ref, o := range changed {
		books[ref] = o
	}
	again := s.read(refs...)
	var batch []channel.StockLevel
	for i, ref := range refs {
		target := shelf[ref] - sold(books, ref)
		if first[i] != again[i] || again[i] == target {
			continue
		}
		l := level(ref, target)
		l.Expect = &again[i]
		batch = append(batch, l)
	}
	if len(batch) == 0 {
		return since
	}
	results, err := s.store.PushStock(s.t.Context(), batch)
	s.must(err)
	for _, r := range results {
		if s.met(r.Err); r.Err != nil && channel.KindOf(r.Err) != channel.Stale {
			s.t.Fatal(fmt.Errorf("push: %w", r.Err))
		}
	}
	return since
}

func sold(books map[string]channel.Order, ref channel.Ref) int64 {
	var n int64
	for _, o := range books {
		for _, l := range o.Lines {
			if l.ListingRef == ref.Listing {
				n += totals(l).booked
			}
		}
	}
	return n
}
