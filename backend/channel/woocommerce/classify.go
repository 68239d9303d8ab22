package woocommerce

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

// The codes WooCommerce and WordPress refuse with, as far as we tell them apart (woocommerce-observed.md).
const (
	noRoute    = "rest_no_route"
	cannotView = "woocommerce_rest_cannot_view"
)

// errNoRoute is in the error of a call to a route that the shop does not have.
var errNoRoute = errors.New("the shop has no such route")

// missing are the codes of things that are gone. Some come with 404, inside a batch with 400; that of an unknown variation
// in the products route says that the listing is not what we took it for, which is the same to us.
var missing = []string{
	"woocommerce_rest_product_invalid_id",
	"woocommerce_rest_product_variation_invalid_id",
	"woocommerce_rest_invalid_product_id",
	"woocommerce_rest_shop_order_invalid_id",
	"woocommerce_rest_invalid_order_id",
}

const (
	clockMessage    = "This computer's clock and the shop's are more than 15 minutes apart. Set this computer's clock."
	readOnlyMessage = "This key may only read. Create one with the permission Read/Write in WooCommerce, Settings, Advanced, REST API."
	keyMessage      = "The shop does not accept these keys. Copy both again; the secret is shown only once, so a new pair may be needed: WooCommerce, Settings, Advanced, REST API."
	ownerMessage    = "The user to whom the key belongs may not manage the shop. Create the key for an administrator or a shop manager."
	noRouteMessage  = "The shop does not offer WooCommerce's interface at the moment. WooCommerce may be switched off there."
)

// classify says what to do about a refusal.
func classify(op string, r *httpx.Response) *channel.Error {
	e := httpx.Classify(op, r)
	p := refused(r)
	if p.Code == "" || e.Kind == channel.Throttled || r.Status >= 500 {
		return withoutMissing(e)
	}
	code, message := string(p.Code), string(p.Message)
	switch {
	case slices.Contains(missing, code):
		e.Kind, e.Code = channel.Missing, channel.CodeMissing
	case code == noRoute:
		e.Kind, e.Code, e.Message, e.Err = channel.Transient, channel.CodeWrongShop, noRouteMessage, errNoRoute
	case strings.Contains(message, "Invalid timestamp"):
		e.Kind, e.Code, e.Message = channel.Auth, channel.CodeClockSkew, clockMessage
	case strings.Contains(message, "does not have write permissions"):
		e.Kind, e.Code, e.Message = channel.Auth, channel.CodeReadOnly, readOnlyMessage
	case r.Status == http.StatusForbidden:
		e.Kind, e.Code, e.Message = channel.Auth, channel.CodeAuth, ownerMessage
	case r.Status == http.StatusUnauthorized:
		e.Kind, e.Code, e.Message = channel.Auth, channel.CodeAuth, keyMessage
	case e.Kind == channel.Invalid:
		e.Code = code
	default:
		return withoutMissing(e)
	}
	return e
}

// withoutMissing takes a 404 that names nothing we asked for as the trouble of a moment: nothing is given up as gone
// because a plugin or a host answered in the shop's place.
func withoutMissing(e *channel.Error) *channel.Error {
	if e.Kind == channel.Missing {
		e.Kind, e.Code, e.Message = channel.Transient, channel.CodeWrongShop, noRouteMessage
	}
	return e
}

// refused reads the refusal in an answer; it is empty when there is none.
func refused(r *httpx.Response) problem {
	var p problem
	if r == nil || json.Unmarshal(r.Body, &p) != nil {
		return problem{}
	}
	return p
}

// refusal is the code of the refusal in an answer, "" for none.
func refusal(r *httpx.Response) string { return string(refused(r).Code) }

// itemError classifies the error of one item of a batch, which is answered with 200.
func itemError(op string, p problem) *channel.Error {
	e := &channel.Error{Kind: channel.Invalid, Op: op, Code: string(p.Code), Message: "The shop refused this listing: " + httpx.Plain(string(p.Message))}
	if slices.Contains(missing, string(p.Code)) {
		e.Kind, e.Code, e.Message = channel.Missing, channel.CodeMissing, "The shop has no such listing any more."
	}
	return e
}

// codeOf is the code of an error, "" if it has none.
func codeOf(err error) string {
	var e *channel.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
