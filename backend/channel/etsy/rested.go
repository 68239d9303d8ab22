package etsy

import (
	"encoding/json"
	"slices"
	"sync"

	"evenstock/backend/channel"
)

// noteRested is the name of the note.
const noteRested = "set inactive"

// rested remembers the listings that were set inactive because nothing was left: only those are set active again, and
// they read as 0. The note is written before the listing is changed, so that a crash between the two loses nothing; a
// listing that turns out to be active is forgotten.
type rested struct {
	notes channel.Notes

	mu   sync.Mutex
	read bool
	ids  []int64 // ascending
}

func newRested(notes channel.Notes) *rested { return &rested{notes: notes} }

// load reads the note once. What cannot be read is taken as nothing, as [channel.Notes] asks.
func (r *rested) load() {
	if r.read || r.notes == nil {
		return
	}
	r.read = true
	if b, err := r.notes.Read(noteRested); err == nil && json.Unmarshal(b, &r.ids) != nil {
		r.ids = nil
	}
	slices.Sort(r.ids)
}

func (r *rested) has(id int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load()
	_, found := slices.BinarySearch(r.ids, id)
	return found
}

// set notes whether a listing rests. It returns when that is durable.
func (r *rested) set(id int64, rests bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load()
	at, found := slices.BinarySearch(r.ids, id)
	switch {
	case found == rests:
		return nil
	case rests:
		r.ids = slices.Insert(r.ids, at, id)
	default:
		r.ids = slices.Delete(r.ids, at, at+1)
	}
	if r.notes == nil {
		return nil
	}
	b, err := json.Marshal(r.ids)
	if err != nil {
		return err
	}
	return r.notes.Write(noteRested, b)
}

// rests says whether a listing in a state reads as 0 because of us, and forgets one that someone else has put back on
// sale. An empty state, in an answer that does not tell it, proves nothing.
func (r *rested) rests(id int64, state string) (bool, error) {
	if !r.has(id) {
		return false, nil
	}
	if state == "" || state == stateInactive {
		return true, nil
	}
	return false, r.set(id, false)
}
