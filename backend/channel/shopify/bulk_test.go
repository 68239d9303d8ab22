package shopify

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
	face "evenstock/backend/practice/shopify"
)

// TestLargeShopsComeAsAFile: beyond a number of variants the rest is read by a bulk operation, which is waited for, survives
// a restart, and falls back to pages where Shopify carries none out (shopify.md, 2.2).
func TestLargeShopsComeAsAFile(t *testing.T) {
	const most, rows = 209, 100
	for name, c := range map[string]struct {
		options face.Options
		restart bool
		waits   int
		pages   int // of the list, besides the file
	}{
		"a file":                  {face.Options{BulkTime: 40 * time.Second}, false, 3, 2},
		"a file, after a restart": {face.Options{BulkTime: 40 * time.Second}, true, 3, 2},
		"none is begun":           {face.Options{NoBulk: true}, false, 0, 11},
		"it fails":                {face.Options{BulkFails: true}, false, 1, 11},
	} {
		t.Run(name, func(t *testing.T) {
			shop, s, rec := scene(t, practicetest.ShopifyOptions{Options: c.options})
			want := map[string]bool{}
			for i := range most {
				want[shop.AddListing(channeltest.Goods{SKU: fmt.Sprint("S", i), Title: "Pot", Variant: fmt.Sprint(i), Quantity: 9}).Listing] = true
			}
			waits := 0
			var at channel.Cursor
			for done := false; !done; {
				s.pageSize, s.bulkAfter, s.bulkRows = 20, 40, rows
				for page, err := range s.ListListings(t.Context(), at) {
					must(t, err)
					for _, l := range page.Items {
						if delete(want, l.Ref); l.Title != "Pot" || *l.Quantity != 9 || l.Status != channel.Active {
							t.Fatalf("listed %+v", l)
						}
					}
					at = page.Next
					if len(page.Items) > rows {
						t.Errorf("a page of %d", len(page.Items))
					}
					if done = page.Wait.IsZero() && !c.restart; !done {
						if !page.Wait.IsZero() {
							waits++
							shop.Advance(page.Wait.Sub(shop.Now()))
						}
						break
					}
				}
				if c.restart {
					s = connect(t, shop, 20, nil)
					done = decode(at, 4).Since != 0
				}
			}
			if len(want) != 0 || waits != c.waits {
				t.Errorf("%d listings were not read, %d waits, want %d", len(want), waits, c.waits)
			}
			if n := len(rec.with("query Variants")); n != c.pages {
				t.Errorf("%d pages of the list, want %d", n, c.pages)
			}
			if n := len(rec.with("/bulk/")); !c.restart && n > 1 {
				t.Errorf("the file was read %d times", n)
			}
			changed := 0
			readAll(t, s.ListListings(t.Context(), at), func(channel.Listing) { changed++ })
			if changed == 0 {
				t.Error("what changed since is not asked for with some overlap")
			}
		})
	}
}

// TestABrokenFileIsNotTheEnd: half a line is an error, and the reading goes on from where it was.
func TestABrokenFileIsNotTheEnd(t *testing.T) {
	shop, s, rec := scene(t, practicetest.ShopifyOptions{})
	for i := range 6 {
		shop.AddListing(channeltest.Goods{SKU: fmt.Sprint("S", i), Title: fmt.Sprint("Pot ", i), Quantity: 9})
	}
	s.bulkAfter = 3
	var at channel.Cursor
	read := func() (n int, err error) {
		for page, err := range s.ListListings(t.Context(), at) {
			if err != nil {
				return n, err
			}
			at, n = page.Next, n+len(page.Items)
		}
		return n, nil
	}
	if n, err := read(); n != 3 || err != nil {
		t.Fatalf("%d listings, %v", n, err)
	}
	before := rec.Instead
	rec.Instead = func(r *http.Request, _ string) *http.Response {
		if strings.HasPrefix(r.URL.Path, "/bulk/") {
			return practicetest.Canned(r, 200, `{"id":"gid://shopify/ProductVariant/4`)
		}
		return nil
	}
	_, err := read()
	says(t, err, channel.Transient, "bad_answer")
	rec.Instead = before
	if n, err := read(); n != 3 || err != nil {
		t.Errorf("%d listings, %v", n, err)
	}
}
