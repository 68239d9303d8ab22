package practicetest

import (
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/shopify"
)

// The credentials of every Shopify shop this package makes.
const (
	ShopifyShop         = "fernhill-garden"
	ShopifyClientID     = "4f1c0ffee5a1ad0d2b3c4d5e6f708192"
	ShopifyClientSecret = "shpss_5ecre7ofpractice0123456789ab"
	ShopifyToken        = "shpat_permanent0fpractice01234567"
)

// Shopify is a Shopify shop that a test controls.
type Shopify struct {
	Places
	Site
	Face *shopify.Face
}

// shopifyUnable is what Shopify cannot express (shopify.md, 2.5).
var shopifyUnable = map[channeltest.Ability]string{channeltest.Huge: "a quantity is at most 1,000,000,000"}

// ShopifyOptions are those of the face, with a clock and a name. Credentials are this package's, and Shop unless given.
type ShopifyOptions struct {
	shopify.Options
	Name      string
	Places    []string // names of its locations; nil means one that every shop has
	Permanent bool     // connect with the token of an old app instead of a client's secret
	Clock     *Clock   // nil means a new one that shows Start
	Direct    bool     // no socket: Client calls the face in the caller's goroutine
}

// NewShopify serves a Shopify shop until the test ends.
func NewShopify(t testing.TB, o ShopifyOptions) *Shopify {
	t.Helper()
	shop := ShopifyOver(o)
	shop.serve(t, shop.Face.Handler(), o.Direct, false)
	return shop
}

// ShopifyOver makes a Shopify shop without a socket.
func ShopifyOver(o ShopifyOptions) *Shopify {
	if o.Clock == nil {
		o.Clock = NewClock(Start)
	}
	if o.Name == "" {
		o.Name = "Fernhill Garden"
	}
	if o.Shop == "" {
		o.Shop = ShopifyShop
	}
	o.ClientID, o.ClientSecret = ShopifyClientID, ShopifyClientSecret
	fields := map[string]string{"shop": o.Shop, "clientId": ShopifyClientID, "clientSecret": ShopifyClientSecret}
	if o.Permanent {
		o.Token = ShopifyToken
		fields = map[string]string{"shop": o.Shop, "token": ShopifyToken}
	}
	w := practice.New(practice.Options{Name: o.Name, Now: o.Clock.Now, Rules: shopify.Rules(), Locations: shopify.Places(o.Places...)})
	shop := &Shopify{Places: Places{Parcels{Over(w, o.Clock)}}, Face: shopify.New(w, o.Options)}
	shop.Site = over(o.Clock, shop.Face.Handler(), fields)
	shop.Unable = shopifyUnable
	shop.Name = func(_ *practice.State, it *practice.Item) channel.Ref {
		listing, parent := shopify.Name(it)
		return channel.Ref{Listing: listing, Parent: parent}
	}
	return shop
}

// Fault implements channeltest.Shop. An app that was uninstalled is refused with a new token as well, so where the connector
// gets one, the refusal of a call is the refusal of two.
func (s *Shopify) Fault(f channeltest.Fault) {
	if f.Kind == channeltest.Unauthorized && s.Fields["token"] == "" {
		f.Times = 2 * max(1, f.Times)
	}
	s.Parcels.Fault(f)
}
