package etsy

import (
	"context"
	"errors"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const opTime = "read the shop's clock"

// Check implements [channel.Store]. It writes nothing: whether listings may be written is asked of the login's scopes.
func (s *Store) Check(ctx context.Context) (channel.Account, error) {
	const op = "check the connection"
	if err := s.mayWrite(ctx); err != nil {
		return channel.Account{}, permanent(err)
	}
	r, err := s.inShop(ctx, op, "", nil)
	if err != nil {
		return channel.Account{}, permanent(err)
	}
	resp, err := s.ask(ctx, r)
	if err != nil {
		return channel.Account{}, permanent(listError(err))
	}
	var shop struct {
		ID       int64  `json:"shop_id"`
		Name     string `json:"shop_name"`
		URL      string `json:"url"`
		Currency string `json:"currency_code"`
		Vacation bool   `json:"is_vacation"`
	}
	if err := resp.Decode(op, &shop); err != nil {
		return channel.Account{}, err
	}
	if shop.ID == 0 || shop.Name == "" {
		return channel.Account{}, channel.BadAnswer(op, errors.New("a shop without a number or a name"))
	}
	a := channel.Account{ID: formatID(shop.ID), Name: html.UnescapeString(shop.Name), URL: shop.URL, Version: "Open API v3",
		Currency: shop.Currency, Time: resp.Time}
	if shop.Vacation {
		a.Warnings = append(a.Warnings, "The shop is in holiday mode on Etsy, so customers cannot buy there.")
	}
	if !s.zero {
		a.Warnings = append(a.Warnings, "Etsy takes no listing down to zero. Listings without stock stay on sale with their last number "+
			"until you let Evenstock set them inactive, in this store's settings.")
	}
	return a, nil
}

// mayWrite asks which scopes the login has. The answer's form is not in Etsy's file, so anything that names them will do;
// one that names none proves nothing.
func (s *Store) mayWrite(ctx context.Context) error {
	const op = "read what the login allows"
	token, err := s.login.access.Token(ctx, "")
	if err != nil {
		return err
	}
	resp, err := s.ask(ctx, httpx.Request{Op: op, Method: http.MethodPost, Path: "v3/application/scopes", Form: url.Values{"token": {token}}})
	if err != nil {
		return listError(err)
	}
	said := string(resp.Body)
	if !slices.ContainsFunc(scopes, func(scope string) bool { return strings.Contains(said, scope) }) {
		return nil
	}
	for _, scope := range scopes {
		if !strings.Contains(said, scope) {
			e := &channel.Error{Kind: channel.Auth, Op: op}
			e.Code, e.Message = missingScope(scope)
			return e
		}
	}
	return nil
}

// permanent makes an error that a running store would wait out one that a store about to be connected reports.
func permanent(err error) error {
	var e *channel.Error
	if errors.As(err, &e) && e.Code == channel.CodeWrongShop {
		e.Kind = channel.Invalid
	}
	return err
}

// StoreTime implements [channel.Clock], by the one call that Etsy has for asking whether it is there.
func (s *Store) StoreTime(ctx context.Context) (time.Time, error) {
	resp, err := s.ask(ctx, httpx.Request{Op: opTime, Path: "v3/application/openapi-ping"})
	if err != nil {
		return time.Time{}, listError(err)
	}
	if resp.Time.IsZero() {
		return time.Time{}, channel.BadAnswer(opTime, errors.New("an answer without a date"))
	}
	return resp.Time, nil
}
