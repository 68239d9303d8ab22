package amazon

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opCheck = "check the connection"
	opTime  = "read Amazon's clock"
)

// Check implements [channel.Store]. It writes nothing; the role that lets listings be read lets them be written. Whether orders
// may be read shows only when they are: nothing else tells the roles of an app, and none is read while sync is off.
func (s *Store) Check(ctx context.Context) (channel.Account, error) {
	resp, err := s.ask(ctx, httpx.Request{Op: opCheck, Path: "sellers/v1/marketplaceParticipations", Budget: forSellers})
	if err != nil {
		return channel.Account{}, listError(err)
	}
	var in participations
	if err := resp.Decode(opCheck, &in); err != nil {
		return channel.Account{}, err
	}
	a := channel.Account{ID: s.seller + "@" + s.region + "/" + s.marketplace, Version: "Selling Partner API", Time: resp.Time}
	for _, p := range in.Payload {
		if p.Marketplace.ID != s.marketplace || !p.Participation.Takes {
			continue
		}
		a.Name, a.Currency = cmp.Or(p.Store, p.Marketplace.Name, s.marketplace), p.Marketplace.Currency
		if p.Marketplace.Domain != "" {
			a.URL = "https://" + p.Marketplace.Domain
		}
		if p.Participation.Suspended {
			a.Warnings = append(a.Warnings, "Amazon has suspended listings of this account. See Account Health in Seller Central.")
		}
	}
	if a.Name == "" {
		return channel.Account{}, ofItem(opCheck, channel.Invalid, channel.CodeWrongShop,
			"This account does not sell in the marketplace "+s.marketplace+". Check the region and the marketplace ID.")
	}
	if _, err := s.search(ctx, opCheck, nil); err != nil {
		return channel.Account{}, merchantError(err)
	}
	return a, nil
}

// merchantError names the merchant token when it is what Amazon does not know.
func merchantError(err error) error {
	var e *channel.Error
	if errors.As(err, &e) && (e.Kind == channel.Invalid || e.Kind == channel.Missing) {
		e.Kind, e.Code = channel.Invalid, channel.CodeWrongShop
		e.Message = "Amazon does not know this merchant token in this marketplace. Copy it again from Settings, Account Info."
	}
	return err
}

// StoreTime implements [channel.Clock], by the date of a search for one listing, which Amazon allows five times a second.
func (s *Store) StoreTime(ctx context.Context) (time.Time, error) {
	resp, err := s.ask(ctx, httpx.Request{Op: opTime, Path: s.listingsPath(), Budget: forListings,
		Query: url.Values{"marketplaceIds": {s.marketplace}, "includedData": {"summaries"}, "pageSize": {"1"}}})
	if err != nil {
		return time.Time{}, listError(err)
	}
	if resp.Time.IsZero() {
		return time.Time{}, channel.BadAnswer(opTime, errors.New("an answer without a date"))
	}
	return resp.Time, nil
}
