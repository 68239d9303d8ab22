package httpx

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"testing"
	"time"

	"evenstock/backend/channel"
)

func TestLocalNetworkIsRefused(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.216.34": true, "2606:4700::1111": true, "64:ff9b::5db8:d822": true,
		"127.0.0.1": false, "127.9.9.9": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:7f00:1": false,
		"10.0.0.1": false, "172.16.0.1": false, "192.168.1.20": false, "::ffff:192.168.1.20": false, "fd00::1": false,
		"169.254.169.254": false, "fe80::1": false, "fe80::1%eth0": false, "0.0.0.0": false, "0.1.2.3": false, "::": false,
		"100.64.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "ff02::1": false,
		"64:ff9b::7f00:1": false, "64:ff9b::c0a8:114": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s public: %v, want %v", address, got, want)
		}
	}
}

func TestNamesThatLeadHome(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		reached := false
		c, _ := serve(t, func(c *Config) {
			c.AllowPrivate = false
			c.Base.Host = host + ":" + c.Base.Port()
		}, func(http.ResponseWriter, *http.Request) { reached = true })
		_, err := c.Do(t.Context(), Request{Op: "try"})
		if reached {
			t.Errorf("%s was reached", host)
		}
		var e *channel.Error
		if !errors.As(err, &e) || e.Code != channel.CodeRefusedHTTP && e.Code != channel.CodeUnreachable {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"120": 2 * time.Minute, " 120 ": 2 * time.Minute, "0": time.Second, "-5": time.Second, "1.5": 1500 * time.Millisecond,
		"99999999999999999999": time.Hour, "Inf": time.Hour,
		"Mon, 23 Nov 2026 12:02:00 GMT": 2 * time.Minute, "Mon, 23 Nov 2026 11:00:00 GMT": time.Second,
		"Fri, 01 Jan 2100 00:00:00 GMT": time.Hour,
		"":                              0, "soon": 0, "NaN": 0, "2026-11-23": 0,
	} {
		got, ok := RetryAfter(http.Header{"Retry-After": {value}}, now)
		if got != want || ok != (want != 0) {
			t.Errorf("%q: %v, %v, want %v", value, got, ok, want)
		}
	}
	// The shop's clock is an hour behind ours.
	h := http.Header{"Retry-After": {"Mon, 23 Nov 2026 11:02:00 GMT"}, "Date": {"Mon, 23 Nov 2026 11:00:00 GMT"}}
	if got, _ := RetryAfter(h, now); got != 2*time.Minute {
		t.Errorf("by the shop's clock: %v", got)
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"120", "-1", "1e309", "Mon, 23 Nov 2026 12:02:00 GMT", "NaN", "0x10", "∞"} {
		f.Add(s, "Mon, 23 Nov 2026 12:00:00 GMT")
	}
	f.Fuzz(func(t *testing.T, value, date string) {
		d, ok := RetryAfter(http.Header{"Retry-After": {value}, "Date": {date}}, time.Unix(1795435200, 0))
		if ok && (d < shortestRetry || d > longestRetry) || !ok && d != 0 {
			t.Errorf("%q: %v, %v", value, d, ok)
		}
	})
}

func TestBudget(t *testing.T) {
	now := time.Date(2026, 11, 23, 23, 59, 0, 0, time.UTC)
	var waited time.Duration
	c, _ := serve(t, func(c *Config) {
		c.Now = func() time.Time { return now }
		c.Wait = func(_ context.Context, d time.Duration) error {
			waited += d
			now = now.Add(d)
			return nil
		}
		c.Budgets = []channel.Budget{
			{Name: "push", Every: 2 * time.Second, Burst: 3},
			{Name: "orders", Every: time.Minute, Burst: 1},
			{Name: "day", DailyMax: 2},
		}
	}, func(http.ResponseWriter, *http.Request) {})
	do := func(budget string) error {
		_, err := c.Do(t.Context(), Request{Op: "try", Budget: budget})
		return err
	}
	for range 3 + 10 {
		if err := do("push"); err != nil {
			t.Fatal(err)
		}
	}
	if want := 20 * time.Second; (waited - want).Abs() > time.Millisecond {
		t.Errorf("13 calls waited %v, want %v", waited, want)
	}

	if err := do("orders"); err != nil {
		t.Fatal(err)
	}
	now = now.Add(10 * time.Second)
	for range 3 {
		e := asError(t, do("orders"), channel.Throttled, channel.CodeThrottled)
		if d := e.RetryAt.Sub(now); math.Abs(d.Seconds()-50) > 0.01 {
			t.Errorf("told to come back in %v, want 50 s", d)
		}
	}
	now = now.Add(-time.Hour) // the clock was set back
	asError(t, do("orders"), channel.Throttled, channel.CodeThrottled)
	now = now.Add(time.Minute)
	if err := do("orders"); err != nil {
		t.Errorf("a minute after the clock was set back: %v", err)
	}

	for range 2 {
		if err := do("day"); err != nil {
			t.Fatal(err)
		}
	}
	e := asError(t, do("day"), channel.Throttled, channel.CodeThrottled)
	now = e.RetryAt
	if err := do("day"); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

func TestProxyIsNotTheShop(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Host) }))
	defer proxy.Close()
	at, _ := url.Parse(proxy.URL)
	base, _ := url.Parse("http://shop.example")
	through := newTransport(base, false, http.ProxyURL(at))
	c := New(Config{Base: base, HTTP: &http.Client{Transport: through}, Now: time.Now})
	resp, err := c.Do(t.Context(), Request{Op: "try"})
	if err != nil || string(resp.Body) != "shop.example" {
		t.Errorf("through the proxy: %v", err)
	}
	_, err = through.DialContext(t.Context(), "tcp", "127.0.0.1:1")
	if refused := (*refusedAddress)(nil); !errors.As(err, &refused) {
		t.Errorf("another local address: %v", err)
	}
}
