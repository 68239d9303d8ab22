package ebay

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opOrders = "read orders"
	opKnown  = "read known orders"
	// knownMost is how many known orders one call reads (OpenAPI file).
	knownMost = 50
	// openSince is how far back open orders are looked for. eBay goes back two years (OpenAPI file); a day less is safe.
	openSince = 729 * 24 * time.Hour
)

// The states of an order that change what is done with it. Any other, such as one that is not paid yet, is to be shipped
// (channels/README.md, booking table).
const (
	statusDone    = "FULFILLED"
	statusBegun   = "IN_PROGRESS"
	cancelled     = "CANCELED"
	refundedWhole = "FULLY_REFUNDED"
	refundedPart  = "PARTIALLY_REFUNDED"
	byEBay        = "EBAY"
)

func ordersRequest(op string, q url.Values) httpx.Request {
	return httpx.Request{Op: op, Path: "sell/fulfillment/v1/order", Query: q, Budget: forFulfillment}
}

// stamp is a time as eBay's filters want it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// ListOrders implements [channel.Store]. The first reading begins with orders that are not shipped, however old; then come
// those that changed.
func (s *Store) ListOrders(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Order], error] {
	at := decodeBookmark(since)
	if !at.Begun {
		at.Begun = true
		if at.Since != 0 {
			at.Phase = listChanged
		}
		if at.From = at.Since - int64(overlap/time.Second); at.Since == 0 {
			at.From = s.now().Add(-channel.OrderHistory - overlap).Unix()
		}
	}
	return channel.Walk(at, mostPages, func(at bookmark) (channel.Page[channel.Order], bookmark, bool, error) { return s.orderPage(ctx, at) },
		func(bookmark) error { return channel.BadAnswer(opOrders, errEndless) })
}

// filter is the list that a bookmark is in. The two criteria for dates exclude each other (OpenAPI file).
func (s *Store) filter(at bookmark) string {
	if at.Phase == listOpen {
		return "creationdate:[" + stamp(s.now().Add(-openSince)) + "..],orderfulfillmentstatus:{NOT_STARTED|IN_PROGRESS}"
	}
	return "lastmodifieddate:[" + stamp(time.Unix(at.From, 0)) + "..]"
}

// orderPage reads one page and says where the next begins.
func (s *Store) orderPage(ctx context.Context, at bookmark) (out channel.Page[channel.Order], next bookmark, done bool, err error) {
	orders, end, last, when, err := s.stretch(ctx, at)
	if err != nil {
		return out, at, false, err
	}
	next = at
	next.Answered(when)
	next.Offset = end
	for _, o := range orders {
		stated, err := s.state(ctx, o)
		if err != nil {
			return out, at, false, err
		}
		out.Items = append(out.Items, stated)
		next.Met(o.Modified)
		next.Trail = next.Passed(end, o.ID)
	}
	if last {
		next.Phase, next.Trail = at.Phase+1, channel.Trail[string]{}
	}
	if done = next.Phase == lists; done {
		next = bookmark{Mark: next.Finished()}
	}
	out.Next = channel.EncodeCursor(next)
	return out, next, done, nil
}

// GetOrders implements [channel.Store]. An order that the list of known ones leaves out, or that makes eBay refuse it, is asked
// for by itself.
func (s *Store) GetOrders(ctx context.Context, refs []string) ([]channel.Order, error) {
	var out []channel.Order
	for part := range slices.Chunk(refs, knownMost) {
		var got found
		resp, err := s.ask(ctx, ordersRequest(opKnown, url.Values{"orderIds": {strings.Join(part, ",")}}))
		if err == nil {
			err = resp.Decode(opKnown, &got)
		}
		if err != nil && !channel.IsKind(err, channel.Invalid) && !channel.IsKind(err, channel.Missing) {
			return nil, err
		}
		for _, ref := range part {
			if i := slices.IndexFunc(got.Orders, func(o order) bool { return o.ID == ref }); i >= 0 {
				o, err := s.state(ctx, got.Orders[i])
				if err != nil {
					return nil, err
				}
				out = append(out, o)
				continue
			}
			o, err := s.getOrder(ctx, ref)
			if err != nil {
				return nil, err
			}
			out = append(out, o)
		}
	}
	return out, nil
}

func (s *Store) getOrder(ctx context.Context, ref string) (channel.Order, error) {
	resp, err := s.ask(ctx, httpx.Request{Op: opKnown, Path: "sell/fulfillment/v1/order/" + url.PathEscape(ref), Budget: forFulfillment})
	if channel.IsKind(err, channel.Missing) {
		lost := channel.Order{Ref: ref, Gone: true, Updated: s.now()}
		if resp != nil && !resp.Time.IsZero() {
			lost.Updated = resp.Time
		}
		return lost, nil
	}
	if err != nil {
		return channel.Order{}, err
	}
	var o order
	if err := resp.Decode(opKnown, &o); err != nil {
		return channel.Order{}, err
	}
	if o.ID != ref {
		return channel.Order{}, channel.BadAnswer(opKnown, fmt.Errorf("order %q instead of the one asked for", o.ID))
	}
	return s.state(ctx, o)
}

// state states an order as the contract asks for. What was sent of an order that is partly sent stands elsewhere.
func (s *Store) state(ctx context.Context, o order) (channel.Order, error) {
	if o.Fulfilment != statusBegun || o.Program.Fulfilment.By == byEBay {
		return o.order(nil), nil
	}
	resp, err := s.ask(ctx, httpx.Request{Op: opOrders, Path: "sell/fulfillment/v1/order/" + url.PathEscape(o.ID) + "/shipping_fulfillment",
		Budget: forFulfillment})
	if err != nil {
		return channel.Order{}, listError(err)
	}
	var p parcels
	if err := resp.Decode(opOrders, &p); err != nil {
		return channel.Order{}, err
	}
	sent := map[string]int64{}
	for _, parcel := range p.Parcels {
		for _, it := range parcel.Items {
			sent[it.Line] += max(0, it.Quantity)
		}
	}
	return o.order(sent), nil
}

// The sentences of review items: refunds are amounts of money, and name no units (ebay.md, 4.3).
const (
	noticeRefund  = "eBay says that money was refunded for this order, but not which units. They stay as they were; correct the stock if something is not sent or came back."
	noticeShipped = "The order was cancelled after it was shipped; its units are counted as gone. Put them back if they are on the shelf."
)

// order states an order of which so many units of each line were sent. A payment that is not there yet, or failed, changes
// nothing: eBay has lowered its number as soon as there is a commitment to buy (ebay.md, 4.3).
func (o order) order(sent map[string]int64) channel.Order {
	out := channel.Order{Ref: o.ID, Number: o.ID, Status: o.Fulfilment, Placed: o.Created, Updated: o.Modified,
		Fulfilled: o.Program.Fulfilment.By == byEBay}
	gone := o.Cancel.State == cancelled
	if gone {
		out.Status = cancelled
	}
	shipped := false
	for _, it := range o.Items {
		l := channel.Line{Ref: it.ID, ListingRef: it.ref(), SKU: strings.TrimSpace(it.SKU), Title: it.Title, Ordered: max(0, it.Quantity)}
		done := min(sent[it.ID], l.Ordered)
		if o.Fulfilment == statusDone || it.Fulfilment == statusDone {
			done = l.Ordered
		}
		if done > 0 {
			l.Fulfilled, shipped = map[string]int64{"": done}, true
		}
		if gone {
			l.Released = l.Ordered - done
		} else {
			l.Held = l.Ordered
		}
		out.Lines = append(out.Lines, l)
	}
	switch {
	case out.Fulfilled:
	case gone && shipped:
		out.Notice = noticeShipped
	case !gone && (o.Payment == refundedPart || o.Payment == refundedWhole):
		out.Notice = noticeRefund
	}
	return out
}

// ref is the listing that was sold.
func (it orderItem) ref() string {
	if it.Listing == "" {
		return ""
	}
	return refOf(it.Listing, it.SKU, it.Aspects)
}
