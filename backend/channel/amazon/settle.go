package amazon

import (
	"context"
	"encoding/json"
	"io"
	"net/url"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opSettle = "see whether the number was applied"
	// settleMost is how long an accepted number may take: several times the minutes it is said to (amazon.md, 5.2). One
	// that has not shown by then is pushed again.
	settleMost = 30 * time.Minute
)

// pending is what has to be known of an accepted write to see whether it was applied.
type pending struct {
	SKU     string    `json:"sku"`
	Number  int64     `json:"n"`
	Was     *int64    `json:"was,omitempty"`
	At      time.Time `json:"at"`
	Feed    string    `json:"feed,omitempty"`
	Message int       `json:"m,omitempty"`
}

// handle writes a pending write down.
func (s *Store) handle(l channel.StockLevel, was *int64, feed string, message int) string {
	b, err := json.Marshal(pending{l.Listing, l.Available, was, s.now().UTC().Truncate(time.Second), feed, message})
	if err != nil {
		panic(err) // texts and numbers always encode
	}
	return string(b)
}

// Settle implements [channel.Settler]. A write is applied when the number in effect is the one that was written, or no
// longer the one before it: then something was sold meanwhile. What is still on its way is pending again.
func (s *Store) Settle(ctx context.Context, handles []string) ([]channel.Result, error) {
	all := make([]pending, len(handles))
	var skus []string
	for i, h := range handles {
		if json.Unmarshal([]byte(h), &all[i]) == nil {
			skus = append(skus, all[i].SKU)
		}
	}
	if len(skus) == 0 {
		return make([]channel.Result, len(handles)), nil
	}
	feeds := map[string]outcome{}
	for _, p := range all {
		if _, asked := feeds[p.Feed]; p.Feed != "" && !asked {
			how, err := s.outcome(ctx, p.Feed)
			if err != nil {
				return nil, err
			}
			feeds[p.Feed] = how
		}
	}
	held, err := s.search(ctx, opSettle, skus)
	if err != nil {
		return nil, err
	}
	out := make([]channel.Result, len(handles))
	for i, p := range all {
		it, known := held[p.SKU]
		why, bad := feeds[p.Feed].refused[p.Message]
		switch {
		case p.SKU == "":
		case bad:
			out[i].Err = refusedBy([]issue{why})
		case !known:
			out[i].Err = ofItem(opSettle, channel.Missing, channel.CodeMissing, goneMessage)
		default:
			out[i] = s.settled(p, handles[i], it.own(), feeds[p.Feed].failed)
		}
	}
	return out, nil
}

// settled is the result of a write whose listing holds now. One of a feed that failed is waited for no longer.
func (s *Store) settled(p pending, handle string, now *int64, failed bool) channel.Result {
	switch {
	case now != nil && (*now == p.Number || p.Was != nil && *now != *p.Was):
		return channel.Result{Was: p.Was}
	case !failed && s.now().Sub(p.At) < settleMost:
		return channel.Result{Was: p.Was, Pending: handle}
	}
	return channel.Result{Was: p.Was, Err: ofItem(opSettle, channel.Stale, channel.CodeNotApplied,
		"Amazon accepted the number and did not apply it. It is sent again.")}
}

// outcome is what became of a feed; zero as long as Amazon works on it.
type outcome struct {
	failed  bool          // as a whole; a part may have been applied (feeds_2021-06-30.json)
	refused map[int]issue // by message
}

func (s *Store) outcome(ctx context.Context, feed string) (how outcome, err error) {
	var j job
	resp, err := s.ask(ctx, httpx.Request{Op: opSettle, Path: "feeds/2021-06-30/feeds/" + url.PathEscape(feed), Budget: forFeed})
	if err != nil {
		return how, listError(err)
	}
	if err := resp.Decode(opSettle, &j); err != nil {
		return how, err
	}
	how.failed = j.Status == jobFatal || j.Status == jobCancelled
	if j.Status != jobDone || j.FeedResult == "" {
		return how, nil
	}
	var said struct {
		Issues []issue `json:"issues"`
	}
	if err := s.document(ctx, opSettle, forFeedDoc, "feeds/2021-06-30/documents/"+url.PathEscape(j.FeedResult), func(r io.Reader) error {
		return json.NewDecoder(r).Decode(&said)
	}); err != nil {
		return how, err
	}
	how.refused = map[int]issue{}
	for _, i := range said.Issues {
		if i.Severity == "ERROR" {
			how.refused[i.Message] = i
		}
	}
	return how, nil
}

// document reads what stands under a presigned address. It is asked for without credentials, see [httpx.Client.Fetch].
func (s *Store) document(ctx context.Context, op, budget, path string, read func(io.Reader) error) error {
	resp, err := s.ask(ctx, httpx.Request{Op: op, Path: path, Budget: budget})
	if err != nil {
		return listError(err)
	}
	var doc document
	if err := resp.Decode(op, &doc); err != nil {
		return err
	}
	var broken error
	err = s.http.Fetch(ctx, httpx.Document{Op: op, URL: doc.URL, Gzip: doc.Compression == "GZIP", Packed: reportPacked, Grown: reportGrown},
		func(r io.Reader) error { broken = read(r); return broken })
	if err != nil && err == broken {
		return channel.BadAnswer(op, err)
	}
	return err
}
