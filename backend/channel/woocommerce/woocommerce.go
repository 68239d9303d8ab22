// Package woocommerce connects shops that run WooCommerce, through its REST API wc/v3.
//
// Facts about the vendor come from woocommerce-observed.md, where a real shop was recorded, and from woocommerce.md. Where
// the two disagree the first is right.
package woocommerce

import (
	"cmp"
	"log/slog"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	listingEvery = time.Minute // product.md L6
	pushBatch    = 50          // half of what a batch may hold, faster than all of it where it was measured (woocommerce.md, 4.5)
	readBatch    = 100         // the largest page
	pageSize     = 100
	apiPath      = "/wp-json"
)

// Type returns the channel type.
func Type() channel.Type {
	return channel.Type{
		Name: "woocommerce", Title: "WooCommerce", Badge: "WC",
		ListingEvery: listingEvery, OwnStatuses: true,
		Fields: []channel.Field{
			{Name: "url", Label: "Shop address", Required: true,
				Help: "The address of the shop's front page, for example https://shop.example.com."},
			{Name: "key", Label: "Consumer key", Secret: true, Required: true, Help: "It begins with ck_."},
			{Name: "secret", Label: "Consumer secret", Secret: true, Required: true, Help: "It begins with cs_."},
		},
		Steps: []string{
			"Log in to the shop's administration as someone who may manage the shop.",
			"Go to WooCommerce, Settings, Advanced, REST API and choose Add key.",
			"Enter Evenstock as the description and choose the permission Read/Write.",
			"Choose Generate API key.",
			"Copy the consumer key and the consumer secret here. The shop shows them only once.",
		},
		Open:  open,
		Hooks: hookSetup(),
	}
}

// Store is one WooCommerce shop.
type Store struct {
	http     *httpx.Client
	login    *login
	log      *slog.Logger
	now      func() time.Time
	statuses map[string]string // custom order status → booked | fulfilled | ignored
	pageSize int
	fresh    atomic.Int64 // what makes an address that no cache has seen

	mu    sync.Mutex
	known facts
}

// facts are what was found out about the shop while talking to it. They are asked for again when the store is opened
// the next time, since a shop is updated now and then.
type facts struct {
	variations   answer // the route /variations, from 10.3 on
	fulfillments answer // the optional feature Order Fulfillments
	batch        int    // how many listings the shop writes in one call before it times out
	ignored      int    // differences in a row that the shop accepted and did not apply
	page         int    // how many items the shop deals out at most, 0 for as many as it is asked for
	pagesOnly    bool   // lists are read by page number, because offsets come to nothing
	doubts       map[string]doubt
}

// answer is what the shop said to a question that is asked once.
type answer uint8

const (
	unasked answer = iota
	yes
	no
)

// learn changes or reads what is known; do runs alone.
func (s *Store) learn(do func(f *facts)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do(&s.known)
}

func open(deps channel.Deps, settings channel.Settings) (channel.Store, error) {
	base, err := normalise(settings.Fields["url"])
	if err != nil {
		return nil, err
	}
	private := settings.AllowHTTP
	if settings.Endpoint != "" {
		if base, err = normalise(settings.Endpoint); err != nil || !channel.Loopback(base.Hostname()) {
			return nil, badSetting("The replacement address must be one of this computer.")
		}
		private = true
	}
	if base.Scheme == "http" && !private {
		return nil, &channel.Error{Kind: channel.Invalid, Op: "connect the shop", Code: channel.CodeRefusedHTTP,
			Message: "This address is not encrypted: anyone on the way could read the orders. Use https://, or confirm that you want this."}
	}
	key, secret, err := keys(settings.Fields)
	if err != nil {
		return nil, err
	}
	s := &Store{
		log: cmp.Or(deps.Log, slog.New(slog.DiscardHandler)), now: deps.Now,
		statuses: settings.StatusMap, pageSize: pageSize,
		login: &login{key: key, secret: secret, now: deps.Now, nonce: randomNonce},
		known: facts{batch: pushBatch, doubts: map[string]doubt{}},
	}
	if base.Scheme == "http" {
		s.login.way, s.login.settled = oauth, true
	}
	s.fresh.Store(deps.Now().UnixMilli())
	s.http = httpx.New(httpx.Config{
		Base: base, HTTP: deps.HTTP, AllowPrivate: private, Log: s.log, Now: deps.Now, Wait: deps.Wait,
		Secrets: []string{key, secret}, Classify: classify,
	})
	return s, nil
}

// Capabilities implements [channel.Store].
func (s *Store) Capabilities() channel.Capabilities {
	return channel.Capabilities{
		PushBatch:      pushBatch,
		ReadBatch:      readBatch,
		OrderFreshness: time.Minute,
		DeltaListings:  true,
		DeltaOrders:    true,
		ListingEvery:   listingEvery,
	}
}

// api is a request to a route of wc/v3.
func api(op, path string, q url.Values) httpx.Request {
	return httpx.Request{Op: op, Path: apiPath[1:] + "/wc/v3/" + path, Query: q}
}

// uncached makes a query that no cache between the shop's database and us has an answer to: WooCommerce's own since 10.5
// skips its cache when told to, others are met with an address that is new (woocommerce.md, 4.2).
func (s *Store) uncached(q url.Values) url.Values {
	q.Set("_skip_cache", "1")
	q.Set("_", strconv.FormatInt(s.fresh.Add(1), 36))
	return q
}

var (
	_ channel.Store        = (*Store)(nil)
	_ channel.Clock        = (*Store)(nil)
	_ channel.HookReader   = (*Store)(nil)
	_ channel.Tracker      = (*Store)(nil)
	_ channel.StatusLister = (*Store)(nil)
)
