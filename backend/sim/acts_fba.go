package sim

import (
	"slices"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/engine"
)

// byMarketplace is a shop whose marketplace can hold the units of a listing and send them itself (product.md, O5).
type byMarketplace interface {
	ByAmazon(ref channel.Ref)
	HeldByAmazon(ref channel.Ref) bool
}

// mostHeld is how many such listings a shop comes to have.
const mostHeld = 3

// sendForUs has a marketplace hold and send a listing, or sells some of one that it holds. The listing is a new one, so that
// nobody has an order of it; at times the program has met it before as one of the seller's, and he has counted it: then the
// program would send its number, if it did not look. Nothing of it may reach the books.
func (s *Sim) sendForUs() {
	sh := one(s, slices.DeleteFunc(s.connected(), func(sh *shop) bool { _, ok := sh.Shop.(byMarketplace); return !ok }), "shop")
	if len(sh.held) > 0 && (len(sh.held) >= mostHeld || s.flip("sell")) {
		s.sellHeld(sh)
		return
	}
	s.nextSKU++
	sku := "NEW-" + formatID(int64(s.nextSKU))
	ref := sh.AddListing(channeltest.Goods{SKU: sku, Title: "Goods " + sku, Quantity: int64(s.draw(1, 20, "quantity"))})
	s.trace("new listing %d/%s, which the marketplace sends", sh.i, ref.Listing)
	if s.flip("met before") {
		s.tick()
		s.do(working, func() { _, err := s.r.Engine.SyncListings(background, s.id(sh)); s.accept(err, whereBusy...) })
		s.pass(s.r.setup.Delay + time.Minute) // until the report of all listings is there
	}
	sh.Shop.(byMarketplace).ByAmazon(ref)
	sh.held = append(sh.held, ref)
	if s.m.Products[sku] != nil {
		s.trace("set %s to 7", sku)
		s.change(engine.StockChange{SKU: sku, Op: engine.SetStock, Quantity: 7})
	}
}

func (s *Sim) sellHeld(sh *shop) {
	ref := one(s, sh.held, "held")
	n := min(int64(s.draw(1, 3, "units")), sh.Quantity(ref))
	if n < 1 {
		s.t.Skip("sold out")
	}
	order := sh.Sell(channeltest.Units{Ref: ref, Quantity: n})
	s.trace("sell %s of what the marketplace sends", order)
	if s.flip("sent") {
		sh.Fulfil(order)
	}
}

// checkSentForUs checks that no number was written for what a marketplace sends: it would become an offer of the seller's. Its
// orders are none that anybody placed as far as the simulation knows, so the program must not be shown one.
func (s *Sim) checkSentForUs() {
	for _, sh := range s.shops {
		for _, ref := range sh.held {
			if !sh.Shop.(byMarketplace).HeldByAmazon(ref) {
				s.fail("O5: a number was written for listing %d/%s, which the marketplace sends", sh.i, ref.Listing)
			}
		}
	}
}
