package bigcommerce

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const opOrders = "read orders"

// The statuses of an order. A seller may give them other names, so they are told by number (bigcommerce.md, 3.3).
const (
	statusIncomplete = 0
	statusPending    = 1
	statusShipped    = 2
	statusPartly     = 3
	statusRefunded   = 4
	statusCancelled  = 5
	statusDeclined   = 6
	statusCompleted  = 10
	statusSomeBack   = 14
)

// openStatuses are those of orders that may wait to be shipped; an unknown one counts as open, too, when it is met.
var openStatuses = []int{7, 11, 9, 8, 12, 13, statusPartly, statusSomeBack}

// ListOrders implements [channel.Store]. The first reading begins with open orders of any age, one status a list; then come
// those that changed, and at last those that were archived, which no other list shows.
func (s *Store) ListOrders(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Order], error] {
	type phase = func(context.Context, cursor) ([]order, bool, *httpx.Response, error)
	var phases []phase
	for _, status := range openStatuses {
		phases = append(phases, func(ctx context.Context, at cursor) ([]order, bool, *httpx.Response, error) {
			return s.orderPage(ctx, at, url.Values{"status_id": {strconv.Itoa(status)}})
		})
	}
	phases = append(phases,
		func(ctx context.Context, at cursor) ([]order, bool, *httpx.Response, error) {
			return s.orderPage(ctx, at, s.changed(at))
		},
		func(ctx context.Context, at cursor) ([]order, bool, *httpx.Response, error) {
			q := s.changed(at)
			q.Set("is_deleted", "true")
			return s.orderPage(ctx, at, q)
		})
	return sweep[order, channel.Order]{
		phases:  phases,
		first:   func(time.Time) int { return len(openStatuses) },
		changed: func(o order) time.Time { return o.Modified.Time },
		take: func(ctx context.Context, found []order) ([]channel.Order, error) {
			out := make([]channel.Order, len(found))
			for i, o := range found {
				var err error
				if out[i], err = s.translate(ctx, opOrders, o); err != nil {
					return nil, err
				}
			}
			return out, nil
		},
	}.pages(ctx, opOrders, since)
}

// changed asks for what changed since the cursor's mark, or within all of [channel.OrderHistory].
func (s *Store) changed(at cursor) url.Values {
	from := at.from()
	if from.IsZero() {
		start := s.now()
		if at.Start != 0 {
			start = time.Unix(at.Start, 0)
		}
		from = start.UTC().Add(-channel.OrderHistory)
	}
	return url.Values{"min_date_modified": {from.Format(time.RFC3339)}}
}

// orderPage reads a page of orders with their lines. The standing order of the list is by id (OpenAPI file, getOrders).
func (s *Store) orderPage(ctx context.Context, at cursor, q url.Values) ([]order, bool, *httpx.Response, error) {
	withLines(q)
	q.Set("limit", strconv.Itoa(s.orders))
	if at.After != 0 {
		q.Set("min_id", formatID(at.After+1))
	}
	page, resp, err := behind(at.After, func(number int) (page []order, resp *httpx.Response, err error) {
		resp, err = s.read(ctx, opOrders, "v2/orders", leaf(q, number), &page)
		return page, resp, err
	})
	return page, len(page) > 0, resp, err // V2 counts nothing, and a page may be shorter than was asked for: an empty one is the end
}

// withLines asks for the lines in the same call, which saves one for each order.
func withLines(q url.Values) {
	q.Set("include", "consignments.line_items")
	q.Set("consignment_structure", "object")
}

// translate states an order as the contract asks for.
func (s *Store) translate(ctx context.Context, op string, o order) (channel.Order, error) {
	out := channel.Order{Ref: formatID(o.id()), Number: formatID(o.id()), Status: o.name(), Placed: o.Created.Time, Updated: o.Modified.Time,
		Gone: o.Gone, Ignored: o.StatusID == statusIncomplete || o.StatusID == statusPending}
	if out.Gone {
		return out, nil
	}
	set, err := s.stockSettings(ctx)
	if err != nil {
		return out, err
	}
	first, err := s.defaultLocation(ctx)
	if err != nil {
		return out, err
	}
	lines, err := o.lines()
	if err != nil {
		return out, channel.BadAnswer(op, err)
	}
	if len(lines) == 0 && (o.Total > 0 || !o.told()) {
		if lines, err = s.readLines(ctx, op, o.id()); err != nil {
			return out, listError(err)
		}
	}
	var notes []string
	for _, l := range lines {
		if l.Kind == "giftcertificate" {
			continue
		}
		state, note := o.state(l, set, formatID(cmp.Or(l.at, first)), s.refunded)
		out.Lines = append(out.Lines, state)
		notes = append(notes, note)
	}
	out.Notice = strings.Join(slices.DeleteFunc(notes, func(n string) bool { return n == "" }), " ")
	return out, nil
}

// readLines reads the lines of an order that did not come with it.
func (s *Store) readLines(ctx context.Context, op string, order int64) ([]line, error) {
	var out []line
	q := url.Values{"limit": {strconv.Itoa(pageSize)}}
	for number := range mostPages {
		var page []line
		if _, err := s.read(ctx, op, "v2/orders/"+formatID(order)+"/products", leaf(q, number+1), &page); err != nil {
			return nil, err
		}
		if len(page) == 0 || slices.ContainsFunc(out, func(l line) bool { return l.ID == page[0].ID }) {
			break // V2 counts nothing: the end is an empty page, or one that comes again
		}
		out = append(out, page...)
	}
	return out, nil
}

func (o order) name() string {
	for _, name := range []string{o.Custom, o.Status} {
		if name != "" {
			return httpx.Plain(name)
		}
	}
	return "Status " + formatID(int64(o.StatusID))
}

// byHand says whether the order was set to shipped without a parcel, and is now in a status that does not tell: then no
// line says so, but the order has a date of shipping.
func (o order) byHand(l line) bool { return l.Shipped == 0 && !o.Shipped.IsZero() }

// state are the totals of a line.
//
// BigCommerce does not say whether a refunded unit had left, nor whether it came back. Units that have not left are taken
// for the refunded ones and go back on sale; beyond those nothing is changed, and the seller is told, unless choice says what
// becomes of refunded units (channels/README.md, 1.1; bigcommerce.md, 3.3). What was cancelled goes back on sale. at is where a
// unit is picked up (OpenAPI file, pickupConsignment_Get); of one that is sent BigCommerce does not say from where, so that is the
// default location, whose stock the storefront sells. That a pickup lowers the number of its location is unverified.
func (o order) state(l line, set settings, at, choice string) (channel.Line, string) {
	ordered := max(0, int64(l.Quantity))
	out := channel.Line{Ref: formatID(int64(l.ID)), SKU: strings.TrimSpace(l.SKU), Title: l.Name, Ordered: ordered}
	if l.Product > 0 && l.Variant > 0 { // goods of the catalogue that are still there
		out.ListingRef = refOf(int64(l.Product), int64(l.Variant))
	}
	shipped := min(max(0, int64(l.Shipped)), ordered)
	refunded := min(max(0, int64(l.Refunded)), ordered)
	ended := o.StatusID == statusRefunded || o.StatusID == statusCancelled || o.StatusID == statusDeclined
	switch {
	case o.StatusID == statusShipped || o.StatusID == statusCompleted:
		shipped = max(shipped, ordered-refunded) // perhaps set by hand, without a parcel
	case (ended || o.StatusID == statusSomeBack) && o.byHand(l):
		shipped = ordered
	}
	back := min(refunded, ordered-shipped) // refunded before it left
	if ended {
		back = ordered - shipped
	}
	out.Released = back
	if choice == refundedGone && o.StatusID != statusCancelled && o.StatusID != statusDeclined {
		out.WrittenOff = min(refunded, back)
		out.Released = back - out.WrittenOff
	}
	if shipped > 0 {
		out.Fulfilled = map[string]int64{at: shipped}
	}
	if later := refunded - back; choice == refundedShelf && later > 0 {
		out.Returned = map[string]int64{at: min(later, shipped)}
	}
	out.Held = o.held(ordered, ended, shipped, set)
	out.HeldAt = map[string]int64{at: out.Held}
	if choice != "" && refunded > 0 {
		return out, ""
	}
	return out, lineNote(l, ended, shipped, refunded, back)
}

// held is what the store has taken off its own number: at the order, or when it is shipped. A refund of a part gives
// nothing back, one of the whole order or a cancellation does if the store is set so (bigcommerce.md, 3.4).
func (o order) held(ordered int64, ended bool, shipped int64, set settings) int64 {
	switch {
	case o.StatusID == statusIncomplete, ended && set.Refunds:
		return 0
	case set.Update == updateLate && shipped < ordered:
		return 0
	}
	return ordered
}

// lineNote is the sentence about what BigCommerce does not say and had to be decided.
func lineNote(l line, ended bool, shipped, refunded, back int64) string {
	name := strconv.Quote(httpx.Plain(l.Name))
	switch {
	case ended && shipped > 0:
		return fmt.Sprintf("%d × %s had been shipped when the order was cancelled or refunded; they are counted as gone. Put them back if they are on the shelf.",
			shipped, name)
	case refunded > back:
		return fmt.Sprintf("%d × %s were refunded after they had been shipped; they are counted as gone. Put them back if they are on the shelf.",
			refunded-back, name)
	case refunded > 0 && !ended:
		return fmt.Sprintf("%d × %s were refunded before they were shipped; they are for sale again. Correct the stock if they are not on the shelf.",
			back, name)
	}
	return ""
}
