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
	Old   bool `json:"old,omitempty"`  // in the Trading API
	Page  int  `json:"page,omitempty"` // as the list counts: what its link to the next page says
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

// ListListings implements [channel.Store]. A listing that both APIs show is yielded as the Inventory API has it, which alone
// tells that a number is kept by warehouse; in a sweep that goes on after a restart it may be yielded twice, under one ref.
func (s *Store) ListListings(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Listing], error] {
	return channel.Walk(decodeSpot(since), mostPages, func(at spot) (out channel.Page[channel.Listing], next spot, done bool, err error) {
		read := s.itemPage
		switch {
		case at.Old:
			read = s.oldPage
		case at.Page == 0:
			s.places.sweep()
		}
		found, total, after, err := read(ctx, at.Page)
		if err != nil {
			return out, at, false, err
		}
		next, done = at.step(total, after)
		return channel.Page[channel.Listing]{Items: found, Next: channel.EncodeCursor(next)}, next, done, nil
	}, func(spot) error { return channel.BadAnswer(opListings, errEndless) })
}

// step is where to read on: at the page after, unless it is 0. What follows moves up when something leaves the list, so one
// that grew shorter is begun anew and nothing is skipped.
func (p spot) step(total, after int) (next spot, done bool) {
	shrank := p.Page > 0 && total < p.Total
	switch {
	case shrank && p.Again < mostAgain:
		return spot{V: spotVersion, Old: p.Old, Again: p.Again + 1}, false
	case after > 0:
		return spot{V: spotVersion, Old: p.Old, Page: after, Total: total, Again: p.Again}, false
	case !p.Old:
		return spot{V: spotVersion, Old: true}, false
	}
	return spot{V: spotVersion}, true
}

// itemsRequest asks for a page of items. The first is 0; see [items.after] for the others.
func itemsRequest(op string, size, page int) httpx.Request {
	return httpx.Request{Op: op, Path: "sell/inventory/v1/inventory_item", Budget: forInventory,
		Query: url.Values{"limit": {strconv.Itoa(size)}, "offset": {strconv.Itoa(page)}}}
}

// itemPage reads a page of items and what is sold of each. An item without an offer that is published is no listing.
func (s *Store) itemPage(ctx context.Context, page int) (out []channel.Listing, total, after int, err error) {
	resp, err := s.ask(ctx, itemsRequest(opListings, s.pageSize, page))
	if channel.IsKind(err, channel.Missing) {
		s.places.items(page == 0, true)
		return nil, 0, 0, nil // a seller without items may be answered so (OpenAPI file)
	}
	if err != nil {
		return nil, 0, 0, err
	}
	var got items
	if err := resp.Decode(opListings, &got); err != nil {
		return nil, 0, 0, err
	}
	when := s.now()
	if !resp.Time.IsZero() {
		when = resp.Time
	}
	for _, it := range got.Items {
		sold, err := s.offers(ctx, opListings, it.SKU)
		if err != nil {
			return nil, 0, 0, err
		}
		for _, o := range sold {
			if o.on() {
				out = append(out, s.listing(it, o, when))
			}
		}
	}
	after = got.after(page, s.pageSize)
	s.places.items(page == 0, after == 0)
	return out, got.Total, after, nil
}

// after is the page behind one, 0 behind the last. eBay's file counts pages where others count items, so the link to the next
// page is believed and nothing else of it is used; only where a page that is not the last has none are pages counted.
func (got items) after(page, size int) int {
	if link, err := url.Parse(got.Next); err == nil && got.Next != "" {
		if n, err := strconv.Atoi(link.Query().Get("offset")); err == nil && n > page {
			return n
		}
	}
	if got.Next != "" || len(got.Items) > 0 && (page+1)*size < got.Total {
		return page + 1
	}
	return 0
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
	s.places.saw(l.Ref)
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
