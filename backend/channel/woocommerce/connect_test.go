package woocommerce

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
)

func TestAddresses(t *testing.T) {
	for entered, want := range map[string]string{
		"shop.example.com":                                "https://shop.example.com",
		"  https://Shop.Example.com/  ":                   "https://shop.example.com",
		"//shop.example.com":                              "https://shop.example.com",
		"https://shop.example.com:443/":                   "https://shop.example.com",
		"https://shop.example.com:8443":                   "https://shop.example.com:8443",
		"https://shop.example.com/wp-json/wc/v3/products": "https://shop.example.com",
		"https://shop.example.com/wp-admin/admin.php?page=wc-settings&tab=advanced": "https://shop.example.com",
		"https://example.com/store/wp-login.php":                                    "https://example.com/store",
		"https://example.com/store/?rest_route=/":                                   "https://example.com/store",
		"https://example.com/#top":                                                  "https://example.com",
		"müller.example":                                                            "https://xn--mller-kva.example",
		"HTTP://192.168.1.20:8080":                                                  "http://192.168.1.20:8080",
		"http://[::1]:8080/":                                                        "http://[::1]:8080",
		"http://[::1]:80/":                                                          "http://[::1]",
		"http://my_shop.local":                                                      "http://my_shop.local",
		"http://localhost":                                                          "http://localhost",
		"":                                                                          "", "   ": "", "https://": "", "ftp://shop.example.com": "", "my shop": "", "https://user:pw@shop.example.com": "",
		"javascript://shop.example.com": "", "https://shop .example.com": "", "https://%zz": "",
	} {
		got, err := normalise(entered)
		if want == "" {
			if err == nil {
				t.Errorf("%q became %s, want an error", entered, got)
			}
			continue
		}
		if err != nil || got.String() != want {
			t.Errorf("%q became %v (%v), want %s", entered, got, err, want)
		}
	}
}

func TestOpen(t *testing.T) {
	fields := func(address, key, secret string) map[string]string {
		return map[string]string{"url": address, "key": key, "secret": secret}
	}
	for name, c := range map[string]struct {
		settings channel.Settings
		code     string
	}{
		"https":                   {channel.Settings{Fields: fields("shop.example.com", "ck_1", "cs_1")}, ""},
		"http":                    {channel.Settings{Fields: fields("http://shop.example.com", "ck_1", "cs_1")}, channel.CodeRefusedHTTP},
		"http, confirmed":         {channel.Settings{Fields: fields("http://shop.example.com", "ck_1", "cs_1"), AllowHTTP: true}, ""},
		"no address":              {channel.Settings{Fields: fields("", "ck_1", "cs_1")}, channel.CodeInvalid},
		"no key":                  {channel.Settings{Fields: fields("shop.example.com", " ", "cs_1")}, channel.CodeInvalid},
		"no secret":               {channel.Settings{Fields: fields("shop.example.com", "ck_1", "")}, channel.CodeInvalid},
		"keys swapped":            {channel.Settings{Fields: fields("shop.example.com", "cs_1", "ck_1")}, channel.CodeInvalid},
		"nothing":                 {channel.Settings{}, channel.CodeInvalid},
		"endpoint":                {channel.Settings{Fields: fields("shop.example.com", "ck_1", "cs_1"), Endpoint: "http://127.0.0.1:9"}, ""},
		"endpoint far away":       {channel.Settings{Fields: fields("shop.example.com", "ck_1", "cs_1"), Endpoint: "http://192.168.1.1"}, channel.CodeInvalid},
		"endpoint makes no sense": {channel.Settings{Fields: fields("shop.example.com", "ck_1", "cs_1"), Endpoint: "::"}, channel.CodeInvalid},
	} {
		_, err := Type().Open(channel.Deps{Now: time.Now}, c.settings)
		if c.code == "" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if c.code != "" {
			t.Run(name, func(t *testing.T) { wantCode(t, err, channel.Invalid, c.code) })
		}
	}
}

func TestLocalNetworkNeedsConsent(t *testing.T) {
	reached := false
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer server.Close()
	store, err := Type().Open(channel.Deps{Now: time.Now},
		channel.Settings{Fields: map[string]string{"url": server.URL, "key": "ck_1", "secret": "cs_1"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Check(t.Context())
	wantCode(t, err, channel.Invalid, channel.CodeRefusedHTTP)
	if reached {
		t.Error("the address was reached")
	}
}

func TestCheck(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{TLS: true, Name: "Fern &amp; Co", Statuses: []string{"packed", "lost"}})
	s, _ := connect(t, shop, 3, nil)
	got, err := s.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(shop.URL, "https://")
	if got.ID != host || got.Name != "Fern & Co" || got.URL != shop.URL || got.Version != "11.0.1" || got.Currency != "GBP" {
		t.Errorf("account %+v", got)
	}
	if !got.Time.Equal(shop.Now()) || len(got.Warnings) != 0 {
		t.Errorf("time %v, warnings %q", got.Time, got.Warnings)
	}
	if shop.Written() != 0 {
		t.Error("something was written")
	}
	for _, e := range shop.World.Log() {
		if strings.Contains(e.Path, "/orders") {
			t.Errorf("asked for %s before sync is on", e.Path)
		}
	}
	statuses, err := s.Statuses(t.Context())
	if err != nil || !slices.Equal(statuses, []string{"packed", "lost"}) {
		t.Errorf("statuses %q, %v", statuses, err)
	}

	shop.World.Do(func(s *practice.State) { s.CountsStock = false })
	got, err = s.Check(t.Context())
	if err != nil || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "Stock management is switched off") {
		t.Errorf("a shop that counts no stock: %q, %v", got.Warnings, err)
	}
}

func TestAccountID(t *testing.T) {
	for home, want := range map[string]string{
		"https://www.Shop.example.com/": "shop.example.com", "http://shop.example.com": "shop.example.com",
		"https://example.com/Store/": "example.com/store", "https://shop.example.com:8443": "shop.example.com:8443",
		"shop.example.com": "shop.example.com", "https://wwwshop.example.com": "wwwshop.example.com",
	} {
		if got := accountID(home); got != want {
			t.Errorf("%s: %s, want %s", home, got, want)
		}
	}
}

// TestWrongShop: each way of not being a shop is told apart.
func TestWrongShop(t *testing.T) {
	page := func(w http.ResponseWriter, status int) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		io.WriteString(w, "<!DOCTYPE html><title>Hello</title>")
	}
	for name, c := range map[string]struct {
		h   http.HandlerFunc
		say string
	}{
		"a web page for everything":  {func(w http.ResponseWriter, r *http.Request) { page(w, 200) }, "no WordPress shop"},
		"a web site without the API": {func(w http.ResponseWriter, r *http.Request) { page(w, 404) }, "no WordPress shop"},
		"something else with JSON":   {func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"hello":1}`) }, "There is no WordPress shop"},
		"a firewall":                 {func(w http.ResponseWriter, r *http.Request) { page(w, 403) }, "security plugin"},
		"WordPress without WooCommerce": {func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, `{"name":"Blog","home":"https://blog.example","namespaces":["wp/v2"]}`)
		}, "WooCommerce is not switched on"},
		"plain permalinks": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("rest_route") == "" {
				page(w, 404)
				return
			}
			io.WriteString(w, `{"name":"Shop","namespaces":["wp/v2","wc/v3"]}`)
		}, "permalinks are set to Plain"},
		"moved": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://www.shop.example"+r.URL.Path+"?x=1", http.StatusMovedPermanently)
		}, "leads on to https://www.shop.example/wp-json/."},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.h)
			defer server.Close()
			store, err := Type().Open(channel.Deps{Now: time.Now}, channel.Settings{AllowHTTP: true,
				Fields: map[string]string{"url": server.URL, "key": "ck_1", "secret": "cs_1"}})
			if err != nil {
				t.Fatal(err)
			}
			_, err = store.Check(t.Context())
			wantCode(t, err, channel.Invalid, channel.CodeWrongShop)
			if err != nil && !strings.Contains(err.Error(), c.say) {
				t.Errorf("%q does not say %q", err, c.say)
			}
		})
	}
}

func TestPracticeSitesThatAreNoShops(t *testing.T) {
	for say, o := range map[string]practicetest.Options{
		"permalinks":                     {PlainPermalinks: true},
		"WooCommerce is not switched on": {NoWooCommerce: true},
	} {
		s, _ := connect(t, practicetest.New(t, o), 3, nil)
		_, err := s.Check(t.Context())
		wantCode(t, err, channel.Invalid, channel.CodeWrongShop)
		if err != nil && !strings.Contains(err.Error(), say) {
			t.Errorf("%q does not say %q", err, say)
		}
	}
}

// TestHiddenIndex: a plugin that hides the site's index from strangers does not keep a key out.
func TestHiddenIndex(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{TLS: true})
	inner := shop.Client.Transport
	shop.Client = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		if _, _, keyed := r.BasicAuth(); !keyed {
			rec := httptest.NewRecorder()
			rec.WriteHeader(401)
			io.WriteString(rec, `{"code":"rest_not_logged_in","message":"Only for members.","data":{"status":401}}`)
			return rec.Result(), nil
		}
		return inner.RoundTrip(r)
	})}
	s, _ := connect(t, shop, 3, nil)
	got, err := s.Check(t.Context())
	if err != nil || got.ID != strings.TrimPrefix(shop.URL, "https://") || got.Name != got.ID {
		t.Errorf("account %+v, %v", got, err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
