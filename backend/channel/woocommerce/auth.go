package woocommerce

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

// way is how a request proves who sends it.
type way uint8

const (
	basic      way = iota // key and secret in the Authorization header, over https only
	oauth                 // signed for the address with which we call
	oauthPlain            // signed for http although we call by https, see [login]
)

// login signs requests. Over https WooCommerce takes Basic, over plain http only OAuth 1.0a without tokens
// (woocommerce-observed.md, "Authentication").
//
// Behind a proxy that ends TLS WooCommerce may not know that it is called by https: it ignores Basic silently and
// answers woocommerce_rest_cannot_view, as it does to an unknown key. Then signing is tried for the address that
// WooCommerce believes in, once, and what worked is remembered.
type login struct {
	key, secret string
	now         func() time.Time
	nonce       func() string

	mu      sync.Mutex
	way     way
	settled bool
	home    *url.URL // the shop's address as WordPress knows it; nil until asked
}

func (l *login) state() (w way, settled bool, home *url.URL) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.way, l.settled, l.home
}

func (l *login) settle(w way) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.way, l.settled = w, true
}

func (l *login) setHome(home *url.URL) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.home = home
}

// sign returns what adds credentials to a request in one way.
func (l *login) sign(w way, home *url.URL) func(*http.Request) error {
	if w == basic {
		return func(r *http.Request) error {
			r.SetBasicAuth(l.key, l.secret)
			return nil
		}
	}
	return func(r *http.Request) error {
		q := r.URL.Query()
		q.Set("oauth_consumer_key", l.key)
		q.Set("oauth_nonce", l.nonce())
		q.Set("oauth_signature_method", "HMAC-SHA256")
		q.Set("oauth_timestamp", strconv.FormatInt(l.now().Unix(), 10))
		q.Set("oauth_signature", signature(r.Method, signedAddress(r.URL, w, home), q, l.secret))
		r.URL.RawQuery = q.Encode()
		return nil
	}
}

// signedAddress is the address that the shop signs to compare: its own home and what follows it, not what was dialled.
func signedAddress(u *url.URL, w way, home *url.URL) string {
	signed := *u
	signed.RawQuery = ""
	if home != nil {
		if i := strings.Index(u.Path, apiPath); i >= 0 {
			signed.Path = strings.TrimRight(home.Path, "/") + u.Path[i:]
		}
		signed.Host = home.Host
	}
	if w == oauthPlain {
		signed.Scheme = "http"
	}
	return signed.String()
}

// signature is the OAuth 1.0a signature without a token. The recipe and its test vector stand in woocommerce-observed.md.
func signature(method, address string, q url.Values, secret string) string {
	var pairs []string
	for name, values := range q {
		for _, v := range values {
			pairs = append(pairs, percent(name)+"="+percent(v))
		}
	}
	slices.Sort(pairs)
	mac := hmac.New(sha256.New, []byte(secret+"&"))
	mac.Write([]byte(method + "&" + percent(address) + "&" + percent(strings.Join(pairs, "&"))))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// percent is RFC 3986 encoding, which differs from that of forms in the space.
func percent(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func randomNonce() string {
	b := make([]byte, 16)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// ask makes one authenticated request. Only when Basic was ignored before it ever worked does a second one follow, signed.
func (s *Store) ask(ctx context.Context, r httpx.Request) (*httpx.Response, error) {
	w, settled, home := s.login.state()
	if w != basic && home == nil {
		if err := s.learnHome(ctx); err != nil {
			return nil, err
		}
		_, _, home = s.login.state()
	}
	r.Sign = s.login.sign(w, home)
	resp, err := s.http.Do(ctx, r)
	switch {
	case err == nil || !isAuth(err):
		if resp != nil && resp.Status < 300 {
			s.login.settle(w)
		}
		return resp, err
	case w == basic && !settled && refusal(resp) == cannotView:
		return s.askSigned(ctx, r, resp, err)
	}
	return resp, err
}

// askSigned tries signing, first for http, which a proxy that ends TLS makes WooCommerce believe in, then for https,
// where a host takes the Authorization header away. When neither helps the key itself is refused.
func (s *Store) askSigned(ctx context.Context, r httpx.Request, refused *httpx.Response, because error) (*httpx.Response, error) {
	if err := s.learnHome(ctx); err != nil {
		return refused, because
	}
	_, _, home := s.login.state()
	for _, w := range []way{oauthPlain, oauth} {
		r.Sign = s.login.sign(w, home)
		resp, err := s.http.Do(ctx, r)
		if err == nil {
			s.login.settle(w)
			return resp, nil
		}
		if !isAuth(err) {
			return resp, err
		}
		refused, because = resp, err
		if !strings.Contains(because.Error(), "signature") {
			break // the shop knows what it was signed for and refuses for another reason
		}
	}
	return refused, because
}

// learnHome asks the shop for its address, which needs no key. A shop that was connected and does not look like one now
// is under maintenance, so that is an error of the moment.
func (s *Store) learnHome(ctx context.Context) error {
	_, err := s.index(ctx)
	var e *channel.Error
	if errors.As(err, &e) && e.Kind == channel.Invalid {
		e.Kind = channel.Transient
	}
	return err
}

func isAuth(err error) bool {
	var e *channel.Error
	return errors.As(err, &e) && e.Kind == channel.Auth
}
