package shopify

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// TestSearchWithoutNumbers: nothing is lost where a search takes no notice of the id that a page is to begin behind.
func TestSearchWithoutNumbers(t *testing.T) {
	shop, s, rec := scene(t, practicetest.ShopifyOptions{})
	id := regexp.MustCompile(` id:\\u003e\d+`)
	dropped := 0
	rec.Next = practicetest.Meddle{Next: rec.Next, Body: func(sent string) string {
		dropped += len(id.FindAllString(sent, -1))
		return id.ReplaceAllString(sent, "")
	}}
	var refs []channel.Ref
	var sold []string
	for i := range 14 {
		refs = append(refs, shop.AddListing(channeltest.Goods{SKU: fmt.Sprintf("S-%d", i), Title: "Goods", Quantity: 9}))
	}
	for _, ref := range refs {
		sold = append(sold, shop.Sell(channeltest.Units{Ref: ref, Quantity: 1}))
	}
	var listings, orders []string
	for page, err := range s.ListListings(t.Context(), nil) {
		must(t, err)
		for _, l := range page.Items {
			listings = append(listings, l.Ref)
		}
	}
	for page, err := range s.ListOrders(t.Context(), nil) {
		must(t, err)
		for _, o := range page.Items {
			orders = append(orders, o.Ref)
		}
	}
	for _, ref := range refs {
		if !slices.Contains(listings, ref.Listing) {
			t.Errorf("listing %s was skipped", ref.Listing)
		}
	}
	for _, ref := range sold {
		if !slices.Contains(orders, ref) {
			t.Errorf("order %s was skipped", ref)
		}
	}
	if dropped == 0 {
		t.Error("no page was asked for behind an id")
	}
}

// TestNoPrimaryLocation: where the shop names no primary location, the first of its own is meant.
func TestNoPrimaryLocation(t *testing.T) {
	shop, s, rec := scene(t, practicetest.ShopifyOptions{})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 9})
	rec.Instead = func(r *http.Request, sent string) *http.Response {
		if strings.Contains(sent, "query Primary") {
			return practicetest.Canned(r, 200, `{"data":{"location":null}}`)
		}
		return nil
	}
	got, err := s.ReadStock(t.Context(), []channel.Ref{mug})
	must(t, err)
	must(t, got[0].Err)
	if got[0].Quantity == nil || *got[0].Quantity != 9 {
		t.Errorf("%v", got[0].Quantity)
	}
}
