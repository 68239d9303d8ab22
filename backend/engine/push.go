package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

const (
	// pushRounds is how often a listing that moved between two readings goes round again within a cycle
	// (channels/README.md 1.4); after that it waits for the next one, shown as busy.
	pushRounds = 3
	// pushSlice is how many listings are read, compared and written between two looks at orders. It keeps a slice within
	// 30 s (I10) at half a second a call: 10 reads of 100, and writes in batches of 50.
	pushSlice = 500
)

// cycle is the heart: orders first, then every listing that has something new is brought to its number.
//
// On channels without compare-and-set a number is written only if it was read twice, before and after the orders, and
// was the same both times: a sale in between shows in one of the two (I7). With compare-and-set the reading from before
// the orders is the condition of the write. After writing, the orders are read once more, and what they changed goes
// round again.
func (l *lane) cycle(ctx context.Context, v *visit) error {
	rows, err := v.duePlan()
	if err != nil {
		return err
	}
	canPush, err := v.mayPush()
	if err != nil {
		return err
	}
	l.setBehind(false)
	if len(rows) == 0 || !canPush || l.waitsBehindBarrier() {
		if err := v.pullOrders(ctx, false); err != nil {
			return err
		}
		if rows, err = v.duePlan(); err != nil || len(rows) == 0 {
			return err
		}
	}
	if !canPush {
		v.run.Pending += int64(len(rows))
		v.run.Note = "Sending is paused. What has changed is sent as soon as you let it go on."
		return nil
	}
	if l.waitsBehindBarrier() {
		v.run.Pending += int64(len(rows))
		l.setBehind(true) // the lane looks again in a moment
		return nil
	}
	return v.push(ctx, rows)
}

// mayPush reports whether writes to the store are wanted at all.
func (v *visit) mayPush() (bool, error) {
	paused := false
	err := v.view(func(tx *db.Tx) error {
		s, err := tx.Store(v.l.id)
		if err != nil {
			return err
		}
		v.store = s
		paused, err = isPaused(tx, s)
		return err
	})
	return !paused && v.store.On(), err
}

// waitsBehindBarrier reports whether other stores have to be asked for their orders before this one may be pushed.
func (l *lane) waitsBehindBarrier() bool {
	var on []uint32
	err := l.e.o.DB.View(func(tx *db.Tx) error {
		for _, s := range tx.Stores() {
			if s.On() && s.Needs == "" {
				on = append(on, s.ID)
			}
		}
		return nil
	})
	return err != nil || len(l.e.barrier.waitsFor(l.e.now(), on)) > 0
}

// push brings rows to their numbers, a slice at a time.
func (v *visit) push(ctx context.Context, rows []row) error {
	counted, err := v.countedListings()
	if err != nil {
		return err
	}
	guard := newCatch(counted)
	if len(rows) > v.slice() || len(v.compared) > 0 { // judge the whole before the first of it is sent
		guard.see(rows, v.shown)
		guard.changes, guard.zeros = 0, 0
		if rows, err = v.holdCompared(rows, guard); err != nil {
			return err
		}
	}
	for total := len(rows); len(rows) > 0; {
		v.l.progress.step(phaseSend, int64(total-len(rows)), int64(total), v.l.e.now())
		end := v.whole(rows, v.slice())
		p := v.pushing(guard, rows[:end])
		if end == len(rows) {
			p.only = nil // the last slice takes in what the orders brought meanwhile
		}
		if err := p.rounds(ctx); err != nil {
			return err
		}
		cut := p.cutOff(rows[:end])
		rows = rows[end-len(cut):]
		copy(rows, cut)
	}
	return v.stamp(func(l *db.Lane) { l.InventorySync = v.l.e.now().UnixMilli() })
}

// slice is how many listings go in one slice.
func (v *visit) slice() int { return cmp.Or(v.sliceMost, v.caps.Slice, pushSlice) }

// whole is how many of rows the first n are: some more where they end within a parent's listings that travel together.
func (v *visit) whole(rows []row, n int) int {
	n = min(n, len(rows))
	for v.caps.PushWholeParent && n < len(rows) && rows[n].listing.Parent != "" && rows[n].listing.Parent == rows[n-1].listing.Parent {
		n++
	}
	return n
}

// shown is what a listing shows as far as anybody knows.
func (v *visit) shown(r row) (int64, bool) {
	c, ok := v.compared[r.spot()]
	switch {
	case ok:
		return c.has, true
	case r.expect != nil:
		return *r.expect, true
	}
	return 0, false
}

// pushing is one slice on its way to the shop.
type pushing struct {
	*visit
	guard    *catch
	only     map[string]bool // nil: whatever is due
	readings map[string]*int64
	gens     map[string]uint64 // of the marks when they were read
	wrote    bool
	late     bool // the orders were too old for the first batch already
	again    bool // something has to go round once more
	seen     map[string]bool
}

// pushing begins a slice. What a hard refresh has just read counts as read before the orders, once.
func (v *visit) pushing(guard *catch, rows []row) *pushing {
	p := &pushing{visit: v, guard: guard, only: map[string]bool{}, readings: map[string]*int64{}, gens: map[string]uint64{}, seen: guard.judged}
	for _, r := range rows {
		spot := r.spot()
		p.only[spot] = true
		if c, ok := v.compared[spot]; ok {
			p.readings[spot], p.gens[spot] = &c.has, c.gen
			delete(v.compared, spot)
		}
	}
	return p
}

// shorten leaves the second half of the rows to the next slice, and has slices be as short from then on: to read all of them
// takes longer than orders stay fresh.
func (p *pushing) shorten(rows []row) {
	p.sliceMost = p.whole(rows, max(1, len(rows)/2))
	p.only = map[string]bool{}
	for _, r := range rows[:p.sliceMost] {
		p.only[r.spot()] = true
	}
}

// cutOff returns the rows of the slice that it was shortened by.
func (p *pushing) cutOff(rows []row) (out []row) {
	for _, r := range rows {
		if p.only != nil && !p.only[r.spot()] {
			out = append(out, r)
		}
	}
	return out
}

// rounds reads, pulls, compares and writes until nothing is left to do, at most pushRounds times with writes.
func (p *pushing) rounds(ctx context.Context) error {
	rows, err := p.mine()
	if err != nil {
		return err
	}
	if rows, err = p.settleAccepted(ctx, rows); err != nil {
		return err
	}
	if len(rows) == 0 {
		if err := p.lookAgain(ctx); err != nil {
			return err
		}
		if rows, err = p.mine(); err != nil || len(rows) == 0 {
			return err
		}
	}
	for round := 0; round <= pushRounds; round++ {
		if err := p.readNew(ctx, rows); err != nil {
			return err
		}
		if round > 0 {
			p.l.progress.step(phaseAgain, 0, 0, p.l.e.now())
		}
		if round == 0 || !p.slow() || !p.l.pulledWithin(p.caps.OrderFreshness) {
			if err := p.pullOrders(ctx, false); err != nil {
				return err
			}
		}
		if rows, err = p.mine(); err != nil || len(rows) == 0 {
			return err
		}
		if round == pushRounds {
			return p.busy(rows)
		}
		p.wrote, p.again, p.late = false, false, false
		if err := p.bring(ctx, rows); err != nil {
			return err
		}
		if p.late {
			p.shorten(rows)
		}
		if !p.wrote && !p.again {
			return nil
		}
		if rows, err = p.mine(); err != nil {
			return err
		}
	}
	return nil
}

// lookAgain is the second look at orders after numbers that the shop has applied by now: it has overwritten what was sold
// since it took them (I7).
func (p *pushing) lookAgain(ctx context.Context) error {
	if !p.wrote || p.slow() && p.l.pulledWithin(p.caps.OrderFreshness) {
		return nil
	}
	return p.pullOrders(ctx, false)
}

// slow reports whether the channel gives its orders out so seldom that they are not read again before every round: what
// was sold meanwhile shows in the number before its order does, and such a number is not raised (product.md I8).
func (p *pushing) slow() bool { return p.caps.OrderFreshness > agreeAfter }

// mine returns the due rows of this slice.
func (p *pushing) mine() ([]row, error) {
	if p.only == nil {
		return p.duePlan()
	}
	return p.dueOf(slices.Sorted(maps.Keys(p.only)))
}

// busy leaves rows that kept moving to the next cycle.
func (p *pushing) busy(rows []row) error {
	p.run.Pending += int64(len(rows))
	return each(p.visit, rows, func(tx *db.Tx, r row) error {
		return p.amend(tx, r, func(d *db.Dirty) error {
			d.Code, d.Message = CodeBusy, "The shop sold it again and again while it was read. It is sent with the next sync."
			d.NotBefore = p.l.e.now().Add(recheckAfter).UnixMilli()
			return nil
		})
	})
}

// readNew reads the rows that have no reading yet: the one from before the orders.
func (p *pushing) readNew(ctx context.Context, rows []row) error {
	var fresh []row
	for _, r := range rows {
		if _, ok := p.readings[r.spot()]; !ok {
			p.gens[r.spot()] = r.dirty.Gen
			fresh = append(fresh, r)
		}
	}
	read, err := p.read(ctx, fresh)
	if err != nil {
		return err
	}
	for spot, q := range read {
		p.readings[spot] = q
	}
	return nil
}

// read asks the shop what it holds now. A listing the shop cannot tell about is dealt with and left out of the answer.
func (v *visit) read(ctx context.Context, rows []row) (map[string]*int64, error) {
	return v.readShowing(ctx, rows, func(int) error { return nil })
}

// readAll is read of a whole store, which shows how far it is and can be stopped between two batches.
func (v *visit) readAll(ctx context.Context, rows []row) (map[string]*int64, error) {
	out, err := v.readShowing(ctx, rows, func(done int) error {
		v.l.progress.step(phaseNumbers, int64(done), int64(len(rows)), v.l.e.now())
		return ctx.Err()
	})
	if err == nil {
		err = ctx.Err()
	}
	return out, err
}

// readShowing calls show before every batch, with the rows that are done.
func (v *visit) readShowing(ctx context.Context, rows []row, show func(done int) error) (map[string]*int64, error) {
	out := make(map[string]*int64, len(rows))
	done := 0
	for batch := range slices.Chunk(rows, max(1, v.caps.ReadBatch)) {
		if err := show(done); err != nil {
			return nil, err
		}
		done += len(batch)
		refs := make([]channel.Ref, len(batch))
		for i, r := range batch {
			refs[i] = r.ref()
		}
		readings, err := v.shop.ReadStock(ctx, refs)
		if err != nil {
			return nil, err
		}
		if len(readings) != len(refs) {
			return nil, &channel.Error{Kind: channel.Transient, Op: "read numbers", Code: channel.CodeBadAnswer}
		}
		if err := v.keepReadings(batch, readings, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// proves reports whether the last reading of a row shows that it has its number.
func (v *visit) proves(r row, has int64) bool { return max(0, has) == r.want && !v.doubtful[r.spot()] }

// keepReadings writes down what was read and sorts out the listings that have no number.
func (v *visit) keepReadings(rows []row, readings []channel.Reading, out map[string]*int64) error {
	return v.update(func(tx *db.Tx) error {
		for i, reading := range readings {
			r := rows[i]
			l, err := tx.Listing(v.l.id, r.listing.Ref)
			if err != nil {
				return err
			}
			switch {
			case reading.Err != nil && channel.KindOf(reading.Err) == channel.Missing:
				if err := vanish(tx, l); err != nil {
					return err
				}
				v.refuse(l.SKU, l.Ref, channel.CodeMissing, fmt.Sprintf("%s no longer has this listing.", v.store.Name))
			case reading.Err != nil:
				if err := v.putOff(tx, r, reading.Err); err != nil {
					return err
				}
			case reading.Quantity == nil:
				l.Tracked, l.Quantity, l.ReadAt = false, nil, tx.Now()
				if err := errors.Join(tx.PutListing(l), tx.ForgetListing(l.Store, l.Ref)); err != nil {
					return err
				}
				v.refuse(l.SKU, l.Ref, channel.CodeUntracked, "The shop keeps no stock for this listing, so it takes no number.")
			default:
				out[r.spot()] = reading.Quantity
				if delete(v.doubtful, r.spot()); reading.Doubtful {
					v.doubtful[r.spot()] = true
				}
				if r.location != "" {
					continue // the listing keeps no single number
				}
				if l.Quantity == nil || *l.Quantity != *reading.Quantity || tx.Now()-l.ReadAt > int64(time.Minute/time.Millisecond) {
					l.Quantity, l.ReadAt = reading.Quantity, tx.Now()
					if err := tx.PutListing(l); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}
