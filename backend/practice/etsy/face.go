// Package etsy is the practice shop's Etsy face: the calls of Open API v3 that a stock tool makes, with what Etsy does of
// itself. Facts come from etsy.md, marketplace-auth-and-gotchas.md and Etsy's OpenAPI file; what none of them backs is
// marked "unverified".
package etsy

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"evenstock/backend/practice"
)

// Options describe the app that may come in, and its limits.
type Options struct {
	Keystring, Secret string
	Refresh           string   // a refresh token that is good from the start
	Scopes            []string // what logins allow; nil means everything
	Redirect          string   // the registered callback
	Shop              int64    // the shop's number; 0 means ShopID
	PerSecond, PerDay int      // limits; 0 for none, and then none are told
	PlainLists        bool     // lists of listings refuse to add inventories (both are possible)
	RenewResets       bool     // renewing a sold out listing sets its quantity to 1 even if it has another (both are possible)
}

// The shop behind every login, and its owner.
const (
	ShopID = 33012345
	UserID = 77054321
)

// Canaries are what the face fills the fields about a buyer with: none of them may leave the connector.
var Canaries = []string{"Canary Buyer", "canary@buyer.example", "1 Canary Lane", "Canaryville", "CN4 RY1", "canary gift words"}

// Face answers Open API v3 for one World. It is a practice.Face.
type Face struct {
	world   *practice.World
	options Options

	mu      sync.Mutex
	grants  grants
	calls   usage
	churn   map[int64]int64 // writes of each listing: product ids change with every one
	rested  map[int64]bool  // listings set inactive by a call
	soldOut map[int64]bool  // sold out listings that were given a quantity and not renewed
	renewed int             // how often Etsy charged its fee
}

// New puts the face onto a world.
func New(w *practice.World, o Options) *Face {
	if o.Scopes == nil {
		o.Scopes = []string{"listings_r", "listings_w", "transactions_r", "transactions_w", "shops_r"}
	}
	if o.Shop == 0 {
		o.Shop = ShopID
	}
	return &Face{world: w, options: o, grants: newGrants(o.Refresh), churn: map[int64]int64{}, rested: map[int64]bool{},
		soldOut: map[int64]bool{}}
}

// Rules are what Etsy does to its own number: nothing beyond a sale and a cancellation. Whether a cancellation gives units
// back is the seller's choice on Etsy (unverified).
func Rules() practice.Rules { return practice.Rules{} }

// Handler serves the shop, the practice routes included.
func (f *Face) Handler() http.Handler { return practice.Handler(f.world, f) }

// Rests says whether a call set a listing inactive and none set it active since.
func (f *Face) Rests(listing int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rested[listing]
}

// Renewed is how often a listing was renewed for a fee.
func (f *Face) Renewed() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.renewed
}

// call is one request on its way through the face.
type call struct {
	face   *Face
	r      *http.Request
	s      *practice.State
	ids    []int64 // numbers in the path
	query  url.Values
	body   []byte
	lie    practice.FaultKind
	header http.Header
}

// route is one operation of the API.
type route struct {
	practice.Endpoint
	scope  string // empty where any login, or none, will do
	class  practice.Call
	answer func(*call) practice.Response
}

func at(method, path, scope string, class practice.Call, answer func(*call) practice.Response) route {
	return route{practice.At(method, "/v3/application"+path, practice.NumberPart), scope, class, answer}
}

var routes = []route{
	at("GET", "/openapi-ping", "", practice.AnyCall, getPing),
	at("POST", "/scopes", "", practice.AnyCall, postScopes),
	at("GET", "/users/me", "shops_r", practice.AnyCall, getMe),
	at("GET", "/shops/{}", "", practice.AnyCall, getShop),
	at("GET", "/shops/{}/listings", "listings_r", practice.ListListings, getListings),
	at("GET", "/listings/batch/inventory", "listings_r", practice.ReadStock, getInventories),
	at("GET", "/listings/{}/inventory", "listings_r", practice.ReadStock, getInventory),
	at("PUT", "/listings/{}/inventory", "listings_w", practice.PushStock, putInventory),
	at("PATCH", "/shops/{}/listings/{}", "listings_w", practice.PushStock, patchListing),
	at("GET", "/shops/{}/receipts", "transactions_r", practice.ListOrders, getReceipts),
	at("GET", "/shops/{}/receipts/{}", "transactions_r", practice.GetOrders, getReceipt),
	at("PUT", "/shops/{}/receipts/{}", "transactions_w", practice.AnyCall, putReceipt),
	at("POST", "/shops/{}/receipts/{}/tracking", "transactions_w", practice.AnyCall, postTracking),
}

// Class implements practice.Face. The reading that a write begins with is a reading of stock.
func (f *Face) Class(r *http.Request) practice.Call {
	if rt, _ := practice.FindByNumbers(routes, r); rt != nil {
		return rt.class
	}
	return practice.AnyCall
}

// Public implements practice.Face: credentials travel in headers and bodies only, and a login's code is a secret.
func (f *Face) Public(r *http.Request) string {
	if r.URL.RawQuery == "" || strings.HasPrefix(r.URL.Path, "/oauth/") {
		return r.URL.Path
	}
	return r.URL.Path + "?" + r.URL.RawQuery
}

// Refuse implements practice.Face.
func (f *Face) Refuse(_ *http.Request, status int) practice.Response {
	text := map[int]string{http.StatusUnauthorized: "invalid_token: the token was revoked", // wording unverified
		http.StatusTooManyRequests: "Exceeded rate limit"}[status]
	if text == "" {
		text = "Server Error"
	}
	return (&call{face: f, header: http.Header{}}).fail(status, text)
}

// Answer implements practice.Face.
func (f *Face) Answer(r *http.Request, body []byte, lie practice.FaultKind) practice.Response {
	c := &call{face: f, r: r, query: r.URL.Query(), body: body, lie: lie, header: http.Header{}}
	switch r.URL.Path {
	case "/oauth/connect":
		return c.connect()
	case "/v3/public/oauth/token":
		return c.postToken()
	}
	if !f.knowsApp(r.Header.Get("x-api-key")) {
		return c.fail(http.StatusForbidden, "Invalid API key: use keystring:shared_secret in x-api-key") // wording unverified
	}
	if wait, ok := c.charge(); !ok {
		c.header.Set("Retry-After", strconv.Itoa(wait))
		res := c.fail(http.StatusTooManyRequests, "Exceeded rate limit")
		res.Throttled = true
		return res
	}
	rt, ids := practice.FindByNumbers(routes, r)
	if rt == nil {
		return c.fail(http.StatusNotFound, "Resource not found")
	}
	c.ids = ids
	if failure := c.authorize(rt); failure != nil {
		return *failure
	}
	var res practice.Response
	f.world.Do(func(s *practice.State) {
		c.s = s
		f.mu.Lock()
		defer f.mu.Unlock()
		if strings.Contains(r.URL.Path, "/shops/") && ids[0] != f.options.Shop {
			res = c.fail(http.StatusNotFound, "Shop not found")
			return
		}
		res = rt.answer(c)
	})
	return res
}

func (c *call) ok(v any) practice.Response { return c.respond(http.StatusOK, v) }

func (c *call) fail(status int, text string) practice.Response {
	return c.respond(status, map[string]string{"error": text})
}

func (c *call) respond(status int, v any) practice.Response {
	b, err := json.Marshal(v)
	if err != nil {
		panic("etsy face: " + err.Error())
	}
	c.header.Set("Content-Type", "application/json")
	return practice.Response{Status: status, Header: c.header, Body: b}
}

// number is a query parameter that is a whole number, standing when it is missing.
func (c *call) number(name string, standing int64) int64 {
	n, err := strconv.ParseInt(c.query.Get(name), 10, 64)
	if err != nil {
		return standing
	}
	return n
}

// stretch cuts the part of a list that limit and offset ask for; it fails where Etsy refuses them.
func stretch[T any](c *call, all []T) ([]T, bool) {
	limit, offset := c.number("limit", 25), c.number("offset", 0)
	if limit < 1 || limit > 100 || offset < 0 {
		return nil, false
	}
	from := min(int(offset), len(all))
	part := append([]T{}, all[from:min(from+int(limit), len(all))]...)
	if c.lie == practice.SkipItem && len(part) > 1 {
		part = append(part[:1], part[2:]...)
	}
	return part, true
}

type list struct {
	Count   int   `json:"count"`
	Results []any `json:"results"`
}
