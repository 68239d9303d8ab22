package engine

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// lane is one store's work: one thing at a time, orders first. Whoever works, the lane's own goroutine or a person's
// action, holds the lane meanwhile.
type lane struct {
	e   *Engine
	id  uint32
	typ channel.Type // of its channel

	hold chan struct{} // capacity 1: full while somebody works
	wake chan struct{} // capacity 1: asking twice is asking once
	done chan struct{}
	once sync.Once

	sweepDue   atomic.Bool
	rehearsing atomic.Bool
	untidy     atomic.Bool // sync is off, and not all marks are forgotten
	progress   progress

	mu       sync.Mutex
	markedAt time.Time // last mark no cycle has served
	wokenAt  time.Time // start of the last woken cycle
	behind   bool      // the last cycle was kept from sending by the barrier
	cancel   context.CancelCauseFunc
	shop     channel.Store
	shopFor  settingsKey
	lastPull time.Time // when the last order pull of this process began
	unkept   bool      // the last run could not be written down: the books are not writable

	toldOrders, toldListings told // what the shop said of itself
}

func newLane(e *Engine, s db.Store) *lane {
	typ, _ := e.o.Types.Lookup(s.Channel) // of a channel nobody knows nothing is known, and it cannot be opened
	l := &lane{e: e, id: s.ID, typ: typ, hold: make(chan struct{}, 1), wake: make(chan struct{}, 1), done: make(chan struct{})}
	l.progress.changed = e.o.Changed
	return l
}

// errStopped is why a run ends that the user, or a newer decision of his, stopped.
var errStopped = errors.New("stopped")

// stopped is work that a person stopped, with what it has come to.
type stopped struct{ note string }

func (s *stopped) Error() string { return s.note }

func (s *stopped) Unwrap() error { return context.Canceled }

// ownWait is the longest wait a lane keeps itself: seconds of quiet, another look behind the barrier. Everything further
// off is the heartbeat's, so that what is due is decided by the wall clock and survives sleep.
const ownWait = wokenEvery + quiet

// run steps the lane until ctx ends. All decisions are in Step; this only waits.
func (l *lane) run(ctx context.Context) {
	for l.rest(ctx, l.Step(ctx, l.e.now())) {
	}
}

// rest waits until somebody wakes the lane, or until next if that is soon; false when the lane is to stop.
func (l *lane) rest(ctx context.Context, next time.Time) bool {
	var soon <-chan time.Time
	if wait := next.Sub(l.e.now()); !next.IsZero() && wait <= ownWait {
		timer := time.NewTimer(max(0, wait))
		defer timer.Stop()
		soon = timer.C
	}
	select {
	case <-ctx.Done():
		return false
	case <-l.done:
		return false
	case <-soon:
	case <-l.wake:
	}
	return true
}

// Step does the one thing that is due at now, if any and if the lane is free. It returns when to step again even if
// nobody wakes the lane, or zero.
func (l *lane) Step(ctx context.Context, now time.Time) time.Time {
	select {
	case l.hold <- struct{}{}:
	default:
		return now.Add(barrierPoll) // a person's action has the lane
	}
	defer func() { <-l.hold }()
	l.e.barrier.beat(now)
	s, err := l.situation(now)
	if err != nil {
		l.e.o.Log.Error("lane", "store", l.id, "err", err)
		return now.Add(time.Minute)
	}
	todo, at := s.next()
	if todo == jobNone {
		return at
	}
	ctx, end := l.work(ctx)
	defer end()
	switch todo {
	case jobCycle:
		if l.takeMark() {
			l.woken(now)
		}
		l.serve(&l.toldOrders, now)
		l.scheduled(ctx, s.store, db.RunSync, l.cycle)
	case jobBooked:
		l.scheduled(ctx, s.store, db.RunSync, l.rereadBooked)
	case jobListings:
		l.serve(&l.toldListings, now)
		l.scheduled(ctx, s.store, db.RunListingsSync, l.pullListings)
	case jobSweep:
		l.sweepDue.Store(false)
		l.serve(&l.toldListings, now)
		l.scheduled(ctx, s.store, db.RunListingsRefresh, l.sweepListings)
	}
	return l.afterwards()
}

// afterwards is when to step again: at once if more is due.
func (l *lane) afterwards() time.Time {
	now := l.e.now()
	s, err := l.situation(now)
	l.mu.Lock()
	unkept := l.unkept
	l.mu.Unlock()
	if err != nil || unkept {
		return now.Add(time.Minute)
	}
	if todo, at := s.next(); todo == jobNone {
		return at
	}
	return now
}

// situation gathers what decides what is due.
func (l *lane) situation(now time.Time) (situation, error) {
	l.mu.Lock()
	if l.markedAt.After(now) {
		l.markedAt = now // the clock was set back
	}
	s := situation{now: now, marked: l.markedAt, woken: l.wokenAt, behind: l.behind, sweep: l.sweepDue.Load(),
		orders: l.toldOrders.at(now), changed: l.toldListings.at(now)}
	l.mu.Unlock()
	if s.behind {
		s.closed = l.waitsBehindBarrier()
	}
	paused := false
	err := l.e.o.DB.View(func(tx *db.Tx) (err error) {
		if s.store, err = tx.Store(l.id); err != nil {
			return err
		}
		if s.lane, err = tx.Lane(l.id); err != nil {
			return err
		}
		paused, err = isPaused(tx, s.store)
		return err
	})
	if err == nil && rewind(&s.lane, now) {
		s.lane, err = l.rewound(now)
	}
	if err != nil {
		return s, err
	}
	s.every = l.e.every(s.store)
	s.listings = listingEvery(l.capabilities(s.store))
	if s.store.On() {
		s.fresh = l.e.barrier.fresh(l.id)
	}
	if paused {
		s.marked, s.behind = time.Time{}, false
	} else if s.store.On() {
		s.retryAt, err = l.retryAt(now)
	}
	return s, err
}

// rewound keeps that the lane's back-off or cool-down begins anew, because the clock was set back.
func (l *lane) rewound(now time.Time) (lane db.Lane, err error) {
	err = l.e.o.DB.Update(now, func(tx *db.Tx) error {
		if lane, err = tx.Lane(l.id); err != nil {
			return err
		}
		rewind(&lane, now)
		return tx.PutLane(l.id, lane)
	})
	return lane, err
}

// retryAt is when the earliest listing that was put off may be tried again.
func (l *lane) retryAt(now time.Time) (time.Time, error) {
	var first int64
	err := l.e.o.DB.View(func(tx *db.Tx) error {
		for _, d := range tx.DirtyOf(l.id) {
			at := d.NotBefore
			if d.Held != "" || d.Left || at == 0 {
				continue
			}
			if at = putOffUntil(d, now); at == 0 {
				at = now.UnixMilli()
			}
			if first == 0 || at < first {
				first = at
			}
		}
		return nil
	})
	if err != nil || first == 0 {
		return time.Time{}, err
	}
	return time.UnixMilli(first), nil
}

// marked notes that something of the store was marked at now.
func (l *lane) marked(now time.Time) {
	l.mu.Lock()
	l.markedAt = now
	l.mu.Unlock()
	l.nudge()
}

// setBehind notes whether the barrier keeps a cycle from sending.
func (l *lane) setBehind(behind bool) {
	l.mu.Lock()
	l.behind = behind
	l.mu.Unlock()
}

// takeMark serves the marks so far with the cycle that begins now, and reports whether there were any.
func (l *lane) takeMark() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	marked := !l.markedAt.IsZero()
	l.markedAt = time.Time{}
	return marked
}

// woken notes that a cycle began because something was marked; the next such one has to wait (I3). What a person asked
// for is none.
func (l *lane) woken(now time.Time) {
	l.mu.Lock()
	l.wokenAt = now
	l.mu.Unlock()
}

// nudge lets the lane look at once.
func (l *lane) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *lane) stop() {
	l.once.Do(func() { close(l.done) })
	l.stopWork()
}

// acquire takes the lane for a person's action, at most for wait; longer is "busy".
func (l *lane) acquire(ctx context.Context, wait time.Duration) error {
	select {
	case l.hold <- struct{}{}:
		return nil
	default:
	}
	deadline := l.e.now().Add(wait)
	for {
		select {
		case l.hold <- struct{}{}:
			return nil
		default:
		}
		if !l.e.now().Before(deadline) {
			return &Error{Code: CodeBusy, Message: "This store is busy with another run. It goes on as soon as that one ends."}
		}
		if err := l.e.o.Sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// release gives the lane back after a person's action, and lets it look at what that left to do.
func (l *lane) release() {
	<-l.hold
	l.nudge()
}

// work derives the context of one piece of work that Cancel can stop. The caller holds the lane.
func (l *lane) work(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	l.mu.Lock()
	l.cancel = cancel
	l.mu.Unlock()
	return ctx, func() {
		l.mu.Lock()
		l.cancel = nil
		l.mu.Unlock()
		cancel(nil)
	}
}

func (l *lane) stopWork() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cancel != nil {
		l.cancel(errStopped)
	}
}

// isPaused reports whether writes to a store wait.
func isPaused(tx *db.Tx, s db.Store) (bool, error) {
	v, err := tx.Meta(metaPaused)
	return v == "1" || s.Paused, err
}

const metaPaused = "paused"

func listingEvery(c channel.Capabilities) time.Duration {
	if c.ListingEvery <= 0 {
		return time.Minute
	}
	return c.ListingEvery
}
