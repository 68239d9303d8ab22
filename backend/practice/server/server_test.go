package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"evenstock/backend/practice"
)

// behindTLS is what a shop looks like behind a proxy that speaks TLS, so that Basic credentials work.
func behindTLS(t *testing.T, shop string) *httptest.Server {
	t.Helper()
	target, err := url.Parse(shop)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
		r.Out.Header.Set("X-Forwarded-Proto", "https")
	}})
	t.Cleanup(s.Close)
	return s
}

// skus are those of the variants in a shop.
func skus(t *testing.T, shop Shop) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	if shop.Channel != "woocommerce" {
		shop.World.Do(func(st *practice.State) {
			for _, v := range st.AllVariants() {
				all[v.SKU] = true
			}
		})
		return all
	}
	proxy := behindTLS(t, shop.URL)
	for page := 1; ; page++ {
		r, err := http.NewRequest("GET", fmt.Sprintf("%s/wp-json/wc/v3/variations?per_page=100&page=%d&_fields=sku", proxy.URL, page), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(shop.Fields["key"], shop.Fields["secret"])
		res, err := proxy.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var list []struct{ SKU string }
		err = json.NewDecoder(res.Body).Decode(&list)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d, %v", shop.Name, res.StatusCode, err)
		}
		if len(list) == 0 {
			return all
		}
		for _, v := range list {
			all[v.SKU] = true
		}
	}
}

func TestShopsSharePartOfTheirGoods(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	s, err := Serve(ctx, Options{Seed: 1, Now: time.Now, DateOffset: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Shops) != len(kinds) {
		t.Fatalf("%d shops", len(s.Shops))
	}
	home := skus(t, s.Shops[0])
	for _, shop := range s.Shops[1:] {
		shared, own := 0, 0
		for sku := range skus(t, shop) {
			if home[sku] {
				shared++
			} else {
				own++
			}
		}
		if shared == 0 || own == 0 {
			t.Errorf("%s shares %d variants with the first shop and has %d of its own", shop.Name, shared, own)
		}
		if ahead := time.Until(shop.World.Now()); ahead < 59*time.Minute {
			t.Errorf("%s is %v ahead, want an hour", shop.Name, ahead)
		}
	}
	stop()
	done := make(chan struct{})
	go func() {
		s.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(2 * time.Second):
		t.Fatal("the shops are still open two seconds after they were told to close")
	}
	if _, err := http.Get(s.Shops[0].URL); err == nil {
		t.Error("a closed shop answers")
	}
}

func TestSameSeedSameShops(t *testing.T) {
	var seen []string
	for range 2 {
		ctx, stop := context.WithCancel(t.Context())
		s, err := Serve(ctx, Options{Seed: 42, Listings: 30, Now: func() time.Time { return time.Unix(1_800_000_000, 0) }})
		if err != nil {
			t.Fatal(err)
		}
		keys := make([]string, 0, 3)
		for _, shop := range s.Shops {
			keys = append(keys, fmt.Sprint(len(shop.Fields)), shop.Fields["key"], shop.Fields["refreshToken"], shop.Fields["token"], fmt.Sprint(skus(t, shop)))
		}
		seen = append(seen, strings.Join(keys, " "))
		stop()
		s.Wait()
	}
	if seen[0] != seen[1] {
		t.Errorf("two runs differ:\n%s\n%s", seen[0], seen[1])
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "192.168.1.5:80", "nonsense", "127.0.0.1:99999"} {
		if s, err := Serve(t.Context(), Options{Addr: addr, Now: time.Now}); err == nil {
			t.Errorf("%s is served at %s", addr, s.Shops[0].URL)
		}
	}
}
