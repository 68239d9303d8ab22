package engine

import (
	"sync"
	"time"
)

const (
	// barrierLimit is how long the barrier waits for the slowest store (product.md I6).
	barrierLimit = 60 * time.Second
	// gapLimit is the silence after which orders may have piled up everywhere: one period of the default schedule.
	gapLimit = 10 * time.Minute
)

// barrier keeps every store from being pushed until the orders of all of them have been asked for once, after a start
// and after a gap such as a night's sleep (product.md I6). A store that fails counts as asked: it is left behind.
type barrier struct {
	mu     sync.Mutex
	since  time.Time
	last   time.Time // last sign of life
	pulled map[uint32]bool
}

// beat is a sign of life; after a gap the barrier closes again.
func (b *barrier) beat(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.since.IsZero() || now.Sub(b.last) > gapLimit || now.Before(b.since) {
		b.since, b.pulled = now, map[uint32]bool{}
	}
	b.last = now
}

// asked notes that the orders of a store were asked for.
func (b *barrier) asked(store uint32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pulled != nil {
		b.pulled[store] = true
	}
}

// waitsFor returns those of the stores that have not been asked yet; none once the limit is over.
func (b *barrier) waitsFor(now time.Time, stores []uint32) []uint32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.since.IsZero() && now.Sub(b.since) >= barrierLimit {
		return nil
	}
	var out []uint32
	for _, id := range stores {
		if !b.pulled[id] {
			out = append(out, id)
		}
	}
	return out
}

// fresh reports whether a store has not been asked since the program started or a gap.
func (b *barrier) fresh(store uint32) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.pulled[store]
}
