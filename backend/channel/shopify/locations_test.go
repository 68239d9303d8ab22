package shopify

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// TestUnitsByLocation: off whose numbers Shopify has an order's units, and where they left and came back. What happens at
// one location needs no second call.
func TestUnitsByLocation(t *testing.T) {
	type by = map[string]int64
	for name, c := range map[string]struct {
		do                     func(s *practicetest.Shopify, order string)
		held, sent, back       by
		released, kept, second int64
	}{
		"placed":                  {func(*practicetest.Shopify, string) {}, by{"62": 4}, nil, nil, 0, 0, 0},
		"sent":                    {func(s *practicetest.Shopify, o string) { s.Fulfil(o) }, by{"62": 4}, by{"62": 4}, nil, 0, 0, 0},
		"sent from elsewhere":     {func(s *practicetest.Shopify, o string) { s.ShipFrom(o, 0, 4, "61") }, by{"61": 4}, by{"61": 4}, nil, 0, 0, 0},
		"sent from both":          {func(s *practicetest.Shopify, o string) { s.ShipFrom(o, 0, 1, "61"); s.Fulfil(o) }, by{"61": 1, "62": 3}, by{"61": 1, "62": 3}, nil, 0, 0, 1},
		"sent in part":            {func(s *practicetest.Shopify, o string) { s.ShipFrom(o, 0, 1, "61") }, by{"61": 1, "62": 3}, by{"61": 1}, nil, 0, 0, 1},
		"sent, back elsewhere":    {func(s *practicetest.Shopify, o string) { s.Fulfil(o); s.ReturnTo(o, 0, 2, "61") }, by{"61": -2, "62": 4}, by{"62": 4}, by{"61": 2}, 0, 0, 1},
		"sent, back all":          {func(s *practicetest.Shopify, o string) { s.Fulfil(o); s.ReturnTo(o, 0, 4, "62") }, by{}, by{"62": 4}, by{"62": 4}, 0, 0, 1},
		"cancelled":               {func(s *practicetest.Shopify, o string) { s.Cancel(o) }, by{}, nil, nil, 4, 0, 1},
		"sent in part, cancelled": {func(s *practicetest.Shopify, o string) { s.ShipFrom(o, 0, 1, "61"); s.Cancel(o) }, by{"61": 1}, by{"61": 1}, nil, 3, 0, 1},
		"lost before it was sent": {func(s *practicetest.Shopify, o string) { s.Refund(o, 0, 1, false) }, by{"62": 4}, nil, nil, 0, 1, 1},
		"edited":                  {func(s *practicetest.Shopify, o string) { s.EditLine(o, 0, 1) }, by{"62": 1}, nil, nil, 3, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			shop, s, rec := scene(t, practicetest.ShopifyOptions{Places: []string{"Shop floor", "Depot"}})
			pot := shop.AddListing(channeltest.Goods{SKU: "POT", Title: "Pot", Quantity: 2})
			depot := channel.Ref{Listing: pot.Listing, Location: "62"}
			shop.SetQuantity(depot, 20)
			order := shop.Sell(channeltest.Units{Ref: pot, Quantity: 4}) // only the depot has so many
			c.do(shop, order)
			got := line(t, s, order)
			want := channel.Line{Ref: got.Ref, ListingRef: pot.Listing, SKU: "POT", Title: "Pot", Ordered: 4, Released: c.released, WrittenOff: c.kept,
				Held: placed(c.held).sum(), HeldAt: c.held, Fulfilled: c.sent, Returned: c.back}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			floor := 2 - shop.Quantity(channel.Ref{Listing: pot.Listing, Location: "61"})
			if took := 20 - shop.Quantity(depot); floor != c.held["61"] || took != c.held["62"] {
				t.Errorf("the shop took %d and %d", floor, took)
			}
			if n := int64(len(rec.with("query OrderDetail"))); n != c.second {
				t.Errorf("%d calls for more about the order, want %d", n, c.second)
			}
		})
	}
}

// TestNumbersByLocation: rows of one call go to locations of their own; one that is gone says so and blocks nothing.
func TestNumbersByLocation(t *testing.T) {
	shop, s, rec := scene(t, practicetest.ShopifyOptions{Places: []string{"Shop floor", "Depot"}})
	pot := shop.AddListing(channeltest.Goods{SKU: "POT", Title: "Pot", Quantity: 2})
	at := func(location string, n int64) channel.StockLevel {
		return channel.StockLevel{Listing: pot.Listing, Location: location, Available: n, Expect: new(shop.Quantity(channel.Ref{Listing: pot.Listing, Location: "61"})), Key: location}
	}
	stale, gone, right := at("62", 9), at("99", 9), at("61", 7)
	results := push(t, s, stale, gone, right, at("shelf", 1))
	says(t, results[0].Err, channel.Stale, "changed since")
	says(t, results[1].Err, channel.Invalid, "no such location")
	says(t, results[3].Err, channel.Invalid, "no such location")
	if r := results[2]; r.Err != nil || *r.Was != 2 || shop.Quantity(pot) != 7 {
		t.Errorf("%+v, the shop holds %d", r, shop.Quantity(pot))
	}
	if n := len(rec.with("mutation Set")); n != 2 {
		t.Errorf("%d writes, want one more without the refused rows", n)
	}
	var all []channel.Listing
	readAll(t, s.ListListings(t.Context(), nil), func(l channel.Listing) { all = append(all, l) })
	if len(all) != 1 || *all[0].Quantity != 7 {
		t.Errorf("listed %+v", all)
	}
}
