package etsy

import (
	"context"
	"errors"
	"html"
	"iter"
	"net/http"
	"net/url"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const opListings = "read listings"

// sweepStates are the lists of a sweep: Etsy shows one state a question. Nearly all listings are active. What becomes so while
// a sweep runs is met because that list comes late, and what ceases to be so because the others are gone through again.
var sweepStates = []string{stateSoldOut, stateInactive, stateDraft, stateExpired, stateActive, stateSoldOut, stateInactive, stateExpired}

// sweptOnce is how many of them are read for the first time.
const sweptOnce = 5

// ListListings implements [channel.Store]. Every call is a full sweep; the cursor only resumes one that broke off.
func (s *Store) ListListings(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Listing], error] {
	w := sweep[listing, channel.Listing]{
		store:   s,
		first:   func(time.Time) int { return 0 },
		changed: listing.updated,
		take:    s.listings,
	}
	for _, state := range sweepStates {
		w.phases = append(w.phases, phase{opListings, "/listings", func(cursor) url.Values {
			q := url.Values{"state": {state}}
			if !s.isPlain() {
				q.Set("includes", "Inventory")
			}
			return q
		}})
	}
	return w.pages(ctx, since)
}

// isPlain says whether lists come without inventories. Etsy took them out of other lists in 2026 and may take them out of
// this one (etsy.md, 3.1): then it refuses the question, or leaves them out.
func (s *Store) isPlain() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.plain
}

// becomePlain takes in that a list with inventories was refused; it says whether that is why err is there.
func (s *Store) becomePlain(q url.Values, err error) bool {
	var e *channel.Error
	if q.Get("includes") == "" || !errors.As(err, &e) || e.Status != http.StatusBadRequest {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plain = true
	return true
}

// listings completes those of a page that came without an inventory, by one call for all of them.
func (s *Store) listings(ctx context.Context, at cursor, found []listing) ([]channel.Listing, error) {
	again := at.Phase >= sweptOnce
	var ids []int64
	for _, l := range found {
		if l.Inventory == nil && (!again || l.updated().After(stamp(at.Start).Add(-overlap))) {
			ids = append(ids, l.ID)
		}
	}
	inventories, err := s.inventories(ctx, opListings, ids)
	if err != nil {
		return nil, err
	}
	var out []channel.Listing
	for _, l := range found {
		if l.Inventory == nil {
			with, ok := inventories[l.ID]
			if !ok {
				continue // gone since, or handled before
			}
			l.Inventory = with.Inventory
		}
		some, err := s.offers(l)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// offers are the listings that one of Etsy's makes: one for each variant.
func (s *Store) offers(l listing) ([]channel.Listing, error) {
	rests, err := s.rested.rests(l.ID, l.State)
	if err != nil {
		return nil, noteError(opListings, err)
	}
	var out []channel.Listing
	for _, v := range l.variants() {
		o := channel.Listing{
			Ref: v.ref, Parent: v.parent, SKU: v.sku, Title: html.UnescapeString(l.Title), Variant: v.text,
			Status: l.status(rests), Pool: v.pool, Tracked: l.Kind != "download", Updated: l.updated(),
		}
		if o.Tracked {
			if o.Quantity = new(v.quantity); rests {
				*o.Quantity = 0
			}
		}
		out = append(out, o)
	}
	return out, nil
}

// variants are what the listing sells. One that was never edited with Etsy's inventory tools has its number itself.
func (l listing) variants() []variant {
	if l.Inventory != nil {
		if all := variantsOf(l.ID, l.Inventory); len(all) > 0 {
			return all
		}
	}
	v := variant{ref: formatID(l.ID), quantity: l.Quantity}
	if len(l.SKUs) == 1 {
		v.sku = l.SKUs[0]
	}
	return []variant{v}
}

// status says whether customers can buy. A listing that rests because nothing is left goes on being synced, and so does one
// that sold out: both come back with stock.
func (l listing) status(rests bool) channel.ListingStatus {
	switch {
	case l.State == stateActive, l.State == stateSoldOut, rests:
		return channel.Active
	case l.State == stateExpired:
		return channel.Archived
	}
	return channel.Draft
}

// inventories reads listings with their inventories, by id. What Etsy does not have is not in the result.
//
// One unknown id makes Etsy refuse all of them (etsy.md, 3.1), so a refused batch is halved until the unknown ones are
// alone.
func (s *Store) inventories(ctx context.Context, op string, ids []int64) (map[int64]listing, error) {
	out := map[int64]listing{}
	for todo := [][]int64{ids}; len(todo) > 0; {
		some := todo[0]
		todo = todo[1:]
		if len(some) == 0 {
			continue
		}
		resp, err := s.ask(ctx, httpx.Request{Op: op, Path: "v3/application/listings/batch/inventory",
			Query: url.Values{"listing_ids": {joinIDs(some)}}})
		if channel.IsKind(err, channel.Missing) {
			if half := len(some) / 2; half > 0 {
				todo = append(todo, some[:half], some[half:])
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		var p page[listing]
		if err := resp.Decode(op, &p); err != nil {
			return nil, err
		}
		for _, l := range p.Results {
			out[l.ID] = l
		}
	}
	return out, nil
}

func noteError(op string, err error) error {
	return &channel.Error{Kind: channel.Transient, Op: op, Message: "What Evenstock keeps about this store could not be saved on this computer. It is tried again.", Err: err}
}
