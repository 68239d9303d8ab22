package bridge_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gorilla/websocket"

	"evenstock/backend/bridge"
)

// Echo is a service with every way to go wrong.
type Echo struct{ called chan string }

func (e *Echo) Say(word string, times int) (string, error) { return strings.Repeat(word, times), nil }
func (e *Echo) Refuse() error {
	return &bridge.Failure{Code: "cooldown", Message: "Not yet.", Store: "Home", RetryAt: 5}
}
func (e *Echo) Panic() (string, error) { panic("entry in nil map") }
func (e *Echo) NaN() (float64, error)  { return math.NaN(), nil }
func (e *Echo) Nothing() error         { return nil }
func (e *Echo) Slow() error            { e.called <- "slow"; <-e.called; return nil }

// log collects what was logged.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *log) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// served is a running web bridge.
type served struct {
	t         *testing.T
	url       *url.URL // with the first token
	base      string
	hub       *bridge.Hub
	echo      *Echo
	log       log
	stop      context.CancelFunc
	announced chan string
}

func serve(t *testing.T) *served {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	s := &served{t: t, hub: bridge.NewHub(), echo: &Echo{make(chan string)}, stop: stop, announced: make(chan string, 100)}
	assets := fstest.MapFS{
		"index.html":     {Data: []byte("<!doctype html><html><head><title>x</title><script src=\"/assets/app.js\"></script></head></html>")},
		"assets/app.js":  {Data: []byte("run()")},
		"assets/app.css": {Data: []byte("a{}")},
	}
	address, err := bridge.Serve(ctx, bridge.WebOptions{Addr: "127.0.0.1:0", Assets: assets, Services: []any{s.echo},
		Hub: s.hub, Log: s.log.logger(), Announce: func(url string) { s.announced <- url }})
	if err != nil {
		t.Fatal(err)
	}
	if s.url, err = url.Parse(address); err != nil {
		t.Fatal(err)
	}
	s.base = "http://" + s.url.Host
	return s
}

// browser is a client that keeps cookies and does not follow redirects.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (s *served) get(c *http.Client, address string, change ...func(*http.Request)) (*http.Response, string) {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range change {
		f(r)
	}
	res, err := c.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res, string(body)
}

// entered is a browser that has exchanged its token.
func (s *served) entered() *http.Client {
	s.t.Helper()
	c := browser(s.t)
	if res, body := s.get(c, s.url.String()); res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/" {
		s.t.Fatalf("entering: %s %s", res.Status, body)
	}
	return c
}

func (s *served) dial(c *http.Client, origin string) (*websocket.Conn, *http.Response, error) {
	s.t.Helper()
	d := websocket.Dialer{Jar: c.Jar}
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	conn, res, err := d.Dial("ws://"+s.url.Host+"/bridge/socket", header)
	if err == nil {
		s.t.Cleanup(func() { conn.Close() })
	}
	return conn, res, err
}

// page is a connected page.
func (s *served) page() *websocket.Conn {
	s.t.Helper()
	conn, _, err := s.dial(s.entered(), s.base)
	if err != nil {
		s.t.Fatal(err)
	}
	return conn
}

type message struct {
	ID     int64           `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  string          `json:"error"`
	Event  string          `json:"event"`
	Data   json.RawMessage `json:"data"`
}

func send(t *testing.T, conn *websocket.Conn, text string) {
	t.Helper()
	if err := conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func receive(t *testing.T, conn *websocket.Conn) message {
	t.Helper()
	var m message
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := conn.ReadJSON(&m); err != nil {
		t.Fatal(err)
	}
	return m
}
