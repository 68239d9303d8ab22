// Package practice is a shop that exists only in memory: goods, orders, refunds, hand edits, faults and a clock. A
// face on top of it speaks one vendor's wire format, so that the demo, the connectors' fake servers and the benchmark's
// counterpart are one thing.
//
// Nothing here starts a goroutine or reads the machine's clock.
package practice

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Options describe a new shop.
type Options struct {
	Name     string           // as the shop calls itself
	Currency string           // ISO 4217; empty means GBP
	Zone     *time.Location   // the shop's time zone; nil means UTC
	Now      func() time.Time // required
	Seed     uint64           // of everything that looks random
	Rules    Rules

	Locations []Location // that have numbers of their own; nil in a shop without
}

// Rules say what the shop's software does to its own number. They are facts of a vendor's version, not choices.
type Rules struct {
	FailedGivesBack bool // an order that fails gives its units back
	EditsFollow     bool // changing or removing a line changes the number
	AddedFollow     bool // a line added to a paid order takes its units
	SentStays       bool // a cancelled order gives back only what has not left the house
	RefundGivesBack bool // an order that is refunded as a whole gives back what it still holds
}

// World is one shop. It is safe for concurrent use; see [World.Do].
type World struct {
	opts Options

	mu     sync.Mutex
	state  *State
	offset time.Duration

	watch   watch
	changed func([]Change)
}

// New returns an empty shop.
func New(opts Options) *World {
	if opts.Now == nil {
		panic("practice.New: Options.Now is required")
	}
	if opts.Zone == nil {
		opts.Zone = time.UTC
	}
	if opts.Currency == "" {
		opts.Currency = "GBP"
	}
	w := &World{opts: opts}
	w.watch.calls = map[Call]int{}
	w.state = &State{
		CountsStock: true,
		rules:       opts.Rules,
		locations:   opts.Locations,
		items:       map[int64]*Item{},
		bySKU:       map[string][]*Item{},
		byID:        map[int64]*Order{},
		nextID:      firstID,
		written:     map[int64]int{},
		rand:        rand.New(rand.NewPCG(opts.Seed, seedStream)),
	}
	return w
}

const (
	firstID    = 11     // a fresh shop has used up ten ids for its pages
	seedStream = 0x5709 // second half of the generator's seed, so that seed 0 is as good as any
)

// Name is what the shop calls itself.
func (w *World) Name() string { return w.opts.Name }

// Currency is the shop's currency, ISO 4217.
func (w *World) Currency() string { return w.opts.Currency }

// Zone is the shop's time zone.
func (w *World) Zone() *time.Location { return w.opts.Zone }

// Do runs fn while nothing else happens in the shop. fn must not call methods of World.
func (w *World) Do(fn func(s *State)) {
	w.mu.Lock()
	defer w.told()
	defer w.mu.Unlock()
	w.state.now = w.clock()
	fn(w.state)
}

// told lets the listener know what changed. Nobody is in the shop meanwhile.
func (w *World) told() {
	w.mu.Lock()
	fn, changes := w.changed, w.state.changes
	w.state.changes = nil
	w.mu.Unlock()
	if len(changes) > 0 {
		fn(changes)
	}
}

// Now is the shop's own time.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock()
}

func (w *World) clock() time.Time { return w.opts.Now().Add(w.offset) }

// Offset is how far the shop's clock is ahead of the real one.
func (w *World) Offset() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.offset
}

// Advance lets the shop's clock go on by d, or back when d is negative.
func (w *World) Advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.offset += d
}

// SetOffset sets how far the shop's clock is ahead of the real one.
func (w *World) SetOffset(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.offset = d
}

// SetNow makes the shop's clock show t.
func (w *World) SetNow(t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.offset = t.Sub(w.opts.Now())
}

// State is what is in the shop. It exists only inside [World.Do], which is what makes it safe.
type State struct {
	// CountsStock is the shop-wide switch; when it is off no quantity changes.
	CountsStock bool

	// HideNewUntil is until when orders placed before that time stay out of every answer, zero for none.
	HideNewUntil time.Time

	now      time.Time
	rules    Rules
	items    map[int64]*Item
	products []*Item // ascending ids
	variants []*Item // ascending ids
	bySKU    map[string][]*Item
	orders   []*Order // ascending ids
	byID     map[int64]*Order
	refunds  []*Refund // ascending ids
	nextID   int64     // of products, variants, orders and refunds
	nextLine int64
	nextMeta int64
	written  map[int64]int
	rand     *rand.Rand
	noting   bool     // somebody wants to know
	changes  []Change // of this visit

	locations []Location
}

// Now is the shop's time of this visit.
func (s *State) Now() time.Time { return s.now }

func (s *State) newID() int64 {
	s.nextID++
	return s.nextID - 1
}

// NewMetaID returns a number for a piece of a vendor's metadata, unique in the shop.
func (s *State) NewMetaID() int64 {
	s.nextMeta++
	return s.nextMeta
}

func (s *State) newLineID() int64 {
	s.nextLine++
	return s.nextLine
}
