package shopify

import (
	"context"
	"errors"

	"evenstock/backend/channel"
)

// few and many are the sizes a detail is asked for in: parts of an order, and lines of each. Lists of fulfilments and
// refunds have no cursors, so one that is full is asked for again in the second size (shopify.md, 2.3). Both stay below
// 1,000 points by the published rule.
var (
	few  = [2]int{6, 20}
	many = [2]int{60, 1}
)

// partsMessage asks the seller to look at an order of which Shopify does not tell all.
const partsMessage = "Order %s was sent or refunded in more than %d parts, and Shopify tells no more of them. What the others did is taken " +
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
			return detail{}, channel.BadAnswer(op, errors.New("an order that was there a moment ago is not there"))
		}
		d = got.Order
		if d.cut = d.Open.Info.More || len(d.Sent) >= size[0] || len(d.Refunds) >= size[0]; !d.cut {
			break
		}
	}
	return *d, s.restOfParts(ctx, op, d)
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
			return channel.BadAnswer(op, errors.New("a part that was there a moment ago is not there"))
		}
		page := of(got.Nodes[0])
		if page.Info.More && page.Info.End == list.Info.End {
			return channel.BadAnswer(op, errEndless)
		}
		list.Nodes, list.Info = append(list.Nodes, page.Nodes...), page.Info
	}
	return channel.BadAnswer(op, errEndless)
}
