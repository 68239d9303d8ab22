package bigcommerce

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opCheck    = "check the connection"
	opTime     = "read the store's clock"
	opSettings = "read the store's stock settings"
	opStatuses = "read order statuses"
)

// Check implements [channel.Store]. That the token may write is asked by an adjustment without rows, which changes nothing:
// a token without the scope is refused before the rows are looked at (unverified). That it may read orders is asked of the
// list of order statuses, since no order is read before sync is on.
func (s *Store) Check(ctx context.Context) (channel.Account, error) {
	var shop struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Domain   string `json:"domain"`
		URL      string `json:"secure_url"`
		Currency string `json:"currency"`
		Plan     string `json:"plan_name"`
	}
	resp, err := s.read(ctx, opCheck, "v2/store", nil, &shop)
	if err != nil {
		return channel.Account{}, permanent(listError(err))
	}
	if shop.ID != s.hash {
		if shop.ID == "" {
			return channel.Account{}, channel.BadAnswer(opCheck, errors.New("a store without a hash"))
		}
		return channel.Account{}, &channel.Error{Kind: channel.Invalid, Op: opCheck, Code: channel.CodeWrongShop,
			Message: "The access token belongs to another store than the store hash. Copy both from the same API account."}
	}
	a := channel.Account{ID: shop.ID, Name: httpx.Plain(shop.Name), URL: shop.URL, Version: "V3", Currency: shop.Currency, Time: resp.Time}
	if a.Name == "" {
		a.Name = shop.Domain
	}
	if err := s.allows(ctx); err != nil {
		return channel.Account{}, permanent(listError(err))
	}
	places, err := s.Locations(ctx)
	if err != nil {
		return channel.Account{}, permanent(listError(err))
	}
	set, err := s.askSettings(ctx)
	if err != nil {
		return channel.Account{}, permanent(listError(err))
	}
	a.Warnings = append(set.warnings(), placeWarnings(places)...)
	return a, nil
}

// allows tries the scopes that the rest of the check does not.
func (s *Store) allows(ctx context.Context) error {
	var any list[struct{}]
	if _, err := s.read(ctx, opListings, "v3/catalog/products", url.Values{"limit": {"1"}, "include_fields": {"name"}}, &any); err != nil {
		return err
	}
	var statuses []struct{}
	if _, err := s.read(ctx, opStatuses, "v2/order_statuses", nil, &statuses); err != nil && !channel.IsKind(err, channel.Missing) {
		return err
	}
	s.pushing.Lock()
	defer s.pushing.Unlock()
	_, err := s.ask(ctx, httpx.Request{Op: opPush, Method: http.MethodPut, Path: absolutePath, Body: adjustment{Reason: opCheck, Items: []row{}}})
	if channel.IsKind(err, channel.Invalid) {
		return nil // looked at, so allowed
	}
	return err
}

// warnings are what the seller should know before sync is on (bigcommerce.md, 3.4).
func (set settings) warnings() []string {
	var out []string
	if set.Update == updateLate {
		out = append(out, "The store lowers its stock only when an order is shipped. Evenstock lowers it when the order is placed, so shipping would lower it "+
			"twice until the next cycle. Set it to when an order is placed, in Settings, Inventory.")
	}
	if !set.Edits {
		out = append(out, "The store does not change its stock when an order is edited. Evenstock corrects the number in the next cycle.")
	}
	if !set.Refunds {
		out = append(out, "The store does not put units of cancelled and refunded orders back. Evenstock corrects the number in the next cycle.")
	}
	return out
}

// settingsFor is how long stock settings are believed: the seller changes them once or never.
const settingsFor = 15 * time.Minute

func (s *Store) stockSettings(ctx context.Context) (set settings, err error) {
	fresh := false
	s.learn(func(f *facts) { set, fresh = f.settings, !f.asked.IsZero() && s.now().Sub(f.asked) < settingsFor })
	if fresh {
		return set, nil
	}
	return s.askSettings(ctx)
}

func (s *Store) askSettings(ctx context.Context) (settings, error) {
	var answer struct {
		Data settings `json:"data"`
	}
	if _, err := s.read(ctx, opSettings, "v3/settings/inventory", nil, &answer); err != nil {
		return settings{}, listError(err)
	}
	if answer.Data.Update == "" {
		return settings{}, channel.BadAnswer(opSettings, errors.New("stock settings that do not say when stock is lowered"))
	}
	s.learn(func(f *facts) { f.settings, f.asked = answer.Data, s.now() })
	return answer.Data, nil
}

// permanent makes an error that a running store would wait out one that a store about to be connected reports.
func permanent(err error) error {
	var e *channel.Error
	if errors.As(err, &e) && e.Code == channel.CodeWrongShop {
		e.Kind = channel.Invalid
	}
	return err
}

// StoreTime implements [channel.Clock].
func (s *Store) StoreTime(ctx context.Context) (time.Time, error) {
	var clock struct {
		Time int64 `json:"time"`
	}
	if _, err := s.read(ctx, opTime, "v2/time", nil, &clock); err != nil {
		return time.Time{}, listError(err)
	}
	if clock.Time <= 0 {
		return time.Time{}, channel.BadAnswer(opTime, errors.New("an answer without a time"))
	}
	return time.Unix(clock.Time, 0).UTC(), nil
}
