package woocommerce

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"hash"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// clockWindow is how far an OAuth timestamp may be from the shop's clock, and how long a nonce is remembered:
// 15 minutes, in seconds.
const clockWindow = 15 * 60

// oauthNames are the parameters a signed request must have, in the order WooCommerce looks for them.
var oauthNames = []string{"oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method"}

// digests are the signature methods the shop takes.
var digests = map[string]func() hash.Hash{"HMAC-SHA1": sha1.New, "HMAC-SHA256": sha256.New}

// authenticate finds the key behind a request. It returns nil, nil for a stranger: an unknown key over Basic, and Basic
// over plain http, are ignored silently (woocommerce-observed.md).
func (f *Face) authenticate(r *http.Request, q query) (*Key, *apiError) {
	if !strings.Contains(f.path(r), apiRoot+"/wc") {
		return nil, nil
	}
	if overTLS(r) {
		if key, failure := f.basic(r, q); key != nil || failure != nil {
			return key, failure
		}
	}
	return f.oauth(r, q)
}

func (f *Face) basic(r *http.Request, q query) (*Key, *apiError) {
	name, secret := q.get("consumer_key"), q.get("consumer_secret")
	if name == "" || secret == "" {
		name, secret, _ = r.BasicAuth()
	}
	key := f.lookup(name)
	if key == nil || secret == "" {
		return nil, nil
	}
	if subtle.ConstantTimeCompare([]byte(key.Secret), []byte(secret)) != 1 {
		return nil, errAuth("Consumer secret is invalid.")
	}
	return key, nil
}

func (f *Face) oauth(r *http.Request, q query) (*Key, *apiError) {
	signed, given := q.values, oauthOf(q.values)
	if given["oauth_signature"] == "" {
		if fromHeader := oauthHeader(r.Header.Get("Authorization")); fromHeader != nil {
			given, signed = fromHeader, merge(q.values, fromHeader)
		}
	}
	if len(given) == 0 {
		return nil, nil
	}
	var missing []string
	for _, name := range oauthNames {
		if given[name] == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 { // unverified wording
		return nil, errAuth("Missing OAuth parameter " + strings.Join(missing, ", "))
	}
	key := f.lookup(given["oauth_consumer_key"])
	if key == nil {
		return nil, errAuth("Consumer key is invalid.")
	}
	digest := digests[given["oauth_signature_method"]]
	if digest == nil {
		return nil, errAuth("Invalid signature - signature method is invalid.")
	}
	want := Signature(digest, r.Method, f.home(r)+f.path(r), signed, key.Secret)
	if !hmac.Equal([]byte(want), []byte(given["oauth_signature"])) {
		return nil, errAuth("Invalid signature - provided signature does not match.")
	}
	return key, f.checkNonce(given)
}

func (f *Face) checkNonce(given map[string]string) *apiError {
	now := f.world.Now().Unix()
	at, err := strconv.ParseInt(given["oauth_timestamp"], 10, 64)
	if err != nil || at < now-clockWindow || at > now+clockWindow {
		return errAuth("Invalid timestamp.")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	nonce := given["oauth_consumer_key"] + " " + given["oauth_nonce"]
	if _, used := f.nonces[nonce]; used {
		return errAuth("Invalid nonce - nonce has already been used.")
	}
	if len(f.nonces) >= nonceSweep {
		for old, when := range f.nonces {
			if when < now-clockWindow {
				delete(f.nonces, old)
			}
		}
	}
	f.nonces[nonce] = at
	return nil
}

// nonceSweep is how many nonces are kept before old ones are looked for.
const nonceSweep = 4096

// Signature is the OAuth 1.0a signature of a request: HMAC over METHOD, address and sorted parameters, base64.
func Signature(digest func() hash.Hash, method, address string, params url.Values, secret string) string {
	var pairs []string
	for name, values := range params {
		if name == "oauth_signature" {
			continue
		}
		for _, value := range values {
			pairs = append(pairs, escape(name)+"="+escape(value))
		}
	}
	sort.Strings(pairs)
	mac := hmac.New(digest, []byte(secret+"&"))
	mac.Write([]byte(method + "&" + escape(address) + "&" + escape(strings.Join(pairs, "&"))))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// escape is RFC 3986 percent-encoding.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func oauthOf(values url.Values) map[string]string {
	given := map[string]string{}
	for name := range values {
		if strings.HasPrefix(name, "oauth_") {
			given[name] = values.Get(name)
		}
	}
	return given
}

// oauthHeader reads an Authorization header of the form OAuth name="value", …; nil when it is another.
func oauthHeader(header string) map[string]string {
	list, ok := strings.CutPrefix(header, "OAuth ")
	if !ok {
		return nil
	}
	given := map[string]string{}
	for part := range strings.SplitSeq(list, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if text, err := url.PathUnescape(strings.Trim(value, `"`)); err == nil && strings.HasPrefix(name, "oauth_") {
			given[name] = text
		}
	}
	return given
}

func merge(values url.Values, more map[string]string) url.Values {
	all := url.Values{}
	for name, v := range values {
		all[name] = v
	}
	for name, v := range more {
		all.Set(name, v)
	}
	return all
}

func (f *Face) lookup(name string) *Key {
	for i := range f.options.Keys {
		if name != "" && f.options.Keys[i].Key == name {
			return &f.options.Keys[i]
		}
	}
	return nil
}

// allows checks what the key may do; strangers are dealt with by the route.
func (k *Key) allows(method string) *apiError {
	if k == nil || method == http.MethodOptions {
		return nil
	}
	reads := method == http.MethodGet || method == http.MethodHead
	if reads && k.Permission == WriteOnly {
		return errAuth("The API key provided does not have read permissions.")
	}
	if !reads && k.Permission == ReadOnly {
		return errAuth("The API key provided does not have write permissions.")
	}
	return nil
}
