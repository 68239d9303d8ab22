package ebay

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"

	"evenstock/backend/channel"
)

const (
	// overlap is how far back orders are asked for again (ebay.md, 4.3 wants 2 minutes at least).
	overlap = 10 * time.Minute
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
	channel.Trail[string]
	From int64 `json:"from,omitempty"` // what changes are asked for from; it stays the same from page to page
}

const bookmarkVersion = 2

func decodeBookmark(c channel.Cursor) bookmark {
	var b bookmark
	if !channel.DecodeCursor(c, &b) || !b.Valid(bookmarkVersion, lists) || b.Offset < 0 {
		return bookmark{Mark: channel.Mark{V: bookmarkVersion}}
	}
	return b
}

// stretch returns the orders behind a bookmark, where they end, whether they are the last, and when eBay answered. Orders leave
// and enter a list while it is read, and its order is not documented.
func (s *Store) stretch(ctx context.Context, at bookmark) (orders []order, end int, last bool, when time.Time, err error) {
	orders, end, last, err = channel.Follow(at.Trail, s.pageSize, func(o order) string { return o.ID }, func(offset int) ([]order, int, error) {
		q := url.Values{"filter": {s.filter(at)}, "limit": {strconv.Itoa(s.pageSize)}, "offset": {strconv.Itoa(offset)}}
		resp, err := s.ask(ctx, ordersRequest(opOrders, q))
		if err != nil {
			return nil, 0, listError(err)
		}
		when = resp.Time
		var got found
		err = resp.Decode(opOrders, &got)
		return got.Orders, got.Total, err
	})
	return orders, end, last, when, err
}
