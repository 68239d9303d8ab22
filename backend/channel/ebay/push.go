package ebay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opPush         = "push stock"
	noSKUMessage   = "This variant has no SKU on eBay, so its number cannot be sent. Give it one there."
	shutMessage    = "eBay keeps this number by warehouse, or the listing is an auction. No number is sent for it."
	zeroMessage    = "eBay takes this listing to zero only with Out-of-stock control. Turn it on in your eBay account preferences, or let Evenstock do so in this store's settings; else end the listing by hand."
	refusedMessage = "eBay refused the number: "
)

// PushStock implements [channel.Store]. Numbers are absolute: the caller has read them a moment ago.
func (s *Store) PushStock(ctx context.Context, batch []channel.StockLevel) ([]channel.Result, error) {
	if len(batch) > pushBatch {
		return nil, channel.TooMany(opPush, len(batch), pushBatch)
	}
	if err := s.locate(ctx, batch); err != nil {
		return nil, err
	}
	out := make([]channel.Result, len(batch))
	var sold, old []int
	for i, l := range batch {
		at, known := s.places.get(l.Listing)
		var err error
		if out[i].Err, err = s.judge(ctx, l, at, known); err != nil {
			return nil, err
		}
		switch {
		case out[i].Err != nil:
		case at.offer == "":
			old = append(old, i)
		default:
			sold = append(sold, i)
		}
	}
	if err := s.revisions.save(); err != nil {
		return nil, &channel.Error{Kind: channel.Transient, Op: opPush, Message: "The count of changes could not be saved on this computer. It is tried again.", Err: err}
	}
	p := push{s, batch, out}
	if err := p.bulk(ctx, sold); err != nil {
		return nil, err
	}
	return out, p.old(ctx, old)
}

// locate finds out where the listings of a batch are kept that nobody has met yet.
func (s *Store) locate(ctx context.Context, batch []channel.StockLevel) error {
	var refs []channel.Ref
	for _, l := range batch {
		if _, known := s.places.get(l.Listing); !known {
			refs = append(refs, channel.Ref{Listing: l.Listing, Parent: l.Parent})
		}
	}
	_, err := s.look(ctx, opPush, refs)
	return err
}

// judge says why a level is not sent, nil if it is; then its revision is counted.
func (s *Store) judge(ctx context.Context, l channel.StockLevel, at place, known bool) (why, err error) {
	listing, sku := splitRef(l.Listing)
	switch {
	case !known:
		return ofItem(opPush, channel.Missing, channel.CodeMissing, goneMessage), nil
	case at.shut:
		return ofItem(opPush, channel.Invalid, channel.CodeUntracked, shutMessage), nil
	case sku == "" && l.Parent != "":
		return ofItem(opPush, channel.Invalid, channel.CodeUntracked, noSKUMessage), nil
	}
	// A variant at zero is shown as sold out, with the control or without (ebay.md, 4.4).
	if l.Available == 0 && l.Parent == "" {
		on, err := s.outOfStockControl(ctx, opPush)
		if err == nil && !on && s.control.may {
			err = s.turnOnControl(ctx)
			on = err == nil
		}
		if err != nil {
			return nil, err
		}
		if !on {
			return ofItem(opPush, channel.Invalid, channel.CodeInvalid, zeroMessage), nil
		}
	}
	held := l.Expect
	if held == nil && s.revisions.scarce(listing) {
		readings, err := s.look(ctx, opPush, []channel.Ref{{Listing: l.Listing, Parent: l.Parent}})
		if err != nil {
			return nil, err
		}
		held = readings[0].Quantity
	}
	return s.revisions.take(listing, held != nil && l.Available < *held), nil
}

// push is one PushStock under way.
type push struct {
	*Store
	batch []channel.StockLevel
	out   []channel.Result
}

// bulk writes numbers of the Inventory API. Its documents contradict each other on whether a call takes 25 SKUs or one
// (ebay.md, 4.4): once 25 were refused and one was not, one is sent at a time.
func (p push) bulk(ctx context.Context, which []int) error {
	size := bulkMost
	if p.places.single() {
		size = 1
	}
	for part := range slices.Chunk(which, size) {
		left, err := p.update(ctx, part)
		if err != nil {
			return err
		}
		for _, i := range left {
			again, err := p.update(ctx, []int{i})
			if err != nil {
				return err
			}
			if len(again) > 0 {
				return channel.BadAnswer(opPush, errors.New("a write without an answer"))
			}
		}
		if len(left) == len(part) && slices.ContainsFunc(left, func(i int) bool { return p.out[i].Err == nil }) {
			p.places.goSingle()
		}
	}
	return nil
}

// update sends one call with both numbers of each SKU, since customers see the lower one. It returns those that are to be sent
// by themselves: all, if the call was refused as a whole, or those that the answer does not name.
func (p push) update(ctx context.Context, some []int) (left []int, err error) {
	requests := make([]update, len(some))
	for n, i := range some {
		l := p.batch[i]
		at, _ := p.places.get(l.Listing)
		_, sku := splitRef(l.Listing)
		requests[n] = update{sku, number{l.Available}, []part{{at.offer, l.Available}}}
	}
	resp, err := p.ask(ctx, httpx.Request{Op: opPush, Method: http.MethodPost, Path: "sell/inventory/v1/bulk_update_price_quantity",
		Body: map[string]any{"requests": requests}, Budget: forInventory})
	refused := resp != nil && (channel.IsKind(err, channel.Invalid) || channel.IsKind(err, channel.Missing))
	switch {
	case refused && len(some) > 1:
		return some, nil
	case refused:
		p.places.forget(p.batch[some[0]].Listing)
		p.out[some[0]].Err = err
		return nil, nil
	case err != nil:
		return nil, err
	}
	var got results
	if err := resp.Decode(opPush, &got); err != nil {
		return nil, err
	}
	for n, i := range some {
		named := false
		for _, r := range got.Responses {
			if r.SKU != requests[n].SKU {
				continue
			}
			named = true
			if why := r.refused(); why != nil {
				p.places.forget(p.batch[i].Listing)
				p.out[i].Err = why
			}
		}
		if !named {
			left = append(left, i)
		}
	}
	return left, nil
}

// refused is why a part of a bulk call failed, nil if it did not. One that failed by eBay's own fault goes round again.
func (r result) refused() error {
	if r.Status < 300 && len(r.Errors) == 0 {
		return nil
	}
	code, said := channel.CodeInvalid, fmt.Sprintf("status %d", r.Status)
	if len(r.Errors) > 0 {
		code, said = fmt.Sprint(r.Errors[0].ID), httpx.Plain(r.Errors[0].said())
	}
	missing := slices.ContainsFunc(r.Errors, func(t trouble) bool { return slices.Contains([]int{codeNoSKU, codeNoOffer, codeNone}, t.ID) })
	switch {
	case r.Status == http.StatusNotFound || missing:
		return ofItem(opPush, channel.Missing, channel.CodeMissing, goneMessage)
	case r.Status >= http.StatusInternalServerError || r.Status == http.StatusTooManyRequests:
		return ofItem(opPush, channel.Stale, channel.CodeNotApplied, refusedMessage+said)
	}
	return ofItem(opPush, channel.Invalid, code, refusedMessage+said)
}
