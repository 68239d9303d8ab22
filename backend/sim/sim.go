package sim

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"pgregory.net/rapid"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// mode is what the program is doing that lets it call a shop whose sync is off, or read orders without booking them.
type mode uint8

const (
	working    mode = iota
	turning         // sync on
	looking         // a rehearsal or a drift report
	connecting      // a shop
)

// Sim is one simulated stretch of days: shops with customers, a merchant, a user, a network and a clock around an engine,
// everything in one goroutine, everything drawn from one seed.
type Sim struct {
	t     *rapid.T
	r     *Rig
	m     *Model
	shops []*shop

	mode    mode
	woke    time.Time            // the program was started, or woke from sleep
	worked  time.Time            // every lane was stepped last
	jumped  time.Time            // when the computer's clock was set last, zero for never
	drafts  map[string]bool      // listings that were last shown as drafts
	recent  map[*Product][]int64 // targets that were right at some moment of the work under way
	turning *turningOn           // a turn-on under way
	pending func()               // what the program is told by the answer it is booking, as soon as that is committed
	calm    bool                 // hooks do nothing any more
	commits int                  // commits until one is refused, 0 for never
	kill    bool                 // the program ends there
	refused bool                 // a commit was refused during the work under way
	lost    time.Time            // when one was refused last

	seqs    []uint64 // sequence numbers of the model's changes
	keys    int
	seen    seen
	hash    uint64
	nextSKU int
}

// killed is what the end of the program at a commit looks like.
type killed struct{}

var errNoRoom = errors.New("no room on the disk")

// products are the SKUs that every shop sells from the beginning.
var products = []string{"APPLE", "BREAD", "CHEESE", "DATES", "EGGS", "FIGS", "GRAPES"}

// delays are how long shops may take that apply later what they accept. A person's tests wait for the longest.
var delays = []time.Duration{time.Second, 20 * time.Second, 90 * time.Second}

// NewSim returns a simulation of shops of some kinds.
func NewSim(t *rapid.T, kinds []Kind) *Sim {
	s := &Sim{t: t, m: NewModel(len(kinds)), drafts: map[string]bool{}, recent: map[*Product][]int64{}}
	o := memory.Options{ListingEvery: 15 * time.Minute, PageSize: rapid.SampledFrom([]int{100, 3}).Draw(t, "page"),
		PushBatch: rapid.SampledFrom([]int{50, 2}).Draw(t, "batch")}
	s.mode = connecting
	for i, kind := range kinds {
		s.shops = append(s.shops, &shop{i: i, kind: kind, hard: map[string]*hardRefresh{}})
	}
	piece := rapid.SampledFrom([]int64{0, 1}).Draw(t, "piece") // as in a large store, a crash may come between any two of its listings
	s.r = Build(t, Setup{Kinds: kinds, Memory: o, Books: db.Options{Piece: piece}, Delay: rapid.SampledFrom(delays).Draw(t, "delay"), Watch: func(i int, c channel.Store) channel.Store {
		return &watched{Store: c, sim: s, at: s.shops[i]}
	}})
	s.mode = working
	s.r.DB.BeforeCommit(s.commit)
	s.r.DB.OnCommit(func(db.Touched) { s.flush(); s.noteTurn() })
	s.woke = s.now()
	for i, sh := range s.shops {
		sh.Shop = s.r.Shops[i]
		for n, sku := range products {
			s.offer(sh, sku, int64(5+n))
		}
	}
	return s
}

func (s *Sim) now() time.Time { return s.r.Clock.Now() }

// offer puts a listing on sale.
func (s *Sim) offer(sh *shop, sku string, quantity int64) *listing {
	l := &listing{sku: sku, ref: sh.AddListing(channeltest.Goods{SKU: sku, Title: "Goods " + sku, Quantity: quantity})}
	sh.listings = append(sh.listings, l)
	return l
}

// commit decides about one commit of the database.
func (s *Sim) commit() error {
	if s.commits == 0 {
		return nil
	}
	if s.commits--; s.commits > 0 {
		return nil
	}
	s.refused, s.lost, s.pending = true, s.now(), nil
	for _, sh := range s.shops {
		sh.cool = time.Time{} // it may be the very commit that was to remember it
	}
	if s.kill {
		s.trace("  the program is killed at a commit")
		panic(killed{})
	}
	s.trace("  a commit is refused")
	return errNoRoom
}

func (s *Sim) flush() {
	if told := s.pending; told != nil {
		s.pending = nil
		told()
	}
}

// do lets the program work and restarts it when it was killed. It reports whether all commits went through.
func (s *Sim) do(m mode, work func()) bool {
	s.mode, s.refused = m, false
	clear(s.recent)
	dead := s.run(work)
	s.mode, s.pending = working, nil
	for _, sh := range s.shops {
		if sh.owes && !s.refused {
			s.fail("I7: shop %d was written to without a second look at its orders", sh.i)
		}
		sh.owes = false
	}
	if dead {
		s.restart()
	}
	return !s.refused
}

func (s *Sim) run(work func()) (dead bool) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(killed); !ok {
				panic(p)
			}
			dead = true
		}
	}()
	work()
	return false
}

// restart starts the program anew.
func (s *Sim) restart() {
	s.commits, s.lost = 0, time.Time{}
	s.r.StartEngine()
	s.wake()
}

// wake notes that nothing was done for a while.
func (s *Sim) wake() {
	s.woke, s.seen.from = s.now(), s.now()
	for _, sh := range s.shops {
		sh.asked = false
	}
}

// accept fails unless err is nil, a refusal with one of the codes, or the fault of a refused commit.
func (s *Sim) accept(err error, codes ...string) {
	var e *engine.Error
	if err == nil || s.refused || errors.As(err, &e) && slices.Contains(codes, e.Code) {
		return
	}
	s.fail("refused: %v", err)
}

// trace adds a line to what the run did. Two runs of one seed are the same to the last line (V33).
func (s *Sim) trace(format string, args ...any) {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d ", s.hash)
	fmt.Fprintf(h, format, args...)
	s.hash = h.Sum64()
	s.t.Logf(format, args...)
}

func (s *Sim) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf(format, args...)
}

// draw draws a whole number.
func (s *Sim) draw(low, high int, label string) int {
	return rapid.IntRange(low, high).Draw(s.t, label)
}

func (s *Sim) flip(label string) bool { return rapid.Bool().Draw(s.t, label) }

// one draws one of several; the action is skipped where there is none.
func one[T any](s *Sim, of []T, label string) T {
	if len(of) == 0 {
		s.t.Skip("none to choose")
	}
	return of[rapid.IntRange(0, len(of)-1).Draw(s.t, label)]
}

func (s *Sim) anyShop() *shop { return one(s, s.shops, "shop") }

// connected are the shops that are not removed.
func (s *Sim) connected() []*shop {
	return slices.DeleteFunc(slices.Clone(s.shops), func(sh *shop) bool { return s.store(sh.i).Removed })
}

// on are the shops whose sync is on.
func (s *Sim) on() []*shop {
	return slices.DeleteFunc(slices.Clone(s.shops), func(sh *shop) bool { return !s.store(sh.i).On() })
}

func (s *Sim) id(sh *shop) uint32 { return s.r.Stores[sh.i] }

func (s *Sim) skus() []string {
	out := make([]string, 0, len(s.m.Products))
	for sku := range s.m.Products {
		out = append(out, sku)
	}
	slices.Sort(out)
	return out
}

var background = context.Background()

func formatID(id int64) string { return strconv.FormatInt(id, 10) }

func (s *Sim) lastSeq() (seq uint64) {
	s.view(func(tx *db.Tx) (err error) { seq, err = tx.LastSeq(); return err })
	return seq
}
