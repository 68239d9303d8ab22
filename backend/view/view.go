package view

import (
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"evenstock/backend/db"
)

// View answers what people and scripts ask, from memory where it must be fast: the stock list, its search and the counts
// per store. Everything else is read from the books when asked. Its methods may be called from several goroutines.
type View struct {
	db   *db.DB
	live atomic.Pointer[Live]

	version atomic.Uint64 // grows with every commit

	pendingMu sync.Mutex
	pending   pending

	sales sales
	sent  sent

	mu     sync.Mutex // guards what follows
	model  *model
	orders orders
	found  found
}

// Live is what only the engine knows. Every field may be nil.
type Live struct {
	Limit        func(store uint32) int64         // the channel's largest quantity, 0 for none
	ListingEvery func(store uint32) time.Duration // how often changed listings are asked for
	Rehearsing   func(store uint32) bool          // a rehearsal of the store runs
	Progress     func(store uint32) *Progress     // what the store is doing, nil when it rests
	Quota        func(store uint32) *Quota        // what is left of its day, nil where it has none
}

// Open builds the read models from the books. The caller feeds [View.Update] from db.OnCommit.
func Open(d *db.DB) (*View, error) {
	v := &View{db: d}
	v.live.Store(&Live{})
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.refresh(); err != nil {
		return nil, err
	}
	return v, nil
}

// SetLive connects the view with the engine.
func (v *View) SetLive(l Live) { v.live.Store(&l) }

// pending is what commits changed since the model was brought up to date.
type pending struct {
	items    map[uint64]bool
	listings map[db.Link]bool
	stores   bool
	all      bool
}

func (p *pending) add(q pending) {
	if p.items == nil {
		p.items, p.listings = map[uint64]bool{}, map[db.Link]bool{}
	}
	maps.Copy(p.items, q.items)
	maps.Copy(p.listings, q.listings)
	p.stores = p.stores || q.stores
	p.all = p.all || q.all
}

func (p *pending) empty() bool {
	return len(p.items) == 0 && len(p.listings) == 0 && !p.stores && !p.all
}

// Update notes what a commit changed. It is called under the writer's lock, so it only remembers: the next question
// brings the model up to date.
func (v *View) Update(t db.Touched) {
	v.pendingMu.Lock()
	defer v.pendingMu.Unlock()
	v.pending.add(pending{t.Items, t.Listings, t.Stores, t.All})
	v.version.Add(1)
}

// refresh brings the model up to date in a read transaction of its own. The caller holds v.mu. Whatever stops it on the
// way, an error or a panic over an unreadable record, leaves no model behind, and the next question builds it afresh.
func (v *View) refresh() error {
	v.pendingMu.Lock()
	todo := v.pending
	v.pending = pending{}
	v.pendingMu.Unlock()
	m := v.model
	if m != nil && todo.empty() {
		return nil
	}
	v.model = nil
	if err := v.db.View(func(tx *db.Tx) error { return v.apply(tx, m, todo) }); err != nil {
		return fmt.Errorf("bring the read model up to date: %w", err)
	}
	return nil
}

// apply makes m, which is nil at first, the model again.
func (v *View) apply(tx *db.Tx, m *model, todo pending) error {
	if m == nil || todo.all || len(todo.items)+len(todo.listings) > rebuildFrom+len(m.rows)/2 {
		m, rows, err := build(tx)
		if err != nil {
			return err
		}
		v.model, v.orders, v.found = m, orders{map[string][]*row{defaultSort: rows}}, found{}
		return nil
	}
	if todo.stores {
		if err := m.readShops(tx); err != nil {
			return err
		}
	}
	changed, err := m.update(tx, todo)
	if err != nil {
		return err
	}
	if len(changed) > 0 {
		v.orders.repair(len(m.rows), changed)
		v.found = found{}
	}
	v.model = m
	return nil
}

// rebuildFrom is the number of touched records from which scanning all of them is considered: reading one costs about
// ten times what passing it in a scan does.
const rebuildFrom = 5000

// Error says that what was asked for is not there; its text is a sentence for the seller.
type Error struct{ message string }

func (e *Error) Error() string { return e.message }

// Is makes the error a db.ErrNotFound.
func (e *Error) Is(target error) bool { return target == db.ErrNotFound }

func notFound(format string, args ...any) error { return &Error{fmt.Sprintf(format, args...)} }

// orNull is a time or number that is null when it is 0.
func orNull(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}
