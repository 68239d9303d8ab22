package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

const (
	laneRuns  = 10
	laneSteps = 40
	heartbeat = 15 * time.Second // as the schedule has it
)

// TestSimLanes lets the lanes run in goroutines of their own while customers, the user and the network do theirs. Who
// comes first is not decided by the seed, so it checks only that everything comes to an end and to the right numbers.
func TestSimLanes(t *testing.T) {
	for seed := range uint64(laneRuns) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { newTown(t, seed).live() })
		})
	}
}

// town is three shops, with what everybody has done to them.
type town struct {
	*testing.T
	r    *Rig
	rand *rand.Rand
	refs [][]channel.Ref // by product and shop

	mu      sync.Mutex
	inStock []int64 // by product
	open    []int64
	orders  []placed
	keys    int
}

// placed is an order of one line that waits for what becomes of it.
type placed struct {
	shop, product int
	ref           string
	units         int64
}

func newTown(t *testing.T, seed uint64) *town {
	w := &town{T: t, rand: rand.New(rand.NewPCG(seed, 1))}
	kinds := []Kind{Memory, MemoryDelta, MemoryCAS}
	w.rand.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	w.r = Build(t, Setup{Kinds: kinds, Now: time.Now})
	for p, sku := range products {
		w.refs = append(w.refs, nil)
		w.inStock, w.open = append(w.inStock, 40), append(w.open, 0)
		for _, shop := range w.r.Shops {
			w.refs[p] = append(w.refs[p], shop.AddListing(channeltest.Goods{SKU: sku, Title: sku, Quantity: 40}))
		}
	}
	return w
}

func (w *town) live() {
	ctx, stop := context.WithCancel(context.Background())
	var lanes sync.WaitGroup
	lanes.Go(func() { w.r.Engine.Run(ctx) })
	lanes.Go(func() { w.beat(ctx) })
	for _, id := range w.r.Stores {
		if _, err := w.r.Engine.TurnOn(ctx, id, engine.TurnOn{Copy: true, Push: engine.PushAll}); err != nil {
			w.Fatal(err)
		}
	}
	var people sync.WaitGroup
	for _, act := range []func(*rand.Rand){w.customer, w.user} {
		own := rand.New(rand.NewPCG(w.rand.Uint64(), 2))
		people.Go(func() { w.repeat(own, act) })
	}
	people.Wait()
	for _, shop := range w.r.Shops {
		shop.(*memory.Store).ClearFaults()
	}
	time.Sleep(30 * time.Minute) // a few short back-offs, and two periods
	w.check()
	stop()
	lanes.Wait()
}

// beat is the heartbeat that lets the lanes see what is due.
func (w *town) beat(ctx context.Context) {
	for ctx.Err() == nil {
		w.r.Engine.Tick(time.Now())
		_ = engine.Sleep(ctx, heartbeat)
	}
}

func (w *town) repeat(r *rand.Rand, act func(*rand.Rand)) {
	for range laneSteps {
		time.Sleep(time.Duration(r.IntN(40_000)) * time.Millisecond)
		act(r)
	}
}

// customer buys, or something becomes of what was bought.
func (w *town) customer(r *rand.Rand) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.orders) == 0 || r.IntN(2) == 0 {
		o := placed{shop: r.IntN(len(w.r.Shops)), product: r.IntN(len(products)), units: 1 + r.Int64N(3)}
		o.ref = w.r.Shops[o.shop].Sell(channeltest.Units{Ref: w.refs[o.product][o.shop], Quantity: o.units})
		w.open[o.product] += o.units
		w.orders = append(w.orders, o)
		return
	}
	i := r.IntN(len(w.orders))
	o := w.orders[i]
	w.orders = append(w.orders[:i], w.orders[i+1:]...)
	w.open[o.product] -= o.units
	shop := w.r.Shops[o.shop]
	switch r.IntN(3) {
	case 0:
		shop.Cancel(o.ref)
	case 1:
		shop.Refund(o.ref, 0, o.units, false)
		w.inStock[o.product] -= o.units
	default:
		shop.Fulfil(o.ref)
		w.inStock[o.product] -= o.units
	}
}

// user changes stock and presses buttons; the network fails.
func (w *town) user(r *rand.Rand) {
	shop, product := r.IntN(len(w.r.Shops)), r.IntN(len(products))
	id := w.r.Stores[shop]
	ctx := context.Background()
	switch r.IntN(6) {
	case 0, 1:
		w.mu.Lock()
		w.keys++
		w.inStock[product] += 2
		key := fmt.Sprint("key ", w.keys)
		w.mu.Unlock()
		if _, err := w.r.Engine.ChangeStock(ctx, engine.StockChange{SKU: products[product], Op: engine.AddStock, Quantity: 2, Key: key}); err != nil {
			w.Error(err)
		}
	case 2:
		_, _, _ = w.r.Engine.SyncAll(ctx)
	case 3:
		_, _ = w.r.Engine.RefreshInventory(ctx, id)
	case 4:
		_, _ = w.r.Engine.SyncListings(ctx, id)
	default:
		w.r.Shops[shop].Fault(channeltest.Fault{Call: calls[r.IntN(len(calls))], Kind: faults[r.IntN(len(faults))], Times: 1 + r.IntN(2)})
	}
}

// check compares books and shops with what was done.
func (w *town) check() {
	for p, sku := range products {
		var s db.Stock
		err := w.r.DB.View(func(tx *db.Tx) error {
			it, err := tx.ItemBySKU(sku)
			if err == nil {
				s, err = tx.Stock(it.ID, db.DefaultLoc)
			}
			return err
		})
		if err != nil || !s.Counted || s.OnHand != w.inStock[p] || s.Booked != w.open[p] {
			w.Errorf("%s: %d in stock, %d booked (%v), want %d, %d", sku, s.OnHand, s.Booked, err, w.inStock[p], w.open[p])
		}
		for i, shop := range w.r.Shops {
			if got, want := max(0, shop.Quantity(w.refs[p][i])), max(0, w.inStock[p]-w.open[p]); got != want {
				w.Errorf("%s in shop %d shows %d, want %d", sku, i, got, want)
			}
		}
	}
	w.r.Verify()
}
