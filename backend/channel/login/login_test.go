package login

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"evenstock/backend/channel"
)

// free is an address of this computer that nobody listens at.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String() + "/etsy"
}

// get asks for an address under a Host of its own, "" for the address's, and returns status and body.
func get(t *testing.T, method, address, host string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}

func TestTheBrowserComesBack(t *testing.T) {
	redirect := free(t)
	var pages []string
	b := Browser{Open: func(page string) error {
		pages = append(pages, page)
		for _, c := range []struct {
			method, address, host string
			want                  int
		}{
			{"GET", redirect + "?code=stolen", "evil.example", http.StatusMisdirectedRequest},
			{"GET", redirect + "?code=stolen", "localhost:1", http.StatusMisdirectedRequest},
			{"GET", strings.TrimSuffix(redirect, "/etsy") + "/favicon.ico", "", http.StatusNotFound},
			{"POST", redirect + "?code=stolen", "", http.StatusMethodNotAllowed},
			{"GET", redirect + "?code=a%2Bb&state=s", "", http.StatusOK},
			{"GET", redirect + "?code=stolen&state=s", "", http.StatusGone}, // a replay, while the first is being dealt with
		} {
			status, body := get(t, c.method, c.address, c.host)
			if status != c.want && !(c.want == http.StatusGone && status == 0) {
				t.Errorf("%s %s for %q: %d %s, want %d", c.method, c.address, c.host, status, body, c.want)
			}
			if c.want == http.StatusOK && !strings.Contains(body, "close this page") {
				t.Errorf("the page says %q", body)
			}
		}
		return nil
	}}
	back, err := b.Visit(t.Context(), redirect, "https://shop.example/oauth?state=s")
	if err != nil || back.Query().Get("code") != "a+b" || back.Query().Get("state") != "s" {
		t.Errorf("%v, %v", back, err)
	}
	if len(pages) != 1 || pages[0] != "https://shop.example/oauth?state=s" {
		t.Errorf("shown were %q", pages)
	}
	if status, _ := get(t, "GET", redirect+"?code=late", ""); status != 0 {
		t.Errorf("somebody still listens after the login: %d", status)
	}
}

func TestOnlyThisComputerIsListenedTo(t *testing.T) {
	redirect := free(t)
	at, _ := url.Parse(redirect)
	b := Browser{Open: func(string) error {
		addresses, _ := net.InterfaceAddrs()
		for _, a := range addresses {
			n, ok := a.(*net.IPNet)
			if !ok || n.IP.IsLoopback() || n.IP.To4() == nil {
				continue
			}
			if c, err := net.Dial("tcp", net.JoinHostPort(n.IP.String(), at.Port())); err == nil {
				c.Close()
				t.Errorf("%s listens too", n.IP)
			}
		}
		return errors.New("no browser")
	}}
	_, err := b.Visit(t.Context(), redirect, "https://shop.example/")
	says(t, err, "browser")
}

func says(t *testing.T, err error, word string) {
	t.Helper()
	var e *channel.Error
	if !errors.As(err, &e) || !strings.Contains(e.Message, word) || !strings.HasSuffix(e.Message, ".") {
		t.Errorf("%v, want a sentence with %q", err, word)
	}
}

func TestLoginsThatEnd(t *testing.T) {
	redirect := free(t)
	ctx, stop := context.WithCancel(t.Context())
	_, err := Browser{Open: func(string) error { stop(); return nil }}.Visit(ctx, redirect, "https://shop.example/")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("stopped by the user: %v", err)
	}
	late, stop := context.WithTimeout(t.Context(), 1)
	defer stop()
	_, err = Browser{Open: func(string) error { return nil }}.Visit(late, redirect, "https://shop.example/")
	says(t, err, "five minutes")
	_, err = Browser{}.Visit(t.Context(), redirect, "https://shop.example/")
	says(t, err, "no browser")
	at, _ := url.Parse(redirect)
	taken, err := net.Listen("tcp4", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, err = Browser{Open: func(string) error { return nil }}.Visit(t.Context(), redirect, "https://shop.example/")
	says(t, err, at.Port())
}

func TestPasted(t *testing.T) {
	page := "https://auth.shop.example/authorize?state=s1"
	for text, want := range map[string]string{
		"https://auth.shop.example/done?code=v%5E1&state=s1\n": "code=v%5E1&state=s1",
		" v^1.1#i ":   "code=v%5E1.1%23i&state=s1",
		"v%5E1.1%23i": "code=v%5E1.1%23i&state=s1",
		"https://auth.shop.example/done?state=no&code=x": "state=no&code=x", // the connector refuses it
		"":              "",
		"I do not know": "",
	} {
		b := Browser{Open: func(string) error { return nil }, Ask: func(context.Context) (string, error) { return text, nil }}
		back, err := b.Visit(t.Context(), "https://auth.shop.example/runame", page)
		if want == "" {
			says(t, err, "no code")
			continue
		}
		if err != nil || back.RawQuery != want {
			t.Errorf("%q: %v, %v, want %s", text, back, err, want)
		}
	}
	_, err := Browser{Open: func(string) error { return nil }}.Visit(t.Context(), "https://auth.shop.example/runame", page)
	says(t, err, "command line")
}
