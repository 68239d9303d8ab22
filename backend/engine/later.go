package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

const (
	// waitMost is how far off a shop may put a list; a later time is one from before the clock was set back. Reports are
	// ready within minutes (performance.md, "Pull N listings").
	waitMost  = time.Hour
	waitLeast = time.Second
	// settleSoon and settleEvery are the shortest and the longest time until a shop is asked again what became of a number
	// that it took and has not applied yet.
	settleSoon  = 5 * time.Second
	settleEvery = time.Minute
	// settleMost is how long a shop that cannot be asked is given to show such a number before it is sent again.
	settleMost = 15 * time.Minute
)

// waiting is the reason why a list was not read to its end: the shop is preparing it. It is no failure; what was read is
// kept, and the lane comes back then.
type waiting struct {
	at   time.Time
	what string
}

func (w *waiting) Error() string { return w.what + " are not ready yet" }

// note is what a person reads about it.
func (w *waiting) note(s db.Store) string {
	return fmt.Sprintf("%s is still preparing its %s. They are read on at %s, by themselves.", s.Name, w.what, w.at.Local().Format("15:04"))
}

// wait notes when a list may be read on, and returns why it is not read now.
func (v *visit) wait(at time.Time, what string, field func(*db.Lane) *int64) error {
	now := v.l.e.now()
	if at = at.Round(0); at.Before(now.Add(waitLeast)) {
		at = now.Add(waitLeast)
	}
	if most := now.Add(waitMost); at.After(most) {
		at = most
	}
	if err := v.stamp(func(l *db.Lane) { *field(l) = at.UnixMilli() }); err != nil {
		return err
	}
	return &waiting{at: at, what: what}
}

func orderWait(l *db.Lane) *int64   { return &l.OrderWait }
func listingWait(l *db.Lane) *int64 { return &l.ListingWait }
func sweepWait(l *db.Lane) *int64   { return &l.SweepWait }

// waitEnds is when a list that is being prepared may be read on; zero when none is.
func waitEnds(until int64, now time.Time) time.Time {
	at := time.UnixMilli(until)
	switch {
	case until == 0:
		return time.Time{}
	case at.After(now.Add(waitMost)): // from before the clock was set back
		return now
	}
	return at
}

// ToTheEnd does a person's work on a store's listings, and does it again when the shop has prepared what it was still preparing,
// for so long at most. Where lanes run they go on with the list, so that it is done once.
func (e *Engine) ToTheEnd(ctx context.Context, id uint32, most time.Duration, do func(context.Context, uint32) (db.Run, error)) (db.Run, error) {
	until := e.now().Add(most)
	for {
		run, err := do(ctx, id)
		if err != nil || run.Outcome != db.Partly || e.isRunning() {
			return run, err
		}
		var lane db.Lane
		if err := e.o.DB.View(func(tx *db.Tx) (err error) { lane, err = tx.Lane(id); return err }); err != nil {
			return run, err
		}
		now := e.now()
		ready := earlier(waitEnds(lane.SweepWait, now), waitEnds(lane.ListingWait, now))
		if ready.IsZero() || ready.After(until) {
			return run, nil
		}
		if err := e.o.Sleep(ctx, ready.Sub(now)); err != nil {
			return run, err
		}
	}
}

// accepted notes that the shop took a number and has not applied it yet. It counts as sent, not as written.
func (p *pushing) accepted(tx *db.Tx, w verdict, handle string) error {
	p.run.Pending++
	return p.amend(tx, w.row, func(d *db.Dirty) error {
		delete(p.readings, w.spot())
		d.Handle, d.HandleGen, d.HandleAt, d.Want = handle, w.dirty.Gen, tx.Now(), w.want
		d.Code, d.Message = codePending, fmt.Sprintf("The shop has taken %d and does not show it yet. It is looked at again.", w.want)
		if d.Gen == w.dirty.Gen {
			d.NotBefore = settleAt(d.HandleAt, tx.Now())
		}
		return p.log(tx, w, codePending)
	})
}

// settleAt is when a shop is asked again about a number that it took at a time: each time after as long as it has taken so far,
// since most are applied in a moment and some in an hour.
func settleAt(taken, now int64) int64 {
	age := time.Duration(now-taken) * time.Millisecond
	return now + min(max(age, settleSoon), settleEvery).Milliseconds()
}

// codePending marks a number that the shop took and does not show yet, in the mark and in the push history.
const codePending = "pending"

// applying reports whether the row is one that the shop took and has not applied yet. One that was marked again since is
// none: a newer number goes out over it.
func (r row) applying() bool { return r.dirty.Handle != "" && r.dirty.HandleGen == r.dirty.Gen }

// overtakes reports whether another number is on its way to the shop than the one that the row is to show by now. It is not
// waited for: the newer one is sent over it, even where the shop still shows that one.
func (r row) overtakes() bool {
	return r.dirty.Handle != "" && r.dirty.HandleGen != r.dirty.Gen && r.dirty.Want != r.want
}

// settleAccepted asks the shop what became of the numbers it took, where it can be asked, and returns the rows that are
// still to be looked at: those it can only be read for, and those it is done with in another way than applying them.
func (p *pushing) settleAccepted(ctx context.Context, rows []row) ([]row, error) {
	settler, ok := p.shop.(channel.Settler)
	if !ok {
		return rows, nil
	}
	var rest, asked []row
	for _, r := range rows {
		if r.applying() {
			asked = append(asked, r)
		} else {
			rest = append(rest, r)
		}
	}
	for start := 0; start < len(asked); start += max(1, p.caps.PushBatch) {
		batch := asked[start:min(len(asked), start+max(1, p.caps.PushBatch))]
		handles := make([]string, len(batch))
		for i, r := range batch {
			handles[i] = r.dirty.Handle
		}
		results, err := settler.Settle(ctx, handles)
		if err != nil {
			return nil, err
		}
		if len(results) != len(batch) {
			return nil, &channel.Error{Kind: channel.Transient, Op: "settle numbers", Code: channel.CodeBadAnswer}
		}
		_, err = p.l.e.o.DB.InPieces(context.Background(), p.l.e.now, len(batch), func(tx *db.Tx, i int) error {
			if err := p.told(tx, batch[i], results[i]); err != nil {
				return fmt.Errorf("listing %s: %w", batch[i].listing.Ref, err)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// told notes what became of a number the shop took.
func (p *pushing) told(tx *db.Tx, r row, res channel.Result) error {
	d, err := tx.Dirty(p.l.id, r.spot())
	if errors.Is(err, db.ErrNotFound) || err == nil && d.Handle != r.dirty.Handle {
		return nil
	}
	if err != nil {
		return err
	}
	if res.Err == nil && res.Pending != "" {
		p.run.Pending++
		d.Handle = res.Pending
		if d.Gen == d.HandleGen {
			d.NotBefore = settleAt(d.HandleAt, tx.Now())
		}
		return tx.PutDirty(p.l.id, r.spot(), d)
	}
	w := verdict{row: r}
	w.want = d.Want
	d.Handle = ""
	if err := tx.PutDirty(p.l.id, r.spot(), d); err != nil {
		return err
	}
	return p.answer(tx, w, channel.Result{Err: res.Err})
}

// overdue reports whether a shop that cannot be asked has had its time to show a number it took.
func (r row) overdue(now time.Time) bool {
	age := now.Sub(time.UnixMilli(r.dirty.HandleAt))
	return age < 0 || age >= settleMost
}

// arrived reports whether a number that another is sent over must be there by now. While the clock stands before the moment
// it was taken at, nobody knows: sending over it does no harm, believing what the shop shows would.
func (r row) arrived(now time.Time) bool {
	return now.Sub(time.UnixMilli(r.dirty.HandleAt)) >= settleMost
}

// unapplied puts off rows whose number the shop took and does not show yet.
func (p *pushing) unapplied(rows []row) error {
	p.run.Pending += int64(len(rows))
	return each(p.visit, rows, func(tx *db.Tx, r row) error {
		d, err := tx.Dirty(p.l.id, r.spot())
		if errors.Is(err, db.ErrNotFound) || err == nil && d.Gen != r.dirty.Gen {
			return nil
		}
		if err != nil {
			return err
		}
		d.NotBefore = settleAt(d.HandleAt, tx.Now())
		return tx.PutDirty(p.l.id, r.spot(), d)
	})
}

// keepTogether brings the elements of one parent next to each other, at the place of the first; those without a parent
// stay alone.
func keepTogether[T any](all []T, parent func(T) string) []T {
	members := map[string][]T{}
	for _, x := range all {
		if name := parent(x); name != "" {
			members[name] = append(members[name], x)
		}
	}
	out := make([]T, 0, len(all))
	for _, x := range all {
		name := parent(x)
		if name == "" {
			out = append(out, x)
			continue
		}
		out = append(out, members[name]...)
		delete(members, name)
	}
	return out
}
