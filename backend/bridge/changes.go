package bridge

import (
	"slices"
	"sync"
	"time"
)

// Emitter sends an event to the page: to the window by [Runtime], to browsers by [Hub].
type Emitter interface {
	Emit(event string, data ...any)
}

// EventChanged says that something in the books changed. Its data is a list of topics.
const EventChanged = "changed"

// Topics are all the page may be told of.
var Topics = []string{"stock", "listings", "orders", "stores", "activity", "notices", "progress", topicLogin}

// changesEvery is the shortest time between two events: a page that asks again for what it shows five times a second is
// as live as an eye can tell.
const changesEvery = 200 * time.Millisecond

// Changes gathers topics and tells the page at most every 200 ms. Its methods may be called from several goroutines.
type Changes struct {
	to []Emitter

	mu      sync.Mutex
	topics  map[string]bool
	last    time.Time // when the last event went out
	waiting *time.Timer
	closed  bool
}

// NewChanges returns a collector for pages behind the emitters.
func NewChanges(to ...Emitter) *Changes { return &Changes{to: to, topics: map[string]bool{}} }

// Add notes topics. It never blocks and never emits itself, so it may be called under a lock.
func (c *Changes) Add(topics []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || len(topics) == 0 {
		return
	}
	for _, t := range topics {
		c.topics[t] = true
	}
	if c.waiting == nil {
		c.waiting = time.AfterFunc(max(0, changesEvery-time.Since(c.last)), c.flush)
	}
}

func (c *Changes) flush() {
	c.mu.Lock()
	var topics []string
	for _, t := range Topics {
		if c.topics[t] {
			topics = append(topics, t)
		}
	}
	clear(c.topics)
	c.last, c.waiting = time.Now(), nil
	closed := c.closed
	c.mu.Unlock()
	if closed || len(topics) == 0 {
		return
	}
	for _, e := range c.to {
		e.Emit(EventChanged, slices.Clone(topics))
	}
}

// Close stops telling anyone.
func (c *Changes) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if c.waiting != nil {
		c.waiting.Stop()
	}
}
