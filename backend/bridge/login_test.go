package bridge_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"evenstock/backend/bridge"
	"evenstock/backend/channel"
	"evenstock/backend/channel/ebay"
	"evenstock/backend/db"
	"evenstock/backend/db/dbtest"
	"evenstock/backend/engine"
	"evenstock/backend/practice/practicetest"
	"evenstock/backend/view"
)

// memos is a key store in memory.
type memos struct {
	mu   sync.Mutex
	kept map[string]string
}

func (m *memos) Get(_ uint32, field string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.kept[field]; ok {
		return v, nil
	}
	return "", db.ErrNotFound
}

func (m *memos) Put(_ uint32, field, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[field] = value
	return nil
}

// signing is the page's side of a program that connects practice accounts on eBay, none of which has a login yet.
type signing struct {
	t      *testing.T
	stores *bridge.Stores
	shop   *practicetest.EBay
	form   bridge.StoreForm
	keys   *memos

	mu   sync.Mutex
	told []string
}

func newSigning(t *testing.T) *signing {
	t.Helper()
	t.Setenv("DISPLAY", "") // no browser opens here
	t.Setenv("WAYLAND_DISPLAY", "")
	s := &signing{t: t, shop: practicetest.NewEBay(t, practicetest.EBayOptions{}), keys: &memos{kept: map[string]string{}}}
	s.shop.Fields["refreshToken"] = ""
	kind := ebay.Type() // whose address is that of the practice account
	at := func(settings channel.Settings) channel.Settings { settings.Endpoint = s.shop.URL; return settings }
	open, logIn := kind.Open, kind.Login
	kind.Open = func(d channel.Deps, settings channel.Settings) (channel.Store, error) { return open(d, at(settings)) }
	kind.Login = func(ctx context.Context, d channel.Deps, settings channel.Settings, b channel.Browser) (map[string]string, error) {
		return logIn(ctx, d, at(settings), b)
	}
	var l log
	d := dbtest.Open(t)
	v, err := view.Open(d)
	s.ok(err)
	d.OnCommit(v.Update)
	types := channel.NewRegistry(kind)
	e, err := engine.New(engine.Options{DB: d, Types: types, HTTP: s.shop.Client, Log: l.logger(), Secrets: s.keys, Now: s.shop.Clock.Now, Sleep: engine.Sleep})
	s.ok(err)
	v.SetLive(view.Live{Progress: e.Progress, Rehearsing: e.Rehearsing})
	b := bridge.New(bridge.About{Log: l.logger()})
	b.Attach(bridge.Deps{Context: t.Context(), Engine: e, View: v, Types: types, Now: s.shop.Clock.Now, Books: d, Changed: s.changed})
	s.stores = b.Services()[1].(*bridge.Stores)
	s.form = bridge.StoreForm{Channel: "ebay", Name: "Market", Fields: s.shop.Fields}
	return s
}

func (s *signing) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *signing) changed(topics []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, topics...)
}

// connect begins to connect, and returns the login once it is under way and what comes of it.
func (s *signing) connect() (bridge.Login, <-chan error) {
	s.t.Helper()
	before, err := s.stores.Login()
	s.ok(err)
	out := make(chan error, 1)
	go func() {
		_, err := s.stores.Add(s.form)
		out <- err
	}()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if l, err := s.stores.Login(); err == nil && l.Page != before.Page {
			return l, out
		}
	}
	s.t.Fatal("no login began")
	return bridge.Login{}, nil
}

// agree is the person at eBay's page; it returns the address that the browser ends at.
func (s *signing) agree(page string) string {
	s.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(page)
	s.ok(err)
	res.Body.Close()
	return res.Header.Get("Location")
}

// TestEBayLoginIsPasted: in the window as at the command line, the person brings the address of eBay's own last page.
func TestEBayLoginIsPasted(t *testing.T) {
	s := newSigning(t)
	if err := s.stores.Paste("https://example.com/?code=1&state=2"); !refused(err, "invalid") {
		t.Errorf("an address that nothing asks for: %v", err)
	}
	login, done := s.connect()
	if !login.Asks || !strings.HasPrefix(login.Page, s.shop.URL) {
		t.Errorf("%+v", login)
	}
	back := s.agree(login.Page)
	if u, err := url.Parse(back); err != nil || u.Query().Get("code") == "" {
		t.Fatalf("eBay sends the browser to %q", back)
	}
	if err := s.stores.Paste(back); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got, err := s.keys.Get(0, "refreshToken"); err != nil || got == "" {
		t.Errorf("the login is kept as %q, %v", got, err)
	}
	if after, err := s.stores.Login(); err != nil || after.Page != "" {
		t.Errorf("when it is over: %+v, %v", after, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.told) < 2 || slices.ContainsFunc(s.told, func(topic string) bool { return topic != "login" }) {
		t.Errorf("the page was told of %q, want of the login's begin and end", s.told)
	}
}

// TestLoginsThatComeToNothing: a wrong address, a login that the person gives up, and one that another takes the place of.
func TestLoginsThatComeToNothing(t *testing.T) {
	s := newSigning(t)
	_, done := s.connect()
	s.ok(s.stores.Paste("https://auth.ebay.com/somewhere?code=x&state=of-another"))
	if err := <-done; err == nil || !strings.Contains(err.Error(), "not of the login") {
		t.Errorf("an address of another login: %v", err)
	}
	_, done = s.connect()
	s.ok(s.stores.CancelLogin())
	if err := <-done; !refused(err, "invalid") || !strings.Contains(err.Error(), "given up") {
		t.Errorf("given up: %v", err)
	}
	_, first := s.connect()
	login, second := s.connect()
	if err := <-first; !refused(err, "invalid") {
		t.Errorf("the earlier one: %v", err)
	}
	s.ok(s.stores.Paste(s.agree(login.Page)))
	if err := <-second; err != nil {
		t.Errorf("the later one: %v", err)
	}
}
