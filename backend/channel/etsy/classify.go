package etsy

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	keyMessage   = "Etsy does not accept the app's keystring and shared secret. Copy both again from Your apps on etsy.com/developers."
	loginMessage = "Etsy no longer lets Evenstock into the shop. Connect the store again through your browser."
	goneMessage  = "Etsy has no such listing any more, or its SKU or choices were changed."
)

// classify says what to do about a refusal.
func classify(op string, r *httpx.Response) *channel.Error {
	e := httpx.Classify(op, r)
	said := refusal(r)
	if said == "" || e.Kind == channel.Throttled || e.Kind == channel.Transient {
		return e
	}
	low := strings.ToLower(said)
	switch {
	case r.Status == http.StatusConflict:
		e.Kind, e.Code, e.Message = channel.Stale, channel.CodeNotApplied, "The listing was changed on Etsy at the same moment."
	case strings.Contains(low, "invalid_grant"):
		e.Kind, e.Code, e.Message = channel.Auth, channel.CodeAuth, loginMessage
	case e.Kind == channel.Auth && strings.Contains(low, "scope"):
		e.Code, e.Message = missingScope(low)
	case e.Kind == channel.Auth && (strings.Contains(low, "api key") || strings.Contains(low, "shared secret") || strings.Contains(low, "x-api-key")):
		e.Message = keyMessage
	case e.Kind == channel.Auth:
		e.Message = loginMessage
	case e.Kind == channel.Invalid:
		e.Message = "Etsy refused: " + httpx.Plain(r.Redact(said))
	}
	return e
}

// missingScope names what the login does not allow.
func missingScope(said string) (code, message string) {
	for _, scope := range scopes {
		if strings.Contains(said, scope) {
			code = channel.CodeAuth
			if scope == "listings_w" {
				code = channel.CodeReadOnly
			}
			return code, "The login does not allow " + scope + ". Connect the store again through your browser and allow everything it asks for."
		}
	}
	return channel.CodeAuth, loginMessage
}

// refusal is what Etsy says in a refusal, "" for none.
func refusal(r *httpx.Response) string {
	var p problem
	if r == nil || r.Status < 400 || json.Unmarshal(r.Body, &p) != nil {
		return ""
	}
	return strings.TrimSpace(p.Error + " " + p.Description)
}

// expired says whether an answer refuses an access token that was good for an hour.
func expired(r *httpx.Response) bool {
	return r != nil && r.Status == http.StatusUnauthorized && strings.Contains(strings.ToLower(refusal(r)), "expired")
}

// listError takes a 404 to a list as the trouble of a moment: nothing is given up as gone because the whole shop did not
// answer.
func listError(err error) error {
	return channel.NotGone(err, channel.CodeWrongShop, "Etsy does not find the shop at the moment. It may be closed or under review.")
}

// ofOne returns err when it concerns the listing that was asked about and no other, else nil.
func ofOne(err error) error {
	var e *channel.Error
	if !errors.As(err, &e) {
		return nil
	}
	switch {
	case e.Kind == channel.Missing:
		e.Message = goneMessage
		return e
	case e.Kind == channel.Stale, e.Kind == channel.Invalid && e.Status >= 400:
		return e
	}
	return nil
}
