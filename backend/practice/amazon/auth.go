package amazon

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/practice"
)

// accessLasts is how long an access token is good (amazon.md, 1.3).
const accessLasts = time.Hour

// postToken gives an access token for the refresh token, which stays as it is.
func (c *call) postToken() practice.Response {
	refuse := func(status int, code, text string) practice.Response {
		return c.respond(status, map[string]string{"error": code, "error_description": text})
	}
	form, err := url.ParseQuery(string(c.body))
	o := c.face.options
	switch {
	case err != nil || c.r.Method != http.MethodPost || !strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		return refuse(http.StatusBadRequest, "invalid_request", "The request is malformed.")
	case form.Get("client_id") != o.ClientID || form.Get("client_secret") != o.Secret:
		return refuse(http.StatusUnauthorized, "invalid_client", "Client authentication failed")
	case form.Get("grant_type") != "refresh_token":
		return refuse(http.StatusBadRequest, "unsupported_grant_type", "The grant type is not supported.")
	}
	now := c.face.world.Now()
	c.face.mu.Lock()
	defer c.face.mu.Unlock()
	if o.Refresh == "" || form.Get("refresh_token") != c.face.options.Refresh {
		return refuse(http.StatusBadRequest, "invalid_grant", "The request has an invalid grant parameter : refresh_token")
	}
	c.face.next++
	access := fmt.Sprintf("Atza|access-%d", c.face.next)
	c.face.access[access] = now.Add(accessLasts)
	return c.ok(map[string]any{"access_token": access, "refresh_token": o.Refresh, "token_type": "bearer", "expires_in": int(accessLasts.Seconds())})
}

// Revoke ends the login.
func (f *Face) Revoke() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.access, f.options.Refresh = map[string]time.Time{}, ""
}

// Deny has the app have no role for paths with these prefixes, and for no others.
func (f *Face) Deny(prefixes ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.options.Refused = prefixes
}

// authorize checks the access token and the roles of the app.
func (c *call) authorize() *practice.Response {
	now := c.face.world.Now()
	c.face.mu.Lock()
	defer c.face.mu.Unlock()
	until, ok := c.face.access[c.r.Header.Get("x-amz-access-token")]
	refused := slices.ContainsFunc(c.face.options.Refused, func(p string) bool { return strings.HasPrefix(c.r.URL.Path, p) })
	var res practice.Response
	switch {
	case !ok:
		res = c.fail(http.StatusForbidden, "Unauthorized", "Access to requested resource is denied.")
	case now.After(until):
		res = c.fail(http.StatusForbidden, "Unauthorized", "The access token you provided has expired.")
	case refused:
		res = c.fail(http.StatusForbidden, "Unauthorized", "Access to requested resource is denied.")
	default:
		return nil
	}
	return &res
}

// bucket holds the tokens of one operation.
type bucket struct {
	tokens float64
	filled time.Time
}

// charge counts a call and tells the rate of its operation, which is neither what is left nor the burst (amazon.md).
func (c *call) charge(rt *route) bool {
	if c.face.options.Unlimited {
		return true
	}
	now := c.face.world.Now()
	c.face.mu.Lock()
	defer c.face.mu.Unlock()
	b := c.face.buckets[rt.name]
	if b == nil {
		b = &bucket{rt.burst, now}
		c.face.buckets[rt.name] = b
	}
	rate := rt.rate * cmp.Or(c.face.options.Pace, 1)
	refill := rate
	if c.face.options.Pace > 0 {
		refill *= 2
	}
	b.tokens = min(rt.burst, b.tokens+max(0, now.Sub(b.filled).Seconds())*refill)
	b.filled = now
	const rounding = 1e-6
	c.header.Set("x-amzn-RateLimit-Limit", strconv.FormatFloat(rate, 'f', -1, 64))
	if b.tokens < 1-rounding {
		return false
	}
	b.tokens--
	return true
}

func getParticipations(c *call) practice.Response {
	return c.ok(map[string]any{"payload": []any{map[string]any{
		"marketplace": map[string]any{"id": c.face.options.Marketplace, "countryCode": "GB", "name": "Amazon.co.uk",
			"defaultCurrencyCode": c.face.world.Currency(), "defaultLanguageCode": "en_GB", "domainName": "www.amazon.co.uk"},
		"storeName":     c.face.world.Name(),
		"participation": map[string]any{"isParticipating": true, "hasSuspendedListings": false}}}})
}
