// Package shopify is the practice shop's Shopify face: the Admin GraphQL API as far as a stock tool uses it, with what
// Shopify does of itself. It carries out any document over the fields it knows. Facts come from shopify.md and from
// Shopify's schema of 2026-10; what none of them backs is marked "unverified".
package shopify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"evenstock/backend/practice"
)

// Version is the version of the API that the face answers in, whatever was asked for: as Shopify does when the asked one is
// not supported any more (shopify.md, 2).
const Version = "2026-10"

// Options describe the app that may come in, and the store's plan. Either the client's id and secret or Token let it in.
type Options struct {
	Shop                   string // of the domain before .myshopify.com
	ID                     int64  // of the shop; 0 means 8440213
	ClientID, ClientSecret string
	Token                  string        // of an app made in the admin before 2026; it never ends
	Scopes                 []string      // what the app was granted; nil means all of Scopes and of Selling
	Refusal                string        // what the token endpoint refuses with: app_not_installed, shop_not_permitted
	Version                string        // empty means Version
	BulkTime               time.Duration // how long a bulk operation takes
	NoBulk, BulkFails      bool          // none is begun, or none comes to its end
	Dear                   bool          // calls cost what the published rule says, twenty times what was seen
	Most, Restore          float64       // points of a full bucket, and those it gains a second; 0 means 2000 and 100 (Standard)
	Deepest                int           // how many objects cursors reach; 0 means 25,000
}

// Scopes are all that a stock tool may ask for (shopify.md, 2.1).
var Scopes = []string{"read_products", "read_inventory", "write_inventory", "read_locations", "read_orders", "read_all_orders",
	"read_merchant_managed_fulfillment_orders", "read_assigned_fulfillment_orders", "read_third_party_fulfillment_orders"}

// tokenLife is how long a token lasts that was got with the client's secret (shopify.md, 2.1).
const tokenLife = 24 * time.Hour

// Face answers Shopify's calls for one World. It is a practice.Face.
type Face struct {
	world   *practice.World
	options Options

	mu     sync.Mutex
	tokens map[string]time.Time // when each ends
	points float64
	filled time.Time
	keys   map[string]kept // answers by idempotency key
	bulks  []bulk          // operations, by their number less 1
	edits  []edit          // of orders, by their number less 1
	tests  map[int64]bool  // orders that are not real

	subscribed []subscription
	called     int // deliveries so far
}

// kept is an answer that is repeated when its key comes again.
type kept struct {
	input  string
	answer object
}

// New puts the face onto a world.
func New(w *practice.World, o Options) *Face {
	if o.Scopes == nil {
		o.Scopes = slices.Concat(Scopes, Selling)
	}
	if o.Version == "" {
		o.Version = Version
	}
	if o.ID == 0 {
		o.ID = 8440213
	}
	if o.Deepest == 0 {
		o.Deepest = deepest
	}
	if o.Most == 0 {
		o.Most, o.Restore = 2000, 100
	}
	return &Face{world: w, options: o, tokens: map[string]time.Time{}, points: o.Most, filled: w.Now(), keys: map[string]kept{}, tests: map[int64]bool{}}
}

// Rules are what Shopify does to available: an edit follows, a cancelled order gives back what was not shipped, and a
// refund says for itself what goes back (shopify.md, 2.3 and 2.4).
func Rules() practice.Rules {
	return practice.Rules{FailedGivesBack: true, EditsFollow: true, AddedFollow: true, SentStays: true}
}

// Handler serves the store, the practice routes included.
func (f *Face) Handler() http.Handler { return practice.Handler(f.world, f) }

// Public implements practice.Face: credentials travel in headers and bodies only.
func (f *Face) Public(r *http.Request) string { return r.URL.RequestURI() }

// Class implements practice.Face: what is asked for stands in the document.
func (f *Face) Class(r *http.Request) practice.Call {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	var in request
	if err != nil || in.decode(body) != nil {
		return practice.AnyCall
	}
	q, op, err := parse(in.Query, in.Variables)
	if err != nil {
		return practice.AnyCall
	}
	return q.class(op)
}

// Refuse implements practice.Face.
func (f *Face) Refuse(_ *http.Request, status int) practice.Response {
	return f.respond(status, map[string]any{"errors": "[API] " + http.StatusText(status)})
}

// request is the body of a call.
type request struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables"`
}

func (in *request) decode(body []byte) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return d.Decode(in)
}

// Answer implements practice.Face.
func (f *Face) Answer(r *http.Request, body []byte, lie practice.FaultKind) practice.Response {
	switch {
	case r.Method == http.MethodPost && r.URL.Path == "/admin/oauth/access_token":
		return f.grant(body)
	case r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, bulkFolder):
		return f.bulkFile(r.URL.Path)
	case r.Method != http.MethodPost || !strings.HasPrefix(r.URL.Path, "/admin/api/") || !strings.HasSuffix(r.URL.Path, "/graphql.json"):
		return f.respond(http.StatusNotFound, map[string]any{"errors": "Not Found"})
	case !f.knows(r.Header.Get("X-Shopify-Access-Token")):
		return f.respond(http.StatusUnauthorized, map[string]any{
			"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"})
	}
	var in request
	if err := in.decode(body); err != nil {
		return f.respond(http.StatusBadRequest, map[string]any{"errors": map[string]any{"query": "Required parameter missing or invalid"}})
	}
	q, op, err := parse(in.Query, in.Variables)
	if err != nil {
		return f.failed("", err.Error(), nil)
	}
	ceiling := q.ceiling(op.SelectionSet)
	if op.Operation == "mutation" {
		ceiling += 9 // 10 with its answer's 1
	}
	if ceiling > mostCost {
		return f.failed("MAX_COST_EXCEEDED", fmt.Sprintf("Query cost is %d, which exceeds the single query max cost limit (%d).", ceiling, mostCost), nil)
	}
	cost := 2 + float64(ceiling)/20
	if f.options.Dear {
		cost = float64(ceiling)
	}
	if res, over := f.charged(cost); over {
		return res
	}
	var res practice.Response
	f.world.Do(func(s *practice.State) {
		f.mu.Lock() // not around the visit: webhooks are called when it is over
		defer f.mu.Unlock()
		v := &visit{face: f, s: s, lie: lie, run: q, host: r.Host}
		data := q.object(op.SelectionSet, v.root())
		switch {
		case v.denied != "":
			res = f.failed("ACCESS_DENIED", "Access denied for "+v.denied+" field.", f.told(cost, cost))
		case v.refused != "":
			res = f.failed("BAD_REQUEST", v.refused, f.told(cost, cost))
		case q.problem != "":
			res = f.failed("undefinedField", q.problem, nil)
		default:
			res = f.respond(http.StatusOK, map[string]any{"data": data, "extensions": map[string]any{"cost": f.told(cost, cost)}})
		}
	})
	return res
}

// mostCost is what a single query may cost, whatever the plan (shopify.md, 2.6). The face holds every document to it by the
// published rule, which is a ceiling; what it charges is a twentieth of that, the one value that was ever measured.
const mostCost = 1000

// deepest is how many objects of a list cursors reach (shopify.md, 2.6).
const deepest = 25_000

// charged takes points off the bucket; over says that the call is refused because there are too few.
func (f *Face) charged(cost float64) (res practice.Response, over bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.charge(cost) {
		return res, false
	}
	res = f.failed("THROTTLED", "Throttled", f.told(cost, nil))
	res.Throttled = true
	return res, true
}

// charge takes points off the bucket, which the caller has locked.
func (f *Face) charge(cost float64) bool {
	now := f.world.Now()
	f.points = min(f.options.Most, f.points+max(0, now.Sub(f.filled).Seconds())*f.options.Restore)
	f.filled = now
	if f.points < cost {
		return false
	}
	f.points -= cost
	return true
}

func (f *Face) told(requested float64, actual any) map[string]any {
	return map[string]any{"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": map[string]any{
		"maximumAvailable": f.options.Most, "currentlyAvailable": f.points, "restoreRate": f.options.Restore}}
}

// failed answers a mistake, with status 200 as Shopify does.
func (f *Face) failed(code, text string, cost map[string]any) practice.Response {
	out := map[string]any{"errors": []any{map[string]any{"message": text, "extensions": map[string]any{"code": code}}}}
	if cost != nil {
		out["extensions"] = map[string]any{"cost": cost}
	}
	return f.respond(http.StatusOK, out)
}

func (f *Face) respond(status int, v any) practice.Response {
	b, err := json.Marshal(v)
	if err != nil {
		panic("shopify face: " + err.Error())
	}
	return practice.Response{Status: status, Body: b, Header: http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, "X-Shopify-Api-Version": {f.options.Version}}}
}

// grant is the token endpoint: the client credentials grant (shopify.md, 2.1).
func (f *Face) grant(body []byte) practice.Response {
	form, err := url.ParseQuery(string(body))
	refuse := func(code, text string) practice.Response {
		return f.respond(http.StatusBadRequest, map[string]any{"error": code, "error_description": text})
	}
	switch o := f.options; {
	case err != nil || form.Get("grant_type") != "client_credentials":
		return refuse("unsupported_grant_type", "The grant type is not supported")
	case o.ClientID == "" || form.Get("client_id") != o.ClientID || form.Get("client_secret") != o.ClientSecret:
		return refuse("invalid_client", "The client is unknown") // unverified
	case o.Refusal != "":
		return refuse(o.Refusal, "The app may not do this")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	token := fmt.Sprintf("shpat_practice%032d", len(f.tokens)+1)
	f.tokens[token] = f.world.Now().Add(tokenLife)
	return f.respond(http.StatusOK, map[string]any{"access_token": token, "scope": strings.Join(f.options.Scopes, ","),
		"expires_in": int64(tokenLife/time.Second) - 1})
}

func (f *Face) knows(token string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	ends, ok := f.tokens[token]
	return token != "" && (token == f.options.Token || ok && f.world.Now().Before(ends))
}

// Revoke ends all tokens that were granted; new ones can be had.
func (f *Face) Revoke() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for token := range f.tokens {
		f.tokens[token] = time.Time{}
	}
}

func (f *Face) may(scope string) bool { return slices.Contains(f.options.Scopes, scope) }
