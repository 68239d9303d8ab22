package sim

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/db"
)

// watched is a shop's connector with the simulation looking on.
type watched struct {
	channel.Store
	sim *Sim
	at  *shop
}

var (
	_ channel.Clock   = (*watched)(nil)
	_ channel.Tracker = (*watched)(nil)
	_ channel.Locator = (*watched)(nil)
	_ channel.Settler = (*watched)(nil)
)

// enter checks what must hold whenever the engine calls a shop.
func (w *watched) enter(call channeltest.Call) {
	s := w.sim
	if s.r == nil {
		return // being built
	}
	now := s.now()
	s.trace("  shop %d: %s", w.at.i, call)
	if now.Before(w.at.cool) && s.mode != connecting { // nobody knows whose account it is before it is asked
		s.fail("V25: shop %d was called (%s) %s before it may be", w.at.i, call, w.at.cool.Sub(now))
	}
	st := s.store(w.at.i)
	reads := call == channeltest.ListListings || call == channeltest.AnyCall
	if st.Removed && s.mode != connecting {
		s.fail("C1: shop %d was called (%s) after it was removed", w.at.i, call)
	}
	if !st.On() && !reads && s.mode != turning && s.mode != looking {
		s.fail("V13: shop %d was called (%s) while its sync is off", w.at.i, call)
	}
	if call == channeltest.ListOrders {
		w.at.tried, w.at.asked, w.at.owes = now, true, false
	}
}

// leave notes how a call went. What a busy shop asks for is told in the computer's time.
func (w *watched) leave(err error) error {
	if w.at.sound = err == nil; err != nil {
		w.at.failed, w.at.owes = w.sim.r.Clock.Now(), false // the work breaks off, and begins with orders when it goes on
	}
	var e *channel.Error
	if !errors.As(err, &e) || e.Kind != channel.Throttled {
		return err
	}
	throttled := *e
	if !w.at.simple() {
		throttled.RetryAt = e.RetryAt.Add(w.sim.r.skewed)
	}
	w.at.cool = throttled.RetryAt.Add(-w.sim.r.skewed)
	w.sim.trace("  shop %d: busy until %s", w.at.i, w.at.cool.Format(time.TimeOnly))
	return &throttled
}

func (w *watched) Check(ctx context.Context) (channel.Account, error) {
	w.enter(channeltest.AnyCall)
	a, err := w.Store.Check(ctx)
	return a, w.leave(err)
}

func (w *watched) StoreTime(ctx context.Context) (time.Time, error) {
	w.enter(channeltest.AnyCall)
	t, err := w.Store.(channel.Clock).StoreTime(ctx)
	return t, w.leave(err)
}

func (w *watched) Track(ctx context.Context, level channel.StockLevel) error {
	w.enter(channeltest.PushStock)
	return w.leave(w.Store.(channel.Tracker).Track(ctx, level))
}

func (w *watched) Locations(ctx context.Context) ([]channel.Location, error) {
	w.enter(channeltest.AnyCall)
	places, err := w.Store.(channel.Locator).Locations(ctx)
	return places, w.leave(err)
}

// Settle lets the question through what became of numbers that the shop took. Those it has applied want a second look at
// its orders, as those do that it writes at once.
func (w *watched) Settle(ctx context.Context, handles []string) ([]channel.Result, error) {
	w.enter(channeltest.AnyCall)
	results, err := w.Store.(channel.Settler).Settle(ctx, handles)
	w.wrote(results, err)
	return results, w.leave(err)
}

// wrote notes that the shop owes a look at its orders when numbers took effect. A shop that can be asked for orders seldom is
// looked at when it is due (I7).
func (w *watched) wrote(results []channel.Result, err error) {
	took := func(r channel.Result) bool { return r.Err == nil && r.Pending == "" }
	w.at.owes = err == nil && (w.at.owes || slices.ContainsFunc(results, took)) && w.Capabilities().OrderFreshness <= agreeAfter
}

func (w *watched) ReadStock(ctx context.Context, refs []channel.Ref) ([]channel.Reading, error) {
	w.enter(channeltest.ReadStock)
	w.at.hot = nil
	for _, ref := range refs {
		if l := w.at.listing(ref.Listing); l != nil {
			w.at.hot = append(w.at.hot, l)
		}
	}
	r, err := w.Store.ReadStock(ctx, refs)
	return r, w.leave(err)
}

func (w *watched) ListListings(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Listing], error] {
	return func(yield func(channel.Page[channel.Listing], error) bool) {
		w.enter(channeltest.ListListings)
		for page, err := range w.Store.ListListings(ctx, since) {
			w.sim.pending = func() { w.tellListings(page.Items) }
			if !yield(page, w.leave(err)) || err != nil {
				w.sim.pending = nil
				return
			}
			w.sim.flush()
		}
	}
}

// tellListings feeds the model with listings that were kept.
func (w *watched) tellListings(listings []channel.Listing) {
	for _, l := range listings {
		w.sim.m.ToldListing(w.key(l.Ref), l.SKU, l.Status == channel.Active && !l.Fulfilled) // what a marketplace sends makes no product
		w.sim.drafts[w.key(l.Ref)] = l.Status != channel.Active
	}
}

func (w *watched) key(ref string) string { return fmt.Sprint(w.at.i, "/", ref) }

func (w *watched) ListOrders(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Order], error] {
	return func(yield func(channel.Page[channel.Order], error) bool) {
		w.enter(channeltest.ListOrders)
		began := w.sim.r.Clock.Now()
		if !w.oldPage(since, yield) {
			return
		}
		for page, err := range w.Store.ListOrders(ctx, since) {
			answer := w.answer(page.Items)
			if w.sim.mode != looking {
				w.sim.pending = func() { w.tell(answer) }
			}
			if !yield(page, w.leave(err)) || err != nil {
				w.sim.pending = nil
				return
			}
			w.sim.flush()
		}
		w.at.pulled = began
	}
}

// oldPage answers what the shop said long ago once more, ahead of what it says now: nothing may come of it.
func (w *watched) oldPage(since channel.Cursor, yield func(channel.Page[channel.Order], error) bool) bool {
	if !w.at.replays || w.sim.mode == looking {
		return true
	}
	w.at.replays = false
	page := channel.Page[channel.Order]{Next: since}
	for _, o := range slices.Backward(w.at.past) {
		known := w.at.order(o.Ref)
		if known.told && !known.toldGone && o.Updated.Before(known.toldAt) {
			page.Items = append(page.Items, o)
		}
	}
	w.sim.trace("  shop %d: %d old states come again", w.at.i, len(page.Items))
	return yield(page, nil)
}

func (w *watched) GetOrders(ctx context.Context, refs []string) ([]channel.Order, error) {
	w.enter(channeltest.GetOrders)
	orders, err := w.Store.GetOrders(ctx, refs)
	if err == nil && w.sim.mode != looking {
		answer := w.answer(orders)
		w.sim.pending = func() { w.tell(answer) }
	}
	return orders, w.leave(err)
}

// answer is what an answer says, as the customers know it.
func (w *watched) answer(orders []channel.Order) []Told {
	var out []Told
	for _, o := range orders {
		known := w.at.order(o.Ref)
		if known == nil {
			w.sim.fail("shop %d shows order %s, which nobody placed", w.at.i, o.Ref)
		}
		if t, ok := w.at.frozen[o.Ref]; ok {
			out = append(out, t)
		} else {
			out = append(out, w.at.state(known))
		}
		if !o.Gone {
			w.at.past = append(w.at.past, o)
		}
	}
	w.at.frozen = nil
	return out
}

// tell feeds the model with an answer that was booked.
func (w *watched) tell(orders []Told) {
	for _, t := range orders {
		o := w.at.order(t.Ref)
		if t.Gone && !o.told {
			continue
		}
		o.told, o.toldAt, o.toldGone = true, t.Updated, t.Gone
		for i, l := range o.lines {
			l.told = t.Lines[i].Taken
		}
		w.sim.m.Tell(t)
	}
}

// store is what the books say about a shop.
func (s *Sim) store(i int) (st db.Store) {
	if i >= len(s.r.Stores) {
		return db.Store{}
	}
	s.view(func(tx *db.Tx) (err error) { st, err = tx.Store(s.r.Stores[i]); return err })
	return st
}

func (s *Sim) view(fn func(tx *db.Tx) error) {
	if err := s.r.DB.View(fn); err != nil {
		s.fail("read the books: %v", err)
	}
}
