package ebay

import (
	"encoding/json"
	"maps"
	"sync"
	"time"

	"evenstock/backend/channel"
)

const (
	// revisionsMost is how often a listing may be changed in a day, all its variants together (ebay.md, rate limits).
	revisionsMost = 250
	// revisionsScarce is when only lower numbers are sent: they are what keeps a listing from being sold too often.
	revisionsScarce = 200
	noteRevisions   = "revisions"
	scarceMessage   = "eBay allows 250 changes of a listing in a day, and 200 are made. Until tomorrow only lower numbers are sent for it."
	spentMessage    = "eBay allows 250 changes of a listing in a day, and all are made. The number is sent tomorrow."
)

// revisions counts how often each listing was changed today. The count is saved before a change is sent, so that a restart
// forgets none.
type revisions struct {
	notes channel.Notes
	now   func() time.Time

	mu     sync.Mutex
	loaded bool
	dirty  bool
	today  counted
}

// counted is the note.
type counted struct {
	Day   string         `json:"day"`
	Times map[string]int `json:"n"` // by eBay's number of the listing
}

// turn loads the note once and begins anew when eBay's day does. The caller holds the lock.
func (r *revisions) turn() {
	if !r.loaded {
		r.loaded = true
		if r.notes != nil {
			if b, err := r.notes.Read(noteRevisions); err != nil || json.Unmarshal(b, &r.today) != nil {
				r.today = counted{}
			}
		}
	}
	if day := r.now().UTC().Add(-midnight).Format(time.DateOnly); r.today.Day != day || r.today.Times == nil {
		r.today = counted{Day: day, Times: map[string]int{}}
	}
}

// scarce says whether only lower numbers of a listing are sent.
func (r *revisions) scarce(listing string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn()
	return r.today.Times[listing] >= revisionsScarce
}

// take counts one change of a listing, or says why it must not be made.
func (r *revisions) take(listing string, lower bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn()
	switch n := r.today.Times[listing]; {
	case n >= revisionsMost:
		return ofItem(opPush, channel.Invalid, channel.CodeThrottled, spentMessage)
	case n >= revisionsScarce && !lower:
		return ofItem(opPush, channel.Invalid, channel.CodeThrottled, scarceMessage)
	}
	r.today.Times[listing]++
	r.dirty = true
	return nil
}

// save makes what was counted durable. Of more listings than a note has room for, those changed least are left out.
func (r *revisions) save() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.dirty || r.notes == nil {
		return nil
	}
	kept := counted{r.today.Day, maps.Clone(r.today.Times)}
	b, err := json.Marshal(kept)
	for least := 1; err == nil && len(b) > channel.NoteLimit; least++ {
		maps.DeleteFunc(kept.Times, func(_ string, n int) bool { return n <= least })
		b, err = json.Marshal(kept)
	}
	if err == nil {
		err = r.notes.Write(noteRevisions, b)
	}
	r.dirty = err != nil
	return err
}
