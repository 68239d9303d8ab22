package engine_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/schedule"
)

// noSecrets is the key store of shops without keys.
type noSecrets struct{}

func (noSecrets) Get(uint32, string) (string, error) { return "", db.ErrNotFound }
func (noSecrets) Put(uint32, string, string) error   { return nil }

// working is an engine at work on one shop in memory, with a clock that a synctest bubble moves.
type working struct {
	t      *testing.T
	engine *engine.Engine
	shop   *memory.Store
	ref    channel.Ref
	store  uint32
	stop   func()
}

// work opens books and an engine inside the bubble and lets its lanes run; beat lets the schedule run too.
func work(t *testing.T, beat bool) *working {
	t.Helper()
	d, err := db.Open("")
	if err != nil {
		t.Fatal(err)
	}
	shop := memory.New(memory.Options{ID: "a", Now: time.Now})
	e, err := engine.New(engine.Options{DB: d, Types: channel.NewRegistry(memory.Type(shop)), Secrets: noSecrets{},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now, Sleep: engine.Sleep})
	if err != nil {
		t.Fatal(err)
	}
	w := &working{t: t, engine: e, shop: shop, ref: shop.AddListing(channeltest.Goods{SKU: "TEA", Title: "Tea", Quantity: 10})}
	s, _, err := e.AddStore(t.Context(), engine.NewStore{Channel: "memory", Name: "A", Fields: map[string]string{"id": "a"}})
	if err != nil {
		t.Fatal(err)
	}
	w.store = s.ID
	if _, err := e.SyncListings(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := e.TurnOn(t.Context(), s.ID, engine.TurnOn{Copy: true}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { e.Run(ctx) })
	if beat {
		group.Go(func() {
			if err := schedule.Run(ctx, e.Tick, e.Nightly); err != nil {
				t.Error(err)
			}
		})
	}
	w.stop = func() {
		cancel()
		group.Wait()
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
	synctest.Wait()
	return w
}

// TestTheHeartbeatMakesTheCycles: with the schedule's job an hour has its six cycles, without it none.
func TestTheHeartbeatMakesTheCycles(t *testing.T) {
	for beat, want := range map[bool][2]int{true: {6, 7}, false: {0, 0}} {
		t.Run(fmt.Sprintf("heartbeat %v", beat), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := work(t, beat)
				defer w.stop()
				before := w.shop.Calls(channeltest.ListOrders)
				time.Sleep(time.Hour)
				synctest.Wait()
				if n := w.shop.Calls(channeltest.ListOrders) - before; n < want[0] || n > want[1] {
					t.Errorf("%d order pulls in an hour, want %d to %d", n, want[0], want[1])
				}
			})
		})
	}
}

// TestAChangeIsSentAtOnce: no heartbeat is needed for what a person changes.
func TestAChangeIsSentAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := work(t, false)
		defer w.stop()
		began := time.Now()
		for i, want := range []int64{15, 20, 25} {
			changed, err := w.engine.ChangeStock(t.Context(), engine.StockChange{SKU: "TEA", Op: engine.AddStock, Quantity: 5, Key: fmt.Sprint(i)})
			if err != nil {
				t.Fatal(err)
			}
			out, err := w.engine.Settle(t.Context(), changed.Item, time.Minute)
			if err != nil || out[0].Outcome != engine.OutWritten || w.shop.Quantity(w.ref) != want {
				t.Fatalf("%+v, %v, the shop shows %d", out, err, w.shop.Quantity(w.ref))
			}
			if took := time.Since(began); i == 0 && took > 5*time.Second || took > time.Duration(i)*32*time.Second+5*time.Second {
				t.Errorf("change %d was there after %s", i+1, took)
			}
		}
	})
}
