package ebay

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	face "evenstock/backend/practice/ebay"
	"evenstock/backend/practice/practicetest"
)

var canaries = face.Canaries

// many puts so many listings on sale.
func (s *scene) many(n int) (refs []channel.Ref) {
	for i := range n {
		refs = append(refs, s.AddListing(channeltest.Goods{SKU: fmt.Sprintf("SKU-%d", i), Title: "Goods", Quantity: 5}))
	}
	return refs
}

// pushAll writes one number to all and fails unless all take it.
func (s *scene) pushAll(t *testing.T, refs []channel.Ref, n int64) {
	t.Helper()
	batch := make([]channel.StockLevel, len(refs))
	for i, ref := range refs {
		batch[i] = channel.StockLevel{Listing: ref.Listing, Parent: ref.Parent, Available: n}
	}
	out, err := s.store.PushStock(t.Context(), batch)
	must(t, err)
	for i, r := range out {
		must(t, r.Err)
		if got := s.Quantity(refs[i]); got != n {
			t.Fatalf("listing %d shows %d, want %d", i, got, n)
		}
	}
}

const bulkPath = "/bulk_update_price_quantity"

// TestBothNumbers: customers see the lower of the item's and the offer's number, so both are read and both are written; a price
// is never sent (ebay.md, 4.4).
func TestBothNumbers(t *testing.T) {
	s := newScene(t, practicetest.EBayOptions{}, nil)
	refs := s.many(2)
	for i, spare := range [][2]int64{{7, 0}, {0, 7}} {
		s.item(t, refs[i], func(it *practice.Item) { s.Face.Spread(it.ID, spare[0], spare[1]) })
	}
	got, err := s.store.ReadStock(t.Context(), refs)
	must(t, err)
	for i, r := range got {
		if r.Err != nil || *r.Quantity != 5 {
			t.Errorf("listing %d reads %+v, want the lower number, 5", i, r)
		}
	}
	s.pushAll(t, refs, 20)
	for _, e := range s.sent(http.MethodPost, bulkPath) {
		if strings.Count(e.Sent, `"quantity":20`) != 2 || strings.Count(e.Sent, `"availableQuantity":20`) != 2 || strings.Contains(e.Sent, "price") {
			t.Errorf("sent %s", e.Sent)
		}
	}
}

// item runs fn on what stands behind a listing.
func (s *scene) item(t *testing.T, ref channel.Ref, fn func(*practice.Item)) {
	t.Helper()
	s.World.Do(func(st *practice.State) {
		_, sku := splitRef(ref.Listing)
		fn(st.BySKU(sku)[0])
	})
}

// TestBatches: 25 SKUs go in one bulk update, four legacy listings in one ReviseInventoryStatus (ebay.md, 4.4).
func TestBatches(t *testing.T) {
	s := newScene(t, practicetest.EBayOptions{}, nil)
	s.pushAll(t, s.many(25), 9)
	if n := len(s.sent(http.MethodPost, bulkPath)); n != 1 {
		t.Errorf("%d bulk updates for 25 listings, want 1", n)
	}
	s = newScene(t, practicetest.EBayOptions{World: practicetest.TradingWorld}, nil)
	s.pushAll(t, s.many(25), 9)
	calls := s.sent(http.MethodPost, "ReviseInventoryStatus")
	if len(calls) != 7 {
		t.Errorf("%d revisions for 25 listings, want 7", len(calls))
	}
	for _, e := range calls {
		if n := strings.Count(e.Sent, "<ItemID>"); n > 4 {
			t.Errorf("%d listings in one revision", n)
		}
	}
}

// TestOneAtATime: where a bulk update takes one SKU only, as one of eBay's documents has it, one is sent at a time from then on
// (ebay.md, 4.4).
func TestOneAtATime(t *testing.T) {
	o := practicetest.EBayOptions{}
	o.Single = true
	s := newScene(t, o, nil)
	refs := s.many(4)
	s.pushAll(t, refs, 9)
	before := len(s.sent(http.MethodPost, bulkPath))
	s.pushAll(t, refs, 8)
	if n := len(s.sent(http.MethodPost, bulkPath)) - before; before != 5 || n != 4 {
		t.Errorf("%d calls, then %d; want 5 and 4", before, n)
	}
}

// TestOneBadOfMany: one that eBay refuses keeps no other from being written, in either world.
func TestOneBadOfMany(t *testing.T) {
	for _, world := range []practicetest.EBayWorld{practicetest.InventoryWorld, practicetest.TradingWorld} {
		s := newScene(t, practicetest.EBayOptions{World: world}, nil)
		refs := s.many(3)
		s.pushAll(t, refs, 9) // where they are kept is known from here on
		s.Remove(refs[1])
		batch := make([]channel.StockLevel, len(refs))
		for i, ref := range refs {
			batch[i] = channel.StockLevel{Listing: ref.Listing, Available: 4}
		}
		out, err := s.store.PushStock(t.Context(), batch)
		must(t, err)
		if !channel.IsKind(out[1].Err, channel.Missing) || out[0].Err != nil || out[2].Err != nil || s.Quantity(refs[0]) != 4 || s.Quantity(refs[2]) != 4 {
			t.Errorf("%q: %+v", world, out)
		}
	}
}

// TestTwoWorlds: a listing is written where it is kept, is never moved, and is looked for anew where the seller moved it himself
// (ebay.md, 4.1).
func TestTwoWorlds(t *testing.T) {
	old := map[string]bool{"OLD": true}
	o := practicetest.EBayOptions{}
	o.Legacy = func(it *practice.Item) bool { return old[it.SKU] }
	s := newScene(t, o, nil)
	refs := []channel.Ref{s.AddListing(channeltest.Goods{SKU: "NEW", Title: "New", Quantity: 5}), s.AddListing(channeltest.Goods{SKU: "OLD", Title: "Old", Quantity: 5})}
	s.pushAll(t, refs, 9)
	if bulk := s.sent(http.MethodPost, bulkPath); len(bulk) != 1 || !strings.Contains(bulk[0].Sent, "NEW") || strings.Contains(bulk[0].Sent, "OLD") {
		t.Errorf("bulk updates %+v", bulk)
	}
	if n := len(s.sent(http.MethodPost, "ReviseInventoryStatus")); n != 1 {
		t.Errorf("%d revisions of legacy listings, want 1", n)
	}
	seen := map[string]int{}
	for page, err := range s.store.ListListings(t.Context(), nil) {
		must(t, err)
		for _, l := range page.Items {
			seen[l.Ref]++
		}
	}
	if len(seen) != 2 || seen[refs[0].Listing] == 0 || seen[refs[1].Listing] == 0 {
		t.Errorf("listed %v, want each under one ref", seen)
	}
	delete(old, "OLD") // the seller moved it
	if err := s.push(t, refs[1], 3); !channel.IsKind(err, channel.Invalid) {
		t.Errorf("a listing that was moved: %v", err)
	}
	s.pushAll(t, refs[1:], 3)
	for _, e := range s.rec.All() {
		if strings.Contains(e.Path, "migrate") {
			t.Error("a listing was moved")
		}
	}
}

// TestRevisions: a listing can be changed 250 times a day, all variants together; above 200 only lower numbers are sent. The
// count outlives a restart and begins anew at midnight in California (ebay.md, rate limits).
func TestRevisions(t *testing.T) {
	for _, world := range []practicetest.EBayWorld{practicetest.InventoryWorld, practicetest.TradingWorld} {
		s := newScene(t, practicetest.EBayOptions{World: world}, nil)
		red := s.AddListing(channeltest.Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 5})
		blue := s.AddListing(channeltest.Goods{SKU: "SHIRT-B", Title: "Shirt", Variant: "Blue", Parent: red.Parent, Quantity: 5})
		other := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
		for i := range 100 {
			must(t, s.push(t, red, int64(500+i)))
			must(t, s.push(t, blue, int64(500+i)))
		}
		s.reopen(t)
		says(t, s.push(t, red, 900), channel.Invalid, "only lower")
		says(t, s.push(t, blue, 900), channel.Invalid, "only lower")
		must(t, s.push(t, other, 900))
		for i := range 50 {
			must(t, s.push(t, red, int64(400-i)))
		}
		s.reopen(t)
		says(t, s.push(t, red, 1), channel.Invalid, "tomorrow")
		for _, e := range s.rec.All() {
			if strings.Contains(string(e.Answer), "limit of revisions") || strings.Contains(string(e.Answer), "21919165") {
				t.Fatal("eBay had to refuse a revision")
			}
		}
		s.Advance(24 * time.Hour)
		must(t, s.push(t, red, 900))
	}
}

// TestRevisionsFitTheirNote: of more listings than a note has room for, those changed most are kept.
func TestRevisionsFitTheirNote(t *testing.T) {
	s := newScene(t, practicetest.EBayOptions{}, nil)
	r := s.store.revisions
	for i := range 20_000 {
		if err := r.take(fmt.Sprintf("1%011d", i), false); err != nil {
			t.Fatal(err)
		}
	}
	for range 199 {
		must(t, r.take("100000000007", false))
	}
	must(t, r.save())
	note, err := s.store.Notes.Read(noteRevisions)
	must(t, err)
	if n := len(note); n == 0 || n > channel.NoteLimit {
		t.Errorf("a note of %d bytes", n)
	}
	s.reopen(t)
	if !s.store.revisions.scarce("100000000007") {
		t.Error("the listing changed most is forgotten")
	}
}

// TestZero: without Out-of-stock control eBay takes no single listing to zero, so none is sent; a variant may be. The control is
// turned on only where the seller chose so (ebay.md, 4.4).
func TestZero(t *testing.T) {
	for _, world := range []practicetest.EBayWorld{practicetest.InventoryWorld, practicetest.TradingWorld} {
		o := practicetest.EBayOptions{World: world}
		o.NoControl = true
		s := newScene(t, o, nil)
		mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
		red := s.AddListing(channeltest.Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 5})
		says(t, s.push(t, mug, 0), channel.Invalid, "Out-of-stock control")
		if s.Written() != 0 {
			t.Error("the zero was sent")
		}
		must(t, s.push(t, red, 0))
		must(t, s.push(t, mug, 1))
		a, err := s.store.Check(t.Context())
		must(t, err)
		if len(a.Warnings) != 1 || !strings.Contains(a.Warnings[0], "Out-of-stock control is off") {
			t.Errorf("warnings %q", a.Warnings)
		}
		if n := len(s.sent(http.MethodPost, "SetUserPreferences")); n != 0 {
			t.Error("the control was turned on without being asked")
		}
		s.store = connect(t, s.EBay, pageSize, func(_ *channel.Deps, settings *channel.Settings) { settings.Fields[fieldControl] = controlTurnOn })
		must(t, s.push(t, mug, 0))
		if n := len(s.sent(http.MethodPost, "SetUserPreferences")); n != 1 || s.Quantity(mug) != 0 {
			t.Errorf("turned on %d times, eBay shows %d", n, s.Quantity(mug))
		}
	}
}

// TestUnpaid: an order that is not paid is booked as soon as there is a commitment to buy, since eBay has lowered its number
// (ebay.md, 4.3).
func TestUnpaid(t *testing.T) {
	s := newScene(t, practicetest.EBayOptions{}, nil)
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 10})
	ref := s.Sell(channeltest.Units{Ref: mug, Quantity: 3})
	for _, stage := range []practice.Stage{practice.Waiting, practice.Failed} {
		s.World.Do(func(st *practice.State) { st.SetStage(st.Orders()[0], stage) })
		got, err := s.store.GetOrders(t.Context(), []string{ref})
		must(t, err)
		if l := got[0].Lines[0]; got[0].Ignored || l.Ordered != 3 || l.Released != 0 || l.Held != 3 || got[0].Notice != "" {
			t.Errorf("%s: %+v", stage, got[0])
		}
	}
}

// TestReviewItems: what eBay does not say in units is for a person to look at (channels/README.md, booking table).
func TestReviewItems(t *testing.T) {
	for name, c := range map[string]struct {
		fulfilment, payment, cancel, program string
		sent                                 int64
		notice                               string
		released, gone                       int64
	}{
		"paid":                       {fulfilment: "NOT_STARTED", payment: "PAID"},
		"refunded in part":           {fulfilment: "NOT_STARTED", payment: refundedPart, notice: noticeRefund},
		"refunded, not cancelled":    {fulfilment: statusDone, payment: refundedWhole, notice: noticeRefund, gone: 4},
		"cancelled and refunded":     {fulfilment: "NOT_STARTED", payment: refundedWhole, cancel: cancelled, released: 4},
		"cancelled after it left":    {fulfilment: statusDone, payment: refundedWhole, cancel: cancelled, notice: noticeShipped, gone: 4},
		"cancelled after a part":     {fulfilment: statusBegun, payment: "PAID", cancel: cancelled, sent: 1, notice: noticeShipped, released: 3, gone: 1},
		"a cancellation asked for":   {fulfilment: "NOT_STARTED", payment: "PAID", cancel: "IN_PROGRESS"},
		"eBay sends it and refunded": {fulfilment: statusDone, payment: refundedWhole, program: byEBay, gone: 4},
	} {
		o := order{Fulfilment: c.fulfilment, Payment: c.payment, Items: []orderItem{{ID: "1", Listing: "2", Quantity: 4}}}
		o.Cancel.State, o.Program.Fulfilment.By = c.cancel, c.program
		got := o.order(map[string]int64{"1": c.sent})
		if l := got.Lines[0]; got.Notice != c.notice || l.Released != c.released || l.Fulfilled[""] != c.gone || got.Fulfilled != (c.program == byEBay) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestAuctionsAndWarehouses: their numbers are never touched (ebay.md, 4.4).
func TestAuctionsAndWarehouses(t *testing.T) {
	var it item
	it.Availability.Ship.Quantity = new(int64(5))
	if shown(it, offer{Format: "AUCTION"}) != nil || *shown(it, offer{Format: "FIXED_PRICE"}) != 5 {
		t.Error("an auction has a number")
	}
	it.Availability.Ship.Spread = make([]struct{}, 2)
	if shown(it, offer{Format: "FIXED_PRICE"}) != nil {
		t.Error("a number by warehouse is taken for one")
	}
	if n := (legacy{ID: "1", Type: "Chinese", Quantity: 1}).all(); n[0].quantity != nil {
		t.Error("a legacy auction has a number")
	}
	s := newScene(t, practicetest.EBayOptions{}, nil)
	mug := s.many(1)[0]
	s.store.places.set(mug.Listing, place{offer: "1", shut: true})
	says(t, s.push(t, mug, 3), channel.Invalid, "warehouse")
	if s.Written() != 0 {
		t.Error("a number was written")
	}
}

// TestVariantWithoutSKU is shown, and no number is sent for it; an order's line leads to it all the same
// (marketplace-auth-and-gotchas.md, 6).
func TestVariantWithoutSKU(t *testing.T) {
	s := newScene(t, practicetest.EBayOptions{}, nil)
	loose := s.AddListing(channeltest.Goods{Title: "Shirt", Variant: "Red", Quantity: 5})
	found := false
	for page, err := range s.store.ListListings(t.Context(), nil) {
		must(t, err)
		for _, l := range page.Items {
			found = found || l.Ref == loose.Listing && !l.Tracked && l.Variant == "Red" && l.Parent == loose.Parent
		}
	}
	if !found {
		t.Error("the variant is not shown")
	}
	says(t, s.push(t, loose, 3), channel.Invalid, "no SKU")
	ref := s.Sell(channeltest.Units{Ref: loose, Quantity: 1})
	got, err := s.store.GetOrders(t.Context(), []string{ref})
	must(t, err)
	if l := got[0].Lines[0]; l.ListingRef != loose.Listing {
		t.Errorf("the line is of %q, want %q", l.ListingRef, loose.Listing)
	}
}

// TestPagesByLink: whether eBay counts pages or items, its link leads to the next page, and nothing is read twice
// (ebay.md, 4.2).
func TestPagesByLink(t *testing.T) {
	for _, skips := range []bool{false, true} {
		o := practicetest.EBayOptions{}
		o.Skips = skips
		s := newScene(t, o, nil)
		s.store.pageSize = 3
		s.many(8)
		seen, before := 0, len(s.sent(http.MethodGet, "/inventory_item"))
		for page, err := range s.store.ListListings(t.Context(), nil) {
			must(t, err)
			seen += len(page.Items)
		}
		if calls := len(s.sent(http.MethodGet, "/inventory_item")) - before; calls != 3 || seen != 8 {
			t.Errorf("skips %v: %d calls and %d listings, want 3 and 8", skips, calls, seen)
		}
	}
}

// TestListThatShrinks: pages are numbered, so a listing that goes while they are read moves the others up; none is missed.
func TestListThatShrinks(t *testing.T) {
	for _, world := range []practicetest.EBayWorld{practicetest.InventoryWorld, practicetest.TradingWorld} {
		s := newScene(t, practicetest.EBayOptions{World: world}, nil)
		s.store.pageSize = 3
		refs := s.many(9)
		seen := map[string]bool{}
		for page, err := range s.store.ListListings(t.Context(), nil) {
			must(t, err)
			if len(seen) == 0 && len(page.Items) > 0 {
				s.Remove(refs[0])
			}
			for _, l := range page.Items {
				seen[l.Ref] = true
			}
		}
		if len(seen) != len(refs) {
			t.Errorf("%q: %d listings of %d", world, len(seen), len(refs))
		}
	}
}

// TestOrderThatLeavesTheList: what follows moves up; none is missed, however old the change of those (ebay.md, 4.3).
func TestOrderThatLeavesTheList(t *testing.T) {
	s := newScene(t, practicetest.EBayOptions{}, nil)
	s.store.pageSize = 3
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 100})
	var refs []string
	for range 10 {
		refs = append(refs, s.Sell(channeltest.Units{Ref: mug, Quantity: 1}))
	}
	s.Advance(channel.OrderHistory + 24*time.Hour) // only the list of open orders has them
	seen := map[string]bool{}
	for page, err := range s.store.ListOrders(t.Context(), nil) {
		must(t, err)
		if len(seen) == 0 {
			s.Fulfil(refs[9])
			s.Fulfil(refs[8])
		}
		for _, o := range page.Items {
			seen[o.Ref] = true
		}
	}
	if len(seen) != len(refs) {
		t.Errorf("%d orders of %d", len(seen), len(refs))
	}
}

// TestTradingAnswers: a warning is success, a listing's error concerns it alone, a system error is of the moment
// (marketplace-auth-and-gotchas.md, 8).
func TestTradingAnswers(t *testing.T) {
	s := newScene(t, practicetest.EBayOptions{World: practicetest.TradingWorld}, nil)
	mug := s.many(1)[0]
	must(t, s.push(t, mug, 5)) // it shows 5: redundant, which is a warning
	if e := s.sent(http.MethodPost, "ReviseInventoryStatus"); !strings.Contains(string(e[0].Answer), "21917091") {
		t.Errorf("answered %s", e[0].Answer)
	}
	for answer, kind := range map[string]channel.Kind{
		`<R><Ack>Failure</Ack><Errors><ErrorCode>9</ErrorCode><LongMessage>No.</LongMessage><SeverityCode>Error</SeverityCode><ErrorClassification>RequestError</ErrorClassification></Errors></R>`: channel.Invalid,
		`<R><Ack>Failure</Ack><Errors><ErrorCode>291</ErrorCode><SeverityCode>Error</SeverityCode></Errors></R>`:                                                                                    channel.Missing,
		`<R><Ack>Failure</Ack><Errors><ErrorCode>10007</ErrorCode><SeverityCode>Error</SeverityCode><ErrorClassification>SystemError</ErrorClassification></Errors></R>`:                            channel.Transient,
		`<R><Ack>Failure</Ack></R>`: channel.Transient,
		`<html></html>`:             channel.Transient,
	} {
		s.rec.Instead = func(r *http.Request, _ string) *http.Response {
			if r.Header.Get("X-EBAY-API-CALL-NAME") != "ReviseInventoryStatus" {
				return nil
			}
			return practicetest.Canned(r, http.StatusOK, answer)
		}
		out, err := s.store.PushStock(t.Context(), []channel.StockLevel{{Listing: mug.Listing, Available: 2}})
		if err == nil {
			err = out[0].Err
		}
		if !channel.IsKind(err, kind) {
			t.Errorf("%s: %v, want kind %v", answer, err, kind)
		}
	}
}

// TestAspects: what makes an item one of several is read where eBay sends it as it does, an object of lists.
func TestAspects(t *testing.T) {
	it := item{Groups: []string{"G"}}
	it.Product.Aspects = []byte(`{"Color":["Red"],"Size":["M"],"Brand":["Fern","Hill"]}`)
	if got := it.choices(); got != "M, Red" {
		t.Errorf("choices %q", got)
	}
	it.Product.Aspects = []byte(`"as the file has it"`)
	if got := it.choices(); got != "" {
		t.Errorf("choices %q", got)
	}
}

// TestSpacesAroundSKU: a ref has the SKU as eBay has it, since numbers are written by it; the seller's SKU is without.
func TestSpacesAroundSKU(t *testing.T) {
	for _, world := range []practicetest.EBayWorld{practicetest.InventoryWorld, practicetest.TradingWorld} {
		s := newScene(t, practicetest.EBayOptions{World: world}, nil)
		red := s.AddListing(channeltest.Goods{SKU: " RED ", Title: "Shirt", Variant: "Red", Quantity: 5})
		for page, err := range s.store.ListListings(t.Context(), nil) {
			must(t, err)
			for _, l := range page.Items {
				if l.Ref != red.Listing || l.SKU != "RED" {
					t.Errorf("listing %+v, want %s", l, red.Listing)
				}
			}
		}
		got, err := s.store.GetOrders(t.Context(), []string{s.Sell(channeltest.Units{Ref: red, Quantity: 1})})
		must(t, err)
		if l := got[0].Lines[0]; l.ListingRef != red.Listing || l.SKU != "RED" {
			t.Errorf("line %+v", l)
		}
		s.pushAll(t, []channel.Ref{red}, 9)
	}
}
