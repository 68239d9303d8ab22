package memory

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
)

// cursor is a place in the order of changes. A list that was read to its end is read again with an overlap; one that
// broke off goes on exactly where it was, so that reading in small slices gets on.
type cursor struct {
	Seq   int64     `json:"seq"`
	Until time.Time `json:"until"` // the shop's time when the list was read to its end; zero: it broke off
	Full  bool      `json:"full"`  // the list that broke off was one of everything
	Total int       `json:"total"` // what was announced for the list that broke off
	Ready time.Time `json:"ready"` // of a list of everything that is being prepared
}

func decode(c channel.Cursor) cursor {
	if len(c) == 0 {
		return cursor{Full: true}
	}
	var out cursor
	if err := json.Unmarshal(c, &out); err != nil {
		return cursor{Full: true}
	}
	return out
}

func (c cursor) encode() channel.Cursor {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return b
}

// change is an item of a list with its place among the changes.
type change[T any] struct {
	item T
	seq  int64
}

// has reports whether a change was read already.
func (c cursor) has(seq int64, at time.Time) bool {
	again := !c.Until.IsZero() && !at.Before(c.Until.Add(-Overlap))
	return seq <= c.Seq && !again
}

// ListListings implements [channel.Store].
func (s *Store) ListListings(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Listing], error] {
	return pages(ctx, s, channeltest.ListListings, "read listings", since,
		func(since cursor, _ channeltest.FaultKind) []change[channel.Listing] {
			var out []change[channel.Listing]
			for _, l := range s.listings {
				if since.has(l.seq, l.changed) {
					continue
				}
				out = append(out, change[channel.Listing]{l.state(), l.seq})
			}
			return out
		})
}

// ListOrders implements [channel.Store].
func (s *Store) ListOrders(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Order], error] {
	return pages(ctx, s, channeltest.ListOrders, "read orders", since,
		func(since cursor, lie channeltest.FaultKind) []change[channel.Order] {
			s.reveal()
			var out []change[channel.Order]
			for _, o := range s.orders {
				old := since.Full && !o.isOpen() && o.changed.Before(s.now().Add(-channel.OrderHistory))
				if o.gone || old || !o.hidden.IsZero() || since.has(o.seq, o.changed) {
					continue
				}
				out = append(out, change[channel.Order]{s.state(o, lie), o.seq})
			}
			return out
		})
}

// pages yields what all returns of what follows since, in the order of change: an item that changes while the list is read
// moves to its end and is met there.
func pages[T any](
	ctx context.Context, s *Store, class channeltest.Call, op string, since channel.Cursor,
	all func(since cursor, lie channeltest.FaultKind) []change[T],
) iter.Seq2[channel.Page[T], error] {
	return func(yield func(channel.Page[T], error) bool) {
		at, last := decode(since), false
		for !last {
			var page channel.Page[T]
			err := s.call(ctx, class, op, func(lie channeltest.FaultKind) error {
				if lie == channeltest.SkipItem {
					return badAnswer(op, "the shop announced more items than it sent")
				}
				if wait := s.prepare(&at); !wait.IsZero() {
					page, last = channel.Page[T]{Next: at.encode(), Wait: wait}, true
					return nil
				}
				page, at, last = pageAfter(all(at, lie), at, s.now(), s.opts.PageSize)
				return nil
			})
			if err != nil {
				yield(channel.Page[T]{}, err)
				return
			}
			if !yield(page, nil) {
				return
			}
		}
	}
}

// pageAfter returns the first page of changes, which all follow at, the place after it, and whether it is the last one.
func pageAfter[T any](changes []change[T], at cursor, now time.Time, size int) (channel.Page[T], cursor, bool) {
	slices.SortFunc(changes, func(a, b change[T]) int { return cmp.Compare(a.seq, b.seq) })

	page := channel.Page[T]{Total: cmp.Or(at.Total, len(changes))}
	next := cursor{Seq: at.Seq, Until: now}
	last := len(changes) <= size
	if !last {
		changes = changes[:size]
		next = cursor{Seq: changes[size-1].seq, Full: at.Full, Total: page.Total}
	}
	for _, c := range changes {
		page.Items = append(page.Items, c.item)
	}
	if last && len(changes) > 0 {
		next.Seq = max(at.Seq, changes[len(changes)-1].seq)
	}
	page.Next = next.encode()
	return page, next, last
}
