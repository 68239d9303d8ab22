package etsy

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"strconv"
	"time"

	"evenstock/backend/channel"
)

const (
	// overlap is how far back orders are asked for again; see channels/README.md, 1.3.
	overlap = 5 * time.Minute
	// mostPages is where a list that does not end is given up: a million items.
	mostPages = 10_000
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
	channel.Trail[int64]
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
	next = at
	items, end, last, err := channel.Follow(at.Trail, w.store.pageSize, T.id, func(offset int) ([]T, int, error) {
		got, when, err := w.page(ctx, at, offset)
		next.Answered(when)
		return got.Results, got.Count, err
	})
	if err != nil {
		return out, at, false, err
	}
	if out.Items, err = w.take(ctx, next, items); err != nil {
		return out, at, false, err
	}
	next.Offset = end
	for _, item := range items {
		next.Met(w.changed(item))
		next.Trail = next.Passed(end, item.id())
	}
	if last {
		next.Phase, next.Trail = at.Phase+1, channel.Trail[int64]{}
	}
	if done = next.Phase == len(w.phases); done {
		next = cursor{Mark: next.Finished()}
	}
	out.Next = channel.EncodeCursor(next)
	return out, next, done, nil
}

// page reads the page at an offset of the list a cursor is in, and when Etsy answered.
func (w sweep[T, U]) page(ctx context.Context, at cursor, offset int) (out page[T], when time.Time, err error) {
	for p := w.phases[at.Phase]; ; {
		q := p.query(at)
		q.Set("limit", strconv.Itoa(w.store.pageSize))
		if offset > 0 {
			q.Set("offset", strconv.Itoa(offset))
		}
		r, err := w.store.inShop(ctx, p.op, p.path, q)
		if err != nil {
			return out, when, err
		}
		got, err := w.store.ask(ctx, r)
		if w.store.becomePlain(q, err) {
			continue // the same place once more
		}
		if err != nil {
			return out, when, listError(err)
		}
		err = got.Decode(p.op, &out)
		return out, got.Time, err
	}
}
