package practicetest

import (
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/bigcommerce"
)

// The API account of every BigCommerce store this package makes.
const (
	BigCommerceHash  = "fernh1ll9z"
	BigCommerceToken = "bc0ffee1deadbeef2practice3token4"
)

// BigCommerce is a BigCommerce store that a test controls.
type BigCommerce struct {
	Places
	Site
	Face *bigcommerce.Face
}

// bigcommerceUnable is what BigCommerce cannot express (bigcommerce.md, 3.3 and 3.5).
var bigcommerceUnable = map[channeltest.Ability]string{
	channeltest.BelowZero:   "the catalogue's numbers begin at 0",
	channeltest.Huge:        "more than 32 bits is not saved",
	channeltest.RestockFlag: "a refund does not say what came back",
	channeltest.Whence:      "an order says where it is picked up, but not from where it is sent",
}

// BigCommerceOptions are those of the face, with a clock and a name. Hash and token are this package's unless given.
type BigCommerceOptions struct {
	bigcommerce.Options
	Name   string
	Sites  []string // names of its locations; nil means one that every store has
	Clock  *Clock   // nil means a new one that shows Start
	Direct bool     // no socket: Client calls the face in the caller's goroutine
}

// NewBigCommerce serves a BigCommerce store until the test ends.
func NewBigCommerce(t testing.TB, o BigCommerceOptions) *BigCommerce {
	t.Helper()
	shop := BigCommerceOver(o)
	shop.serve(t, shop.Face.Handler(), o.Direct, false)
	return shop
}

// BigCommerceOver makes a BigCommerce store without a socket.
func BigCommerceOver(o BigCommerceOptions) *BigCommerce {
	if o.Clock == nil {
		o.Clock = NewClock(Start)
	}
	if o.Name == "" {
		o.Name = "Fernhill Wholesale"
	}
	if o.Hash == "" {
		o.Hash = BigCommerceHash
	}
	o.Token = BigCommerceToken
	w := practice.New(practice.Options{Name: o.Name, Now: o.Clock.Now, Rules: bigcommerce.Rules(), Locations: bigcommerce.Sites(o.Sites...)})
	shop := &BigCommerce{Places: Places{Parcels{Over(w, o.Clock)}}, Face: bigcommerce.New(w, o.Options)}
	shop.Site = over(o.Clock, shop.Face.Handler(), map[string]string{"storeHash": o.Hash, "token": BigCommerceToken})
	shop.Unable = bigcommerceUnable
	shop.Name = func(_ *practice.State, it *practice.Item) channel.Ref {
		listing, parent := bigcommerce.Name(it)
		return channel.Ref{Listing: listing, Parent: parent}
	}
	return shop
}
