package channeltest

import (
	"fmt"
	"runtime"
	"strings"

	"evenstock/backend/channel"
)

var listingRules = []rule{
	{"account: the same shop has the same id", nil, checkAccount},
	{"capabilities: the same every time", nil, checkCapabilities},
	{"clock: the store's time is the shop's", nil, checkStoreTime},
	{"listings: complete and as the shop has them", nil, checkListings},
	{"listings: resumed after every page", nil, checkListingResume},
	{"listings: one that changes while the list is read is not missed", nil, checkListingChange},
	{"listings: a change is seen from the cursor on", nil, checkListingIncremental},
	{"listings: one that is gone is not listed", []Ability{Removal}, checkListingGone},
	{"listings: a cursor nobody can read asks for everything", nil, checkListingBadCursor},
	{"listings: the shop's announcement is right", []Ability{Alone}, checkListingTotal},
	{"listings: thousands within the memory of a small computer", []Ability{Crowds}, checkListingCrowd},
}

func checkAccount(s *scene) {
	first, err := s.store.Check(s.t.Context())
	s.must(err)
	second, err := s.store.Check(s.t.Context())
	s.must(err)
	if first.ID == "" || first.ID != second.ID || first.Name == "" {
		s.t.Errorf("accounts of one shop: %+v and %+v", first, second)
	}
	if s.shop.Written() != 0 {
		s.t.Error("checking the connection wrote to the shop")
	}
	if n := s.shop.Calls(ListOrders) + s.shop.Calls(GetOrders); n != 0 {
		s.t.Errorf("checking the connection made %d calls about orders, which are not read while sync is off (product.md, O1)", n)
	}
}

func checkCapabilities(s *scene) {
	before := s.shop.Calls(AnyCall)
	a, b := s.store.Capabilities(), s.store.Capabilities()
	if fmt.Sprintf("%+v", a) != fmt.Sprintf("%+v", b) {
		s.t.Errorf("capabilities changed: %+v, then %+v", a, b)
	}
	if s.shop.Calls(AnyCall) != before {
		s.t.Error("capabilities asked the shop")
	}
	if a.PushBatch < 1 || a.ReadBatch < 1 || a.OrderFreshness <= 0 || a.ListingEvery <= 0 {
		s.t.Errorf("capabilities without a limit: %+v", a)
	}
}

func checkStoreTime(s *scene) {
	clock, ok := s.store.(channel.Clock)
	if !ok {
		s.t.Skip("the connector cannot tell the store's time")
	}
	got, err := clock.StoreTime(s.t.Context())
	s.must(err)
	if d := got.Sub(s.shop.Now()).Abs(); d > 2*second {
		s.t.Errorf("the store's time is %v, the shop's %v", got, s.shop.Now())
	}
}

// onOffer is goods on sale and what the list has to say about them.
type onOffer struct {
	name  string
	needs Ability
	goods Goods
	want  channel.Listing
}

var offers = []onOffer{
	{"simple", "", Goods{SKU: "MUG", Title: "Mug", Quantity: 7}, channel.Listing{SKU: "MUG", Title: "Mug", Quantity: new(int64(7))}},
	{"first variant", "", Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 3},
		channel.Listing{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: new(int64(3))}},
	{"second variant", "", Goods{SKU: "SHIRT-B", Title: "Shirt", Variant: "Blue", Quantity: 4},
		channel.Listing{SKU: "SHIRT-B", Title: "Shirt", Variant: "Blue", Quantity: new(int64(4))}},
	{"without a SKU", NoSKU, Goods{Title: "Loose thing", Quantity: 1}, channel.Listing{Title: "Loose thing", Quantity: new(int64(1))}},
	{"not counted", Uncounted, Goods{SKU: "EBOOK", Title: "Book", Untracked: true}, channel.Listing{SKU: "EBOOK", Title: "Book"}},
	{"draft", Drafts, Goods{SKU: "SOON", Title: "Soon", Quantity: 5, Draft: true},
		channel.Listing{SKU: "SOON", Title: "Soon", Status: channel.Draft, Quantity: new(int64(5))}},
	{"spaces in a SKU", "", Goods{SKU: "A B/ü", Title: "Größe & 50 %", Quantity: 2},
		channel.Listing{SKU: "A B/ü", Title: "Größe & 50 %", Quantity: new(int64(2))}},
	{"below zero", BelowZero, Goods{SKU: "EMPTY", Title: "Empty", Quantity: -2}, channel.Listing{SKU: "EMPTY", Title: "Empty", Quantity: new(int64(-2))}},
	{"more than 32 bit", Huge, Goods{SKU: "SAND", Title: "Sand", Quantity: 1_000_000_000_000},
		channel.Listing{SKU: "SAND", Title: "Sand", Quantity: new(int64(1_000_000_000_000))}},
}

func checkListings(s *scene) {
	refs := map[string]channel.Ref{}
	parent := ""
	for _, o := range offers {
		if o.needs != "" && !s.can(o.needs) {
			continue
		}
		g := o.goods
		if g.Variant != "" {
			g.Parent = parent
		}
		below := min(g.Quantity, 0)
		g.Quantity -= below
		ref := s.shop.AddListing(g)
		if below != 0 {
			s.shop.SetQuantity(ref, below)
		}
		if g.Variant != "" {
			parent = ref.Parent
		}
		refs[o.name] = ref
	}
	got, _ := s.listings(nil)
	for _, o := range offers {
		ref, ok := refs[o.name]
		if !ok {
			continue
		}
		w := o.want
		w.Ref, w.Parent, w.Tracked = ref.Listing, ref.Parent, w.Quantity != nil
		if w.Status == "" {
			w.Status = channel.Active
		}
		if l := got[w.Ref]; w.Variant != "" && !s.can(Families) && strings.Contains(l.Title, w.Title) && strings.Contains(l.Title, w.Variant) {
			w.Title, w.Variant = l.Title, ""
		}
		compareListing(s, o.name, got[w.Ref], w)
	}
}

func compareListing(s *scene, name string, got, want channel.Listing) {
	s.t.Helper()
	if got.Updated.IsZero() {
		s.t.Errorf("%s: no time of change", name)
	}
	g, w := show(got.Quantity), show(want.Quantity)
	got.Updated, got.Barcode, got.Image, got.Quantity, want.Quantity = want.Updated, "", "", nil, nil
	if got != want || g != w {
		s.t.Errorf("%s: got %+v holding %s, want %+v holding %s", name, got, g, want, w)
	}
}

func show(n *int64) string {
	if n == nil {
		return "nothing counted"
	}
	return fmt.Sprint(*n)
}

func listingRef(l channel.Listing) string { return l.Ref }

func checkListingResume(s *scene) {
	refs := s.stock(10)
	got, _ := collectSlowly(s, s.store.ListListings, nil, listingRef, nil)
	for _, ref := range refs {
		if _, ok := got[ref.Listing]; !ok {
			s.t.Errorf("listing %s is missing", ref.Listing)
		}
	}
}

func checkListingChange(s *scene) {
	refs := s.stock(10)
	s.tick()
	var since channel.Cursor
	got := map[string]channel.Listing{}
	changed := false
	for page, err := range s.store.ListListings(s.t.Context(), nil) {
		s.must(err)
		for _, l := range page.Items {
			got[l.Ref] = l
		}
		since = page.Next
		if !changed {
			changed = true
			s.shop.SetQuantity(refs[0], 99)
			s.shop.SetQuantity(refs[9], 98)
		}
	}
	s.tick()
	later, _ := s.listings(since)
	for ref, l := range later {
		got[ref] = l
	}
	for ref, want := range map[channel.Ref]string{refs[0]: "99", refs[9]: "98"} {
		if n := show(got[ref.Listing].Quantity); n != want {
			s.t.Errorf("listing %s holds %s after the next reading, want %s", ref.Listing, n, want)
		}
	}
}

func checkListingIncremental(s *scene) {
	refs := s.stock(5)
	red := s.shop.AddListing(Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 3})
	s.tick()
	_, since := s.listings(nil)
	s.tick()
	if s.can(Renaming) {
		s.shop.SetSKU(refs[3], "RENAMED")
	}
	if s.can(Drafts) {
		s.shop.SetStatus(refs[1], channel.Draft)
	}
	s.shop.SetQuantity(red, 30)
	s.tick()
	added := s.shop.AddListing(Goods{SKU: "NEW", Title: "New", Quantity: 1})
	s.tick()
	got, _ := s.listings(since)
	if sku := got[refs[3].Listing].SKU; s.can(Renaming) && sku != "RENAMED" {
		s.t.Errorf("the renamed listing has SKU %q", sku)
	}
	if st := got[refs[1].Listing].Status; s.can(Drafts) && st != channel.Draft {
		s.t.Errorf("the listing taken off sale has status %q", st)
	}
	if n := show(got[red.Listing].Quantity); n != "30" {
		s.t.Errorf("the changed variant holds %s, want 30", n)
	}
	if got[added.Listing].SKU != "NEW" {
		s.t.Error("the new listing is missing")
	}
}

func checkListingGone(s *scene) {
	refs := s.stock(5)
	s.shop.Remove(refs[2])
	got, _ := s.listings(nil)
	if _, ok := got[refs[2].Listing]; ok {
		s.t.Error("a removed listing is still listed")
	}
	readings, err := s.store.ReadStock(s.t.Context(), refs)
	s.must(err)
	for i, r := range readings {
		if i == 2 {
			s.kind(r.Err, channel.Missing)
		} else {
			s.must(r.Err)
		}
	}
}

func checkListingBadCursor(s *scene) {
	refs := s.stock(5)
	got, _ := s.listings(channel.Cursor("not a cursor"))
	for _, ref := range refs {
		if _, ok := got[ref.Listing]; !ok {
			s.t.Errorf("listing %s is missing", ref.Listing)
		}
	}
}

func checkListingTotal(s *scene) {
	s.stock(7)
	for page, err := range s.store.ListListings(s.t.Context(), nil) {
		s.must(err)
		if page.Total != 0 && page.Total != 7 {
			s.t.Errorf("announced %d listings of 7", page.Total)
		}
	}
}

// crowd is the number of listings of the largest shop.
const crowd = 10_000

// crowdMemory is what reading a list may leave on the heap at any page, whatever its length.
const crowdMemory = 64 << 20

func checkListingCrowd(s *scene) {
	for i := range crowd {
		s.shop.AddListing(Goods{SKU: fmt.Sprintf("SKU-%d", i), Title: "Goods", Quantity: 1})
	}
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n, pages := 0, 0
	for page, err := range s.store.ListListings(s.t.Context(), nil) {
		s.must(err)
		n += len(page.Items)
		if pages++; pages%20 != 0 {
			continue
		}
		runtime.GC()
		if runtime.ReadMemStats(&now); now.HeapAlloc > before.HeapAlloc+crowdMemory {
			s.t.Fatalf("%d MB on the heap after %d listings", (now.HeapAlloc-before.HeapAlloc)>>20, n)
		}
	}
	if n < crowd {
		s.t.Errorf("%d listings of %d", n, crowd)
	}
}
