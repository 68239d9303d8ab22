package engine

import (
	"context"
	"errors"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// maxRunErrors bounds the errors kept with one run; the listings themselves keep theirs.
const maxRunErrors = 100

// visit is one run on one store, with what it needs from the beginning to the end.
type visit struct {
	l     *lane
	store db.Store
	shop  channel.Store
	caps  channel.Capabilities
	run   *db.Run

	born        map[string]uint64   // SKUs that became products with the page at hand
	firstAnswer func() error        // optional: called once, when the first page of listings is kept
	compared    map[string]compared // what a hard refresh has read of the numbers it marked
	sliceMost   int                 // listings of a slice where fewer than usual can be read in time, else 0
	doubtful    map[string]bool     // numbers whose last reading may be from before a write
}

// scheduled does a piece of work that was due by itself.
func (l *lane) scheduled(ctx context.Context, s db.Store, kind string, do func(context.Context, *visit) error) {
	l.perform(ctx, s, kind, false, do)
}

// perform opens the store, does the work and keeps its run: the outcome, the lane's back-off, the store's need for new
// credentials. A scheduled run that found nothing to do leaves no row behind.
func (l *lane) perform(ctx context.Context, s db.Store, kind string, manual bool, do func(context.Context, *visit) error) db.Run {
	now := l.e.now()
	l.e.barrier.beat(now)
	run := db.Run{Store: s.ID, StoreName: s.Name, Kind: kind, StartedAt: now.UnixMilli(), Errors: []db.RunError{}}
	shop, err := l.open(s)
	if err == nil {
		l.progress.begin(s.ID, kind, now)
		v := &visit{l: l, store: s, shop: shop, caps: shop.Capabilities(), doubtful: map[string]bool{}, run: &run}
		err = do(ctx, v)
		l.progress.end()
	}
	var said *stopped
	if ctx.Err() != nil && err != nil && !errors.As(err, &said) {
		err = context.Canceled
	}
	l.finish(s, &run, err, manual)
	return run
}

// finish writes down what came of a run.
func (l *lane) finish(s db.Store, run *db.Run, err error, manual bool) {
	now := l.e.now()
	run.FinishedAt = now.UnixMilli()
	var later *waiting
	if errors.As(err, &later) {
		run.Note, err = later.note(s), nil
	}
	asked := manual && run.Kind == db.RunSync // and is told of what only the next try will send
	if run.Pending > 0 || asked {
		due, putOff := l.waiting()
		if run.Pending > 0 {
			run.Pending = due
		}
		if asked {
			run.Pending += max(0, putOff-run.Refused)
		}
	}
	var failure *Error
	if err != nil {
		failure = explain(s, err)
		run.Note, run.Code = failure.Message, failure.Code
	}
	switch {
	case errors.Is(err, context.Canceled):
		run.Outcome, run.Code = db.Cancelled, ""
	case err != nil:
		run.Outcome = db.Failed
	case run.HeldRows > 0:
		run.Outcome = db.Held
	case run.Refused+run.Pending > 0, later != nil:
		run.Outcome = db.Partly
	default:
		run.Outcome = db.Done
	}
	dbErr := l.e.o.DB.Update(now, func(tx *db.Tx) error {
		if err := l.settleLane(tx, run.Kind, err, now); err != nil {
			return err
		}
		if err := l.noteKeyEnd(tx); err != nil {
			return err
		}
		if !manual && !worthKeeping(*run) {
			return nil
		}
		kept, err := tx.NewRun(*run)
		if err == nil {
			*run = kept
		}
		return err
	})
	if dbErr != nil {
		l.e.o.Log.Error("keep run", "store", s.Name, "err", dbErr)
	}
	l.mu.Lock()
	l.unkept = dbErr != nil
	l.mu.Unlock()
	if err != nil && !errors.Is(err, context.Canceled) {
		l.e.o.Log.Warn("run failed", "store", s.Name, "kind", run.Kind, "err", err)
	}
	l.tell(*run)
}

// noted explains a failure of work that leaves no run behind, and keeps what it means for the store: that it wants to be
// left alone for a while, or needs new credentials.
func (l *lane) noted(s db.Store, err error) error {
	now := l.e.now()
	dbErr := l.e.o.DB.Update(now, func(tx *db.Tx) error { return l.settleLane(tx, db.RunListingsSync, err, now) })
	if dbErr != nil {
		l.e.o.Log.Error("keep failure", "store", s.Name, "err", dbErr)
	}
	return explain(s, err)
}

// waiting counts the listings that are still to be sent, and those that the shop refused and that wait for their next try.
func (l *lane) waiting() (due, putOff int64) {
	err := l.e.o.DB.View(func(tx *db.Tx) error {
		for _, d := range tx.DirtyOf(l.id) {
			switch {
			case d.Held != "" || d.Left:
			case d.Fails == 0:
				due++
			default:
				putOff++
			}
		}
		return nil
	})
	if err != nil {
		l.e.o.Log.Error("count what waits", "store", l.id, "err", err)
	}
	return due, putOff
}

// tell lets the listener know of a run.
func (l *lane) tell(run db.Run) {
	kind := "cycle"
	switch {
	case run.Outcome == db.Failed:
		kind = "error"
	case run.Kind == db.RunListingsSync || run.Kind == db.RunListingsRefresh:
		kind = "listings"
	}
	l.e.o.Listen(Event{Kind: kind, Run: &run})
}

// worthKeeping reports whether anybody would want to read about a run: an idle look at the store is none.
func worthKeeping(r db.Run) bool {
	return r.Outcome == db.Failed || r.OrdersChanged+r.ListingsRead+r.Written+r.Refused+r.Pending+r.HeldRows+r.AlreadyRight > 0
}

// settleLane notes success or failure with the lane: back-off, cool-down, the need for new credentials. Listing pulls
// come round every minute whatever happens, so they neither begin a back-off nor end one. Nothing is written while
// nothing changes.
func (l *lane) settleLane(tx *db.Tx, kind string, err error, now time.Time) error {
	listings := kind == db.RunListingsSync || kind == db.RunListingsRefresh
	lane, dbErr := tx.Lane(l.id)
	if dbErr != nil {
		return dbErr
	}
	before := lane
	if err != nil && listings { // a store that cannot even be opened is tried again in its period, not at once
		lane.ListingTry = max(lane.ListingTry, now.UnixMilli())
	}
	switch {
	case err == nil && listings && lane.Fails > 0:
		return nil
	case err == nil:
		lane.Fails, lane.NotBefore, lane.CoolUntil, lane.Stopped, lane.LastError, lane.LastCode = 0, 0, 0, 0, "", ""
	case errors.Is(err, context.Canceled):
		return nil
	case !isShopError(err): // our own books; the store is not to blame
	default:
		s, dbErr := tx.Store(l.id)
		if dbErr != nil {
			return dbErr
		}
		failure := explain(s, err)
		lane.Stopped = now.UnixMilli()
		lane.LastError, lane.LastCode = failure.Message, failure.Code
		switch channel.KindOf(err) {
		case channel.Throttled:
			lane.CoolUntil = coolUntil(err, now).UnixMilli()
		case channel.Auth:
			s.Needs, s.NeedsText = "auth", failure.Message
			if _, err := tx.PutStore(s); err != nil {
				return err
			}
		default:
			if listings {
				break
			}
			lane.Fails++
			lane.NotBefore = now.Add(l.e.backoff(lane.Fails)).UnixMilli()
		}
	}
	if lane == before {
		return nil
	}
	return tx.PutLane(l.id, lane)
}

// isShopError reports whether a failure came from the shop or the way to it, not from our own books.
func isShopError(err error) bool {
	var ce *channel.Error
	return errors.As(err, &ce)
}

// coolUntil is when a throttled store may be asked again: when it says so, at most a day later, at least a second.
func coolUntil(err error, now time.Time) time.Time {
	var ce *channel.Error
	at := now.Add(time.Minute)
	if errors.As(err, &ce) && !ce.RetryAt.IsZero() {
		at = ce.RetryAt
	}
	if least := now.Add(time.Second); at.Before(least) {
		return least
	}
	if most := now.Add(24 * time.Hour); at.After(most) {
		return most
	}
	return at
}

// refuse adds a listing's error to the run.
func (v *visit) refuse(sku, ref, code, message string) {
	if len(v.run.Errors) < maxRunErrors {
		v.run.Errors = append(v.run.Errors, db.RunError{SKU: sku, Listing: ref, Code: code, Message: message})
	}
}

// update runs fn in one transaction at the present time.
func (v *visit) update(fn func(*db.Tx) error) error { return v.l.e.o.DB.Update(v.l.e.now(), fn) }

// view runs fn on a snapshot.
func (v *visit) view(fn func(*db.Tx) error) error { return v.l.e.o.DB.View(fn) }

// stamp changes what the lane must not forget.
func (v *visit) stamp(change func(*db.Lane)) error {
	return v.update(func(tx *db.Tx) error {
		lane, err := tx.Lane(v.l.id)
		if err != nil {
			return err
		}
		change(&lane)
		return tx.PutLane(v.l.id, lane)
	})
}
