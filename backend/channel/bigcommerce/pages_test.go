package bigcommerce

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// TestPagesOfTheStore: nothing is lost in a store that deals out smaller pages than it is asked for, or takes no notice of where a
// list is to begin.
func TestPagesOfTheStore(t *testing.T) {
	small := func(q url.Values) { q.Set("limit", "7") }
	anew := func(q url.Values) { q.Del("min_id"); q.Del("id:greater") }
	for name, meddle := range map[string]func(url.Values){
		"smaller":          small,
		"from the start":   func(q url.Values) { anew(q); q.Set("limit", "12") },
		"without includes": func(q url.Values) { q.Del("consignment_structure"); small(q) },
	} {
		t.Run(name, func(t *testing.T) {
			o := practicetest.BigCommerceOptions{}
			o.Quota = 1000
			shop, s, rec := pair(t, o)
			rec.Next = practicetest.Meddle{Next: rec.Next, Query: meddle}
			s.pageSize, s.orders = 12, 12
			var refs []channel.Ref
			var sold []string
			for i := range 30 {
				refs = append(refs, shop.AddListing(channeltest.Goods{SKU: fmt.Sprintf("S-%d", i), Title: "Goods", Quantity: 50}))
			}
			for _, ref := range refs {
				sold = append(sold, shop.Sell(channeltest.Units{Ref: ref, Quantity: 2}))
			}
			listings := 0
			for page, err := range s.ListListings(t.Context(), nil) {
				must(t, err)
				listings += len(page.Items)
			}
			if listings < len(refs) {
				t.Errorf("%d listings of %d", listings, len(refs))
			}
			seen := map[string]int{}
			for page, err := range s.ListOrders(t.Context(), nil) {
				must(t, err)
				for _, o := range page.Items {
					seen[o.Ref] = len(o.Lines)
				}
			}
			for _, ref := range sold {
				if seen[ref] != 1 {
					t.Errorf("order %s was read with %d lines", ref, seen[ref])
				}
			}
			got, err := s.ReadStock(t.Context(), refs)
			must(t, err)
			for i, r := range got {
				if r.Err != nil || r.Quantity == nil || *r.Quantity != 48 {
					t.Errorf("listing %d reads %v, %v", i, r.Quantity, r.Err)
				}
			}
		})
	}
}

// TestKnownOrdersTogether: orders close to each other are read again in one call; one that is gone is found to be.
func TestKnownOrdersTogether(t *testing.T) {
	shop, s, rec := pair(t, practicetest.BigCommerceOptions{})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 500})
	var refs []string
	for range 40 {
		refs = append(refs, shop.Sell(channeltest.Units{Ref: mug, Quantity: 1}))
	}
	shop.Trash(refs[7])
	before := len(rec.Sent(http.MethodGet, "/v2/orders"))
	got, err := s.GetOrders(t.Context(), slices.Concat(refs, []string{"999999", "none"}))
	must(t, err)
	if calls := len(rec.Sent(http.MethodGet, "/v2/orders")) - before; calls > 6 {
		t.Errorf("%d calls for 40 orders", calls)
	}
	gone := []string{}
	for _, o := range got {
		if o.Gone {
			gone = append(gone, o.Ref)
		} else if len(o.Lines) != 1 {
			t.Errorf("order %s has %d lines", o.Ref, len(o.Lines))
		}
	}
	slices.Sort(gone)
	want := []string{"999999", "none", refs[7]}
	slices.Sort(want)
	if len(got) != 42 || !slices.Equal(gone, want) {
		t.Errorf("%d orders, gone %v, want 42 and %v", len(got), gone, want)
	}
}

// TestLooseNumbers: V2 writes most numbers as texts, and times in every way RFC 2822 has (bigcommerce.md, 3.3).
func TestLooseNumbers(t *testing.T) {
	shop, s, rec := pair(t, practicetest.BigCommerceOptions{})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 500})
	ref := shop.Sell(channeltest.Units{Ref: mug, Quantity: 3})
	rec.Change = func(res *http.Response) {
		practicetest.Rewrite(t, res, func(text string) string {
			text = strings.ReplaceAll(text, `"id":`+ref, `"id":"`+ref+`"`)
			return strings.ReplaceAll(strings.ReplaceAll(text, `"quantity":3`, `"quantity":"3"`), `+0000"`, `GMT"`)
		})
	}
	o := orderOf(t, s, ref)
	if o.Ref != ref || o.Updated.IsZero() || o.Lines[0].Ordered != 3 {
		t.Errorf("order %+v", o)
	}
}
