package ebay

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// says fails the test unless err is of a kind and has a sentence with a word in it.
func says(t *testing.T, err error, kind channel.Kind, word string) {
	t.Helper()
	var e *channel.Error
	if !errors.As(err, &e) || e.Kind != kind || !strings.Contains(e.Message, word) {
		t.Errorf("%v, want one of kind %v with a sentence with %q", err, kind, word)
	}
}

// seller is a browser whose user agrees to everything; change may spoil the address it ends at.
type seller struct {
	client   *http.Client
	change   func(back *url.URL)
	redirect string
	page     *url.URL
}

// Visit implements channel.Browser.
func (b *seller) Visit(ctx context.Context, redirect, page string) (*url.URL, error) {
	b.redirect = redirect
	var err error
	if b.page, err = url.Parse(page); err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return nil, err
	}
	res, err := b.client.Transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	back, err := url.Parse(res.Header.Get("Location"))
	if err == nil && b.change != nil {
		b.change(back)
	}
	return back, err
}

// TestLogin: the code has characters that are encoded in the address, and some that look so; eBay takes it only as it was given,
// so it is decoded once (ebay.md, 1.2). The address is pasted, or comes by a page that leads on.
func TestLogin(t *testing.T) {
	for field, redirect := range map[string]string{"": pasteURI, bounces: bounceURI} {
		s := newScene(t, practicetest.EBayOptions{}, nil)
		deps, settings, _ := s.Given()
		delete(settings.Fields, "refreshToken")
		settings.Fields[fieldBounce] = field
		browser := &seller{client: s.Client}
		got, err := logIn(t.Context(), deps, settings, browser)
		must(t, err)
		if got["refreshToken"] != practicetest.EBayRefresh || len(got) != 1 || browser.redirect != redirect {
			t.Errorf("the login brought %d fields by way of %s", len(got), browser.redirect)
		}
		q := browser.page.Query()
		if q.Get("redirect_uri") != practicetest.EBayRuName || !strings.Contains(q.Get("scope"), "sell.inventory") || strings.Contains(q.Get("scope"), "readonly sell.fulfillment ") {
			t.Errorf("asked for %s", browser.page)
		}
		for _, e := range s.sent(http.MethodPost, "/oauth2/token") {
			if _, _, ok := (&http.Request{Header: e.Header}).BasicAuth(); !ok || strings.Contains(e.Sent, practicetest.EBaySecret) {
				t.Error("the secret is not in the header alone")
			}
		}
	}
}

// TestLoginsThatFail: another state, a refusal and a code that was used up are told apart.
func TestLoginsThatFail(t *testing.T) {
	set := func(name, value string) func(*url.URL) {
		return func(back *url.URL) {
			q := back.Query()
			q.Set(name, value)
			back.RawQuery = q.Encode()
		}
	}
	for word, change := range map[string]func(*url.URL){
		"login that Evenstock began": set("state", "another"),
		"did not grant":              set("error", "access_denied"),
		"few minutes":                set("code", "v^1.1#used"),
	} {
		s := newScene(t, practicetest.EBayOptions{}, nil)
		deps, settings, _ := s.Given()
		_, err := logIn(t.Context(), deps, settings, &seller{client: s.Client, change: change})
		says(t, err, channel.Auth, word)
	}
}

// TestOldToken: a token from before a scope was asked for is refused with 403, and only a new login helps (ebay.md, 1.2).
func TestOldToken(t *testing.T) {
	o := practicetest.EBayOptions{}
	o.Refused = []string{"/sell/fulfillment/"}
	s := newScene(t, o, nil)
	for _, err := range s.store.ListOrders(t.Context(), nil) {
		says(t, err, channel.Auth, "older than")
	}
	_, err := s.store.Check(t.Context())
	says(t, err, channel.Auth, "older than")
}

// TestWideLogin: a login that was made elsewhere, with the scope that lets orders be written, will do.
func TestWideLogin(t *testing.T) {
	o := practicetest.EBayOptions{}
	o.Wide = true
	s := newScene(t, o, nil)
	_, err := s.store.Check(t.Context())
	must(t, err)
}

// TestExpiredToken: an access token that ended early is renewed, in both worlds; a login that ended asks for the user.
func TestExpiredToken(t *testing.T) {
	s := newScene(t, practicetest.EBayOptions{World: practicetest.BothWorlds}, nil)
	refs := []channel.Ref{s.AddListing(channeltest.Goods{SKU: "A", Title: "A", Quantity: 1}), s.AddListing(channeltest.Goods{SKU: "B", Title: "B", Quantity: 2})}
	for _, ref := range refs {
		for range 2 {
			got, err := s.store.ReadStock(t.Context(), []channel.Ref{ref})
			must(t, err)
			must(t, got[0].Err)
			s.Face.Expire()
		}
	}
	s.Face.Revoke()
	_, err := s.store.ReadStock(t.Context(), refs)
	says(t, err, channel.Auth, "no longer lets")
}

// TestWrongKeys: keys that eBay does not know, and a keyset that is disabled, are named as what they are.
func TestWrongKeys(t *testing.T) {
	s := newScene(t, practicetest.EBayOptions{}, func(_ *channel.Deps, settings *channel.Settings) { settings.Fields["clientSecret"] = "wrong" })
	_, err := s.store.Check(t.Context())
	says(t, err, channel.Auth, "keyset is disabled")
}

// TestNoticeIsExplained: a production keyset is disabled until eBay's notice is dealt with, which the steps to connect say
// (ebay.md, 1.2).
func TestNoticeIsExplained(t *testing.T) {
	said := strings.Join(Type().Steps, " ")
	for _, word := range []string{"marketplace account deletion", "exemption", "disabled", "endpoint", bounceURI} {
		if !strings.Contains(said, word) {
			t.Errorf("the steps do not say %q", word)
		}
	}
}

// TestRedirectsAreNotFollowed: credentials go nowhere else (reliability.md, S7).
func TestRedirectsAreNotFollowed(t *testing.T) {
	s := newScene(t, practicetest.EBayOptions{}, nil)
	ref := s.AddListing(channeltest.Goods{SKU: "A", Title: "A", Quantity: 1})
	s.rec.Instead = func(r *http.Request, _ string) *http.Response {
		if strings.HasSuffix(r.URL.Path, "/oauth2/token") {
			return nil
		}
		return practicetest.Canned(r, http.StatusTemporaryRedirect, "", "Location", "http://127.0.0.9/stolen")
	}
	if _, err := s.store.ReadStock(t.Context(), []channel.Ref{ref}); err == nil {
		t.Error("a redirect is taken for an answer")
	}
	if _, err := s.store.Check(t.Context()); err == nil {
		t.Error("a redirect is taken for an answer")
	}
	for _, e := range s.rec.All() {
		if e.Host == "127.0.0.9" {
			t.Errorf("a redirect was followed: %s", e.Path)
		}
	}
}

// TestNoPerson: nothing of a buyer or of the seller himself leaves the connector: no name, user name, address, e-mail or number
// (ebay.md, 1.2).
func TestNoPerson(t *testing.T) {
	for _, world := range []practicetest.EBayWorld{practicetest.InventoryWorld, practicetest.TradingWorld} {
		s := newScene(t, practicetest.EBayOptions{World: world}, nil)
		s.everyCall(t)
		a, err := s.store.Check(t.Context())
		must(t, err)
		if a.ID != practicetest.EBayUser || a.Name != "eBay.co.uk" || a.URL != "https://www.ebay.co.uk" {
			t.Errorf("account %+v", a)
		}
		said := s.store.Log.String() + a.Name + a.URL + strings.Join(a.Warnings, " ")
		for page, err := range s.store.ListOrders(t.Context(), nil) {
			must(t, err)
			for _, o := range page.Items {
				said += o.Ref + o.Number + o.Notice + o.Status
				for _, l := range o.Lines {
					said += l.Ref + l.ListingRef + l.Title + l.SKU
				}
			}
			said += string(page.Next)
		}
		for page, err := range s.store.ListListings(t.Context(), nil) {
			must(t, err)
			for _, l := range page.Items {
				said += l.Ref + l.Parent + l.Title + l.Variant + l.SKU + l.Image
			}
		}
		for _, kept := range s.store.Notes.(*practicetest.Notes).Kept() {
			said += string(kept)
		}
		received := ""
		for _, e := range s.rec.All() {
			received += string(e.Answer)
		}
		for _, canary := range canaries {
			if strings.Contains(said, canary) {
				t.Errorf("%q left the connector", canary)
			}
			if !strings.Contains(received, canary) {
				t.Errorf("%q was never sent, so the test proves nothing", canary)
			}
		}
	}
}

// TestDayIsSpent: once eBay says that the calls of the day are used up, the Trading API is left alone for an hour (ebay.md, rate limits).
func TestDayIsSpent(t *testing.T) {
	s := newScene(t, practicetest.EBayOptions{World: practicetest.TradingWorld}, nil)
	ref := s.AddListing(channeltest.Goods{SKU: "A", Title: "A", Quantity: 1})
	s.rec.Instead = func(r *http.Request, _ string) *http.Response {
		if r.URL.Path != "/ws/api.dll" {
			return nil
		}
		return practicetest.Canned(r, http.StatusOK, `<R><Ack>Failure</Ack><Errors><ErrorCode>218050</ErrorCode><SeverityCode>Error</SeverityCode></Errors></R>`)
	}
	_, err := s.store.ReadStock(t.Context(), []channel.Ref{ref})
	var e *channel.Error
	if !errors.As(err, &e) || e.Kind != channel.Throttled || !e.RetryAt.Equal(s.Clock.Now().Add(time.Hour)) {
		t.Errorf("the day's calls are used up: %v", err)
	}
}
