package ebay

import (
	"context"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opListings = "read listings"
	// mostAgain is how often a list is begun anew because it grew shorter while it was read.
	mostAgain = 5
)

// spot is the cursor of a list of listings: items of the Inventory API first, then what the Trading API shows.
type spot struct {
	V     int  `json:"v"`
	Old   bool `json:"old,omitempty"` // in the Trading API
	Page  int  `json:"page,omitempty"`
	Total int  `json:"total,omitempty"`
	Again int  `json:"again,omitempty"` // times a list was begun anew
}

const spotVersion = 1

func decodeSpot(c channel.Cursor) spot {
	var p spot
	if !channel.DecodeCursor(c, &p) || p.V != spotVersion || p.Page < 0 {
		return spot{V: spotVersion}
	}
	return p
}

// ListListings implements [channel.Store]. A listing that both APIs show is yielded twice, under one ref.
func (s *Store) ListListings(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Listing], error] {
	return channel.Walk(decodeSpot(since), mostPages, func(at spot) (out channel.Page[channel.Listing], next spot, done bool, err error) {
		read := s.itemPage
		if at.Old {
			read = s.oldPage
		}
		found, total, more, err := read(ctx, at.Page)
		if err != nil {
			return out, at, false, err
		}
		next, done = at.step(total, more)
		return channel.Page[channel.Listing]{Items: found, Next: channel.EncodeCursor(next)}, next, done, nil
	}, func(spot) error { return channel.BadAnswer(opListings, errEndless) })
}

// step is where to read on. Pages are numbered, so what follows moves up when something leaves the list: a list that grew
// shorter is begun anew, so that nothing is skipped.
func (p spot) step(total int, more bool) (next spot, done bool) {
	shrank := p.Page > 0 && total < p.Total
	switch {
	case shrank && p.Again < mostAgain:
		return spot{V: spotVersion, Old: p.Old, Again: p.Again + 1}, false
	case more:
		return spot{V: spotVersion, Old: p.Old, Page: p.Page + 1, Total: total, Again: p.Again}, false
	case !p.Old:
		return spot{V: spotVersion, Old: true}, false
	}
	return spot{V: spotVersion}, true
}

// itemsRequest asks for a page of items; pages are counted from 0 (OpenAPI file).
func itemsRequest(op string, size, page int) httpx.Request {
	return httpx.Request{Op: op, Path: "sell/inventory/v1/inventory_item", Budget: forInventory,
		Query: url.Values{"limit": {strconv.Itoa(size)}, "offset": {strconv.Itoa(page)}}}
}

// itemPage reads a page of items and what is sold of each. An item without an offer that is published is no listing.
func (s *Store) itemPage(ctx context.Context, page int) (out []channel.Listing, total int, more bool, err error) {
	resp, err := s.ask(ctx, itemsRequest(opListings, s.pageSize, page))
	if channel.IsKind(err, channel.Missing) {
		s.places.items(page == 0, true)
		return nil, 0, false, nil // a seller without items may be answered so (OpenAPI file)
	}
	if err != nil {
		return nil, 0, false, err
	}
	var got items
	if err := resp.Decode(opListings, &got); err != nil {
		return nil, 0, false, err
	}
	when := s.now()
	if !resp.Time.IsZero() {
		when = resp.Time
	}
	for _, it := range got.Items {
		sold, err := s.offers(ctx, opListings, it.SKU)
		if err != nil {
			return nil, 0, false, err
		}
		for _, o := range sold {
			if o.on() {
				out = append(out, s.listing(it, o, when))
			}
		}
	}
	// A page that is not the last names the next one; whether one that is full does so is taken for possible.
	more = got.Next != "" || len(got.Items) > 0 && (page+1)*s.pageSize < got.Total
	s.places.items(page == 0, !more)
	return out, got.Total, more, nil
}

// listing is an item as it is sold. The Inventory API tells no time of change.
func (s *Store) listing(it item, o offer, when time.Time) channel.Listing {
	l := channel.Listing{Ref: refOf(o.Listing.ID, it.SKU, nil), SKU: strings.TrimSpace(it.SKU), Title: it.Product.Title, Variant: it.choices(),
		Barcode: first(it.Product.EAN, it.Product.UPC), Image: first(it.Product.Images), Status: channel.Active, Quantity: shown(it, o), Updated: when}
	if l.Title == "" {
		l.Title = l.SKU
	}
	if len(it.Groups) > 0 {
		l.Parent = o.Listing.ID
	}
	l.Tracked = l.Quantity != nil
	s.places.set(l.Ref, place{offer: o.ID, shut: !l.Tracked})
	return l
}

// offers are what is sold of a SKU; none if the Inventory API does not know it.
func (s *Store) offers(ctx context.Context, op, sku string) ([]offer, error) {
	resp, err := s.ask(ctx, httpx.Request{Op: op, Path: "sell/inventory/v1/offer", Query: url.Values{"sku": {sku}}, Budget: forInventory})
	if channel.IsKind(err, channel.Missing) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var got offers
	return got.Offers, resp.Decode(op, &got)
}
