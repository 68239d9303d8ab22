// Package ebay is the practice shop's eBay face: the calls of the Inventory, Fulfillment, Identity and Trading APIs that a
// stock tool makes, with what eBay does of itself. Facts come from ebay.md, channels/README.md and eBay's OpenAPI files; the
// Trading API has no file, and what no document backs is marked "unverified".
package ebay

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"evenstock/backend/practice"
)

// Options describe the app that may come in and the account it comes to.
type Options struct {
	ClientID, Secret, RuName, Refresh string
	User                              string // number of the account, which never changes
	Accept                            string // where the browser is sent after a login; empty means eBay's own page
	Site                              string // empty means EBAY_GB
	// Legacy says which products are kept in the Trading API; nil means those without a SKU only.
	Legacy    func(*practice.Item) bool
	NoControl bool // the account has no Out-of-stock control
	Single    bool // a bulk update takes one SKU only, as one of eBay's documents has it
	// NoSKUArray has lists of the Trading API refuse to be asked for by SKU.
	NoSKUArray bool
	Skips      bool     // the offset of items is a number of items, as that of orders is, and not of a page
	Refused    []string // prefixes of paths that the login has no scope for
	Wide       bool     // the login has the scope that lets orders be written, not the one that lets them be read
	Unlimited  bool     // calls and revisions are not counted
}

// Canaries are what the face fills the fields about people with: none of them may leave the connector.
var Canaries = []string{"canary_buyer_77", "Canary Buyer", "canary@buyer.example", "1 Canary Lane", "Canaryville", "CN4 RY1", "canary_seller_12", "+44 20 7946 0999"}

// Face answers the APIs for one World. It is a practice.Face.
type Face struct {
	world   *practice.World
	options Options

	mu      sync.Mutex
	next    int
	access  map[string]time.Time // until when
	codes   map[string]bool
	control bool
	spare   map[int64][2]int64 // how far the item's and the offer's number are above the lower one, by item
	day     string
	calls   map[string]int // of the day, by API
	revised map[int64]int  // of the day, by listing
}

// New puts the face onto a world.
func New(w *practice.World, o Options) *Face {
	if o.Site == "" {
		o.Site = "EBAY_GB"
	}
	if o.Accept == "" {
		o.Accept = "https://auth.ebay.com/oauth2/ThirdPartyAuthSucessFailure"
	}
	return &Face{world: w, options: o, access: map[string]time.Time{}, codes: map[string]bool{}, control: !o.NoControl, spare: map[int64][2]int64{},
		calls: map[string]int{}, revised: map[int64]int{}}
}

// Rules are what eBay does to its own number: nothing beyond a sale and a cancellation. Whether every cancellation gives units
// back is unverified.
func Rules() practice.Rules { return practice.Rules{} }

// Handler serves the shop, the practice routes included.
func (f *Face) Handler() http.Handler { return practice.Handler(f.world, f) }

// call is one request on its way through the face.
type call struct {
	face   *Face
	r      *http.Request
	s      *practice.State
	parts  []string // of the path
	query  url.Values
	body   []byte
	lie    practice.FaultKind
	header http.Header
	over   bool // a limit is reached
}

// route is one call of the REST APIs.
type route struct {
	practice.Endpoint
	api    string
	class  practice.Call
	answer func(*call) practice.Response
}

func at(method, path, api string, class practice.Call, answer func(*call) practice.Response) route {
	return route{practice.At(method, path, practice.AnyPart), api, class, answer}
}

var routes = []route{
	at("GET", "/commerce/identity/v1/user/", "", practice.AnyCall, getUser),
	at("GET", "/sell/inventory/v1/inventory_item", inventory, practice.ListListings, getItems),
	at("GET", "/sell/inventory/v1/offer", inventory, practice.ReadStock, getOffers),
	at("POST", "/sell/inventory/v1/bulk_get_inventory_item", inventory, practice.ReadStock, bulkGet),
	at("POST", "/sell/inventory/v1/bulk_update_price_quantity", inventory, practice.PushStock, bulkUpdate),
	at("GET", "/sell/fulfillment/v1/order", fulfillment, practice.ListOrders, getOrders),
	at("GET", "/sell/fulfillment/v1/order/{}", fulfillment, practice.GetOrders, getOrder),
	at("GET", "/sell/fulfillment/v1/order/{}/shipping_fulfillment", fulfillment, practice.AnyCall, getShipping),
	at("POST", "/sell/fulfillment/v1/order/{}/shipping_fulfillment", fulfillment, practice.AnyCall, createShipping),
}

// Class implements practice.Face.
func (f *Face) Class(r *http.Request) practice.Call {
	if r.URL.Path == tradingPath {
		return tradingCalls[r.Header.Get("X-EBAY-API-CALL-NAME")].class()
	}
	rt, _ := practice.Find(routes, r)
	switch {
	case rt == nil:
		return practice.AnyCall
	case rt.class == practice.ListOrders && r.URL.Query().Get("orderIds") != "":
		return practice.GetOrders
	}
	return rt.class
}

// Public implements practice.Face: credentials travel in headers and bodies, and a code in the address of a login.
func (f *Face) Public(r *http.Request) string {
	if r.URL.RawQuery == "" || strings.HasPrefix(r.URL.Path, "/oauth2/") {
		return r.URL.Path
	}
	return r.URL.Path + "?" + r.URL.RawQuery
}

// Refuse implements practice.Face.
func (f *Face) Refuse(r *http.Request, status int) practice.Response {
	c := &call{face: f, r: r, header: http.Header{}}
	if r.URL.Path == tradingPath {
		if status == http.StatusUnauthorized { // a refusal of the Trading API is an answer of 200
			return c.failure("931", "Auth token is invalid.", "RequestError")
		}
		res := c.failure("10007", "Internal error to the application.", "SystemError")
		res.Status = status
		return res
	}
	id := map[int]int{http.StatusUnauthorized: 1001, http.StatusTooManyRequests: 2001}[status]
	if id == 0 {
		id = 25001
	}
	return c.fail(status, id, "The request was refused.")
}

// Answer implements practice.Face.
func (f *Face) Answer(r *http.Request, body []byte, lie practice.FaultKind) practice.Response {
	c := &call{face: f, r: r, query: r.URL.Query(), body: body, lie: lie, header: http.Header{}}
	switch r.URL.Path {
	case "/oauth2/authorize":
		return c.authorizePage()
	case "/identity/v1/oauth2/token":
		return c.postToken()
	case tradingPath:
		return c.trading()
	}
	if res := c.authorize(); res != nil {
		return *res
	}
	rt, parts := practice.Find(routes, r)
	if rt == nil {
		return c.fail(http.StatusNotFound, 2002, "Resource not found")
	}
	c.parts = parts
	var res practice.Response
	f.world.Do(func(s *practice.State) {
		c.s = s
		f.mu.Lock()
		defer f.mu.Unlock()
		if !c.charge(rt.api) {
			res = c.fail(http.StatusTooManyRequests, 2001, "Too many requests. The request limit has been reached for the resource.")
			return
		}
		res = rt.answer(c)
	})
	res.Throttled = c.over
	return res
}

func (c *call) ok(v any) practice.Response { return c.respond(http.StatusOK, v) }

// flaw is an error of the REST APIs.
func flaw(id int, text string) map[string]any {
	return map[string]any{"errorId": id, "domain": "API_PRACTICE", "category": "REQUEST", "message": text, "longMessage": text}
}

func (c *call) fail(status, id int, text string) practice.Response {
	return c.respond(status, map[string]any{"errors": []any{flaw(id, text)}})
}

func (c *call) respond(status int, v any) practice.Response {
	b, err := json.Marshal(v)
	if err != nil {
		panic("ebay face: " + err.Error())
	}
	c.header.Set("Content-Type", "application/json")
	return practice.Response{Status: status, Header: c.header, Body: b}
}
