package bigcommerce

import (
	"net/http"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/spectest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
)

// specs are BigCommerce's OpenAPI files of April 2026 and what of each the connector calls.
var specs = []struct {
	file, version string
	calls         []string
}{
	{"inventory.v3.yml", "v3", []string{"put-absolute-adjustment", "post-relative-adjustment", "get-inventory-items"}},
	{"locations.v3.yml", "v3", []string{"getLocations"}},
	{"orders.v2.oas2.yml", "v2", []string{"getOrders", "getOrder", "getOrderStatuses"}},
	{"catalog/products_catalog.v3.yml", "v3", []string{"getProducts"}},
	{"settings.v3.yml", "v3", []string{"getSettingsInventory"}},
	{"store_information.v2.yml", "v2", []string{"getStoreInformation", "getSystemTimestamp"}},
}

// TestSpecification holds every request of the connector, and every answer of the practice store, against BigCommerce's
// OpenAPI files.
func TestSpecification(t *testing.T) {
	shop := practicetest.NewBigCommerce(t, practicetest.BigCommerceOptions{Direct: true})
	var opened []*spectest.Spec
	transport := shop.Client.Transport
	for _, file := range specs {
		spec := spectest.Open(t, "bigcommerce/reference/"+file.file, "/stores/"+practicetest.BigCommerceHash+"/"+file.version)
		// Lists of numbers, which the text of these parameters asks for, are declared as one number.
		spec.Allow("get-inventory-items", "variant_id:in", "product_id:in", "location_id:in")
		// The filter for archived orders is not among the parameters (bigcommerce.md, 3.3).
		spec.Allow("getOrders", "is_deleted")
		opened = append(opened, spec)
		transport = spec.Transport(transport)
	}
	shop.Client = &http.Client{Transport: transport}
	everyCall(t, shop, connect(t, shop, pageSize, nil))
	for i, file := range specs {
		// Calls of the other files are strange to this one. A list without orders is answered 204 (bigcommerce.md, 3.3).
		opened[i].Demand(file.calls, []string{"GET /stores/", "PUT /stores/", "POST /stores/", "getOrders 204"})
	}
}

// everyCall makes the connector send everything it can send.
func everyCall(t *testing.T, shop *practicetest.BigCommerce, s *Store) {
	t.Helper()
	ctx := t.Context()
	_, err := s.Check(ctx)
	must(t, err)
	_, err = s.StoreTime(ctx)
	must(t, err)
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
	red := shop.AddListing(channeltest.Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 3})
	gone := shop.AddListing(channeltest.Goods{SKU: "GONE", Title: "Gone", Quantity: 3})
	shop.World.Stock(practice.Catalogue(60, 1)) // with every oddity
	shop.Remove(gone)
	orders := []string{shop.Sell(channeltest.Units{Ref: mug, Quantity: 2}, channeltest.Units{Ref: red, Quantity: 1}),
		shop.Sell(channeltest.Units{Ref: mug, Quantity: 1}), shop.Sell(channeltest.Units{Ref: red, Quantity: 1}), "987654321"}
	shop.SellPickup("1", channeltest.Units{Ref: mug, Quantity: 1})
	shop.Fulfil(orders[0])
	shop.Cancel(orders[1])
	shop.Trash(orders[2])
	var since channel.Cursor
	for range 2 {
		for page, err := range s.ListListings(ctx, since) {
			must(t, err)
			since = page.Next
		}
	}
	for _, err := range s.ListOrders(ctx, nil) {
		must(t, err)
	}
	_, err = s.GetOrders(ctx, orders)
	must(t, err)
	_, err = s.ReadStock(ctx, []channel.Ref{mug, red, gone})
	must(t, err)
	must(t, bring(t, s, mug, 7, nil))
	must(t, bring(t, s, red, 9, new(int64(1))))
	says(t, bring(t, s, gone, 3, nil), channel.Missing, "no such listing")
}
