package amazon

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	face "evenstock/backend/practice/amazon"
	"evenstock/backend/practice/practicetest"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// push writes one number and returns its result.
func push(t *testing.T, store *opened, ref channel.Ref, n int64) channel.Result {
	t.Helper()
	out, err := store.PushStock(t.Context(), []channel.StockLevel{{Listing: ref.Listing, Available: n}})
	must(t, err)
	return out[0]
}

// pushMany writes numbers of the first so many listings.
func pushMany(t *testing.T, store *opened, shop *practicetest.Amazon, n int) []channel.Result {
	t.Helper()
	var batch []channel.StockLevel
	shop.World.Do(func(s *practice.State) {
		for _, it := range s.Products() {
			if it.Kind == practice.Simple && it.SKU != "" && !it.Fulfilled && len(batch) < n {
				batch = append(batch, channel.StockLevel{Listing: it.SKU, Available: 77})
			}
		}
	})
	for len(batch) < n { // made up as far as the catalogue has too few
		ref := shop.AddListing(channeltest.Goods{SKU: "EXTRA-" + strings.Repeat("X", len(batch)%7) + time.Duration(len(batch)).String(), Title: "Extra", Quantity: 1})
		batch = append(batch, channel.StockLevel{Listing: ref.Listing, Available: 77})
	}
	out, err := store.PushStock(t.Context(), batch)
	must(t, err)
	return out
}

func slow(t *testing.T, delay time.Duration) (*practicetest.Amazon, *opened) {
	t.Helper()
	o := practicetest.AmazonOptions{Direct: true}
	o.Delay = delay
	shop := practicetest.NewAmazon(t, o)
	return shop, connect(t, shop, pageSize, nil)
}

// TestAcceptedIsNotApplied: a write is pending until its number is in effect (amazon.md, 5.2; marketplace-auth-and-gotchas.md, 11).
func TestAcceptedIsNotApplied(t *testing.T) {
	shop, store := slow(t, 2*time.Minute)
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 10})
	r := push(t, store, mug, 4)
	if r.Err != nil || r.Pending == "" || shop.Quantity(mug) != 10 {
		t.Fatalf("accepted: %+v, Amazon shows %d", r, shop.Quantity(mug))
	}
	settle := func() channel.Result {
		out, err := store.Settle(t.Context(), []string{r.Pending})
		must(t, err)
		return out[0]
	}
	if got := settle(); got.Pending != r.Pending || got.Err != nil {
		t.Errorf("too early: %+v", got)
	}
	shop.Advance(3 * time.Minute)
	if got := settle(); got.Pending != "" || got.Err != nil || shop.Quantity(mug) != 4 {
		t.Errorf("applied: %+v, Amazon shows %d", got, shop.Quantity(mug))
	}
}

// TestNeverApplied: some SKUs silently stay; the number is then sent again (marketplace-auth-and-gotchas.md, 11).
func TestNeverApplied(t *testing.T) {
	shop, store := slow(t, 0)
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 10})
	shop.Fault(channeltest.Fault{Call: channeltest.PushStock, Kind: channeltest.IgnoreWrite, Times: 1})
	r := push(t, store, mug, 4)
	shop.Advance(settleMost + time.Second)
	out, err := store.Settle(t.Context(), []string{r.Pending})
	must(t, err)
	if out[0].Err == nil || channel.KindOf(out[0].Err) != channel.Stale {
		t.Errorf("a write that was never applied: %+v", out[0])
	}
}

// TestFeed: above the threshold one document carries all numbers, and what it refuses is told by listing (amazon.md, 5.2).
func TestFeed(t *testing.T) {
	shop, _ := slow(t, 5*time.Minute)
	rec := shop.Record()
	store := connect(t, shop, pageSize, nil)
	results := pushMany(t, store, shop, patchMost+1)
	if n := len(rec.Sent("PATCH", "/listings/")); n != 0 {
		t.Errorf("%d single writes beside the feed", n)
	}
	for _, e := range rec.Sent("PUT", "/documents/") {
		if e.Header.Get("x-amz-access-token") != "" {
			t.Error("the document was sent with credentials")
		}
	}
	handles := make([]string, len(results))
	for i, r := range results {
		must(t, r.Err)
		handles[i] = r.Pending
	}
	out, err := store.Settle(t.Context(), handles)
	must(t, err)
	if out[0].Pending == "" {
		t.Errorf("before the feed is done: %+v", out[0])
	}
	shop.Advance(6 * time.Minute)
	out, err = store.Settle(t.Context(), handles)
	must(t, err)
	for i, r := range out {
		if r.Pending != "" || r.Err != nil {
			t.Fatalf("listing %d after the feed: %+v", i, r)
		}
	}
	if n := len(rec.Sent("POST", "/feeds/2021-06-30/feeds")); n != 1 {
		t.Errorf("%d feeds, want 1", n)
	}
}

// TestLinesOfAFeedThatAreRefused: a line that Amazon refused is known when the feed is done, with its reason, and is not waited
// for; the others are applied. One listing alone is refused at once.
func TestLinesOfAFeedThatAreRefused(t *testing.T) {
	o := practicetest.AmazonOptions{Direct: true}
	o.Delay, o.Locked = time.Minute, []string{"LOCKED"}
	shop := practicetest.NewAmazon(t, o)
	store := connect(t, shop, pageSize, nil)
	locked := shop.AddListing(channeltest.Goods{SKU: "LOCKED", Title: "Locked", Quantity: 3})
	results := pushMany(t, store, shop, patchMost+1)
	must(t, results[0].Err)
	shop.Advance(2 * time.Minute)
	out, err := store.Settle(t.Context(), []string{results[0].Pending, results[1].Pending})
	must(t, err)
	if !channel.IsKind(out[0].Err, channel.Invalid) || !strings.Contains(out[0].Err.Error(), "suppressed") || out[1].Err != nil || out[1].Pending != "" {
		t.Errorf("a refused line %+v, another %+v", out[0], out[1])
	}
	if shop.Quantity(locked) != 3 {
		t.Errorf("the refused listing shows %d", shop.Quantity(locked))
	}
	if r := push(t, store, locked, 5); !channel.IsKind(r.Err, channel.Invalid) {
		t.Errorf("one number of a listing that takes none: %+v", r)
	}
}

// TestFeedThatFails: what a feed was to write is sent again as soon as Amazon has given the feed up (feeds_2021-06-30.json).
func TestFeedThatFails(t *testing.T) {
	o := practicetest.AmazonOptions{Direct: true}
	o.Delay, o.Fatal = time.Minute, true
	shop := practicetest.NewAmazon(t, o)
	store := connect(t, shop, pageSize, nil)
	results := pushMany(t, store, shop, patchMost+1)
	for _, given := range []bool{false, true} {
		out, err := store.Settle(t.Context(), []string{results[0].Pending})
		must(t, err)
		if gone := channel.IsKind(out[0].Err, channel.Stale); gone != given || gone == (out[0].Pending != "") {
			t.Errorf("given up %v: %+v", given, out[0])
		}
		shop.Advance(2 * time.Minute)
	}
}

// TestParent: a SKU that only holds variations together is no listing and is never written (amazon.md, 5.1).
func TestParent(t *testing.T) {
	shop, store := slow(t, 0)
	shop.World.Do(func(s *practice.State) {
		s.Add(practice.Item{Kind: practice.Parent, SKU: "FAMILY", Name: "Mugs", Status: practice.Published})
	})
	shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 10})
	for page, err := range store.ListListings(t.Context(), nil) {
		must(t, err)
		for _, l := range page.Items {
			if l.SKU == "FAMILY" {
				t.Errorf("a parent is a listing: %+v", l)
			}
		}
	}
	rec := shop.Record()
	r := push(t, store, channel.Ref{Listing: "FAMILY"}, 3)
	if !channel.IsKind(r.Err, channel.Invalid) || len(rec.Sent("PATCH", "/listings/")) != 0 {
		t.Errorf("a push: %+v", r)
	}
}

// TestFBA: what Amazon fulfils is shown in its own place, never written, and its orders touch no own stock
// (channels/README.md, marketplaces, 3).
func TestFBA(t *testing.T) {
	shop, store := slow(t, 0)
	fba := shop.AddListing(channeltest.Goods{SKU: "FBA", Title: "Sent by Amazon", Quantity: 10})
	shop.ByAmazon(fba)
	for _, roles := range [][]string{nil, {"/fba/"}} {
		shop.Face.Deny(roles...)
		store := connect(t, shop, pageSize, nil)
		for page, err := range store.ListListings(t.Context(), nil) {
			must(t, err)
			l := page.Items[0]
			if !l.Fulfilled || l.Tracked || (l.Quantity == nil) != (roles != nil) || l.Quantity != nil && *l.Quantity != 10 {
				t.Errorf("listing %+v with %q refused", l, roles)
			}
		}
	}
	r := push(t, store, fba, 3)
	if r.Err == nil || channel.KindOf(r.Err) != channel.Invalid || shop.Written() != 0 {
		t.Errorf("a push: %+v, %d written", r, shop.Written())
	}
	ref := shop.Sell(channeltest.Units{Ref: fba, Quantity: 2})
	for page, err := range store.ListOrders(t.Context(), nil) {
		must(t, err)
		if len(page.Items) != 0 {
			t.Errorf("the list has an order that Amazon sends: %+v", page.Items)
		}
	}
	got, err := store.GetOrders(t.Context(), []string{ref})
	must(t, err)
	if len(got) != 1 || !got[0].Fulfilled {
		t.Errorf("by id: %+v", got)
	}
}

// TestPending: an order that is not paid yet is booked for as long as it takes, since Amazon has lowered its number
// (channels/README.md, marketplaces, 2).
func TestPending(t *testing.T) {
	shop, store := slow(t, 0)
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 10})
	ref := shop.Sell(channeltest.Units{Ref: mug, Quantity: 3})
	shop.World.Do(func(s *practice.State) { s.SetStage(s.Orders()[0], practice.Waiting) })
	shop.Advance(21 * 24 * time.Hour)
	for _, known := range []bool{false, true} {
		orders := map[string]channel.Order{}
		if known {
			got, err := store.GetOrders(t.Context(), []string{ref})
			must(t, err)
			orders[ref] = got[0]
		} else {
			for page, err := range store.ListOrders(t.Context(), nil) {
				must(t, err)
				for _, o := range page.Items {
					orders[o.Ref] = o
				}
			}
		}
		l := orders[ref].Lines
		if len(l) != 1 || orders[ref].Status != statusPending || l[0].Ordered != 3 || l[0].Released != 0 || len(l[0].Fulfilled) != 0 {
			t.Errorf("pending for 21 days: %+v", orders[ref])
		}
	}
}

// TestPartialCancellation: a cancellation without a quantity is for a person to look at (channels/README.md, booking table).
func TestPartialCancellation(t *testing.T) {
	n := func(v int64) *int64 { return &v }
	for name, c := range map[string]struct {
		status           string
		done, open       *int64
		executed, notice bool
		released, sent   int64
	}{
		"a request is only a request":   {status: statusUnshipped, done: n(0), open: n(4)},
		"quantity stated":               {status: statusUnshipped, done: n(0), open: n(1), executed: true, released: 3},
		"quantity not stated":           {status: statusUnshipped, executed: true, notice: true},
		"after it was shipped":          {status: statusShipped, done: n(4), open: n(0), executed: true, notice: true, sent: 4},
		"the rest of a shipped order":   {status: statusShipped, done: n(3), open: n(0), executed: true, released: 1, sent: 3},
		"cancelled after a part left":   {status: statusCancelled, done: n(1), open: n(0), notice: true, released: 3, sent: 1},
		"pending says nothing is open":  {status: statusPending, done: n(0), open: n(0)},
		"cannot be fulfilled":           {status: statusFailed, done: n(0), open: n(0), released: 4},
		"shipped without any quantity":  {status: statusShipped, sent: 4},
		"partly shipped, nothing ended": {status: statusPartly, done: n(1), open: n(3), sent: 1},
	} {
		it := orderItem{ID: "1", Quantity: 4}
		it.Fulfilment.Done, it.Fulfilment.Open = c.done, c.open
		if c.executed {
			it.Cancellation.Execution = &struct{}{}
		}
		l, notice := it.line(c.status)
		if l.Released != c.released || l.Fulfilled[""] != c.sent || (notice != "") != c.notice {
			t.Errorf("%s: %+v, notice %q", name, l, notice)
		}
	}
}

// TestRefundsAreNotTold: Amazon's orders say nothing of refunds, so nothing changes by one: what is open stays booked until it
// is cancelled or sent, what was sent stays gone (amazon.md, 5.3).
func TestRefundsAreNotTold(t *testing.T) {
	shop, store := slow(t, 0)
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	for name, sent := range map[string]int64{"before it was sent": 0, "after it was sent": 4} {
		ref := shop.Sell(channeltest.Units{Ref: mug, Quantity: 4})
		if sent > 0 {
			shop.Fulfil(ref)
		}
		shop.Refund(ref, 0, 1, true)
		got, err := store.GetOrders(t.Context(), []string{ref})
		must(t, err)
		if l := got[0].Lines[0]; l.Ordered != 4 || l.Released != 0 || l.WrittenOff != 0 || l.Fulfilled[""] != sent || len(l.Returned) != 0 || got[0].Notice != "" {
			t.Errorf("%s: %+v", name, got[0])
		}
	}
}

// TestReportTakesTime: while a report is written the page is empty and says when to come back (amazon.md, 5.1).
func TestReportTakesTime(t *testing.T) {
	shop, store := slow(t, time.Minute)
	shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 10})
	var next channel.Cursor
	for page, err := range store.ListListings(t.Context(), nil) {
		must(t, err)
		if len(page.Items) != 0 || !page.Wait.After(shop.Now()) {
			t.Errorf("while the report is written: %+v", page)
		}
		next = page.Next
	}
	shop.Advance(2 * time.Minute)
	n := 0
	for page, err := range store.ListListings(t.Context(), next) {
		must(t, err)
		n += len(page.Items)
	}
	if n != 1 || shop.Calls(channeltest.ListListings) != 1 {
		t.Errorf("%d listings after %d reports", n, shop.Calls(channeltest.ListListings))
	}
}

// TestSearchBudget: twenty searches at once and then one in 179 s, also after a restart (amazon.md, rate limits).
func TestSearchBudget(t *testing.T) {
	shop, store := slow(t, 0)
	read := func() (err error) {
		for _, err = range store.ListOrders(t.Context(), channel.Cursor(bookmark{V: bookmarkVersion, Since: shop.Now()}.encode())) {
		}
		return err
	}
	for range 20 {
		must(t, read())
	}
	kept := store.Notes
	store = connect(t, shop, pageSize, func(d *channel.Deps, _ *channel.Settings) { d.Notes = kept })
	if err := read(); err == nil || channel.KindOf(err) != channel.Throttled {
		t.Errorf("the 21st search after a restart: %v", err)
	}
	for _, e := range shop.World.Log() {
		if e.Status == http.StatusTooManyRequests {
			t.Fatal("Amazon had to refuse a call")
		}
	}
	shop.Advance(3 * time.Minute)
	must(t, read())
}

// TestNoBuyer: nothing of a buyer leaves the connector, and nothing of one is asked for (amazon.md, 1.3).
func TestNoBuyer(t *testing.T) {
	shop, store := slow(t, 0)
	everyCall(t, shop, store)
	said := store.Log.String()
	for page, err := range store.ListOrders(t.Context(), nil) {
		must(t, err)
		for _, o := range page.Items {
			said += o.Number + o.Notice + o.Status
			for _, l := range o.Lines {
				said += l.Title + l.SKU
			}
		}
	}
	for _, canary := range face.Canaries {
		if strings.Contains(said, canary) {
			t.Errorf("%q left the connector", canary)
		}
	}
	for _, e := range shop.World.Log() {
		if strings.Contains(e.Path, "BUYER") || strings.Contains(e.Path, "RECIPIENT") {
			t.Errorf("asked for a buyer: %s", e.Path)
		}
	}
}

// TestRefreshOfTenThousand: twenty SKUs a search at 5 a second, and feeds that nothing waits for (performance.md). A push looks
// at what Amazon has first, so it takes as long as a reading. Amazon takes five feeds in five minutes.
func TestRefreshOfTenThousand(t *testing.T) {
	const listings = 10_000
	shop, _ := slow(t, 0)
	rec := shop.Record()
	store := connect(t, shop, pageSize, nil)
	refs := make([]channel.Ref, listings)
	for i := range refs {
		refs[i] = shop.AddListing(channeltest.Goods{SKU: "S" + strconv.Itoa(i), Title: "Goods", Quantity: 3})
	}
	got := practicetest.Refresh(t, store, shop.Clock, refs, 7)
	const bound = (listings/readBatch - 5) * time.Second / 5
	if got.Read > bound*105/100 || got.Push > bound*105/100 || got.Waits != 0 || rec.Refused() != 0 {
		t.Errorf("read in %v, pushed in %v with %d waits and %d refusals, want each within 1.05 of %v", got.Read, got.Push, got.Waits, rec.Refused(), bound)
	}
	if n := len(rec.Sent("POST", "/feeds/2021-06-30/feeds")); n > 5 {
		t.Errorf("%d feeds, want 5 at most", n)
	}
	for _, i := range []int{0, 4711, listings - 1} {
		if n := shop.Quantity(refs[i]); n != 7 {
			t.Errorf("listing %d shows %d", i, n)
		}
	}
}
