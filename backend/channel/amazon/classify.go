package amazon

import (
	"encoding/json"
	"net/http"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	appMessage    = "Amazon does not accept the client ID and client secret. The secret ends after 180 days: make a new one under LWA credentials in Seller Central and enter it here."
	loginMessage  = "Amazon does not accept the refresh token. Authorize the app in Seller Central again and enter the new token here."
	roleMessage   = "Amazon refuses this to the app. Give it the roles Product Listing and Inventory and Order Tracking in Seller Central, authorize it again, and check the merchant token."
	goneMessage   = "Amazon has no listing with this SKU any more."
	parentMessage = "Amazon has no offer for this SKU, such as one that only holds variations together, so no number is sent for it."
	fbaMessage    = "Amazon fulfils this listing from its own warehouse, so no number is sent for it."
	otherMessage  = "This listing has numbers by location, which Evenstock does not write on Amazon."
)

// refusals are the errors of the API and of Login with Amazon.
type refusals struct {
	Errors []struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"errors"`
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// refusal is what Amazon says in a refusal, "" for none.
func refusal(r *httpx.Response) string {
	var p refusals
	if r == nil || r.Status < 400 || json.Unmarshal(r.Body, &p) != nil {
		return ""
	}
	said := p.Error + " " + p.Description
	for _, e := range p.Errors {
		said += " " + e.Code + ": " + e.Message
	}
	return strings.TrimSpace(said)
}

// classify says what to do about a refusal.
func classify(op string, r *httpx.Response) *channel.Error {
	e := httpx.Classify(op, r)
	said := refusal(r)
	if said == "" || e.Kind == channel.Throttled || e.Kind == channel.Transient {
		return e
	}
	switch {
	case strings.Contains(said, "invalid_client"), strings.Contains(said, "unauthorized_client"):
		e.Kind, e.Code, e.Message = channel.Auth, channel.CodeAuth, appMessage
	case strings.Contains(said, "invalid_grant"):
		e.Kind, e.Code, e.Message = channel.Auth, channel.CodeAuth, loginMessage
	case r.Status == http.StatusUnauthorized:
		e.Message = loginMessage
	case e.Kind == channel.Auth:
		e.Message = roleMessage
	case e.Kind == channel.Invalid:
		e.Message = "Amazon refused: " + httpx.Plain(r.Redact(said))
	}
	return e
}

// expired says whether an answer refuses an access token that was good for an hour.
func expired(r *httpx.Response) bool {
	return r != nil && (r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden) &&
		strings.Contains(strings.ToLower(refusal(r)), "expired")
}

// listError takes a 404 to a list as the trouble of a moment.
func listError(err error) error {
	return channel.NotGone(err, channel.CodeBadAnswer, "Amazon does not answer for this account at the moment.")
}

func ofItem(op string, kind channel.Kind, code, message string) error {
	return &channel.Error{Kind: kind, Op: op, Code: code, Message: message}
}
