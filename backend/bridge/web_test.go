package bridge_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gorilla/websocket"

	"evenstock/backend/bridge"
)

func TestWebPage(t *testing.T) {
	s := serve(t)
	c := s.entered()
	res, body := s.get(c, s.base+"/")
	if res.StatusCode != 200 || !strings.Contains(body, `<head><script src="/bridge/shim.js"></script><title>`) {
		t.Errorf("index: %s %s", res.Status, body)
	}
	policy := res.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self' ws://" + s.url.Host, "frame-ancestors 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("policy %q lacks %q", policy, part)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		t.Errorf("policy %q is lax", policy)
	}
	if res, body := s.get(c, s.base+"/bridge/shim.js"); !strings.Contains(body, `{"bridge_test":{"Echo":["NaN","Nothing","Panic","Refuse","Say","Slow"]}}`) ||
		!strings.HasPrefix(res.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("shim: %s", body)
	}
	if res, body := s.get(c, s.base+"/assets/app.js"); body != "run()" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("asset: %s %v", body, res.Header)
	}
	for _, path := range []string{"/assets/", "/assets", "/nothing", "/../web.go", "/%2e%2e/web.go", "/assets/..%2f..%2fweb.go"} {
		if res, _ := s.get(c, s.base+path); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
	if res, err := c.Post(s.base+"/", "text/plain", nil); err != nil || res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %v %v", res, err)
	}
}

func TestWebDoor(t *testing.T) {
	s := serve(t)
	t.Run("nothing without a token", func(t *testing.T) {
		for _, path := range []string{"/", "/index.html", "/assets/app.js", "/bridge/shim.js", "/bridge/socket", "/?token=", "/?token=guess", "/assets/app.js?token=" + s.url.Query().Get("token")} {
			if res, body := s.get(browser(t), s.base+path); res.StatusCode != http.StatusForbidden || strings.Contains(body, "run") {
				t.Errorf("%s: %s %s", path, res.Status, body)
			}
		}
		if _, res, err := s.dial(browser(t), s.base); err == nil || res.StatusCode != http.StatusForbidden {
			t.Errorf("socket: %v", err)
		}
	})
	t.Run("wrong Host", func(t *testing.T) {
		for _, host := range []string{"evil.example", "evil.example:" + s.url.Port(), "127.0.0.1", "127.0.0.1:1"} {
			res, _ := s.get(browser(t), s.url.String(), func(r *http.Request) { r.Host = host })
			if res.StatusCode != http.StatusForbidden || len(res.Cookies()) > 0 {
				t.Errorf("Host %s: %s", host, res.Status)
			}
		}
	})
	t.Run("foreign Origin does not use the token up", func(t *testing.T) {
		res, _ := s.get(browser(t), s.url.String(), func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") })
		if res.StatusCode != http.StatusForbidden {
			t.Error(res.Status)
		}
	})
	c := browser(t)
	res, _ := s.get(c, s.url.String())
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("the token was used up by the attempts: %s", res.Status)
	}
	cookie := res.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || !strings.HasSuffix(cookie.Name, s.url.Port()) {
		t.Errorf("cookie %+v", cookie)
	}
	t.Run("reused token", func(t *testing.T) {
		if res, body := s.get(browser(t), s.url.String()); res.StatusCode != http.StatusForbidden || !strings.Contains(body, "used already") {
			t.Errorf("%s %s", res.Status, body)
		}
		if res, _ := s.get(c, s.url.String()); res.StatusCode != http.StatusSeeOther {
			t.Errorf("the browser that is in: %s", res.Status)
		}
	})
	t.Run("the next address", func(t *testing.T) {
		next := <-s.announced
		if res, _ := s.get(browser(t), next); res.StatusCode != http.StatusSeeOther || next == s.url.String() {
			t.Errorf("%s: %s", next, res.Status)
		}
	})
	t.Run("socket", func(t *testing.T) {
		for _, origin := range []string{"", "null", "https://evil.example", "http://127.0.0.1:1", "https://" + s.url.Host} {
			if _, res, err := s.dial(c, origin); err == nil || res.StatusCode != http.StatusForbidden {
				t.Errorf("Origin %q: %v", origin, err)
			}
		}
		if _, _, err := s.dial(c, s.base); err != nil {
			t.Errorf("own origin: %v", err)
		}
	})
}

func TestWebTokenWorksOnceWithoutASuccessor(t *testing.T) {
	var l log
	address, err := bridge.Serve(t.Context(), bridge.WebOptions{Addr: "localhost:0", Assets: fstest.MapFS{}, Log: l.logger()})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{http.StatusSeeOther, http.StatusForbidden, http.StatusForbidden} {
		res, err := browser(t).Get(address)
		if err != nil || res.StatusCode != want {
			t.Errorf("%v %v, want %d", res, err, want)
		}
	}
	c := browser(t)
	if res, err := c.Get(strings.Split(address, "?")[0] + "?token="); err != nil || res.StatusCode != http.StatusForbidden {
		t.Errorf("no token once it is used up: %v %v", res, err)
	}
}

func TestWebDoorForgetsTheOldest(t *testing.T) {
	s := serve(t)
	first := s.entered()
	for range 32 {
		if res, _ := s.get(browser(t), <-s.announced); res.StatusCode != http.StatusSeeOther {
			t.Fatal(res.Status)
		}
	}
	if res, _ := s.get(first, s.base+"/"); res.StatusCode != http.StatusForbidden {
		t.Errorf("the first of 33 browsers: %s", res.Status)
	}
}

func TestWebCalls(t *testing.T) {
	s := serve(t)
	conn := s.page()
	for _, tc := range []struct{ name, call, result, err string }{
		{"two arguments", `{"id":7,"name":"bridge_test.Echo.Say","args":["ab",2]}`, `"abab"`, ""},
		{"no result", `{"id":7,"name":"bridge_test.Echo.Nothing","args":[]}`, `null`, ""},
		{"a refusal", `{"id":7,"name":"bridge_test.Echo.Refuse","args":[]}`, ``,
			`{"code":"cooldown","message":"Not yet.","store":"Home","retryAt":5}`},
		{"too few arguments", `{"id":7,"name":"bridge_test.Echo.Say","args":["ab"]}`, ``, `it takes 2 arguments, and 1 came`},
		{"too many arguments", `{"id":7,"name":"bridge_test.Echo.Nothing","args":[1]}`, ``, `it takes 0 arguments, and 1 came`},
		{"wrong kind of argument", `{"id":7,"name":"bridge_test.Echo.Say","args":[1,2]}`, ``, `"code":"invalid"`},
		{"unknown method", `{"id":7,"name":"bridge_test.Echo.called","args":[]}`, ``, `There is no method`},
		{"no name", `{"id":7}`, ``, `There is no method`},
		{"panic", `{"id":7,"name":"bridge_test.Echo.Panic","args":[]}`, ``, `"code":"internal"`},
		{"NaN", `{"id":7,"name":"bridge_test.Echo.NaN","args":[]}`, ``, `"code":"internal"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			send(t, conn, tc.call)
			m := receive(t, conn)
			if m.ID != 7 || string(m.Result) != tc.result || !strings.Contains(m.Error, tc.err) || (tc.err == "") != (m.Error == "") {
				t.Errorf("result %s, error %s", m.Result, m.Error)
			}
			var f bridge.Failure
			if m.Error != "" && json.Unmarshal([]byte(m.Error), &f) != nil {
				t.Errorf("the error is not JSON: %s", m.Error)
			}
			if strings.Contains(m.Error, "nil map") {
				t.Errorf("the page was told the details: %s", m.Error)
			}
		})
	}
	for _, detail := range []string{"entry in nil map", "unsupported value: NaN"} {
		if !strings.Contains(s.log.String(), detail) {
			t.Errorf("%q is not in the log", detail)
		}
	}
}

func TestWebCallsDoNotWaitForEachOther(t *testing.T) {
	s := serve(t)
	conn := s.page()
	send(t, conn, `{"id":1,"name":"bridge_test.Echo.Slow","args":[]}`)
	<-s.echo.called
	send(t, conn, `{"id":2,"name":"bridge_test.Echo.Nothing","args":[]}`)
	if m := receive(t, conn); m.ID != 2 {
		t.Errorf("call %d was answered first", m.ID)
	}
	s.echo.called <- "go on"
	if m := receive(t, conn); m.ID != 1 {
		t.Errorf("call %d was answered", m.ID)
	}
}

func TestWebMessageTooLarge(t *testing.T) {
	s := serve(t)
	conn := s.page()
	send(t, conn, `{"id":1,"name":"`+strings.Repeat("x", 2<<20)+`"}`)
	if _, _, err := conn.ReadMessage(); err == nil {
		t.Error("2 MB were taken")
	}
}

func TestWebEvents(t *testing.T) {
	s := serve(t)
	one, other := s.page(), func() *websocket.Conn {
		c := browser(t)
		s.get(c, <-s.announced)
		conn, _, err := s.dial(c, s.base)
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}()
	for _, conn := range []*websocket.Conn{one, other} { // answered: it is in the hub
		send(t, conn, `{"id":1,"name":"bridge_test.Echo.Nothing","args":[]}`)
		receive(t, conn)
	}
	s.hub.Emit(bridge.EventChanged, []string{"stock", "orders"})
	for _, conn := range []*websocket.Conn{one, other} {
		if m := receive(t, conn); m.Event != "changed" || string(m.Data) != `[["stock","orders"]]` {
			t.Errorf("event %q %s", m.Event, m.Data)
		}
	}
	done := make(chan struct{})
	go func() { // nobody reads: the hub must not wait
		defer close(done)
		for range 500 {
			s.hub.Emit(bridge.EventChanged, strings.Repeat("x", 100_000))
		}
	}()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Error("the hub waits for a page that does not read")
	}
}

func TestWebEndsWithItsContext(t *testing.T) {
	s := serve(t)
	conn := s.page()
	s.stop()
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	_, _, err := conn.ReadMessage()
	var late interface{ Timeout() bool }
	if err == nil || errors.As(err, &late) && late.Timeout() {
		t.Errorf("the connection is still open: %v", err)
	}
	if _, err := http.Get(s.base); err == nil {
		t.Error("the page is still served")
	}
}

func TestWebOnThisComputerOnly(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.168.1.4:8080", "example.com:80", "8080", ""} {
		var l log
		_, err := bridge.Serve(t.Context(), bridge.WebOptions{Addr: addr, Assets: fstest.MapFS{}, Log: l.logger()})
		if !errors.Is(err, bridge.ErrNotLoopback) {
			t.Errorf("%q: %v", addr, err)
		}
	}
}
