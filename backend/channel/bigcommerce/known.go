package bigcommerce

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"evenstock/backend/channel"
)

const opKnown = "read known orders"

// GetOrders implements [channel.Store]. BigCommerce has no question for several numbers, but one for a stretch of them: orders close
// to each other, as those are that wait to be shipped, take one call. What that does not show is asked for by itself.
func (s *Store) GetOrders(ctx context.Context, refs []string) ([]channel.Order, error) {
	var out []channel.Order
	var wanted []int64
	for _, ref := range refs {
		id, err := strconv.ParseInt(ref, 10, 64)
		if err != nil || id <= 0 {
			out = append(out, channel.Order{Ref: ref, Gone: true, Updated: s.now()})
			continue
		}
		wanted = append(wanted, id)
	}
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	for len(wanted) > 0 {
		n := 1
		for n < len(wanted) && wanted[n]-wanted[0] < int64(s.orders) {
			n++
		}
		found, err := s.stretch(ctx, wanted[:n])
		if err != nil {
			return nil, err
		}
		out, wanted = append(out, found...), wanted[n:]
	}
	return out, nil
}

// stretch reads orders whose numbers lie within one page of each other.
func (s *Store) stretch(ctx context.Context, wanted []int64) ([]channel.Order, error) {
	var page []order
	if len(wanted) > 1 {
		q := url.Values{"min_id": {formatID(wanted[0])}, "max_id": {formatID(wanted[len(wanted)-1])}, "limit": {strconv.Itoa(s.orders)}}
		withLines(q)
		if _, err := s.read(ctx, opKnown, "v2/orders", q, &page); err != nil {
			return nil, listError(err)
		}
	}
	out := make([]channel.Order, len(wanted))
	for n, id := range wanted {
		var err error
		if i := slices.IndexFunc(page, func(o order) bool { return o.id() == id }); i >= 0 {
			out[n], err = s.translate(ctx, opKnown, page[i])
		} else {
			out[n], err = s.getOrder(ctx, id)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// getOrder reads one order, which may be gone.
func (s *Store) getOrder(ctx context.Context, id int64) (channel.Order, error) {
	q := url.Values{}
	withLines(q)
	var got order
	resp, err := s.read(ctx, opKnown, "v2/orders/"+formatID(id), q, &got)
	if channel.IsKind(err, channel.Missing) {
		lost := channel.Order{Ref: formatID(id), Gone: true, Updated: s.now()}
		if !resp.Time.IsZero() {
			lost.Updated = resp.Time
		}
		return lost, nil
	}
	if err != nil {
		return channel.Order{}, err
	}
	if got.id() != id {
		return channel.Order{}, channel.BadAnswer(opKnown, fmt.Errorf("order %d instead of %d", got.ID, id))
	}
	return s.translate(ctx, opKnown, got)
}
