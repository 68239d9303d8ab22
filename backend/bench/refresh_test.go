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
// (performance.md, lower bounds).
type limited struct {
	name  string
	kind  channel.Type
	open  func(b *testing.B, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site)
	bound func(n, differing int) time.Duration
}

var vendors = []limited{
	{"shopify", shopify.Type(), func(b *testing.B, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site) {
		s := practicetest.NewShopify(b, practicetest.ShopifyOptions{Clock: clock, Direct: true})
		return s, &s.Site
	}, func(n, differing int) time.Duration { // at the published price: 760 points for 250 levels read, 11 for 250 written; 2,000 are there, 100 come back a second
		points := calls(n, 250)*760 + calls(differing, 250)*11
		return time.Duration(max(0, points-2000)) * time.Second / 100
	}},
	{"bigcommerce", bigcommerce.Type(), func(b *testing.B, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site) {
		s := practicetest.NewBigCommerce(b, practicetest.BigCommerceOptions{Clock: clock, Direct: true})
		return s, &s.Site
	}, func(n, differing int) time.Duration { // 150 calls in 30 s
		return time.Duration((calls(n, 500)+calls(differing, 2000))/150) * 30 * time.Second
	}},
	{"etsy", etsy.Type(), func(b *testing.B, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site) {
		o := practicetest.EtsyOptions{Clock: clock, Direct: true}
		o.PerSecond, o.PerDay = etsyPerSecond, 100_000
		s := practicetest.NewEtsy(b, o)
		return s, &s.Site
	}, func(n, differing int) time.Duration { // a hundred a reading; a write is a reading and a writing of one listing
		return time.Duration(calls(n, 100)+2*differing) * time.Second / etsyPerSecond
	}},
	{"amazon", amazon.Type(), func(b *testing.B, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site) {
		s := practicetest.NewAmazon(b, practicetest.AmazonOptions{Clock: clock, Direct: true})
		return s, &s.Site
	}, func(n, _ int) time.Duration { // twenty a search, five searches a second and five at once; feeds cost nothing
		return time.Duration(max(0, calls(n, 20)-5)) * time.Second / 5
	}},
	{"woocommerce", woocommerce.Type(), func(b *testing.B, clock *practicetest.Clock) (channeltest.Shop, *practicetest.Site) {
		s := practicetest.New(b, practicetest.Options{Clock: clock, Direct: true, TLS: true})
		return s, &s.Site
	}, func(int, int) time.Duration { return 0 }},
}

// calls is how many calls it takes for n things with so many in each.
func calls(n, each int) int { return (n + each - 1) / each }

// BenchmarkRefreshVirtual brings every listing of a store to its number, by a clock that goes on only while the connector
// waits for the vendor's limits. It reports the seconds by that clock, their ratio to the bound, the calls, and the calls that
// the vendor refused, which should be none.
func BenchmarkRefreshVirtual(b *testing.B) {
	for _, v := range vendors {
		for _, n := range []int{1_000, 5_000} {
			for _, percent := range []int{0, 1, 100} {
				b.Run(fmt.Sprintf("%s/%d/%d%%", v.name, n, percent), func(b *testing.B) {
					for b.Loop() {
						v.refresh(b, n, n*percent/100)
					}
				})
			}
		}
	}
}

func (v limited) refresh(b *testing.B, n, differing int) {
	clock := practicetest.NewClock(practicetest.Start)
	shop, site := v.open(b, clock)
	refs := make([]channel.Ref, n)
	for i := range refs {
		refs[i] = shop.AddListing(channeltest.Goods{SKU: fmt.Sprint("S-", i), Title: "Goods", Quantity: 5})
	}
	wire := &counter{next: site.Client.Transport}
	d, err := db.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = d.Close() })
	e, err := engine.New(engine.Options{DB: d, Types: channel.NewRegistry(v.kind), HTTP: &http.Client{Transport: wire},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Secrets: keys{}, Now: clock.Now,
		Sleep: func(ctx context.Context, d time.Duration) error { clock.Advance(d); return ctx.Err() }})
	if err != nil {
		b.Fatal(err)
	}
	ctx := b.Context()
	add := engine.NewStore{Channel: v.name, Name: "Bench", Fields: site.Fields, Endpoint: site.URL}
	if v.name == "woocommerce" {
		add.Endpoint = ""
	}
	store, _, err := e.AddStore(ctx, add)
	if err != nil {
		b.Fatal(err)
	}
	patient(b, clock, func() ([]db.Run, error) { return one(e.SyncListings(ctx, store.ID)) })
	patient(b, clock, func() ([]db.Run, error) { return e.TurnOn(ctx, store.ID, engine.TurnOn{Copy: true}) })
	clock.Advance(24 * time.Hour)
	for _, ref := range refs[:differing] {
		shop.SetQuantity(ref, 8)
	}
	*wire = counter{next: wire.next}
	began := clock.Now()
	patient(b, clock, func() ([]db.Run, error) { return one(e.RefreshInventory(ctx, store.ID)) })
	if held, err := e.Held(store.ID); err == nil && len(held.Rows) > 0 { // the safety catch asks before so much is changed
		patient(b, clock, func() ([]db.Run, error) { return one(e.Approve(ctx, store.ID, nil)) })
	}
	took, bound := clock.Now().Sub(began), v.bound(n, differing)
	for _, ref := range refs[:differing] {
		if got := shop.Quantity(ref); got != 5 {
			b.Fatalf("%s shows %d", ref.Listing, got)
		}
	}
	b.ReportMetric(took.Seconds(), "s-virtual")
	b.ReportMetric(bound.Seconds(), "s-bound")
	if bound > 0 {
		b.ReportMetric(took.Seconds()/bound.Seconds(), "ratio")
	}
	b.ReportMetric(float64(wire.calls), "calls")
	b.ReportMetric(float64(wire.refused), "refused")
}

func one(r db.Run, err error) ([]db.Run, error) { return []db.Run{r}, err }

// patient does something until it is done, coming back when it is told to.
func patient(b *testing.B, clock *practicetest.Clock, do func() ([]db.Run, error)) {
	b.Helper()
	var last db.Run
	for range 1000 {
		runs, err := do()
		var later *engine.Error
		switch {
		case err == nil && (len(runs) == 0 || runs[0].Outcome == db.Done || runs[0].Outcome == db.Held || runs[0].Pending > 0 && runs[0].Refused == 0):
			return // what is pending was taken by the shop, which applies it later
		case err == nil:
			last = runs[0]
		case errors.As(err, &later) && later.RetryAt.After(clock.Now()):
			clock.Advance(later.RetryAt.Sub(clock.Now()))
		default:
			b.Fatal(err, last)
		}
	}
	b.Fatalf("it never ends: %+v", last)
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
