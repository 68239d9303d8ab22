package practicetest

import (
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/amazon"
)

// The keys of every Amazon account this package makes.
const (
	AmazonClient      = "amzn1.application-oa2-client.practice"
	AmazonSecret      = "amzn1.oa2-cs.v1.0123456789abcdef"
	AmazonRefresh     = "Atzr|IwEBIPracticeRefresh"
	AmazonSeller      = "A1PRACTICESELLER"
	AmazonMarketplace = "A1F83G8C2ARO7P"
)

// Amazon is an Amazon seller account that a test controls.
type Amazon struct {
	*Shop
	Site
	Face *amazon.Face
}

// amazonUnable is what Amazon cannot express (amazon.md, 5.1 to 5.3; channels/README.md, booking table).
var amazonUnable = map[channeltest.Ability]string{
	channeltest.Drafts:      "a listing is inactive while it has no stock, and the report does not tell other reasons apart",
	channeltest.Uncounted:   "every offer that the seller fulfils has a quantity",
	channeltest.NoSKU:       "a listing is known by its SKU",
	channeltest.Renaming:    "a listing with another SKU is another listing",
	channeltest.Families:    "the report of listings has no parents",
	channeltest.BelowZero:   "a quantity is 0 or more",
	channeltest.Huge:        "a quantity is a whole number of 32 bits",
	channeltest.OrderEdits:  "an order's lines stay as they were bought",
	channeltest.OrderTrash:  "an order stays",
	channeltest.LineRefunds: "orders do not tell of refunds",
	channeltest.RestockFlag: "orders do not tell of refunds",
}

// AmazonOptions are those of the face, with a clock and a name. Keys are this package's, the seller as well unless named.
type AmazonOptions struct {
	amazon.Options
	Name   string
	Clock  *Clock // nil means a new one that shows Start
	Direct bool   // no socket: Client calls the face in the caller's goroutine
}

// NewAmazon serves an Amazon account until the test ends.
func NewAmazon(t testing.TB, o AmazonOptions) *Amazon {
	t.Helper()
	shop := AmazonOver(o)
	shop.serve(t, shop.Face.Handler(), o.Direct, false)
	return shop
}

// AmazonOver makes an Amazon account without a socket.
func AmazonOver(o AmazonOptions) *Amazon {
	if o.Clock == nil {
		o.Clock = NewClock(Start)
	}
	if o.Name == "" {
		o.Name = "Fernhill Direct"
	}
	o.ClientID, o.Secret, o.Refresh, o.Marketplace = AmazonClient, AmazonSecret, AmazonRefresh, AmazonMarketplace
	if o.Seller == "" {
		o.Seller = AmazonSeller
	}
	w := practice.New(practice.Options{Name: o.Name, Now: o.Clock.Now, Rules: amazon.Rules()})
	shop := &Amazon{Shop: Over(w, o.Clock), Face: amazon.New(w, o.Options)}
	shop.Site = over(o.Clock, shop.Face.Handler(), map[string]string{"clientId": AmazonClient, "clientSecret": AmazonSecret,
		"refreshToken": AmazonRefresh, "sellerId": o.Seller, "region": "eu", "marketplaceId": AmazonMarketplace})
	shop.Unable = amazonUnable
	shop.remember(func(it *practice.Item) (listing, parent string) { return it.SKU, "" })
	shop.Order = amazon.OrderID
	return shop
}

// Quantity implements channeltest.Shop: the number in effect, after what is due was applied.
func (s *Amazon) Quantity(ref channel.Ref) int64 {
	s.Face.Apply()
	return s.Shop.Quantity(ref)
}

// Ship implements channeltest.Shipper.
func (s *Amazon) Ship(order string, line int, units int64) { Parcels{s.Shop}.Ship(order, line, units) }

// HeldByAmazon reports whether Amazon holds and sends a listing.
func (s *Amazon) HeldByAmazon(ref channel.Ref) (held bool) {
	s.Face.Apply()
	s.item(ref, func(_ *practice.State, it *practice.Item) { held = it.Fulfilled })
	return held
}

// ByAmazon says that Amazon holds and sends a listing.
func (s *Amazon) ByAmazon(ref channel.Ref) {
	s.item(ref, func(_ *practice.State, it *practice.Item) { it.Fulfilled = true })
}
