package etsy

import (
	"context"
	"fmt"
	"html"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/channel"
)

const (
	opOrders = "read orders"
	opKnown  = "read known orders"
)

// The statuses of a receipt that change what is done with it. Any other, such as "open", "payment processing" or one that is
// new, is an order to be shipped (channels/README.md, booking table).
const (
	statusCompleted = "completed"
	statusCanceled  = "canceled"
	statusRefunded  = "fully refunded"
	statusPartly    = "partially refunded"
)

// ListOrders implements [channel.Store]. The first reading begins with orders that are not shipped, however old; then come
// those that changed. Cancelled ones are in no list that does not ask for them (etsy.md, 3.3), so they are a list of their
// own.
func (s *Store) ListOrders(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Order], error] {
	return sweep[receipt, channel.Order]{
		store: s,
		phases: []phase{
			{opOrders, "/receipts", func(cursor) url.Values {
				return url.Values{"was_shipped": {"false"}, "sort_on": {"receipt_id"}, "sort_order": {"asc"}}
			}},
			{opOrders, "/receipts", s.changed},
			{opOrders, "/receipts", func(at cursor) url.Values {
				q := s.changed(at)
				q.Set("was_canceled", "true")
				return q
			}},
		},
		first: func(since time.Time) int {
			if since.IsZero() {
				return 0
			}
			return 1
		},
		changed: receipt.updated,
		take: func(_ context.Context, _ cursor, found []receipt) ([]channel.Order, error) {
			out := make([]channel.Order, len(found))
			for i, r := range found {
				out[i] = r.order()
			}
			return out, nil
		},
	}.pages(ctx, since)
}

// changed asks for what changed since the cursor's mark, or within all of [channel.OrderHistory].
func (s *Store) changed(at cursor) url.Values {
	from := stamp(at.Since)
	if at.Since == 0 {
		from = s.now().Add(-channel.OrderHistory)
		if at.Start != 0 {
			from = stamp(at.Start).Add(-channel.OrderHistory)
		}
	}
	return url.Values{"min_last_modified": {strconv.FormatInt(from.Add(-overlap).Unix(), 10)}, "sort_on": {"updated"}, "sort_order": {"asc"}}
}

// GetOrders implements [channel.Store]. Etsy reads one receipt a call. It is the only way to learn of refunds, which do not
// move a receipt's date (etsy.md, 3.3).
func (s *Store) GetOrders(ctx context.Context, refs []string) ([]channel.Order, error) {
	var out []channel.Order
	for _, ref := range refs {
		id, err := strconv.ParseInt(ref, 10, 64)
		if err != nil || id <= 0 {
			out = append(out, channel.Order{Ref: ref, Gone: true, Updated: s.now()})
			continue
		}
		r, err := s.inShop(ctx, opKnown, "/receipts/"+formatID(id), nil)
		if err != nil {
			return nil, err
		}
		resp, err := s.ask(ctx, r)
		if channel.IsKind(err, channel.Missing) {
			lost := channel.Order{Ref: ref, Gone: true, Updated: s.now()}
			if !resp.Time.IsZero() {
				lost.Updated = resp.Time
			}
			out = append(out, lost)
			continue
		}
		if err != nil {
			return nil, err
		}
		var got receipt
		if err := resp.Decode(opKnown, &got); err != nil {
			return nil, err
		}
		if got.ID != id {
			return nil, channel.BadAnswer(opKnown, fmt.Errorf("receipt %d instead of %d", got.ID, id))
		}
		out = append(out, got.order())
	}
	return out, nil
}

// order states a receipt as the contract asks for. Etsy names no units in refunds and shipments, so a line is shipped whole
// or not at all (channels/README.md, booking table; etsy.md, 3.3).
func (r receipt) order() channel.Order {
	status := strings.ToLower(r.Status)
	out := channel.Order{Ref: formatID(r.ID), Number: formatID(r.ID), Status: r.Status, Placed: r.created(), Updated: r.updated()}
	complete := r.Shipped || status == statusCompleted
	ended := status == statusCanceled || status == statusRefunded
	shipped := false
	for _, t := range r.Transactions {
		if t.Digital {
			continue // a file has no stock
		}
		l := channel.Line{Ref: formatID(t.ID), ListingRef: t.listing(), SKU: strings.TrimSpace(t.SKU),
			Title: html.UnescapeString(t.Title), Ordered: max(0, t.Quantity)}
		switch {
		case (complete || t.Shipped > 0) && l.Ordered > 0:
			l.Fulfilled = map[string]int64{"": l.Ordered}
			shipped = true
		case ended:
			l.Released = l.Ordered
		}
		// What Etsy took at the sale it gives back when the order is cancelled, if at all; a refund gives nothing back.
		if status != statusCanceled {
			l.Held = l.Ordered
		}
		out.Lines = append(out.Lines, l)
	}
	switch {
	case status == statusPartly:
		out.Notice = "Etsy says that a part of this order was refunded, but not which part. Its units stay as they were; correct the stock if something came back."
	case ended && shipped:
		out.Notice = "The order was shipped and then cancelled or refunded; its units are counted as gone. Put them back if they are on the shelf."
	}
	return out
}

// listing is the ref of the listing that was sold: by SKU, else by its choices. The product's id is that of the day of the
// sale and names nothing now (etsy.md, 3.2).
func (t transaction) listing() string {
	if t.Listing == 0 {
		return "" // deleted since
	}
	chosen := t.Properties
	if len(chosen) == 0 {
		for _, v := range t.Variations {
			if v.Value != 0 {
				chosen = append(chosen, property{ID: v.Property, Values: []string{html.UnescapeString(v.Text)}})
			}
		}
	}
	switch sku := strings.TrimSpace(t.SKU); {
	case len(chosen) == 0:
		return formatID(t.Listing)
	case sku != "":
		return bySKU(t.Listing, sku)
	}
	return byValues(t.Listing, chosen)
}
