package etsy

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

// RedirectURI is where Etsy sends the browser back to. Etsy compares it with the registered one character for character,
// so the port is fixed (etsy.md, 1.1).
const RedirectURI = "http://localhost:53682/etsy"

// scopes are what Evenstock asks for, no more than it uses (etsy.md, 1.1).
var scopes = []string{"listings_r", "listings_w", "transactions_r", "shops_r"}

const (
	opToken = "renew the login"
	opLogin = "log in"
	// earlier is how long before its end an access token is renewed.
	earlier = time.Minute
	// hour is how long an access token lasts where the answer does not say (marketplace-auth-and-gotchas.md, 1).
	hour = time.Hour
)

// login holds the keys of the app and the tokens of the shop. Etsy sends a new refresh token with every access token. The
// new one is saved before the access token that came with it is used, since using that may end the old one; until then the
// old one stands in the key store. So a crash at any moment leaves a token that works.
type login struct {
	keystring, secret string
	page              string // where the browser logs in
	now               func() time.Time
	save              func(name, secret string) error

	saved  string    // refresh token as the key store has it
	fresh  tokens    // received and not saved yet; zero when there is nothing to save
	renew  time.Time // from when on another access token is to be asked for
	access httpx.Access

	lifetime *httpx.Lifetime // of the refresh token in the key store
}

// tokens is an answer of the token endpoint.
type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Seconds int64  `json:"expires_in"`
}

// newLifetime is that of a refresh token, which ends 90 days after Etsy sent it (marketplace-auth-and-gotchas.md, 1). Each
// renewal brings another, so only that of a shop which was not asked for long comes near its end.
func newLifetime(deps channel.Deps, log *slog.Logger) *httpx.Lifetime {
	const day = 24 * time.Hour
	return &httpx.Lifetime{Field: "refreshToken", Name: "refresh token", Lasts: 90 * day, Warns: 14 * day, Notes: deps.Notes, Now: deps.Now, Log: log,
		Renew: "Test the connection under Settings of the store, which renews the login; if that does not work, log in again there."}
}

func newLogin(keystring, secret, refresh string, deps channel.Deps) *login {
	save := deps.Save
	if save == nil {
		save = func(string, string) error { return nil }
	}
	return &login{keystring: keystring, secret: secret, saved: refresh, now: deps.Now, save: save}
}

// sign adds the app's keys and, unless token is empty, the shop's login. Etsy wants both halves of the key in one header
// since 2026 (etsy.md, 1.1).
func (l *login) sign(token string) func(*http.Request) error {
	return func(r *http.Request) error {
		r.Header.Set("x-api-key", l.keystring+":"+l.secret)
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		return nil
	}
}

// refresh gets tokens with the refresh token.
func (s *Store) refresh(ctx context.Context) (access string, renew time.Time, err error) {
	l := s.login
	if l.fresh.Refresh == "" {
		if l.saved == "" {
			return "", renew, &channel.Error{Kind: channel.Auth, Op: opToken, Code: channel.CodeAuth, Message: loginMessage}
		}
		got, err := s.tokens(ctx, opToken, url.Values{"grant_type": {"refresh_token"}, "client_id": {l.keystring}, "refresh_token": {l.saved}})
		if err != nil {
			return "", renew, err
		}
		got.Refresh = cmp.Or(got.Refresh, l.saved)
		l.receive(got)
	}
	return l.keep()
}

func (l *login) receive(got tokens) {
	l.fresh, l.renew = got, l.now().Add(httpx.Lasts(got.Seconds, hour)-earlier)
}

// keep saves tokens that were received, and only then lets them be used.
func (l *login) keep() (access string, renew time.Time, err error) {
	if l.fresh.Refresh != l.saved {
		if err := l.save("refreshToken", l.fresh.Refresh); err != nil {
			return "", renew, &channel.Error{Kind: channel.Transient, Op: opToken, Message: "The new login could not be saved on this computer. It is tried again.", Err: err}
		}
	}
	l.lifetime.Used(l.fresh.Refresh)
	access, l.saved, l.fresh = l.fresh.Access, l.fresh.Refresh, tokens{}
	return access, l.renew, nil
}

// tokens asks the token endpoint.
func (s *Store) tokens(ctx context.Context, op string, form url.Values) (tokens, error) {
	resp, err := s.send(ctx, httpx.Request{Op: op, Method: http.MethodPost, Path: "v3/public/oauth/token", Form: form}, "")
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
	got := map[string]string{}
	deps.Save = func(name, secret string) error { got[name] = secret; return nil }
	shop, err := open(deps, settings)
	if err != nil {
		return nil, err
	}
	return got, shop.(*Store).authorize(ctx, browser)
}

// authorize gets tokens by an authorisation code with PKCE (etsy.md, 1.1), for a store that has none yet. The first
// redirect decides: one with another state than the one sent ends the login.
func (s *Store) authorize(ctx context.Context, browser channel.Browser) error {
	state, verifier := channel.NewState(), channel.NewState()
	sum := sha256.Sum256([]byte(verifier))
	page := s.login.page + "?" + url.Values{
		"response_type": {"code"}, "client_id": {s.login.keystring}, "redirect_uri": {RedirectURI},
		"scope": {strings.Join(scopes, " ")}, "state": {state},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}.Encode()
	back, err := browser.Visit(ctx, RedirectURI, page)
	if err != nil {
		return err
	}
	q := back.Query()
	switch {
	case subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(state)) != 1:
		return channel.NotGranted(opLogin, "The browser came back from a login that Evenstock did not begin. Try again.")
	case q.Get("error") != "" || q.Get("code") == "":
		return channel.NotGranted(opLogin, "Etsy did not grant access. Try again and allow everything it asks for.")
	}
	got, err := s.tokens(ctx, opLogin, url.Values{"grant_type": {"authorization_code"}, "client_id": {s.login.keystring},
		"redirect_uri": {RedirectURI}, "code": {q.Get("code")}, "code_verifier": {verifier}})
	if err != nil {
		return err
	}
	if got.Refresh == "" {
		return channel.BadAnswer(opLogin, errors.New("an answer without a refresh token"))
	}
	s.login.receive(got)
	_, err = s.login.access.Token(ctx, "") // what was received is kept before anything else is asked for
	return err
}
