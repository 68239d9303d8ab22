package shopify

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	// overlap is how far back lists are asked for again, since searches lag behind (channels/README.md, 1.3).
	overlap = 5 * time.Minute
	// mostPages is where a list that does not end is given up.
	mostPages = 10_000
)

// cursor is the bookmark of a list. Times are Unix seconds of the shop's clock.
type cursor struct {
	V     int    `json:"v"`
	Since int64  `json:"since,omitempty"` // up to when changes were read, 0 asks for everything
	Start int64  `json:"start,omitempty"` // when this reading began
	High  int64  `json:"high,omitempty"`  // the latest change met
	Phase int    `json:"phase,omitempty"`
	After string `json:"after,omitempty"` // where in the phase: an id or a cursor of Shopify's
	Begun bool   `json:"begun,omitempty"`
	Pages int    `json:"pages,omitempty"` // read of the phase
}

// cursorVersion changes when old cursors would be misunderstood.
const cursorVersion = 1

// phase is one of the lists that a reading consists of. It reads the page behind at.After and returns its items, where the
// next page begins, "" after the last, and the latest change among them. The error [waiting] says that there is nothing yet.
type phase[U any] func(ctx context.Context, at cursor) (items []U, after string, high time.Time, resp *httpx.Response, err error)

// decode reads a cursor for a list of so many phases. One that cannot be read, or of another version, asks for everything.
func decode(c channel.Cursor, phases int) cursor {
	var out cursor
	if len(c) == 0 || json.Unmarshal(c, &out) != nil || out.V != cursorVersion || out.Phase < 0 || out.Phase >= phases {
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

// finished is the cursor after the last page: at the latest change met, since only the shop's own times count, but not
// later than when reading began: what changed behind the reader's back is asked for again.
func (c cursor) finished() cursor {
	since := c.High
	if c.Start != 0 && (since == 0 || since > c.Start) {
		since = c.Start
	}
	return cursor{V: cursorVersion, Since: max(since, c.Since)}
}

// behind reads the page of a list that follows an id. The search asks for what is behind it, since Shopify's own cursors end at
// 25,000 objects (shopify.md, 2.6); where that comes to nothing and the list begins anew, those cursors lead to where it goes on.
func behind[T any](after string, id func(*T) string, ask func(cursor string) (connection[T], *httpx.Response, error)) (connection[T], *httpx.Response, error) {
	leaf := ""
	for range mostPages {
		page, resp, err := ask(leaf)
		if err != nil || after == "" || !page.Info.More || slices.ContainsFunc(page.Nodes, func(n T) bool { return larger(number(id(&n)), after) }) {
			return page, resp, err
		}
		leaf = page.Info.End
	}
	return connection[T]{}, nil, errEndless
}

// larger compares two ids as the numbers they are.
func larger(a, b string) bool { return len(a) > len(b) || len(a) == len(b) && a > b }

// changed is the search for what changed since a time.
func changed(since time.Time) string {
	return "updated_at:>='" + since.UTC().Format(time.RFC3339) + "'"
}

// from is the earliest change that is asked for.
func (c cursor) from() time.Time { return time.Unix(c.Since, 0).Add(-overlap) }

// pages yields all phases from first to last, from a cursor on. A cursor that asks for everything begins at full.
func pages[U any](ctx context.Context, op string, since channel.Cursor, phases []phase[U], begin func(everything bool) (first, last int)) iter.Seq2[channel.Page[U], error] {
	return func(yield func(channel.Page[U], error) bool) {
		at := decode(since, len(phases))
		first, last := begin(at.Since == 0)
		if !at.Begun {
			at.Begun, at.Phase = true, first
		}
		for n := 0; ; n++ {
			items, after, high, resp, err := phases[at.Phase](ctx, at)
			var w *waiting
			if errors.As(err, &w) {
				at.After = w.after
				yield(channel.Page[U]{Next: at.encode(), Wait: w.until}, nil)
				return
			}
			if err == nil && (n == mostPages || after != "" && after == at.After) {
				err = channel.BadAnswer(op, errEndless)
			}
			if err != nil {
				yield(channel.Page[U]{}, err)
				return
			}
			if at.Start == 0 && !resp.Time.IsZero() {
				at.Start = resp.Time.Unix()
			}
			if !high.IsZero() {
				at.High = max(at.High, high.Unix())
			}
			at.Pages++
			if at.After = after; after == "" {
				at.Phase, at.Pages = at.Phase+1, 0
			}
			done := at.Phase > last
			next := at.encode()
			if done {
				next = at.finished().encode()
			}
			if !yield(channel.Page[U]{Items: items, Next: next}, nil) || done {
				return
			}
		}
	}
}
