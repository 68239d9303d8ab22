// Package memory is a shop that lives in memory, behind the connector's contract on one side and behind the test's view
// of a shop on the other. It keeps its own numbers as a vendor does: it lowers them itself when a customer orders, and
// knows nothing of the books. Tests of the engine and the simulation use it because it is fast and deterministic: it
// starts no goroutine, reads no clock of its own and never waits.
package memory

import (
	"cmp"
	"context"
	"sync"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
)

// Options say what kind of shop it is. The zero value is a shop that takes absolute quantities.
type Options struct {
	ID   string // stable account id; "memory" if empty
	Name string // as the shop calls itself; the ID if empty

	// Now is the clock of the shop, to which Advance adds. Nil: the clock stands at a fixed day and only Advance moves it.
	Now func() time.Time

	CompareAndSet bool // honours Expect as a precondition
	Delta         bool // writes the difference between Available and Expect to its own number

	PageSize    int   // items on a page of a list, 100 if zero
	PushBatch   int   // 50 if zero
	ReadBatch   int   // 100 if zero
	MaxQuantity int64 // 0 for none

	// Locations, when there are any, have a number each for every listing. Customers are served from the first one that
	// fulfils and has enough, else from the first.
	Locations []channel.Location

	// Feeds takes numbers at once and applies them so long after, in the order they came; Settle tells. A number that is
	// not allowed is refused then. It excludes Delta: a number that is sent over one on its way has to be absolute.
	Feeds time.Duration
	// Prepares has a list of everything be ready only so long after it was asked for.
	Prepares time.Duration
	// WholeParent has all listings of a parent travel in one batch; Torn counts the batches that broke that.
	WholeParent bool

	OrderFreshness time.Duration // 60 s if zero
	ListingEvery   time.Duration // 1 min if zero
}

// Overlap is how far a finished list is read again next time, as connectors do whose vendors compare whole seconds.
const Overlap = 5 * time.Minute

// Store is one shop in memory: a [channel.Store] and the [channeltest.Shop] behind it.
type Store struct {
	opts Options

	mu       sync.Mutex
	ahead    time.Duration // what Advance added to the clock
	lastRef  int
	seq      int64 // grows with every change of a listing or an order
	listings []*listing
	byRef    map[string]*listing
	orders   []*order
	network  network
	written  int
	feeds    []feed
	torn     int
}

// New returns an empty shop.
func New(o Options) *Store {
	o.ID = cmp.Or(o.ID, "memory")
	o.Name = cmp.Or(o.Name, o.ID)
	if o.Delta && o.Feeds > 0 {
		panic("memory.New: a difference cannot be applied later")
	}
	o.PageSize = cmp.Or(o.PageSize, 100)
	o.PushBatch = cmp.Or(o.PushBatch, 50)
	o.ReadBatch = cmp.Or(o.ReadBatch, 100)
	o.OrderFreshness = cmp.Or(o.OrderFreshness, 60*time.Second)
	o.ListingEvery = cmp.Or(o.ListingEvery, time.Minute)
	return &Store{opts: o, byRef: map[string]*listing{}, network: network{calls: map[channeltest.Call]int{}}}
}

// Type returns a channel type called "memory" that opens the given shops by their account id.
func Type(shops ...*Store) channel.Type {
	return channel.Type{
		Name: "memory", Title: "Memory", Badge: "ME",
		Fields: []channel.Field{{Name: "id", Label: "Account", Required: true}},
		Open: func(_ channel.Deps, settings channel.Settings) (channel.Store, error) {
			for _, s := range shops {
				if s.opts.ID == settings.Fields["id"] {
					return s, nil
				}
			}
			return nil, &channel.Error{Kind: channel.Invalid, Op: "open the shop", Code: channel.CodeInvalid,
				Message: "There is no shop in memory with this account id."}
		},
	}
}

// Capabilities implements [channel.Store].
func (s *Store) Capabilities() channel.Capabilities {
	return channel.Capabilities{
		PushBatch:       s.opts.PushBatch,
		ReadBatch:       s.opts.ReadBatch,
		OrderFreshness:  s.opts.OrderFreshness,
		CompareAndSet:   s.opts.CompareAndSet,
		PushWholeParent: s.opts.WholeParent,
		Locations:       len(s.opts.Locations) > 0,
		DeltaListings:   true,
		DeltaOrders:     true,
		MaxQuantity:     s.opts.MaxQuantity,
		ListingEvery:    s.opts.ListingEvery,
	}
}

// Check implements [channel.Store].
func (s *Store) Check(ctx context.Context) (channel.Account, error) {
	var a channel.Account
	err := s.call(ctx, channeltest.AnyCall, "check the connection", func(channeltest.FaultKind) error {
		a = channel.Account{ID: s.opts.ID, Name: s.opts.Name, Version: "1", Time: s.now()}
		return nil
	})
	return a, err
}

// StoreTime implements [channel.Clock].
func (s *Store) StoreTime(ctx context.Context) (time.Time, error) {
	var t time.Time
	err := s.call(ctx, channeltest.AnyCall, "read the shop's clock", func(channeltest.FaultKind) error {
		t = s.now()
		return nil
	})
	return t, err
}

// opened is the shop's time at the start when it has no clock.
var opened = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

// now is the shop's time; s.mu is held.
func (s *Store) now() time.Time {
	base := opened
	if s.opts.Now != nil {
		base = s.opts.Now()
	}
	return base.Add(s.ahead).UTC().Truncate(time.Millisecond)
}

// callerNow is the time of whoever calls the shop, in which RetryAt is told; s.mu is held.
func (s *Store) callerNow() time.Time {
	if s.opts.Now == nil {
		return s.now()
	}
	return s.opts.Now()
}

// touch returns the place of the next change in the order of changes; s.mu is held.
func (s *Store) touch() int64 {
	s.seq++
	return s.seq
}

var (
	_ channel.Store   = (*Store)(nil)
	_ channel.Clock   = (*Store)(nil)
	_ channel.Tracker = (*Store)(nil)
	_ channel.Locator = (*Store)(nil)
	_ channel.Settler = (*Store)(nil)

	_ channeltest.Located = (*Store)(nil)
)
