package ebay

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"evenstock/backend/channel"
)

const (
	// overlap is how far back orders are asked for again (ebay.md, 4.3 wants 2 minutes at least).
	overlap = 10 * time.Minute
	// landmarks is how many of the orders that were handled last are remembered, to find the place again.
	landmarks = 10
	// mostPages is where a list that does not end is given up: two million items.
	mostPages = 10_000
)

var errEndless = errors.New("a list without an end")

// The lists of a reading of orders.
const (
	listOpen    = iota // those that are not shipped
	listChanged        // those that changed
	lists
)

// bookmark is the cursor of a reading of orders.
type bookmark struct {
	channel.Mark
	From   int64    `json:"from,omitempty"`   // what changes are asked for from; it stays the same from page to page
	Offset int      `json:"offset,omitempty"` // of the first order that was not handled, when it was reached
	After  []string `json:"after,omitempty"`  // the orders that were handled last
}

const bookmarkVersion = 2

func decodeBookmark(c channel.Cursor) bookmark {
	var b bookmark
	if !channel.DecodeCursor(c, &b) || !b.Valid(bookmarkVersion, lists) || b.Offset < 0 {
		return bookmark{Mark: channel.Mark{V: bookmarkVersion}}
	}
	return b
}

// run is what was read of a list of orders.
type run struct {
	orders []order
	end    int // offset behind the last of them
	time   time.Time
}

// stretch returns the orders behind a bookmark, and whether they are the last. Orders leave and enter a list while it is read,
// and its order is not documented. A page therefore begins at the order that was handled last; when neither it nor one before
// it is there, something left the list and what follows moved up, and reading steps back until it meets known ground.
func (s *Store) stretch(ctx context.Context, at bookmark) (out run, last bool, err error) {
	for offset := max(0, at.Offset-1); ; offset = max(0, offset-s.pageSize+1) {
		q := url.Values{"filter": {s.filter(at)}, "limit": {strconv.Itoa(s.pageSize)}, "offset": {strconv.Itoa(offset)}}
		resp, err := s.ask(ctx, ordersRequest(opOrders, q))
		if err != nil {
			return out, false, listError(err)
		}
		var got found
		if err := resp.Decode(opOrders, &got); err != nil {
			return out, false, err
		}
		known := -1
		for i, o := range got.Orders {
			if slices.Contains(at.After, o.ID) {
				known = i
			}
		}
		if offset > 0 && known < 0 {
			continue
		}
		end := offset + len(got.Orders)
		last = len(got.Orders) == 0 || end >= got.Total
		return run{got.Orders[known+1:], end, resp.Time}, last, nil
	}
}
