package bigcommerce

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	// overlap is how far back lists are asked for again; see channels/README.md, 1.3.
	overlap = 5 * time.Minute
	// mostPages is where a list that does not end is given up: more than a million items.
	mostPages = 10_000
)

// identified is what a list holds.
type identified interface{ id() int64 }

// sweep reads lists of T by ascending id, one after the other, and yields them as pages of U. Each page is asked for from
// the last id on, so nothing is skipped however the list moves while it is read.
type sweep[T identified, U any] struct {
	phases  []func(ctx context.Context, at cursor) (items []T, full bool, resp *httpx.Response, err error)
	first   func(since time.Time) int // the phase a reading begins with
	take    func(ctx context.Context, items []T) ([]U, error)
	changed func(T) time.Time
}

// cursor is the bookmark of a list.
type cursor struct {
	V     int   `json:"v"`
	Since int64 `json:"since,omitempty"` // up to when changes were read, 0 asks for everything
	Start int64 `json:"start,omitempty"` // when this reading began, by the store's clock
	High  int64 `json:"high,omitempty"`  // the latest change met
	Phase int   `json:"phase,omitempty"`
	After int64 `json:"after,omitempty"` // id of the item handled last
	Begun bool  `json:"begun,omitempty"`
}

// cursorVersion changes when old cursors would be misunderstood.
const cursorVersion = 1

// decode reads a cursor for a list of so many phases. One that cannot be read, or of another version, asks for everything.
func decode(c channel.Cursor, phases int) cursor {
	var out cursor
	if len(c) == 0 || json.Unmarshal(c, &out) != nil || out.V != cursorVersion || out.After < 0 || out.Phase < 0 || out.Phase >= phases {
		return cursor{V: cursorVersion}
	}
	return out
}

func (c cursor) encode() channel.Cursor {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // numbers always encode
	}
	return b
}

// finished is the cursor after the last page: at the latest change met, since only the store's own times count, but not
// later than when reading began: what changed behind the reader's back is asked for again.
func (c cursor) finished() cursor {
	since := c.High
	if c.Start != 0 && (since == 0 || since > c.Start) {
		since = c.Start
	}
	return cursor{V: cursorVersion, Since: max(since, c.Since)}
}

// from is the earliest change that is asked for, zero for all.
func (c cursor) from() time.Time {
	if c.Since == 0 {
		return time.Time{}
	}
	return time.Unix(c.Since, 0).UTC().Add(-overlap)
}

// pages yields everything from a cursor on.
func (w sweep[T, U]) pages(ctx context.Context, op string, since channel.Cursor) iter.Seq2[channel.Page[U], error] {
	return func(yield func(channel.Page[U], error) bool) {
		at := decode(since, len(w.phases))
		if !at.Begun {
			at.Begun, at.Phase = true, 0
			if at.Since != 0 {
				at.Phase = w.first(time.Unix(at.Since, 0))
			}
		}
		for n := 0; ; n++ {
			page, next, err := w.step(ctx, at)
			if err == nil && n == mostPages {
				err = badAnswer(op, errEndless)
			}
			if err != nil {
				yield(channel.Page[U]{}, err)
				return
			}
			if !yield(page, nil) || next.Phase == len(w.phases) {
				return
			}
			at = next
		}
	}
}

// step reads one page.
func (w sweep[T, U]) step(ctx context.Context, at cursor) (out channel.Page[U], next cursor, err error) {
	items, full, resp, err := w.phases[at.Phase](ctx, at)
	if err != nil {
		return out, at, listError(err)
	}
	next = at
	if next.Start == 0 && !resp.Time.IsZero() {
		next.Start = resp.Time.Unix()
	}
	if out.Items, err = w.take(ctx, items); err != nil {
		return out, at, err
	}
	for _, item := range items {
		next.High, next.After = max(next.High, w.changed(item).Unix()), max(next.After, item.id())
	}
	if !full || next.After == at.After {
		next.Phase, next.After = at.Phase+1, 0
	}
	if out.Next = next.encode(); next.Phase == len(w.phases) {
		out.Next = next.finished().encode()
	}
	return out, next, nil
}
