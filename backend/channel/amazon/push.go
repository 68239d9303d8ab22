package amazon

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const opPush = "push stock"

// PushStock implements [channel.Store]. Each listing is read before it is written: what Amazon fulfils is never written, and
// what has changed since the caller read it is not overwritten. A feed goes by what was read within the last minute. Amazon applies what it accepts within minutes, so every
// result is pending (amazon.md, 5.2).
func (s *Store) PushStock(ctx context.Context, batch []channel.StockLevel) ([]channel.Result, error) {
	if len(batch) > pushBatch {
		return nil, channel.TooMany(opPush, len(batch), pushBatch)
	}
	skus := make([]string, len(batch))
	for i, l := range batch {
		skus[i] = l.Listing
	}
	if len(batch) == 0 {
		return nil, nil
	}
	held := map[string]item{}
	if len(batch) > patchMost {
		skus = s.recent.take(skus, held, s.now())
	}
	if len(skus) > 0 {
		found, err := s.search(ctx, opPush, skus)
		if err != nil {
			return nil, err
		}
		maps.Copy(held, found)
	}
	out := make([]channel.Result, len(batch))
	var left []int
	for i, l := range batch {
		it, ok := held[l.Listing]
		out[i] = judge(it, ok, l)
		if out[i].Err == nil {
			left = append(left, i)
		}
	}
	if len(left) > patchMost {
		return out, s.feed(ctx, batch, left, out)
	}
	for _, i := range left {
		if err := s.patch(ctx, batch[i], &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// judge is the result of a level before it is sent: its error is why it is not.
func judge(it item, known bool, l channel.StockLevel) (out channel.Result) {
	if !known {
		out.Err = ofItem(opPush, channel.Missing, channel.CodeMissing, goneMessage)
		return out
	}
	if why := it.refused(); why != "" {
		out.Err = ofItem(opPush, channel.Invalid, channel.CodeUntracked, why)
		return out
	}
	out.Was = it.own()
	if l.Expect != nil && *l.Expect != *out.Was {
		out.Err = ofItem(opPush, channel.Stale, channel.CodeNotApplied, "The number changed on Amazon at the same moment.")
	}
	return out
}

// patch writes one number. A refusal of this listing alone is its result.
func (s *Store) patch(ctx context.Context, l channel.StockLevel, out *channel.Result) error {
	resp, err := s.ask(ctx, httpx.Request{Op: opPush, Method: http.MethodPatch, Path: s.listingsPath() + "/" + url.PathEscape(l.Listing),
		Query: url.Values{"marketplaceIds": {s.marketplace}, "includedData": {"issues"}}, Body: set(l.Available), Budget: forPatch})
	if channel.IsKind(err, channel.Missing) || channel.IsKind(err, channel.Invalid) && resp != nil {
		out.Err = err
		return nil
	}
	if err != nil {
		return err
	}
	var got patched
	if err := resp.Decode(opPush, &got); err != nil {
		return err
	}
	switch got.Status {
	case "ACCEPTED", "VALID":
		out.Pending = s.handle(l, out.Was, "", 0)
	case "INVALID":
		out.Err = refusedBy(got.Issues)
	default:
		return channel.BadAnswer(opPush, errors.New("a write that was neither accepted nor refused"))
	}
	return nil
}

// refusedBy is the error of a listing that Amazon refused to change.
func refusedBy(issues []issue) error {
	for _, i := range issues {
		if i.Severity == "ERROR" {
			return ofItem(opPush, channel.Invalid, i.Code, "Amazon refused the number: "+httpx.Plain(i.Text))
		}
	}
	return ofItem(opPush, channel.Invalid, channel.CodeInvalid, "Amazon refused the number and did not say why. Look at the listing in Seller Central.")
}

// feedType is what a feed's document is sent as (amazon.md, 5.2).
const feedType = "application/json; charset=UTF-8"

// feed writes many numbers with one document.
func (s *Store) feed(ctx context.Context, batch []channel.StockLevel, which []int, out []channel.Result) error {
	f := feed{Header: feedHeader{s.seller, "2.0", "en_US"}}
	for n, i := range which {
		f.Messages = append(f.Messages, message{n + 1, batch[i].Listing, "PATCH", set(batch[i].Available)})
	}
	body, err := json.Marshal(f)
	if err != nil {
		return err
	}
	var doc document
	if err := s.post(ctx, forUpload, "feeds/2021-06-30/documents", map[string]string{"contentType": feedType}, &doc); err != nil {
		return err
	}
	if err := s.http.Fetch(ctx, httpx.Document{Op: opPush, URL: doc.URL, Upload: body, Type: feedType}, nil); err != nil {
		return err
	}
	var made madeFeed
	err = s.post(ctx, forNewFeed, "feeds/2021-06-30/feeds", map[string]any{"feedType": "JSON_LISTINGS_FEED",
		"marketplaceIds": []string{s.marketplace}, "inputFeedDocumentId": doc.FeedDocument}, &made)
	if err != nil {
		return err
	}
	if made.Feed == "" {
		return channel.BadAnswer(opPush, errors.New("a feed without a number"))
	}
	for n, i := range which {
		out[i].Pending = s.handle(batch[i], out[i].Was, made.Feed, n+1)
	}
	return nil
}

// post sends a body and reads the answer into v.
func (s *Store) post(ctx context.Context, budget, path string, body, v any) error {
	resp, err := s.ask(ctx, httpx.Request{Op: opPush, Method: http.MethodPost, Path: path, Body: body, Budget: budget})
	if err != nil {
		return listError(err)
	}
	return resp.Decode(opPush, v)
}
