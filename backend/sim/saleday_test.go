package sim

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"evenstock/backend/channel/channeltest"
	"evenstock/backend/engine"
)

// The length of a sale, for every test and for a long simulation.
const (
	saleShort = time.Hour
	saleLong  = 24 * time.Hour
	longRuns  = 1000 // the simulation is meant to be long from so many runs on
)

// What happens at a sale, on average.
const (
	saleGoods   = 40
	saleStock   = 30
	saleApplies = 90 * time.Second // Amazon's time to apply a number
	buyEvery    = 75 * time.Second // in all stores together
	rushEvery   = 50 * time.Minute
	rushLasts   = 4 * time.Minute
	rushBuyers  = 30
	stockEvery  = 2 * time.Hour
	faultEvery  = 35 * time.Minute
	deadLasts   = 40 * time.Minute
)

// TestSimSaleDay is the day of a sale in six practice stores, one of every channel at its vendor's published limits: customers
// buy a little all day and rush for one thing now and then, orders are unpaid, hidden, cancelled and shipped, calls fail, a
// store is out of reach for a while, and stock comes in. It says what was oversold and why. Every unit that was must be
// explained by what was sold elsewhere so short a time before that nobody could know, no call may be refused, and in the
// evening the books and all stores are even.
func TestSimSaleDay(t *testing.T) {
	lasts := saleShort
	if wanted(t) >= longRuns {
		lasts = saleLong
	}
	d := openSale(t, 1)
	d.plan(lasts)
	d.live()
	d.rest()
	for _, line := range d.report(lasts) {
		t.Log(line)
	}
}

// openSale has stores show the same stock, with sync on.
func openSale(t *testing.T, seed uint64) *saleDay {
	d := &saleDay{T: t, rand: rand.New(rand.NewPCG(seed, 7)), byRef: map[string]*purchase{}}
	for range together {
		d.stores = append(d.stores, &saleStore{sent: map[int]sent{}, lost: map[int]time.Time{}})
	}
	d.r = Build(t, Setup{Kinds: together, Delay: saleApplies, Watch: d.watch})
	for p := range saleGoods {
		d.goods = append(d.goods, &saleProduct{sku: skuOf(p), inStock: saleStock})
		for i, shop := range d.r.Shops {
			d.stores[i].refs = append(d.stores[i].refs, shop.AddListing(channeltest.Goods{SKU: skuOf(p), Title: "Goods " + skuOf(p), Quantity: saleStock}))
		}
	}
	for i := range d.r.Stores {
		d.r.PullListings(i)
		d.r.TurnOn(i, engine.TurnOn{Copy: true, Push: engine.PushAll})
	}
	d.r.Cycle(11 * time.Minute)
	return d
}

// event is something that happens at a time.
type event struct {
	at time.Time
	do func()
}

// at plans something; of several at one time the first planned comes first.
func (d *saleDay) at(when time.Time, do func()) {
	i, _ := slices.BinarySearchFunc(d.events, when, func(e event, at time.Time) int {
		if e.at.After(at) {
			return 1
		}
		return -1
	})
	d.events = slices.Insert(d.events, i, event{when, do})
}

// every plans something to happen now and then until the end.
func (d *saleDay) every(mean time.Duration, end time.Time, do func()) {
	for at := d.r.Clock.Now(); ; {
		if at = at.Add(time.Duration(d.rand.ExpFloat64() * float64(mean))); at.After(end) {
			return
		}
		d.at(at, do)
	}
}

// within is a random time up to most.
func (d *saleDay) within(most time.Duration) time.Duration {
	return time.Duration(d.rand.Int64N(int64(most)))
}

func (d *saleDay) plan(lasts time.Duration) {
	end := d.r.Clock.Now().Add(lasts)
	d.at(d.r.Clock.Now().Add(lasts/2), d.rush) // one at least
	d.every(buyEvery, end, func() { d.buy(d.rand.IntN(len(d.stores)), d.rand.IntN(len(d.goods))) })
	d.every(rushEvery, end, d.rush)
	d.every(stockEvery, end, d.takeIn)
	d.every(faultEvery, end, d.fault)
	dead := d.rand.IntN(len(d.stores))
	from := d.r.Clock.Now().Add(lasts / 3)
	d.at(from, func() {
		d.r.Shops[dead].Fault(channeltest.Fault{Call: channeltest.AnyCall, Kind: channeltest.TimeoutBefore, Times: manyCalls})
	})
	d.at(from.Add(deadLasts), func() { d.r.Shops[dead].(clearing).ClearFaults() })
}

// live lets everything happen that was planned, also in the midst of the program's work.
func (d *saleDay) live() {
	for len(d.events) > 0 {
		if wait := d.events[0].at.Sub(d.r.Clock.Now()); wait > 0 {
			d.r.Cycle(wait)
		}
		d.happen()
	}
}

// happen lets happen what is due.
func (d *saleDay) happen() {
	for len(d.events) > 0 && !d.events[0].at.After(d.r.Clock.Now()) {
		e := d.events[0]
		d.events = d.events[1:]
		e.do()
	}
}

// rush has many customers want the same thing, wherever they find it.
func (d *saleDay) rush() {
	product, now := d.rand.IntN(len(d.goods)), d.r.Clock.Now()
	for range rushBuyers {
		store := d.rand.IntN(len(d.stores))
		d.at(now.Add(d.within(rushLasts)), func() { d.buy(store, product) })
	}
}

// takeIn has stock arrive.
func (d *saleDay) takeIn() {
	p := d.goods[d.rand.IntN(len(d.goods))]
	d.keys++
	c := engine.StockChange{SKU: p.sku, Op: engine.AddStock, Quantity: 5 + d.rand.Int64N(20), Key: "delivery " + formatID(int64(d.keys))}
	if _, err := d.r.Engine.ChangeStock(context.Background(), c); err != nil {
		d.Fatalf("take in %s: %v", p.sku, err)
	}
	p.inStock += c.Quantity
}

func (d *saleDay) fault() {
	d.r.Shops[d.rand.IntN(len(d.stores))].Fault(channeltest.Fault{Call: calls[d.rand.IntN(len(calls))], Kind: faults[d.rand.IntN(len(faults))],
		Times: 1 + d.rand.IntN(2), After: time.Duration(1+d.rand.IntN(4)) * time.Minute})
}
