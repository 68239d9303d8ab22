package ebay

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	// bounceURI is where a page of the seller's own sends the browser on to. eBay itself sends it to https addresses only
	// (ebay.md, 1.2).
	bounceURI = "http://127.0.0.1:53683/ebay"
	// pasteURI stands for the page that the seller copies the address of, whichever it is.
	pasteURI = "https://auth.ebay.com/oauth2/ThirdPartyAuthSucessFailure"
)

// scopes are what Evenstock asks for, no more than it uses (ebay.md, 1.2): the Trading API, listings, orders to read, and
// who the user is.
var scopes = []string{
	"https://api.ebay.com/oauth/api_scope",
	"https://api.ebay.com/oauth/api_scope/sell.inventory",
	scopeReadOrders,
	"https://api.ebay.com/oauth/api_scope/commerce.identity.readonly",
}

// Either lets orders be read; the wider one is not asked for.
const (
	scopeOrders     = "https://api.ebay.com/oauth/api_scope/sell.fulfillment"
	scopeReadOrders = scopeOrders + ".readonly"
)

const (
	opToken = "renew the login"
	opLogin = "log in"
	// earlier is how long before its end an access token is renewed.
	earlier = time.Minute
	// lasts is how long an access token lasts where the answer does not say (marketplace-auth-and-gotchas.md, 1).
	lasts = 2 * time.Hour
)

// login holds the keys of the app and the tokens of the account. The refresh token stays the same for 18 months
// (marketplace-auth-and-gotchas.md, 1).
type login struct {
	id, secret, ruName string
	page               string // where the browser logs in
	bounces            bool
	refresh            string
	now                func() time.Time
	access             httpx.Access
	lifetime           *httpx.Lifetime // of the refresh token
}

// newLifetime is that of a refresh token, which ends 18 months after the login (marketplace-auth-and-gotchas.md, 1).
func newLifetime(deps channel.Deps, log *slog.Logger) *httpx.Lifetime {
	const day = 24 * time.Hour
	return &httpx.Lifetime{Field: "refreshToken", Name: "refresh token", Lasts: 47_304_000 * time.Second, Warns: 30 * day, Notes: deps.Notes, Now: deps.Now,
		Log: log, Renew: "Log in to eBay again under Settings of the store."}
}

// tokens is an answer of the token endpoint.
type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Seconds int64  `json:"expires_in"`
}

// signer makes what shows a token in a request.
type signer func(token string) func(*http.Request) error

// bearer is how the REST APIs are shown a token.
func bearer(token string) func(*http.Request) error {
	return func(r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}
}

// exchange gets an access token with the refresh token.
func (s *Store) exchange(ctx context.Context) (token string, renew time.Time, err error) {
	l := s.login
	if l.refresh == "" {
		return "", renew, &channel.Error{Kind: channel.Auth, Op: opToken, Code: channel.CodeAuth, Message: loginMessage}
	}
	// Without a scope the token has every one that was agreed to.
	got, err := s.tokens(ctx, opToken, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {l.refresh}})
	if err != nil {
		return "", renew, err
	}
	l.lifetime.Used(l.refresh)
	return got.Access, l.now().Add(httpx.Lasts(got.Seconds, lasts) - earlier), nil
}

// tokens asks the token endpoint, which knows the app by Basic credentials (ebay.md, 1.2).
func (s *Store) tokens(ctx context.Context, op string, form url.Values) (tokens, error) {
	l := s.login
	resp, err := s.http.Do(ctx, httpx.Request{Op: op, Method: http.MethodPost, Path: "identity/v1/oauth2/token", Form: form,
		Sign: func(r *http.Request) error { r.SetBasicAuth(l.id, l.secret); return nil }})
	if err != nil {
		return tokens{}, listError(err)
	}
	var got tokens
	if err := resp.Decode(op, &got); err != nil {
		return tokens{}, err
	}
	if got.Access == "" {
		return tokens{}, channel.BadAnswer(op, errors.New("an answer without an access token"))
	}
	return got, nil
}

// logIn is [channel.Type.Login].
func logIn(ctx context.Context, deps channel.Deps, settings channel.Settings, browser channel.Browser) (map[string]string, error) {
	shop, err := open(deps, settings)
	if err != nil {
		return nil, err
	}
	refresh, err := shop.(*Store).authorize(ctx, browser)
	if err != nil {
		return nil, err
	}
	return map[string]string{"refreshToken": refresh}, nil
}

// authorize gets a refresh token by an authorisation code. eBay sends the browser to whatever stands behind the RuName; from
// there the seller brings the address, or a page of his leads on to this computer.
func (s *Store) authorize(ctx context.Context, browser channel.Browser) (string, error) {
	state := channel.NewState()
	page := s.login.page + "?" + url.Values{"response_type": {"code"}, "client_id": {s.login.id}, "redirect_uri": {s.login.ruName},
		"scope": {strings.Join(scopes, " ")}, "state": {state}, "prompt": {"login"}}.Encode()
	redirect := pasteURI
	if s.login.bounces {
		redirect = bounceURI
	}
	back, err := browser.Visit(ctx, redirect, page)
	if err != nil {
		return "", err
	}
	// A code has characters such as ^ and # in it, which are encoded in the address. Query decodes them once; whoever does so
	// twice has another code (ebay.md, 1.2).
	q := back.Query()
	switch {
	case subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(state)) != 1:
		return "", channel.NotGranted(opLogin, "The address is not of the login that Evenstock began. Try again, and copy the address of the last page.")
	case q.Get("error") != "" || q.Get("code") == "":
		return "", channel.NotGranted(opLogin, "eBay did not grant access. Try again and agree to what it asks for.")
	}
	got, err := s.tokens(ctx, opLogin, url.Values{"grant_type": {"authorization_code"}, "redirect_uri": {s.login.ruName}, "code": {q.Get("code")}})
	if err != nil {
		return "", codeError(err)
	}
	if got.Refresh == "" {
		return "", channel.BadAnswer(opLogin, errors.New("an answer without a refresh token"))
	}
	return got.Refresh, nil
}

// codeError says of a code that was refused what may be wrong with it.
func codeError(err error) error {
	var e *channel.Error
	if errors.As(err, &e) && e.Kind == channel.Auth && e.Message == loginMessage {
		e.Message = "eBay does not accept the code. It is good for a few minutes and once: log in again, and check the RuName."
	}
	return err
}
