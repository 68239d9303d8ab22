package amazon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opOrders = "read orders"
	opKnown  = "read known orders"
	// overlap is how far back orders are asked for again: they show up seconds to, rarely, hours after the sale
	// (amazon.md, 5.3).
	overlap = 45 * time.Minute
	// openSince is how far back open orders are looked for; none waits so long to be shipped.
	openSince = 2 * 365 * 24 * time.Hour
	mostPages = 10_000
	// included leaves buyer and recipient out (amazon.md, 1.3).
	included = "FULFILLMENT,CANCELLATION"
)

// The statuses of an order. Pending ones are booked: Amazon has lowered its number for them, up to 21 days before they are
// paid (channels/README.md, marketplaces, 2).
const (
	statusPreorder  = "PENDING_AVAILABILITY"
	statusPending   = "PENDING"
	statusUnshipped = "UNSHIPPED"
	statusPartly    = "PARTIALLY_SHIPPED"
	statusShipped   = "SHIPPED"
	statusCancelled = "CANCELLED"
	statusFailed    = "UNFULFILLABLE"
	byMerchant      = "MERCHANT"
	amazonFulfils   = "AMAZON"
)

// bookmark is the cursor of a list of orders. Its first list, Open, are orders that are not shipped, however old.
type bookmark struct {
	V     int       `json:"v"`
	Since time.Time `json:"since"` // up to when changes were read, zero asks for everything
	Start time.Time `json:"start"` // when this reading began, by Amazon's clock
	High  time.Time `json:"high"`  // the latest change met
	From  time.Time `json:"from"`  // what the list was asked from; it stays the same from page to page
	Open  bool      `json:"open,omitempty"`
	Token string    `json:"token,omitempty"`
}

const bookmarkVersion = 1

func decodeBookmark(c channel.Cursor) bookmark {
	var b bookmark
	if len(c) == 0 || json.Unmarshal(c, &b) != nil || b.V != bookmarkVersion {
		return bookmark{V: bookmarkVersion, Open: true}
	}
	return b
}

func (b bookmark) encode() channel.Cursor {
	out, err := json.Marshal(b)
	if err != nil {
		panic(err) // times of Amazon's always encode
	}
	return out
}

// ListOrders implements [channel.Store]: orders that the seller fulfils, with all lines in one call a hundred.
func (s *Store) ListOrders(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Order], error] {
	return func(yield func(channel.Page[channel.Order], error) bool) {
		at := decodeBookmark(since)
		for n := 0; ; n++ {
			page, next, done, err := s.orderPage(ctx, at)
			if err == nil && n == mostPages {
				err = channel.BadAnswer(opOrders, errors.New("a list without an end"))
			}
			if err != nil {
				yield(channel.Page[channel.Order]{}, err)
				return
			}
			if !yield(page, nil) || done {
				return
			}
			at = next
		}
	}
}

// orderPage reads one page and says where the next begins.
func (s *Store) orderPage(ctx context.Context, at bookmark) (out channel.Page[channel.Order], next bookmark, done bool, err error) {
	if at.From.IsZero() {
		switch {
		case at.Open:
			at.From = s.now().Add(-openSince)
		case at.Since.IsZero():
			at.From = s.now().Add(-channel.OrderHistory)
		default:
			at.From = at.Since.Add(-overlap)
		}
	}
	got, resp, err := s.searchOrders(ctx, at)
	if err != nil && at.Token != "" && channel.IsKind(err, channel.Invalid) {
		at.Token = "" // it is good for a day (amazon.md, 5.3); the list is read once more
		got, resp, err = s.searchOrders(ctx, at)
	}
	if err != nil {
		return out, at, false, listError(err)
	}
	next = at
	if next.Start.IsZero() && !resp.Time.IsZero() {
		next.Start = resp.Time
	}
	for _, o := range got.Orders {
		if o.Updated.After(next.High) {
			next.High = o.Updated
		}
		out.Items = append(out.Items, o.order())
	}
	next.Token = got.Pagination.Next
	switch {
	case next.Token != "":
	case at.Open:
		next.Open, next.From = false, time.Time{}
	default:
		done, next = true, next.finished()
	}
	out.Next = next.encode()
	return out, next, done, nil
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

func (s *Store) searchOrders(ctx context.Context, at bookmark) (found, *httpx.Response, error) {
	q := url.Values{"marketplaceIds": {s.marketplace}, "fulfilledBy": {byMerchant}, "includedData": {included},
		"maxResultsPerPage": {strconv.Itoa(s.pageSize)}}
	from := at.From.UTC().Format(time.RFC3339)
	if at.Open {
		q.Set("createdAfter", from)
		q.Set("fulfillmentStatuses", strings.Join([]string{statusPreorder, statusPending, statusUnshipped, statusPartly}, ","))
	} else {
		q.Set("lastUpdatedAfter", from)
	}
	if at.Token != "" {
		q.Set("paginationToken", at.Token)
	}
	var got found
	resp, err := s.ask(ctx, httpx.Request{Op: opOrders, Path: "orders/2026-01-01/orders", Query: q, Budget: forSearch})
	if err == nil {
		err = resp.Decode(opOrders, &got)
	}
	return got, resp, err
}

func orderRequest(op, id string) httpx.Request {
	return httpx.Request{Op: op, Path: "orders/2026-01-01/orders/" + url.PathEscape(id), Budget: forOrder,
		Query: url.Values{"includedData": {included}}}
}

// GetOrders implements [channel.Store], one order a call.
func (s *Store) GetOrders(ctx context.Context, refs []string) ([]channel.Order, error) {
	var out []channel.Order
	for _, ref := range refs {
		resp, err := s.ask(ctx, orderRequest(opKnown, ref))
		if channel.IsKind(err, channel.Missing) {
			lost := channel.Order{Ref: ref, Gone: true, Updated: s.now()}
			if resp != nil && !resp.Time.IsZero() {
				lost.Updated = resp.Time
			}
			out = append(out, lost)
			continue
		}
		if err != nil {
			return nil, err
		}
		var got oneOrder
		if err := resp.Decode(opKnown, &got); err != nil {
			return nil, err
		}
		if got.Order.ID != ref {
			return nil, channel.BadAnswer(opKnown, fmt.Errorf("order %q instead of the one asked for", got.Order.ID))
		}
		out = append(out, got.Order.order())
	}
	return out, nil
}

// order states an order as the contract asks for.
func (o order) order() channel.Order {
	status := o.Fulfilment.Status
	out := channel.Order{Ref: o.ID, Number: o.ID, Status: status, Placed: o.Created, Updated: o.Updated,
		Fulfilled: o.Fulfilment.By == amazonFulfils || o.Sales.Channel == "NON_AMAZON"}
	for _, it := range o.Items {
		l, notice := it.line(status)
		out.Lines = append(out.Lines, l)
		if out.Notice == "" && !out.Fulfilled {
			out.Notice = notice
		}
	}
	return out
}

const (
	noticeShipped = "A part of this order was cancelled after it was shipped; its units are counted as gone. Put them back if they are on the shelf."
	noticeUnsaid  = "Amazon says that a part of this order was cancelled, but not how many units. They stay booked; correct the stock if they are not sent."
)

// line states a line. An unfulfilled number counts for less than the order's status while an order is pending, where
// Amazon's own example says 0 (channels/README.md, test fixtures).
func (it orderItem) line(status string) (l channel.Line, notice string) {
	l = channel.Line{Ref: it.ID, ListingRef: it.Product.SKU, SKU: strings.TrimSpace(it.Product.SKU), Title: it.Product.Title,
		Ordered: max(0, it.Quantity)}
	var done int64
	if it.Fulfilment.Done != nil {
		done = min(max(0, *it.Fulfilment.Done), l.Ordered)
	} else if status == statusShipped {
		done = l.Ordered
	}
	cancelled := it.Cancellation.Execution != nil
	open := l.Ordered - done
	switch {
	case status == statusCancelled || status == statusFailed:
		l.Released, open = open, 0
		if done > 0 {
			notice = noticeShipped
		}
	case status == statusShipped && open > 0 && cancelled:
		l.Released, open = open, 0
	case cancelled && open == 0:
		notice = noticeShipped
	case cancelled && it.Fulfilment.Open != nil && status != statusPending && status != statusPreorder:
		open = min(max(0, *it.Fulfilment.Open), open)
		l.Released = l.Ordered - done - open
	case cancelled:
		notice = noticeUnsaid
	}
	if done > 0 {
		l.Fulfilled = map[string]int64{"": done}
	}
	if status != statusCancelled && status != statusFailed {
		l.Held = l.Ordered - l.Released
	}
	return l, notice
}
