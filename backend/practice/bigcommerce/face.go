// Package bigcommerce is the practice shop's BigCommerce face: the calls of the REST APIs V3 and V2 that a stock tool makes,
// and those that sell, ship, refund and edit, with what BigCommerce does of itself. Facts come from bigcommerce.md and from
// BigCommerce's OpenAPI files; what none of them backs is marked "unverified".
package bigcommerce

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"evenstock/backend/practice"
)

// Options describe the API account that may come in, and the store's plan.
type Options struct {
	Hash, Token string
	Secret      string        // the account's client secret, which signs webhooks
	Scopes      []string      // what the account allows; nil means everything
	Quota       int           // requests of a window; 0 means 150, as of the plans Standard and Plus
	Lag         time.Duration // how long after an adjustment the inventory still tells the number before it
	Settings    Settings      // what the store says it does to its numbers
}

// Settings are a store's stock settings. The face acts as the zero value says, whatever it tells.
type Settings struct{ LowersWhenShipped, KeepsOnEdit, KeepsOnRefund bool }

// The scopes of an API account (bigcommerce.md, 3.1).
const (
	Products    = "store_v2_products_read_only"
	Orders      = "store_v2_orders_read_only"
	Information = "store_v2_information_read_only"
	Places      = "store_locations_read_only"
	Inventory   = "store_inventory"
	Selling     = "store_v2_orders"
)

// Location is the number of the default location.
const Location = 1

// Canaries are what the face fills the fields about a buyer with: none of them may leave the connector.
var Canaries = []string{"Canary", "Buyer-Canary", "canary@buyer.example", "1 Canary Lane", "Canaryville", "CN4 RY1", "canary remark"}

// Face answers BigCommerce's calls for one World. It is a practice.Face.
type Face struct {
	world   *practice.World
	options Options

	mu     sync.Mutex
	ends   time.Time // of the window
	used   int
	writes int64
	marks  map[int64]mark // statuses set by number
	wrote  map[spot]wrote

	subscribed []subscription
	called     int // deliveries so far
}

// New puts the face onto a world.
func New(w *practice.World, o Options) *Face {
	if o.Scopes == nil {
		o.Scopes = []string{Products, Orders, Information, Places, Inventory, Selling}
	}
	if o.Quota == 0 {
		o.Quota = 150
	}
	return &Face{world: w, options: o, marks: map[int64]mark{}, wrote: map[spot]wrote{}}
}

// Rules are what BigCommerce does to its own number, set to lower it when an order is placed, to follow edits and to put
// cancelled and refunded orders back (bigcommerce.md, 3.4).
func Rules() practice.Rules {
	return practice.Rules{FailedGivesBack: true, EditsFollow: true, AddedFollow: true, RefundGivesBack: true}
}

// Handler serves the store, the practice routes included.
func (f *Face) Handler() http.Handler { return practice.Handler(f.world, f) }

// call is one request on its way through the face.
type call struct {
	face   *Face
	s      *practice.State
	ids    []int64 // numbers in the path
	query  url.Values
	body   []byte
	lie    practice.FaultKind
	header http.Header
	v2     bool
}

// route is one operation of the API.
type route struct {
	practice.Endpoint
	scope  string
	class  practice.Call
	answer func(*call) practice.Response
}

func at(method, path, scope string, class practice.Call, answer func(*call) practice.Response) route {
	return route{practice.At(method, "/stores/[^/]+/"+path, practice.NumberPart), scope, class, answer}
}

var routes = []route{
	at("GET", "v2/store", Information, practice.AnyCall, getStore),
	at("GET", "v2/time", Information, practice.AnyCall, getTime),
	at("GET", "v3/settings/inventory", Information, practice.AnyCall, getSettings),
	at("GET", "v3/inventory/locations", Places, practice.AnyCall, getLocations),
	at("GET", "v3/catalog/products", Products, practice.ListListings, getProducts),
	at("GET", "v3/inventory/items", Inventory, practice.ReadStock, getItems),
	at("PUT", "v3/inventory/adjustments/absolute", Inventory, practice.PushStock, putAbsolute),
	at("POST", "v3/inventory/adjustments/relative", Inventory, practice.PushStock, postRelative),
	at("GET", "v2/order_statuses", Orders, practice.AnyCall, getStatuses),
	at("GET", "v2/orders", Orders, practice.ListOrders, getOrders),
	at("GET", "v2/orders/{}", Orders, practice.GetOrders, getOrder),
	at("GET", "v2/orders/{}/products", Orders, practice.GetOrders, getOrderProducts),
	at("POST", "v2/orders", Selling, practice.AnyCall, postOrder),
	at("PUT", "v2/orders/{}", Selling, practice.AnyCall, putOrder),
	at("DELETE", "v2/orders/{}", Selling, practice.AnyCall, deleteOrder),
	at("POST", "v2/orders/{}/shipments", Selling, practice.AnyCall, postShipment),
	at("POST", "v3/orders/{}/payment_actions/refunds", Selling, practice.AnyCall, postRefund),
}

// Class implements practice.Face. A question for named products is part of a reading of stock.
func (f *Face) Class(r *http.Request) practice.Call {
	rt, _ := practice.FindByNumbers(routes, r)
	switch {
	case rt == nil:
		return practice.AnyCall
	case rt.class == practice.ListListings && r.URL.Query().Has("id:in"):
		return practice.ReadStock
	}
	return rt.class
}

// Public implements practice.Face: the token travels in a header only.
func (f *Face) Public(r *http.Request) string { return r.URL.RequestURI() }

// Refuse implements practice.Face.
func (f *Face) Refuse(r *http.Request, status int) practice.Response {
	return f.call(r, nil, "").fail(status, http.StatusText(status))
}

func (f *Face) call(r *http.Request, body []byte, lie practice.FaultKind) *call {
	return &call{face: f, query: r.URL.Query(), body: body, lie: lie, header: http.Header{}, v2: strings.Contains(r.URL.Path, "/v2/")}
}

// Answer implements practice.Face.
func (f *Face) Answer(r *http.Request, body []byte, lie practice.FaultKind) practice.Response {
	c := f.call(r, body, lie)
	if hash, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/stores/"), "/"); hash != f.options.Hash ||
		r.Header.Get("X-Auth-Token") != f.options.Token { // the answer to an unknown store is unverified
		return c.fail(http.StatusUnauthorized, "Unauthorized")
	}
	if !c.charge() {
		res := c.fail(http.StatusTooManyRequests, "Too many requests")
		res.Throttled = true
		return res
	}
	rt, ids := practice.FindByNumbers(routes, r)
	if rt == nil {
		return c.fail(http.StatusNotFound, "The route is not found")
	}
	if !slices.Contains(f.options.Scopes, rt.scope) {
		return c.fail(http.StatusForbidden, "You don't have a required scope to access the endpoint") // wording unverified
	}
	c.ids = ids
	var res practice.Response
	f.world.Do(func(s *practice.State) {
		c.s = s
		f.mu.Lock()
		defer f.mu.Unlock()
		res = rt.answer(c)
	})
	return res
}

// windowLength is how long a window lasts (bigcommerce.md, 3.6).
const windowLength = 30 * time.Second

// charge counts the call and tells what is left of the window. It returns false when nothing is.
func (c *call) charge() bool {
	f := c.face
	now := f.world.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	if !now.Before(f.ends) {
		f.ends, f.used = now.Add(windowLength), 0
	}
	allowed := f.used < f.options.Quota
	if allowed {
		f.used++
	}
	tell := func(name string, n int64) { c.header.Set("X-Rate-Limit-"+name, strconv.FormatInt(n, 10)) }
	tell("Time-Window-Ms", windowLength.Milliseconds())
	tell("Time-Reset-Ms", f.ends.Sub(now).Milliseconds())
	tell("Requests-Quota", int64(f.options.Quota))
	tell("Requests-Left", int64(f.options.Quota-f.used))
	return allowed
}

func (c *call) ok(v any) practice.Response { return c.respond(http.StatusOK, "application/json", v) }

// fail answers a problem in V3, a list of messages in V2.
func (c *call) fail(status int, text string) practice.Response {
	if c.v2 {
		return c.respond(status, "application/json", []any{map[string]any{"status": status, "message": text}})
	}
	return c.respond(status, "application/problem+json", map[string]any{"status": status, "title": text,
		"type": "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes", "errors": map[string]any{}})
}

func (c *call) respond(status int, kind string, v any) practice.Response {
	b, err := json.Marshal(v)
	if err != nil {
		panic("bigcommerce face: " + err.Error())
	}
	c.header.Set("Content-Type", kind)
	return practice.Response{Status: status, Header: c.header, Body: b}
}

func (c *call) empty() practice.Response {
	return practice.Response{Status: http.StatusNoContent, Header: c.header}
}

// number is a query parameter that is a whole number, standing when it is missing.
func (c *call) number(name string, standing int64) int64 {
	n, err := strconv.ParseInt(c.query.Get(name), 10, 64)
	if err != nil {
		return standing
	}
	return n
}

// numbers is a query parameter that lists numbers, nil when it is missing.
func (c *call) numbers(name string) map[int64]bool {
	if !c.query.Has(name) {
		return nil
	}
	out := map[int64]bool{}
	for _, text := range strings.Split(c.query.Get(name), ",") {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			out[n] = true
		}
	}
	return out
}

// stretch cuts the page of a list that page and limit ask for.
func stretch[T any](c *call, all []T, most int64) []T {
	limit := min(max(1, c.number("limit", 50)), most)
	from := min(int64(len(all)), (max(1, c.number("page", 1))-1)*limit)
	part := append([]T{}, all[from:min(from+limit, int64(len(all)))]...)
	if c.lie == practice.SkipItem && len(part) > 1 {
		part = append(part[:1], part[2:]...)
	}
	return part
}

// page is a list of V3.
func (c *call) page(data []any, total int) practice.Response {
	return c.ok(map[string]any{"data": data, "meta": map[string]any{"pagination": map[string]any{"total": total, "count": len(data)}}})
}
