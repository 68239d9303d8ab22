package woocommerce

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"time"

	"evenstock/backend/channel"
)

// overlap is how far back a list is asked for again; see channels/README.md, 1.3.
const overlap = 5 * time.Minute

// sideCalls is how many further requests one yielded page may take, so that a page is never long on its way: a lane works
// in slices of half a minute, and a slow host takes a second or two a call.
const sideCalls = 10

// sweep reads lists of T and yields them as pages of U.
type sweep[T identified, U any] struct {
	store *Store
	// phases are the lists that are read one after the other, each from the cursor on. Only the first reading, from the
	// zero cursor, goes through all of them; later ones begin with the last.
	phases []func(ctx context.Context, at cursor) (list, error)
	// take translates the first few items, at least one, and returns how many.
	take    func(ctx context.Context, items []T) (out []U, n int, err error)
	changed func(T) stamp
}

// pages yields everything from a cursor on.
func (w sweep[T, U]) pages(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[U], error] {
	return func(yield func(channel.Page[U], error) bool) {
		at := decode(since, len(w.phases))
		for n := 0; ; n++ {
			l, err := w.phases[at.Phase](ctx, at)
			if err != nil {
				yield(channel.Page[U]{}, err)
				return
			}
			p, err := read[T](ctx, w.store, l, at.Place)
			if n == mostPages {
				err = channel.BadAnswer(l.op, errEndless)
			}
			if err != nil {
				yield(channel.Page[U]{}, err)
				return
			}
			last := p.last && at.Phase == len(w.phases)-1
			more := false
			if at, more = w.yieldPart(ctx, p, at, yield); !more || last {
				return
			}
		}
	}
}

// yieldPart yields a part of a list, in pages that take few further requests, and returns the cursor after it. It returns
// false when there is nothing more to do, because yield asked to stop or was given an error.
func (w sweep[T, U]) yieldPart(ctx context.Context, p part[T], at cursor, yield func(channel.Page[U], error) bool) (cursor, bool) {
	if at.Start.IsZero() {
		at.Start = stamp{p.resp.Time}
	}
	for done := 0; ; {
		page := channel.Page[U]{Total: p.total}
		if done < len(p.items) {
			out, n, err := w.take(ctx, p.items[done:])
			if err != nil {
				yield(channel.Page[U]{}, err)
				return at, false
			}
			for _, item := range p.items[done : done+n] {
				at.note(w.changed(item))
			}
			page.Items, done = out, done+n
			at.Place.After = p.items[done-1].id()
		}
		at.Place = place{Offset: p.offset + done, After: at.Place.After, Total: p.total}
		ended := done == len(p.items)
		next := at
		if ended && p.last {
			at.Phase, at.Place = at.Phase+1, place{}
			if next = at; at.Phase == len(w.phases) {
				next = at.finished()
			}
		}
		page.Next = next.encode()
		if !yield(page, nil) {
			return at, false
		}
		if ended {
			return at, true
		}
	}
}

// cursor is the bookmark of a list that is asked for again and again.
type cursor struct {
	V int `json:"v"`
	// Since is up to when changes were read, by the shop's clock; zero asks for everything.
	Since stamp `json:"since"`
	// The rest is set while a list is being read.
	Start stamp `json:"start"` // when reading it began, by the shop's clock
	High  stamp `json:"high"`  // the latest change met
	Phase int   `json:"phase,omitempty"`
	Place place `json:"place"`
}

// cursorVersion changes when old cursors would be misunderstood.
const cursorVersion = 1

// decode reads a cursor for a list of so many phases. One that cannot be read, or of another version, asks for everything.
func decode(c channel.Cursor, phases int) cursor {
	var out cursor
	if len(c) == 0 || json.Unmarshal(c, &out) != nil || out.V != cursorVersion ||
		out.Place.Offset < 0 || out.Place.After < 0 || out.Phase < 0 || out.Phase >= phases {
		return cursor{V: cursorVersion}
	}
	if !out.Since.IsZero() {
		out.Phase = phases - 1
	}
	return out
}

func (c cursor) encode() channel.Cursor {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // numbers and times always encode
	}
	return b
}

// changedSince asks for what changed after the cursor's mark. The bound is UTC without a Z together with dates_are_gmt:
// with a Z it would be wrong by the shop's offset. It is strict and in whole seconds, and a change may become visible
// late, hence the overlap (woocommerce-observed.md, "Dates"; channels/README.md, 1.3).
func (c cursor) changedSince(q url.Values) url.Values {
	if !c.Since.IsZero() {
		q.Set("modified_after", stamp{c.Since.Add(-overlap)}.String())
		q.Set("dates_are_gmt", "true")
	}
	return q
}

// note takes in the time of a change.
func (c *cursor) note(changed stamp) {
	if changed.After(c.High.Time) {
		c.High = changed
	}
}

// finished is the cursor after the last page: at the latest change met, since only the shop's own dates count. But not
// later than when reading began: what changed behind the reader's back is asked for again. A date in the future, which
// imported goods have, does not move it past the present either.
func (c cursor) finished() cursor {
	done := cursor{V: cursorVersion, Since: c.High}
	if !c.Start.IsZero() && done.Since.After(c.Start.Time) {
		done.Since = c.Start
	}
	if done.Since.Before(c.Since.Time) {
		done.Since = c.Since
	}
	if done.Since.IsZero() { // a shop without anything to read: its own clock says up to when that was so
		done.Since = c.Start
	}
	return done
}
