package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/amazon"
	"evenstock/backend/channel/bigcommerce"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/ebay"
	"evenstock/backend/channel/etsy"
	"evenstock/backend/channel/shopify"
	"evenstock/backend/channel/woocommerce"
	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/practice/practicetest"
)

// etsyPerSecond is the rate of an app with raised limits: with fewer calls a day, thousands of listings take days.
const etsyPerSecond = 150

// limited is a vendor with its limits, and what bringing n listings to their numbers costs at least, some of them differing
// (performance.md, lower bounds). What differs is read more than once, see [again].
type limited struct {
	name  string
	kind  channel.Type
	open  func(t testing.TB, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site)
	bound func(n, differing int) time.Duration
}

var vendors = []limited{
	{"shopify", shopify.Type(), func(t testing.TB, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site) {
		s := practicetest.NewShopify(t, practicetest.ShopifyOptions{Clock: clock, Direct: true})
		return s, &s.Site
	}, func(n, differing int) time.Duration { // at the published price: 760 points for 250 levels read, 11 for 250 written; 2,000 are there, 100 come back a second
		read := calls(n, 250) + (again(n, differing)-1)*calls(differing, 250) // a write has its reading as a condition, and needs no second one
		return time.Duration(max(0, read*760+calls(differing, 250)*11-2000)) * time.Second / 100
	}},
	{"bigcommerce", bigcommerce.Type(), func(t testing.TB, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site) {
		s := practicetest.NewBigCommerce(t, practicetest.BigCommerceOptions{Clock: clock, Direct: true})
		return s, &s.Site
	}, func(n, differing int) time.Duration { // 150 calls in 30 s
		all := calls(n, 500) + again(n, differing)*calls(differing, 500) + calls(differing, 2000)
		return time.Duration(all/150) * 30 * time.Second
	}},
	{"etsy", etsy.Type(), func(t testing.TB, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site) {
		o := practicetest.EtsyOptions{Clock: clock, Direct: true}
		o.PerSecond, o.PerDay = etsyPerSecond, 100_000
		s := practicetest.NewEtsy(t, o)
		return s, &s.Site
	}, func(n, differing int) time.Duration { // a hundred a reading; a write is a reading and a writing of one listing
		all := calls(n, 100) + again(n, differing)*calls(differing, 100) + 2*differing
		return time.Duration(all) * time.Second / etsyPerSecond
	}},
	{"amazon", amazon.Type(), func(t testing.TB, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site) {
		s := practicetest.NewAmazon(t, practicetest.AmazonOptions{Clock: clock, Direct: true})
		return s, &s.Site
	}, func(n, differing int) time.Duration { // twenty a search, five searches a second and five at once; so many patches, which look first; feeds cost nothing
		searches, patches := calls(n, 20)+(again(n, differing)+1)*calls(differing, 20), 0 // once more: what was accepted is read back, or looked at before
		if differing <= 300 {
			patches = differing
		}
		return time.Duration(max(0, searches-5)+max(0, patches-5)) * time.Second / 5
	}},
	{"ebay", ebay.Type(), func(t testing.TB, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site) {
		s := practicetest.NewEBay(t, practicetest.EBayOptions{Clock: clock, Direct: true})
		return s, &s.Site
	}, unlimited}, // two million calls a day, of which a reading takes a little more than one a listing
	{"ebay-legacy", ebay.Type(), func(t testing.TB, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site) {
		s := practicetest.NewEBay(t, practicetest.EBayOptions{Clock: clock, Direct: true, World: practicetest.TradingWorld})
		return s, &s.Site
	}, unlimited}, // 5,000 calls a day: 50 are read and 4 written with one
	{"woocommerce", woocommerce.Type(), func(t testing.TB, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site) {
		s := practicetest.New(t, practicetest.Options{Clock: clock, Direct: true, TLS: true})
		return s, &s.Site
	}, unlimited},
}

// unlimited is the bound of a vendor that has no limit which so many listings come near.
func unlimited(int, int) time.Duration { return 0 }

// calls is how many calls it takes for n things with so many in each.
func calls(n, each int) int { return (n + each - 1) / each }

// again is how often what differs is read beside the comparison of all: a second time before it is written (product.md, I7), and
// once more where it is so much that a person approves it first, minutes or hours later (T4).
func again(n, differing int) int {
	if differing > n*30/100 {
		return 2
	}
	return 1
}

// TestRefreshVirtual is the quick part of [BenchmarkRefreshVirtual].
func TestRefreshVirtual(t *testing.T) {
	for _, v := range vendors {
		for _, percent := range []int{1, 100} {
			t.Run(fmt.Sprintf("%s/%d%%", v.name, percent), func(t *testing.T) {
				const n = 1_000
				got := v.refresh(t, n, n*percent/100)
				got.judge(t, 120)
			})
		}
	}
}

// BenchmarkRefreshVirtual brings every listing of a store to its number, by a clock that goes on only while the connector
// waits for the vendor's limits. It reports the seconds by that clock, their ratio to the bound, the calls, and the calls that
// the vendor refused, and fails where those are any or the bound is missed by more than W3 of performance.md allows.
func BenchmarkRefreshVirtual(b *testing.B) {
	for _, v := range vendors {
		for _, size := range []struct{ n, most int }{{1_000, 120}, {10_000, 105}} {
			for _, percent := range []int{0, 1, 100} {
				b.Run(fmt.Sprintf("%s/%d/%d%%", v.name, size.n, percent), func(b *testing.B) {
					for b.Loop() {
						got := v.refresh(b, size.n, size.n*percent/100)
						b.ReportMetric(got.took.Seconds(), "s-virtual")
						b.ReportMetric(got.bound.Seconds(), "s-bound")
						if got.bound > 0 {
							b.ReportMetric(got.took.Seconds()/got.bound.Seconds(), "ratio")
						}
						b.ReportMetric(float64(got.calls), "calls")
						b.ReportMetric(float64(got.refused), "refused")
						got.judge(b, size.most)
					}
				})
			}
		}
	}
}

// refreshed is what a refresh cost.
type refreshed struct {
	took, bound    time.Duration
	calls, refused int
}

// besides is what the looks at orders may take, which no bound counts.
const besides = time.Second

// judge fails where a call was refused, or it took more than so many hundredths of the bound.
func (r refreshed) judge(t testing.TB, most int) {
	t.Helper()
	if r.refused > 0 || r.took > r.bound*time.Duration(most)/100+besides {
		t.Errorf("it took %v and %d calls of which %d were refused; want no refusal and %d hundredths of %v", r.took, r.calls, r.refused, most, r.bound)
	}
}

func (v limited) refresh(t testing.TB, n, differing int) refreshed {
	clock := practicetest.NewClock(practicetest.Start)
	shop, site := v.open(t, clock)
	refs := make([]channel.Ref, n)
	for i := range refs {
		refs[i] = shop.AddListing(channeltest.Goods{SKU: fmt.Sprint("S-", i), Title: "Goods", Quantity: 5})
	}
	wire := &counter{next: site.Client.Transport}
	d, err := db.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	e, err := engine.New(engine.Options{DB: d, Types: channel.NewRegistry(v.kind), HTTP: &http.Client{Transport: wire},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Secrets: keys{}, Now: clock.Now,
		Sleep: func(ctx context.Context, d time.Duration) error { clock.Advance(d); return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	add := engine.NewStore{Channel: v.kind.Name, Name: "Bench", Fields: site.Fields, Endpoint: site.URL}
	if v.name == "woocommerce" {
		add.Endpoint = ""
	}
	store, _, err := e.AddStore(ctx, add)
	if err != nil {
		t.Fatal(err)
	}
	patient(t, clock, func() ([]db.Run, error) { return one(e.SyncListings(ctx, store.ID)) })
	patient(t, clock, func() ([]db.Run, error) { return e.TurnOn(ctx, store.ID, engine.TurnOn{Copy: true}) })
	patient(t, clock, func() ([]db.Run, error) { return one(e.Sync(ctx, store.ID)) }) // the limits may have cut the turn-on short
	clock.Advance(24 * time.Hour)
	for _, ref := range refs[:differing] {
		shop.SetQuantity(ref, 8)
	}
	*wire = counter{next: wire.next}
	began := clock.Now()
	patient(t, clock, func() ([]db.Run, error) { return one(e.RefreshInventory(ctx, store.ID)) })
	if held, err := e.Held(store.ID); err == nil && len(held.Rows) > 0 { // the safety catch asks before so much is changed
		patient(t, clock, func() ([]db.Run, error) { return one(e.Approve(ctx, store.ID, nil)) })
	}
	out := refreshed{took: clock.Now().Sub(began), bound: v.bound(n, differing), calls: wire.calls, refused: wire.refused}
	for _, ref := range refs[:differing] {
		if got := shop.Quantity(ref); got != 5 {
			t.Fatalf("%s shows %d", ref.Listing, got)
		}
	}
	return out
}

func one(r db.Run, err error) ([]db.Run, error) { return []db.Run{r}, err }

// patient does something until it is done, coming back when it is told to.
func patient(t testing.TB, clock *practicetest.Clock, do func() ([]db.Run, error)) {
	t.Helper()
	var last db.Run
	for range 1000 {
		runs, err := do()
		var later *engine.Error
		switch {
		case err == nil && (len(runs) == 0 || runs[0].Outcome == db.Done || runs[0].Outcome == db.Held || runs[0].Outcome == db.Partly && runs[0].Refused == 0):
			return // what is pending was taken by the shop, which applies it later
		case err == nil:
			last = runs[0]
		case errors.As(err, &later) && later.RetryAt.After(clock.Now()):
			clock.Advance(later.RetryAt.Sub(clock.Now()))
		default:
			t.Fatal(err, last)
		}
	}
	t.Fatalf("it never ends: %+v", last)
}

// counter counts calls and refusals.
type counter struct {
	next           http.RoundTripper
	calls, refused int
}

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	c.calls++
	if res.StatusCode == http.StatusTooManyRequests || bytes.Contains(body, []byte(`"THROTTLED"`)) {
		c.refused++
	}
	return res, nil
}
