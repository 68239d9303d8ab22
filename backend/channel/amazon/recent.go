package amazon

import (
	"maps"
	"sync"
	"time"
)

// recentFor is how long a reading does for a feed, which Amazon applies minutes later: to read 2,000 listings takes 20 s.
const recentFor = time.Minute

// recent remembers what was read a moment ago, by SKU, so that a feed of thousands is not read once more before it is sent.
type recent struct {
	mu    sync.Mutex
	known map[string]reading
}

type reading struct {
	item
	at time.Time
}

func (r reading) fresh(now time.Time) bool {
	age := now.Sub(r.at)
	return age >= 0 && age <= recentFor
}

// keep remembers listings as they are now, and forgets those that are of no use any more.
func (r *recent) keep(held map[string]item, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil {
		r.known = map[string]reading{}
	}
	if len(r.known) > 2*pushBatch {
		maps.DeleteFunc(r.known, func(_ string, old reading) bool { return !old.fresh(now) })
	}
	for sku, it := range held {
		r.known[sku] = reading{it, now}
	}
}

// take puts what was read of the listings into held and returns those that have to be read. A reading does for one feed.
func (r *recent) take(skus []string, held map[string]item, now time.Time) (left []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, sku := range skus {
		if known, ok := r.known[sku]; ok && known.fresh(now) {
			held[sku] = known.item
		} else {
			left = append(left, sku)
		}
		delete(r.known, sku)
	}
	return left
}
