package sim

import (
	"context"

	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// TestSimWarehouses lets two shops with locations sell, ship and take back out of three warehouses while the user counts,
// links and ranks them, and holds the books of every warehouse and every number sent against a model.
func TestSimWarehouses(t *testing.T) {
	configure(t, wanted(t))
	rapid.Check(t, func(rt *rapid.T) {
		newYard(rt, rapid.SampledFrom([]Kind{Memory, MemoryDelta, MemoryCAS}).Draw(rt, "kind")).live()
	})
}

// TestSimShopify is the same through the connector that has locations, at the vendor's published limits.
func TestSimShopify(t *testing.T) {
	configure(t, max(1, wanted(t)/faceShare))
	rapid.Check(t, func(rt *rapid.T) { newYard(rt, OverShopify).live() })
}

func (y *yard) live() {
	y.t.Repeat(map[string]func(*rapid.T){
		"":     func(*rapid.T) { y.check() },
		"sell": func(*rapid.T) { y.sell() }, "sell more": func(*rapid.T) { y.sell() }, "ship": func(*rapid.T) { y.ship() },
		"take back": func(*rapid.T) { y.takeBack() }, "cancel": func(*rapid.T) { y.cancel() }, "count": func(*rapid.T) { y.count() },
		"take out": func(*rapid.T) { y.takeOut() }, "link": func(*rapid.T) { y.relink() }, "rank": func(*rapid.T) { y.rerank() },
		"sync": func(*rapid.T) { y.sync() }, "sync again": func(*rapid.T) { y.sync() },
	})
	y.rest()
}

// yard is one such stretch of time.
type yard struct {
	t      *rapid.T
	r      *Rig
	m      *yardModel
	refs   map[string][]channel.Ref // by SKU, one per shop
	orders [][]*yardOrder           // by shop
	places []string                 // refs of the locations of every shop
	keys   int
}

type yardOrder struct {
	ref     string
	lines   []*yardLine
	changed int // grows with every change of any order
	told    int
}

type yardLine struct {
	sku               string
	ordered, released int64
	lost              int64            // refunded before it was shipped, and not put back
	shipped, returned map[string]int64 // by location
}

func (l *yardLine) open() int64 { return l.ordered - l.released - l.lost - sumOf(l.shipped) }

func sumOf(by map[string]int64) (n int64) {
	for _, v := range by {
		n += v
	}
	return n
}

var (
	yardSKUs   = []string{"MUG", "JUG"}
	yardHouses = []string{"MAIN", "DEPOT", "BARN"}
)

func newYard(t *rapid.T, kind Kind) *yard {
	y := &yard{t: t, m: newYardModel(yardSKUs, slices.Clone(yardHouses), 2), refs: map[string][]channel.Ref{}, orders: make([][]*yardOrder, 2)}
	y.r = Build(t, Setup{Kinds: []Kind{kind, kind}, Memory: memory.Options{Locations: floorAndDepot}, Watch: func(i int, s channel.Store) channel.Store {
		return &yardWatch{Store: s, y: y, shop: i}
	}})
	told, err := y.r.Shops[0].(channeltest.Located).Locations(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range told {
		y.places = append(y.places, l.Ref)
	}
	for _, code := range yardHouses[1:] {
		y.r.warehouse(code)
	}
	for _, sku := range yardSKUs {
		y.refs[sku] = y.r.Goods(sku, 5)
	}
	for i := range y.orders {
		y.link(i, y.places[0], y.pick(yardHouses, "house"))
	}
	y.r.On(0, 1)
	return y
}

func (y *yard) pick(of []string, label string) string { return rapid.SampledFrom(of).Draw(y.t, label) }

func (y *yard) number(low, high int, label string) int64 {
	return int64(rapid.IntRange(low, high).Draw(y.t, label))
}

func (y *yard) shop() (int, channeltest.Located) {
	i := rapid.IntRange(0, 1).Draw(y.t, "shop")
	return i, y.r.Shops[i].(channeltest.Located)
}

func (y *yard) touch(o *yardOrder) {
	y.r.Clock.Advance(2 * time.Second)
	y.keys++
	o.changed = y.keys
}

func (y *yard) sell() {
	i, shop := y.shop()
	o := &yardOrder{}
	var units []channeltest.Units
	for _, sku := range yardSKUs[:y.number(1, 2, "lines")] {
		n := y.number(1, 9, "units")
		units = append(units, channeltest.Units{Ref: y.refs[sku][i], Quantity: n})
		o.lines = append(o.lines, &yardLine{sku: sku, ordered: n, shipped: map[string]int64{}, returned: map[string]int64{}})
	}
	y.touch(o)
	o.ref = shop.Sell(units...)
	y.orders[i] = append(y.orders[i], o)
}

// line draws a line for which ok holds.
func (y *yard) line(i int, ok func(*yardLine) bool) (*yardOrder, int) {
	type at struct {
		o *yardOrder
		n int
	}
	var all []at
	for _, o := range y.orders[i] {
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
	y.touch(one.o)
	return one.o, one.n
}

func (y *yard) location() string { return y.places[y.number(0, len(y.places)-1, "location")] }

func (y *yard) ship() {
	i, shop := y.shop()
	o, n := y.line(i, func(l *yardLine) bool { return l.open() > 0 })
	units, at := y.number(1, int(o.lines[n].open()), "units"), y.location()
	shop.ShipFrom(o.ref, n, units, at)
	o.lines[n].shipped[at] += units
}

func (y *yard) takeBack() {
	i, shop := y.shop()
	out := func(l *yardLine) int64 { return sumOf(l.shipped) - sumOf(l.returned) }
	o, n := y.line(i, func(l *yardLine) bool { return out(l) > 0 })
	units, at := y.number(1, int(out(o.lines[n])), "units"), y.location()
	shop.ReturnTo(o.ref, n, units, at)
	o.lines[n].returned[at] += units
}

// takeOut refunds units that were not shipped yet.
func (y *yard) takeOut() {
	i, shop := y.shop()
	o, n := y.line(i, func(l *yardLine) bool { return l.open() > 0 })
	units, restock := y.number(1, int(o.lines[n].open()), "units"), rapid.Bool().Draw(y.t, "restock")
	shop.Refund(o.ref, n, units, restock)
	if restock {
		o.lines[n].released += units
	} else {
		o.lines[n].lost += units
	}
}

func (y *yard) cancel() {
	i, shop := y.shop()
	o, _ := y.line(i, func(l *yardLine) bool { return l.open() > 0 })
	shop.Cancel(o.ref)
	for _, l := range o.lines {
		l.released += l.open()
	}
}

func (y *yard) count() {
	sku, code, n := y.pick(yardSKUs, "sku"), y.pick(yardHouses, "house"), y.number(0, 20, "quantity")
	y.keys++
	c := engine.StockChange{SKU: sku, Op: engine.SetStock, Quantity: n, Warehouse: code, Key: fmt.Sprint("key ", y.keys)}
	p := y.m.piles[sku][code]
	if rapid.Bool().Draw(y.t, "add") {
		c.Op = engine.AddStock
	}
	if _, err := y.r.Engine.ChangeStock(ctx, c); err != nil {
		y.t.Fatalf("change %+v: %v", c, err)
	}
	if c.Op == engine.AddStock {
		n += p.inStock
	}
	p.counted, p.inStock = true, n
}

func (y *yard) link(i int, location, code string) {
	if code == "" {
		delete(y.m.links[i], location)
	} else {
		y.m.links[i][location] = code
	}
	y.r.link(i, map[string]string{location: code})
}

// relink links a location to a warehouse or to none; one of each shop stays linked.
func (y *yard) relink() {
	i, _ := y.shop()
	at, code := y.location(), y.pick(append([]string{""}, yardHouses...), "house")
	if left := maps.Clone(y.m.links[i]); code == "" {
		if delete(left, at); len(left) == 0 {
			y.t.Skip("the shop would have nothing to sell")
		}
	}
	y.link(i, at, code)
}

func (y *yard) rerank() {
	code, place := y.pick(yardHouses, "house"), int(y.number(1, len(yardHouses), "place"))
	if _, err := y.r.Engine.SetWarehouse(ctx, code, engine.WarehousePatch{Priority: &place}); err != nil {
		y.t.Fatalf("rank: %v", err)
	}
	y.m.rank = slices.Insert(slices.DeleteFunc(y.m.rank, func(c string) bool { return c == code }), place-1, code)
}

func (y *yard) sync() {
	i, _ := y.shop()
	y.r.Clock.Advance(2 * time.Second)
	if _, err := y.r.Engine.Sync(ctx, y.r.Stores[i]); err != nil {
		y.t.Fatalf("sync: %v", err)
	}
}

// told feeds the model with the orders that a complete pull has booked, in the order in which they changed; Shopify's are
// read in the order in which they were placed.
func (y *yard) told(i int) {
	changed := slices.DeleteFunc(slices.Clone(y.orders[i]), func(o *yardOrder) bool { return o.told == o.changed })
	if y.r.Kinds[0] != OverShopify {
		slices.SortFunc(changed, func(a, b *yardOrder) int { return a.changed - b.changed })
	}
	for _, o := range changed {
		o.told = o.changed
		for _, l := range o.lines {
			y.m.tell(i, l)
		}
	}
}

// check compares the books with the model, warehouse by warehouse.
func (y *yard) check() {
	err := y.r.DB.View(func(tx *db.Tx) error {
		for _, sku := range yardSKUs {
			it, err := tx.ItemBySKU(sku)
			if err != nil {
				return err
			}
			for n, code := range yardHouses {
				s, err := tx.Stock(it.ID, uint32(n+1))
				if err != nil {
					return err
				}
				want := y.m.piles[sku][code]
				if s.Counted != want.counted || s.Booked != want.booked || s.Counted && s.OnHand != want.inStock {
					y.t.Fatalf("V11: %s in %s has %d in stock, %d booked, counted %v; the model %+v", sku, code, s.OnHand, s.Booked, s.Counted, *want)
				}
			}
		}
		return nil
	})
	if err != nil {
		y.t.Fatal(err)
	}
}

// rest lets everything be read and sent, and checks what every location shows.
func (y *yard) rest() {
	for _, id := range y.r.Stores {
		if _, err := y.r.Engine.Sync(ctx, id); err != nil {
			y.t.Fatalf("sync: %v", err)
		}
	}
	for _, id := range y.r.Stores {
		if _, err := y.r.Engine.FixDrift(ctx, id, nil); err != nil {
			y.t.Fatalf("fix the drift: %v", err)
		}
	}
	y.r.Cycle(3 * time.Minute)
	y.check()
	for i := range y.orders {
		for _, sku := range yardSKUs {
			for _, at := range y.places {
				want, sent := y.m.target(i, sku, at)
				got := y.r.Shops[i].Quantity(channel.Ref{Listing: y.refs[sku][i].Listing, Location: at})
				if sent && max(0, got) != want {
					y.t.Fatalf("V16: %s shows %d at the %s of shop %d, want %d", sku, got, at, i, want)
				}
			}
		}
	}
	y.r.Verify()
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

func (w *yardWatch) ListOrders(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Order], error] {
	return func(yield func(channel.Page[channel.Order], error) bool) {
		for page, err := range w.Store.ListOrders(ctx, since) {
			if !yield(page, err) {
				return
			}
		}
		w.y.told(w.shop)
	}
}

// PushStock checks that every number goes to a linked location and is that of its warehouse.
func (w *yardWatch) PushStock(ctx context.Context, batch []channel.StockLevel) ([]channel.Result, error) {
	for _, level := range batch {
		i := slices.IndexFunc(yardSKUs, func(sku string) bool { return w.y.refs[sku][w.shop].Listing == level.Listing })
		want, ok := w.y.m.target(w.shop, yardSKUs[i], level.Location)
		if !ok {
			w.y.t.Fatalf("V15: %d of %s was sent to the %s of shop %d, which has no number to be sent", level.Available, yardSKUs[i], level.Location, w.shop)
		}
		if level.Available != want {
			w.y.t.Fatalf("V19: %d of %s was sent to the %s of shop %d, its warehouse has %d", level.Available, yardSKUs[i], level.Location, w.shop, want)
		}
	}
	return w.Store.PushStock(ctx, batch)
}
