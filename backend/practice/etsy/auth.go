package etsy

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"evenstock/backend/practice"
)

// An access token lasts an hour, a refresh token 90 days (marketplace-auth-and-gotchas.md, 1).
const (
	accessLasts  = time.Hour
	refreshLasts = 90 * 24 * time.Hour
)

// grants are the logins. A refresh token ends when one that followed from it is used, not before: then a client that lost
// an answer can ask again (unverified; a client that keeps to it is safe with either).
type grants struct {
	next    int
	refresh map[string]time.Time // until when; zero for ever
	access  map[string]grant
	codes   map[string]challenge
}

type grant struct {
	until   time.Time
	follows string // the refresh token that ends when this is used
	with    string // the refresh token that came with it
}

type challenge struct{ sum, redirect string }

func newGrants(refresh string) grants {
	g := grants{refresh: map[string]time.Time{}, access: map[string]grant{}, codes: map[string]challenge{}}
	if refresh != "" {
		g.refresh[refresh] = time.Time{}
	}
	return g
}

func (f *Face) knowsApp(key string) bool { return key == f.options.Keystring+":"+f.options.Secret }

// connect is the page on which a seller lets the app in; on a practice shop the answer is yes.
func (c *call) connect() practice.Response {
	q := c.query
	if q.Get("client_id") != c.face.options.Keystring || q.Get("redirect_uri") != c.face.options.Redirect ||
		q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("state") == "" {
		return c.fail(http.StatusBadRequest, "The application that is requesting authorization is not set up correctly")
	}
	c.face.mu.Lock()
	defer c.face.mu.Unlock()
	c.face.grants.next++
	code := fmt.Sprintf("code-%d", c.face.grants.next)
	c.face.grants.codes[code] = challenge{q.Get("code_challenge"), q.Get("redirect_uri")}
	c.header.Set("Location", q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode())
	return c.respond(http.StatusFound, map[string]string{})
}

// postToken gives tokens for a code or a refresh token.
func (c *call) postToken() practice.Response {
	form, err := url.ParseQuery(string(c.body))
	refuse := func(text string) practice.Response {
		return c.respond(http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": text})
	}
	if err != nil || !strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return refuse("the body is no form")
	}
	if form.Get("client_id") != c.face.options.Keystring {
		return c.respond(http.StatusUnauthorized, map[string]string{"error": "invalid_client", "error_description": "unknown client_id"})
	}
	now := c.face.world.Now()
	c.face.mu.Lock()
	defer c.face.mu.Unlock()
	g := &c.face.grants
	follows := ""
	switch form.Get("grant_type") {
	case "authorization_code":
		want, ok := g.codes[form.Get("code")]
		delete(g.codes, form.Get("code"))
		sum := sha256.Sum256([]byte(form.Get("code_verifier")))
		if !ok || want.sum != base64.RawURLEncoding.EncodeToString(sum[:]) || want.redirect != form.Get("redirect_uri") {
			return refuse("code is invalid")
		}
	case "refresh_token":
		follows = form.Get("refresh_token")
		until, ok := g.refresh[follows]
		if !ok || !until.IsZero() && now.After(until) {
			return refuse("refresh_token is invalid")
		}
	default:
		return refuse("unsupported grant_type")
	}
	g.next++
	access, refresh := fmt.Sprintf("%d.access-%d", UserID, g.next), fmt.Sprintf("%d.refresh-%d", UserID, g.next)
	g.refresh[refresh] = now.Add(refreshLasts)
	g.access[access] = grant{now.Add(accessLasts), follows, refresh}
	return c.ok(map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": int(accessLasts.Seconds()), "refresh_token": refresh})
}

// Revoke ends every login.
func (f *Face) Revoke() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.grants = newGrants("")
}

// authorize checks the login of a call that needs one.
func (c *call) authorize(rt *route) *practice.Response {
	token, has := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if !has && rt.scope == "" {
		return nil
	}
	now := c.face.world.Now()
	c.face.mu.Lock()
	defer c.face.mu.Unlock()
	g, ok := c.face.grants.access[token]
	refuse := func(status int, code, text string) *practice.Response {
		res := c.respond(status, map[string]string{"error": code, "error_description": text})
		return &res
	}
	switch {
	case !ok:
		return refuse(http.StatusUnauthorized, "invalid_token", "access token is invalid") // wording unverified
	case now.After(g.until):
		return refuse(http.StatusUnauthorized, "invalid_token", "access token is expired")
	case rt.scope != "" && !slices.Contains(c.face.options.Scopes, rt.scope):
		return refuse(http.StatusForbidden, "insufficient_scope", "the token lacks the scope "+rt.scope) // wording unverified
	}
	if g.follows != g.with {
		delete(c.face.grants.refresh, g.follows)
	}
	return nil
}

func getPing(c *call) practice.Response { return c.ok(map[string]int64{"application_id": 1357924680}) }

func postScopes(c *call) practice.Response {
	return c.ok(map[string]any{"scopes": c.face.options.Scopes}) // the file leaves the form of the answer open
}

func getMe(c *call) practice.Response {
	return c.ok(map[string]int64{"user_id": UserID, "shop_id": c.face.options.Shop})
}

func getShop(c *call) practice.Response {
	return c.ok(map[string]any{"shop_id": c.face.options.Shop, "user_id": UserID, "shop_name": c.face.world.Name(),
		"url": "https://www.etsy.com/shop/practice", "currency_code": c.face.world.Currency(), "is_vacation": false})
}
