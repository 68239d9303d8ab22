package bigcommerce

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"evenstock/backend/channel"
)

const (
	opPush       = "push stock"
	absolutePath = "v3/inventory/adjustments/absolute"
	relativePath = "v3/inventory/adjustments/relative"
	// differences is how many listings are written one by one as differences; more go as absolute numbers in one call,
	// since it is not known whether a refused row of many leaves the others written (channels/README.md, 1.4).
	differences = 20
	// reasonText is shown in the store's own history of adjustments.
	reasonText = "Evenstock"
	// needsAbsolute is what BigCommerce says about a difference to a number that was never set (OpenAPI file).
	needsAbsolute = "requires absolute adjustment"
)

// PushStock implements [channel.Store].
//
// Where every expectation is known a few listings are written as differences, which BigCommerce puts into one order with
// its checkout, so that a sale between reading and writing is kept. Everything else is absolute (bigcommerce.md, 3.5), and so
// is what was written a moment ago: its reading may be from before that, and a difference from it would count twice.
func (s *Store) PushStock(ctx context.Context, batch []channel.StockLevel) ([]channel.Result, error) {
	if len(batch) > pushBatch {
		return nil, channel.TooMany(opPush, len(batch), pushBatch)
	}
	out := make([]channel.Result, len(batch))
	p := &push{store: s, batch: batch, out: out, items: make([]spot, len(batch)), cards: map[int64]card{}}
	var rest []int
	expected := len(batch) <= differences
	for i, l := range batch {
		product, variant, ok := parseRef(l.Listing)
		at, placed, err := s.at(ctx, l.Location)
		if err != nil {
			return out, err
		}
		switch p.items[i] = (spot{item{product, variant}, at}); {
		case !ok:
			out[i].Err = gone(opPush)
		case !placed:
			out[i].Err = noLocation(opPush)
		case l.Available < 0 || l.Available > maxQuantity:
			out[i].Err = refuse(fmt.Sprintf("BigCommerce does not take a quantity of %d; %d is the most.", l.Available, maxQuantity))
		default:
			rest = append(rest, i)
			expected = expected && l.Expect != nil
		}
	}
	if len(rest) == 0 {
		return out, nil
	}
	s.pushing.Lock()
	defer s.pushing.Unlock()
	slices.SortStableFunc(rest, func(a, b int) int { return cmp.Compare(p.items[a].location, p.items[b].location) }) // bigcommerce.md, 3.5
	if err := p.resolve(ctx, rest); err != nil {
		return out, err
	}
	if expected {
		return out, p.difference(ctx, rest)
	}
	return out, p.absolute(ctx, rest)
}

// push is one call of PushStock.
type push struct {
	store  *Store
	batch  []channel.StockLevel
	items  []spot
	out    []channel.Result
	cards  map[int64]card
	rounds int
}

// mostRounds is where what is left of a batch that is refused again and again is given up: a third of the smallest window.
const mostRounds = 50

// resolve finds out how the listings are counted, and refuses those that are not.
func (p *push) resolve(ctx context.Context, some []int) error {
	products := make([]int64, len(some))
	for n, i := range some {
		products[n] = p.items[i].product
	}
	cards, err := p.store.cards(ctx, products)
	if err != nil {
		return err
	}
	for _, i := range some {
		p.cards[p.items[i].product], p.out[i].Err = cards[p.items[i].product], nil
		switch c := p.cards[p.items[i].product]; {
		case !c.has(p.items[i].variant):
			p.out[i].Err = gone(opPush)
		case c.tracking == trackNone, c.tracking == trackVariant && p.items[i].variant == 0:
			p.out[i].Err = &channel.Error{Kind: channel.Invalid, Op: opPush, Code: channel.CodeUntracked,
				Message: "The store does not count stock for this listing. Switch Track inventory on for it, in Products."}
		}
	}
	return nil
}

// again asks anew how some listings are counted, after BigCommerce refused them.
func (p *push) again(ctx context.Context, some []int) error {
	var products []int64
	for _, i := range some {
		if id := p.items[i].product; !slices.Contains(products, id) {
			products = append(products, id)
		}
	}
	if err := p.store.look(ctx, products); err != nil {
		return err
	}
	return p.resolve(ctx, some)
}

// spot is the number that a listing's row is about.
func (p *push) spot(i int) spot {
	return spot{p.items[i].key(p.cards[p.items[i].product]), p.items[i].location}
}

// row names the item the way the store counts it: by its variant or by its product.
func (p *push) row(i int, quantity int64) row {
	key := p.items[i].key(p.cards[p.items[i].product])
	if key.variant == 0 {
		return row{Location: p.items[i].location, Product: key.product, Quantity: quantity}
	}
	return row{Location: p.items[i].location, Variant: key.variant, Quantity: quantity}
}

// open are those that may still be written.
func (p *push) open(some []int) []int {
	return slices.DeleteFunc(slices.Clone(some), func(i int) bool { return p.out[i].Err != nil })
}

// absolute writes listings in one call. BigCommerce refuses a call as a whole; what it names, or what turns out to be
// counted otherwise, is taken out and the rest sent again. A call that names nothing is halved until the culprit is alone.
func (p *push) absolute(ctx context.Context, some []int) error {
	some = p.open(some)
	if len(some) == 0 {
		return nil
	}
	rows := make([]row, len(some))
	for n, i := range some {
		rows[n] = p.row(i, p.batch[i].Available)
	}
	said, err := p.send(ctx, http.MethodPut, absolutePath, some, rows)
	if err != nil || said == nil {
		return err
	}
	if p.rounds++; p.rounds > mostRounds {
		for _, i := range some {
			p.out[i].Err = said.err
		}
		return nil
	}
	named := p.named(said.text, some, rows)
	suspects := named
	if len(named) == 0 {
		suspects = some
	}
	if err := p.again(ctx, suspects); err != nil {
		return err
	}
	left := p.open(some)
	if changed := len(left) < len(some) || slices.ContainsFunc(left, func(i int) bool {
		return p.row(i, p.batch[i].Available) != rows[slices.Index(some, i)]
	}); changed {
		return p.absolute(ctx, left)
	}
	switch {
	case len(named) > 0 && len(named) < len(some):
		for _, i := range named {
			p.out[i].Err = said.err
		}
		return p.absolute(ctx, left)
	case len(some) == 1:
		p.out[some[0]].Err = said.err
		return nil
	}
	if err := p.absolute(ctx, some[:len(some)/2]); err != nil {
		return err
	}
	return p.absolute(ctx, some[len(some)/2:])
}

// difference writes one listing a call.
func (p *push) difference(ctx context.Context, some []int) error {
	some = p.open(some)
	unsettled := p.unsettled(some)
	if err := p.absolute(ctx, unsettled); err != nil {
		return err
	}
	for _, i := range some {
		if slices.Contains(unsettled, i) {
			continue
		}
		delta := p.batch[i].Available - *p.batch[i].Expect
		if delta == 0 {
			continue // as it should be
		}
		err := p.differ(ctx, i, delta)
		if err != nil {
			return err
		}
	}
	return nil
}

// unsettled are the listings whose reading may be older than the last write.
func (p *push) unsettled(some []int) []int {
	return slices.DeleteFunc(slices.Clone(some), func(i int) bool { return !p.store.recent.unsettled(p.spot(i)) })
}

func (p *push) differ(ctx context.Context, i int, delta int64) error {
	sent := p.row(i, delta)
	said, err := p.send(ctx, http.MethodPost, relativePath, []int{i}, []row{sent})
	if err != nil || said == nil {
		return err
	}
	if strings.Contains(said.text, needsAbsolute) {
		return p.absolute(ctx, []int{i})
	}
	if err := p.again(ctx, []int{i}); err != nil {
		return err
	}
	switch {
	case p.out[i].Err != nil:
	case p.row(i, delta) != sent:
		p.out[i].Err = &channel.Error{Kind: channel.Stale, Op: opPush, Code: channel.CodeNotApplied,
			Message: "The store counts this listing in another way since a moment ago."}
	case delta < 0:
		// Taking away more than is there is refused (bigcommerce.md, 3.5): somebody bought in between.
		p.out[i].Err = &channel.Error{Kind: channel.Stale, Op: opPush, Code: channel.CodeNotApplied, Err: said.err,
			Message: "The store did not take the change, probably because a customer bought at the same moment."}
	default:
		p.out[i].Err = said.err
	}
	return nil
}
