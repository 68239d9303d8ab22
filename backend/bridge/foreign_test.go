package bridge_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gorilla/websocket"

	"evenstock/backend/bridge"
)

// house is the program's own services, all of them, as they are served to a browser.
type house struct {
	t      *testing.T
	at     *url.URL // without a token
	cookie *http.Cookie
	first  string   // the token that was used up
	second string   // one that was not
	names  []string // of every binding: bridge.Stores.List
}

func openHouse(t *testing.T) *house {
	t.Helper()
	var l log
	next := make(chan string, 1)
	services := bridge.New(bridge.About{Version: "test", Log: l.logger()}).Services()
	address, err := bridge.Serve(t.Context(), bridge.WebOptions{Addr: "127.0.0.1:0", Services: services, Log: l.logger(),
		Assets: fstest.MapFS{"index.html": {Data: []byte("<html><head></head></html>")}}, Announce: func(url string) { next <- url }})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t}
	if h.at, err = url.Parse(address); err != nil {
		t.Fatal(err)
	}
	h.first = h.at.Query().Get("token")
	h.at.RawQuery = ""
	res, _ := h.ask(http.MethodGet, "/?token="+h.first, nil)
	if len(res.Cookies()) != 1 {
		t.Fatalf("the token lets nobody in: %s", res.Status)
	}
	h.cookie = res.Cookies()[0]
	again, err := url.Parse(<-next)
	if err != nil {
		t.Fatal(err)
	}
	h.second = again.Query().Get("token")
	for _, s := range services {
		for i := range reflect.TypeOf(s).NumMethod() {
			h.names = append(h.names, strings.TrimPrefix(reflect.TypeOf(s).String(), "*")+"."+reflect.TypeOf(s).Method(i).Name)
		}
	}
	if len(h.names) < 60 {
		t.Fatalf("only %d bindings", len(h.names))
	}
	return h
}

// ask makes a request as somebody, nil for nobody in particular.
func (h *house) ask(method, path string, as *caller) (*http.Response, string) {
	h.t.Helper()
	var body io.Reader
	if method != http.MethodGet {
		body = strings.NewReader(`{"id":1,"name":"bridge.App.State","args":[]}`)
	}
	r, err := http.NewRequestWithContext(h.t.Context(), method, strings.TrimSuffix(h.at.String(), "/")+path, body)
	if err != nil {
		h.t.Fatal(err)
	}
	if as != nil {
		r.Header = as.header()
		r.Host = as.host
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return res, string(text)
}

// dial opens the socket as somebody.
func (h *house) dial(path string, as *caller) (*websocket.Conn, *http.Response, error) {
	header := as.header()
	if as.host != "" {
		header.Set("Host", as.host)
	}
	conn, res, err := websocket.DefaultDialer.DialContext(h.t.Context(), "ws://"+h.at.Host+path, header)
	if err == nil {
		h.t.Cleanup(func() { conn.Close() })
	}
	return conn, res, err
}

// reached calls every binding and returns those that answered.
func (h *house) reached(conn *websocket.Conn) (out []string) {
	h.t.Helper()
	for i, name := range h.names {
		send(h.t, conn, fmt.Sprintf(`{"id":%d,"name":%q,"args":[]}`, i, name))
		if m := receive(h.t, conn); m.ID == int64(i) && !strings.Contains(m.Error, "There is no method") {
			out = append(out, name)
		}
	}
	return out
}

// caller is who asks: the name he calls the server by, the page he stands on, and what he has of a door's.
type caller struct {
	name, host, origin string
	cookie             *http.Cookie
	token              string
}

func (c *caller) header() http.Header {
	h := http.Header{}
	if c.origin != "" {
		h.Set("Origin", c.origin)
	}
	if c.cookie != nil {
		h.Set("Cookie", c.cookie.Name+"="+c.cookie.Value)
	}
	return h
}

// strangers are all who may not come in. Each differs from the page in one thing, or is what an attacker would be.
func (h *house) strangers() []caller {
	host, own, port := h.at.Host, "http://"+h.at.Host, h.at.Port()
	named := func(value, name string) *http.Cookie { return &http.Cookie{Name: name, Value: value} }
	out := []caller{
		{name: "no cookie", host: host, origin: own},
		{name: "no cookie, a token that is good", host: host, origin: own, token: h.second},
		{name: "no cookie, the token that was used", host: host, origin: own, token: h.first},
		{name: "the used token as the cookie", host: host, origin: own, cookie: named(h.first, h.cookie.Name)},
		{name: "the next token as the cookie", host: host, origin: own, cookie: named(h.second, h.cookie.Name)},
		{name: "a guessed cookie", host: host, origin: own, cookie: named(strings.Repeat("A", len(h.cookie.Value)), h.cookie.Name)},
		{name: "an empty cookie", host: host, origin: own, cookie: named("", h.cookie.Name)},
		{name: "half a cookie", host: host, origin: own, cookie: named(h.cookie.Value[:13], h.cookie.Name)},
		{name: "the cookie of another port", host: host, origin: own, cookie: named(h.cookie.Value, "evenstock-1")},
	}
	for _, origin := range []string{"null", "file://", "https://evil.example", "http://evil.example:" + port, "https://" + host,
		"http://127.0.0.1", "http://127.0.0.1:1", "http://localhost:" + port, "http://[::1]:" + port, own + ".evil.example",
		own + "@evil.example", own + "/", "ws://" + host, "wails://wails", "chrome-extension://abcdefghijklmnop"} {
		out = append(out, caller{name: "on the page " + origin, host: host, origin: origin, cookie: h.cookie})
	}
	// A foreign name that leads to this computer (DNS rebinding): the browser believes page and server to be one.
	for _, name := range []string{"evil.example:" + port, "evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", "[::1]:" + port, "0.0.0.0:" + port,
		host + ".evil.example", "127.0.0.1.nip.io:" + port, "localhost.:" + port, "127.1:" + port} {
		out = append(out, caller{name: "by the name " + name, host: name, origin: "http://" + name, cookie: h.cookie},
			caller{name: "by the name " + name + " without an Origin", host: name, cookie: h.cookie})
	}
	return out
}

func TestNoBindingIsReachedByAStranger(t *testing.T) {
	h := openHouse(t)
	for _, c := range h.strangers() {
		t.Run(c.name, func(t *testing.T) {
			query := ""
			if c.token != "" {
				query = "?token=" + c.token
			}
			conn, res, err := h.dial("/bridge/socket"+query, &c)
			if err == nil {
				t.Fatalf("the socket is open, and %d bindings answer", len(h.reached(conn)))
			}
			if res == nil || res.StatusCode != http.StatusForbidden {
				t.Errorf("the socket: %v, %v", res, err)
			}
			for _, path := range []string{"/index.html", "/bridge/shim.js", "/bridge/socket", "/bridge/", "/nothing"} {
				if res, body := h.ask(http.MethodGet, path+query, &c); res.StatusCode != http.StatusForbidden || strings.Contains(body, "window.go") {
					t.Errorf("%s: %s %s", path, res.Status, body)
				}
			}
		})
	}
	if _, res, err := h.dial("/bridge/socket", &caller{host: h.at.Host, cookie: h.cookie}); err == nil || res.StatusCode != http.StatusForbidden {
		t.Errorf("a program that is no page: %v", err)
	}
	// No attempt has used the good token up.
	if res, _ := h.ask(http.MethodGet, "/?token="+h.second, nil); len(res.Cookies()) != 1 {
		t.Errorf("the next token: %s", res.Status)
	}
}

// TestATokenLetsNoStrangerIn: the address itself works only under the server's own name and for no foreign page.
func TestATokenLetsNoStrangerIn(t *testing.T) {
	h := openHouse(t)
	for _, c := range h.strangers() {
		if c.cookie != h.cookie { // as for those with no cookie, which the address is made for
			continue
		}
		c.cookie = nil
		if res, _ := h.ask(http.MethodGet, "/?token="+h.second, &c); res.StatusCode != http.StatusForbidden || len(res.Cookies()) != 0 {
			t.Errorf("%s: %s", c.name, res.Status)
		}
	}
	if res, _ := h.ask(http.MethodGet, "/?token="+h.first, nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("the used token: %s", res.Status)
	}
}

// TestBindingsHaveOneWayIn: the page's socket reaches all of them, and no plain request any, whoever makes it and however.
func TestBindingsHaveOneWayIn(t *testing.T) {
	h := openHouse(t)
	friend := caller{host: h.at.Host, origin: "http://" + h.at.Host, cookie: h.cookie}
	conn, _, err := h.dial("/bridge/socket", &friend)
	if err != nil {
		t.Fatal(err)
	}
	if got := h.reached(conn); !slices.Equal(got, h.names) {
		t.Errorf("%d of %d bindings answer the page", len(got), len(h.names))
	}
	for _, who := range []struct {
		caller
		read int // what reading an unknown address is answered with
	}{{friend, http.StatusNotFound}, {caller{name: "somebody", host: h.at.Host}, http.StatusForbidden}} {
		for _, name := range h.names {
			parts := strings.Split(name, ".")
			for _, path := range []string{"/bridge/" + name, "/" + strings.Join(parts, "/"), "/wails/ipc?name=" + name} {
				if res, body := h.ask(http.MethodGet, path, &who.caller); res.StatusCode != who.read {
					t.Errorf("GET %s: %s %s", path, res.Status, body)
				}
			}
		}
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, "CONNECT-ME"} {
			for _, path := range []string{"/", "/bridge/socket", "/bridge/" + h.names[0]} {
				res, body := h.ask(method, path, &who.caller)
				if res.StatusCode != http.StatusMethodNotAllowed || strings.Contains(body, "result") {
					t.Errorf("%s %s: %s %s", method, path, res.Status, body)
				}
			}
		}
	}
}

// TestNoAnswerInvitesAStranger: nothing says that another page may read, frame or embed what is served here.
func TestNoAnswerInvitesAStranger(t *testing.T) {
	h := openHouse(t)
	friend := caller{name: "the page", host: h.at.Host, origin: "http://" + h.at.Host, cookie: h.cookie}
	for _, c := range append(h.strangers(), friend) {
		for _, method := range []string{http.MethodGet, http.MethodOptions} {
			for _, path := range []string{"/", "/bridge/shim.js", "/bridge/socket", "/nothing"} {
				res, _ := h.ask(method, path, &c)
				for name := range res.Header {
					if strings.HasPrefix(name, "Access-Control-") {
						t.Errorf("%s, %s %s: %s", c.name, method, path, name)
					}
				}
				if res.StatusCode == http.StatusOK && (res.Header.Get("X-Frame-Options") != "DENY" ||
					res.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" || res.Header.Get("Cache-Control") != "no-store") {
					t.Errorf("%s, %s %s: %v", c.name, method, path, res.Header)
				}
			}
		}
	}
}

// TestTheCookieStaysHere: it goes with no request of a foreign page, no script reads it, and it ends with the browser.
func TestTheCookieStaysHere(t *testing.T) {
	c := openHouse(t).cookie
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Domain != "" || c.Path != "/" || c.MaxAge != 0 || !c.Expires.IsZero() {
		t.Errorf("%+v", c)
	}
	if len(c.Value) < 26 {
		t.Errorf("%d characters are few", len(c.Value))
	}
}

// TestTheSocketTakesOnlyCalls: anything else ends the connection or is an error, and runs nothing.
func TestTheSocketTakesOnlyCalls(t *testing.T) {
	h := openHouse(t)
	friend := caller{host: h.at.Host, origin: "http://" + h.at.Host, cookie: h.cookie}
	for _, text := range []string{"no JSON", `{"id":"x"}`, `[]`, `{"id":1,"name":7}`} {
		conn, _, err := h.dial("/bridge/socket", &friend)
		if err != nil {
			t.Fatal(err)
		}
		send(t, conn, text)
		if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, answer, err := conn.ReadMessage(); err == nil {
			var m struct {
				Error string `json:"error"`
			}
			if json.Unmarshal(answer, &m) != nil || m.Error == "" {
				t.Errorf("%s is answered with %s", text, answer)
			}
		}
	}
}
