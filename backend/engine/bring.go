package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// codeUnexplained marks a listing that waits for a second pull to agree.
const codeUnexplained = "unexplained"

// approvalLasts is how long the user's yes to a row passes the safety catch (product.md T4).
const approvalLasts = 24 * time.Hour

// verdict is what a comparison says about one row.
type verdict struct {
	row
	has *int64 // the reading from after the orders; with compare-and-set the one from before
}

// bring compares the rows with what the shop shows now and writes those that differ and may be written.
func (p *pushing) bring(ctx context.Context, rows []row) error {
	now := p.readings
	if !p.caps.CompareAndSet {
		var err error
		if now, err = p.read(ctx, rows); err != nil {
			return err
		}
	}
	var right, write []verdict
	var low, taken []row
	for _, r := range rows {
		ref := r.spot()
		has, ok := now[ref]
		before, asked := p.readings[ref]
		switch {
		case !ok && p.caps.CompareAndSet:
			p.again = true // a mark the orders just made: it has no reading from before them yet
		case !ok: // the shop could not tell; dealt with while reading
		case p.caps.CompareAndSet && max(0, *has) == r.want && r.dirty.Gen != p.gens[ref]:
			delete(now, ref) // right before the orders, which have changed it: who knows what it shows now
			p.again = true
		case r.applying() && max(0, *has) != r.want && !r.overdue(p.l.e.now()):
			taken = append(taken, r)
		case r.overtakes() && !r.arrived(p.l.e.now()): // right until the number arrives that is on its way
			write = append(write, verdict{r, has})
		case p.proves(r, *has):
			right = append(right, verdict{r, has})
		case !asked || *before != *has:
			p.again = true // it moved, or was not read before the orders: once more
		case p.unexplained(r, *has):
			low = append(low, r)
		default:
			write = append(write, verdict{r, has})
		}
	}
	for ref, q := range now {
		p.readings[ref] = q
	}
	if err := p.unapplied(taken); err != nil {
		return err
	}
	if err := p.settled(right); err != nil {
		return err
	}
	if err := p.waitForAgreement(low); err != nil {
		return err
	}
	write, err := p.hold(write)
	if err != nil {
		return err
	}
	return p.write(ctx, write)
}

// unexplained reports whether a shop shows fewer units than it should with no order to say why, and our number would
// raise it: an order may be on its way that nobody can see yet. It is raised only when the same number is read again in
// a pull at least 60 s later (product.md I8).
func (p *pushing) unexplained(r row, has int64) bool {
	if r.expect == nil || r.want <= has || has >= *r.expect {
		return false
	}
	if r.dirty.Unknown && has == r.dirty.Want {
		return false // our own write arrived after all
	}
	since := p.l.e.now().UnixMilli() - r.dirty.LowAt
	return r.dirty.LowAt == 0 || r.dirty.LowValue != has || since < agreeAfter.Milliseconds()
}

// waitForAgreement puts rows off until the next look in 30 s.
func (p *pushing) waitForAgreement(rows []row) error {
	if len(rows) == 0 {
		return nil
	}
	p.run.Pending += int64(len(rows))
	err := p.stamp(func(lane *db.Lane) { lane.Recheck = p.l.e.now().Add(recheckAfter).UnixMilli() })
	if err != nil {
		return err
	}
	return each(p.visit, rows, func(tx *db.Tx, r row) error {
		return p.amend(tx, r, func(d *db.Dirty) error {
			has := *p.readings[r.spot()]
			if d.LowAt == 0 || d.LowValue != has || d.LowAt > tx.Now() { // or the clock was set back
				d.LowAt, d.LowValue = tx.Now(), has
			}
			d.NotBefore = min(tx.Now()+recheckAfter.Milliseconds(), max(tx.Now()+1, d.LowAt+agreeAfter.Milliseconds()))
			d.Code, d.Message = codeUnexplained, fmt.Sprintf("The shop shows %d, fewer than expected, and no order says why. It is read again before it is raised to %d.", has, r.want)
			return nil
		})
	})
}

// hold lets the safety catch look at what is about to be written and keeps back what it holds.
func (p *pushing) hold(write []verdict) ([]verdict, error) {
	has := map[string]int64{}
	var fresh []row
	for _, w := range write {
		has[w.spot()] = *w.has
		if !p.seen[w.spot()] {
			p.seen[w.spot()] = true
			fresh = append(fresh, w.row)
		}
	}
	p.guard.see(fresh, func(r row) (int64, bool) { n, ok := has[r.spot()]; return n, ok })
	if p.guard.tripped == "" {
		return write, nil
	}
	var pass, held []verdict
	for _, w := range write {
		if w.exempt(*w.has) {
			pass = append(pass, w)
		} else {
			held = append(held, w)
		}
	}
	return pass, p.keepBack(held, p.guard.tripped)
}

// keepBack has rows wait for the user's approval, and says why.
func (v *visit) keepBack(held []verdict, why string) error {
	v.run.HeldRows += int64(len(held))
	return each(v, held, func(tx *db.Tx, w verdict) error {
		d, err := tx.Dirty(v.l.id, w.spot())
		if errors.Is(err, db.ErrNotFound) || (err == nil && d.Gen != w.dirty.Gen) {
			return nil // it changed meanwhile and is looked at again
		}
		if err != nil {
			return err
		}
		d.Held, d.Want, d.Has = why, w.want, *w.has
		return tx.PutDirty(v.l.id, w.spot(), d)
	})
}

// settled acknowledges rows the shop shows rightly already.
func (p *pushing) settled(rows []verdict) error {
	return each(p.visit, rows, func(tx *db.Tx, w verdict) error {
		if w.applying() && w.want == w.dirty.Want { // what the shop took some time ago
			return p.answer(tx, w, channel.Result{})
		}
		p.run.AlreadyRight++
		p.run.Checked++
		return p.acknowledge(tx, w.row, *w.has, nil)
	})
}

// acknowledge notes what a shop shows now and removes the mark, unless the listing was marked again meanwhile.
// sent is nil when nothing was written.
func (p *pushing) acknowledge(tx *db.Tx, r row, shows int64, sent *int64) error {
	spot := r.spot()
	d, err := tx.Dirty(p.l.id, spot)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	if err == nil && d.Gen == r.dirty.Gen {
		if err := tx.Clean(p.l.id, spot); err != nil {
			return err
		}
	}
	pushed, err := tx.Pushed(p.l.id, spot)
	if errors.Is(err, db.ErrNotFound) {
		pushed = db.Pushed{Seen: true}
	} else if err != nil {
		return err
	}
	pushed.Expect = shows
	if sent != nil {
		pushed.Value, pushed.At, pushed.Seen = *sent, tx.Now(), false
	}
	if err := tx.PutPushed(p.l.id, spot, pushed); err != nil {
		return err
	}
	l, err := tx.Listing(p.l.id, r.listing.Ref)
	if err != nil {
		return err
	}
	l.ReadAt, l.DriftSince = tx.Now(), 0
	if r.location == "" {
		l.Quantity = &shows
	}
	if err := tx.PutListing(l); err != nil {
		return err
	}
	return p.shownByMates(tx, l, pushed)
}

// shownByMates notes that listings which share a number show it too.
func (p *pushing) shownByMates(tx *db.Tx, l db.Listing, pushed db.Pushed) error {
	for _, m := range tx.Mates(l)[1:] {
		m.ReadAt, m.DriftSince, m.Quantity = l.ReadAt, 0, l.Quantity
		if err := errors.Join(tx.PutListing(m), tx.PutPushed(m.Store, m.Ref, pushed)); err != nil {
			return err
		}
	}
	return nil
}

// write sends the rows in batches. A store that is switched off or paused meanwhile gets no further batch, and no batch
// goes out on orders that are older than the channel allows (I6).
func (p *pushing) write(ctx context.Context, rows []verdict) error {
	for i, batch := range batches(rows, p.caps) {
		if err := ctx.Err(); err != nil {
			return err
		}
		ok, err := p.mayPush()
		if err != nil {
			return err
		}
		if !ok {
			p.run.Pending += int64(len(batch))
			continue
		}
		if !p.l.pulledWithin(p.caps.OrderFreshness) {
			p.again, p.late = true, i == 0
			return nil
		}
		if err := p.send(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// batches cuts rows as the channel wants them: never more than PushBatch, and a parent's listings together where the
// channel replaces them as a whole.
func batches(rows []verdict, c channel.Capabilities) [][]verdict {
	most := max(1, c.PushBatch)
	var out [][]verdict
	var at []verdict
	for i := 0; i < len(rows); {
		n := 1
		if c.PushWholeParent {
			for n < most && i+n < len(rows) && rows[i+n].listing.Parent == rows[i].listing.Parent && rows[i].listing.Parent != "" {
				n++
			}
		}
		if len(at) > 0 && len(at)+n > most {
			out, at = append(out, at), nil
		}
		at = append(at, rows[i:i+n]...)
		i += n
	}
	if len(at) > 0 {
		out = append(out, at)
	}
	return out
}
