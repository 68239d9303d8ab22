package ebay

import (
	"context"
	"errors"
	"net/url"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opCheck = "check the connection"
	opTime  = "read eBay's clock"
)

// sites are the names of eBay's marketplaces.
var sites = map[string]string{"EBAY_US": "eBay.com", "EBAY_GB": "eBay.co.uk", "EBAY_DE": "eBay.de", "EBAY_FR": "eBay.fr", "EBAY_IT": "eBay.it",
	"EBAY_ES": "eBay.es", "EBAY_AU": "eBay.com.au", "EBAY_CA": "eBay.ca", "EBAY_AT": "eBay.at", "EBAY_CH": "eBay.ch", "EBAY_IE": "eBay.ie",
	"EBAY_NL": "eBay.nl", "EBAY_PL": "eBay.pl", "EBAY_BE": "eBay.be"}

// Check implements [channel.Store]. It writes nothing; the scope that lets listings be read lets them be written. The account
// is known by its number, which never changes; its user name is not kept (ebay.md, 1.2).
func (s *Store) Check(ctx context.Context) (channel.Account, error) {
	resp, err := s.through(ctx, s.user, httpx.Request{Op: opCheck, Path: "commerce/identity/v1/user/"}, bearer)
	if err != nil {
		return channel.Account{}, listError(err)
	}
	var who struct {
		ID   string `json:"userId"`
		Site string `json:"registrationMarketplaceId"`
	}
	if err := resp.Decode(opCheck, &who); err != nil {
		return channel.Account{}, err
	}
	if who.ID == "" {
		return channel.Account{}, channel.BadAnswer(opCheck, errors.New("an account without a number"))
	}
	a := channel.Account{ID: who.ID, Name: sites[who.Site], Version: "Sell APIs", Time: resp.Time}
	if a.Name == "" {
		a.Name = "eBay"
	} else {
		a.URL = "https://www." + "ebay" + a.Name[len("eBay"):]
	}
	if _, err := s.ask(ctx, itemsRequest(opCheck, 1, 0)); err != nil {
		return channel.Account{}, listError(err)
	}
	if err := s.mayReadOrders(ctx); err != nil {
		return channel.Account{}, err
	}
	on, err := s.outOfStockControl(ctx, opCheck)
	if err != nil {
		return channel.Account{}, err
	}
	if !on && !s.control.may {
		a.Warnings = append(a.Warnings, "Out-of-stock control is off in this account, so eBay takes no listing to zero. Turn it on in your eBay account preferences, or let Evenstock do so in this store's settings.")
	}
	return a, nil
}

// mayReadOrders proves that the login allows orders to be read. While sync is off none is asked for, so a token is asked for
// with the scope, which eBay refuses where it was not agreed to (ebay.md, 1.2). A login that was made elsewhere may have the
// wider scope instead.
func (s *Store) mayReadOrders(ctx context.Context) (err error) {
	for _, scope := range []string{scopeReadOrders, scopeOrders} {
		_, err = s.tokens(ctx, opCheck, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {s.login.refresh}, "scope": {scope}})
		var e *channel.Error
		if !errors.As(err, &e) || e.Message != scopeMessage {
			return err
		}
	}
	return err
}

// StoreTime implements [channel.Clock].
func (s *Store) StoreTime(ctx context.Context) (time.Time, error) {
	resp, err := s.ask(ctx, itemsRequest(opTime, 1, 0))
	if err != nil {
		return time.Time{}, listError(err)
	}
	if resp.Time.IsZero() {
		return time.Time{}, channel.BadAnswer(opTime, errors.New("an answer without a date"))
	}
	return resp.Time, nil
}
