package woocommerce

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"evenstock/backend/channel"
)

// ListOrders implements [channel.Store]. The first reading has two phases: orders that are open, however old, then those
// that changed lately. Later readings have the second only.
func (s *Store) ListOrders(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Order], error] {
	const op = "read orders"
	var open []string
	return sweep[order, channel.Order]{
		store: s,
		phases: []func(context.Context, cursor) (list, error){
			func(ctx context.Context, _ cursor) (list, error) {
				var err error
				if open == nil {
					open, err = s.openStatuses(ctx)
				}
				return list{op, "orders", orderQuery(strings.Join(open, ","))}, err
			},
			func(_ context.Context, at cursor) (list, error) {
				if at.Since.IsZero() {
					return list{op, "orders", s.recent(at).changedSince(orderQuery("any"))}, nil
				}
				return list{op, "orders", at.changedSince(orderQuery("any"))}, nil
			},
		},
		take: func(ctx context.Context, orders []order) ([]channel.Order, int, error) {
			var out []channel.Order
			for calls := 0; len(out) < len(orders) && calls < sideCalls; {
				o, n, err := s.translate(ctx, op, orders[len(out)])
				if err != nil {
					return nil, 0, err
				}
				out, calls = append(out, o), calls+n
			}
			return out, len(out), nil
		},
		changed: func(o order) stamp { return o.Modified },
	}.pages(ctx, since)
}

func orderQuery(status string) url.Values {
	return url.Values{"status": {status}, "_fields": {orderFields}}
}

// recent is a cursor from which a first reading sees all of [channel.OrderHistory].
func (s *Store) recent(at cursor) cursor {
	if at.Start.IsZero() {
		at.Start = stamp{s.now()}
	}
	at.Since = stamp{at.Start.Add(overlap - channel.OrderHistory)}
	return at
}

// openStatuses are the statuses of orders that may wait for shipping. A status the shop does not know now is left out,
// since it would refuse the whole question.
func (s *Store) openStatuses(ctx context.Context) ([]string, error) {
	custom, err := s.Statuses(ctx)
	if err != nil {
		return nil, err
	}
	open := []string{"on-hold", "processing"}
	for _, status := range custom {
		if mapped := s.statuses[status]; mapped == "" || mapped == mapBooked {
			open = append(open, status)
		}
	}
	return open, nil
}

// GetOrders implements [channel.Store]. What a list does not show, because it is trashed or in a status that lists leave
// out, is asked for one by one.
func (s *Store) GetOrders(ctx context.Context, refs []string) ([]channel.Order, error) {
	const op = "read known orders"
	var wanted []int64
	var out []channel.Order
	for _, ref := range refs {
		id, err := strconv.ParseInt(ref, 10, 64)
		if err != nil || id <= 0 {
			out = append(out, channel.Order{Ref: ref, Gone: true, Updated: s.now()})
			continue
		}
		if !slices.Contains(wanted, id) {
			wanted = append(wanted, id)
		}
	}
	for some := range slices.Chunk(wanted, s.size()) {
		q := s.uncached(url.Values{"include": {joinIDs(some)}, "status": {"any"}, "_fields": {orderFields}})
		found, err := readAll[order](ctx, s, list{op, "orders", q})
		if err != nil {
			return nil, err
		}
		for _, id := range some {
			i := slices.IndexFunc(found, func(o order) bool { return o.ID == id })
			var o channel.Order
			if i >= 0 {
				o, _, err = s.translate(ctx, op, found[i])
			} else {
				o, err = s.getOrder(ctx, op, id)
			}
			if err != nil {
				return nil, err
			}
			out = append(out, o)
		}
	}
	return out, nil
}

// getOrder reads one order that no list showed.
func (s *Store) getOrder(ctx context.Context, op string, id int64) (channel.Order, error) {
	resp, err := s.ask(ctx, api(op, "orders/"+formatID(id), s.uncached(url.Values{"_fields": {orderFields}})))
	if err != nil {
		if !channel.IsKind(err, channel.Missing) {
			return channel.Order{}, err
		}
		gone := channel.Order{Ref: formatID(id), Gone: true, Updated: s.now()}
		if !resp.Time.IsZero() {
			gone.Updated = resp.Time
		}
		return gone, nil
	}
	var o order
	if err := resp.Decode(op, &o); err != nil {
		return channel.Order{}, err
	}
	if o.ID != id {
		return channel.Order{}, channel.BadAnswer(op, fmt.Errorf("order %d instead of %d", o.ID, id))
	}
	translated, _, err := s.translate(ctx, op, o)
	return translated, err
}

// translate states an order as the contract asks for, and how many further requests that took.
func (s *Store) translate(ctx context.Context, op string, o order) (channel.Order, int, error) {
	out := channel.Order{
		Ref: formatID(o.ID), Number: string(o.Number), Status: string(o.Status),
		Placed: o.Created.Time, Updated: o.Modified.Time,
	}
	if o.Status == "trash" {
		out.Gone = true
		return out, 0, nil
	}
	calls := 0
	var refunds []refund
	if len(o.Refunds) > 0 {
		calls++
		var err error
		l := list{op, "orders/" + formatID(o.ID) + "/refunds", s.uncached(url.Values{"_fields": {refundFields}})}
		if refunds, err = readAll[refund](ctx, s, l); err != nil {
			return out, calls, err
		}
	}
	st, note := s.stateOf(o)
	var shipped map[int64]int64
	if st == booked || st == cancelled || st == refunded {
		asked, units, err := s.shipments(ctx, op, o.ID)
		if err != nil {
			return out, calls, err
		}
		calls += asked
		shipped = units
	}
	out.Ignored = st == ignored
	notes := []string{note}
	for _, l := range o.Lines {
		f := factsOf(l, refunds, o.Completed.Time, shipped[l.ID])
		t, unsaid := f.total(st, !o.Completed.IsZero())
		out.Lines = append(out.Lines, l.state(f, t))
		notes = append(notes, lineNotes(l, f, st, unsaid)...)
	}
	if st == cancelled && !o.Completed.IsZero() {
		notes = append(notes, "The order was completed and then cancelled; its units are counted as shipped. Put them back if they are still on the shelf.")
	}
	out.Notice = strings.Join(slices.DeleteFunc(notes, func(n string) bool { return n == "" }), " ")
	return out, calls, nil
}

func (l line) state(f lineFacts, t lineTotals) channel.Line {
	out := channel.Line{
		Ref: formatID(l.ID), SKU: string(l.SKU), Title: l.Name.title(),
		Ordered: f.ordered, Released: t.released, WrittenOff: t.writtenOff, Held: f.held,
	}
	switch {
	case l.Variation.n > 0:
		out.ListingRef = formatID(l.Variation.n)
	case l.Product.n > 0: // 0 for goods that were deleted
		out.ListingRef = formatID(l.Product.n)
	}
	if t.fulfilled > 0 {
		out.Fulfilled = map[string]int64{"": t.fulfilled}
	}
	if t.returned > 0 {
		out.Returned = map[string]int64{"": t.returned}
	}
	return out
}

// lineNotes are the sentences for what the shop does not say and had to be decided.
func lineNotes(l line, f lineFacts, st state, unsaid int64) []string {
	name := strconv.Quote(l.Name.title())
	var notes []string
	if f.over {
		notes = append(notes, fmt.Sprintf("The shop refunded more units of %s than were ordered.", name))
	}
	if unsaid > 0 {
		notes = append(notes, fmt.Sprintf("The order was set to refunded without saying what became of %d × %s; "+
			"they are counted as gone. Put them back if they are on the shelf.", unsaid, name))
	}
	if f.untold && (st == booked || st == fulfilled || st == refunded) {
		notes = append(notes, fmt.Sprintf("The shop does not count stock of %s, so it does not say whether refunded units came back; "+
			"they are counted as gone.", name))
	}
	return notes
}

// shipments are the units of an order that the optional feature Order Fulfillments knows as shipped, by line, and how many
// requests that took. Whether the feature is on is asked once.
func (s *Store) shipments(ctx context.Context, op string, id int64) (calls int, byLine map[int64]int64, err error) {
	known := unasked
	s.learn(func(f *facts) { known = f.fulfillments })
	if known == no {
		return 0, nil, nil
	}
	resp, err := s.ask(ctx, api(op, "orders/"+formatID(id)+"/fulfillments", nil))
	switch {
	case known == unasked && errors.Is(err, errNoRoute):
		s.learn(func(f *facts) { f.fulfillments = no })
		return 1, nil, nil
	case channel.IsKind(err, channel.Missing): // the order was deleted a moment ago
		return 1, nil, nil
	case err != nil:
		return 1, nil, err
	}
	s.learn(func(f *facts) { f.fulfillments = yes })
	var all []fulfillment
	if err := resp.Decode(op, &all); err != nil {
		return 1, nil, err
	}
	byLine = map[int64]int64{}
	for _, x := range all {
		if !x.Fulfilled || !x.Deleted.IsZero() {
			continue
		}
		for _, item := range x.items() {
			byLine[item.Line.n] += max(0, item.Quantity.n)
		}
	}
	return 1, byLine, nil
}
