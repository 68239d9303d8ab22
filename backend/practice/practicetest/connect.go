package practicetest

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
)

// Site is where a shop is and how it is reached.
type Site struct {
	Clock  *Clock
	Client *http.Client
	URL    string
	Fields map[string]string // what a seller enters to connect it, with consent to whatever needs it
}

// over is a site without a socket: its client calls the face in the caller's goroutine.
func over(clock *Clock, face http.Handler, fields map[string]string) Site {
	return Site{Clock: clock, Client: &http.Client{Transport: practice.Transport(face)}, URL: "http://127.0.0.1", Fields: fields}
}

// serve puts the face behind a socket until the test ends, one that speaks TLS if secure, unless it is to be called directly.
// The client trusts the socket's certificate.
func (s *Site) serve(t testing.TB, face http.Handler, direct, secure bool) {
	t.Helper()
	if direct {
		return
	}
	server := httptest.NewUnstartedServer(face)
	if secure {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	s.URL, s.Client = server.URL, server.Client()
}

// Given is what a connector under test was given.
type Given struct {
	Log   *Logbook
	Notes channel.Notes
	Saved map[string]string // what it had saved, by field
}

// Given is what a connector is opened with on a site, and where to see what becomes of it. Waiting for a limit lets the
// site's clock go on.
func (s Site) Given() (channel.Deps, channel.Settings, Given) {
	g := Given{Log: &Logbook{}, Notes: &Notes{}, Saved: map[string]string{}}
	settings := channel.Settings{Endpoint: s.URL, Fields: maps.Clone(s.Fields)}
	deps := channel.Deps{HTTP: s.Client, Now: s.Clock.Now, Notes: g.Notes, Log: g.Log.Logger(),
		Wait: func(ctx context.Context, d time.Duration) error { s.Clock.Advance(d); return ctx.Err() },
		Save: func(name, secret string) error { g.Saved[name] = secret; return nil }}
	return deps, settings, g
}

// Connect opens a connector on a site, with whatever change makes of what it is given; nil changes nothing.
func Connect(t testing.TB, kind channel.Type, at Site, change func(*channel.Deps, *channel.Settings)) (channel.Store, Given) {
	t.Helper()
	deps, settings, g := at.Given()
	if change != nil {
		change(&deps, &settings)
	}
	g.Notes = deps.Notes
	store, err := kind.Open(deps, settings)
	if err != nil {
		t.Fatal(err)
	}
	return store, g
}

// Conform checks the rules every connector obeys. open makes a shop and its connector, which logs to log and reads pages of
// size items. large is the size in daily use; 0 leaves out the rule about thousands of listings. Neither an error nor the
// log may say one of secrets.
func Conform(t *testing.T, large int, secrets []string, open func(t *testing.T, size int, log *Logbook) (channel.Store, channeltest.Shop)) {
	t.Helper()
	log := &Logbook{}
	sized := func(size int) func(*testing.T) (channel.Store, channeltest.Shop) {
		return func(t *testing.T) (channel.Store, channeltest.Shop) { return open(t, size, log) }
	}
	suite := channeltest.Suite{New: sized(3), Log: log.String, Secrets: secrets}
	if large > 0 {
		suite.Large = sized(large)
	}
	suite.Run(t)
}

// Logbook collects what a connector logs.
type Logbook struct {
	mu   sync.Mutex
	said strings.Builder
}

// Write implements [io.Writer].
func (l *Logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.said.Write(p)
}

// String is all that was logged.
func (l *Logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.said.String()
}

// Logger logs everything to the logbook.
func (l *Logbook) Logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// LogTo has a connector log to a logbook.
func LogTo(log *Logbook) func(*channel.Deps, *channel.Settings) {
	return func(d *channel.Deps, _ *channel.Settings) { d.Log = log.Logger() }
}

// Notes keeps notes in memory.
type Notes struct {
	mu   sync.Mutex
	kept map[string][]byte
}

// Read implements [channel.Notes].
func (n *Notes) Read(name string) ([]byte, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.kept[name], nil
}

// Write implements [channel.Notes].
func (n *Notes) Write(name string, value []byte) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.kept == nil {
		n.kept = map[string][]byte{}
	}
	n.kept[name] = append([]byte(nil), value...)
	return nil
}

// Kept is everything that is noted, by name.
func (n *Notes) Kept() map[string][]byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.kept)
}
