package sim

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"evenstock/backend/channel"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// TestSimWarehouses lets shops with locations sell, ship and take back out of three warehouses while the user counts,
// links and ranks them, and holds the books of every warehouse and every number sent against a model.
func TestSimWarehouses(t *testing.T) {
	configure(t, wanted(t))
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom([]Kind{Memory, MemoryDelta, MemoryCAS}).Draw(rt, "kind")
		newYard(rt, kind, kind).live()
	})
}

// TestSimShopify is the same through a connector that has locations, at the vendor's published limits.
func TestSimShopify(t *testing.T) {
	configure(t, max(1, wanted(t)/faceShare))
	rapid.Check(t, func(rt *rapid.T) { newYard(rt, OverShopify, OverShopify).live() })
}

// TestSimWarehousesOverFaces is the same with one shop of each channel: two show their warehouses by location, four the sum of
// those they sell from.
func TestSimWarehousesOverFaces(t *testing.T) {
	configure(t, max(1, wanted(t)/faceShare/2))
	rapid.Check(t, func(rt *rapid.T) {
		newYard(rt, OverShopify, OverBigCommerce, OverHTTP, OverEtsy, OverEBay, OverAmazon).live()
	})
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
	t     *rapid.T
	r     *Rig
	m     *yardModel
	shops []*yardShop
	refs  map[string][]channel.Ref // by SKU, one per shop
	keys  int
}

type yardOrder struct {
	ref   string
	lines []*yardLine
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

func newYard(t *rapid.T, kinds ...Kind) *yard {
	y := &yard{t: t, m: newYardModel(yardSKUs, slices.Clone(yardHouses), len(kinds)), refs: map[string][]channel.Ref{}}
	for i, kind := range kinds {
		y.shops = append(y.shops, &yardShop{shop: shop{i: i, kind: kind}})
	}
	y.r = Build(t, Setup{Kinds: kinds, Memory: memory.Options{Locations: floorAndDepot}, Delay: rapid.SampledFrom(delays).Draw(t, "delay"), Watch: func(i int, s channel.Store) channel.Store {
		return &yardWatch{Store: s, y: y, shop: i}
	}})
	for _, code := range yardHouses[1:] {
		y.r.warehouse(code)
	}
	for _, sku := range yardSKUs {
		y.refs[sku] = y.r.Goods(sku, 5)
	}
	for i, sh := range y.shops {
		sh.Shop = y.r.Shops[i]
		sh.learn(t)
		if code := y.pick(yardHouses, "house"); len(sh.places) > 0 {
			y.link(i, sh.places[0], code)
		} else if y.m.links[i][yardHouses[0]] = yardHouses[0]; code != yardHouses[0] {
			y.link(i, code, code)
		}
	}
	y.r.On(y.r.all()...)
	return y
}

func (y *yard) pick(of []string, label string) string { return rapid.SampledFrom(of).Draw(y.t, label) }

func (y *yard) number(low, high int, label string) int64 {
	return int64(rapid.IntRange(low, high).Draw(y.t, label))
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

// relink links a location to a warehouse or to none, or has a shop without locations sell from a warehouse or not; something
// of each shop stays linked.
func (y *yard) relink() {
	sh := y.shop()
	at, code := y.pick(yardHouses, "house"), ""
	switch {
	case len(sh.places) > 0:
		at, code = y.pick(sh.places, "location"), y.pick(append([]string{""}, yardHouses...), "house")
	case y.m.links[sh.i][at] == "":
		code = at
	}
	if left := maps.Clone(y.m.links[sh.i]); code == "" {
		if delete(left, at); len(left) == 0 {
			y.t.Skip("the shop would have nothing to sell")
		}
	}
	y.link(sh.i, at, code)
}

func (y *yard) rerank() {
	code, place := y.pick(yardHouses, "house"), int(y.number(1, len(yardHouses), "place"))
	if _, err := y.r.Engine.SetWarehouse(ctx, code, engine.WarehousePatch{Priority: &place}); err != nil {
		y.t.Fatalf("rank: %v", err)
	}
	y.m.rank = slices.Insert(slices.DeleteFunc(y.m.rank, func(c string) bool { return c == code }), place-1, code)
}

func (y *yard) sync() {
	sh := y.shop()
	y.r.Clock.Advance(2 * time.Second)
	if _, err := y.r.Engine.Sync(ctx, y.r.Stores[sh.i]); err != nil {
		y.t.Fatalf("sync: %v", err)
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
	y.r.Cycle(11 * time.Minute)
	for _, id := range y.r.Stores {
		if _, err := y.r.Engine.FixDrift(ctx, id, nil); err != nil {
			y.t.Fatalf("fix the drift: %v", err)
		}
	}
	y.r.Cycle(11 * time.Minute)
	y.check()
	for i, sh := range y.shops {
		for _, sku := range yardSKUs {
			for _, at := range sh.numbers() {
				want, sent := y.m.target(i, sku, at)
				got := sh.Quantity(channel.Ref{Listing: y.refs[sku][i].Listing, Location: at})
				if sent && max(0, got) != want {
					y.t.Fatalf("V16: %s shows %d at the location %q of shop %d, want %d", sku, got, at, i, want)
				}
			}
		}
	}
	y.r.Verify()
}
