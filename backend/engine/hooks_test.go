package engine_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/engine"
)

// pulls counts the reads of a kind while time passes second by second, with what happens at each second.
func (w *late) pulls(call channeltest.Call, seconds int, at func(second int)) int {
	before := w.shop.Calls(call)
	for s := range seconds {
		at(s)
		for range 3 {
			w.engine.StepAll(w.t.Context(), w.at)
		}
		w.at = w.at.Add(time.Second)
	}
	return w.shop.Calls(call) - before
}

// TestTheShopsWordMakesAPull: at once, a burst folded to one pull in ten seconds, and of the kind that changed.
func TestTheShopsWordMakesAPull(t *testing.T) {
	w := newLate(t, memory.Options{ListingEvery: time.Hour}, true)
	w.shop.AddListing(channeltest.Goods{SKU: "TEA", Title: "Tea", Quantity: 10})
	if _, err := w.engine.SyncListings(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	orders, listings := channel.Hook{Orders: true}, channel.Hook{Listings: true}
	w.step(time.Minute) // what is due at a start is done
	if n := w.pulls(channeltest.ListOrders, 20, func(int) { w.engine.Hooked(w.store, orders) }); n != 0 {
		t.Errorf("%d order pulls while sync is off", n)
	}
	if _, err := w.engine.TurnOn(t.Context(), w.store, engine.TurnOn{Copy: true}); err != nil {
		t.Fatal(err)
	}
	w.step(time.Minute)

	once := func(h channel.Hook) func(int) {
		return func(s int) {
			if s == 0 {
				w.engine.Hooked(w.store, h)
			}
		}
	}
	all := func(h channel.Hook) func(int) { return func(int) { w.engine.Hooked(w.store, h) } }
	for _, tc := range []struct {
		name    string
		call    channeltest.Call
		seconds int
		at      func(int)
		want    int
	}{
		{"nobody calls", channeltest.ListOrders, 60, func(int) {}, 0},
		{"one call, within the second", channeltest.ListOrders, 1, once(orders), 1},
		{"quiet after it", channeltest.ListOrders, 60, func(int) {}, 0},
		{"one call every second for half a minute", channeltest.ListOrders, 30, all(orders), 3},
		{"the last of them", channeltest.ListOrders, 60, func(int) {}, 1},
		{"orders only", channeltest.ListListings, 1, once(orders), 0},
		{"listings, within the second", channeltest.ListListings, 1, once(listings), 1},
		{"listings every second", channeltest.ListListings, 30, all(listings), 3},
		{"the last of these was read with them", channeltest.ListListings, 60, func(int) {}, 0},
		{"listings only", channeltest.ListOrders, 1, once(listings), 0},
		{"a try of the vendor", channeltest.ListOrders, 20, once(channel.Hook{}), 0},
	} {
		if n := w.pulls(tc.call, tc.seconds, tc.at); n != tc.want {
			t.Errorf("%s: %d pulls, want %d", tc.name, n, tc.want)
		}
	}
	w.engine.Hooked(99, orders) // nobody
}

// TestTheShopsWordWaitsForACoolDown: a shop that asks to be left alone is left alone, whatever it says of itself.
func TestTheShopsWordWaitsForACoolDown(t *testing.T) {
	w := newLate(t, memory.Options{ListingEvery: time.Hour}, true)
	w.shop.AddListing(channeltest.Goods{SKU: "TEA", Title: "Tea", Quantity: 10})
	if _, err := w.engine.SyncListings(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	if _, err := w.engine.TurnOn(t.Context(), w.store, engine.TurnOn{Copy: true}); err != nil {
		t.Fatal(err)
	}
	w.step(time.Minute)
	w.shop.Fault(channeltest.Fault{Call: channeltest.ListOrders, Kind: channeltest.TooMany, After: 2 * time.Minute})
	called := func(int) { w.engine.Hooked(w.store, channel.Hook{Orders: true}) }
	if n := w.pulls(channeltest.ListOrders, 100, called); n != 1 {
		t.Errorf("%d order pulls, want the one that was refused", n)
	}
	if n := w.pulls(channeltest.ListOrders, 30, called); n == 0 {
		t.Error("no order pull after the cool-down")
	}
}

// TestAChannelWithoutCalls: nothing is offered and nothing is taken.
func TestAChannelWithoutCalls(t *testing.T) {
	w := newLate(t, memory.Options{}, true)
	if _, err := w.engine.HookSheet(w.store); !errors.Is(err, engine.ErrNoHooks) {
		t.Errorf("the sheet: %v", err)
	}
	if _, err := w.engine.ReadHook(w.store, http.Header{}, nil); !errors.Is(err, engine.ErrNoHooks) {
		t.Errorf("a call: %v", err)
	}
	if err := w.engine.SetHookSecret(w.store, "k"); !errors.Is(err, engine.ErrNoHooks) {
		t.Errorf("a key: %v", err)
	}
}
