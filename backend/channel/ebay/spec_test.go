package ebay

import (
	"net/http"
	"strings"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/spectest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// scene is a practice account, what went to it, and the connector.
type scene struct {
	*practicetest.EBay
	rec   *practicetest.Recorder
	store *opened
}

func newScene(t *testing.T, o practicetest.EBayOptions, change func(*channel.Deps, *channel.Settings)) *scene {
	t.Helper()
	o.Direct = true
	s := &scene{EBay: practicetest.NewEBay(t, o)}
	s.rec = s.Record()
	s.store = connect(t, s.EBay, pageSize, change)
	return s
}

// reopen opens the connector again, with the notes it left.
func (s *scene) reopen(t *testing.T) {
	t.Helper()
	kept := s.store.Notes
	s.store = connect(t, s.EBay, pageSize, func(d *channel.Deps, _ *channel.Settings) { d.Notes = kept })
}

// sent returns the requests with a method whose path, or the name of its call of the Trading API, contains part.
func (s *scene) sent(method, part string) (out []practicetest.Exchange) {
	for _, e := range s.rec.All() {
		if e.Method == method && strings.Contains(e.Path+" "+e.Header.Get("X-EBAY-API-CALL-NAME"), part) {
			out = append(out, e)
		}
	}
	return out
}

// push writes one number and returns its error.
func (s *scene) push(t *testing.T, ref channel.Ref, n int64) error {
	t.Helper()
	out, err := s.store.PushStock(t.Context(), []channel.StockLevel{{Listing: ref.Listing, Parent: ref.Parent, Available: n}})
	must(t, err)
	return out[0].Err
}

// everyCall makes the connector send everything it can send.
func (s *scene) everyCall(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	_, err := s.store.Check(ctx)
	must(t, err)
	_, err = s.store.StoreTime(ctx)
	must(t, err)
	s.World.Stock(practice.Catalogue(60, 1)) // with every oddity
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	red := s.AddListing(channeltest.Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 50})
	gone := s.AddListing(channeltest.Goods{SKU: "GONE", Title: "Gone", Quantity: 1})
	s.Remove(gone)
	orders := []string{s.Sell(channeltest.Units{Ref: mug, Quantity: 3}), s.Sell(channeltest.Units{Ref: red, Quantity: 1}),
		s.Sell(channeltest.Units{Ref: mug, Quantity: 2}), s.Sell(channeltest.Units{Ref: mug, Quantity: 2}), "17-00000-999999"}
	s.Ship(orders[0], 0, 1)
	s.Cancel(orders[2])
	s.Shop.Refund(orders[3], 0, 1, false)
	for _, err := range s.store.ListListings(ctx, nil) {
		must(t, err)
	}
	for _, err := range s.store.ListOrders(ctx, nil) {
		must(t, err)
	}
	for _, known := range [][]string{orders, {"987654321"}} {
		_, err = s.store.GetOrders(ctx, known)
		must(t, err)
	}
	_, err = s.store.ReadStock(ctx, []channel.Ref{mug, red, gone})
	must(t, err)
	must(t, s.push(t, mug, 7))
	must(t, s.push(t, mug, 0))
	must(t, s.push(t, red, 7))
	if err := s.push(t, gone, 7); !channel.IsKind(err, channel.Missing) {
		t.Errorf("a listing that is gone: %v", err)
	}
}

// specs are eBay's files and where their paths begin.
var specs = map[string]struct {
	base       string
	operations []string
}{
	"sell_inventory_v1":    {"/sell/inventory/v1", []string{"getInventoryItems", "getOffers", "bulkGetInventoryItem", "bulkUpdatePriceQuantity"}},
	"sell_fulfillment_v1":  {"/sell/fulfillment/v1", []string{"getOrders", "getOrder", "getShippingFulfillments"}},
	"commerce_identity_v1": {"/commerce/identity/v1", []string{"getUser"}},
}

// TestSpecification holds every request of the connector, and every answer of the practice account, against eBay's OpenAPI
// files. The token endpoint and the Trading API are in none.
func TestSpecification(t *testing.T) {
	for name, file := range specs {
		t.Run(name, func(t *testing.T) {
			spec := spectest.Open(t, "ebay/"+name+"_oas3.json", file.base)
			s := newScene(t, practicetest.EBayOptions{}, nil)
			s.Client = &http.Client{Transport: spec.Transport(s.rec)}
			s.store = connect(t, s.EBay, 3, nil)
			s.everyCall(t)
			others := []string{"POST /identity/v1/oauth2/token", "POST /ws/api.dll"}
			for other, f := range specs {
				if other != name {
					others = append(others, "GET "+f.base, "POST "+f.base)
				}
			}
			spec.Demand(file.operations, others)
		})
	}
}

// TestWireFields holds the names of the fields that are read against the files: a misspelt one reads as zero for ever.
func TestWireFields(t *testing.T) {
	knows := func(file, operation string, v any) {
		t.Helper()
		spectest.Open(t, "ebay/"+file+"_oas3.json", "").Knows(operation, http.StatusOK, v)
	}
	knows("sell_inventory_v1", "getInventoryItems", items{})
	knows("sell_inventory_v1", "getOffers", offers{})
	knows("sell_inventory_v1", "bulkGetInventoryItem", gotItems{})
	knows("sell_inventory_v1", "bulkUpdatePriceQuantity", results{})
	knows("sell_fulfillment_v1", "getOrders", found{})
	knows("sell_fulfillment_v1", "getOrder", order{})
	knows("sell_fulfillment_v1", "getShippingFulfillments", parcels{})
}
