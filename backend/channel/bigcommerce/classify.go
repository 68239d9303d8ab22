package bigcommerce

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	tokenMessage = "BigCommerce does not accept the access token. Make a new API account in the store's control panel and connect again."
	goneMessage  = "The store has no such listing any more."
	// loadPause is for a 429 that names no time: then the whole platform is busy (bigcommerce.md, 3.6).
	loadPause = 5 * time.Minute
)

// scopes is what an API account must allow for each thing that is done, as the control panel calls it.
var scopes = map[string]string{
	opListings: "Products read-only", opStock: "Store Inventory modify and Products read-only", opPush: "Store Inventory modify",
	opOrders: "Orders read-only", opKnown: "Orders read-only", opStatuses: "Orders read-only",
	opCheck: "Information & settings read-only", opSettings: "Information & settings read-only",
	opLocations: "Store Locations read-only", opTime: "Information & settings read-only",
}

// classify says what to do about a refusal.
func classify(op string, r *httpx.Response) *channel.Error {
	e := httpx.Classify(op, r)
	switch {
	case e.Kind == channel.Throttled:
		e.RetryAt = e.RetryAt.Add(longer(r))
	case e.Kind == channel.Auth && r.Status == http.StatusForbidden:
		e.Message = "The API account does not allow this. It needs the scope " + scopes[op] + ": make a new API account with it and connect again."
		if op == opPush {
			e.Code = channel.CodeReadOnly
		}
	case e.Kind == channel.Auth:
		e.Message = tokenMessage
	case e.Kind == channel.Invalid:
		e.Message = "BigCommerce refused: " + httpx.Plain(r.Redact(refusal(r)))
	case r.Status == http.StatusServiceUnavailable:
		e.Message = "The store is down for maintenance."
	}
	return e
}

// longer is how much later than httpx thinks to come back, because BigCommerce says when in headers of its own.
func longer(r *httpx.Response) time.Duration {
	const standing = time.Minute // what httpx takes where there is no Retry-After
	if r.Header.Get("Retry-After") != "" {
		return 0
	}
	if seconds, ok := count(r.Header, "X-Retry-After"); ok {
		return min(time.Duration(seconds)*time.Second, time.Hour) - standing
	}
	if ms, ok := count(r.Header, "X-Rate-Limit-Time-Reset-Ms"); ok {
		return min(max(time.Duration(ms)*time.Millisecond, time.Second), longestWindow) - standing
	}
	return loadPause - standing
}

// refusal is what BigCommerce says in a refusal, "" for none. V3 answers a problem, V2 a list of messages.
func refusal(r *httpx.Response) string {
	if r == nil || r.Status < 400 {
		return ""
	}
	var problem struct {
		Title  string          `json:"title"`
		Errors json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(r.Body, &problem) == nil && problem.Title != "" {
		if said := string(problem.Errors); said != "" && said != "{}" && said != "[]" && said != "null" {
			return problem.Title + " " + said
		}
		return problem.Title
	}
	var list []struct {
		Message string `json:"message"`
	}
	var said []string
	if json.Unmarshal(r.Body, &list) == nil {
		for _, p := range list {
			said = append(said, p.Message)
		}
	}
	return strings.Join(said, " ")
}

// listError takes a 404 to a list as the trouble of a moment: nothing is given up as gone because the store did not answer.
func listError(err error) error {
	return channel.NotGone(err, channel.CodeWrongShop, "BigCommerce does not find the store. Check the store hash; the store may also be closed for a moment.")
}
