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
	"sync"
	"testing"
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
	OverHTTP    Kind = "woocommerce"         // the real connector and the practice face, in one goroutine
	OverSocket  Kind = "woocommerce sockets" // the same over real HTTP
)

// Rig is an engine with shops under the test's control and a clock that only the test moves.
type Rig struct {
	T      testing.TB
	DB     *db.DB
	Engine *engine.Engine
	Clock  *practicetest.Clock
	Shops  []channeltest.Shop
	Stores []uint32
	Kind   Kind
	Events []engine.Event

	registry *channel.Registry
	client   *http.Client
	fields   []map[string]string
	secrets  *secrets
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
func New(t testing.TB, kind Kind, n int) *Rig {
	t.Helper()
	r := &Rig{T: t, Clock: practicetest.NewClock(start), Kind: kind, secrets: &secrets{vals: map[string]string{}}}
	r.build(n)
	r.OpenBooks("")
	for i := range n {
		s, _, err := r.Engine.AddStore(context.Background(), engine.NewStore{Channel: r.registry.Types()[0].Name,
			Name: fmt.Sprintf("Shop %c", 'A'+i), Fields: r.fields[i], AllowHTTP: true})
		if err != nil {
			t.Fatalf("connect shop %d: %v", i, err)
		}
		r.Stores = append(r.Stores, s.ID)
	}
	return r
}

// build makes the shops' side.
func (r *Rig) build(n int) {
	if r.Kind == OverHTTP || r.Kind == OverSocket {
		r.buildFaces(n)
		return
	}
	var shops []*memory.Store
	for i := range n {
		m := memory.New(memory.Options{ID: fmt.Sprintf("shop-%d", i), Name: fmt.Sprintf("Shop %c", 'A'+i), Now: r.Clock.Now,
			CompareAndSet: r.Kind == MemoryCAS, Delta: r.Kind == MemoryDelta})
		shops = append(shops, m)
		r.Shops = append(r.Shops, m)
		r.fields = append(r.fields, map[string]string{"id": fmt.Sprintf("shop-%d", i)})
	}
	r.registry = channel.NewRegistry(memory.Type(shops...))
}

// OpenBooks opens the books in dir, in memory when it is empty, and an engine on them.
func (r *Rig) OpenBooks(dir string) {
	r.T.Helper()
	var err error
	if r.DB, err = db.Open(dir); err != nil {
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
		Sleep: func(ctx context.Context, d time.Duration) error {
			r.Clock.Advance(max(d, time.Millisecond))
			return ctx.Err()
		},
		Listen: func(e engine.Event) { r.Events = append(r.Events, e) }})
	if err != nil {
		r.T.Fatal(err)
	}
}

// Now is the computer's clock.
func (r *Rig) Now() time.Time { return r.Clock.Now().Add(r.skewed) }

// Cycle lets time pass and every lane do what is due, until all have come to rest at the end of d.
func (r *Rig) Cycle(d time.Duration) {
	r.T.Helper()
	end := r.Now().Add(d)
	for {
		next := r.Engine.StepAll(context.Background(), r.Now())
		if next.IsZero() || next.After(end) {
			break
		}
		if wait := next.Sub(r.Now()); wait > 0 {
			r.Clock.Advance(wait)
		}
	}
	if left := end.Sub(r.Now()); left > 0 {
		r.Clock.Advance(left)
	}
}
