package ebay

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"evenstock/backend/practice"
)

// accessLasts is how long an access token is good (marketplace-auth-and-gotchas.md, 1).
const accessLasts = 2 * time.Hour

// authorizePage is the page on which a seller lets the app in; on a practice shop the answer is yes. A code has characters in
// it that an address encodes, and one that looks encoded: whoever decodes it twice has another code (ebay.md, 1.2).
func (c *call) authorizePage() practice.Response {
	o := c.face.options
	if c.query.Get("client_id") != o.ClientID || c.query.Get("redirect_uri") != o.RuName || c.query.Get("response_type") != "code" {
		return c.fail(http.StatusBadRequest, 1, "unauthorized_client")
	}
	c.face.mu.Lock()
	defer c.face.mu.Unlock()
	c.face.next++
	code := fmt.Sprintf("v^1.1#i^1#p^3#t^H4s%%2BAAA+%d==", c.face.next)
	c.face.codes[code] = true
	c.header.Set("Location", o.Accept+"?"+url.Values{"code": {code}, "state": {c.query.Get("state")}, "expires_in": {"299"}}.Encode())
	return c.respond(http.StatusFound, map[string]string{})
}

// postToken gives tokens for a code or for the refresh token, which stays as it is.
func (c *call) postToken() practice.Response {
	refuse := func(status int, code string) practice.Response {
		return c.respond(status, map[string]string{"error": code, "error_description": "the request was refused"})
	}
	o := c.face.options
	id, secret, _ := c.r.BasicAuth()
	form, err := url.ParseQuery(string(c.body))
	switch {
	case err != nil || c.r.Method != http.MethodPost || !strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		return refuse(http.StatusBadRequest, "invalid_request")
	case id != o.ClientID || secret != o.Secret:
		return refuse(http.StatusUnauthorized, "invalid_client")
	}
	now := c.face.world.Now()
	c.face.mu.Lock()
	defer c.face.mu.Unlock()
	out := map[string]any{"token_type": "User Access Token", "expires_in": int(accessLasts.Seconds())}
	switch form.Get("grant_type") {
	case "authorization_code":
		code := form.Get("code")
		known := c.face.codes[code]
		delete(c.face.codes, code)
		if !known || form.Get("redirect_uri") != o.RuName {
			return refuse(http.StatusBadRequest, "invalid_grant")
		}
		out["refresh_token"], out["refresh_token_expires_in"] = c.face.options.Refresh, 47304000
	case "refresh_token":
		if c.face.options.Refresh == "" || form.Get("refresh_token") != c.face.options.Refresh {
			return refuse(http.StatusBadRequest, "invalid_grant")
		}
		if slices.ContainsFunc(strings.Fields(form.Get("scope")), c.face.lacks) {
			return refuse(http.StatusBadRequest, "invalid_scope")
		}
	default:
		return refuse(http.StatusBadRequest, "unsupported_grant_type")
	}
	c.face.next++
	access := fmt.Sprintf("v^1.1#access-%d", c.face.next)
	c.face.access[access] = now.Add(accessLasts)
	out["access_token"] = access
	return c.ok(out)
}

// lacks says whether the login was not given a scope: one for calls that are refused, or one for orders that is not the one
// it was given.
func (f *Face) lacks(scope string) bool {
	_, name, _ := strings.Cut(scope, "/oauth/api_scope/")
	if api, of, _ := strings.Cut(name, "."); api == "sell" {
		what, _, readonly := strings.Cut(of, ".")
		return slices.Contains(f.options.Refused, "/sell/"+what+"/") || what == "fulfillment" && readonly == f.options.Wide
	}
	return false
}

// Revoke ends the login.
func (f *Face) Revoke() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.access, f.options.Refresh = map[string]time.Time{}, ""
}

// Expire ends the access tokens before their time.
func (f *Face) Expire() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.access = map[string]time.Time{}
}

// good says whether an access token is.
func (f *Face) good(token string) bool {
	now := f.world.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	until, ok := f.access[token]
	return ok && now.Before(until)
}

// authorize checks the token of a REST call and what it may do.
func (c *call) authorize() *practice.Response {
	token, _ := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	var res practice.Response
	switch {
	case !c.face.good(token):
		res = c.fail(http.StatusUnauthorized, 1001, "Invalid access token")
	case slices.ContainsFunc(c.face.options.Refused, func(p string) bool { return strings.HasPrefix(c.r.URL.Path, p) }):
		res = c.fail(http.StatusForbidden, 1100, "Access denied") // a token from before the scope was asked for
	default:
		return nil
	}
	return &res
}

func getUser(c *call) practice.Response {
	return c.ok(map[string]any{"userId": c.face.options.User, "username": Canaries[6], "accountType": "INDIVIDUAL", "registrationMarketplaceId": c.face.options.Site,
		"individualAccount": map[string]any{"email": Canaries[2], "firstName": "Canary", "lastName": Canaries[1],
			"primaryPhone":        map[string]any{"countryCode": "44", "number": Canaries[7]},
			"registrationAddress": map[string]any{"addressLine1": Canaries[3], "city": Canaries[4], "postalCode": Canaries[5], "country": "GB"}}})
}

// The APIs that calls are counted for, and how many a day may have (ebay.md, rate limits).
const (
	inventory   = "inventory"
	fulfillment = "fulfillment"
	tradingAPI  = "trading"
)

var most = map[string]int{inventory: 2_000_000, fulfillment: 100_000, tradingAPI: 5_000}

// revisionsMost is how often a listing may be revised in a day (OpenAPI file).
const revisionsMost = 250

// turn begins the counts anew at midnight in California.
func (c *call) turn() {
	if day := c.s.Now().UTC().Add(-8 * time.Hour).Format(time.DateOnly); day != c.face.day {
		c.face.day, c.face.calls, c.face.revised = day, map[string]int{}, map[int64]int{}
	}
}

// charge counts a call.
func (c *call) charge(api string) bool {
	if api == "" || c.face.options.Unlimited {
		return true
	}
	c.turn()
	c.face.calls[api]++
	return c.within(c.face.calls[api], most[api])
}

// revise counts a change of a listing.
func (c *call) revise(listing int64) bool {
	if c.face.options.Unlimited {
		return true
	}
	c.turn()
	c.face.revised[listing]++
	return c.within(c.face.revised[listing], revisionsMost)
}

// within says whether a count is within its limit.
func (c *call) within(n, limit int) bool {
	c.over = c.over || n > limit
	return n <= limit
}
