package woocommerce

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"evenstock/backend/practice"
)

// shop is a face under test with a clock that stands still.
type shop struct {
	t     *testing.T
	world *practice.World
	face  *Face
	now   time.Time
	nonce int
}

// answer is what a call gave.
type answer struct {
	status int
	header http.Header
	value  any
}

func openShop(t *testing.T, version, zone string) *shop {
	t.Helper()
	place, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, now: time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)}
	s.world = practice.New(practice.Options{Name: "Fernhill Home", Zone: place, Rules: Rules(version), Now: func() time.Time { return s.now }})
	s.face = New(s.world, Options{Version: version, Home: "http://shop.test", Statuses: []string{"packed"},
		Keys: []Key{{"ck", "cs", ReadWrite}, {"ck_read", "cs_read", ReadOnly}}})
	return s
}

// call makes a request with Basic credentials over what looks like TLS.
func (s *shop) call(method, path, body string) answer {
	s.t.Helper()
	r := httptest.NewRequest(method, "http://shop.test/wp-json/wc/v3"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-Proto", "https")
	r.SetBasicAuth("ck", "cs")
	return s.do(r)
}

func (s *shop) do(r *http.Request) answer {
	s.t.Helper()
	out := httptest.NewRecorder()
	s.face.Handler().ServeHTTP(out, r)
	a := answer{status: out.Code, header: out.Header()}
	if out.Body.Len() > 0 && strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(out.Body.Bytes(), &a.value); err != nil {
			s.t.Fatalf("%s %s: %v", r.Method, r.URL, err)
		}
	}
	return a
}

// signed makes a GET with OAuth over plain http; change may spoil it before it is signed.
func (s *shop) signed(path string, query url.Values, change func(url.Values)) answer {
	s.t.Helper()
	s.nonce++
	query.Set("oauth_consumer_key", "ck")
	query.Set("oauth_timestamp", fmt.Sprint(s.now.Unix()))
	query.Set("oauth_nonce", fmt.Sprint("n", s.nonce))
	query.Set("oauth_signature_method", "HMAC-SHA256")
	if change != nil {
		change(query)
	}
	query.Set("oauth_signature", Signature(sha256.New, "GET", "http://shop.test/wp-json/wc/v3"+path, query, "cs"))
	return s.do(httptest.NewRequest("GET", "http://shop.test/wp-json/wc/v3"+path+"?"+query.Encode(), nil))
}

// at walks into a value: names of members and places in lists.
func (a answer) at(path ...any) any {
	v := a.value
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

func (a answer) len() int {
	list, _ := a.value.([]any)
	return len(list)
}

func (s *shop) equal(what string, got, want any) {
	s.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// make posts a thing and returns its id.
func (s *shop) make(path, body string) int64 {
	s.t.Helper()
	a := s.call("POST", path, body)
	if a.status != http.StatusCreated {
		s.t.Fatalf("POST %s: %d %v", path, a.status, a.value)
	}
	id, _ := a.at("id").(float64)
	return int64(id)
}

// mug is a managed product with quantity pieces.
func (s *shop) mug(quantity int) int64 {
	s.t.Helper()
	return s.make("/products", fmt.Sprintf(`{"name":"Mug","sku":"MUG-%d","regular_price":"12.50","manage_stock":true,"stock_quantity":%d}`,
		len(s.call("GET", "/products?per_page=100", "").value.([]any)), quantity))
}

func (s *shop) stock(id int64) any {
	s.t.Helper()
	return s.call("GET", fmt.Sprintf("/products/%d", id), "").at("stock_quantity")
}

// sell creates an order of one line and returns its id and that of the line.
func (s *shop) sell(product, quantity int64, status string) (order, line int64) {
	s.t.Helper()
	a := s.call("POST", "/orders", fmt.Sprintf(`{"status":%q,"line_items":[{"product_id":%d,"quantity":%d}]}`, status, product, quantity))
	if a.status != http.StatusCreated {
		s.t.Fatalf("order: %d %v", a.status, a.value)
	}
	return int64(a.at("id").(float64)), int64(a.at("line_items", 0, "id").(float64))
}

func (s *shop) put(path string, body string) answer {
	s.t.Helper()
	a := s.call("PUT", path, body)
	if a.status != http.StatusOK {
		s.t.Fatalf("PUT %s: %d %v", path, a.status, a.value)
	}
	return a
}

// fact is one sentence of woocommerce-observed.md.
type fact struct {
	name  string
	check func(s *shop)
}

func runFacts(t *testing.T, version, zone string, facts []fact) {
	for _, f := range facts {
		t.Run(f.name, func(t *testing.T) { f.check(openShop(t, version, zone)) })
	}
}

// row writes values side by side.
func row(values ...any) string { return strings.TrimSpace(fmt.Sprintln(values...)) }
