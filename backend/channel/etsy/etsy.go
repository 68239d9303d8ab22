// Package etsy connects shops on Etsy, through its Open API v3.
//
// Facts about the vendor come from etsy.md, from marketplace-auth-and-gotchas.md and from Etsy's OpenAPI 3.0.2 file. What
// they leave open is built so that either answer works.
package etsy

import (
	"cmp"
	"context"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	listingEvery = 12 * time.Hour // product.md L7
	pushBatch    = 40             // listings of one push; each parent takes a reading and a writing call
	readBatch    = 100            // most listings in one reading of inventories (etsy.md, 3.1)
	pageSize     = 100            // the largest page (OpenAPI file)
	maxQuantity  = 999            // of one offering (etsy.md, 3.2)

	// apiBase answers data and tokens alike (etsy.md, 1.1); connectURL is a page for the browser.
	apiBase    = "https://openapi.etsy.com"
	connectURL = "https://www.etsy.com/oauth/connect"
)

// What the two optional fields may hold. Both change more than a quantity, so both need the user's word (product.md, L10).
const (
	fieldZero     = "atZero"
	zeroInactive  = "inactive"
	fieldSoldOut  = "soldOut"
	soldOutRenews = "renew"
)

// Type returns the channel type.
func Type() channel.Type {
	return channel.Type{
		Name: "etsy", Title: "Etsy", Badge: "ET",
		ListingEvery: listingEvery, MaxQuantity: maxQuantity,
		Fields: []channel.Field{
			{Name: "keystring", Label: "Keystring", Required: true, Help: "The API key of your Etsy app."},
			{Name: "sharedSecret", Label: "Shared secret", Secret: true, Required: true, Help: "It stands beside the keystring."},
			{Name: "refreshToken", Label: "Refresh token", Secret: true,
				Help: "Leave it empty to log in through your browser."},
			{Name: fieldZero, Label: "When a listing has nothing left", Choices: []string{"", zeroInactive},
				Help: "Etsy takes no listing down to zero. Choose inactive to let Evenstock set such a listing inactive, and active again when there is stock."},
			{Name: fieldSoldOut, Label: "When a sold out listing has stock again", Choices: []string{"", soldOutRenews},
				Help: "Etsy charges its listing fee for putting a sold out listing back on sale. Choose renew to let Evenstock do that."},
		},
		Steps: []string{
			"Log in on etsy.com/developers as the owner of the shop and choose Create a new app.",
			"Describe it as a stock tool for your own shop, and wait for Etsy's mail that the app was approved.",
			"Open the app under Your apps, choose Edit your callback URLs and enter " + RedirectURI + ", exactly as it stands here.",
			"Copy the keystring and the shared secret of the app here.",
			"Choose Connect: your browser opens Etsy, where you allow listings_r, listings_w, transactions_r and shops_r.",
		},
		Open: open, Login: logIn, LoginField: "refreshToken",
	}
}

// Store is one Etsy shop.
type Store struct {
	http     *httpx.Client
	login    *login
	rested   *rested
	log      *slog.Logger
	now      func() time.Time
	zero     bool // listings without stock may be set inactive
	renews   bool // sold out listings may be renewed, for Etsy's fee
	pageSize int

	mu    sync.Mutex
	shop  int64 // id, 0 until asked
	plain bool  // lists are asked for without inventories, because Etsy refused to add them
}

func open(deps channel.Deps, settings channel.Settings) (channel.Store, error) {
	field := func(name string) string { return strings.TrimSpace(settings.Fields[name]) }
	keystring, secret := field("keystring"), field("sharedSecret")
	if keystring == "" || secret == "" {
		return nil, badSetting("Enter both the keystring and the shared secret of your Etsy app.")
	}
	if strings.Contains(keystring, ":") {
		return nil, badSetting("Enter the keystring and the shared secret in their own fields, without a colon between them.")
	}
	for name, known := range map[string]string{fieldZero: zeroInactive, fieldSoldOut: soldOutRenews} {
		if v := field(name); v != "" && v != known {
			return nil, badSetting("Leave " + name + " empty or choose " + known + ".")
		}
	}
	base, err := settings.Base(opConnect, apiBase)
	if err != nil {
		return nil, err
	}
	s := &Store{
		log: cmp.Or(deps.Log, slog.New(slog.DiscardHandler)), now: deps.Now, pageSize: pageSize,
		zero: field(fieldZero) == zeroInactive, renews: field(fieldSoldOut) == soldOutRenews,
		rested: newRested(deps.Notes),
	}
	s.login = newLogin(keystring, secret, field("refreshToken"), deps)
	s.login.lifetime = newLifetime(deps, s.log)
	s.login.access = httpx.Access{Get: s.refresh, Now: deps.Now}
	if s.login.page = connectURL; settings.Endpoint != "" {
		s.login.page = base.JoinPath("oauth/connect").String()
	}
	s.http = httpx.New(httpx.Config{
		Base: base, HTTP: deps.HTTP, AllowPrivate: settings.Endpoint != "", Log: s.log, Now: deps.Now, Wait: deps.Wait,
		Budgets: budgets, Learn: learn, Notes: deps.Notes, Secrets: []string{secret, s.login.saved}, Classify: classify,
	})
	return s, nil
}

const opConnect = "connect the shop"

func badSetting(message string) error {
	return &channel.Error{Kind: channel.Invalid, Op: opConnect, Code: channel.CodeInvalid, Message: message}
}

// Quota implements [channel.Quoter].
func (s *Store) Quota() (channel.Quota, bool) { return s.http.Quota() }

// KeyEnd implements [channel.KeyEnder].
func (s *Store) KeyEnd() (channel.KeyEnd, bool) { return s.login.lifetime.End() }

// Capabilities implements [channel.Store].
//
// There is no question for listings changed since a time, and a full sweep takes two calls for a hundred (etsy.md, 3.1),
// so every listing pull is a full sweep. Etsy's limits differ from app to app and are read from its answers, see [learn].
func (s *Store) Capabilities() channel.Capabilities {
	return channel.Capabilities{
		PushBatch:       pushBatch,
		ReadBatch:       readBatch,
		OrderFreshness:  time.Minute,
		PushWholeParent: true,
		DeltaOrders:     true,
		MaxQuantity:     maxQuantity,
		ListingEvery:    listingEvery,
		Budgets:         budgets,
	}
}

// ask makes one authenticated request. Calls that are not about orders leave a part of the day's quota to those that are.
func (s *Store) ask(ctx context.Context, r httpx.Request) (*httpx.Response, error) {
	return s.login.access.Do(ctx, expired, func(token string) (*httpx.Response, error) { return s.send(ctx, r, token) })
}

// send makes one request with an access token, or without one if it is empty.
func (s *Store) send(ctx context.Context, r httpx.Request, token string) (*httpx.Response, error) {
	r.Sign, r.Budget = s.login.sign(token), budgetOf(r.Op)
	resp, err := s.http.Do(ctx, r)
	return resp, held(err, r.Op)
}

const opShop = "find the shop"

// shopID is the shop's number, asked for once: Etsy knows it by the user who allowed the app in.
func (s *Store) shopID(ctx context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shop != 0 {
		return s.shop, nil
	}
	var me struct {
		Shop int64 `json:"shop_id"`
	}
	resp, err := s.ask(ctx, httpx.Request{Op: opShop, Path: "v3/application/users/me"})
	if err != nil {
		return 0, listError(err)
	}
	if err := resp.Decode(opShop, &me); err != nil {
		return 0, err
	}
	if me.Shop == 0 {
		return 0, &channel.Error{Kind: channel.Invalid, Op: opShop, Code: channel.CodeWrongShop,
			Message: "This Etsy account has no shop. Log in as the owner of the shop."}
	}
	s.shop = me.Shop
	return s.shop, nil
}

// inShop is a request below the shop.
func (s *Store) inShop(ctx context.Context, op, path string, q url.Values) (httpx.Request, error) {
	shop, err := s.shopID(ctx)
	return httpx.Request{Op: op, Path: "v3/application/shops/" + formatID(shop) + path, Query: q}, err
}

var (
	_ channel.Store    = (*Store)(nil)
	_ channel.Clock    = (*Store)(nil)
	_ channel.KeyEnder = (*Store)(nil)
)
