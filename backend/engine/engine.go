// Package engine keeps stores even: it pulls listings and orders, has the ledger book them, and brings one number to
// every listing. There is one lane per store, which does one thing at a time. All decisions are in methods that are told
// what time it is; Run only waits.
package engine

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/view"
)

// Secrets keeps the credentials of stores; what it keeps is durable when Put returns.
type Secrets interface {
	Get(store uint32, field string) (string, error)
	Put(store uint32, field, value string) error
}

// Options are all an Engine needs. Every field is required unless said otherwise.
type Options struct {
	DB      *db.DB
	Types   *channel.Registry
	HTTP    *http.Client
	Log     *slog.Logger
	Secrets Secrets
	Now     func() time.Time
	Sleep   func(ctx context.Context, d time.Duration) error // returns early with ctx's error
	Jitter  func(d time.Duration) time.Duration              // optional: spreads back-off
	Changed func(topics []string)                            // optional: progress that is not in the books moved on
	Listen  func(Event)                                      // optional: a run ended
	Every   time.Duration                                    // optional: order period of all stores, whatever they are set to
}

// Engine syncs stores. Its methods may be called from several goroutines.
type Engine struct {
	o Options

	mu      sync.Mutex
	lanes   map[uint32]*lane
	running bool
	group   sync.WaitGroup
	runCtx  context.Context

	awayAsked bool // whether away mode was looked at since the start

	barrier barrier

	finishing sync.Mutex // held while what is unfinished of a store is finished
}

// New returns an engine for the stores in the books, once it has finished what a crash left unfinished in them. It starts
// nothing. It listens to the commits of the database.
func New(o Options) (*Engine, error) {
	if o.Jitter == nil {
		o.Jitter = func(d time.Duration) time.Duration { return d }
	}
	if o.Changed == nil {
		o.Changed = func([]string) {}
	}
	if o.Listen == nil {
		o.Listen = func(Event) {}
	}
	e := &Engine{o: o, lanes: map[uint32]*lane{}}
	err := o.DB.View(func(tx *db.Tx) error {
		for _, s := range tx.Stores() {
			if !s.Removed {
				e.lanes[s.ID] = newLane(e, s)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read stores: %w", err)
	}
	o.DB.OnCommit(e.committed)
	return e, e.finishAll()
}

func (e *Engine) now() time.Time { return e.o.Now().Round(0) }

// committed notes which stores have something new to send. It runs under the writer's lock and only writes a time down.
func (e *Engine) committed(t db.Touched) {
	if len(t.Woken) == 0 {
		return
	}
	now := e.now()
	for _, l := range e.allLanes() {
		if t.Woken[l.id] {
			l.marked(now)
		}
	}
}

// allLanes returns the lanes in the order of their stores.
func (e *Engine) allLanes() []*lane {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]*lane, 0, len(e.lanes))
	for id := uint32(1); len(out) < len(e.lanes); id++ {
		if l := e.lanes[id]; l != nil {
			out = append(out, l)
		}
	}
	return out
}

// laneOf returns the lane of a connected store.
func (e *Engine) laneOf(id uint32) (*lane, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if l := e.lanes[id]; l != nil {
		return l, nil
	}
	return nil, &Error{Code: CodeNotFound, Message: "There is no such store."}
}

// laneOrNone returns the lane of a store, or for one that was removed a lane that nobody looks at.
func (e *Engine) laneOrNone(s db.Store) *lane {
	if l, err := e.laneOf(s.ID); err == nil {
		return l
	}
	return newLane(e, s)
}

// addLane gives a store its lane, and a goroutine where lanes are running.
func (e *Engine) addLane(s db.Store) *lane {
	e.mu.Lock()
	defer e.mu.Unlock()
	if l := e.lanes[s.ID]; l != nil {
		return l
	}
	l := newLane(e, s)
	e.lanes[s.ID] = l
	if e.running {
		e.start(l)
	}
	return l
}

func (e *Engine) dropLane(id uint32) {
	e.mu.Lock()
	l := e.lanes[id]
	delete(e.lanes, id)
	e.mu.Unlock()
	if l != nil {
		l.stop()
	}
}

// start runs a lane until the engine's context ends or the lane is stopped. The caller holds e.mu.
func (e *Engine) start(l *lane) {
	e.group.Add(1)
	go func() {
		defer e.group.Done()
		l.run(e.runCtx)
	}()
}

// Run works until ctx ends: every lane in its own goroutine. Without it nothing happens by itself, and the methods that
// do something do their work in the caller's goroutine. It returns when every lane has come to rest.
func (e *Engine) Run(ctx context.Context) {
	e.awayAt(e.now())
	e.mu.Lock()
	e.running, e.runCtx = true, ctx
	for _, l := range e.lanes {
		e.start(l)
	}
	e.mu.Unlock()
	<-ctx.Done()
	e.group.Wait()
	e.mu.Lock()
	e.running = false
	e.mu.Unlock()
}

func (e *Engine) isRunning() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.running
}

// Tick is the heartbeat: it wakes every lane, which then does what is due, in the order of its own arithmetic. After a
// gap longer than one period everything due is done once, and no store is pushed before all have been pulled.
func (e *Engine) Tick(now time.Time) {
	e.beat(now.Round(0))
	for _, l := range e.allLanes() {
		l.nudge()
	}
}

// beat does what is due for all stores together.
func (e *Engine) beat(now time.Time) {
	e.barrier.beat(now)
	e.awayAt(now)
	e.finishAt()
}

// Nightly has all listings of all stores read again at their lanes' next step.
func (e *Engine) Nightly(time.Time) {
	for _, l := range e.allLanes() {
		l.sweepDue.Store(true)
		l.nudge()
	}
}

// Cancel stops what the store's lane is doing, after the batch on the wire.
func (e *Engine) Cancel(id uint32) {
	if l, err := e.laneOf(id); err == nil {
		l.stopWork()
	}
}

// Progress is what the store's lane is doing, nil when it rests.
func (e *Engine) Progress(id uint32) *view.Progress {
	l, err := e.laneOf(id)
	if err != nil {
		return nil
	}
	return l.progress.now(e.now())
}

// Quota is what is left of a store's allowance for a day, nil where its vendor has none, or nothing was asked yet.
func (e *Engine) Quota(id uint32) *view.Quota {
	l, err := e.laneOf(id)
	if err != nil {
		return nil
	}
	l.mu.Lock()
	quoter, ok := l.shop.(channel.Quoter)
	l.mu.Unlock()
	if !ok {
		return nil
	}
	q, known := quoter.Quota()
	if !known {
		return nil
	}
	out := &view.Quota{Left: q.Left, Most: q.Most}
	if !q.Reset.IsZero() {
		at := q.Reset.UnixMilli()
		out.ResetAt = &at
	}
	return out
}

// Rehearsing reports whether a rehearsal of the store is being computed.
func (e *Engine) Rehearsing(id uint32) bool {
	l, err := e.laneOf(id)
	return err == nil && l.rehearsing.Load()
}

// StepAll steps every lane once at now and returns when the first of them wants to be stepped again, zero for never.
// It is what a heartbeat does where no lane is running; a simulation drives the engine by it in one goroutine.
func (e *Engine) StepAll(ctx context.Context, now time.Time) time.Time {
	e.beat(now.Round(0))
	var next time.Time
	for _, l := range e.allLanes() {
		next = earlier(next, l.Step(ctx, e.now()))
	}
	return next
}
