package woocommerce

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const opPush = "push stock"

const (
	// differences is how many listings are written one by one as differences; more go in batches of absolute numbers,
	// since a difference inside a batch was never recorded (woocommerce.md, 4.5).
	differences = 20
	// ignoredMost is how often in a row a difference may come to nothing before this shop is taken not to know them. Once
	// or twice it may be a customer who bought exactly as many as were added.
	ignoredMost = 3
	// smallestBatch is where halving after timeouts ends.
	smallestBatch = 5
)

// PushStock implements [channel.Store].
//
// Where every expectation is known a few listings are written as differences, so that a sale between reading and writing
// is kept: the shop adds the difference to whatever it holds then. Everything else is absolute.
func (s *Store) PushStock(ctx context.Context, batch []channel.StockLevel) ([]channel.Result, error) {
	if len(batch) > pushBatch {
		return nil, channel.TooMany(opPush, len(batch), pushBatch)
	}
	out := make([]channel.Result, len(batch))
	var rest []int // the elements that are worth sending
	expected := len(batch) <= differences
	for i, l := range batch {
		switch _, _, ok := parseRef(l.Listing, l.Parent); {
		case !ok:
			out[i].Err = &channel.Error{Kind: channel.Missing, Op: opPush, Code: channel.CodeMissing, Message: goneMessage}
		case l.Available < 0 || l.Available > largest:
			out[i].Err = &channel.Error{Kind: channel.Invalid, Op: opPush, Code: channel.CodeInvalid,
				Message: fmt.Sprintf("The shop does not take a quantity of %d.", l.Available)}
		default:
			rest = append(rest, i)
			expected = expected && l.Expect != nil
		}
	}
	ignored, size := 0, pushBatch
	s.learn(func(f *facts) { ignored, size = f.ignored, f.batch })
	if expected && ignored < ignoredMost {
		return out, s.pushDifferences(ctx, batch, rest, out)
	}
	err := s.pushAbsolute(ctx, batch, rest, out, size)
	if tooSlow(err) {
		s.learn(func(f *facts) { f.batch = max(smallestBatch, min(f.batch, size/2)) })
	}
	return out, err
}

// pushDifferences writes one listing a call.
func (s *Store) pushDifferences(ctx context.Context, batch []channel.StockLevel, rest []int, out []channel.Result) error {
	for _, i := range rest {
		l := batch[i]
		id, parent, _ := parseRef(l.Listing, l.Parent)
		got, err := s.put(ctx, opPush, id, parent, map[string]any{"inventory_delta": l.Available - *l.Expect})
		if out[i].Err = ofOne(err); out[i].Err != nil {
			continue
		}
		if err != nil {
			return err
		}
		out[i] = s.difference(l, got)
	}
	return nil
}

// difference judges the answer to a difference. A number other than the one aimed at is right as long as it moved: then
// someone bought in between, and the sale was kept.
func (s *Store) difference(l channel.StockLevel, got product) channel.Result {
	delta := l.Available - *l.Expect
	switch {
	case got.Managed != own:
		return channel.Result{Err: untracked()}
	case delta != 0 && got.Quantity.n == *l.Expect:
		s.learn(func(f *facts) { f.ignored++ })
		return channel.Result{Err: notApplied(l.Available, got.Quantity.n)}
	}
	if delta != 0 {
		s.learn(func(f *facts) { f.ignored = 0 })
	}
	return channel.Result{Was: new(got.Quantity.n - delta)}
}

// pushAbsolute writes products in batches of their own and variations in batches by parent.
func (s *Store) pushAbsolute(ctx context.Context, batch []channel.StockLevel, rest []int, out []channel.Result, size int) error {
	byPath := map[string][]int{}
	var paths []string
	for _, i := range rest {
		path := "products/batch"
		if _, parent, _ := parseRef(batch[i].Listing, batch[i].Parent); parent != 0 {
			path = variationsPath(parent) + "/batch"
		}
		if byPath[path] == nil {
			paths = append(paths, path)
		}
		byPath[path] = append(byPath[path], i)
	}
	for _, path := range paths {
		for some := range slices.Chunk(byPath[path], size) {
			if err := s.postBatch(ctx, path, batch, some, out); err != nil {
				return err
			}
		}
	}
	return nil
}

// update is one element of a batch. The number is written as a whole number: inside a batch there is no schema check, and
// anything else would be stored as 0 (woocommerce-observed.md, "Stock fields").
type update struct {
	ID       int64 `json:"id"`
	Quantity int64 `json:"stock_quantity"`
}

// postBatch writes some elements. Its answer is 200 even when elements fail, and must not be cut by _fields, which would
// hide that (recording e01b-batch-update-100-fields).
func (s *Store) postBatch(ctx context.Context, path string, batch []channel.StockLevel, some []int, out []channel.Result) error {
	updates := make([]update, len(some))
	for n, i := range some {
		id, _, _ := parseRef(batch[i].Listing, batch[i].Parent)
		updates[n] = update{id, batch[i].Available}
	}
	r := api(opPush, path, nil)
	r.Method, r.Body = http.MethodPost, map[string]any{"update": updates}
	resp, err := s.ask(ctx, r)
	if gone := ofOne(err); gone != nil { // the parent of all of them
		for _, i := range some {
			out[i].Err = gone
		}
		return nil
	}
	if err != nil {
		return err
	}
	var answer struct {
		Update []struct {
			product
			Error *problem `json:"error"`
		} `json:"update"`
	}
	if err := resp.Decode(opPush, &answer); err != nil {
		return err
	}
	if len(answer.Update) != len(some) {
		return channel.BadAnswer(opPush, fmt.Errorf("%d results for %d listings", len(answer.Update), len(some)))
	}
	for n, i := range some {
		got := answer.Update[n]
		switch {
		case got.Error != nil:
			out[i].Err = itemError(opPush, *got.Error)
		case got.ID != updates[n].ID:
			return channel.BadAnswer(opPush, fmt.Errorf("a result for listing %d instead of %d", got.ID, updates[n].ID))
		case got.Managed != own:
			out[i].Err = untracked()
		case got.Quantity.n != batch[i].Available:
			out[i].Err = notApplied(batch[i].Available, got.Quantity.n)
		}
	}
	return nil
}

// put changes one listing and returns what the shop then says about it.
func (s *Store) put(ctx context.Context, op string, id, parent int64, body map[string]any) (product, error) {
	path := "products/" + formatID(id)
	if parent != 0 {
		path = variationsPath(parent) + "/" + formatID(id)
	}
	r := api(op, path, url.Values{"_fields": {stockFields}})
	r.Method, r.Body = http.MethodPut, body
	resp, err := s.ask(ctx, r)
	if err != nil {
		return product{}, err
	}
	var got product
	if err := resp.Decode(op, &got); err != nil {
		return product{}, err
	}
	if got.ID != id {
		return product{}, channel.BadAnswer(op, fmt.Errorf("an answer about listing %d instead of %d", got.ID, id))
	}
	return got, nil
}

// Track implements [channel.Tracker]. Both fields travel together: tracking alone would show zero, and a number alone is
// ignored (recordings j05-manage-and-qty-together, c06-manage-without-qty, c04-set-qty-while-unmanaged).
func (s *Store) Track(ctx context.Context, level channel.StockLevel) error {
	const op = "count stock"
	id, parent, ok := parseRef(level.Listing, level.Parent)
	if !ok {
		return &channel.Error{Kind: channel.Missing, Op: op, Code: channel.CodeMissing, Message: goneMessage}
	}
	got, err := s.put(ctx, op, id, parent, map[string]any{"manage_stock": true, "stock_quantity": level.Available})
	switch {
	case err != nil:
		return err
	case got.Managed != own:
		return untracked()
	case got.Quantity.n != level.Available:
		return notApplied(level.Available, got.Quantity.n)
	}
	return nil
}

// ofOne returns err when it concerns the listing that was asked about and no other, else nil.
func ofOne(err error) error {
	var e *channel.Error
	if errors.As(err, &e) && (e.Kind == channel.Missing || e.Kind == channel.Invalid && e.Status == http.StatusBadRequest) {
		if e.Kind == channel.Missing {
			e.Message = goneMessage
		}
		return e
	}
	return nil
}

// tooSlow says whether a shop ran out of time over a batch.
func tooSlow(err error) bool {
	var e *channel.Error
	if !errors.As(err, &e) {
		return false
	}
	timeouts := []int{http.StatusRequestTimeout, http.StatusGatewayTimeout, http.StatusRequestEntityTooLarge, 524}
	return slices.Contains(timeouts, e.Status) || e.Code == channel.CodeUnreachable && errors.Is(e, httpx.ErrTimeout)
}

func untracked() error {
	return &channel.Error{Kind: channel.Invalid, Op: opPush, Code: channel.CodeUntracked,
		Message: "The shop does not count stock for this listing. Switch stock management on for it in the shop, or let Evenstock do it."}
}

func notApplied(sent, got int64) error {
	return &channel.Error{Kind: channel.Stale, Op: opPush, Code: channel.CodeNotApplied,
		Message: fmt.Sprintf("The shop was sent %d and shows %d.", sent, got)}
}
