// Package amazon is the practice shop's Amazon face: the calls of the Selling Partner API that a stock tool makes, with what
// Amazon does of itself. Facts come from amazon.md, channels/README.md and Amazon's Swagger files; what none of them backs is
// marked "unverified".
package amazon

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"evenstock/backend/practice"
)

// Options describe the app that may come in, and how fast Amazon is.
type Options struct {
	ClientID, Secret, Refresh string
	Seller, Marketplace       string
	Delay                     time.Duration // until a write or a feed is applied and a report is written; 0 is at once
	Unlimited                 bool          // calls are not counted
	// Pace is how much faster than Amazon's the account says that calls come back, 0 for as fast. They really come back twice
	// as fast as it says, so that none is refused because two calls arrive closer together than they were sent.
	Pace    float64
	Refused []string // prefixes of paths the app has no role for
	Plain   bool     // documents are not packed
	Locked  []string // SKUs of listings that take no change (wording unverified)
	Fatal   bool     // every feed is given up by Amazon, and nothing of it is applied
}

// Canaries are what the face fills the fields about a buyer with: none of them may leave the connector.
var Canaries = []string{"Canary Buyer", "canary@buyer.example", "1 Canary Lane", "Canaryville", "CN4 RY1"}

// Face answers the API for one World. It is a practice.Face.
type Face struct {
	world   *practice.World
	options Options

	mu      sync.Mutex
	next    int
	access  map[string]time.Time // until when
	buckets map[string]*bucket
	writes  []write
	jobs    map[string]*job
	docs    map[string][]byte
}

// New puts the face onto a world.
func New(w *practice.World, o Options) *Face {
	return &Face{world: w, options: o, access: map[string]time.Time{}, buckets: map[string]*bucket{}, jobs: map[string]*job{}, docs: map[string][]byte{}}
}

// Rules are what Amazon does to its own number: nothing beyond a sale and a cancellation. Whether a cancellation gives units
// back is the seller's choice in part (unverified).
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
}

// route is one operation of the API.
type route struct {
	practice.Endpoint
	name   string
	rate   float64 // calls a second
	burst  float64
	class  practice.Call
	answer func(*call) practice.Response
}

func at(method, path, name string, rate, burst float64, class practice.Call, answer func(*call) practice.Response) route {
	return route{practice.At(method, path, practice.AnyPart), name, rate, burst, class, answer}
}

// Rates and bursts are the published ones (amazon.md, rate limits).
var routes = []route{
	at("GET", "/sellers/v1/marketplaceParticipations", "getMarketplaceParticipations", 0.016, 15, practice.AnyCall, getParticipations),
	at("GET", "/listings/2021-08-01/items/{}", "searchListingsItems", 5, 5, practice.ReadStock, searchListings),
	at("GET", "/listings/2021-08-01/items/{}/{}", "getListingsItem", 5, 10, practice.ReadStock, getListing),
	at("PATCH", "/listings/2021-08-01/items/{}/{}", "patchListingsItem", 5, 5, practice.PushStock, patchListing),
	at("POST", "/reports/2021-06-30/reports", "createReport", 0.0167, 15, practice.ListListings, createReport),
	at("GET", "/reports/2021-06-30/reports/{}", "getReport", 2, 15, practice.AnyCall, getReport),
	at("GET", "/reports/2021-06-30/documents/{}", "getReportDocument", 0.0167, 15, practice.AnyCall, getReportDocument),
	at("POST", "/feeds/2021-06-30/documents", "createFeedDocument", 0.5, 15, practice.AnyCall, createFeedDocument),
	at("POST", "/feeds/2021-06-30/feeds", "createFeed", 0.0083, 15, practice.PushStock, createFeed),
	at("GET", "/feeds/2021-06-30/feeds/{}", "getFeed", 2, 15, practice.AnyCall, getFeed),
	at("GET", "/feeds/2021-06-30/documents/{}", "getFeedDocument", 0.0222, 10, practice.AnyCall, getFeedDocument),
	at("GET", "/fba/inventory/v1/summaries", "getInventorySummaries", 2, 2, practice.AnyCall, getSummaries),
	at("GET", "/orders/2026-01-01/orders", "searchOrders", 0.0056, 20, practice.ListOrders, searchOrders),
	at("GET", "/orders/2026-01-01/orders/{}", "getOrder", 0.5, 30, practice.GetOrders, getOrder),
	at("POST", "/orders/v0/orders/{}/shipmentConfirmation", "confirmShipment", 2, 10, practice.AnyCall, confirmShipment),
}

// Class implements practice.Face.
func (f *Face) Class(r *http.Request) practice.Call {
	if rt, _ := practice.Find(routes, r); rt != nil {
		return rt.class
	}
	return practice.AnyCall
}

// Public implements practice.Face: credentials travel in headers and bodies, and in the address of a document.
func (f *Face) Public(r *http.Request) string {
	if r.URL.RawQuery == "" || strings.HasPrefix(r.URL.Path, "/documents/") {
		return r.URL.Path
	}
	return r.URL.Path + "?" + r.URL.RawQuery
}

// Refuse implements practice.Face.
func (f *Face) Refuse(_ *http.Request, status int) practice.Response {
	code := map[int]string{http.StatusUnauthorized: "Unauthorized", http.StatusTooManyRequests: "QuotaExceeded"}[status]
	if code == "" {
		code = "InternalFailure"
	}
	return (&call{face: f, header: http.Header{}}).fail(status, code, "The request was refused.")
}

// Answer implements practice.Face.
func (f *Face) Answer(r *http.Request, body []byte, lie practice.FaultKind) practice.Response {
	c := &call{face: f, r: r, query: r.URL.Query(), body: body, lie: lie, header: http.Header{}}
	f.Apply()
	switch {
	case r.URL.Path == "/auth/o2/token":
		return c.postToken()
	case strings.HasPrefix(r.URL.Path, "/documents/"):
		return c.document()
	}
	if res := c.authorize(); res != nil {
		return *res
	}
	rt, parts := practice.Find(routes, r)
	if rt == nil {
		return c.fail(http.StatusNotFound, "NotFound", "Resource not found.")
	}
	if !c.charge(rt) {
		res := c.fail(http.StatusTooManyRequests, "QuotaExceeded", "You exceeded your quota for the requested resource.")
		res.Throttled = true
		return res
	}
	c.parts = parts
	var res practice.Response
	f.world.Do(func(s *practice.State) {
		c.s = s
		f.mu.Lock()
		defer f.mu.Unlock()
		if strings.HasPrefix(r.URL.Path, "/listings/") && parts[0] != f.options.Seller {
			res = c.fail(http.StatusBadRequest, "InvalidInput", "Invalid 'sellerId' provided.") // wording unverified
			return
		}
		res = rt.answer(c)
	})
	return res
}

func (c *call) ok(v any) practice.Response { return c.respond(http.StatusOK, v) }

func (c *call) fail(status int, code, text string) practice.Response {
	return c.respond(status, map[string]any{"errors": []any{map[string]string{"code": code, "message": text}}})
}

func (c *call) respond(status int, v any) practice.Response {
	b, err := json.Marshal(v)
	if err != nil {
		panic("amazon face: " + err.Error())
	}
	c.header.Set("Content-Type", "application/json")
	return practice.Response{Status: status, Header: c.header, Body: b}
}
