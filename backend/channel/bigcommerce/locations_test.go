package bigcommerce

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// TestNumbersByLocation: the rows of a call are sorted by location, each written where it belongs; a location that is gone
// blocks nothing, and goods that were never stocked at one read 0 there.
func TestNumbersByLocation(t *testing.T) {
	shop, s, rec := pair(t, practicetest.BigCommerceOptions{Sites: []string{"Warehouse", "Shop"}})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
	pen := shop.AddListing(channeltest.Goods{SKU: "PEN", Title: "Pen", Quantity: 6})
	at := func(ref channel.Ref, location string) channel.Ref { ref.Location = location; return ref }
	readings, err := s.ReadStock(t.Context(), []channel.Ref{mug, at(mug, "1"), at(mug, "2"), at(mug, "x")})
	must(t, err)
	for i, want := range []int64{5, 5, 0} {
		if readings[i].Err != nil || *readings[i].Quantity != want {
			t.Errorf("reading %d is %+v, want %d", i, readings[i], want)
		}
	}
	says(t, readings[3].Err, channel.Invalid, "no such location")
	var batch []channel.StockLevel
	for _, ref := range []channel.Ref{at(mug, "2"), at(pen, "1"), at(mug, "7"), at(pen, "2"), mug, at(pen, "zero")} {
		batch = append(batch, channel.StockLevel{Listing: ref.Listing, Location: ref.Location, Available: int64(10 + len(batch))})
	}
	results, err := s.PushStock(t.Context(), batch)
	must(t, err)
	for i, r := range results {
		if bad := i == 2 || i == 5; bad != (r.Err != nil) {
			t.Errorf("level %d: %v", i, r.Err)
		}
	}
	says(t, results[2].Err, channel.Invalid, "Location with id 7")
	says(t, results[5].Err, channel.Invalid, "no such location")
	for ref, want := range map[channel.Ref]int64{at(mug, "1"): 14, at(mug, "2"): 10, at(pen, "1"): 11, at(pen, "2"): 13} {
		if got := shop.Quantity(ref); got != want {
			t.Errorf("%s holds %d at %s, want %d", ref.Listing, got, ref.Location, want)
		}
	}
	sent := rec.Sent("PUT", "/absolute")[0].Sent
	if first, second := strings.LastIndex(sent, `"location_id":1`), strings.Index(sent, `"location_id":2`); first > second {
		t.Errorf("the rows are not sorted by location: %s", sent)
	}
}

// TestPlaces: the default location is named as the one that sells, and a seller with several hears what BigCommerce does not
// tell.
func TestPlaces(t *testing.T) {
	shop, s, _ := pair(t, practicetest.BigCommerceOptions{Sites: []string{"Warehouse", "Shop"}})
	places, err := s.Locations(t.Context())
	must(t, err)
	if len(places) != 2 || places[0] != (channel.Location{Ref: "1", Name: "Warehouse", Active: true, Fulfils: true}) ||
		places[1] != (channel.Location{Ref: "2", Name: "Shop", Active: true}) {
		t.Errorf("locations %+v", places)
	}
	a, err := s.Check(t.Context())
	must(t, err)
	if said := strings.Join(a.Warnings, " "); !strings.Contains(said, "sent count at Warehouse, the default location") {
		t.Errorf("warnings %q", said)
	}
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
	shop.SetQuantity(channel.Ref{Listing: mug.Listing, Location: "2"}, 50)
	l := orderOf(t, s, shop.Sell(channeltest.Units{Ref: mug, Quantity: 3})).Lines[0]
	if l.Held != 3 || l.HeldAt["1"] != 3 || shop.Quantity(channel.Ref{Listing: mug.Listing, Location: "1"}) != 2 {
		t.Errorf("line %+v", l)
	}
}

// TestPickups: an order that is fetched counts where it is fetched, whatever becomes of it; those that are sent count at the
// default location.
func TestPickups(t *testing.T) {
	type by = map[string]int64
	for name, c := range map[string]struct {
		do             func(s *practicetest.BigCommerce, order string)
		held, sent     by
		released, left int64
	}{
		"placed":          {func(*practicetest.BigCommerce, string) {}, by{"2": 3}, nil, 0, 47},
		"fetched":         {func(s *practicetest.BigCommerce, o string) { s.Fulfil(o) }, by{"2": 3}, by{"2": 3}, 0, 47},
		"fetched in part": {func(s *practicetest.BigCommerce, o string) { s.Ship(o, 0, 1) }, by{"2": 3}, by{"2": 1}, 0, 47},
		"cancelled":       {func(s *practicetest.BigCommerce, o string) { s.Cancel(o) }, by{"2": 0}, nil, 3, 50},
	} {
		t.Run(name, func(t *testing.T) {
			shop, s, _ := pair(t, practicetest.BigCommerceOptions{Sites: []string{"Warehouse", "Shop"}})
			mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
			atShop := channel.Ref{Listing: mug.Listing, Location: "2"}
			shop.SetQuantity(atShop, 50)
			order := shop.SellPickup("2", channeltest.Units{Ref: mug, Quantity: 3})
			c.do(shop, order)
			l := orderOf(t, s, order).Lines[0]
			if diff := cmp.Diff([]by{c.held, c.sent}, []by{l.HeldAt, l.Fulfilled}); diff != "" || l.Released != c.released || l.Ordered != 3 {
				t.Errorf("%+v\n%s", l, diff)
			}
			if got, first := shop.Quantity(atShop), shop.Quantity(mug); got != c.left || first != 5 {
				t.Errorf("the shop holds %d and %d", got, first)
			}
		})
	}
}
