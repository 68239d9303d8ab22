// Package bigcommerce connects stores on BigCommerce, through its REST APIs V3 and V2.
//
// Facts about the vendor come from bigcommerce.md and from BigCommerce's OpenAPI files of April 2026. What they leave open
// is built so that either answer works.
package bigcommerce

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	listingEvery = time.Minute   // product.md L6
	pushBatch    = 2000          // rows of one adjustment (bigcommerce.md, 3.5)
	readBatch    = 500           // ids of one question: 4 KB of address, half of what servers commonly take
	pageSize     = 250           // the largest page of products (OpenAPI file)
	orderPage    = 100           // an order with ten lines is 25 KB, so a larger page could pass [httpx.BodyLimit]
	maxQuantity  = 2_147_483_647 // more is not saved (bigcommerce.md, 3.5)

	apiBase = "https://api.bigcommerce.com"
)

// What the optional field may hold: what becomes of refunded units, which BigCommerce does not say (bigcommerce.md, 3.3).
const (
	fieldRefunded = "refunded"
	refundedShelf = "shelf"
	refundedGone  = "gone"
)

// Type returns the channel type.
func Type() channel.Type {
	return channel.Type{
		Name: "bigcommerce", Title: "BigCommerce", Badge: "BC",
		ListingEvery: listingEvery, MaxQuantity: maxQuantity,
		Fields: []channel.Field{
			{Name: "storeHash", Label: "Store hash or API path", Required: true,
				Help: "The part between stores/ and /v3 in the API path, or the whole path."},
			{Name: "token", Label: "Access token", Secret: true, Required: true,
				Help: "BigCommerce shows it only once, when the API account is made."},
			{Name: fieldRefunded, Label: "Refunded units", Choices: []string{"", refundedShelf, refundedGone},
				Help: "BigCommerce does not say what becomes of them. Choose shelf if they are always for sale again, gone if never. Left empty, units that were not shipped go on sale again, shipped ones do not, and you are told each time."},
		},
		Steps: []string{
			"Log in to the store's control panel as its owner and open Settings, API, Store-level API accounts.",
			"Choose Create API account, enter Evenstock as the name and V2/V3 API token as the type.",
			"Set Products, Orders, Information & settings and Store Locations to read-only, and Store Inventory to modify.",
			"Choose Save, and copy the access token and the API path from the window that opens. The token is shown only once.",
			"Enter both here. The scopes of an account cannot be changed later: to correct them, make a new account.",
		},
		Open:  open,
		Hooks: hookSetup(),
	}
}

// Store is one BigCommerce store.
type Store struct {
	http     *httpx.Client
	token    string
	hash     string
	log      *slog.Logger
	now      func() time.Time
	pageSize int
	orders   int    // orders of a page
	refunded string // what becomes of refunded units, "" where the seller is told
	recent   *recent

	pushing sync.Mutex // one adjustment at a time (bigcommerce.md, 3.5)
	mu      sync.Mutex
	known   facts
}

// facts are what was found out about the store while talking to it.
type facts struct {
	location int64 // the default location, which is meant where none is named; 0 until asked
	settings settings
	asked    time.Time      // when settings were read
	cards    map[int64]card // products by id
}

var hashes = regexp.MustCompile(`^[a-z0-9]{3,40}$`)

func open(deps channel.Deps, s channel.Settings) (channel.Store, error) {
	hash, token := storeHash(s.Fields["storeHash"]), strings.TrimSpace(s.Fields["token"])
	if !hashes.MatchString(hash) {
		return nil, badSetting("Enter the store hash: the part between stores/ and /v3 in the API path of your API account.")
	}
	if token == "" {
		return nil, badSetting("Enter the access token of your API account.")
	}
	refunded := strings.TrimSpace(s.Fields[fieldRefunded])
	if refunded != "" && refunded != refundedShelf && refunded != refundedGone {
		return nil, badSetting("Leave " + fieldRefunded + " empty or choose " + refundedShelf + " or " + refundedGone + ".")
	}
	base, err := s.Base(opConnect, apiBase)
	if err != nil {
		return nil, err
	}
	store := &Store{token: token, hash: hash, log: cmp.Or(deps.Log, slog.New(slog.DiscardHandler)), now: deps.Now,
		pageSize: pageSize, orders: orderPage, refunded: refunded, recent: newRecent(deps.Notes, deps.Now),
		known: facts{cards: map[int64]card{}}}
	store.http = httpx.New(httpx.Config{
		Base: base.JoinPath("stores", hash), HTTP: deps.HTTP, AllowPrivate: s.Endpoint != "", Log: store.log, Now: deps.Now, Wait: deps.Wait,
		Budgets: budgets, Learn: learn, Notes: deps.Notes, Secrets: []string{token}, Classify: classify,
	})
	return store, nil
}

// storeHash takes the hash out of what a seller copies: the API path or the hash itself.
func storeHash(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if _, after, found := strings.Cut(text, "stores/"); found {
		text, _, _ = strings.Cut(after, "/")
	}
	return text
}

const opConnect = "connect the store"

func badSetting(message string) error {
	return &channel.Error{Kind: channel.Invalid, Op: opConnect, Code: channel.CodeInvalid, Message: message}
}

// Capabilities implements [channel.Store]. The allowance is a window that BigCommerce tells with every answer, see
// [learn]. Every location has numbers of its own (bigcommerce.md, 3.5).
func (s *Store) Capabilities() channel.Capabilities {
	return channel.Capabilities{
		PushBatch:      pushBatch,
		ReadBatch:      readBatch,
		Slice:          pushBatch,
		OrderFreshness: time.Minute,
		DeltaListings:  true,
		DeltaOrders:    true,
		Locations:      true,
		MaxQuantity:    maxQuantity,
		ListingEvery:   listingEvery,
		Budgets:        budgets,
	}
}

// ask makes one authenticated request.
func (s *Store) ask(ctx context.Context, r httpx.Request) (*httpx.Response, error) {
	r.Budget = budgetOf(r.Op)
	r.Sign = func(req *http.Request) error {
		req.Header.Set("X-Auth-Token", s.token)
		return nil
	}
	return s.http.Do(ctx, r)
}

// read asks for something and decodes the answer into v. V2 answers 204 without a body where a list is empty
// (bigcommerce.md, 3.3); v stays as it is then.
func (s *Store) read(ctx context.Context, op, path string, q url.Values, v any) (*httpx.Response, error) {
	resp, err := s.ask(ctx, httpx.Request{Op: op, Path: path, Query: q})
	if err != nil || resp.Status == http.StatusNoContent {
		return resp, err
	}
	return resp, resp.Decode(op, v)
}

// learn changes or reads what is known; do runs alone.
func (s *Store) learn(do func(f *facts)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do(&s.known)
}

var errEndless = errors.New("a list without an end")

var (
	_ channel.Store      = (*Store)(nil)
	_ channel.Clock      = (*Store)(nil)
	_ channel.HookReader = (*Store)(nil)
)
