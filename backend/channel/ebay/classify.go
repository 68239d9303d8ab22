package ebay

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	appMessage   = "eBay does not accept the App ID and Cert ID. Copy both again from your production keyset, and see on developer.ebay.com whether the keyset is disabled."
	loginMessage = "eBay no longer lets Evenstock into the account. Connect the store again through your browser."
	scopeMessage = "The login is older than what Evenstock asks for now, or does not allow it. Connect the store again through your browser and agree to everything."
	goneMessage  = "eBay has no such listing any more, or its SKU was changed."
)

// Error numbers of the REST APIs that are told from others.
const (
	codeNoOrder = 32100 // there is no such order (OpenAPI file)
	codeNoSKU   = 25702 // there is no such item (OpenAPI file)
	codeNoOffer = 25713 // there is no such offer (unverified)
	codeNone    = 25710 // there is nothing like that (OpenAPI file)
)

// trouble is one error of the REST APIs.
type trouble struct {
	ID   int    `json:"errorId"`
	Text string `json:"message"`
	Long string `json:"longMessage"`
}

// refusals are errors of the REST APIs, or that of the token endpoint.
type refusals struct {
	Errors      []trouble       `json:"errors"`
	Error       json.RawMessage `json:"error"`
	Description string          `json:"error_description"`
}

// refused reads what eBay says in a refusal.
func refused(r *httpx.Response) (refusals, bool) {
	var p refusals
	if r == nil || r.Status < 400 || json.Unmarshal(r.Body, &p) != nil {
		return p, false
	}
	return p, len(p.Errors) > 0 || len(p.Error) > 0
}

// classify says what to do about a refusal.
func classify(op string, r *httpx.Response) *channel.Error {
	e := httpx.Classify(op, r)
	p, said := refused(r)
	if !said || e.Kind == channel.Throttled || e.Kind == channel.Transient {
		return e
	}
	has := func(id int) bool { return slices.ContainsFunc(p.Errors, func(t trouble) bool { return t.ID == id }) }
	oauth := string(p.Error)
	switch {
	case strings.Contains(oauth, "invalid_client"), strings.Contains(oauth, "unauthorized_client"):
		e.Kind, e.Code, e.Message = channel.Auth, channel.CodeAuth, appMessage
	case strings.Contains(oauth, "invalid_grant"):
		e.Kind, e.Code, e.Message = channel.Auth, channel.CodeAuth, loginMessage
	case r.Status == http.StatusForbidden, strings.Contains(oauth, "invalid_scope"):
		// The token was given before the scope was asked for (ebay.md, 1.2).
		e.Kind, e.Code, e.Message = channel.Auth, channel.CodeAuth, scopeMessage
	case e.Kind == channel.Auth:
		e.Message = loginMessage
	case has(codeNoOrder), has(codeNoSKU), has(codeNoOffer), has(codeNone):
		e.Kind, e.Code, e.Message = channel.Missing, channel.CodeMissing, goneMessage
	case e.Kind == channel.Invalid && len(p.Errors) > 0:
		e.Code, e.Message = fmt.Sprint(p.Errors[0].ID), "eBay refused: "+httpx.Plain(r.Redact(p.Errors[0].said()))
	}
	return e
}

func (t trouble) said() string {
	if t.Long != "" {
		return t.Long
	}
	return t.Text
}

// expired says whether an answer refuses an access token. That it does so for no other reason cannot be told (unverified),
// so a new one is asked for once.
func expired(r *httpx.Response) bool { return r != nil && r.Status == http.StatusUnauthorized }

// listError takes a 404 to a list as the trouble of a moment: nothing is given up as gone because a list did not answer.
func listError(err error) error {
	return channel.NotGone(err, channel.CodeBadAnswer, "eBay does not answer for this account at the moment.")
}

func ofItem(op string, kind channel.Kind, code, message string) error {
	return &channel.Error{Kind: kind, Op: op, Code: code, Message: message}
}
