package sim

import (
	"math"
	"slices"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
)

// What customers and merchants do. Shops of the practice world ship whole orders only and restate some mixtures of
// refunds in their own way; there the simplest form of each is done.

func (sh *shop) simple() bool { return faces[sh.kind].open != nil }

// can reports whether the vendor's software can express something.
func (sh *shop) can(a channeltest.Ability) bool {
	limited, ok := sh.Shop.(channeltest.Limited)
	return !ok || limited.Cannot(a) == ""
}

// able skips what the vendor's software cannot express.
func (s *Sim) able(sh *shop, needs ...channeltest.Ability) {
	for _, a := range needs {
		if !sh.can(a) {
			s.t.Skip(a)
		}
	}
}

// sell places an order of one to three lines, at times for goods that nobody knows yet.
func (s *Sim) sell() {
	sh := s.anyShop()
	s.trace("sell %s", s.buy(sh).ref)
}

func (s *Sim) buy(sh *shop) *order {
	on := sh.onSale()
	units := map[*listing]int64{}
	var in []*listing
	for range s.draw(1, 3, "lines") {
		l := one(s, on, "listing")
		if units[l] > 0 {
			continue
		}
		n := min(int64(s.draw(1, 4, "units")), sh.sells(l))
		if n < 1 {
			continue
		}
		units[l] = n
		in = append(in, l)
	}
	if len(in) == 0 {
		s.t.Skip("sold out")
	}
	o := sh.place(s.now(), units, in)
	if faces[sh.kind].awaits && s.draw(0, 2, "paid") == 0 {
		sh.Shop.(paying).Await(o.ref)
		o.unpaid = true
	}
	return o
}

// paying is a shop that tells of orders before they are paid.
type paying interface {
	Await(order string)
	Pay(order string)
}

// sells is how many units of a listing a customer can buy: not more than there are, where a number cannot go below zero.
func (sh *shop) sells(l *listing) int64 {
	if sh.can(channeltest.BelowZero) {
		return math.MaxInt64
	}
	return sh.Quantity(l.ref)
}

// sellHidden places an order that no answer shows for a while, though the shop's number is lower already.
func (s *Sim) sellHidden() {
	sh := s.anyShop()
	o := s.buy(sh)
	s.hide(sh, o, time.Duration(s.draw(5, 120, "seconds"))*time.Second)
	s.trace("sell %s hidden until %s", o.ref, o.hidden.Format(time.TimeOnly))
}

func (s *Sim) hide(sh *shop, o *order, d time.Duration) {
	o.hidden = s.now().Add(d)
	sh.Hide(o.ref, d)
}

// orders that something can happen to.
func (sh *shop) alive(ok func(*order) bool) []*order {
	return slices.DeleteFunc(slices.Clone(sh.orders), func(o *order) bool { return o.gone || !ok(o) })
}

func isOpen(o *order) bool { return o.open() > 0 }

// pay has the payment of an order arrive: nothing that the books would have to follow.
func (s *Sim) pay() {
	sh := s.anyShop()
	o := one(s, sh.alive(func(o *order) bool { return o.unpaid && isOpen(o) && !o.cancelled }), "order")
	s.trace("pay %s", o.ref)
	sh.Shop.(paying).Pay(o.ref)
	o.unpaid, o.changed = false, s.now()
}

func (s *Sim) ship() {
	sh := s.anyShop()
	o := one(s, sh.alive(isOpen), "order")
	if sh.simple() || s.flip("all") {
		s.trace("ship %s", o.ref)
		sh.shipAll(o, s.now())
		return
	}
	i := one(s, o.which(func(l *orderLine) bool { return l.now.open() > 0 }), "line")
	units := s.draw(1, int(o.lines[i].now.open()), "units")
	s.trace("ship %d of %s-%d", units, o.ref, i+1)
	sh.ship(o, i, int64(units), s.now())
}

// which returns the indexes of the lines that are there and for which ok holds.
func (o *order) which(ok func(*orderLine) bool) (out []int) {
	for i, l := range o.lines {
		if !l.removed && ok(l) {
			out = append(out, i)
		}
	}
	return out
}

func (s *Sim) cancel() {
	sh := s.anyShop()
	o := one(s, sh.alive(func(o *order) bool { return isOpen(o) && !o.cancelled && (!sh.simple() || o.untouched()) }), "order")
	s.trace("cancel %s", o.ref)
	sh.cancel(o, s.now())
}

// untouched orders have open units only.
func (o *order) untouched() bool {
	return !slices.ContainsFunc(o.lines, func(l *orderLine) bool { return l.now.open() != l.now.Ordered })
}

// refund refunds units, shipped or not, back on the shelf or not.
func (s *Sim) refund() {
	sh := s.anyShop()
	s.able(sh, channeltest.LineRefunds, channeltest.RestockFlag)
	if sh.simple() {
		s.refundOne(sh)
		return
	}
	back := func(l *orderLine) int64 { return l.now.open() + l.now.Shipped - l.now.Returned }
	o := one(s, sh.alive(func(o *order) bool {
		return len(o.which(func(l *orderLine) bool { return back(l) > 0 })) > 0
	}), "order")
	i := one(s, o.which(func(l *orderLine) bool { return back(l) > 0 }), "line")
	units, restock := s.draw(1, int(back(o.lines[i])), "units"), s.flip("restock")
	s.trace("refund %d of %s-%d, back on the shelf: %v", units, o.ref, i+1, restock)
	sh.refund(o, i, int64(units), restock, s.now())
}

// refundOne refunds a unit of an order of which more than that is left, once.
func (s *Sim) refundOne(sh *shop) {
	whole := func(l *orderLine) bool {
		return l.now.Released+l.now.Lost+l.now.Returned == 0 && l.now.Ordered > 1
	}
	o := one(s, sh.alive(func(o *order) bool { return !o.cancelled && len(o.which(whole)) == len(o.lines) }), "order")
	i, restock := s.draw(0, len(o.lines)-1, "line"), s.flip("restock")
	if !restock && o.lines[i].now.open() == 0 {
		return // nothing that anybody would have to follow
	}
	s.trace("refund 1 of %s-%d, back on the shelf: %v", o.ref, i+1, restock)
	sh.refund(o, i, 1, restock, s.now())
}

// edit changes the quantity of an open line; 0 removes it.
func (s *Sim) edit() {
	sh := s.anyShop()
	s.able(sh, channeltest.OrderEdits)
	o := one(s, sh.alive(func(o *order) bool { return isOpen(o) && !o.cancelled && (!sh.simple() || o.untouched()) }), "order")
	i := one(s, o.which(func(l *orderLine) bool { return l.now.open() > 0 }), "line")
	now := o.lines[i].now
	most := now.Ordered + 2
	if o.lines[i].of.gone {
		most = now.Ordered
	}
	least := now.Ordered - now.open()
	if sh.simple() {
		least, most = 1, now.Ordered
	}
	quantity := int64(s.draw(int(least), int(most), "quantity"))
	if quantity == 0 && now != (Totals{Ordered: now.Ordered}) {
		return // a line with a history is not removed
	}
	s.trace("edit %s-%d from %d to %d", o.ref, i+1, now.Ordered, quantity)
	sh.edit(o, i, quantity, s.now())
}

// trash puts an order where lists no longer show it. The shop keeps what it took.
func (s *Sim) trash() {
	sh := s.anyShop()
	s.able(sh, channeltest.OrderTrash)
	o := one(s, sh.alive(func(*order) bool { return true }), "order")
	s.trace("trash %s", o.ref)
	sh.trash(o, s.now())
	for _, l := range o.lines {
		if l.taken > 0 {
			l.of.drift = true
		}
	}
}

// handEdit changes a shop's number.
func (s *Sim) handEdit() {
	sh := s.anyShop()
	l := one(s, sh.onSale(), "listing")
	n := sh.Quantity(l.ref) + int64(s.draw(-6, 6, "by"))
	if !sh.can(channeltest.BelowZero) {
		n = max(0, n)
	}
	s.trace("hand edit of %d/%s to %d", sh.i, l.ref.Listing, n)
	sh.SetQuantity(l.ref, n)
	l.drift = true
}

// newListing puts something on sale: a SKU somebody has already, a new one, or none.
func (s *Sim) newListing() {
	sh := s.anyShop()
	sku := s.someSKU(sh, sh.can(channeltest.NoSKU))
	l := s.offer(sh, sku, int64(s.draw(0, 9, "quantity")))
	s.trace("new listing %d/%s with SKU %q", sh.i, l.ref.Listing, sku)
}

// someSKU is one that exists, a new one, or none. WooCommerce takes no SKU twice.
func (s *Sim) someSKU(sh *shop, orNone bool) string {
	switch what := s.draw(0, 3, "sku"); {
	case what == 0 && orNone:
		return ""
	case what == 1 && !sh.simple():
		return one(s, products, "product")
	}
	s.nextSKU++
	return "NEW-" + formatID(int64(s.nextSKU))
}

func (s *Sim) changeSKU() {
	sh := s.anyShop()
	s.able(sh, channeltest.Renaming, channeltest.NoSKU)
	l := one(s, sh.onSale(), "listing")
	sku := s.someSKU(sh, true)
	s.trace("listing %d/%s gets SKU %q instead of %q", sh.i, l.ref.Listing, sku, l.sku)
	sh.SetSKU(l.ref, sku)
	l.sku = sku
}

// foreignSKU sells goods under a SKU that another shop may list later.
func (s *Sim) restoreSKU() {
	sh := s.anyShop()
	s.able(sh, channeltest.Renaming)
	l := one(s, slices.DeleteFunc(sh.onSale(), func(l *listing) bool { return l.sku != "" }), "listing")
	l.sku = s.someSKU(sh, false)
	s.trace("listing %d/%s is given SKU %q", sh.i, l.ref.Listing, l.sku)
	sh.SetSKU(l.ref, l.sku)
}

func (s *Sim) removeListing() {
	sh := s.anyShop()
	s.able(sh, channeltest.Removal)
	on := sh.onSale()
	if len(on) < 3 {
		s.t.Skip("a shop keeps something to sell")
	}
	l := one(s, on, "listing")
	s.trace("listing %d/%s is removed", sh.i, l.ref.Listing)
	sh.Remove(l.ref)
	l.gone = true
}

func (s *Sim) draft() {
	sh := s.anyShop()
	s.able(sh, channeltest.Drafts)
	l := one(s, sh.onSale(), "listing")
	l.draft = !l.draft
	s.trace("listing %d/%s: draft %v", sh.i, l.ref.Listing, l.draft)
	if l.draft {
		sh.SetStatus(l.ref, channel.Draft)
	} else {
		sh.SetStatus(l.ref, channel.Active)
	}
}
