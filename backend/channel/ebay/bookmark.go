package ebay

import (
	"context"
	"encoding/json"
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

// bookmark is the cursor of a list of orders. Its first list, Open, are orders that are not shipped.
type bookmark struct {
	V      int       `json:"v"`
	Since  time.Time `json:"since"` // up to when changes were read, zero asks for everything
	Start  time.Time `json:"start"` // when this reading began, by eBay's clock
	High   time.Time `json:"high"`  // the latest change met
	From   time.Time `json:"from"`  // what the list was asked from; it stays the same from page to page
	Open   bool      `json:"open,omitempty"`
	Offset int       `json:"offset,omitempty"` // of the first order that was not handled, when it was reached
	After  []string  `json:"after,omitempty"`  // the orders that were handled last
}

const bookmarkVersion = 1

func decodeBookmark(c channel.Cursor) bookmark {
	var b bookmark
	if len(c) == 0 || json.Unmarshal(c, &b) != nil || b.V != bookmarkVersion || b.Offset < 0 {
		return bookmark{V: bookmarkVersion, Open: true}
	}
	return b
}

func (b bookmark) encode() channel.Cursor {
	out, err := json.Marshal(b)
	if err != nil {
		panic(err) // times of eBay's always encode
	}
	return out
}

// finished is the bookmark after the last page: at the latest change met, but not later than when reading began.
func (b bookmark) finished() bookmark {
	since := b.High
	if !b.Start.IsZero() && (since.IsZero() || since.After(b.Start)) {
		since = b.Start
	}
	if since.Before(b.Since) {
		since = b.Since
	}
	return bookmark{V: bookmarkVersion, Since: since}
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
