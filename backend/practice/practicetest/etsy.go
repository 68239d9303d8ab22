package practicetest

import (
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/etsy"
)

// The keys of every Etsy shop this package makes.
const (
	EtsyKeystring = "1aa2bb33c44d55eeeeee6fff"
	EtsySecret    = "a1b2c3d4e5"
	EtsyRefresh   = "77054321.jNBQZ9xY7vKk3mWp"
)

// Etsy is an Etsy shop that a test controls.
type Etsy struct {
	*Shop
	Site
	Face *etsy.Face
}

// etsyUnable is what Etsy cannot express (etsy.md, 3.1 to 3.3; channels/README.md, booking table).
var etsyUnable = map[channeltest.Ability]string{
	channeltest.Uncounted:   "every listing has a quantity",
	channeltest.BelowZero:   "a quantity is 0 to 999",
	channeltest.Huge:        "a quantity is 0 to 999",
	channeltest.OrderEdits:  "a receipt's lines stay as they were bought",
	channeltest.OrderTrash:  "a receipt stays",
	channeltest.LineRefunds: "a refund is an amount of money",
	channeltest.RestockFlag: "a refund does not say what came back",
}

// EtsyOptions are those of the face, with a clock and a name. Keys and refresh token are this package's.
type EtsyOptions struct {
	etsy.Options
	Name   string
	Clock  *Clock // nil means a new one that shows Start
	Direct bool   // no socket: Client calls the face in the caller's goroutine
}

// NewEtsy serves an Etsy shop until the test ends.
func NewEtsy(t testing.TB, o EtsyOptions) *Etsy {
	t.Helper()
	shop := EtsyOver(o)
	shop.serve(t, shop.Face.Handler(), o.Direct, false)
	return shop
}

// EtsyOver makes an Etsy shop without a socket.
func EtsyOver(o EtsyOptions) *Etsy {
	if o.Clock == nil {
		o.Clock = NewClock(Start)
	}
	if o.Name == "" {
		o.Name = "FernhillMakers"
	}
	o.Keystring, o.Secret, o.Refresh = EtsyKeystring, EtsySecret, EtsyRefresh
	w := practice.New(practice.Options{Name: o.Name, Now: o.Clock.Now, Rules: etsy.Rules()})
	shop := &Etsy{Shop: Over(w, o.Clock), Face: etsy.New(w, o.Options)}
	shop.Site = over(o.Clock, shop.Face.Handler(), map[string]string{"keystring": EtsyKeystring, "sharedSecret": EtsySecret,
		"refreshToken": EtsyRefresh, "atZero": "inactive", "soldOut": "renew"})
	shop.Unable = etsyUnable
	shop.remember(etsy.Name)
	named := shop.Find
	shop.Find = func(ref string) int64 {
		if id := named(ref); id != 0 {
			return id
		}
		return parse(ref)
	}
	return shop
}

// AddPool implements [channeltest.Pooler]: a listing without quantity_on_property (etsy.md, 3.1).
func (s *Etsy) AddPool(title string, quantity int64, skus ...string) (refs []channel.Ref) {
	goods := practice.Goods{Name: title, Price: "20.00", Quantity: quantity, Oddity: practice.Shared}
	for _, sku := range skus {
		goods.Choices = append(goods.Choices, practice.Choice{Value: "Kind " + sku, SKU: sku})
	}
	s.World.Stock([]practice.Goods{goods})
	s.World.Do(func(st *practice.State) {
		for _, p := range st.Products() {
			if p.Kind != practice.Parent || p.Name != title {
				continue
			}
			for _, id := range p.Variants {
				refs = append(refs, s.ref(st, st.Item(id)))
			}
		}
	})
	return refs
}

// Quantity implements channeltest.Shop: a listing that was set inactive because nothing is left sells nothing, whatever
// number Etsy keeps for it.
func (s *Etsy) Quantity(ref channel.Ref) int64 {
	listing := ref.Parent
	if listing == "" {
		listing = ref.Listing
	}
	if s.Face.Rests(parse(listing)) {
		return 0
	}
	return s.Shop.Quantity(ref)
}
