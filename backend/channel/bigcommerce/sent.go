package bigcommerce

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"evenstock/backend/channel"
)

const (
	// settles is how long a reading may still show what was there before a write (bigcommerce.md, 3.5, names no time).
	settles = 2 * time.Minute
	// noteSent is the name of the note of what was written a moment ago.
	noteSent = "just written"
	// mostSent is how many writes of the last [settles] are noted one by one: a full adjustment, which is four fifths of
	// [channel.NoteLimit] where all numbers are large.
	mostSent = pushBatch
)

// written is what is known of a number that was written a moment ago.
type written struct {
	At     time.Time `json:"at"`
	To     int64     `json:"to"`
	Before *int64    `json:"before"` // the most that it may have been until then; nil: nobody knows
}

// recent remembers the numbers that were written within [settles]. A reading of them may be from before that: a difference
// from it would count twice, and it does not prove that a number is right. The note is written before the number is sent, so
// that the next start of the program knows as much, whatever became of this one.
type recent struct {
	notes channel.Notes
	now   func() time.Time

	mu   sync.Mutex
	read bool
	all  map[spot]written
	rest time.Time // when a number was written last that is not among all
}

// noted is a row of the note.
type noted struct {
	Product  int64 `json:"p,omitempty"`
	Variant  int64 `json:"v,omitempty"`
	Location int64 `json:"l"`
	written
}

type note struct {
	All  []noted   `json:"all"`
	Rest time.Time `json:"rest"`
}

func newRecent(notes channel.Notes, now func() time.Time) *recent {
	return &recent{notes: notes, now: now, all: map[spot]written{}}
}

// load reads the note once. What cannot be read is taken as nothing, as [channel.Notes] asks.
func (r *recent) load() {
	if r.read || r.notes == nil {
		return
	}
	r.read = true
	var n note
	if b, err := r.notes.Read(noteSent); err != nil || json.Unmarshal(b, &n) != nil {
		return
	}
	r.rest = n.Rest
	for _, row := range n.All {
		r.all[spot{item{row.Product, row.Variant}, row.Location}] = row.written
	}
}

func (r *recent) fresh(at time.Time) bool { return r.now().Sub(at) < settles }

// add notes what is about to be sent, and returns when that is durable. expect is what each number is thought to be.
func (r *recent) add(to map[spot]int64, expect map[spot]*int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load()
	maps.DeleteFunc(r.all, func(_ spot, w written) bool { return !r.fresh(w.At) })
	for s, n := range to {
		w := written{At: r.now(), To: n}
		switch last, again := r.all[s]; {
		case expect[s] == nil, again && last.Before == nil, !again && r.fresh(r.rest):
		case again:
			w.Before = new(max(*expect[s], last.To, *last.Before))
		default:
			w.Before = expect[s]
		}
		r.all[s] = w
	}
	return r.keep()
}

// keep writes the note. Of more than fit, the latest are noted one by one.
func (r *recent) keep() error {
	if r.notes == nil {
		return nil
	}
	n := note{Rest: r.rest}
	for s, w := range r.all {
		n.All = append(n.All, noted{s.product, s.variant, s.location, w})
	}
	slices.SortFunc(n.All, func(a, b noted) int { return b.At.Compare(a.At) })
	if len(n.All) > mostSent {
		n.Rest, n.All = n.All[mostSent].At, n.All[:mostSent]
	}
	b, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return r.notes.Write(noteSent, b)
}

// unsettled reports whether a reading of a number may be older than the last write of it.
func (r *recent) unsettled(s spot) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load()
	w, ok := r.all[s]
	return ok && r.fresh(w.At) || r.fresh(r.rest)
}

// doubtful reports whether a reading of a number may be what it was before the last write of it. Customers may have bought
// until then, so it may be less than was expected.
func (r *recent) doubtful(s spot, n int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load()
	w, ok := r.all[s]
	switch {
	case !ok || !r.fresh(w.At):
		return r.fresh(r.rest)
	case n == w.To:
		return false
	}
	return w.Before == nil || n <= *w.Before
}
