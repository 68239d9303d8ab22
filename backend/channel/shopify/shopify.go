// Package shopify connects stores on Shopify, through its Admin GraphQL API.
//
// Facts about the vendor come from shopify.md and from Shopify's schema of 2026-10. What they leave open is built so that
// either answer works.
package shopify

import (
	"cmp"
	"embed"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	listingEvery = time.Minute // product.md L6
	// apiVersion is the one the documents were checked against (shopify.md, 2).
	apiVersion = "2026-10"

	batch       = 250           // the longest list of a call (shopify.md, 2.5)
	pageSize    = 250           // the longest page there is; 3 points each by the published rule, below the 1,000 of a query (shopify.md, 2.6)
	orderPage   = 13            // with orderLines: 13 × (1 + 20 × 3 + 2 × 3 + 3 × 2) = 949 points by that rule
	orderLines  = 20            //
	sentOfPage  = 3             // fulfilments of an order on a page, as in the document
	mostCost    = 1000          // of a single query (shopify.md, 2.6)
	maxQuantity = 1_000_000_000 // shopify.md, 2.5: QUANTITY_TOO_HIGH
)

//go:embed documents/*.graphql
var documents embed.FS

// document is the text of a GraphQL document.
func document(name string) string {
	b, err := documents.ReadFile("documents/" + name + ".graphql")
	if err != nil {
		panic(err) // a name in the code without a file
	}
	return string(b)
}

// Type returns the channel type.
func Type() channel.Type {
	return channel.Type{
		Name: "shopify", Title: "Shopify", Badge: "SH",
		ListingEvery: listingEvery, MaxQuantity: maxQuantity,
		Fields: []channel.Field{
			{Name: "shop", Label: "Shop", Required: true, Help: "The address that ends in .myshopify.com, or the part before it."},
			{Name: "clientId", Label: "Client ID", Help: "Of the app in Shopify's Dev Dashboard. Leave it empty if you enter a token."},
			{Name: "clientSecret", Label: "Client secret", Secret: true, Help: "Of the same app."},
			{Name: "token", Label: "Access token", Secret: true,
				Help: "Only of a custom app that was made in the shop's admin before 2026. It begins with shpat_."},
		},
		Steps: []string{
			"In the Shopify admin open Settings, Apps, Develop apps and choose Build apps in Dev Dashboard.",
			"Choose Create app, enter Evenstock as the name, and open Versions. As the app URL enter https://shopify.dev/apps/default-app-home.",
			"Pick the scopes " + strings.Join(needed, ", ") + ", and read_all_orders if it is offered.",
			"Choose Release, then Home, Install app, and install it on your shop.",
			"Open Settings of the app, copy the client ID and the client secret, and enter both here.",
			"If you have a custom app from before 2026 with these scopes, enter its access token instead.",
		},
		Open:  open,
		Hooks: hookSetup(),
	}
}

// Store is one Shopify shop.
type Store struct {
	http     *httpx.Client
	login    *login
	shop     string
	log      *slog.Logger
	now      func() time.Time
	pageSize int
	orders   int // orders of a page

	reach     int // objects of a list that cursors come to
	bulkAfter int // variants, before the rest of a full reading comes as a file
	bulkRows  int // lines of that file on a page

	mu      sync.Mutex
	primary string          // gid of the primary location, empty until asked
	version string          // of the API, as the last answer says
	tracked map[string]bool // inventory items by gid, as last read

	bulkOp string    // number of the bulk operation whose file is kept, empty for none
	bulkOf []variant // that file, while its pages are read

	dearer map[string]float64 // by document: what a call cost for each point it should
}

var shops = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,59}$`)

func open(deps channel.Deps, s channel.Settings) (channel.Store, error) {
	shop := shopName(s.Fields["shop"])
	if !shops.MatchString(shop) {
		return nil, badSetting("Enter the shop's address that ends in .myshopify.com. It is shown in the Shopify admin under Settings, Domains.")
	}
	field := func(name string) string { return strings.TrimSpace(s.Fields[name]) }
	l := &login{id: field("clientId"), secret: field("clientSecret"), permanent: field("token"), now: deps.Now}
	switch {
	case l.permanent == "" && (l.id == "" || l.secret == ""):
		return nil, badSetting("Enter the client ID and the client secret of your app, or the access token of an older custom app.")
	case l.permanent != "" && l.secret != "":
		return nil, badSetting("Enter either the client ID and secret or the access token, not both.")
	}
	base, err := s.Base(opConnect, "https://"+shop+".myshopify.com")
	if err != nil {
		return nil, err
	}
	store := &Store{login: l, shop: shop, log: cmp.Or(deps.Log, slog.New(slog.DiscardHandler)), now: deps.Now, pageSize: pageSize,
		orders: orderPage, reach: reach, bulkAfter: bulkAfter, bulkRows: bulkRows,
		tracked: map[string]bool{}, dearer: map[string]float64{}}
	var secrets []string
	for _, secret := range []string{l.secret, l.permanent} {
		if secret != "" {
			secrets = append(secrets, secret)
		}
	}
	l.access = httpx.Access{Get: store.grant, Now: deps.Now}
	store.http = httpx.New(httpx.Config{Base: base, HTTP: deps.HTTP, AllowPrivate: s.Endpoint != "", Log: store.log, Now: deps.Now, Wait: deps.Wait,
		Budgets: store.Capabilities().Budgets, Learn: learn, Notes: deps.Notes, Secrets: secrets, Classify: store.classify})
	return store, nil
}

// shopName takes the name out of what a seller copies: the name itself, the domain, or an address of the shop's admin.
func shopName(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	text = strings.TrimPrefix(strings.TrimPrefix(text, "https://"), "http://")
	if after, found := strings.CutPrefix(text, "admin.shopify.com/store/"); found {
		text, _, _ = strings.Cut(after, "/")
		return text
	}
	return strings.TrimSuffix(strings.TrimSuffix(text, "/"), ".myshopify.com")
}

const opConnect = "connect the store"

func badSetting(message string) error {
	return &channel.Error{Kind: channel.Invalid, Op: opConnect, Code: channel.CodeInvalid, Message: message}
}

const points = "points"

// Capabilities implements [channel.Store]. The budget is that of the plan Standard; every answer says what the shop's own
// plan allows (shopify.md, 2.6).
func (s *Store) Capabilities() channel.Capabilities {
	return channel.Capabilities{
		PushBatch:      batch,
		ReadBatch:      batch,
		OrderFreshness: time.Minute,
		CompareAndSet:  true,
		DeltaListings:  true,
		DeltaOrders:    true,
		Locations:      true,
		MaxQuantity:    maxQuantity,
		ListingEvery:   listingEvery,
		Budgets:        []channel.Budget{{Name: points, Every: 10 * time.Millisecond, Burst: 2000}},
	}
}

// count notes which items are counted.
func (s *Store) count(gid string, counted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tracked[gid] = counted
}

var (
	_ channel.Store      = (*Store)(nil)
	_ channel.Clock      = (*Store)(nil)
	_ channel.HookReader = (*Store)(nil)
	_ channel.Locator    = (*Store)(nil)
)
