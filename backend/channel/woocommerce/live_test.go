package woocommerce

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// TestLive runs the suite against a real shop, a test shop whose owner does not mind goods and orders coming and going.
// WOO_URL, WOO_CK and WOO_CS name it and its key. What the rules put in is deleted again.
func TestLive(t *testing.T) {
	address, key, secret := os.Getenv("WOO_URL"), os.Getenv("WOO_CK"), os.Getenv("WOO_CS")
	if address == "" || key == "" || secret == "" {
		t.Skip("no live shop: set WOO_URL, WOO_CK and WOO_CS")
	}
	deps := channel.Deps{HTTP: &http.Client{}, Now: time.Now}
	settings := channel.Settings{AllowHTTP: true, Fields: map[string]string{"url": address, "key": key, "secret": secret}}
	channeltest.Suite{
		New: func(t *testing.T) (channel.Store, channeltest.Shop) {
			return openLive(t, deps, settings, time.Sleep)
		},
		Secrets: []string{key, secret},
	}.Run(t)
}

// TestLiveOnPractice proves that the live shop below works, on a practice shop that it reaches as any other.
func TestLiveOnPractice(t *testing.T) {
	channeltest.Suite{New: func(t *testing.T) (channel.Store, channeltest.Shop) {
		shop := practicetest.New(t, practicetest.Options{Direct: true})
		settings := channel.Settings{AllowHTTP: true, Fields: map[string]string{"url": shop.URL, "key": shop.Key, "secret": shop.Secret}}
		return openLive(t, channel.Deps{HTTP: shop.Client, Now: shop.Clock.Now}, settings, shop.Advance)
	}}.Run(t)
}

// live is a real shop as the suite sees it: what a customer and the merchant do goes through the same API.
type live struct {
	t     *testing.T
	api   *Store // a connector of its own, so that its calls are not counted
	wire  *wire
	sleep func(time.Duration)
	lines map[string][]int64 // of each order as it was placed
}

// openLive returns a connector on a live shop, with pages short enough for the suite, and the shop.
func openLive(t *testing.T, deps channel.Deps, settings channel.Settings, sleep func(time.Duration)) (channel.Store, *live) {
	t.Helper()
	connect := func(transport http.RoundTripper) *Store {
		d := deps
		d.HTTP = &http.Client{Transport: transport}
		s, err := Type().Open(d, settings)
		if err != nil {
			t.Fatal(err)
		}
		return s.(*Store)
	}
	inner := deps.HTTP.Transport
	if inner == nil {
		inner = http.DefaultTransport
	}
	w := &wire{inner: inner, calls: map[channeltest.Call]int{}}
	shop := &live{t: t, api: connect(inner), wire: w, sleep: sleep, lines: map[string][]int64{}}
	store := connect(w)
	store.pageSize = min(max(3, shop.total("products")/15, shop.total("orders")/15), pageSize)
	return store, shop
}

var (
	_ channeltest.Shop    = (*live)(nil)
	_ channeltest.Limited = (*live)(nil)
)

// Cannot implements channeltest.Limited.
func (l *live) Cannot(a channeltest.Ability) string {
	return map[channeltest.Ability]string{
		channeltest.Faults:     "nobody makes a live shop fail",
		channeltest.Lies:       "a live shop tells what it holds",
		channeltest.TimeTravel: "a live shop has the world's time",
		channeltest.Crowds:     "it would take an hour to fill a live shop",
		channeltest.Alone:      "a live shop has goods and orders of its own",
	}[a]
}

// call makes one call to the shop's API and reads its answer into v.
func (l *live) call(method, path string, q url.Values, body, v any) {
	l.t.Helper()
	r := api("live", path, q)
	r.Method, r.Body = method, body
	resp, err := l.api.ask(l.t.Context(), r)
	if err != nil && l.t.Context().Err() != nil {
		resp, err = l.api.ask(context.Background(), r) // cleaning up after the test
	}
	if err != nil {
		panic(fmt.Sprintf("live shop: %s %s: %v", method, path, err))
	}
	if v != nil {
		if err := json.Unmarshal(resp.Body, v); err != nil {
			panic(fmt.Sprintf("live shop: %s %s: %v", method, path, err))
		}
	}
}

func (l *live) total(path string) int {
	resp, err := l.api.ask(l.t.Context(), api("live", path, url.Values{"per_page": {"1"}, "_fields": {"id"}}))
	if err != nil {
		l.t.Fatal(err)
	}
	n, _ := strconv.Atoi(resp.Header.Get("X-WP-Total"))
	return n
}

// forget deletes a thing when the rule is over; it may be gone by then.
func (l *live) forget(path string) {
	l.t.Cleanup(func() {
		r := api("live", path, url.Values{"force": {"true"}})
		r.Method = http.MethodDelete
		if _, err := l.api.ask(context.Background(), r); err != nil && !channel.IsKind(err, channel.Missing) {
			l.t.Logf("left behind: %s: %v", path, err)
		}
	})
}

func (l *live) AddListing(g channeltest.Goods) channel.Ref {
	body := map[string]any{"sku": g.SKU, "regular_price": "10.00", "manage_stock": !g.Untracked}
	if !g.Untracked {
		body["stock_quantity"] = g.Quantity
	}
	var made product
	if g.Variant == "" {
		body["name"], body["type"], body["status"] = g.Title, "simple", "publish"
		if g.Draft {
			body["status"] = "draft"
		}
		l.call("POST", "products", nil, body, &made)
		l.forget("products/" + formatID(made.ID))
		return channel.Ref{Listing: formatID(made.ID)}
	}
	option := func(values ...string) []map[string]any {
		return []map[string]any{{"name": "Kind", "variation": true, "visible": true, "options": values}}
	}
	parent := g.Parent
	if parent == "" {
		l.call("POST", "products", nil, map[string]any{"name": g.Title, "type": "variable", "status": "publish", "attributes": option(g.Variant)}, &made)
		parent = formatID(made.ID)
		l.forget("products/" + parent)
	} else {
		var siblings []product
		l.call("GET", "products/"+parent+"/variations", url.Values{"per_page": {"100"}}, nil, &siblings)
		values := []string{g.Variant}
		for _, v := range siblings {
			values = append(values, string(v.Attributes))
		}
		l.call("PUT", "products/"+parent, nil, map[string]any{"attributes": option(values...)}, nil)
	}
	body["attributes"] = []map[string]any{{"name": "Kind", "option": g.Variant}}
	l.call("POST", "products/"+parent+"/variations", nil, body, &made)
	return channel.Ref{Listing: formatID(made.ID), Parent: parent}
}

func path(ref channel.Ref) string {
	if ref.Parent != "" {
		return "products/" + ref.Parent + "/variations/" + ref.Listing
	}
	return "products/" + ref.Listing
}

func (l *live) Remove(ref channel.Ref) {
	l.call("DELETE", path(ref), url.Values{"force": {"true"}}, nil, nil)
}

func (l *live) put(ref channel.Ref, name string, value any) {
	l.call("PUT", path(ref), nil, map[string]any{name: value}, nil)
}

func (l *live) SetSKU(ref channel.Ref, sku string)   { l.put(ref, "sku", sku) }
func (l *live) SetQuantity(ref channel.Ref, n int64) { l.put(ref, "stock_quantity", n) }
func (l *live) SetStatus(ref channel.Ref, status channel.ListingStatus) {
	l.put(ref, "status", map[channel.ListingStatus]string{channel.Active: "publish", channel.Draft: "draft"}[status])
}

func (l *live) Quantity(ref channel.Ref) int64 {
	var p product
	l.call("GET", path(ref), l.api.uncached(url.Values{}), nil, &p)
	return p.Quantity.n
}

func (l *live) Sell(units ...channeltest.Units) string {
	var items []map[string]any
	for _, u := range units {
		item := map[string]any{"quantity": u.Quantity}
		listing, parent, _ := parseRef(u.Ref.Listing, u.Ref.Parent)
		item["product_id"] = cmp.Or(parent, listing)
		if parent != 0 {
			item["variation_id"] = listing
		}
		items = append(items, item)
	}
	var o order
	l.call("POST", "orders", nil, map[string]any{"status": "processing", "line_items": items}, &o)
	ref := formatID(o.ID)
	for _, line := range o.Lines {
		l.lines[ref] = append(l.lines[ref], line.ID)
	}
	l.forget("orders/" + ref)
	return ref
}

func (l *live) setOrder(ref string, body map[string]any) {
	l.call("PUT", "orders/"+ref, nil, body, nil)
}

func (l *live) Fulfil(ref string) { l.setOrder(ref, map[string]any{"status": "completed"}) }
func (l *live) Cancel(ref string) { l.setOrder(ref, map[string]any{"status": "cancelled"}) }

// price is that of everything AddListing puts on sale.
const price = 10

func (l *live) Refund(ref string, index int, units int64, restock bool) {
	l.call("POST", "orders/"+ref+"/refunds", nil, map[string]any{
		"api_refund": false, "api_restock": restock,
		"line_items": []map[string]any{{"id": l.lines[ref][index], "quantity": units, "refund_total": units * price}},
	}, nil)
}

func (l *live) EditLine(ref string, index int, quantity int64) {
	l.setOrder(ref, map[string]any{"line_items": []map[string]any{{"id": l.lines[ref][index], "quantity": quantity}}})
}

func (l *live) Trash(ref string) { l.call("DELETE", "orders/"+ref, nil, nil, nil) }

func (l *live) Now() time.Time {
	at, err := l.api.StoreTime(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	return at
}

func (l *live) Advance(d time.Duration)             { l.sleep(d) }
func (l *live) Hide(string, time.Duration)          { panic("a live shop hides no order") }
func (l *live) Fault(channeltest.Fault)             { panic("a live shop does not fail to order") }
func (l *live) Before(c channeltest.Call, f func()) { l.wire.plant(&l.wire.before, c, f) }
func (l *live) After(c channeltest.Call, f func())  { l.wire.plant(&l.wire.after, c, f) }
func (l *live) Written() int                        { return l.Calls(channeltest.PushStock) }

func (l *live) Calls(c channeltest.Call) int {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	return l.wire.calls[c]
}

// wire lies between the connector and a live shop: it counts calls and runs hooks.
type wire struct {
	inner http.RoundTripper

	mu            sync.Mutex
	calls         map[channeltest.Call]int
	before, after []hook
}

type hook struct {
	call channeltest.Call
	fn   func()
}

func (w *wire) plant(where *[]hook, c channeltest.Call, fn func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*where = append(*where, hook{c, fn})
}

func (w *wire) run(where *[]hook, c channeltest.Call) {
	w.mu.Lock()
	var due []func()
	var rest []hook
	for _, h := range *where {
		if h.call == c || h.call == channeltest.AnyCall {
			due = append(due, h.fn)
		} else {
			rest = append(rest, h)
		}
	}
	*where = rest
	w.mu.Unlock()
	for _, fn := range due {
		fn()
	}
}

// RoundTrip reads the whole answer before hooks run, so that it is from before them.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	c := classOf(r)
	w.mu.Lock()
	w.calls[c]++
	if c != channeltest.AnyCall {
		w.calls[channeltest.AnyCall]++
	}
	w.mu.Unlock()
	w.run(&w.before, c)
	resp, err := w.inner.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	w.run(&w.after, c)
	return resp, err
}

func classOf(r *http.Request) channeltest.Call {
	_, route, _ := strings.Cut(r.URL.Path, "/wc/v3/")
	named := r.URL.Query().Get("include") != ""
	switch {
	case route == "products/batch" && r.ContentLength <= 2: // the empty batch of a check
		return channeltest.AnyCall
	case strings.HasPrefix(route, "products") && r.Method != http.MethodGet:
		return channeltest.PushStock
	case strings.HasPrefix(route, "products"), strings.HasPrefix(route, "variations"):
		if named {
			return channeltest.ReadStock
		}
		return channeltest.ListListings
	case route == "orders" && named:
		return channeltest.GetOrders
	case route == "orders":
		return channeltest.ListOrders
	}
	return channeltest.AnyCall
}
