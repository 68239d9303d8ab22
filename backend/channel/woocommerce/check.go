package woocommerce

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

// site is what a WordPress site tells strangers about itself.
type site struct {
	Name       text     `json:"name"`
	URL        text     `json:"url"`
	Home       text     `json:"home"`
	Namespaces []string `json:"namespaces"`
}

// coreStatuses are WooCommerce's own; every other is a plugin's (woocommerce-observed.md).
var coreStatuses = []string{"pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed",
	"checkout-draft", "auto-draft", "trash"}

// clockWindow is how far the time of a signed request may be off (woocommerce-observed.md, "Authentication").
const clockWindow = 15 * time.Minute

// Check implements [channel.Store]. That the key may write is proved by an empty batch: it changes nothing, and a key
// that may only read is refused before the batch is looked at (recordings e05-batch-empty, b11-read-key-writes).
func (s *Store) Check(ctx context.Context) (channel.Account, error) {
	const op = "check the connection"
	at, err := s.index(ctx)
	if err != nil {
		return channel.Account{}, err
	}
	if err := s.mayRead(ctx, op); err != nil {
		return channel.Account{}, permanent(err)
	}
	write := api(op, "products/batch", nil)
	write.Method, write.Body = http.MethodPost, struct{}{}
	resp, err := s.ask(ctx, write)
	if err != nil {
		return channel.Account{}, mayNotWrite(resp, permanent(err))
	}
	account := channel.Account{ID: accountID(string(at.Home)), Name: httpx.Plain(string(at.Name)), URL: string(at.Home), Time: resp.Time}
	if account.Name == "" {
		account.Name = account.ID
	}
	if account.Time.IsZero() {
		account.Time = s.now()
	}
	if err := s.describe(ctx, &account); err != nil {
		return channel.Account{}, err
	}
	return account, nil
}

// index reads the site's own index, which needs no key, and remembers the address it gives.
func (s *Store) index(ctx context.Context) (site, error) {
	const op = "look for the shop"
	resp, err := s.http.Do(ctx, httpx.Request{Op: op, Path: apiPath[1:] + "/", Query: url.Values{"_fields": {"name,url,home,namespaces"}}})
	var at site
	switch {
	case err != nil && resp == nil, err != nil && resp.Status >= 500, err != nil && channel.KindOf(err) == channel.Throttled:
		return site{}, err
	case err != nil && resp.Status < 400:
		return site{}, err // a redirect, which names the right address
	case err == nil:
		err = resp.Decode(op, &at)
	}
	if err != nil && (resp.Status == http.StatusUnauthorized || resp.Status == http.StatusForbidden) {
		return s.hiddenIndex(ctx, op, resp)
	}
	if err != nil || len(at.Namespaces) == 0 {
		return site{}, s.notAShop(ctx, op, resp)
	}
	if !slices.Contains(at.Namespaces, "wc/v3") {
		return site{}, wrongShop(op, resp, "This is a WordPress site on which WooCommerce is not switched on.")
	}
	if at.Home == "" {
		at.Home = at.URL
	}
	return at, s.remember(op, resp, at)
}

// hiddenIndex finds the shop's address where a plugin hides the index from strangers but lets keys through.
func (s *Store) hiddenIndex(ctx context.Context, op string, index *httpx.Response) (site, error) {
	var status struct {
		Environment struct {
			Home text `json:"home_url"`
		} `json:"environment"`
	}
	r := api(op, "system_status", url.Values{"_fields": {"environment"}})
	r.Sign = s.login.sign(basic, nil)
	resp, err := s.http.Do(ctx, r)
	if err != nil || resp.Decode(op, &status) != nil {
		return site{}, wrongShop(op, index, "Something in front of the shop, such as a security plugin, a firewall or a password for the whole site, "+
			"hides its interface. Allow Evenstock there.")
	}
	at := site{Home: status.Environment.Home}
	return at, s.remember(op, resp, at)
}

func (s *Store) remember(op string, resp *httpx.Response, at site) error {
	home, err := url.Parse(string(at.Home))
	if err != nil || home.Host == "" {
		return wrongShop(op, resp, "The shop does not tell its own address.")
	}
	s.login.setHome(home)
	return nil
}

// notAShop finds out why there is no index, so that the user knows what to change.
func (s *Store) notAShop(ctx context.Context, op string, resp *httpx.Response) error {
	if code := refusal(resp); code != "" && code != noRoute {
		return wrongShop(op, resp, "The shop refuses to be asked: "+httpx.Plain(resp.Redact(string(refused(resp).Message))))
	}
	// Without "pretty" permalinks the interface is reached by a parameter only, where no key works.
	plain, err := s.http.Do(ctx, httpx.Request{Op: op, Query: url.Values{"rest_route": {"/"}, "_fields": {"namespaces"}}})
	var at site
	if err == nil && plain.Decode(op, &at) == nil && len(at.Namespaces) > 0 || err != nil && refusal(plain) != "" {
		return wrongShop(op, resp, "The shop's permalinks are set to Plain, so that no key works. Choose another structure in WordPress, Settings, Permalinks.")
	}
	if resp.IsHTML() {
		return wrongShop(op, resp, "There is a web page under this address, but no WordPress shop. Enter the address of the shop's front page.")
	}
	return wrongShop(op, resp, "There is no WordPress shop under this address.")
}

// mayRead proves that the key may read. It reads goods only: before sync is on no order is asked for, and a key reads
// both or neither.
func (s *Store) mayRead(ctx context.Context, op string) error {
	_, err := s.ask(ctx, api(op, "products", url.Values{"per_page": {"1"}, "_fields": {"id"}}))
	return err
}

// describe adds what a key that may manage the shop can find out. What the shop does not tell is left out.
func (s *Store) describe(ctx context.Context, a *channel.Account) error {
	const op = "read the shop's settings"
	var status struct {
		Environment struct {
			Version text `json:"version"`
		} `json:"environment"`
		Settings struct {
			Currency text `json:"currency"`
		} `json:"settings"`
	}
	// The shop tries its own surroundings out for this answer. Where that takes too long the shop is connected without it.
	err := s.optional(ctx, op, "system_status", url.Values{"_fields": {"environment,settings"}}, &status)
	if err != nil && (ctx.Err() != nil || channel.KindOf(err) != channel.Transient) {
		return err
	}
	a.Version, a.Currency = string(status.Environment.Version), string(status.Settings.Currency)

	var setting struct {
		Value text `json:"value"`
	}
	if err := s.optional(ctx, op, "settings/products/woocommerce_manage_stock", url.Values{"_fields": {"id,value"}}, &setting); err != nil {
		return err
	}
	if setting.Value == "no" {
		a.Warnings = append(a.Warnings, "Stock management is switched off in the shop, so it takes no quantities. "+
			"Switch it on in WooCommerce, Settings, Products, Inventory.")
	}
	if offset, known := s.http.Offset(); known && offset.Abs() > clockWindow {
		a.Warnings = append(a.Warnings, fmt.Sprintf("This computer's clock and the shop's are %d minutes apart.", int(offset.Abs().Minutes())))
	}
	return nil
}

// Statuses implements [channel.StatusLister]: the order statuses that plugins added.
func (s *Store) Statuses(ctx context.Context) ([]string, error) {
	var totals []struct {
		Slug text `json:"slug"`
	}
	if err := s.optional(ctx, "read order statuses", "reports/orders/totals", nil, &totals); err != nil {
		return nil, err
	}
	var custom []string
	for _, t := range totals {
		slug := strings.TrimPrefix(string(t.Slug), "wc-")
		if slug != "" && !slices.Contains(coreStatuses, slug) && !slices.Contains(custom, slug) {
			custom = append(custom, slug)
		}
	}
	return custom, nil
}

// optional reads what a shop may refuse to tell: v stays as it is then. Errors that would stop everything else, too, are
// returned.
func (s *Store) optional(ctx context.Context, op, path string, q url.Values, v any) error {
	resp, err := s.ask(ctx, api(op, path, q))
	if err == nil {
		return resp.Decode(op, v)
	}
	if resp != nil && (resp.Status == http.StatusForbidden || resp.Status == http.StatusUnauthorized || resp.Status == http.StatusNotFound) {
		return nil
	}
	return err
}

// StoreTime implements [channel.Clock].
func (s *Store) StoreTime(ctx context.Context) (time.Time, error) {
	const op = "read the shop's clock"
	resp, err := s.ask(ctx, api(op, "products", s.uncached(url.Values{"per_page": {"1"}, "_fields": {"id"}})))
	if err != nil {
		return time.Time{}, err
	}
	if resp.Time.IsZero() {
		return time.Time{}, &channel.Error{Kind: channel.Transient, Op: op, Code: channel.CodeBadAnswer, Err: errors.New("an answer without a date")}
	}
	return resp.Time, nil
}

// mayNotWrite tells a key that reads but is refused a write from one that is unknown.
func mayNotWrite(resp *httpx.Response, err error) error {
	var e *channel.Error
	if errors.As(err, &e) && e.Code == channel.CodeAuth && resp != nil && resp.Status == http.StatusForbidden {
		e.Code, e.Message = channel.CodeReadOnly, ownerMessage
	}
	return err
}

// permanent makes an error that a running store would wait out one that a store about to be connected reports.
func permanent(err error) error {
	var e *channel.Error
	if errors.As(err, &e) && e.Code == channel.CodeWrongShop {
		e.Kind = channel.Invalid
	}
	return err
}

func wrongShop(op string, r *httpx.Response, message string) error {
	return &channel.Error{Kind: channel.Invalid, Op: op, Code: channel.CodeWrongShop, Message: message, Status: r.Status}
}
