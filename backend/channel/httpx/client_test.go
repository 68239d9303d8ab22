package httpx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
)

const canary = "cs_c4n4ry+/=&x"

// serve starts a shop and returns a client for it and what it logs.
func serve(t *testing.T, change func(*Config), h http.HandlerFunc) (*Client, *strings.Builder) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	base, err := url.Parse(server.URL + "/wp-json")
	if err != nil {
		t.Fatal(err)
	}
	log := &strings.Builder{}
	cfg := Config{
		Base: base, AllowPrivate: true, Now: time.Now, Secrets: []string{canary},
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&cfg)
	}
	return New(cfg), log
}

// asError demands a *channel.Error of a kind and code.
func asError(t *testing.T, err error, kind channel.Kind, code string) *channel.Error {
	t.Helper()
	var e *channel.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no *channel.Error", err)
	}
	if e.Kind != kind || e.Code != code {
		t.Errorf("error %v of kind %v, want %v %s", e, e.Kind, kind, code)
	}
	return e
}

func TestRequest(t *testing.T) {
	sign := func(r *http.Request) error { r.SetBasicAuth("key", canary); return nil }
	c, _ := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, password, _ := r.BasicAuth()
		fmt.Fprintf(w, `{"saw": %q}`, fmt.Sprint(r.Method, r.URL, r.UserAgent(), r.Header.Get("Content-Type"), string(body), password == canary))
	})
	resp, err := c.Do(t.Context(), Request{Op: "try", Method: "PUT", Path: "wc/v3/products/1", Query: url.Values{"a": {"b c"}}, Body: map[string]int{"n": 1}, Sign: sign})
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Saw string }
	if err := resp.Decode("try", &got); err != nil {
		t.Fatal(err)
	}
	if want := "PUT/wp-json/wc/v3/products/1?a=b+c" + UserAgent + "application/json" + `{"n":1}` + "true"; got.Saw != want {
		t.Errorf("the shop saw %q, want %q", got.Saw, want)
	}
}

func TestForm(t *testing.T) {
	c, _ := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, `{"saw": %q}`, r.Header.Get("Content-Type")+" "+string(body))
	})
	resp, err := c.Do(t.Context(), Request{Op: "log in", Method: http.MethodPost, Path: "token", Form: url.Values{"code": {"a b&c"}}})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"saw": "application/x-www-form-urlencoded code=a+b%26c"}`; string(resp.Body) != want {
		t.Errorf("the shop saw %s, want %s", resp.Body, want)
	}
}

func TestStatuses(t *testing.T) {
	page := http.Header{"Content-Type": {"text/html; charset=UTF-8"}}
	for name, c := range map[string]struct {
		status int
		header http.Header
		body   string
		kind   channel.Kind
		code   string
		say    string
	}{
		"unknown key":              {401, nil, `{"code":"x","message":"Consumer key is invalid."}`, channel.Auth, channel.CodeAuth, "Consumer key is invalid."},
		"forbidden":                {403, nil, `{}`, channel.Auth, channel.CodeAuth, ""},
		"firewall":                 {403, page, `<html><title>Attention&nbsp;Required!</title>`, channel.Transient, channel.CodeBadAnswer, "firewall"},
		"not there":                {404, nil, `{}`, channel.Missing, channel.CodeMissing, ""},
		"bad request":              {400, nil, `{"message":"<b>Bad</b> \u202Ething"}`, channel.Invalid, channel.CodeInvalid, "Bad thing"},
		"server error":             {500, page, `<h1>Fatal error</h1>`, channel.Transient, channel.CodeServerError, ""},
		"bad gateway":              {502, nil, ``, channel.Transient, channel.CodeServerError, ""},
		"cloudflare":               {522, page, ``, channel.Transient, channel.CodeServerError, ""},
		"request timeout":          {408, nil, ``, channel.Transient, channel.CodeServerError, ""},
		"maintenance, says when":   {503, http.Header{"Retry-After": {"120"}}, ``, channel.Throttled, channel.CodeThrottled, ""},
		"maintenance, says not":    {503, nil, ``, channel.Transient, channel.CodeServerError, ""},
		"too many, says when":      {429, http.Header{"Retry-After": {"120"}}, ``, channel.Throttled, channel.CodeThrottled, ""},
		"too many, says not":       {429, nil, ``, channel.Throttled, channel.CodeThrottled, ""},
		"too many, says something": {429, http.Header{"Retry-After": {"soon"}}, ``, channel.Throttled, channel.CodeThrottled, ""},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
				for k, v := range c.header {
					w.Header()[k] = v
				}
				w.WriteHeader(c.status)
				io.WriteString(w, c.body)
			})
			resp, err := client.Do(t.Context(), Request{Op: "try"})
			e := asError(t, err, c.kind, c.code)
			if e.Status != c.status || resp == nil {
				t.Errorf("status %d with response %v", e.Status, resp)
			}
			if !strings.Contains(e.Error(), c.say) {
				t.Errorf("%q does not say %q", e, c.say)
			}
			if wait := time.Until(e.RetryAt); c.kind == channel.Throttled && (wait < 50*time.Second || wait > 121*time.Second) {
				t.Errorf("told to wait %v", wait)
			}
		})
	}
}

func TestRedirectCarriesNothing(t *testing.T) {
	reached := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		sign := func(r *http.Request) error { r.Header.Set("X-Key", canary); return nil }
		c, _ := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/shop/?oauth_signature="+url.QueryEscape(canary), status)
		})
		_, err := c.Do(t.Context(), Request{Op: "try", Method: "POST", Body: 1, Sign: sign})
		e := asError(t, err, channel.Invalid, channel.CodeWrongShop)
		if !strings.Contains(e.Message, elsewhere.URL+"/shop/") || strings.Contains(e.Message, "?") {
			t.Errorf("%d: the message is %q", status, e.Message)
		}
	}
	if reached != 0 {
		t.Errorf("a redirect was followed %d times", reached)
	}
}

func TestAnswersThatCannotBeRead(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"half a body": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, `{"half":`)
		},
		"half of JSON": func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"half":`) },
		"a web page": func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, `<!DOCTYPE html><title>Log in</title>`)
		},
		"nothing":       func(w http.ResponseWriter, r *http.Request) {},
		"too much":      func(w http.ResponseWriter, r *http.Request) { io.CopyN(w, endless{}, BodyLimit+10) },
		"another shape": func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `"text"`) },
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := serve(t, nil, h)
			resp, err := c.Do(t.Context(), Request{Op: "try"})
			if err == nil {
				err = resp.Decode("try", &struct{}{})
			}
			asError(t, err, channel.Transient, channel.CodeBadAnswer)
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestByteOrderMark(t *testing.T) {
	c, _ := serve(t, nil, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "\ufeff[1]") })
	resp, err := c.Do(t.Context(), Request{Op: "try"})
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	if err := resp.Decode("try", &got); err != nil || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestNoAnswer(t *testing.T) {
	c, _ := serve(t, func(c *Config) { c.Base, _ = url.Parse("http://127.0.0.1:1") }, nil)
	_, err := c.Do(t.Context(), Request{Op: "try", Query: url.Values{"oauth_signature": {canary}}})
	asError(t, err, channel.Transient, channel.CodeUnreachable)

	c, _ = serve(t, nil, func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) })
	_, err = c.Do(t.Context(), Request{Op: "try", Method: "POST"})
	asError(t, err, channel.Transient, channel.CodeUnreachable)
}

func TestUserStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	c, _ := serve(t, nil, func(w http.ResponseWriter, r *http.Request) { stop(); <-r.Context().Done() })
	if _, err := c.Do(ctx, Request{Op: "try"}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped during a request: %v", err)
	}
	if _, err := c.Do(ctx, Request{Op: "try"}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped before a request: %v", err)
	}
}

func TestTimeLimitOfCaller(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	c, _ := serve(t, nil, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	_, err := c.Do(ctx, Request{Op: "try"})
	asError(t, err, channel.Transient, channel.CodeUnreachable)
}

func TestCertificateNobodyVouchesFor(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	c, _ := serve(t, func(c *Config) { c.Base, _ = url.Parse(server.URL) }, nil)
	_, err := c.Do(t.Context(), Request{Op: "try"})
	if e := asError(t, err, channel.Transient, channel.CodeUnreachable); !strings.Contains(e.Message, "certificate") {
		t.Errorf("the message is %q", e.Message)
	}
}

func TestClockOfTheShop(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	header := http.Header{}
	c, _ := serve(t, func(c *Config) { c.Now = func() time.Time { return now } }, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = header["Date"]
		w.Header().Set("Age", header.Get("Age"))
	})
	if _, ok := c.Offset(); ok {
		t.Error("a clock before the first answer")
	}
	header.Set("Date", "Mon, 23 Nov 2026 12:20:00 GMT")
	header.Set("Age", "60")
	resp, err := c.Do(t.Context(), Request{Op: "try"})
	if err != nil {
		t.Fatal(err)
	}
	if d, ok := c.Offset(); !ok || d != 21*time.Minute || !resp.Time.Equal(now.Add(d)) {
		t.Errorf("the shop's clock is %v ahead (%v), it answered at %v", d, ok, resp.Time)
	}
}

func TestSecretsStayInside(t *testing.T) {
	forms := []string{canary, url.QueryEscape(canary), "Y3NfYzRuNHJ5Ky89Jng="}
	leak := strings.Join(forms, " ") + ` oauth_signature=abc%2Bd&oauth_nonce=5 Authorization: Basic a2V5OnNlY3JldA==`
	sign := func(r *http.Request) error { r.URL.RawQuery = "consumer_secret=" + url.QueryEscape(canary); return nil }
	c, log := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "<http://shop/?oauth_signature="+url.QueryEscape(canary)+`>; rel="next"`)
		w.WriteHeader(400)
		fmt.Fprintf(w, `{"message":%q}`, leak)
	})
	_, err := c.Do(t.Context(), Request{Op: "try", Sign: sign})
	asError(t, err, channel.Invalid, channel.CodeInvalid)
	said := fmt.Sprintf("%v %+v %s", err, err, log)
	for _, secret := range append(forms, "abc%2Bd", "a2V5OnNlY3JldA==", "consumer_secret=cs") {
		if strings.Contains(said, secret) {
			t.Errorf("%q was said in %s", secret, said)
		}
	}
}
