package practicetest

import (
	"sync"
	"testing"
	"time"

	"evenstock/backend/practice"
	"evenstock/backend/practice/woocommerce"
)

// Key and Secret are those of every shop this package makes; they may read and write.
const (
	Key    = "ck_1234567890123456789012345678901234567890"
	Secret = "cs_abcdef0123abcdef0123abcdef0123abcdef0123"
)

// Start is when the clocks of this package begin: a Monday morning.
var Start = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

// Clock is a clock that goes on only when it is told to.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock returns a clock that shows start.
func NewClock(start time.Time) *Clock { return &Clock{at: start} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Advance lets the clock go on by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// Options of a shop for tests. The zero value is a shop of the latest version, in UTC, over plain http.
type Options struct {
	Version      string
	Name         string
	Zone         *time.Location
	Clock        *Clock // nil means a new one that shows Start
	Seed         uint64
	TLS          bool // serve over TLS; Client trusts it
	Direct       bool // no socket: Client calls the face in the caller's goroutine
	Permission   woocommerce.Permission
	Statuses     []string
	Fulfillments bool
	Path         string // the shop's home is in this folder, such as "/shop"

	PlainPermalinks bool // the shop's REST API is not where it should be
	NoWooCommerce   bool // the site has no shop
}

// WooCommerce is a WooCommerce shop that a test controls. A connector under test is given URL, Client, Clock.Now and
// the key.
type WooCommerce struct {
	*Shop
	Site
	Face        *woocommerce.Face
	Key, Secret string
}

// New serves a WooCommerce shop until the test ends.
func New(t testing.TB, o Options) *WooCommerce {
	t.Helper()
	if o.Clock == nil {
		o.Clock = NewClock(Start)
	}
	if o.Name == "" {
		o.Name = "Fernhill Home"
	}
	if o.Permission == "" {
		o.Permission = woocommerce.ReadWrite
	}
	w := practice.New(practice.Options{Name: o.Name, Zone: o.Zone, Now: o.Clock.Now, Seed: o.Seed,
		Rules: woocommerce.Rules(o.Version)})
	face := woocommerce.New(w, woocommerce.Options{Version: o.Version, Statuses: o.Statuses, Fulfillments: o.Fulfillments,
		PlainPermalinks: o.PlainPermalinks, NoWooCommerce: o.NoWooCommerce,
		Keys: []woocommerce.Key{{Key: Key, Secret: Secret, Permission: o.Permission}}})
	shop := &WooCommerce{Shop: Over(w, o.Clock), Site: over(o.Clock, face.Handler(), nil), Face: face, Key: Key, Secret: Secret}
	if shop.serve(t, face.Handler(), o.Direct, o.TLS); o.Direct {
		shop.URL = map[bool]string{false: "http://shop.test", true: "https://shop.test"}[o.TLS]
	}
	shop.URL += o.Path
	face.SetHome(shop.URL)
	shop.Fields = map[string]string{"url": shop.URL, "key": Key, "secret": Secret}
	return shop
}
