package woocommerce

import (
	"crypto/sha1"
	"crypto/sha256"
	"net/url"
	"testing"
)

// The vector of woocommerce-observed.md, "Authentication".
func TestSignatureVector(t *testing.T) {
	params := url.Values{
		"per_page": {"100"}, "search": {"T-Shirt Größe & 50%"}, "include": {"1,2"},
		"oauth_consumer_key": {"ck_1234567890123456789012345678901234567890"}, "oauth_nonce": {"0123456789abcdef"},
		"oauth_timestamp": {"1700000000"},
	}
	secret := "cs_abcdef0123abcdef0123abcdef0123abcdef0123"
	address := "http://127.0.0.1:8080/wp-json/wc/v3/products"
	params.Set("oauth_signature_method", "HMAC-SHA256")
	if got, want := Signature(sha256.New, "GET", address, params, secret), "+aC5IEWYPNWsx721PhGiTPvYyTpGRJflpFD/Dhhtqag="; got != want {
		t.Errorf("HMAC-SHA256: %s, want %s", got, want)
	}
	params.Set("oauth_signature_method", "HMAC-SHA1")
	if got, want := Signature(sha1.New, "GET", address, params, secret), "RM6Zcgr95hqz1uYkTnvUNc6AeJo="; got != want {
		t.Errorf("HMAC-SHA1: %s, want %s", got, want)
	}
}
