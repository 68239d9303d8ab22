package woocommerce

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
)

// stock fills a shop with n simple products and returns their refs.
func stock(shop *practicetest.WooCommerce, n int) []channel.Ref {
	refs := make([]channel.Ref, n)
	for i := range refs {
		refs[i] = shop.AddListing(channeltest.Goods{SKU: fmt.Sprintf("SKU-%d", i), Title: "Goods", Quantity: int64(i)})
	}
	return refs
}

// listed reads a list of listings to its end; between, which may be nil, is called after every page.
func listed(t *testing.T, s *Store, since channel.Cursor, between func(page int)) (refs []string, next channel.Cursor) {
	t.Helper()
	n := 0
	for page, err := range s.ListListings(t.Context(), since) {
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page.Items {
			refs = append(refs, l.Ref)
		}
		next = page.Next
		if n++; between != nil {
			between(n)
		}
	}
	return refs, next
}

// TestListsThatMove: goods deleted while the list is read move what follows up; nothing is skipped for that.
func TestListsThatMove(t *testing.T) {
	for name, remove := range map[string][]int{
		"one that was read":           {0},
		"the one read last":           {2},
		"a whole page that was read":  {0, 1, 2},
		"one that comes":              {4},
		"read ones and coming ones":   {1, 2, 3},
		"everything but the last one": {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
	} {
		t.Run(name, func(t *testing.T) {
			shop := practicetest.New(t, practicetest.Options{Direct: true})
			s, _ := connect(t, shop, 3, nil)
			refs := stock(shop, 12)
			got, _ := listed(t, s, nil, func(page int) {
				if page == 1 {
					for _, i := range remove {
						shop.Remove(refs[i])
					}
					shop.AddListing(channeltest.Goods{SKU: "NEW", Title: "New", Quantity: 1})
				}
			})
			for i, ref := range refs {
				if !slices.Contains(remove, i) && !slices.Contains(got, ref.Listing) {
					t.Errorf("listing %d was skipped", i)
				}
			}
		})
	}
}

// TestPagesAreNeverBeyondTheEnd: WooCommerce answers 200 and an empty list there (recording a05-products-beyond-last-page),
// which must not end a list that is not at its end.
func TestPagesBeyondTheEnd(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true})
	s, _ := connect(t, shop, 3, nil)
	refs := stock(shop, 9)
	at := cursor{V: cursorVersion, Place: place{Offset: 300, After: mustID(t, refs[4].Listing)}}
	got, _ := listed(t, s, at.encode(), nil)
	for i, ref := range refs[5:] {
		if !slices.Contains(got, ref.Listing) {
			t.Errorf("listing %d was skipped", 5+i)
		}
	}
}

func mustID(t *testing.T, ref string) int64 {
	t.Helper()
	id, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestGapThatStays: an item the shop counts and never sends stops the list a few times, then it is passed.
func TestGapThatStays(t *testing.T) {
	d, s := openDesk(t, nil)
	d.on("GET /products", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-WP-Total", "3")
		w.Write([]byte(`[{"id":1,"type":"simple"},{"id":3,"type":"simple"}]`))
	})
	read := func() (n int, err error) {
		for page, e := range s.ListListings(t.Context(), nil) {
			n, err = n+len(page.Items), e
		}
		return n, err
	}
	for range believed - 1 {
		_, err := read()
		wantCode(t, err, channel.Transient, channel.CodeBadAnswer)
	}
	if n, err := read(); n != 2 || err != nil {
		t.Errorf("%d listings, %v", n, err)
	}
}

// TestListWithoutTotals: a proxy may take the header away.
func TestListWithoutTotals(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true})
	inner := shop.Client.Transport
	shop.Client = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		resp, err := inner.RoundTrip(r)
		if err == nil {
			resp.Header.Del("X-WP-Total")
		}
		return resp, err
	})}
	for _, n := range []int{0, 2, 3, 6, 7} {
		s, _ := connect(t, shop, 3, nil)
		refs := stock(shop, n)
		got, _ := listed(t, s, nil, nil)
		for _, ref := range refs {
			if !slices.Contains(got, ref.Listing) {
				t.Errorf("of %d listings %s was skipped", n, ref.Listing)
			}
		}
		for _, ref := range refs {
			shop.Remove(ref)
		}
	}
}

// TestListThatGoesInCircles: a shop that ignores where to begin is an error, not an endless list or a short one.
func TestListThatGoesInCircles(t *testing.T) {
	d, s := openDesk(t, nil)
	s.pageSize = 2
	d.on("GET /products", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-WP-Total", "6")
		w.Write([]byte(`[{"id":1,"type":"simple"},{"id":2,"type":"simple"}]`))
	})
	var last error
	for _, err := range s.ListListings(t.Context(), nil) {
		last = err
	}
	wantCode(t, last, channel.Transient, channel.CodeBadAnswer)
}

// TestMarkIsNeverAheadOfTheList: a list that takes longer than the overlap is followed by one that begins where it began,
// whatever was met meanwhile, and dates in the future move nothing.
func TestMarkIsNeverAheadOfTheList(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true, Zone: time.FixedZone("Tokyo", 9*60*60)})
	s, _ := connect(t, shop, 3, nil)
	refs := stock(shop, 9)
	shop.World.Do(func(st *practice.State) { st.Item(mustID(t, refs[8].Listing)).Modified = st.Now().AddDate(1, 0, 0) })
	shop.Advance(time.Hour)
	_, since := listed(t, s, nil, func(page int) {
		if page == 1 {
			shop.SetQuantity(refs[0], 77)
		}
		shop.Advance(10 * time.Minute)
	})
	got, since := listed(t, s, since, nil)
	if !slices.Contains(got, refs[0].Listing) {
		t.Error("what changed behind the reader's back is not read again")
	}
	shop.Advance(time.Hour)
	shop.SetQuantity(refs[1], 78)
	shop.Advance(time.Second)
	if got, _ = listed(t, s, since, nil); !slices.Contains(got, refs[1].Listing) {
		t.Error("a change after a date in the future is not read")
	}
}

// TestIncrementalIsCheap: a minute's poll of a quiet shop is one call.
func TestIncrementalIsCheap(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true})
	s, _ := connect(t, shop, pageSize, nil)
	stock(shop, 150)
	red := shop.AddListing(channeltest.Goods{SKU: "R", Title: "Shirt", Variant: "Red", Quantity: 1})
	_, since := listed(t, s, nil, nil)
	_, orders := listedOrders(t, s, nil)
	shop.Advance(time.Hour)
	shop.SetQuantity(red, 5)
	shop.Advance(10 * time.Minute)
	_, since = listed(t, s, since, nil)
	before := shop.Calls(channeltest.AnyCall)
	shop.Advance(time.Minute)
	shop.World.Do(func(*practice.State) {})
	listed(t, s, since, nil)
	if n := shop.Calls(channeltest.AnyCall) - before; n > 2 { // the product changed last and its variations
		t.Errorf("%d calls for listings", n)
	}
	before = shop.Calls(channeltest.AnyCall)
	listedOrders(t, s, orders)
	if n := shop.Calls(channeltest.AnyCall) - before; n > 3 {
		t.Errorf("%d calls for orders", n)
	}
}

func listedOrders(t *testing.T, s *Store, since channel.Cursor) (orders map[string]channel.Order, next channel.Cursor) {
	t.Helper()
	orders = map[string]channel.Order{}
	for page, err := range s.ListOrders(t.Context(), since) {
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Items {
			orders[o.Ref] = o
		}
		next = page.Next
	}
	return orders, next
}

// TestDatesAreAsked: UTC without a Z, together with dates_are_gmt (woocommerce-observed.md, "Dates").
func TestDatesAreAsked(t *testing.T) {
	d, s := openDesk(t, nil)
	d.say("GET /products", 200, `[]`)
	at := cursor{V: cursorVersion, Since: stamp{time.Date(2026, 11, 23, 13, 5, 0, 0, time.UTC)}}
	for _, err := range s.ListListings(t.Context(), at.encode()) {
		if err != nil {
			t.Fatal(err)
		}
	}
	last := d.calls()[len(d.calls())-1]
	if !strings.Contains(last, "dates_are_gmt=true&modified_after=2026-11-23T13%3A00%3A00&") {
		t.Errorf("asked %s", last)
	}
}

// TestBigProducts: pages stay short however many variations a product has, and none is left out.
func TestBigProducts(t *testing.T) {
	for _, version := range []string{"11.0.1", "10.0.2"} {
		t.Run(version, func(t *testing.T) {
			shop := practicetest.New(t, practicetest.Options{Direct: true, Version: version})
			s, _ := connect(t, shop, 10, nil)
			want := map[string]bool{}
			for p := range 25 {
				parent := ""
				for v := range 12 + p {
					ref := shop.AddListing(channeltest.Goods{SKU: fmt.Sprintf("P%d-%d", p, v), Title: fmt.Sprintf("Shirt %d", p), Variant: fmt.Sprintf("V%d", v), Parent: parent, Quantity: 1})
					parent = ref.Parent
					want[ref.Listing] = true
				}
			}
			calls := shop.Calls(channeltest.AnyCall)
			for page, err := range s.ListListings(t.Context(), nil) {
				if err != nil {
					t.Fatal(err)
				}
				for _, l := range page.Items {
					delete(want, l.Ref)
				}
				now := shop.Calls(channeltest.AnyCall)
				if most := sideCalls + 5; now-calls > most { // the page itself, and the first question for the route
					t.Errorf("%d calls for one page", now-calls)
				}
				calls = now
			}
			if len(want) != 0 {
				t.Errorf("%d variations are missing", len(want))
			}
		})
	}
}

// TestSharedStock is the table of who holds the number of a variable product (woocommerce.md, "Decisions").
func TestSharedStock(t *testing.T) {
	for _, version := range []string{"11.0.1", "9.4.2"} {
		shop := practicetest.New(t, practicetest.Options{Direct: true, Version: version})
		s, _ := connect(t, shop, 3, nil)
		var parent, shared, alone, unnamed, counted string
		shop.World.Do(func(st *practice.State) {
			p := st.Add(practice.Item{Kind: practice.Parent, Name: "Tee", SKU: "TEE", Counted: true, Quantity: new(int64(8))})
			add := func(sku, option string, number *int64) string {
				it := st.Add(practice.Item{Kind: practice.Variant, Parent: p.ID, Name: "Tee", SKU: sku,
					Options: []practice.Option{{Name: "Size", Value: option}}, Counted: number != nil, Quantity: number})
				return formatID(it.ID)
			}
			parent, shared, unnamed = formatID(p.ID), add("TEE-S", "S", nil), add("", "M", nil)
			counted, alone = add("TEE-L", "L", new(int64(3))), add("", "XL", new(int64(4)))
		})
		got := map[string]channel.Listing{}
		for page, err := range s.ListListings(t.Context(), nil) {
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range page.Items {
				got[l.Ref] = l
			}
		}
		if l := got[parent]; l.SKU != "TEE" || l.Parent != "" || !l.Tracked || l.Shared || *l.Quantity != 8 {
			t.Errorf("%s: the parent that counts for its variations is %+v", version, l)
		}
		if l := got[shared]; l.SKU != "TEE-S" || !l.Shared || l.Tracked || l.Quantity != nil {
			t.Errorf("%s: a variation with a SKU on its parent's number is %+v", version, l)
		}
		if l, ok := got[unnamed]; ok {
			t.Errorf("%s: a variation without a SKU on its parent's number is %+v", version, l)
		}
		if l := got[counted]; l.SKU != "TEE-L" || l.Shared || *l.Quantity != 3 || l.Parent != parent || l.Variant != "L" {
			t.Errorf("%s: a variation that counts is %+v", version, l)
		}
		if l := got[alone]; l.SKU != "" || l.Shared || *l.Quantity != 4 {
			t.Errorf("%s: a variation without a SKU of its own is %+v", version, l)
		}
		if want := 4; len(got) != want {
			t.Errorf("%s: %d listings, want %d", version, len(got), want)
		}
		readings, err := s.ReadStock(t.Context(), []channel.Ref{{Listing: parent}, {Listing: shared, Parent: parent}, {Listing: counted, Parent: parent}})
		if err != nil || *readings[0].Quantity != 8 || readings[1].Quantity != nil || *readings[2].Quantity != 3 {
			t.Errorf("%s: readings %+v, %v", version, readings, err)
		}
	}
}

// TestKindsOfProducts: what holds no stock of its own is no listing.
func TestKindsOfProducts(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true})
	s, _ := connect(t, shop, 3, nil)
	shop.World.Do(func(st *practice.State) {
		st.Add(practice.Item{Kind: practice.Grouped, Name: "Set"})
		st.Add(practice.Item{Kind: practice.Extern, Name: "Elsewhere", SKU: "X"})
		st.Add(practice.Item{Kind: practice.Parent, Name: "No variations yet", SKU: "N"})
		st.Add(practice.Item{Kind: "subscription", Name: "Box", SKU: "BOX"})
		st.Add(practice.Item{Kind: practice.Simple, Name: "Hidden", SKU: "H", Status: practice.Private})
		st.Trash(st.Add(practice.Item{Kind: practice.Simple, Name: "Gone", SKU: "G"}))
	})
	var got []string
	for page, err := range s.ListListings(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page.Items {
			got = append(got, fmt.Sprintf("%s %s", l.SKU, l.Status))
		}
	}
	if want := []string{"BOX active", "H draft"}; !slices.Equal(got, want) {
		t.Errorf("listings %q, want %q", got, want)
	}
}

// TestUncachedReads: what rests on fresh numbers asks past caches, each time by another address (woocommerce.md, 4.2).
func TestUncachedReads(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true})
	var asked []string
	inner := shop.Client.Transport
	shop.Client = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.URL.Query().Get("include") != "" {
			asked = append(asked, r.URL.Query().Get("_skip_cache")+" "+r.URL.Query().Get("_"))
		}
		return inner.RoundTrip(r)
	})}
	s, _ := connect(t, shop, 3, nil)
	refs := stock(shop, 1)
	for range 3 {
		if _, err := s.ReadStock(t.Context(), refs); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(asked)
	if len(slices.Compact(asked)) != 3 || !strings.HasPrefix(asked[0], "1 ") {
		t.Errorf("asked %q", asked)
	}
}

// withoutOffset is a shop behind something that drops the parameter offset.
type withoutOffset struct{ next http.RoundTripper }

func (w withoutOffset) RoundTrip(r *http.Request) (*http.Response, error) {
	q := r.URL.Query()
	q.Del("offset")
	r = r.Clone(r.Context())
	r.URL.RawQuery = q.Encode()
	return w.next.RoundTrip(r)
}

// TestShopThatKnowsPagesOnly: where an offset comes to nothing the list is read by page number, however long it is and
// also when goods are deleted meanwhile.
func TestShopThatKnowsPagesOnly(t *testing.T) {
	for size := 1; size <= 13; size++ {
		for _, remove := range [][]int{nil, {0}, {2}, {0, 1, 2}} {
			t.Run(fmt.Sprintf("%d goods, %d removed", size, len(remove)), func(t *testing.T) {
				shop := practicetest.New(t, practicetest.Options{Direct: true, TLS: true})
				shop.Client.Transport = withoutOffset{shop.Client.Transport}
				s, _ := connect(t, shop, 3, nil)
				refs := stock(shop, size)
				got, _ := listed(t, s, nil, func(page int) {
					for _, i := range remove {
						if page == 1 && i < size {
							shop.Remove(refs[i])
						}
					}
				})
				for i, ref := range refs {
					if !slices.Contains(remove, i) && !slices.Contains(got, ref.Listing) {
						t.Errorf("listing %d was skipped: %q", i, got)
					}
				}
			})
		}
	}
}
