package woocommerce

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/practice/practicetest"
	shopface "evenstock/backend/practice/woocommerce"
)

// TestSignature is the vector that the real server accepted (woocommerce-observed.md, "Authentication").
func TestSignature(t *testing.T) {
	q := url.Values{
		"per_page": {"100"}, "search": {"T-Shirt Größe & 50%"}, "include": {"1,2"},
		"oauth_consumer_key": {"ck_" + strings.Repeat("1234567890", 4)}, "oauth_nonce": {"0123456789abcdef"},
		"oauth_signature_method": {"HMAC-SHA256"}, "oauth_timestamp": {"1700000000"},
	}
	got := signature("GET", "http://127.0.0.1:8080/wp-json/wc/v3/products", q, "cs_"+strings.Repeat("abcdef0123", 4))
	if want := "+aC5IEWYPNWsx721PhGiTPvYyTpGRJflpFD/Dhhtqag="; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

// behindProxy puts a proxy that ends TLS before a shop; change is what the proxy does to requests.
func behindProxy(t *testing.T, shop *practicetest.WooCommerce, change func(*http.Request)) {
	t.Helper()
	target, err := url.Parse(shop.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		change(r.Out)
	}})
	t.Cleanup(proxy.Close)
	shop.URL, shop.Client = proxy.URL, proxy.Client()
}

// TestTLSProxies is about hosts where Basic is lost on the way (woocommerce.md, 4.1).
func TestTLSProxies(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*http.Request)
		want   way
	}{
		"the shop does not know it is called by TLS": {func(*http.Request) {}, oauthPlain},
		"the host takes the header away": {func(r *http.Request) {
			r.Header.Del("Authorization")
			r.Header.Set("X-Forwarded-Proto", "https")
		}, oauth},
		"all is well": {func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https") }, basic},
	} {
		t.Run(name, func(t *testing.T) {
			shop := practicetest.New(t, practicetest.Options{})
			behindProxy(t, shop, c.change)
			s, _ := connect(t, shop, 3, nil)
			if _, err := s.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			if w, settled, _ := s.login.state(); w != c.want || !settled {
				t.Errorf("way %d, settled %v, want %d", w, settled, c.want)
			}
			before := len(shop.World.Log())
			if _, err := s.StoreTime(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := len(shop.World.Log()) - before; n != 1 {
				t.Errorf("%d calls for one after it is known how to sign", n)
			}
		})
	}
}

func TestRefusedKeys(t *testing.T) {
	for name, c := range map[string]struct {
		key, secret string
		permission  shopface.Permission
		ahead       time.Duration
		code        string
	}{
		"unknown key":               {"ck_nobody", practicetest.Secret, "", 0, channel.CodeAuth},
		"wrong secret":              {practicetest.Key, "cs_wrong", "", 0, channel.CodeAuth},
		"read only":                 {practicetest.Key, practicetest.Secret, shopface.ReadOnly, 0, channel.CodeReadOnly},
		"write only":                {practicetest.Key, practicetest.Secret, shopface.WriteOnly, 0, channel.CodeAuth},
		"clock 20 minutes ahead":    {practicetest.Key, practicetest.Secret, "", 20 * time.Minute, channel.CodeClockSkew},
		"clock 20 minutes behind":   {practicetest.Key, practicetest.Secret, "", -20 * time.Minute, channel.CodeClockSkew},
		"clock 14 minutes behind":   {practicetest.Key, practicetest.Secret, "", -14 * time.Minute, ""},
		"wrong key and wrong clock": {"ck_nobody", practicetest.Secret, "", -20 * time.Minute, channel.CodeAuth},
	} {
		for _, over := range []string{"http", "https"} {
			t.Run(name+" over "+over, func(t *testing.T) {
				shop := practicetest.New(t, practicetest.Options{TLS: over == "https", Permission: c.permission})
				shop.Key, shop.Secret = c.key, c.secret
				now := func() time.Time { return shop.Clock.Now().Add(c.ahead) }
				store, err := Type().Open(channel.Deps{HTTP: shop.Client, Now: now}, channel.Settings{AllowHTTP: true,
					Fields: map[string]string{"url": shop.URL, "key": " " + c.key + "\n", "secret": c.secret}})
				if err != nil {
					t.Fatal(err)
				}
				_, err = store.Check(t.Context())
				want := c.code
				if want == channel.CodeClockSkew && over == "https" {
					want = "" // Basic asks for no clock
				}
				if want == "" {
					if err != nil {
						t.Error(err)
					}
					return
				}
				wantCode(t, err, channel.Auth, want)
			})
		}
	}
}

func wantCode(t *testing.T, err error, kind channel.Kind, code string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", code)
	}
	if channel.KindOf(err) != kind || codeOf(err) != code {
		t.Errorf("%v is of kind %v, want %v %s", err, channel.KindOf(err), kind, code)
	}
}

// TestRevokedKey: a key that worked and no longer does costs one call, not a search for another way.
func TestRevokedKey(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{TLS: true})
	s, _ := connect(t, shop, 3, nil)
	if _, err := s.StoreTime(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.login.key = "ck_revoked"
	before := len(shop.World.Log())
	_, err := s.StoreTime(t.Context())
	wantCode(t, err, channel.Auth, channel.CodeAuth)
	if n := len(shop.World.Log()) - before; n != 1 {
		t.Errorf("%d calls", n)
	}
}

// TestOldTLS: anything older than TLS 1.2 is refused.
func TestOldTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{MaxVersion: tls.VersionTLS11}
	server.StartTLS()
	defer server.Close()
	store, err := Type().Open(channel.Deps{Now: time.Now}, channel.Settings{AllowHTTP: true,
		Fields: map[string]string{"url": server.URL, "key": "ck_1", "secret": "cs_1"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Check(t.Context())
	wantCode(t, err, channel.Transient, channel.CodeUnreachable)
}
