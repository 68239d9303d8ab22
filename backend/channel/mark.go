package channel

import (
	"encoding/json"
	"iter"
	"time"
)

// Mark is what a cursor says of a reading that goes through several lists, whatever the vendor. A connector embeds it in a
// cursor of its own, which adds where in a list the reading stands. Times are Unix seconds of the shop's clock.
type Mark struct {
	V     int   `json:"v"`               // changes when old cursors would be misunderstood
	Since int64 `json:"since,omitempty"` // up to when changes were read, 0 asks for everything
	Start int64 `json:"start,omitempty"` // when this reading began
	High  int64 `json:"high,omitempty"`  // the latest change met
	Phase int   `json:"phase,omitempty"` // which of the lists
	Begun bool  `json:"begun,omitempty"`
}

// Valid says whether a mark is of a version, and of a reading of so many lists.
func (m Mark) Valid(version, phases int) bool {
	return m.V == version && m.Phase >= 0 && m.Phase < phases
}

// Answered takes in when the shop answered; the first time counts as the beginning. A zero time says nothing.
func (m *Mark) Answered(at time.Time) {
	if m.Start == 0 && !at.IsZero() {
		m.Start = at.Unix()
	}
}

// Met takes in when an item changed.
func (m *Mark) Met(changed time.Time) { m.High = max(m.High, changed.Unix()) }

// Finished is the mark after the last page: at the latest change met, since only the shop's own times count, but not later
// than when reading began: what changed behind the reader's back is asked for again.
func (m Mark) Finished() Mark {
	since := m.High
	if m.Start != 0 && (since == 0 || since > m.Start) {
		since = m.Start
	}
	return Mark{V: m.V, Since: max(since, m.Since)}
}

// EncodeCursor writes down a connector's own cursor, which consists of texts and numbers.
func EncodeCursor(v any) Cursor {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and numbers always encode
	}
	return b
}

// DecodeCursor reads what EncodeCursor wrote; false means that there is nothing, or nothing that can be read.
func DecodeCursor(c Cursor, v any) bool { return len(c) > 0 && json.Unmarshal(c, v) == nil }

// Walk yields the pages of a reading from a cursor on, at most so many, then the error that endless makes of the cursor. step
// reads the page behind a cursor; done says it was the last.
func Walk[C, U any](from C, most int, step func(at C) (page Page[U], next C, done bool, err error), endless func(at C) error) iter.Seq2[Page[U], error] {
	return func(yield func(Page[U], error) bool) {
		at := from
		for n := 0; ; n++ {
			page, next, done, err := step(at)
			if err == nil && n == most {
				err = endless(at)
			}
			if err != nil {
				yield(Page[U]{}, err)
				return
			}
			if !yield(page, nil) || done {
				return
			}
			at = next
		}
	}
}
