package etsy

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// limited is a shop with limits; waiting lets its clock go on.
func limited(t *testing.T, perSecond, perDay int, plain bool) *scene {
	t.Helper()
	o := practicetest.EtsyOptions{}
	o.PerSecond, o.PerDay, o.PlainLists = perSecond, perDay, plain
	return newScene(t, o, nil)
}

// TestSecondsAreKeptTo: what is left of a second is read from the answers (etsy.md, "Rate limits").
func TestSecondsAreKeptTo(t *testing.T) {
	s := limited(t, 5, 5000, false)
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
	began := s.Now()
	for i := range 40 {
		if _, err := s.store.ReadStock(t.Context(), []channel.Ref{mug}); err != nil {
			t.Fatalf("reading %d: %v", i, err)
		}
	}
	if took := s.Now().Sub(began); took < 7*time.Second || took > 9*time.Second {
		t.Errorf("41 calls at 5 a second took %v", took)
	}
	if n := s.rec.Refused(); n != 0 {
		t.Errorf("%d calls were refused", n)
	}
}

// TestOrdersHaveTheirPart: before a day's quota is gone, what is left is kept for orders (etsy.md, "Rate limits").
func TestOrdersHaveTheirPart(t *testing.T) {
	s := limited(t, 5, 1000, false)
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
	var stopped error
	pushed := 0
	for i := 0; i < 1000 && stopped == nil; i++ {
		if stopped = s.push(t, mug, int64(1+i%9)); stopped == nil {
			pushed++
		}
	}
	var e *channel.Error
	if !errors.As(stopped, &e) || e.Kind != channel.Throttled || !e.RetryAt.After(s.Now()) {
		t.Fatalf("after %d pushes: %v", pushed, stopped)
	}
	if pushed < 390 || pushed > 400 {
		t.Errorf("%d pushes of two calls with 1,000 calls, want nearly 400", pushed)
	}
	if !strings.Contains(e.Message, "kept for orders") || e.RetryAt.Sub(s.Now()) > 10*time.Minute {
		t.Errorf("told %q, orders wait until %v after now", e.Message, e.RetryAt.Sub(s.Now()))
	}
	// The program is closed and opened again: the day goes on where it was, which no call is needed to know.
	s.reopen(t, nil)
	before := s.Calls(channeltest.AnyCall)
	if err := s.push(t, mug, 3); !errors.As(err, &e) || e.Kind != channel.Throttled || s.Calls(channeltest.AnyCall) > before+2 {
		t.Errorf("after a start: %v with %d calls", err, s.Calls(channeltest.AnyCall)-before)
	}
	for range 60 {
		for _, err := range s.store.ListOrders(t.Context(), nil) {
			if err != nil {
				t.Fatalf("an order pull after the pushes stopped: %v", err)
			}
		}
	}
	// The day slides: a day later everything goes on.
	s.Advance(25 * time.Hour)
	must(t, s.push(t, mug, 3))
}

// TestTheDayIsGone: Etsy has been seen to say 86400 (etsy.md, "Rate limits"); the store is asked again after an hour.
func TestTheDayIsGone(t *testing.T) {
	s := limited(t, 5, 20, false)
	var last error
	for range 20 {
		for _, err := range s.store.ListOrders(t.Context(), nil) {
			last = err
		}
	}
	var e *channel.Error
	if !errors.As(last, &e) || e.Kind != channel.Throttled || !e.RetryAt.After(s.Now()) {
		t.Errorf("when the day was gone: %v, again at %v", last, e)
	}
}

// TestSweepOfTenThousand: a hundred listings a call where lists come with inventories, and twice as many calls where they
// do not; the bound of performance.md for the largest shop at 5 calls a second is 40 s.
func TestSweepOfTenThousand(t *testing.T) {
	for _, c := range []struct {
		plain bool
		calls int
		took  time.Duration
	}{{false, 2 + 102 + 7, 23 * time.Second}, {true, 2 + 2*102 + 7 + 1, 43 * time.Second}} {
		s := limited(t, 5, 5000, c.plain)
		for i := range 10_000 {
			s.AddListing(channeltest.Goods{SKU: fmt.Sprint("S", i), Title: "Goods", Quantity: 3})
		}
		s.Advance(time.Hour)
		began, before, n := s.Now(), s.Calls(channeltest.AnyCall), 0
		for p, err := range s.store.ListListings(t.Context(), nil) {
			must(t, err)
			n += len(p.Items)
		}
		calls, took := s.Calls(channeltest.AnyCall)-before, s.Now().Sub(began)
		if n != 10_000 || calls > c.calls || took > c.took {
			t.Errorf("plain %v: %d listings by %d calls in %v, want 10,000 by at most %d in %v", c.plain, n, calls, took, c.calls, c.took)
		}
		if n := s.rec.Refused(); n != 0 {
			t.Errorf("%d calls were refused", n)
		}
	}
}

// TestRefreshOfTenThousand: a listing takes a reading and a writing call (etsy.md, 3.2), so ten thousand take 20,000 of the
// 100,000 calls that an app with raised limits has, at 150 a second (performance.md).
func TestRefreshOfTenThousand(t *testing.T) {
	const listings, perSecond = 10_000, 150
	o := practicetest.EtsyOptions{}
	o.PerSecond, o.PerDay = perSecond, 100_000
	s := newScene(t, o, func(d *channel.Deps, _ *channel.Settings) { d.Log = nil })
	refs := make([]channel.Ref, listings)
	for i := range refs {
		refs[i] = s.AddListing(channeltest.Goods{SKU: fmt.Sprint("S", i), Title: "Goods", Quantity: 3})
	}
	got := practicetest.Refresh(t, s.store, s.Clock, refs, 7)
	bound := time.Duration(2*listings) * time.Second / perSecond
	if n := s.Written(); n != listings || s.rec.Refused() != 0 || got.Waits != 0 || got.Push > bound*105/100 {
		t.Errorf("%d written in %v with %d refusals and %d waits, want %d within 1.05 of %v", n, got.Push, s.rec.Refused(), got.Waits, listings, bound)
	}
}
