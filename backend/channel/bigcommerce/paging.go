package bigcommerce

import (
	"context"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
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

// behind returns the items of a list that follow an id. It is asked for from that id on; where that filter comes to nothing, and
// the list begins anew, it is leafed through until it goes on.
func behind[T identified](after int64, ask func(number int) ([]T, *httpx.Response, error)) ([]T, *httpx.Response, error) {
	for number := 1; ; number++ {
		items, resp, err := ask(number)
		if err != nil || len(items) == 0 || slices.ContainsFunc(items, func(x T) bool { return x.id() > after }) {
			return items, resp, err
		}
		if number == mostPages {
			return nil, resp, errEndless
		}
	}
}

// leaf is a query for a page of a list by its number; the first needs none.
func leaf(q url.Values, number int) url.Values {
	if number == 1 {
		return q
	}
	out := maps.Clone(q)
	out.Set("page", strconv.Itoa(number))
	return out
}

// cursor is the bookmark of a list.
type cursor struct {
	channel.Mark
	After int64 `json:"after,omitempty"` // id of the item handled last
}

// cursorVersion changes when old cursors would be misunderstood.
const cursorVersion = 1

// decode reads a cursor for a list of so many phases. One that cannot be read, or of another version, asks for everything.
func decode(c channel.Cursor, phases int) cursor {
	var out cursor
	if !channel.DecodeCursor(c, &out) || !out.Valid(cursorVersion, phases) || out.After < 0 {
		return cursor{Mark: channel.Mark{V: cursorVersion}}
	}
	return out
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
	at := decode(since, len(w.phases))
	if !at.Begun {
		at.Begun, at.Phase = true, 0
		if at.Since != 0 {
			at.Phase = w.first(time.Unix(at.Since, 0))
		}
	}
	return channel.Walk(at, mostPages, func(at cursor) (channel.Page[U], cursor, bool, error) { return w.step(ctx, at) },
		func(cursor) error { return channel.BadAnswer(op, errEndless) })
}

// step reads one page.
func (w sweep[T, U]) step(ctx context.Context, at cursor) (out channel.Page[U], next cursor, done bool, err error) {
	items, full, resp, err := w.phases[at.Phase](ctx, at)
	if err != nil {
		return out, at, false, listError(err)
	}
	next = at
	next.Answered(resp.Time)
	if out.Items, err = w.take(ctx, items); err != nil {
		return out, at, false, err
	}
	for _, item := range items {
		next.Met(w.changed(item))
		next.After = max(next.After, item.id())
	}
	if !full || next.After == at.After {
		next.Phase, next.After = at.Phase+1, 0
	}
	if done = next.Phase == len(w.phases); done {
		next = cursor{Mark: next.Finished()}
	}
	out.Next = channel.EncodeCursor(next)
	return out, next, done, nil
}
