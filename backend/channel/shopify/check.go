package shopify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opCheck = "check the connection"
	opTime  = "read the shop's clock"
)

// needed are the scopes the app must have. With fewer of those for fulfilment orders Shopify answers only some of an order's
// (shopify.md, 2.1).
var needed = []string{"read_products", "read_inventory", "write_inventory", "read_locations", "read_orders",
	"read_merchant_managed_fulfillment_orders", "read_assigned_fulfillment_orders", "read_third_party_fulfillment_orders"}

// Check implements [channel.Store]. What the app may do is asked of Shopify itself, so nothing needs to be tried.
func (s *Store) Check(ctx context.Context) (channel.Account, error) {
	var got struct {
		Shop struct {
			ID       string `json:"id"`
			Name     string `json:"name"`
			Domain   string `json:"myshopifyDomain"`
			Currency string `json:"currencyCode"`
		} `json:"shop"`
		App struct {
			Scopes []struct {
				Handle string `json:"handle"`
			} `json:"accessScopes"`
		} `json:"currentAppInstallation"`
	}
	resp, err := s.ask(ctx, opCheck, "shop", nil, 5, &got)
	if err != nil {
		return channel.Account{}, permanent(err)
	}
	if got.Shop.ID == "" {
		return channel.Account{}, channel.BadAnswer(opCheck, errors.New("a shop without an id"))
	}
	if own, _, _ := strings.Cut(strings.ToLower(got.Shop.Domain), "."); own != s.shop {
		return channel.Account{}, &channel.Error{Kind: channel.Invalid, Op: opCheck, Code: channel.CodeWrongShop,
			Message: fmt.Sprintf("The credentials belong to the shop %s. Enter that address.", httpx.Plain(got.Shop.Domain))}
	}
	var granted []string
	for _, scope := range got.App.Scopes {
		granted = append(granted, scope.Handle)
	}
	if err := allowed(granted); err != nil {
		return channel.Account{}, err
	}
	a := channel.Account{ID: number(got.Shop.ID), Name: httpx.Plain(got.Shop.Name), URL: "https://" + s.shop + ".myshopify.com", Version: apiVersion,
		Currency: got.Shop.Currency, Time: resp.Time}
	a.Warnings = s.warnings(granted)
	return a, nil
}

// permanent makes of an address without a shop what it is while the user is connecting: a mistake.
func permanent(err error) error {
	var e *channel.Error
	if errors.As(err, &e) && e.Code == channel.CodeWrongShop {
		e.Kind = channel.Invalid
	}
	return err
}

// allowed names the scopes that are missing. To write includes to read (shopify.md, 2.1).
func allowed(granted []string) error {
	var missing []string
	for _, scope := range needed {
		if !slices.Contains(granted, scope) && !slices.Contains(granted, strings.Replace(scope, "read_", "write_", 1)) {
			missing = append(missing, scope)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	e := &channel.Error{Kind: channel.Auth, Op: opCheck, Code: channel.CodeAuth, Message: "The app lacks the scope " + strings.Join(missing, ", ") +
		". Add it to the app in Shopify's Dev Dashboard, release it, install it again and connect again."}
	if slices.Contains(missing, "write_inventory") {
		e.Code = channel.CodeReadOnly
	}
	return e
}

// warnings are what the seller should know before sync is on (shopify.md, 2 and 2.1).
func (s *Store) warnings(granted []string) []string {
	s.mu.Lock()
	version := s.version
	s.mu.Unlock()
	var out []string
	if version != "" && version != apiVersion {
		out = append(out, fmt.Sprintf("Shopify answers in version %s of its interface, Evenstock was made for %s. Update Evenstock soon.",
			httpx.Plain(version), apiVersion))
	}
	if !slices.Contains(granted, "read_all_orders") {
		out = append(out, "Shopify shows the app orders of the last 60 days only. Open orders that are older are not booked: ship or cancel them, "+
			"or ask Shopify for the scope read_all_orders.")
	}
	return out
}

// StoreTime implements [channel.Clock], by the Date of an answer.
func (s *Store) StoreTime(ctx context.Context) (time.Time, error) {
	var got struct{}
	resp, err := s.ask(ctx, opTime, "time", nil, 3, &got)
	if err != nil {
		return time.Time{}, err
	}
	if resp.Time.IsZero() {
		return time.Time{}, channel.BadAnswer(opTime, errors.New("an answer without a date"))
	}
	return resp.Time, nil
}
