package shopify

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opPush = "write stock"
	// rounds is how often a batch is sent again without the rows that were refused. Shopify names all wrong rows of a batch
	// at once, so it is two in practice.
	rounds = 8
)

// PushStock implements [channel.Store]. Every row says what it changes from, so a sale in between is never given back
// (shopify.md, 2.5).
func (s *Store) PushStock(ctx context.Context, levels []channel.StockLevel) ([]channel.Result, error) {
	if len(levels) > batch {
		return nil, channel.TooMany(opPush, len(levels), batch)
	}
	if len(levels) == 0 {
		return nil, nil
	}
	results := make([]channel.Result, len(levels))
	where := make([]string, len(levels))
	somewhere := ""
	for i, l := range levels {
		at, ok, err := s.at(ctx, l.Location)
		if err != nil {
			return nil, err
		}
		if where[i] = at; ok {
			somewhere = at
		} else {
			results[i].Err = noLocation()
		}
	}
	if somewhere == "" {
		return results, ctx.Err()
	}
	open, err := s.writable(ctx, levels, somewhere, results)
	if err != nil {
		return nil, err
	}
	for try := range rounds {
		if len(open) == 0 {
			return results, nil
		}
		if open, err = s.write(ctx, where, levels, open, try, results); err != nil {
			return nil, err
		}
	}
	return nil, channel.BadAnswer(opPush, errEndless)
}

// writable returns the places of the levels that can be written, and gives the others their results. Items that were not
// seen since the store was opened are read first: Shopify takes a number for what it does not count, to no effect.
func (s *Store) writable(ctx context.Context, levels []channel.StockLevel, location string, results []channel.Result) (open []int, err error) {
	var unknown []string
	s.mu.Lock()
	counted := map[string]bool{}
	for _, l := range levels {
		id, ok := itemOf(l.Listing)
		if !ok {
			continue
		}
		known, seen := s.tracked[id]
		if counted[id] = known; !seen {
			unknown = append(unknown, id)
		}
	}
	s.mu.Unlock()
	held, err := s.items(ctx, opPush, location, unknown)
	if err != nil {
		return nil, err
	}
	for _, id := range unknown {
		it, there := held[id]
		if !there {
			delete(counted, id)
			continue
		}
		counted[id] = it.Tracked
		s.count(id, it.Tracked)
	}
	for i, l := range levels {
		id, _ := itemOf(l.Listing)
		switch counts, there := counted[id]; {
		case results[i].Err != nil:
		case !there:
			results[i].Err = gone(opPush)
		case !counts:
			results[i].Err = refusal(channel.Invalid, channel.CodeUntracked,
				"Shopify does not track this listing's stock, or it is a gift card or a bundle. Switch on Track inventory for it in Shopify.")
		case l.Available > maxQuantity:
			results[i].Err = refusal(channel.Invalid, channel.CodeInvalid, fmt.Sprintf("Shopify takes quantities up to %d.", maxQuantity))
		default:
			open = append(open, i)
		}
	}
	return open, nil
}

// write sends the rows at open and returns those to send again: when one is refused, none counts as written, and the others
// go without it under another key. If some were written all the same, their second time is stale or changes nothing.
func (s *Store) write(ctx context.Context, where []string, levels []channel.StockLevel, open []int, try int, results []channel.Result) ([]int, error) {
	in := adjustment{Name: "available", Reason: "correction"}
	var keys []string
	for _, i := range open {
		id, _ := itemOf(levels[i].Listing)
		in.Quantities = append(in.Quantities, row{id, where[i], levels[i].Available, levels[i].Expect})
		keys = append(keys, levels[i].Key)
	}
	var got adjusted
	if _, err := s.ask(ctx, opPush, "set", variables{"input": in, "key": idempotencyKey(in, keys, try)}, 15, &got); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(got.Set.Errors, func(e userError) bool { return e.Code == "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED" }) {
		return open, nil // that key is used up, the next round has another
	}
	if len(got.Set.Errors) > 0 {
		return drop(got.Set.Errors, open, results)
	}
	if got.Set.Group == nil && anyChange(levels, open) {
		return nil, channel.BadAnswer(opPush, errors.New("neither an adjustment nor an error"))
	}
	was := map[[2]string]int64{}
	if got.Set.Group != nil {
		for _, c := range got.Set.Group.Changes {
			if c.Name == "available" && c.After != nil {
				was[[2]string{c.Item.ID, c.Location.ref()}] = *c.After - c.Delta
			}
		}
	}
	for _, i := range open {
		id, _ := itemOf(levels[i].Listing)
		if n, told := was[[2]string{id, number(where[i])}]; told {
			results[i].Was = &n
		}
	}
	return nil, nil
}

// anyChange says whether one of the rows changes something for certain. A group may be null where nothing changed.
func anyChange(levels []channel.StockLevel, open []int) bool {
	for _, i := range open {
		if e := levels[i].Expect; e != nil && *e != levels[i].Available {
			return true
		}
	}
	return false
}

// drop gives the rows that Shopify names their results and returns the others.
func drop(errs []userError, open []int, results []channel.Result) ([]int, error) {
	named := map[int]bool{}
	for _, e := range errs {
		at := e.row(len(open))
		if at < 0 {
			return nil, pushError(e)
		}
		named[at] = true
		results[open[at]].Err = pushError(e)
	}
	var rest []int
	for at, i := range open {
		if !named[at] {
			rest = append(rest, i)
		}
	}
	return rest, nil
}

// pushError says what a code means (shopify.md, 2.5).
func pushError(e userError) error {
	switch e.Code {
	case "CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE":
		return refusal(channel.Stale, e.Code, "The shop's number has changed since it was read.")
	case "INVALID_INVENTORY_ITEM":
		return gone(opPush)
	case "NON_MUTABLE_INVENTORY_ITEM":
		return refusal(channel.Invalid, channel.CodeUntracked, "This is a bundle, whose stock Shopify works out from its parts. Link the parts instead.")
	case "INVALID_LOCATION":
		return noLocation()
	case "IDEMPOTENCY_CONCURRENT_REQUEST":
		return refusal(channel.Transient, e.Code, "Shopify is still busy with the same write.")
	}
	return refusal(channel.Invalid, e.Code, "Shopify refused the quantity: "+httpx.Plain(e.Message))
}

func noLocation() error {
	return refusal(channel.Invalid, "INVALID_LOCATION", "The shop has no such location any more, or it is switched off. Read the store's locations again and link another one.")
}

func refusal(kind channel.Kind, code, message string) error {
	return &channel.Error{Kind: kind, Op: opPush, Code: code, Message: message}
}

// idempotencyKey is the same for the same write and another for any other, so that a write whose answer was lost is not made
// twice, and a key never comes with other rows. Every try of a call has a key of its own, since one whose attempt failed is
// good for nothing (shopify.md, 2.5).
func idempotencyKey(in adjustment, keys []string, try int) string {
	b, err := json.Marshal(struct {
		In   adjustment
		Keys []string
		Try  int
	}{in, keys, try})
	if err != nil {
		panic(err) // texts and numbers always encode
	}
	h := sha256.Sum256(b)
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
