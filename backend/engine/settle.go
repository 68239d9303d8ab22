package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"evenstock/backend/db"
)

// Settle waits until every listing of a product in stores that are on is settled, at most for wait, and says what became
// of each. It does the work itself where no lane is running.
func (e *Engine) Settle(ctx context.Context, item uint64, wait time.Duration) ([]PushOutcome, error) {
	began := e.now()
	deadline := began.Add(wait)
	for {
		if !e.isRunning() {
			if err := e.driveWoken(ctx); err != nil {
				return nil, err
			}
		}
		out, next, err := e.outcomes(item, began)
		if err != nil || next.IsZero() {
			return out, err
		}
		now := e.now()
		limit := deadline
		if wait > settleGrace && next.After(deadline) && next.Sub(deadline) < settleGrace {
			limit = deadline.Add(settleGrace)
		}
		if !now.Before(limit) {
			return out, nil
		}
		if err := e.waitFor(ctx, now, next, limit); err != nil {
			return out, err
		}
	}
}

// waitFor lets time pass until something may have changed: a poll where lanes run, else until the next try is due.
func (e *Engine) waitFor(ctx context.Context, now, next, limit time.Time) error {
	if e.isRunning() {
		return e.o.Sleep(ctx, settlePoll)
	}
	until := next
	if until.After(limit) {
		until = limit
	}
	if err := e.o.Sleep(ctx, max(settlePoll, until.Sub(now))); err != nil {
		return err
	}
	for _, l := range e.allLanes() {
		now := e.now()
		if at, err := l.retryAt(now); err == nil && !at.IsZero() && !at.After(now) || l.rested(now) {
			l.marked(now)
		}
	}
	return nil
}

// rested reports whether a store that failed or asked to be left alone may be asked again, and something waits to be sent to it.
func (l *lane) rested(now time.Time) (over bool) {
	_ = l.e.o.DB.View(func(tx *db.Tx) error { // books that cannot be read have nothing to send
		lane, err := tx.Lane(l.id)
		if err != nil || lane.Fails == 0 && lane.CoolUntil == 0 || max(lane.NotBefore, lane.CoolUntil) > now.UnixMilli() {
			return err
		}
		for range tx.DirtyOf(l.id) {
			over = true
			break
		}
		return nil
	})
	return over
}

// outcomes says what became of a product's listings since a moment; next is when one that waits may move, zero when none
// does.
func (e *Engine) outcomes(item uint64, since time.Time) (out []PushOutcome, next time.Time, err error) {
	out = []PushOutcome{}
	err = e.o.DB.View(func(tx *db.Tx) error {
		links, err := tx.Links(item)
		if err != nil {
			return err
		}
		slices.SortFunc(links, func(a, b db.Link) int { return int(a.Store) - int(b.Store) })
		for _, link := range links {
			s, err := tx.Store(link.Store)
			if err != nil {
				return err
			}
			for _, location := range s.Where() {
				o, at, err := e.outcome(tx, s, link, location, since)
				if err != nil {
					return err
				}
				out = append(out, o)
				next = earlier(next, at)
			}
		}
		return nil
	})
	return out, next, err
}

func (e *Engine) outcome(tx *db.Tx, s db.Store, link db.Link, location string, since time.Time) (o PushOutcome, next time.Time, err error) {
	l, err := tx.Listing(link.Store, link.Ref)
	if err != nil {
		return o, next, err
	}
	o = PushOutcome{Store: s.Name, Listing: link.Ref, Location: placeName(s, location), Outcome: OutSkipped}
	aim, ok, why, err := tx.AimOf(s, l, location, e.MaxQuantity(link.Store))
	if err != nil {
		return o, next, err
	}
	if !ok {
		o.Message = why
		return o, next, nil
	}
	o.Target = &aim.Want
	if !s.On() {
		o.Message = fmt.Sprintf("Inventory sync is off for %s, so nothing is sent.", s.Name)
		return o, next, nil
	}
	d, err := tx.Dirty(link.Store, db.Spot(link.Ref, location))
	if errors.Is(err, db.ErrNotFound) {
		return e.settledOutcome(tx, link.Store, db.Spot(link.Ref, location), o, since)
	}
	if err != nil {
		return o, next, err
	}
	return e.waiting(tx, s, d, o)
}

func (e *Engine) settledOutcome(tx *db.Tx, store uint32, spot string, o PushOutcome, since time.Time) (PushOutcome, time.Time, error) {
	o.Outcome = OutAlreadyRight
	p, err := tx.Pushed(store, spot)
	if errors.Is(err, db.ErrNotFound) {
		return o, time.Time{}, nil
	}
	if err == nil && p.At >= since.UnixMilli() && !p.Seen {
		o.Outcome = OutWritten
	}
	return o, time.Time{}, err
}

// waiting is the outcome of a listing that is still marked.
func (e *Engine) waiting(tx *db.Tx, s db.Store, d db.Dirty, o PushOutcome) (PushOutcome, time.Time, error) {
	o.Message = d.Message
	switch {
	case d.Held != "":
		o.Outcome, o.Message = OutHeld, d.Held
		return o, time.Time{}, nil
	case d.Left:
		o.Outcome, o.Message = OutSkipped, "Left as it is by you."
		return o, time.Time{}, nil
	case d.Fails > 0:
		o.Outcome = OutRefused
		return o, time.Time{}, nil
	}
	o.Outcome = OutPending
	paused, err := isPaused(tx, s)
	if err != nil {
		return o, time.Time{}, err
	}
	lane, err := tx.Lane(s.ID)
	if err != nil {
		return o, time.Time{}, err
	}
	switch {
	case paused:
		o.Message = "Sending is paused. It is sent as soon as you let it go on."
		return o, time.Time{}, nil
	case s.Needs != "":
		o.Message = s.NeedsText
		return o, time.Time{}, nil
	}
	next := e.now().Add(settlePoll)
	for _, at := range []int64{d.NotBefore, lane.NotBefore, lane.CoolUntil} {
		if t := time.UnixMilli(at); at != 0 && t.After(next) {
			next = t
		}
	}
	if lane.LastError != "" {
		o.Message = lane.LastError
	}
	return o, next, nil
}
