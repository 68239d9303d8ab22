// Package woocommerce is the practice shop's WooCommerce face: wc/v3 over HTTP as WooCommerce 7.9.0 to 11.0.1 answer
// it. Facts come from woocommerce-observed.md and its recordings; what neither backs is marked "unverified".
package woocommerce

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"sync"

	"evenstock/backend/practice"
)

// Permission is what a key may do.
type Permission string

const (
	ReadWrite Permission = "read_write"
	ReadOnly  Permission = "read"
	WriteOnly Permission = "write"
)

// Key is a pair of consumer key and secret.
type Key struct {
	Key, Secret string
	Permission  Permission
}

// Options describe how the shop is installed.
type Options struct {
	Version      string   // of WooCommerce; empty means [Latest]
	Home         string   // the shop's address as WordPress knows it, path included, without trailing slash; empty: as called
	Keys         []Key    // who may come in
	Statuses     []string // order statuses that plugins added, without "wc-"
	Fulfillments bool     // the optional feature of partial shipping is on

	PlainPermalinks bool // addresses such as /wp-json do not exist
	NoWooCommerce   bool // a WordPress site without the plugin
}

// Face answers wc/v3 for one World. It is a practice.Face.
type Face struct {
	world   *practice.World
	options Options
	version version
	routes  []route

	mu       sync.Mutex
	nonces   map[string]int64 // used OAuth nonces and their timestamps
	settings map[string]string
	webhooks []webhook
	sent     int          // deliveries so far
	calls    *http.Client // what deliveries are made with, nil: they are not
}

// New puts the face onto a world. The world's rules should be [Rules] of the same version.
func New(w *practice.World, o Options) *Face {
	if o.Version == "" {
		o.Version = Latest
	}
	f := &Face{world: w, options: o, version: parseVersion(o.Version), nonces: map[string]int64{},
		settings: map[string]string{}}
	f.routes = f.table()
	return f
}

// Handler serves the shop, the practice routes included.
func (f *Face) Handler() http.Handler { return practice.Handler(f.world, f) }

// SetHome tells the shop its address once it is known.
func (f *Face) SetHome(home string) { f.options.Home = home }

// apiRoot is where the REST API of a WordPress site with pretty permalinks begins.
const apiRoot = "/wp-json"

// call is one request on its way through the face.
type call struct {
	face   *Face
	r      *http.Request
	s      *practice.State
	home   string
	route  *route
	ids    []int64 // numbers in the path
	query  query
	body   map[string]any
	key    *Key
	lie    practice.FaultKind
	edit   bool     // the answer shows raw values, as after a write
	batch  bool     // inside a batch there is no schema check
	made   *webhook // by this call
	base   *int64   // the number an inventory_delta was read against
	header http.Header
	pick   selection
}

// Answer implements practice.Face.
func (f *Face) Answer(r *http.Request, body []byte, lie practice.FaultKind) practice.Response {
	c := &call{face: f, r: r, home: f.home(r), lie: lie, query: parseQuery(r.URL.RawQuery), header: http.Header{}}
	path, ok := strings.CutPrefix(f.path(r), apiRoot)
	if !ok || f.options.PlainPermalinks {
		return c.outside()
	}
	path = strings.TrimSuffix(path, "/")
	key, failure := f.authenticate(r, c.query)
	if failure != nil {
		return c.fail(failure)
	}
	c.key = key
	method := c.method()
	if failure := key.allows(method); failure != nil {
		return c.fail(failure)
	}
	res := c.dispatch(method, path, body)
	if c.made != nil {
		f.ping(*c.made)
	}
	return res
}

func (c *call) dispatch(method, path string, body []byte) practice.Response {
	c.route, c.ids = c.face.match(path)
	if c.route == nil || method != http.MethodOptions && c.route.handler(method) == nil {
		return c.fail(errNoRoute)
	}
	c.header.Set("Allow", c.route.allow())
	if method == http.MethodOptions {
		return c.respond(http.StatusOK, c.route.schema())
	}
	if failure := c.parseBody(body); failure != nil {
		return c.fail(failure)
	}
	if failure := c.validate(method); failure != nil {
		return c.fail(failure)
	}
	if c.key == nil && !c.route.open {
		c.header.Del("Allow")
		return c.fail(c.route.denied(method))
	}
	c.pick = newSelection(c.query.get("_fields"))
	c.edit = method != http.MethodGet && method != http.MethodHead
	c.readBase()
	var res practice.Response
	c.face.world.Do(func(s *practice.State) {
		c.s = s
		var restore func()
		if c.lie == practice.IgnoreWrite {
			restore = s.Keep(c.mentioned())
		}
		res = c.route.handler(method)(c)
		if restore != nil {
			restore()
		}
	})
	return res
}

// readBase reads the number that an inventory_delta goes on top of. Reading and writing are two steps, as in the real
// shop: of changes that come in between, one is lost (woocommerce-observed.md).
func (c *call) readBase() {
	if c.body["inventory_delta"] == nil || len(c.ids) == 0 {
		return
	}
	c.face.world.Do(func(s *practice.State) {
		if it := s.Item(c.ids[len(c.ids)-1]); it != nil && it.Counted {
			quantity := int64(0)
			if it.Quantity != nil {
				quantity = *it.Quantity
			}
			c.base = &quantity
		}
	})
	c.face.world.Midway()
}

// method is the request's method; "_method" in the query of a POST replaces it.
func (c *call) method() string {
	if m := c.query.get("_method"); c.r.Method == http.MethodPost && m != "" {
		return strings.ToUpper(m)
	}
	return c.r.Method
}

func (c *call) parseBody(raw []byte) *apiError {
	c.body = map[string]any{}
	if len(bytes.TrimSpace(raw)) == 0 || !strings.Contains(c.r.Header.Get("Content-Type"), "json") {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&c.body); err != nil && err != io.EOF {
		return errBadJSON
	}
	return nil
}

// mentioned are the ids of the items a request names in its path or its batch.
func (c *call) mentioned() []int64 {
	ids := append([]int64(nil), c.ids...)
	updates, _ := c.body["update"].([]any)
	for _, u := range updates {
		if m, ok := u.(map[string]any); ok {
			ids = append(ids, integer(m["id"]))
		}
	}
	return ids
}

// path is the path of a request below the shop's home.
func (f *Face) path(r *http.Request) string {
	base := ""
	if u, err := url.Parse(f.options.Home); err == nil {
		base = u.Path
	}
	return strings.TrimPrefix(r.URL.Path, base)
}

// home is the shop's address, with the scheme that WordPress believes to be called by.
func (f *Face) home(r *http.Request) string {
	home := f.options.Home
	if home == "" {
		home = "http://" + r.Host
	}
	_, rest, _ := strings.Cut(home, "://")
	if overTLS(r) {
		return "https://" + rest
	}
	return "http://" + rest
}

func overTLS(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// Class implements practice.Face. A read that names its items counts as reading stock or orders; a list counts as
// listing.
func (f *Face) Class(r *http.Request) practice.Call {
	path := strings.Trim(strings.TrimPrefix(f.path(r), apiRoot+"/wc/v3"), "/")
	parts := strings.Split(path, "/")
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	q := parseQuery(r.URL.RawQuery)
	named := q.get("include") != ""
	last := parts[len(parts)-1]
	switch {
	case parts[0] != "products" && parts[0] != "variations" && parts[0] != "orders":
		return practice.AnyCall
	case parts[0] == "orders" && (!reads || len(parts) > 2):
		return practice.AnyCall
	case parts[0] == "orders" && (named || len(parts) == 2):
		return practice.GetOrders
	case parts[0] == "orders":
		return practice.ListOrders
	case !reads && r.Method != http.MethodOptions && r.Method != http.MethodDelete && last != "products" && last != "variations":
		return practice.PushStock
	case !reads || q.get("sku") != "":
		return practice.AnyCall
	case named || isNumber(last):
		return practice.ReadStock
	}
	return practice.ListListings
}

// Public implements practice.Face.
func (f *Face) Public(r *http.Request) string {
	values := r.URL.Query()
	for name := range values {
		if strings.HasPrefix(name, "oauth_") || strings.HasPrefix(name, "consumer_") {
			values.Del(name)
		}
	}
	if len(values) == 0 {
		return r.URL.Path
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	var pairs []string
	for _, name := range names {
		pairs = append(pairs, name+"="+strings.Join(values[name], ","))
	}
	return (&url.URL{Path: r.URL.Path}).Path + "?" + strings.Join(pairs, "&")
}

// Refuse implements practice.Face. What a host puts in front of the shop answers, so the wording is anyone's
// (unverified).
func (f *Face) Refuse(r *http.Request, status int) practice.Response {
	c := &call{face: f, r: r, header: http.Header{}}
	if status == http.StatusUnauthorized {
		return c.fail(errAuth("Consumer key is invalid."))
	}
	if status == http.StatusTooManyRequests {
		return c.fail(&apiError{code: "rate_limit_exceeded", message: "Too many requests.", status: status})
	}
	return c.fail(&apiError{code: "internal_server_error",
		message: "<p>There has been a critical error on this website.</p>", status: status})
}

// outside answers what is not the REST API: pages for people, and the API by "?rest_route=", which knows no keys.
func (c *call) outside() practice.Response {
	if c.query.get("rest_route") != "" {
		return c.fail(errCannotList)
	}
	page := "<!DOCTYPE html><html><head><title>" + htmlEscape(c.face.world.Name()) + "</title></head><body></body></html>"
	status := http.StatusOK
	if c.face.path(c.r) != "/" {
		status = http.StatusNotFound
	}
	return practice.Response{Status: status, Header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}}, Body: []byte(page)}
}
