package sim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// kinds are the shops the seller's tests run on: the doubles, and the real connector with the practice shop.
var kinds = []Kind{Memory, MemoryDelta, MemoryCAS, OverHTTP, OverSocket, OverEtsy, OverBigCommerce, OverAmazon, OverShopify, OverEBay}

// together are shops of every channel, as one seller has them.
var together = []Kind{OverShopify, OverEtsy, OverAmazon, OverBigCommerce, OverEBay, OverHTTP}

// each runs a seller's test on so many shops of every kind, and on a shop of every channel at once.
func each(t *testing.T, shops int, test func(t *testing.T, r *Rig)) {
	on := func(name string, kinds []Kind) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := Build(t, Setup{Kinds: kinds})
			test(t, r)
			r.Verify()
		})
	}
	for _, k := range kinds {
		on(string(k), slices.Repeat([]Kind{k}, shops))
	}
	on("every channel at once", together)
}

// able skips a part of a test that the vendor's software cannot express, such as a refund of some units of a line.
func able(t *testing.T, r *Rig, needs ...channeltest.Ability) {
	t.Helper()
	for _, need := range needs {
		if why := r.lacks(need); why != "" {
			t.Skipf("this shop cannot %s: %s", need, why)
		}
	}
}

// unable reports whether the shops cannot do something of it.
func (r *Rig) unable(needs ...channeltest.Ability) bool {
	return slices.ContainsFunc(needs, func(a channeltest.Ability) bool { return r.lacks(a) != "" })
}

// part is a part of a test that is told of by itself.
func (r *Rig) part(t *testing.T, name string, check func(t *testing.T)) {
	whole := r.T
	defer func() { r.T = whole }()
	t.Run(name, func(t *testing.T) {
		r.T = t
		check(t)
	})
}

// lacks is why the shops cannot do something, empty if they can.
func (r *Rig) lacks(a channeltest.Ability) string {
	if limited, ok := r.Shops[0].(channeltest.Limited); ok {
		return limited.Cannot(a)
	}
	return ""
}

func units(ref channel.Ref, n int64) channeltest.Units {
	return channeltest.Units{Ref: ref, Quantity: n}
}

func TestSeller01Apples(t *testing.T) {
	each(t, 3, func(t *testing.T, r *Rig) {
		refs := r.Goods("APPLE", 50)
		r.On()
		r.Set("APPLE", 50)
		r.WantShops(refs, 50)
		order := r.Shops[0].Sell(units(refs[0], 4))
		r.Cycle(11 * time.Minute)
		r.WantStock("APPLE", 50, 4)
		r.WantShops(refs, 46)
		r.Shops[0].Fulfil(order)
		for range 11 {
			r.Cycle(time.Minute)
			if a, _ := r.Stock("APPLE").Domain().Available(); a != 46 {
				t.Fatalf("Available dipped to %d", a)
			}
			r.WantShops(refs, 46)
		}
		r.WantStock("APPLE", 46, 0)
	})
}

func TestSeller02ThreeStoresShow15(t *testing.T) {
	each(t, 3, show15)
	t.Run("shopify, etsy and amazon", func(t *testing.T) {
		show15(t, Build(t, Setup{Kinds: []Kind{OverShopify, OverEtsy, OverAmazon}}))
	})
}

func show15(t *testing.T, r *Rig) {
	refs := r.Goods("MUG", 10)
	r.On()
	r.Set("MUG", 10)
	began := r.Clock.Now()
	for _, o := range r.Add("MUG", 5) {
		if o.Outcome != engine.OutWritten || *o.Target != 15 {
			t.Errorf("outcome %+v", o)
		}
	}
	soon := 5 * time.Second
	if slices.Contains(r.Kinds, OverAmazon) {
		soon = 2 * time.Minute // it applies later what it accepts, and is asked after a minute whether it did (amazon.md, 5.2)
	}
	if took := r.Clock.Now().Sub(began); took > soon {
		t.Errorf("took %s, want at most %s", took, soon)
	}
	r.WantShops(refs, 15)
}

func TestSeller03EverywhereTheSame(t *testing.T) {
	each(t, 2, func(t *testing.T, r *Rig) {
		refs := r.Goods("BLUEJEANSM", 3)
		twin := r.Shops[0].AddListing(channeltest.Goods{SKU: "BLUEJEANSX", Title: "Blue jeans again", Quantity: 9})
		r.Shops[0].SetQuantity(twin, 9)
		r.On()
		r.Set("BLUEJEANSM", 21)
		r.WantShops(refs, 21)
		if kind := r.Kinds[0]; kind != OverHTTP && kind != OverSocket && !r.unable(channeltest.Renaming) { // these have a SKU once in a shop
			r.Shops[0].SetSKU(twin, "BLUEJEANSM")
			soon := 5 * time.Minute
			if kind == OverEtsy {
				soon += 12 * time.Hour // changed listings are looked for no more often (product.md, L7)
			}
			r.Cycle(soon)
			if got := r.Shops[0].Quantity(twin); got != 21 {
				t.Errorf("the second listing with the SKU shows %d, want 21", got)
			}
		}
	})
}

func TestSeller04CopyThenPushWritesNothing(t *testing.T) {
	each(t, 1, func(t *testing.T, r *Rig) {
		shop := r.Shops[0]
		var refs []channel.Ref
		for i := range 8 {
			refs = append(refs, r.Goods(fmt.Sprintf("SKU-%d", i), 40+int64(i), 0)...)
		}
		open := shop.Sell(units(refs[0], 4), units(refs[1], 1))
		shipped := shop.Sell(units(refs[2], 2))
		shop.Fulfil(shipped)
		r.Clock.Advance(2 * time.Second)
		// customers go on buying between every two reads
		shop.After(channeltest.ReadStock, func() { shop.Sell(units(refs[3], 3)) })
		shop.After(channeltest.ListOrders, func() { shop.Sell(units(refs[4], 2)) })
		before := shop.Written()
		r.TurnOn(0, engine.TurnOn{Copy: true, Push: engine.PushAll})
		if got := shop.Written() - before; got != 0 {
			t.Errorf("%d listings were written after a copy, want 0", got)
		}
		r.WantStock("SKU-0", 40, 4)
		r.WantStock("SKU-2", 40, 0)
		r.WantStock("SKU-3", 43, 3)
		r.WantStock("SKU-4", 44, 2)
		r.Cycle(time.Hour)
		if got := shop.Written() - before; got != 0 {
			t.Errorf("%d listings were written within the hour, want 0", got)
		}
		says := r.lacks(channeltest.LineRefunds) == "" && r.lacks(channeltest.RestockFlag) == "" // what became of refunded units
		if says {
			shop.Refund(shipped, 0, 2, true)
		}
		shop.Cancel(open)
		r.Cycle(11 * time.Minute)
		if says {
			r.WantStock("SKU-2", 42, 0)
		}
		r.WantStock("SKU-0", 40, 0)
		if got := shop.Written() - before; got != 0 {
			t.Errorf("the shop followed by itself, yet %d listings were written", got)
		}
	})
}

func TestSeller05UnsetSurvives(t *testing.T) {
	each(t, 1, func(t *testing.T, r *Rig) {
		r.Goods("OLD", 5)
		r.On()
		r.Set("OLD", 5)
		refs := r.Goods("NEW", 12)
		r.Cycle(25 * time.Minute)
		r.run(r.Engine.RefreshInventory(context.Background(), r.Stores[0]))
		r.WantShops(refs, 12)
		r.WantStock("NEW", -1, 0)
		r.Shops[0].Sell(units(refs[0], 2))
		r.Cycle(11 * time.Minute)
		r.WantStock("NEW", -1, 2)
		r.WantShops(refs[:1], 10)
		r.Set("NEW", 30)
		r.WantShops(refs, 28)
	})
}

func TestSeller06AFailedPullStopsOneStoreOnly(t *testing.T) {
	each(t, 3, func(t *testing.T, r *Rig) {
		refs := r.Goods("LAMP", 10)
		r.On()
		r.Set("LAMP", 10)
		written := r.Shops[0].Written()
		r.Shops[0].Fault(channeltest.Fault{Call: channeltest.ListOrders, Kind: channeltest.ServerError, Times: 1000})
		r.Add("LAMP", 7)
		r.WantShops(refs, 10, 17, 17)
		r.Cycle(30 * time.Minute)
		if got := r.Shops[0].Written(); got != written {
			t.Errorf("%d listings were pushed to a store whose orders could not be read", got-written)
		}
	})
}

// orderCase is one row of the table of product.md O2.
type orderCase struct {
	name            string
	do              func(shop channeltest.Shop, order string)
	inStock, booked int64
}

func (c orderCase) needs() []channeltest.Ability {
	switch {
	case strings.Contains(c.name, "refund"):
		return []channeltest.Ability{channeltest.LineRefunds, channeltest.RestockFlag}
	case strings.HasPrefix(c.name, "edited"):
		return []channeltest.Ability{channeltest.OrderEdits}
	case c.name == "trashed":
		return []channeltest.Ability{channeltest.OrderTrash}
	}
	return nil
}

// TestSeller07 is the table of product.md O2, then a refund followed by a cancel.
func TestSeller07EveryCase(t *testing.T) {
	scenes := []orderCase{
		{"placed", func(channeltest.Shop, string) {}, 50, 4},
		{"fulfilled", func(s channeltest.Shop, o string) { s.Fulfil(o) }, 46, 0},
		{"cancelled while unfulfilled", func(s channeltest.Shop, o string) { s.Cancel(o) }, 50, 0},
		{"unfulfilled, refunded, restocked", func(s channeltest.Shop, o string) { s.Refund(o, 0, 1, true) }, 50, 3},
		{"unfulfilled, refunded, not restocked", func(s channeltest.Shop, o string) { s.Refund(o, 0, 1, false) }, 49, 3},
		{"fulfilled, refunded, restocked", func(s channeltest.Shop, o string) { s.Fulfil(o); s.Refund(o, 0, 1, true) }, 47, 0},
		{"fulfilled, refunded, not restocked", func(s channeltest.Shop, o string) { s.Fulfil(o); s.Refund(o, 0, 1, false) }, 46, 0},
		{"refund with restock, then cancel, restocks once", func(s channeltest.Shop, o string) { s.Refund(o, 0, 1, true); s.Cancel(o) }, 50, 0},
		{"edited down", func(s channeltest.Shop, o string) { s.EditLine(o, 0, 3) }, 50, 3},
		{"trashed", func(s channeltest.Shop, o string) { s.Trash(o) }, 50, 0},
	}
	for _, gap := range []time.Duration{0, 11 * time.Minute} {
		t.Run(fmt.Sprintf("seen after %s", gap), func(t *testing.T) {
			each(t, 2, func(t *testing.T, r *Rig) {
				sku := func(i int) string { return fmt.Sprintf("PLUM-%d", i) }
				refs, orders := make([][]channel.Ref, len(scenes)), make([]string, len(scenes))
				for i := range scenes {
					refs[i] = r.Goods(sku(i), 50)
				}
				r.On()
				for i := range scenes {
					r.Set(sku(i), 50)
				}
				r.Clock.Advance(2 * time.Second)
				for i := range scenes {
					orders[i] = r.Shops[0].Sell(units(refs[i][0], 4))
				}
				r.Cycle(gap)
				r.Clock.Advance(2 * time.Second)
				for i, sc := range scenes {
					if !r.unable(sc.needs()...) {
						sc.do(r.Shops[0], orders[i])
					}
				}
				r.Cycle(7 * time.Hour) // long enough for booked orders to be read again by id
				for i, sc := range scenes {
					r.part(t, sc.name, func(t *testing.T) {
						able(t, r, sc.needs()...)
						r.WantStock(sku(i), sc.inStock, sc.booked)
						available := sc.inStock - sc.booked
						if gap == 0 && sc.name == "trashed" {
							// No list ever told of the order, and the shop keeps what it took: that is drift (I4).
							r.WantShops(refs[i], available-4, available)
							return
						}
						r.WantShops(refs[i], available)
					})
				}
			})
		})
	}
}

func TestSeller08TheSamePageFiveTimes(t *testing.T) {
	each(t, 1, func(t *testing.T, r *Rig) {
		refs := r.Goods("PEAR", 50)
		r.On()
		r.Set("PEAR", 50)
		order := r.Shops[0].Sell(units(refs[0], 4))
		booked := int64(4)
		if r.lacks(channeltest.LineRefunds) == "" {
			r.Shops[0].Refund(order, 0, 1, true)
			booked = 3
		}
		r.Sync()
		r.WantStock("PEAR", 50, booked)
		seq := r.lastSeq()
		for range 5 {
			r.forgetCursor(0)
			r.Sync()
		}
		if got := r.lastSeq(); got != seq {
			t.Errorf("reading the same orders again made %d movements", got-seq)
		}
	})
}

func (r *Rig) lastSeq() (seq uint64) {
	_ = r.DB.View(func(tx *db.Tx) (err error) { seq, err = tx.LastSeq(); return err })
	return seq
}

func (r *Rig) forgetCursor(i int) {
	err := r.DB.Update(r.Now(), func(tx *db.Tx) error { return tx.PutCursor(r.Stores[i], "orders", nil) })
	if err != nil {
		r.T.Fatal(err)
	}
}

// TestSeller09 stops the program between the change and the push, and after the push before its acknowledgement.
func TestSeller09KilledBetweenQueuedAndSent(t *testing.T) {
	each(t, 2, func(t *testing.T, r *Rig) {
		refs := r.Goods("KIWI", 10)
		r.On()
		r.Set("KIWI", 10)
		r.run(r.Engine.RefreshInventory(context.Background(), r.Stores[0]))
		r.keys++
		if _, err := r.Engine.ChangeStock(context.Background(), engine.StockChange{SKU: "KIWI", Op: engine.AddStock, Quantity: 5, Key: fmt.Sprint("kill ", r.keys)}); err != nil {
			t.Fatal(err)
		}
		r.StartEngine() // queued, not sent
		lost := errors.New("power cut")
		r.Shops[1].After(channeltest.PushStock, func() {
			r.DB.BeforeCommit(func() error { return lost }) // sent, not acknowledged
		})
		r.Cycle(time.Second)
		r.DB.BeforeCommit(nil)
		r.StartEngine()
		written := r.Shops[1].Written()
		r.Cycle(11 * time.Minute)
		r.WantShops(refs, 15)
		if again := r.Shops[1].Written() - written; again != 0 {
			t.Errorf("%d listings were written a second time after the crash, though they were right", again)
		}
		_, err := r.Engine.RefreshInventory(context.Background(), r.Stores[0])
		var refused *engine.Error
		if !errors.As(err, &refused) || refused.Code != engine.CodeCooldown {
			t.Errorf("hard refresh after a restart: %v, want the cool-down to go on counting", err)
		}
	})
}

func TestSeller10NineHoursAsleep(t *testing.T) {
	each(t, 3, func(t *testing.T, r *Rig) {
		refs := r.Goods("FIG", 40)
		r.On()
		r.Set("FIG", 40)
		r.Cycle(20 * time.Minute)
		r.Clock.Advance(9 * time.Hour) // asleep: nothing steps
		var sold int64
		for i, shop := range r.Shops {
			shop.Sell(units(refs[i], int64(i+1)))
			sold += int64(i + 1)
		}
		var firstPush time.Time
		pulled := map[int]int{}
		var base []int
		for i := range r.Shops {
			base = append(base, r.Shops[i].Calls(channeltest.ListOrders))
			r.Shops[i].Before(channeltest.PushStock, func() {
				if !firstPush.IsZero() {
					return
				}
				firstPush = r.Now()
				for j, s := range r.Shops {
					pulled[j] = s.Calls(channeltest.ListOrders) - base[j]
				}
			})
		}
		r.Events = nil
		r.Cycle(2 * time.Minute)
		for j := range r.Shops {
			if pulled[j] == 0 {
				t.Errorf("shop %d had not been asked for orders when the first number was sent", j)
			}
		}
		r.WantStock("FIG", 40, sold)
		r.WantShops(refs, 40-sold)
	})
}
