package etsy

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// TestKeyAndLogin: both halves of the key travel in one header (etsy.md, 1.1).
func TestKeyAndLogin(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	a, err := s.store.Check(t.Context())
	must(t, err)
	if a.ID != "33012345" || a.Name != "FernhillMakers" || a.Currency != "GBP" {
		t.Errorf("account %+v", a)
	}
	for _, e := range s.rec.All() {
		if got := e.Header.Get("x-api-key"); got != practicetest.EtsyKeystring+":"+practicetest.EtsySecret {
			t.Errorf("%s was called with the key %q", e.Path, got)
		}
	}
}

// TestRotatedTokenIsSavedBeforeUse: whatever happens in between, a token that works is kept (etsy.md, 1.1).
func TestRotatedTokenIsSavedBeforeUse(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	full := errors.New("disk full")
	broken := true
	used := 0
	s.store = connect(t, s.Etsy, pageSize, func(d *channel.Deps, _ *channel.Settings) {
		d.Save = func(_, secret string) error {
			used = len(s.rec.Sent(http.MethodGet, "/v3/application"))
			if broken {
				return full
			}
			s.store.Saved["refreshToken"] = secret
			return nil
		}
	})
	_, err := s.store.StoreTime(t.Context())
	says(t, err, channel.Transient, "could not be saved")
	if calls := s.rec.Sent(http.MethodGet, "/v3/application"); len(calls) != 0 || used != 0 {
		t.Fatalf("the new login was used before it was saved: %d calls", len(calls))
	}

	// A crash now leaves the old token, which still works.
	again := connect(t, s.Etsy, pageSize, nil)
	if _, err := again.StoreTime(t.Context()); err != nil {
		t.Errorf("after a crash before saving: %v", err)
	}

	// Without a crash the token that was received is saved, not a third one asked for.
	broken = false
	asked := len(s.rec.Sent(http.MethodPost, "/oauth/token"))
	_, err = s.store.StoreTime(t.Context())
	must(t, err)
	if n := len(s.rec.Sent(http.MethodPost, "/oauth/token")); n != asked {
		t.Errorf("%d more tokens were asked for", n-asked)
	}
	if s.store.Saved["refreshToken"] == "" || s.store.Saved["refreshToken"] == practicetest.EtsyRefresh {
		t.Errorf("saved %q", s.store.Saved["refreshToken"])
	}

	// A crash after saving leaves the new one.
	s.reopen(t, nil)
	if _, err := s.store.StoreTime(t.Context()); err != nil {
		t.Errorf("after a crash after saving: %v", err)
	}
}

func TestLoginIsRenewed(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
	for range 3 {
		if got := s.read(t, mug); got != 5 {
			t.Errorf("read %d", got)
		}
		s.Advance(2 * time.Hour)
	}
	if n := len(s.rec.Sent(http.MethodPost, "/oauth/token")); n != 3 {
		t.Errorf("%d logins in three times two hours, want 3", n)
	}
	// A token that Etsy ends early is renewed once, in the middle of the call.
	refused := false
	s.rec.Instead = func(r *http.Request, _ string) *http.Response {
		if refused || strings.Contains(r.URL.Path, "oauth") {
			return nil
		}
		refused = true
		return practicetest.Canned(r, 401, `{"error":"invalid_token","error_description":"access token is expired"}`)
	}
	if got := s.read(t, mug); got != 5 || !refused {
		t.Errorf("read %d", got)
	}
	s.rec.Instead = nil
	s.Face.Revoke()
	s.Advance(2 * time.Hour)
	_, err := s.store.ReadStock(t.Context(), []channel.Ref{mug})
	says(t, err, channel.Auth, "Connect the store again")
}

func TestOneRenewalForMany(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := s.store.ReadStock(t.Context(), []channel.Ref{mug}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(s.rec.Sent(http.MethodPost, "/oauth/token")); n != 1 {
		t.Errorf("%d renewals, want 1: with two, one of them ends the other's token", n)
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	o := practicetest.EtsyOptions{}
	o.Scopes = []string{"listings_r", "transactions_r", "shops_r"}
	s := newScene(t, o, nil)
	_, err := s.store.Check(t.Context())
	says(t, err, channel.Auth, "does not allow listings_w")
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
	says(t, s.push(t, mug, 4), channel.Auth, "does not allow listings_w")

	for name, c := range map[string]struct{ field, value, want string }{
		"wrong secret":      {"sharedSecret", "no", "keystring and shared secret"},
		"unknown login":     {"refreshToken", "77054321.no", "Connect the store again"},
		"no login at all":   {"refreshToken", "", "Connect the store again"},
		"unknown keystring": {"keystring", "no", "Etsy"},
	} {
		s := newScene(t, practicetest.EtsyOptions{}, func(_ *channel.Deps, set *channel.Settings) { set.Fields[c.field] = c.value })
		_, err := s.store.Check(t.Context())
		t.Run(name, func(t *testing.T) { says(t, err, channel.Auth, c.want) })
	}
}

func TestSettings(t *testing.T) {
	for name, set := range map[string]channel.Settings{
		"nothing":           {},
		"no secret":         {Fields: map[string]string{"keystring": "k"}},
		"both in one field": {Fields: map[string]string{"keystring": "k:s", "sharedSecret": "s"}},
		"unknown choice":    {Fields: map[string]string{"keystring": "k", "sharedSecret": "s", "atZero": "delete"}},
		"foreign endpoint":  {Fields: map[string]string{"keystring": "k", "sharedSecret": "s"}, Endpoint: "https://etsy.example.com"},
	} {
		_, err := Type().Open(channel.Deps{}, set)
		var e *channel.Error
		if !errors.As(err, &e) || e.Kind != channel.Invalid || !strings.HasSuffix(e.Message, ".") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// browser is one that follows the page that the connector opens to where Etsy sends it back.
type browser struct {
	t      *testing.T
	s      *scene
	change func(url.Values)
}

func (b browser) Visit(ctx context.Context, redirect, page string) (*url.URL, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return nil, err
	}
	res, err := b.s.rec.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.String(), redirect+"?") {
		b.t.Errorf("Etsy sends the browser to %v, %v", to, err)
	}
	q := to.Query()
	if b.change != nil {
		b.change(q)
	}
	to.RawQuery = q.Encode()
	return to, nil
}

// TestBrowserLogin: authorisation code with PKCE S256 and a state (etsy.md, 1.1).
func TestBrowserLogin(t *testing.T) {
	o := practicetest.EtsyOptions{}
	o.Redirect = RedirectURI
	s := newScene(t, o, func(_ *channel.Deps, set *channel.Settings) { delete(set.Fields, "refreshToken") })
	must(t, s.store.authorize(t.Context(), browser{t, s, nil}))
	if s.store.Saved["refreshToken"] == "" {
		t.Error("the login was not saved")
	}
	if _, err := s.store.Check(t.Context()); err != nil {
		t.Errorf("after the login: %v", err)
	}
	q, _ := url.ParseQuery(s.rec.Sent(http.MethodGet, "/oauth/connect")[0].Query)
	if q.Get("scope") != "listings_r listings_w transactions_r shops_r" || q.Get("code_challenge_method") != "S256" || len(q.Get("state")) < 32 {
		t.Errorf("the page was asked for with %v", q)
	}
	sent := s.rec.Sent(http.MethodPost, "/oauth/token")[0].Sent
	if form, _ := url.ParseQuery(sent); len(form.Get("code_verifier")) < 43 || strings.Contains(q.Encode(), form.Get("code_verifier")) {
		t.Error("the verifier is too short, or the browser has seen it")
	}
}

func TestBrowserLoginThatFails(t *testing.T) {
	for name, change := range map[string]func(url.Values){
		"another state": func(q url.Values) { q.Set("state", "guessed") },
		"no state":      func(q url.Values) { q.Del("state") },
		"denied":        func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") },
		"another code":  func(q url.Values) { q.Set("code", "stolen") },
	} {
		o := practicetest.EtsyOptions{}
		o.Redirect = RedirectURI
		s := newScene(t, o, nil)
		err := s.store.authorize(t.Context(), browser{t, s, change})
		t.Run(name, func(t *testing.T) { says(t, err, channel.Auth, ".") })
		if tokens := s.rec.Sent(http.MethodPost, "/oauth/token"); name != "another code" && len(tokens) != 0 {
			t.Errorf("%s: a code was traded in all the same", name)
		}
		if len(s.store.Saved) != 0 {
			t.Errorf("%s: something was saved", name)
		}
	}
	stopped := errors.New("stopped")
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	if err := s.store.authorize(t.Context(), noBrowser{stopped}); !errors.Is(err, stopped) {
		t.Errorf("stopped while waiting: %v", err)
	}
}

// noBrowser is one that nobody comes back from.
type noBrowser struct{ err error }

func (b noBrowser) Visit(context.Context, string, string) (*url.URL, error) { return nil, b.err }

// TestRedirectsCarryNothing: credentials follow no redirect.
func TestRedirectsCarryNothing(t *testing.T) {
	followed := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed++ }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 307, 308} {
		here := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			http.Redirect(w, r, elsewhere.URL+r.URL.Path, status)
		}))
		shop := practicetest.NewEtsy(t, practicetest.EtsyOptions{Direct: true})
		shop.URL, shop.Client = here.URL, here.Client()
		_, err := connect(t, shop, pageSize, nil).Check(t.Context())
		says(t, err, channel.Invalid, "leads on")
		here.Close()
	}
	if followed != 0 {
		t.Errorf("%d redirects were followed", followed)
	}
}
