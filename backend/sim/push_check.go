package sim

import (
	"context"
	"slices"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/db"
)

// barrierLimit is how long the slowest store is waited for (product.md I6); agreeAfter is how far apart two pulls are
// that let a number lower than expected be raised (I8).
const (
	barrierLimit = 60 * time.Second
	agreeAfter   = 60 * time.Second
)

// PushStock lets a write through and checks that it was one that may be, before and after.
func (w *watched) PushStock(ctx context.Context, batch []channel.StockLevel) ([]channel.Result, error) {
	w.enter(channeltest.PushStock)
	w.at.pushes++
	w.mayPush()
	writes := make([]write, len(batch))
	w.at.hot = nil
	for i, level := range batch {
		w.sim.trace("    %s to %d", level.Listing, level.Available)
		writes[i] = w.before(level)
		w.at.hot = append(w.at.hot, writes[i].listing)
	}
	w.inOrder(writes)
	if w.poisoned(writes) {
		return nil, &channel.Error{Kind: channel.Invalid, Op: "push stock", Code: channel.CodeInvalid}
	}
	results, err := w.Store.PushStock(ctx, batch)
	for _, wr := range writes {
		w.after(wr)
	}
	w.wrote(results, err)
	return results, w.leave(err)
}

// poisoned reports whether the shop refuses a batch because of one listing in it.
func (w *watched) poisoned(writes []write) bool {
	return slices.ContainsFunc(writes, func(wr write) bool { return wr.listing == w.at.poison && !w.sim.calm })
}

// inOrder checks that what is known to rise comes after what is known to fall (I10).
func (w *watched) inOrder(writes []write) {
	rises := false
	for _, wr := range writes {
		if wr.known && rises && wr.want < wr.was {
			w.sim.fail("I10: listing %d/%s falls after another has risen", w.at.i, wr.listing.ref.Listing)
		}
		rises = rises || (wr.known && wr.want > wr.was)
	}
}

// mayPush checks what must hold for the store as a whole.
func (w *watched) mayPush() {
	s, now := w.sim, w.sim.r.Clock.Now()
	st := s.store(w.at.i)
	if !st.On() || s.paused(st) {
		s.fail("V13: shop %d was written to, sync %s, paused %v", w.at.i, st.Sync, s.paused(st))
	}
	most := w.Capabilities().OrderFreshness
	if age := now.Sub(w.at.pulled); w.at.pulled.IsZero() || age > most {
		s.fail("V22: shop %d was written to on orders that are %s old", w.at.i, age)
	}
	for _, other := range s.shops {
		if s.jumped.After(s.woke) || !s.lost.Before(s.woke) {
			break // a program cannot know how long it slept, nor ask anybody without books
		}
		if s.cooling(other) { // it is left behind, and nobody waits for it any more
			other.asked = true
		}
		if s.store(other.i).On() && !other.asked && now.Sub(s.woke) < barrierLimit {
			s.fail("I6: shop %d was written to before shop %d was asked for orders", w.at.i, other.i)
		}
	}
}

func (s *Sim) paused(st db.Store) (paused bool) {
	s.view(func(tx *db.Tx) error {
		v, err := tx.Meta("paused")
		paused = v == "1" || st.Paused
		return err
	})
	return paused
}

// write is one number on its way.
type write struct {
	listing *listing
	want    int64
	was     int64
	taken   int64 // by the shop, before the write
	known   bool  // the program expected to find what is there
	unseen  int64 // units sold that the program had every chance to see
	cancels int   // so far
}

// before checks that the number is the right one and notes what must survive it.
func (w *watched) before(level channel.StockLevel) write {
	s, key := w.sim, w.key(level.Listing)
	l := w.at.listing(level.Listing)
	if l == nil {
		s.fail("O5: listing %s was written to, which the marketplace sends", key)
	}
	p := s.m.Links[key]
	if p == nil || !p.Counted {
		s.fail("V15: listing %s was written to, though its product was never counted", key)
	}
	if s.drafts[key] {
		s.fail("V15: listing %s was written to, though it is a draft", key)
	}
	if !slices.Contains(append(s.recent[p], target(p)), level.Available) {
		s.fail("V19: %d was sent to listing %s, the target is %d", level.Available, key, target(p))
	}
	if l.gone {
		return write{listing: l}
	}
	wr := write{listing: l, want: level.Available, was: w.at.Quantity(l.ref), taken: w.at.taken(l), cancels: w.at.cancels}
	s.view(func(tx *db.Tx) error {
		if d, err := tx.Dirty(s.id(w.at), s.spot(w.at, l)); err == nil && (d.Left || d.Held != "") {
			s.fail("T3: listing %s was written to, though it was to be left as it is: %+v", key, d)
		}
		pushed, err := tx.Pushed(s.id(w.at), s.spot(w.at, l))
		wr.known = err == nil && pushed.Expect == wr.was
		return nil
	})
	for _, o := range w.at.orders {
		for _, line := range o.lines {
			if line.of == l && !o.gone && !w.excused(o, wr) {
				wr.unseen += max(0, line.taken-line.told)
			}
		}
	}
	return wr
}

// target is the number every listing of a product shows.
func target(p *Product) int64 {
	n, _ := p.Available()
	return max(0, n-p.heldBack)
}

// excused reports whether a write may give back what was sold by an order: nobody could have known. Without compare-and-
// set or differences a sale between the last reading and the write cannot be seen; an order that no answer shows is only
// waited for, and only where the number is lower than it should be.
func (w *watched) excused(o *order, wr write) bool {
	if o.afterRead && !w.at.kind.compares() && w.at.kind != MemoryDelta {
		return true
	}
	if !o.hidden.After(w.at.pulled) {
		return false
	}
	low := false
	w.sim.view(func(tx *db.Tx) error {
		p, err := tx.Pushed(w.sim.id(w.at), w.sim.spot(w.at, wr.listing))
		low = err == nil && wr.was < p.Expect
		return nil
	})
	return !low || wr.listing.drift || wr.want <= wr.was || w.sim.now().Sub(o.placed) >= agreeAfter || w.sim.jumped.After(o.placed)
}

// after checks V23: a write that took effect gave nothing back that customers have bought. A number that is applied later is
// one that the shop took before what is sold meanwhile; nobody can look between the two.
func (w *watched) after(wr write) {
	if wr.listing.gone || w.at.kind.later() {
		return
	}
	q := w.at.Quantity(wr.listing.ref)
	sold := w.at.taken(wr.listing) - wr.taken
	if q == wr.was-sold || w.at.cancels != wr.cancels {
		return // no effect, or what customers gave back is mixed with it
	}
	during := int64(0)
	if w.at.kind == MemoryDelta {
		during = sold
	}
	if q > wr.want-wr.unseen-during {
		w.sim.fail("V23: listing %d/%s went from %d to %d and gave back %d sold units", w.at.i, wr.listing.ref.Listing, wr.was, q, wr.unseen+during)
	}
	if wr.unseen == 0 {
		wr.listing.drift = false
	}
}
