package etsy

import (
	"net/http"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/spectest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
)

// TestSpecification holds every request of the connector, and every answer of the practice shop, against Etsy's OpenAPI file
// with the changes of September 2026. Two calls are not in it: the token endpoint, which it names by its address only.
func TestSpecification(t *testing.T) {
	spec := spectest.Open(t, "etsy/etsy-openapi-3.0.0_derived-2026-09.json", "")
	for _, plain := range []bool{false, true} {
		o := practicetest.EtsyOptions{Direct: true}
		o.PlainLists, o.RenewResets = plain, true
		shop := practicetest.NewEtsy(t, o)
		shop.Client = &http.Client{Transport: spec.Transport(shop.Client.Transport)}
		s := &scene{Etsy: shop, store: connect(t, shop, pageSize, nil)}
		everyCall(t, s)
	}
	spec.Demand([]string{"ping", "tokenScopes", "getMe", "getShop", "getListingsByShop", "getListingsInventoryByListingIds",
		"getListingInventory", "updateListingInventory", "updateListing", "getShopReceipts", "getShopReceipt"},
		[]string{"POST /v3/public/oauth/token"})
}

// everyCall makes the connector send everything it can send.
func everyCall(t *testing.T, s *scene) {
	t.Helper()
	ctx := t.Context()
	if _, err := s.store.Check(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.StoreTime(ctx); err != nil {
		t.Fatal(err)
	}
	refs := s.shirt("10.00", "12.50")
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
	loose := s.AddListing(channeltest.Goods{Title: "Loose thing", Quantity: 5})
	s.World.Stock(practice.Catalogue(60, 1)) // with every oddity
	gone := s.AddListing(channeltest.Goods{SKU: "GONE", Title: "Gone", Quantity: 1})
	s.Remove(gone)
	orders := []string{s.Sell(channeltest.Units{Ref: refs[1], Quantity: 2}, channeltest.Units{Ref: mug, Quantity: 1}),
		s.Sell(channeltest.Units{Ref: loose, Quantity: 1}), s.Sell(channeltest.Units{Ref: mug, Quantity: 1}), "987654321"}
	s.Fulfil(orders[0])
	s.Cancel(orders[1])
	s.Refund(orders[2], 0, 1, false)
	for _, err := range s.store.ListListings(ctx, nil) {
		must(t, err)
	}
	for _, err := range s.store.ListOrders(ctx, nil) {
		must(t, err)
	}
	_, err := s.store.GetOrders(ctx, orders)
	must(t, err)
	_, err = s.store.ReadStock(ctx, []channel.Ref{refs[0], mug, gone})
	must(t, err)
	for _, n := range []int64{7, 0, 9, 999} {
		must(t, s.push(t, refs[0], n))
		must(t, s.push(t, mug, n))
	}
	must(t, s.push(t, s.AddPool("Scarf", 6, "SC-L", "SC-S")[1], 4))
	s.Sell(channeltest.Units{Ref: mug, Quantity: 999})
	must(t, s.push(t, mug, 3)) // renewed
	says(t, s.push(t, gone, 3), channel.Missing, "no such listing")
}
