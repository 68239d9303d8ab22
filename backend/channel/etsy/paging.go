package etsy

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	// overlap is how far back orders are asked for again; see channels/README.md, 1.3.
	overlap = 5 * time.Minute
	// mostPages is where a list that does not end is given up: a million items.
	mostPages = 10_000
	// landmarks is how many of the items that were handled last are remembered, to find the place again.
	landmarks = 10
)

var errEndless = errors.New("a list without an end")

// identified is what a list holds.
type identified interface{ id() int64 }

// phase is one list of a reading.
type phase struct {
	op, path string // path below the shop
	query    func(at cursor) url.Values
}

// sweep reads lists of T, one after the other, and yields them as pages of U.
type sweep[T identified, U any] struct {
	store  *Store
	phases []phase
	first  func(since time.Time) int // the phase a reading begins with
	take   func(ctx context.Context, at cursor, items []T) ([]U, error)
	// changed is when an item changed; the latest becomes the mark of the next reading.
	changed func(T) time.Time
}

// cursor is the bookmark of a list.
type cursor struct {
	channel.Mark
	Offset int     `json:"offset,omitempty"` // number of items at or before the last of After when it was reached
	After  []int64 `json:"after,omitempty"`  // ids of the items handled last
}

// cursorVersion changes when old cursors would be misunderstood.
const cursorVersion = 1

// decode reads a cursor for a list of so many phases. One that cannot be read, or of another version, asks for everything.
func decode(c channel.Cursor, phases int) cursor {
	var out cursor
	if !channel.DecodeCursor(c, &out) || !out.Valid(cursorVersion, phases) || out.Offset < 0 {
		return cursor{Mark: channel.Mark{V: cursorVersion}}
	}
	return out
}

// pages yields everything from a cursor on.
func (w sweep[T, U]) pages(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[U], error] {
	at := decode(since, len(w.phases))
	if !at.Begun {
		at.Begun, at.Phase = true, w.first(stamp(at.Since))
	}
	return channel.Walk(at, mostPages, func(at cursor) (channel.Page[U], cursor, bool, error) { return w.step(ctx, at) },
		func(at cursor) error { return channel.BadAnswer(w.phases[at.Phase].op, errEndless) })
}

// step reads one page.
func (w sweep[T, U]) step(ctx context.Context, at cursor) (out channel.Page[U], next cursor, done bool, err error) {
	items, last, resp, err := w.read(ctx, at)
	if err != nil {
		return out, at, false, err
	}
	next = at
	next.Answered(resp.Time)
	if out.Items, err = w.take(ctx, next, items); err != nil {
		return out, at, false, err
	}
	for _, item := range items {
		next.Met(w.changed(item))
		next.After = append(slices.Clone(next.After), item.id())
	}
	next.After = next.After[max(0, len(next.After)-landmarks):]
	if last {
		next.Phase, next.Offset, next.After = at.Phase+1, 0, nil
	} else {
		next.Offset = w.reached(resp, items, at)
	}
	if done = next.Phase == len(w.phases); done {
		next = cursor{Mark: next.Finished()}
	}
	out.Next = channel.EncodeCursor(next)
	return out, next, done, nil
}

// reached is how many items stand at or before the last that was read.
func (w sweep[T, U]) reached(resp answered, items []T, at cursor) int {
	if len(items) == 0 {
		return at.Offset
	}
	return resp.offset + resp.length
}

// answered is what is known of a page beside its items.
type answered struct {
	*httpx.Response
	offset, length int // of the page as Etsy sent it
}

// read returns the items behind the cursor. Lists move while they are read: a page therefore begins at the item that was
// handled last. When neither it nor one before it is there, something left the list and what follows moved up; then reading
// steps back until it meets known ground, so that nothing is skipped. What is met twice does no harm.
func (w sweep[T, U]) read(ctx context.Context, at cursor) (items []T, last bool, resp answered, err error) {
	p := w.phases[at.Phase]
	for offset := max(0, at.Offset-1); ; offset = max(0, offset-w.store.pageSize+1) {
		q := p.query(at)
		q.Set("limit", strconv.Itoa(w.store.pageSize))
		if offset > 0 {
			q.Set("offset", strconv.Itoa(offset))
		}
		r, err := w.store.inShop(ctx, p.op, p.path, q)
		if err != nil {
			return nil, false, resp, err
		}
		got, err := w.store.ask(ctx, r)
		if w.store.becomePlain(q, err) {
			offset += w.store.pageSize - 1 // the same place once more
			continue
		}
		if err != nil {
			return nil, false, resp, listError(err)
		}
		var l page[T]
		if err := got.Decode(p.op, &l); err != nil {
			return nil, false, resp, err
		}
		known := -1
		for i, item := range l.Results {
			if slices.Contains(at.After, item.id()) {
				known = i
			}
		}
		if offset > 0 && known < 0 {
			continue
		}
		resp = answered{got, offset, len(l.Results)}
		last = len(l.Results) == 0 || offset+len(l.Results) >= l.Count
		return l.Results[known+1:], last, resp, nil
	}
}
