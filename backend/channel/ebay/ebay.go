// Package ebay connects seller accounts on eBay, through its REST APIs and, for listings which those do not see, the
// Trading API.
//
// Facts about the vendor come from ebay.md, from marketplace-auth-and-gotchas.md and from eBay's OpenAPI files. The Trading
// API has no file here; what no document backs is marked "unverified" and built so that either answer works.
package ebay

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	listingEvery = 12 * time.Hour // product.md L7
	pushBatch    = 100            // levels of one push: four bulk updates, or 25 revisions of legacy listings
	bulkMost     = 25             // most SKUs of one bulk reading or update (ebay.md, 4.2 and 4.4)
	readBatch    = 100            // listings of one reading: so many of the Inventory API take as many calls and four, legacy ones two
	slice        = 150            // to read so many twice takes half a minute at a tenth of a second a call
	pageSize     = 200            // the largest page of items and of orders (OpenAPI files)

	// apiBase answers everything but who the user is (ebay.md, 1.2); loginPage is for the browser.
	apiBase   = "https://api.ebay.com"
	userBase  = "https://apiz.ebay.com"
	loginPage = "https://auth.ebay.com/oauth2/authorize"
)

// What the two optional fields may hold.
const (
	fieldBounce   = "comesBack"
	bounces       = "bounce"
	fieldControl  = "outOfStock"
	controlTurnOn = "turn on"
)

// Type returns the channel type.
func Type() channel.Type {
	return channel.Type{
		Name: "ebay", Title: "eBay", Badge: "EB",
		ListingEvery: listingEvery,
		Fields: []channel.Field{
			{Name: "clientId", Label: "App ID", Required: true, Help: "The client ID of your production keyset."},
			{Name: "clientSecret", Label: "Cert ID", Secret: true, Required: true, Help: "The client secret. It stands beside the App ID."},
			{Name: "ruName", Label: "RuName", Required: true, Help: "eBay's name for the address your browser is sent back to. It looks like Your_Name-YourName-Sync-abcde."},
			{Name: "refreshToken", Label: "Refresh token", Secret: true, Help: "Leave it empty to log in through your browser. It lasts 18 months."},
			{Name: fieldBounce, Label: "When the login is done", Choices: []string{"", bounces},
				Help: "Leave it empty to copy the address of the last page here yourself. Choose bounce if the accept URL of your RuName is a page that leads on to " + bounceURI + "."},
			{Name: fieldControl, Label: "Out-of-stock control", Choices: []string{"", controlTurnOn},
				Help: "Without it eBay takes no listing to zero. Choose turn on to let Evenstock turn it on for your whole account: sold out listings then stay, hidden from search."},
		},
		Steps: []string{
			"Log in on developer.ebay.com and create a keyset for Production under Application Keys.",
			"A new production keyset is disabled until you deal with eBay's notice about marketplace account deletion: open Notifications beside the App ID and either apply for the exemption, " +
				"or enter an https endpoint of yours that answers eBay's challenge. Evenstock keeps no buyer's name, address or user name; whether that makes you exempt is for you to declare.",
			"Choose User Tokens beside the App ID, Get a Token from eBay via Your Application, and add a redirect URL. Leave eBay's own page as the accept URL, or enter an https page of yours that leads on to " +
				bounceURI + " with everything behind the question mark.",
			"Copy the App ID, the Cert ID and the RuName here.",
			"Connect the store: your browser opens eBay, where you agree. With eBay's own accept page, copy the address of the page that your browser ends at to where Evenstock asks for it; " +
				"it is good for a few minutes.",
		},
		Open: open, Login: logIn, LoginField: "refreshToken",
	}
}

// Store is one seller account.
type Store struct {
	http      *httpx.Client
	user      *httpx.Client
	login     *login
	revisions *revisions
	control   *control
	log       *slog.Logger
	now       func() time.Time
	places    places
	pageSize  int
}

func open(deps channel.Deps, settings channel.Settings) (channel.Store, error) {
	field := func(name string) string { return strings.TrimSpace(settings.Fields[name]) }
	for _, f := range Type().Fields {
		if f.Required && field(f.Name) == "" {
			return nil, badSetting("Enter the " + f.Label + " of your eBay keyset.")
		}
	}
	for name, known := range map[string]string{fieldBounce: bounces, fieldControl: controlTurnOn} {
		if v := field(name); v != "" && v != known {
			return nil, badSetting("Leave " + name + " empty or choose " + known + ".")
		}
	}
	base, err := settings.Base(opConnect, apiBase)
	if err != nil {
		return nil, err
	}
	user, err := settings.Base(opConnect, userBase)
	if err != nil {
		return nil, err
	}
	s := &Store{
		log: cmp.Or(deps.Log, slog.New(slog.DiscardHandler)), now: deps.Now, pageSize: pageSize,
		revisions: &revisions{notes: deps.Notes, now: deps.Now}, control: &control{may: field(fieldControl) == controlTurnOn},
		places: places{known: map[string]place{}},
	}
	s.login = &login{id: field("clientId"), secret: field("clientSecret"), ruName: field("ruName"), refresh: field("refreshToken"),
		page: loginPage, bounces: field(fieldBounce) == bounces, now: deps.Now, lifetime: newLifetime(deps, s.log)}
	s.login.access = httpx.Access{Get: s.exchange, Now: deps.Now}
	if settings.Endpoint != "" {
		s.login.page = base.JoinPath("oauth2/authorize").String()
	}
	config := httpx.Config{
		Base: base, HTTP: deps.HTTP, AllowPrivate: settings.Endpoint != "", Log: s.log, Now: deps.Now, Wait: deps.Wait, Classify: classify,
		Budgets: budgets, Notes: deps.Notes, Secrets: []string{s.login.secret, s.login.refresh},
	}
	s.http = httpx.New(config)
	config.Base, config.Budgets, config.Notes = user, nil, nil
	s.user = httpx.New(config)
	return s, nil
}

const opConnect = "connect the account"

func badSetting(message string) error {
	return &channel.Error{Kind: channel.Invalid, Op: opConnect, Code: channel.CodeInvalid, Message: message}
}

// Quota implements [channel.Quoter].
func (s *Store) Quota() (channel.Quota, bool) { return s.http.Quota() }

// KeyEnd implements [channel.KeyEnder].
func (s *Store) KeyEnd() (channel.KeyEnd, bool) { return s.login.lifetime.End() }

// Capabilities implements [channel.Store].
//
// Items of the Inventory API cannot be asked for by their date (ebay.md, 4.2), so every listing pull is a full sweep.
func (s *Store) Capabilities() channel.Capabilities {
	return channel.Capabilities{
		PushBatch:      pushBatch,
		ReadBatch:      readBatch,
		Slice:          slice,
		OrderFreshness: time.Minute,
		DeltaOrders:    true,
		ListingEvery:   listingEvery,
		Budgets:        budgets,
	}
}

// ask makes one authenticated request. An access token that eBay refuses is renewed once.
func (s *Store) ask(ctx context.Context, r httpx.Request) (*httpx.Response, error) {
	return s.through(ctx, s.http, r, bearer)
}

// through is ask by one of the clients, with one of the ways to show a token.
func (s *Store) through(ctx context.Context, by *httpx.Client, r httpx.Request, sign signer) (*httpx.Response, error) {
	return s.login.access.Do(ctx, expired, func(token string) (*httpx.Response, error) {
		r.Sign = sign(token)
		return by.Do(ctx, r)
	})
}

var (
	_ channel.Store    = (*Store)(nil)
	_ channel.Clock    = (*Store)(nil)
	_ channel.KeyEnder = (*Store)(nil)
)
