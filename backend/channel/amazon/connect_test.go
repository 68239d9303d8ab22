package amazon

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// says fails unless err is of a kind and its sentence has words in it.
func says(t *testing.T, err error, kind channel.Kind, words string) {
	t.Helper()
	var e *channel.Error
	if !errors.As(err, &e) || e.Kind != kind || !strings.Contains(e.Message, words) {
		t.Errorf("%v, want kind %v and a sentence with %q", err, kind, words)
	}
}

// TestRegions: each region has a host of its own, and one for all of them gives the tokens (amazon.md, 1.3).
func TestRegions(t *testing.T) {
	for region, host := range map[string]string{"na": "sellingpartnerapi-na.amazon.com", "eu": "sellingpartnerapi-eu.amazon.com", "fe": "sellingpartnerapi-fe.amazon.com"} {
		shop := practicetest.NewAmazon(t, practicetest.AmazonOptions{Direct: true})
		rec := shop.Record()
		store := connect(t, shop, pageSize, func(_ *channel.Deps, settings *channel.Settings) {
			settings.Endpoint, settings.Fields["region"] = "", region
		})
		a, err := store.Check(t.Context())
		must(t, err)
		if a.ID != practicetest.AmazonSeller+"@"+region+"/"+practicetest.AmazonMarketplace {
			t.Errorf("the account is %q", a.ID)
		}
		for _, e := range rec.All() {
			want := host
			if e.Path == "/auth/o2/token" {
				want = "api.amazon.com"
			}
			if e.Host != want {
				t.Errorf("%s went to %s, want %s", e.Path, e.Host, want)
			}
		}
	}
}

// TestWhatIsMissingIsNamed, the merchant token above all, which Amazon tells to no app (amazon.md, 1.3).
func TestWhatIsMissingIsNamed(t *testing.T) {
	shop := practicetest.NewAmazon(t, practicetest.AmazonOptions{Direct: true})
	for field, words := range map[string]string{"clientId": "client id", "clientSecret": "client secret", "refreshToken": "refresh token",
		"sellerId": "merchant token", "region": "region", "marketplaceId": "marketplace id"} {
		deps, settings, _ := shop.Given()
		settings.Fields[field] = " "
		_, err := Type().Open(deps, settings)
		says(t, err, channel.Invalid, words)
	}
	deps, settings, _ := shop.Given()
	settings.Fields["region"] = "mars"
	_, err := Type().Open(deps, settings)
	says(t, err, channel.Invalid, "na, eu or fe")
}

// TestWrongKeys: whatever is wrong is named as what it is, and nothing is written to find out.
func TestWrongKeys(t *testing.T) {
	for field, want := range map[string]struct {
		kind  channel.Kind
		words string
	}{"clientSecret": {channel.Auth, "ends after 180 days"}, "refreshToken": {channel.Auth, "refresh token"},
		"sellerId": {channel.Invalid, "merchant token"}, "marketplaceId": {channel.Invalid, "marketplace"}} {
		shop := practicetest.NewAmazon(t, practicetest.AmazonOptions{Direct: true})
		store := connect(t, shop, pageSize, func(_ *channel.Deps, settings *channel.Settings) { settings.Fields[field] = "another" })
		_, err := store.Check(t.Context())
		says(t, err, want.kind, want.words)
		if shop.Written() != 0 {
			t.Error("checking wrote to the account")
		}
	}
}

// TestRoles: an app that lacks a role is told which ones it needs, and no restricted one is among them (amazon.md, 1.3).
func TestRoles(t *testing.T) {
	const both = "Product Listing and Inventory and Order Tracking"
	without := func(path string) channel.Store {
		o := practicetest.AmazonOptions{Direct: true}
		o.Refused = []string{path}
		return connect(t, practicetest.NewAmazon(t, o), pageSize, nil)
	}
	for _, path := range []string{"/sellers/", "/listings/"} {
		_, err := without(path).Check(t.Context())
		says(t, err, channel.Auth, both)
	}
	orders := without("/orders/") // no order is asked for while sync is off (product.md, O1)
	_, err := orders.Check(t.Context())
	must(t, err)
	for _, err = range orders.ListOrders(t.Context(), nil) {
		break
	}
	says(t, err, channel.Auth, both)
	steps := strings.Join(Type().Steps, " ")
	if !strings.Contains(steps, "Leave the restricted roles out") || strings.Contains(steps, "Direct-to-Consumer") {
		t.Errorf("the steps are %q", steps)
	}
}

// TestTokenIsRenewed: an access token lasts an hour and is renewed before, or when Amazon refuses it; a login that was ended
// asks for the user (amazon.md, 1.3).
func TestTokenIsRenewed(t *testing.T) {
	shop := practicetest.NewAmazon(t, practicetest.AmazonOptions{Direct: true})
	rec := shop.Record()
	store := connect(t, shop, pageSize, nil)
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 10})
	look := func() error {
		_, err := store.ReadStock(t.Context(), []channel.Ref{mug})
		return err
	}
	for range 3 {
		must(t, look())
		must(t, look())
		shop.Advance(59*time.Minute + 30*time.Second)
	}
	if n := len(rec.Sent(http.MethodPost, "/auth/o2/token")); n != 3 {
		t.Errorf("%d tokens in three hours, want 3", n)
	}
	for _, e := range rec.All() {
		if e.Path == "/auth/o2/token" && e.Header.Get("x-amz-access-token") != "" || e.Header.Get("Authorization") != "" {
			t.Errorf("%s carries more than it needs", e.Path)
		}
	}
	shop.Face.Revoke()
	says(t, look(), channel.Auth, "refresh token")
}

// TestOrdersStayFresh: orders can be asked for once in three minutes, so a pull counts as fresh for as long (product.md, I6).
func TestOrdersStayFresh(t *testing.T) {
	shop := practicetest.NewAmazon(t, practicetest.AmazonOptions{Direct: true})
	c := connect(t, shop, pageSize, nil).Capabilities()
	for _, b := range c.Budgets {
		if b.Name == forSearch && (b.Every != 179*time.Second || b.Burst != 20 || c.OrderFreshness < b.Every || c.OrderFreshness > 3*time.Minute) {
			t.Errorf("%+v, fresh for %v", b, c.OrderFreshness)
		}
	}
}
