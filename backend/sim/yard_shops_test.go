package sim

import (
	"context"
	"iter"
	"slices"
	"time"

	"pgregory.net/rapid"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
)

// yardShop is a shop of the yard.
type yardShop struct {
	shop
	orders []*yardOrder
	places []string // refs of its locations; none: it has one number for each listing
	whence bool     // an order says from where it is sent, and what became of each of its units
}

// learn asks a shop for its locations.
func (sh *yardShop) learn(t *rapid.T) {
	shop, ok := sh.Shop.(channeltest.Located)
	if !ok {
		return
	}
	sh.whence = sh.can(channeltest.Whence)
	told, err := shop.Locations(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range told {
		sh.places = append(sh.places, l.Ref)
	}
}

// numbers are the locations that have numbers of their own, "" for the one number of a shop without any.
func (sh *yardShop) numbers() []string {
	if len(sh.places) == 0 {
		return []string{""}
	}
	return sh.places
}

func (y *yard) shop() *yardShop {
	return y.shops[rapid.IntRange(0, len(y.shops)-1).Draw(y.t, "shop")]
}

// touch lets time pass, so that no change shares a second with another.
func (y *yard) touch() { y.r.Clock.Advance(2 * time.Second) }

func (y *yard) sell() {
	sh := y.shop()
	o := &yardOrder{}
	var units []channeltest.Units
	for _, sku := range yardSKUs[:y.number(1, 2, "lines")] {
		ref, n := y.refs[sku][sh.i], y.number(1, 9, "units")
		if !sh.can(channeltest.BelowZero) { // whoever sells no more than there are sells what is at the first location
			n = min(n, sh.Quantity(channel.Ref{Listing: ref.Listing, Parent: ref.Parent, Location: sh.numbers()[0]}))
		}
		if n < 1 {
			continue
		}
		units = append(units, channeltest.Units{Ref: ref, Quantity: n})
		o.lines = append(o.lines, &yardLine{sku: sku, ordered: n, shipped: map[string]int64{}, returned: map[string]int64{}})
	}
	if len(units) == 0 {
		y.t.Skip("sold out")
	}
	y.touch()
	o.ref = sh.Sell(units...)
	sh.orders = append(sh.orders, o)
}

// line draws a line for which ok holds.
func (y *yard) line(sh *yardShop, ok func(*yardLine) bool) (*yardOrder, int) {
	type at struct {
		o *yardOrder
		n int
	}
	var all []at
	for _, o := range sh.orders {
		for n, l := range o.lines {
			if ok(l) {
				all = append(all, at{o, n})
			}
		}
	}
	if len(all) == 0 {
		y.t.Skip("no such line")
	}
	one := all[rapid.IntRange(0, len(all)-1).Draw(y.t, "line")]
	y.touch()
	return one.o, one.n
}

func isWaiting(l *yardLine) bool { return l.open() > 0 }

func (y *yard) ship() {
	sh := y.shop()
	o, n := y.line(sh, isWaiting)
	if !sh.whence {
		sh.Fulfil(o.ref)
		for _, l := range o.lines {
			l.shipped[sh.numbers()[0]] += l.open()
		}
		return
	}
	units, at := y.number(1, int(o.lines[n].open()), "units"), y.pick(sh.places, "location")
	sh.Shop.(channeltest.Located).ShipFrom(o.ref, n, units, at)
	o.lines[n].shipped[at] += units
}

func (y *yard) takeBack() {
	sh := y.shop()
	if !sh.whence {
		y.t.Skip("an order does not say where units come back")
	}
	out := func(l *yardLine) int64 { return sumOf(l.shipped) - sumOf(l.returned) }
	o, n := y.line(sh, func(l *yardLine) bool { return out(l) > 0 })
	units, at := y.number(1, int(out(o.lines[n])), "units"), y.pick(sh.places, "location")
	sh.Shop.(channeltest.Located).ReturnTo(o.ref, n, units, at)
	o.lines[n].returned[at] += units
}

// takeOut refunds units that were not shipped yet.
func (y *yard) takeOut() {
	sh := y.shop()
	if !sh.whence {
		y.t.Skip("not every refund is stated in full")
	}
	o, n := y.line(sh, isWaiting)
	units, restock := y.number(1, int(o.lines[n].open()), "units"), rapid.Bool().Draw(y.t, "restock")
	sh.Refund(o.ref, n, units, restock)
	if restock {
		o.lines[n].released += units
	} else {
		o.lines[n].lost += units
	}
}

// cancel takes back what is open of an order.
func (y *yard) cancel() {
	sh := y.shop()
	o, _ := y.line(sh, isWaiting)
	sh.Cancel(o.ref)
	for _, l := range o.lines {
		l.released += l.open()
	}
}

// told feeds the model with orders that the books have taken in.
func (y *yard) told(i int, page []channel.Order) {
	for _, told := range page {
		at := slices.IndexFunc(y.shops[i].orders, func(o *yardOrder) bool { return o.ref == told.Ref })
		if at < 0 {
			y.t.Fatalf("shop %d tells of an order %s that nobody placed", i, told.Ref)
		}
		for _, l := range y.shops[i].orders[at].lines {
			y.m.tell(i, l)
		}
	}
}

// yardWatch looks on at the calls to a shop.
type yardWatch struct {
	channel.Store
	y    *yard
	shop int
}

func (w *yardWatch) Locations(ctx context.Context) ([]channel.Location, error) {
	return w.Store.(channel.Locator).Locations(ctx)
}

func (w *yardWatch) StoreTime(ctx context.Context) (time.Time, error) {
	return w.Store.(channel.Clock).StoreTime(ctx)
}

func (w *yardWatch) Settle(ctx context.Context, handles []string) ([]channel.Result, error) {
	return w.Store.(channel.Settler).Settle(ctx, handles)
}

// ListOrders feeds the model with the orders in the order in which they are booked.
func (w *yardWatch) ListOrders(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Order], error] {
	return func(yield func(channel.Page[channel.Order], error) bool) {
		for page, err := range w.Store.ListOrders(ctx, since) {
			if !yield(page, err) {
				return
			}
			w.y.told(w.shop, page.Items)
		}
	}
}

// PushStock checks that every number goes to a linked location and is that of its warehouse.
func (w *yardWatch) PushStock(ctx context.Context, batch []channel.StockLevel) ([]channel.Result, error) {
	for _, level := range batch {
		i := slices.IndexFunc(yardSKUs, func(sku string) bool { return w.y.refs[sku][w.shop].Listing == level.Listing })
		want, ok := w.y.m.target(w.shop, yardSKUs[i], level.Location)
		if !ok {
			w.y.t.Fatalf("V15: %d of %s was sent to the location %q of shop %d, which has no number to be sent", level.Available, yardSKUs[i], level.Location, w.shop)
		}
		if level.Available != want {
			w.y.t.Fatalf("V19: %d of %s was sent to the location %q of shop %d, which has %d", level.Available, yardSKUs[i], level.Location, w.shop, want)
		}
	}
	return w.Store.PushStock(ctx, batch)
}
