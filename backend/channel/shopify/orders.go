package shopify

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opOrders = "read orders"
	opKnown  = "read known orders"
)

// ListOrders implements [channel.Store]. Everything is the open orders of any age, then what changed within the history;
// afterwards what changed, whatever its state: closed and cancelled orders count as well (shopify.md, 2.3).
func (s *Store) ListOrders(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Order], error] {
	open := func(ctx context.Context, at cursor) ([]channel.Order, string, time.Time, *httpx.Response, error) {
		return s.orderPage(ctx, "status:open", at.After)
	}
	changes := func(ctx context.Context, at cursor) ([]channel.Order, string, time.Time, *httpx.Response, error) {
		from := at.from()
		if at.Since == 0 {
			from = time.Unix(at.Start, 0).Add(-channel.OrderHistory)
		}
		return s.orderPage(ctx, changed(from), at.After)
	}
	return pages(ctx, opOrders, since, []phase[channel.Order]{open, changes}, func(everything bool) (int, int) {
		if everything {
			return 0, 1
		}
		return 1, 1
	})
}

// orderPage reads a page of orders by ascending id, from an id on.
func (s *Store) orderPage(ctx context.Context, search, after string) ([]channel.Order, string, time.Time, *httpx.Response, error) {
	if after != "" {
		search += " id:>" + after
	}
	found, resp, err := behind(after, func(o *order) string { return o.ID }, func(leaf string) (connection[order], *httpx.Response, error) {
		var got struct {
			Orders connection[order] `json:"orders"`
		}
		vars := variables{"q": search, "after": nullable(leaf), "first": s.orders, "lines": orderLines}
		resp, err := s.ask(ctx, opOrders, "orders", vars, 50, &got)
		return got.Orders, resp, err
	})
	if err != nil {
		return nil, "", time.Time{}, nil, err
	}
	var out []channel.Order
	var high time.Time
	next := ""
	for i := range found.Nodes {
		o, err := s.whole(ctx, opOrders, &found.Nodes[i])
		if err != nil {
			return nil, "", high, nil, err
		}
		out = append(out, o)
		high, next = later(high, o.Updated), o.Ref
	}
	if !found.Info.More {
		next = ""
	}
	return out, next, high, resp, nil
}

// GetOrders implements [channel.Store].
func (s *Store) GetOrders(ctx context.Context, refs []string) ([]channel.Order, error) {
	var out []channel.Order
	var ids []string
	for _, ref := range refs {
		if digits(ref) {
			ids = append(ids, gid("Order", ref))
		} else {
			out = append(out, channel.Order{Ref: ref, Gone: true})
		}
	}
	for len(ids) > 0 {
		part := ids[:min(orderPage, len(ids))]
		ids = ids[len(part):]
		var got struct {
			Nodes []*order `json:"nodes"`
		}
		if _, err := s.ask(ctx, opKnown, "orders_by_id", variables{"ids": part, "lines": orderLines}, 50, &got); err != nil {
			return nil, err
		}
		there := map[string]*order{}
		for _, o := range got.Nodes {
			if o != nil {
				there[o.ID] = o
			}
		}
		for _, id := range part {
			if there[id] == nil {
				out = append(out, channel.Order{Ref: number(id), Gone: true})
				continue
			}
			o, err := s.whole(ctx, opKnown, there[id])
			if err != nil {
				return nil, err
			}
			out = append(out, o)
		}
	}
	return out, nil
}

// whole reads what is missing of an order and translates it.
func (s *Store) whole(ctx context.Context, op string, o *order) (channel.Order, error) {
	if err := s.restOfLines(ctx, op, o); err != nil {
		return channel.Order{}, err
	}
	out := channel.Order{Ref: number(o.ID), Number: o.Name, Status: strings.ToLower(o.Fulfillment), Placed: o.Created, Updated: o.Updated, Ignored: o.Test}
	if o.Cancelled != nil {
		out.Status = "cancelled"
	}
	var states map[string]*state
	var d detail
	if o.complex() {
		var err error
		if d, err = s.detail(ctx, op, o.ID); err != nil {
			return channel.Order{}, err
		}
		states = d.states()
		if d.cut {
			out.Notice = fmt.Sprintf(partsMessage, httpx.Plain(o.Name), mostParts)
		}
	}
	for i := range o.Lines.Nodes {
		l := &o.Lines.Nodes[i]
		st := states[l.ID]
		if states == nil {
			st = o.simple(l)
		} else {
			st = o.unlisted(l, st)
			if d.cut {
				l.untold(st)
			}
		}
		out.Lines = append(out.Lines, l.line(st))
	}
	return out, nil
}
