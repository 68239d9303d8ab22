package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"evenstock/backend/db"
)

// acquireWait is how long a person's action waits for a lane that is at work.
const acquireWait = 30 * time.Second

// Sync is M1: the latest orders, then what changed since the last sync. A refusal is an *Error; a run that failed is a
// Run with its outcome and a nil error.
func (e *Engine) Sync(ctx context.Context, id uint32) (db.Run, error) {
	return e.manual(ctx, id, db.RunSync, true, func(l *lane) work {
		return func(ctx context.Context, v *visit) error {
			if err := v.passBarrier(ctx); err != nil {
				return err
			}
			l.takeMark()
			return l.cycle(ctx, v)
		}
	})
}

// SyncListings is M3: the listings changed since the last sync. It works whether or not sync is on.
func (e *Engine) SyncListings(ctx context.Context, id uint32) (db.Run, error) {
	return e.manual(ctx, id, db.RunListingsSync, false, func(l *lane) work { return l.pullListings })
}

type work = func(context.Context, *visit) error

// manual does a person's piece of work on one store, in the caller's goroutine, holding the lane.
func (e *Engine) manual(ctx context.Context, id uint32, kind string, needsOn bool, do func(*lane) work) (db.Run, error) {
	l, err := e.laneOf(id)
	if err != nil {
		return db.Run{}, err
	}
	if err := l.acquire(ctx, acquireWait); err != nil {
		return db.Run{}, err
	}
	defer l.release()
	s, err := l.ready(needsOn)
	if err != nil {
		return db.Run{}, err
	}
	ctx, end := l.work(ctx)
	defer end()
	return l.perform(ctx, s, kind, true, do(l)), nil
}

// ready returns the store if a person's action may run on it now: sync on where it is needed, no new credentials
// needed, not asked to be left alone. A back-off after failures does not stop a person.
func (l *lane) ready(needsOn bool) (db.Store, error) {
	var s db.Store
	var lane db.Lane
	err := l.e.o.DB.View(func(tx *db.Tx) (err error) {
		if s, err = tx.Store(l.id); err != nil {
			return err
		}
		lane, err = tx.Lane(l.id)
		return err
	})
	if err != nil {
		return s, err
	}
	now := l.e.now()
	if rewind(&lane, now) {
		if lane, err = l.rewound(now); err != nil {
			return s, err
		}
	}
	switch {
	case s.Removed:
		return s, &Error{Code: CodeNotFound, Message: "There is no such store."}
	case s.Leaving != "":
		return s, &Error{Code: CodeBusy, Store: s.Name, Message: fmt.Sprintf("%s is being removed.", s.Name)}
	case needsOn && !s.On():
		return s, &Error{Code: CodeSyncOff, Store: s.Name,
			Message: fmt.Sprintf("Inventory sync is off for %s, so no orders are read and nothing is sent.", s.Name)}
	case s.Needs == "auth":
		return s, &Error{Code: CodeAuth, Store: s.Name, Message: s.NeedsText}
	}
	if lane.CoolUntil > now.UnixMilli() {
		at := time.UnixMilli(lane.CoolUntil)
		return s, &Error{Code: CodeThrottled, Store: s.Name, RetryAt: at,
			Message: fmt.Sprintf("%s asks us to slow down. Sending goes on at %s; nothing is lost.", s.Name, at.Local().Format("15:04:05"))}
	}
	return s, nil
}

// passBarrier has the orders of all other stores that are on asked for once after a start or a gap, before this one is
// pushed (I6). Where lanes run they do it themselves and this waits; a store that fails is left behind.
func (e *Engine) passBarrier(ctx context.Context, self uint32) error {
	e.barrier.beat(e.now())
	for {
		waiting := e.barrierWaits(self)
		if len(waiting) == 0 {
			return nil
		}
		if e.isRunning() {
			for _, id := range waiting {
				if l, err := e.laneOf(id); err == nil {
					l.nudge()
				}
			}
			if err := e.o.Sleep(ctx, 50*time.Millisecond); err != nil {
				return err
			}
			continue
		}
		for _, id := range waiting {
			e.askOrders(ctx, id)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// passBarrier reads this store's orders, so that nobody waits for it, and then waits for the others.
func (v *visit) passBarrier(ctx context.Context) error {
	if len(v.l.e.barrierWaits(v.l.id)) == 0 {
		return nil
	}
	if v.l.e.barrier.fresh(v.l.id) {
		if err := v.pullOrders(ctx, false); err != nil {
			return err
		}
	}
	return v.l.e.passBarrier(ctx, v.l.id)
}

func (e *Engine) barrierWaits(self uint32) []uint32 {
	var on []uint32
	_ = e.o.DB.View(func(tx *db.Tx) error {
		for _, s := range tx.Stores() {
			if s.ID != self && s.On() && s.Needs == "" {
				on = append(on, s.ID)
			}
		}
		return nil
	})
	return e.barrier.waitsFor(e.now(), on)
}

// askOrders pulls one store's orders; whatever comes of it, the store has been asked.
func (e *Engine) askOrders(ctx context.Context, id uint32) {
	defer e.barrier.asked(id)
	l, err := e.laneOf(id)
	if err != nil || l.acquire(ctx, acquireWait) != nil {
		return
	}
	defer l.release()
	s, err := l.ready(true)
	if err != nil {
		return
	}
	l.perform(ctx, s, db.RunSync, false, func(ctx context.Context, v *visit) error { return v.pullOrders(ctx, false) })
}

// SyncAll is M1 for every store that is on, all orders before any push. off names the stores left out; one that refuses, since it
// asked to be left alone or needs new credentials, has a run of that outcome. When all refuse that is the error.
func (e *Engine) SyncAll(ctx context.Context) (runs []db.Run, off []string, err error) {
	var on []uint32
	err = e.o.DB.View(func(tx *db.Tx) error {
		for _, s := range tx.Stores() {
			if s.On() {
				on = append(on, s.ID)
			} else if !s.Removed {
				off = append(off, s.Name)
			}
		}
		return nil
	})
	if err != nil {
		return nil, off, err
	}
	if len(on) == 0 {
		return nil, off, &Error{Code: CodeSyncOff, Message: "Inventory sync is off for every store, so there is nothing to sync."}
	}
	for _, id := range on[1:] { // the first is pulled by its own cycle, before it pushes
		e.askOrders(ctx, id)
	}
	refused := 0
	for _, id := range on {
		run, err := e.Sync(ctx, id)
		var own *Error
		if errors.As(err, &own) { // one store's refusal does not stop the others
			if refused++; refused == len(on) {
				return nil, off, err
			}
			run = e.refusedRun(id, own)
		} else if err != nil {
			return runs, off, err
		}
		runs = append(runs, run)
	}
	return runs, off, e.driveWoken(ctx)
}

// refusedRun is the run of a store that was not even asked. It is told to whoever asked for it and not kept.
func (e *Engine) refusedRun(id uint32, why *Error) db.Run {
	now, name := e.now().UnixMilli(), ""
	_ = e.o.DB.View(func(tx *db.Tx) error { // a store without a name is still told
		s, err := tx.Store(id)
		name = s.Name
		return err
	})
	return db.Run{Store: id, StoreName: name, Kind: db.RunSync, StartedAt: now, FinishedAt: now, Outcome: db.Refused,
		Errors: []db.RunError{}, Code: why.Code, Note: why.Message}
}

// driveWoken gives every store that was marked meanwhile its woken cycle, where no lane is running to do it.
func (e *Engine) driveWoken(ctx context.Context) error {
	if e.isRunning() {
		return nil
	}
	for _, l := range e.allLanes() {
		l.mu.Lock()
		marked := !l.markedAt.IsZero()
		l.mu.Unlock()
		if marked && ctx.Err() == nil {
			l.stepWoken(ctx)
		}
	}
	return ctx.Err()
}

// stepWoken does a woken cycle at once, in the caller's goroutine.
func (l *lane) stepWoken(ctx context.Context) {
	if l.acquire(ctx, acquireWait) != nil {
		return
	}
	defer l.release()
	s, err := l.ready(true)
	if err != nil {
		return
	}
	ctx, end := l.work(ctx)
	defer end()
	l.takeMark()
	l.perform(ctx, s, db.RunSync, false, func(ctx context.Context, v *visit) error {
		if err := v.passBarrier(ctx); err != nil {
			return err
		}
		return l.cycle(ctx, v)
	})
}

// cooldown of the hard refreshes (product.md M5).
const hardRefreshEvery = 4 * time.Hour

// hardLeft is how long a hard refresh has to wait still. It is measured by the store's own clock; by ours only when the
// store does not answer. A clock set back never makes it longer than four hours.
func hardLeft(h db.HardRefresh, now time.Time, storeNow time.Time, storeKnown bool) time.Duration {
	since, at := h.Local, now
	if storeKnown && h.Store != 0 {
		since, at = h.Store, storeNow
	}
	if since == 0 {
		return 0
	}
	elapsed := at.Sub(time.UnixMilli(since))
	return min(hardRefreshEvery, max(0, hardRefreshEvery-elapsed))
}

// admit decides whether a hard refresh may run now and returns the stamps it would leave.
func (l *lane) admit(ctx context.Context, s db.Store, h db.HardRefresh, what string) (db.HardRefresh, error) {
	shop, err := l.open(s)
	if err != nil {
		return h, explain(s, err)
	}
	now := l.e.now()
	storeNow, err := l.storeNow(ctx, shop)
	if asksToStop(err) {
		return h, l.noted(s, err)
	}
	known := err == nil && !storeNow.IsZero()
	left := hardLeft(h, now, storeNow, known)
	if left > 0 && !h.Broken {
		return h, &Error{Code: CodeCooldown, Store: s.Name, RetryAt: now.Add(left),
			Message: fmt.Sprintf("A hard refresh of the %s is possible again in %s. Sync inventory & orders is always possible.", what, clock(left))}
	}
	if h.Broken && left > 0 {
		return h, nil // it goes on where it broke off, with its own stamps
	}
	stamps := db.HardRefresh{Local: now.UnixMilli(), Broken: true}
	if known {
		stamps.Store = storeNow.UnixMilli()
	}
	return stamps, nil
}

// clock writes a duration as h:mm:ss, rounded up so that it is never over before it says so.
func clock(d time.Duration) string {
	s := int64((d + time.Second - 1) / time.Second)
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// skewOf keeps the difference between the store's clock and ours, for showing the time left.
func skewOf(h db.HardRefresh) (int64, bool) { return h.Store - h.Local, h.Store != 0 }
