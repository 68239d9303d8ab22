package practicetest

import (
	"maps"
	"testing"

	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/ebay"
)

// The keys of every eBay account this package makes.
const (
	EBayClient  = "FernhillP-Evenstoc-PRD-0a1b2c3d4-5e6f7a8b"
	EBaySecret  = "PRD-0123456789ab-cdef-4a5b-8c9d-0e1f"
	EBayRuName  = "Fernhill-FernhillP-Evenst-abcdefgh"
	EBayRefresh = "v^1.1#i^1#r^1#PracticeRefresh"
	EBayUser    = "PrAcTiCeUsErId"
)

// EBay is an eBay account that a test controls.
type EBay struct {
	*Shop
	Site
	Face *ebay.Face
}

// ebayUnable is what eBay cannot express (ebay.md, 4; channels/README.md, booking table).
var ebayUnable = map[channeltest.Ability]string{
	channeltest.Drafts:      "an offer that is not published is no listing yet",
	channeltest.Uncounted:   "every listing has a quantity",
	channeltest.NoSKU:       "an item of the Inventory API is known by its SKU",
	channeltest.Renaming:    "a listing with another SKU is another listing",
	channeltest.Families:    "an item's title names the product and what it is one of in one",
	channeltest.BelowZero:   "a quantity is 0 or more",
	channeltest.Huge:        "a quantity is a whole number of 32 bits",
	channeltest.OrderEdits:  "an order's lines stay as they were bought",
	channeltest.OrderTrash:  "an order stays",
	channeltest.LineRefunds: "a refund is an amount of money",
	channeltest.RestockFlag: "a refund does not say what came back",
}

// EBayOptions are those of the face, with a clock and a name. Keys are this package's, the user as well unless named.
type EBayOptions struct {
	ebay.Options
	Name   string
	World  EBayWorld // where listings are kept
	Clock  *Clock    // nil means a new one that shows Start
	Direct bool      // no socket: Client calls the face in the caller's goroutine
}

// EBayWorld says where an account's listings are kept.
type EBayWorld string

const (
	InventoryWorld EBayWorld = ""        // in the Inventory API, except what has no SKU
	TradingWorld   EBayWorld = "trading" // in the Trading API
	BothWorlds     EBayWorld = "both"    // every second product in each
)

// NewEBay serves an eBay account until the test ends.
func NewEBay(t testing.TB, o EBayOptions) *EBay {
	t.Helper()
	shop := EBayOver(o)
	shop.serve(t, shop.Face.Handler(), o.Direct, false)
	return shop
}

// EBayOver makes an eBay account without a socket.
func EBayOver(o EBayOptions) *EBay {
	if o.Clock == nil {
		o.Clock = NewClock(Start)
	}
	if o.Name == "" {
		o.Name = "Fernhill Market"
	}
	if o.User == "" {
		o.User = EBayUser
	}
	o.ClientID, o.Secret, o.RuName, o.Refresh = EBayClient, EBaySecret, EBayRuName, EBayRefresh
	switch o.World {
	case TradingWorld:
		o.Legacy = func(*practice.Item) bool { return true }
	case BothWorlds:
		o.Legacy = func(it *practice.Item) bool { return it.ID%2 == 0 }
	}
	w := practice.New(practice.Options{Name: o.Name, Now: o.Clock.Now, Rules: ebay.Rules()})
	shop := &EBay{Shop: Over(w, o.Clock), Face: ebay.New(w, o.Options)}
	shop.Site = over(o.Clock, shop.Face.Handler(), map[string]string{"clientId": EBayClient, "clientSecret": EBaySecret,
		"ruName": EBayRuName, "refreshToken": EBayRefresh})
	shop.Unable = maps.Clone(ebayUnable)
	if o.World != InventoryWorld {
		delete(shop.Unable, channeltest.NoSKU)
	}
	if o.World == TradingWorld {
		delete(shop.Unable, channeltest.Families)
	}
	shop.remember(ebay.Name)
	shop.Order = ebay.OrderID
	return shop
}

// Ship implements channeltest.Shipper.
func (s *EBay) Ship(order string, line int, units int64) { Parcels{s.Shop}.Ship(order, line, units) }

// Fault implements channeltest.Shop. A login that ended is refused with a new token as well, so the refusal of a call is the
// refusal of two.
func (s *EBay) Fault(f channeltest.Fault) {
	if f.Kind == channeltest.Unauthorized {
		f.Times = 2 * max(1, f.Times)
	}
	s.Shop.Fault(f)
}
