// Package amazon connects seller accounts on Amazon, through its Selling Partner API.
//
// Facts about the vendor come from amazon.md, from marketplace-auth-and-gotchas.md and from Amazon's Swagger files. What
// they leave open is built so that either answer works.
package amazon

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	listingEvery = 12 * time.Hour // product.md L7
	// pushBatch is the levels of one push: one feed. Amazon takes five feeds in five minutes (performance.md), which is enough
	// for 10,000 listings, and to read so many takes 20 s.
	pushBatch = 2000
	patchMost = 300 // levels that are written one by one, a minute at 5 a second; more go as a feed (amazon.md, 5.2)
	readBatch = 20  // most SKUs in one search (amazon.md, 5.1)
	pageSize  = 100 // orders of one page (amazon.md, 5.3), and rows of a report that are handed over at once

	// tokenBase is Login with Amazon, one host for all regions (amazon.md, 1.3).
	tokenBase = "https://api.amazon.com"
)

// regions are the hosts of the API (amazon.md, 1.3).
var regions = map[string]string{
	"na": "https://sellingpartnerapi-na.amazon.com",
	"eu": "https://sellingpartnerapi-eu.amazon.com",
	"fe": "https://sellingpartnerapi-fe.amazon.com",
}

// Type returns the channel type.
func Type() channel.Type {
	return channel.Type{
		Name: "amazon", Title: "Amazon", Badge: "AM",
		ListingEvery: listingEvery,
		Fields: []channel.Field{
			{Name: "clientId", Label: "Client ID", Required: true, Help: "The LWA client identifier of your app. It begins with amzn1.application-oa2-client."},
			{Name: "clientSecret", Label: "Client secret", Secret: true, Required: true, Help: "It stands beside the client identifier and has to be renewed every 180 days."},
			{Name: "refreshToken", Label: "Refresh token", Secret: true, Required: true, Help: "Amazon shows it when you authorize the app. It begins with Atzr|."},
			{Name: "sellerId", Label: "Merchant token", Required: true, Help: "Find it in Seller Central under Settings, Account Info, Your Merchant Token. Amazon tells it to no app."},
			{Name: "region", Label: "Region", Required: true, Choices: []string{"na", "eu", "fe"}, Help: "na is America, eu is Europe, India and the Middle East, fe is Japan, Australia and Singapore."},
			{Name: "marketplaceId", Label: "Marketplace ID", Required: true, Help: "For example ATVPDKIKX0DER for amazon.com or A1F83G8C2ARO7P for amazon.co.uk."},
		},
		Steps: []string{
			"Log in to Seller Central as the primary user of a Professional account and choose Apps and Services, Develop Apps.",
			"Register as a private developer, with the roles Product Listing and Inventory and Order Tracking. Leave the restricted roles out: Evenstock reads no buyer's data.",
			"Choose Add new app client, give it a name, choose SP API and the same two roles, and save it. It stays a draft. If Amazon fulfils a part of what you sell, add the role Amazon Fulfillment to see its numbers; they are never changed.",
			"Choose View beside LWA credentials, and copy the client identifier and the client secret here.",
			"Choose Authorize app in the menu beside Edit App, then Authorize app for your marketplace, and copy the refresh token here.",
			"Copy Your Merchant Token from Settings, Account Info.",
		},
		Open: open,
	}
}

// Store is one seller account in one marketplace.
type Store struct {
	http        *httpx.Client
	login       *login
	recent      *recent
	untold      atomic.Bool // the app may not ask what Amazon holds
	log         *slog.Logger
	now         func() time.Time
	seller      string
	region      string
	marketplace string
	pageSize    int
}

func open(deps channel.Deps, settings channel.Settings) (channel.Store, error) {
	field := func(name string) string { return strings.TrimSpace(settings.Fields[name]) }
	for _, f := range Type().Fields {
		if field(f.Name) == "" {
			return nil, badSetting("Enter the " + strings.ToLower(f.Label) + " of your Amazon seller account.")
		}
	}
	host, ok := regions[field("region")]
	if !ok {
		return nil, badSetting("Choose na, eu or fe as the region.")
	}
	base, err := settings.Base(opConnect, host)
	if err != nil {
		return nil, err
	}
	tokens, err := settings.Base(opConnect, tokenBase)
	if err != nil {
		return nil, err
	}
	s := &Store{
		log: cmp.Or(deps.Log, slog.New(slog.DiscardHandler)), now: deps.Now, pageSize: pageSize,
		recent: &recent{},
		seller: field("sellerId"), region: field("region"), marketplace: field("marketplaceId"),
	}
	config := httpx.Config{
		Base: base, HTTP: deps.HTTP, AllowPrivate: settings.Endpoint != "", Log: s.log, Now: deps.Now, Wait: deps.Wait, Classify: classify,
		Secrets: []string{field("clientSecret"), field("refreshToken")},
	}
	s.login = &login{id: field("clientId"), secret: field("clientSecret"), refresh: field("refreshToken"), now: deps.Now, lifetime: newLifetime(deps, s.log)}
	s.login.access = httpx.Access{Get: s.login.exchange, Now: deps.Now}
	s.login.http = httpx.New(httpx.Config{Base: tokens, HTTP: config.HTTP, AllowPrivate: config.AllowPrivate, Log: config.Log,
		Now: config.Now, Wait: deps.Wait, Classify: classify, Secrets: config.Secrets})
	config.Budgets, config.Learn, config.Notes = budgets, learn, deps.Notes
	s.http = httpx.New(config)
	return s, nil
}

const opConnect = "connect the account"

func badSetting(message string) error {
	return &channel.Error{Kind: channel.Invalid, Op: opConnect, Code: channel.CodeInvalid, Message: message}
}

// KeyEnd implements [channel.KeyEnder].
func (s *Store) KeyEnd() (channel.KeyEnd, bool) { return s.login.lifetime.End() }

// Capabilities implements [channel.Store].
//
// A report of all listings is three calls however many there are, and a search shows 1,000 at most (amazon.md, 5.1), so
// every listing pull is a full sweep. Orders can be asked for once in 179 seconds (amazon.md, rate limits), so an order
// pull counts as fresh for three minutes (product.md, I6).
func (s *Store) Capabilities() channel.Capabilities {
	return channel.Capabilities{
		PushBatch:      pushBatch,
		ReadBatch:      readBatch,
		Slice:          pushBatch,
		OrderFreshness: 3 * time.Minute,
		DeltaOrders:    true,
		ListingEvery:   listingEvery,
		Budgets:        budgets,
	}
}

// ask makes one authenticated request. An access token that ran out early is renewed once.
func (s *Store) ask(ctx context.Context, r httpx.Request) (*httpx.Response, error) {
	return s.login.access.Do(ctx, expired, func(token string) (*httpx.Response, error) {
		r.Sign = sign(token)
		return s.http.Do(ctx, r)
	})
}

var (
	_ channel.Store    = (*Store)(nil)
	_ channel.Clock    = (*Store)(nil)
	_ channel.KeyEnder = (*Store)(nil)
	_ channel.Settler  = (*Store)(nil)
)
