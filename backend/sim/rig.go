// Package sim holds the tests over the whole of the backend: the seller's ten tests, and a simulation that lets shops
// sell, fail and be edited while the engine keeps them even, checked against an independent model of the books. No code
// of this package is shipped.
package sim

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/practice/practicetest"
)

// start is when every simulated world begins: a Monday morning.
var start = practicetest.Start

// Kind of shops a rig has.
type Kind string

const (
	Memory      Kind = "memory"            // absolute numbers, read twice
	MemoryDelta Kind = "memory difference" // differences from what was read
	MemoryCAS   Kind = "memory compare-and-set"
	MemoryLater Kind = "memory that applies later" // absolute numbers, applied so long after as the setup says
	OverHTTP    Kind = "woocommerce"               // the real connector and the practice face, in one goroutine
	OverSocket  Kind = "woocommerce sockets"       // the same over real HTTP
	OverEtsy    Kind = "etsy"                      // the real connector and the practice face, in one goroutine

	OverBigCommerce Kind = "bigcommerce" // the same
	OverAmazon      Kind = "amazon"      // the same
	OverShopify     Kind = "shopify"     // the same
	OverEBay        Kind = "ebay"        // the same, with listings of both kinds
)

// TB is what a rig needs of a test; those of package testing and of rapid have it.
type TB interface {
	Helper()
	Cleanup(func())
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// Setup says what a rig is made of.
type Setup struct {
	Kinds  []Kind           // one per shop
	Memory memory.Options   // what all shops in memory have in common
	Delay  time.Duration    // until a shop applies a number, shows it, or has a report ready, whose vendor does so later
	Watch  Watch            // optional: looks on at every call of the engine
	Books  db.Options       // optional: books that meet their limits early
	Now    func() time.Time // optional: a clock that goes on by itself, for tests of running lanes; Clock and Cycle are of no use then
}

// Watch puts something between the engine and the shop with an index.
type Watch func(shop int, s channel.Store) channel.Store

// Rig is an engine with shops under the test's control and a clock that only the test moves.
type Rig struct {
	T      TB
	DB     *db.DB
	Engine *engine.Engine
	Clock  *practicetest.Clock
	Shops  []channeltest.Shop
	Stores []uint32
	Kinds  []Kind // of each shop
	Events []engine.Event

	mu       sync.Mutex // of Events
	setup    Setup
	registry *channel.Registry
	client   *http.Client
	accounts []account
	channels []string // of each shop
	secrets  *secrets
	keys     int           // of changes by hand so far
	skewed   time.Duration // what the computer's clock is ahead of the shops' clocks
}

// secrets is a key store in memory.
type secrets struct {
	mu   sync.Mutex
	vals map[string]string
}

func (s *secrets) Get(store uint32, field string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.vals[fmt.Sprint(store, field)]
	if !ok {
		return "", db.ErrNotFound
	}
	return v, nil
}

func (s *secrets) Put(store uint32, field, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.vals[fmt.Sprint(store, field)] = value
	return nil
}

// New returns a rig of n shops of a kind, connected and with sync off.
func New(t TB, kind Kind, n int) *Rig {
	t.Helper()
	kinds := make([]Kind, n)
	for i := range kinds {
		kinds[i] = kind
	}
	return Build(t, Setup{Kinds: kinds})
}

// Build returns a rig of the shops that are asked for, connected and with sync off.
func Build(t TB, setup Setup) *Rig {
	t.Helper()
	r := &Rig{T: t, Clock: practicetest.NewClock(start), Kinds: setup.Kinds, setup: setup, secrets: &secrets{vals: map[string]string{}}}
	r.build()
	r.OpenBooks("")
	for i := range setup.Kinds {
		r.Stores = append(r.Stores, r.Connect(i))
	}
	return r
}

// Connect connects the shop with an index and returns its store.
func (r *Rig) Connect(i int) uint32 {
	r.T.Helper()
	id, err := r.connect(i)
	if err != nil {
		r.T.Fatalf("connect shop %d: %v", i, err)
	}
	return id
}

func (r *Rig) connect(i int) (uint32, error) {
	s, _, err := r.Engine.AddStore(context.Background(), r.entered(i, fmt.Sprintf("Shop %c", 'A'+i)))
	return s.ID, err
}

// entered is what a seller enters to connect the shop with an index under a name.
func (r *Rig) entered(i int, name string) engine.NewStore {
	return engine.NewStore{Channel: r.channels[i], Name: name, Fields: r.accounts[i].fields, Endpoint: r.accounts[i].endpoint, AllowHTTP: true}
}

// build makes the shops' side.
func (r *Rig) build() {
	hosts := byHost{}
	var types []channel.Type
	var inMemory []*memory.Store
	for i, kind := range r.setup.Kinds {
		name := fmt.Sprintf("Shop %c", 'A'+i)
		var a account
		if f, ok := faces[kind]; ok {
			a = f.open(r, i, name)
			types = append(types, f.connector())
		} else {
			o := r.setup.Memory
			o.ID, o.Name, o.Now = fmt.Sprintf("shop-%d", i), name, r.shopTime
			o.CompareAndSet, o.Delta = kind == MemoryCAS, kind == MemoryDelta
			if kind == MemoryLater {
				o.Feeds = r.setup.Delay
			}
			m := memory.New(o)
			inMemory = append(inMemory, m)
			a = account{shop: m, fields: map[string]string{"id": o.ID}}
			types = append(types, memory.Type())
		}
		if a.host != "" {
			hosts[a.host] = a.answers
		}
		r.Shops, r.accounts = append(r.Shops, a.shop), append(r.accounts, a)
		r.channels = append(r.channels, types[i].Name)
	}
	r.client = &http.Client{Transport: hosts}
	slices.SortFunc(types, func(a, b channel.Type) int { return strings.Compare(a.Name, b.Name) })
	types = slices.CompactFunc(types, func(a, b channel.Type) bool { return a.Name == b.Name })
	for i := range types {
		if types[i].Name == memory.Type().Name {
			types[i] = memory.Type(inMemory...)
		}
		if r.setup.Watch != nil {
			types[i].Open = r.watched(types[i].Name, types[i].Open)
		}
	}
	r.registry = channel.NewRegistry(types...)
}

// watched is open with the watch between the engine and the shop.
func (r *Rig) watched(name string, open func(channel.Deps, channel.Settings) (channel.Store, error)) func(channel.Deps, channel.Settings) (channel.Store, error) {
	return func(d channel.Deps, s channel.Settings) (channel.Store, error) {
		store, err := open(d, s)
		if err != nil {
			return nil, err
		}
		for i, a := range r.accounts {
			if r.channels[i] == name && a.endpoint == s.Endpoint && a.fields["id"] == s.Fields["id"] && a.fields["url"] == s.Fields["url"] {
				return r.setup.Watch(i, store), nil
			}
		}
		return nil, fmt.Errorf("no shop of the rig is %v", s.Endpoint)
	}
}

// OpenBooks opens the books in dir, in memory when it is empty, and an engine on them.
func (r *Rig) OpenBooks(dir string) {
	r.T.Helper()
	var err error
	if r.DB, err = db.OpenWith(dir, r.setup.Books); err != nil {
		r.T.Fatal(err)
	}
	d := r.DB
	r.T.Cleanup(func() { _ = d.Close() })
	r.StartEngine()
}

// StartEngine starts an engine on the open books, as a start of the program does.
func (r *Rig) StartEngine() {
	r.T.Helper()
	var err error
	r.Engine, err = engine.New(engine.Options{DB: r.DB, Types: r.registry, HTTP: r.client, Secrets: r.secrets,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: r.Now,
		Sleep: r.sleep,
		Listen: func(e engine.Event) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.Events = append(r.Events, e)
		}})
	if err != nil {
		r.T.Fatal(err)
	}
}

// Now is the computer's clock.
func (r *Rig) Now() time.Time { return r.shopTime().Add(r.skewed) }

func (r *Rig) shopTime() time.Time {
	if r.setup.Now != nil {
		return r.setup.Now()
	}
	return r.Clock.Now()
}

func (r *Rig) sleep(ctx context.Context, d time.Duration) error {
	if r.setup.Now != nil {
		return engine.Sleep(ctx, d)
	}
	r.Clock.Advance(max(d, time.Millisecond))
	return ctx.Err()
}

// mostStill is how often all lanes may have something to do at one moment; more is a lane that spins.
const mostStill = 500

// Cycle lets time pass and every lane do what is due, until all have come to rest at the end of d.
func (r *Rig) Cycle(d time.Duration) {
	r.T.Helper()
	end := r.Now().Add(d)
	for still := 0; ; still++ {
		next := r.Engine.StepAll(context.Background(), r.Now())
		if next.IsZero() || next.After(end) {
			break
		}
		if wait := next.Sub(r.Now()); wait > 0 {
			r.Clock.Advance(wait)
			still = 0
		}
		if still > mostStill {
			r.T.Fatalf("the engine has worked %d times without letting time pass", still)
		}
	}
	if left := end.Sub(r.Now()); left > 0 {
		r.Clock.Advance(left)
	}
}
