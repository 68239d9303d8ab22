package shopify

import (
	"context"
	"errors"
	"slices"

	"evenstock/backend/channel"
)

// few and many are the sizes a detail is asked for in: parts of an order, and lines of each. Both stay below 1,000 points by
// the published rule (shopify.md, 2.6).
var (
	few  = [2]int{6, 20}
	many = [2]int{60, 1}
)

const (
	// mostParts is how many fulfilments, and refunds, of an order are read: those lists have no cursors, and no list is
	// longer (shopify.md, 2.3 and 2.6).
	mostParts = 250
	// someParts are read by their ids in one call: 30 × (1 + 10 × 3) = 930 points by the published rule.
	someParts = 30
)

// partsMessage asks the seller to look at an order of which Shopify does not tell all.
const partsMessage = "Order %s was sent or refunded in %d parts or more, and Shopify tells no more of them. What the others did is taken " +
	"as sent: see whether units of them were put back, and adjust the stock."

// detail reads what became of the units of an order. One in more parts than Shopify tells is cut: it is known in part.
func (s *Store) detail(ctx context.Context, op, id string) (detail, error) {
	var d *detail
	for _, size := range [][2]int{few, many} {
		var got struct {
			Order *detail `json:"order"`
		}
		if _, err := s.ask(ctx, op, "order", variables{"id": id, "parts": size[0], "lines": size[1]}, 60, &got); err != nil {
			return detail{}, err
		}
		if got.Order == nil {
			return detail{}, channel.BadAnswer(op, errLost)
		}
		d = got.Order
		if !d.Open.Info.More && len(d.Sent) < size[0] && len(d.Refunds) < size[0] {
			return *d, s.restOfParts(ctx, op, d)
		}
	}
	if err := s.moreOpen(ctx, op, id, d); err != nil {
		return detail{}, err
	}
	if err := s.moreDone(ctx, op, id, d); err != nil {
		return detail{}, err
	}
	return *d, s.restOfParts(ctx, op, d)
}

var errLost = errors.New("something that was there a moment ago is not there")

// moreOpen reads the fulfilment orders that follow on those of an answer.
func (s *Store) moreOpen(ctx context.Context, op, id string, d *detail) error {
	for range mostPages {
		if !d.Open.Info.More {
			return nil
		}
		var got struct {
			Order *detail `json:"order"`
		}
		if _, err := s.ask(ctx, op, "more_parts", variables{"id": id, "after": d.Open.Info.End}, 60, &got); err != nil {
			return err
		}
		if got.Order == nil {
			return channel.BadAnswer(op, errLost)
		}
		if got.Order.Open.Info.More && got.Order.Open.Info.End == d.Open.Info.End {
			break
		}
		d.Open.Nodes, d.Open.Info = append(d.Open.Nodes, got.Order.Open.Nodes...), got.Order.Open.Info
	}
	return channel.BadAnswer(op, errEndless)
}

// moreDone reads the fulfilments and refunds that are not in an answer: first which there are, then those.
func (s *Store) moreDone(ctx context.Context, op, id string, d *detail) error {
	var all struct {
		Order *detail `json:"order"`
	}
	if _, err := s.ask(ctx, op, "part_ids", variables{"id": id, "most": mostParts}, 40, &all); err != nil {
		return err
	}
	if all.Order == nil {
		return channel.BadAnswer(op, errLost)
	}
	d.cut = len(all.Order.Sent) >= mostParts || len(all.Order.Refunds) >= mostParts
	known := map[string]bool{}
	for _, p := range d.Sent {
		known[p.ID] = true
	}
	for _, r := range d.Refunds {
		known[r.ID] = true
	}
	var sent, refunds []string
	for _, p := range all.Order.Sent {
		if !known[p.ID] {
			sent = append(sent, p.ID)
		}
	}
	for _, r := range all.Order.Refunds {
		if !known[r.ID] {
			refunds = append(refunds, r.ID)
		}
	}
	moreSent, err := byID[fulfillment](ctx, s, op, sent)
	if err != nil {
		return err
	}
	moreRefunds, err := byID[refund](ctx, s, op, refunds)
	if err != nil {
		return err
	}
	d.Sent, d.Refunds = append(d.Sent, moreSent...), append(d.Refunds, moreRefunds...)
	return nil
}

// byID reads parts of one kind by their ids.
func byID[T any](ctx context.Context, s *Store, op string, ids []string) (out []T, err error) {
	for some := range slices.Chunk(ids, someParts) {
		var got struct {
			Nodes []*T `json:"nodes"`
		}
		if _, err := s.ask(ctx, op, "parts_by_id", variables{"ids": some}, 60, &got); err != nil {
			return nil, err
		}
		for _, p := range got.Nodes {
			if p == nil {
				return nil, channel.BadAnswer(op, errLost)
			}
			out = append(out, *p)
		}
		if len(got.Nodes) != len(some) {
			return nil, channel.BadAnswer(op, errLost)
		}
	}
	return out, nil
}

// restOfParts reads the lines of parts that do not fit into one answer.
func (s *Store) restOfParts(ctx context.Context, op string, d *detail) error {
	for i := range d.Open.Nodes {
		p := &d.Open.Nodes[i]
		if err := fillUp(ctx, s, op, p.ID, &p.Lines, func(r rest) connection[units] { return r.Open }); err != nil {
			return err
		}
	}
	for i := range d.Sent {
		p := &d.Sent[i]
		if err := fillUp(ctx, s, op, p.ID, &p.Lines, func(r rest) connection[units] { return r.Sent }); err != nil {
			return err
		}
	}
	for i := range d.Refunds {
		p := &d.Refunds[i]
		if err := fillUp(ctx, s, op, p.ID, &p.Lines, func(r rest) connection[units] { return r.Refunded }); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) restOfLines(ctx context.Context, op string, o *order) error {
	return fillUp(ctx, s, op, o.ID, &o.Lines, func(r rest) connection[lineItem] { return r.Lines })
}

// fillUp reads the pages of a list inside something that follow on its first.
func fillUp[T any](ctx context.Context, s *Store, op, id string, list *connection[T], of func(rest) connection[T]) error {
	for range mostPages {
		if !list.Info.More {
			return nil
		}
		var got struct {
			Nodes []rest `json:"nodes"`
		}
		if _, err := s.ask(ctx, op, "rest", variables{"ids": []string{id}, "after": list.Info.End}, 40, &got); err != nil {
			return err
		}
		if len(got.Nodes) != 1 {
			return channel.BadAnswer(op, errLost)
		}
		page := of(got.Nodes[0])
		if page.Info.More && page.Info.End == list.Info.End {
			return channel.BadAnswer(op, errEndless)
		}
		list.Nodes, list.Info = append(list.Nodes, page.Nodes...), page.Info
	}
	return channel.BadAnswer(op, errEndless)
}
