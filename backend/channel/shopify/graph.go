package shopify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	tokenMessage = "Shopify does not accept the app's credentials any more. Check that the app is still installed on the shop and connect again."
	goneMessage  = "The shop has no such listing any more."
	lockMessage  = "Shopify has closed or locked the shop. Log in to its admin and see what it asks for; Evenstock goes on by itself afterwards."
	scopeMessage = "The app may not do this. Add the missing scope to the app in Shopify's Dev Dashboard, release it, install it again and connect again."
)

var (
	errEndless    = errors.New("a list without an end")
	errNoLocation = errors.New("no primary location")
)

// codeLocked: the shop's bill is not paid, or Shopify has shut it.
const codeLocked = "shop_locked"

// pause is how long a shop is left alone that takes our calls for an attack; no source names a time.
const pause = 5 * time.Minute

// variables of a document.
type variables map[string]any

// ask sends a document and decodes its data into v. likely is what it should cost (shopify.md, 2.6); the answer puts that
// right, and the document's next call is charged accordingly. A token that Shopify refuses is renewed once.
func (s *Store) ask(ctx context.Context, op, name string, vars variables, likely int, v any) (*httpx.Response, error) {
	charge := s.charge(name, likely)
	resp, err := s.login.access.Do(ctx, s.login.expired, func(token string) (*httpx.Response, error) {
		return s.send(ctx, op, name, vars, charge, token)
	})
	if err != nil {
		return nil, err
	}
	if version := resp.Header.Get("X-Shopify-API-Version"); version != "" {
		s.mu.Lock()
		s.version = version
		s.mu.Unlock()
	}
	var got answer
	if err := resp.Decode(op, &got); err != nil {
		return nil, err
	}
	s.paid(name, likely, got.Extensions.Cost)
	if len(got.Errors) > 0 {
		return nil, s.refused(op, resp, got)
	}
	if len(got.Data) == 0 || string(got.Data) == "null" {
		return nil, channel.BadAnswer(op, errors.New("an answer without data"))
	}
	if err := json.Unmarshal(got.Data, v); err != nil {
		return nil, channel.BadAnswer(op, err)
	}
	return resp, nil
}

func (s *Store) send(ctx context.Context, op, name string, vars variables, charge int, token string) (*httpx.Response, error) {
	return s.http.Do(ctx, httpx.Request{Op: op, Method: http.MethodPost, Path: "admin/api/" + apiVersion + "/graphql.json",
		Body: map[string]any{"query": document(name), "variables": vars}, Budget: points, Cost: charge,
		Sign: func(r *http.Request) error {
			r.Header.Set("X-Shopify-Access-Token", token)
			return nil
		}})
}

// charge is what a call of a document that should cost so many points costs by what the dearest of them did.
func (s *Store) charge(name string, likely int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(math.Ceil(float64(likely) * max(1, s.dearer[name])))
}

// paid remembers how many times as much as it should a call of a document cost. How Shopify counts lists is not published, and
// far below the rule that is (shopify.md, 2.6).
func (s *Store) paid(name string, likely int, c *cost) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c != nil && likely > 0 {
		s.dearer[name] = max(s.dearer[name], min(c.Requested, mostCost)/float64(likely))
	}
}

// learn reads what an answer says about the bucket.
func learn(r *httpx.Response) []httpx.Allowance {
	var got answer
	if json.Unmarshal(r.Body, &got) != nil || got.Extensions.Cost == nil {
		return nil
	}
	t := got.Extensions.Cost.Throttle
	if t.Most < 1 || t.Restore < 1 {
		return nil
	}
	return []httpx.Allowance{{Budget: points, Left: int(max(0, t.Left)), Most: int(t.Most), Every: time.Duration(float64(time.Second) / t.Restore)}}
}

// refused turns the errors of an answer with status 200 into one (shopify.md, 2.6).
func (s *Store) refused(op string, r *httpx.Response, got answer) error {
	first := got.Errors[0]
	e := &channel.Error{Kind: channel.Transient, Op: op, Code: channel.CodeBadAnswer, Status: r.Status,
		Err: fmt.Errorf("%s: %s", first.Extensions.Code, httpx.Plain(r.Redact(first.Message)))}
	switch first.Extensions.Code {
	case "THROTTLED":
		e.Kind, e.Code, e.RetryAt = channel.Throttled, channel.CodeThrottled, s.now().Add(got.Extensions.Cost.wait())
	case "ACCESS_DENIED":
		e.Kind, e.Code, e.Message = channel.Auth, channel.CodeAuth, scopeMessage
		if op == opPush {
			e.Code = channel.CodeReadOnly
		}
	case "SHOP_INACTIVE":
		e.Code, e.Message = codeLocked, lockMessage
	case "INTERNAL_SERVER_ERROR":
		e.Code = channel.CodeServerError
	}
	return e
}

// wait is how long it takes until a refused call can be paid, at least a second (shopify.md, 2.6).
func (c *cost) wait() time.Duration {
	d := time.Second
	if c != nil && c.Throttle.Restore >= 1 {
		d = max(d, time.Duration((c.Requested-c.Throttle.Left)/c.Throttle.Restore*float64(time.Second)))
	}
	return min(d, time.Minute)
}

// classify says what to do about a refusal (shopify.md, 2.6).
func (s *Store) classify(op string, r *httpx.Response) *channel.Error {
	e := httpx.Classify(op, r)
	says := func(code string) bool { return bytes.Contains(r.Body, []byte(code)) } // in JSON, or on a web page
	switch {
	case r.Status == http.StatusPaymentRequired, r.Status == http.StatusLocked:
		e.Kind, e.Code, e.Message = channel.Transient, codeLocked, lockMessage // the key is good as before
	case op == opToken && r.Status < 500 && r.Status != http.StatusTooManyRequests:
		e.Kind, e.Code = channel.Auth, channel.CodeAuth
		e.Message = "Shopify does not accept the client ID and secret. Copy both again from the app's settings in the Dev Dashboard."
		switch {
		case says("app_not_installed"):
			e.Message = "The app is not installed on the shop. Open it in Shopify's Dev Dashboard, choose Install app and pick the shop."
		case says("shop_not_permitted"):
			e.Message = "The app belongs to another organisation than the shop. Make it in the Dev Dashboard that opens from this shop's admin."
		}
	case r.Status == 430: // Shopify's own: it takes the calls for an attack
		e.Kind, e.Code, e.RetryAt = channel.Throttled, channel.CodeThrottled, s.now().Add(pause)
	case r.Status == http.StatusForbidden && e.Kind == channel.Auth:
		e.Message = scopeMessage
	case e.Kind == channel.Auth:
		e.Message = tokenMessage
	case e.Kind == channel.Missing: // a list is not given up as gone because the shop did not answer
		e.Kind, e.Code = channel.Transient, channel.CodeWrongShop
		e.Message = "There is no Shopify shop at this address. Check the part before .myshopify.com; the shop may also be closed for a moment."
	}
	return e
}
