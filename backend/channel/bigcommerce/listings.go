package bigcommerce

import (
	"context"
	"fmt"
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
	// productFields is all that is used of a product; the id comes with it (OpenAPI file, include_fields).
	productFields = "name,sku,is_visible,availability,inventory_tracking,inventory_level,date_modified,base_variant_id,type"
)

func (p product) id() int64 { return p.ID }

// ListListings implements [channel.Store]. BigCommerce takes a change of stock for a change of the product, so our own
// pushes come back here (bigcommerce.md, 3.2); that does no harm.
func (s *Store) ListListings(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Listing], error] {
	type phase = func(context.Context, cursor) ([]product, bool, *httpx.Response, error)
	return sweep[product, channel.Listing]{
		phases:  []phase{s.productPage},
		first:   func(time.Time) int { return 0 },
		changed: func(p product) time.Time { return p.Modified.Time },
		take: func(_ context.Context, products []product) ([]channel.Listing, error) {
			s.remember(products)
			var out []channel.Listing
			for _, p := range products {
				listings, err := p.listings()
				if err != nil {
					return nil, channel.BadAnswer(opListings, err)
				}
				out = append(out, listings...)
			}
			return out, nil
		},
	}.pages(ctx, opListings, since)
}

func (s *Store) productPage(ctx context.Context, at cursor) ([]product, bool, *httpx.Response, error) {
	q := url.Values{"include": {"variants"}, "include_fields": {productFields}, "limit": {strconv.Itoa(s.pageSize)},
		"sort": {"id"}, "direction": {"asc"}}
	if at.After != 0 {
		q.Set("id:greater", formatID(at.After))
	}
	// With a time of day: a bare date gets the time of the request (OpenAPI file, date_modified:min).
	if from := at.from(); !from.IsZero() {
		q.Set("date_modified:min", from.Format(time.RFC3339))
	}
	full := false
	found, resp, err := behind(at.After, func(number int) ([]product, *httpx.Response, error) {
		var page list[product]
		resp, err := s.read(ctx, opListings, "v3/catalog/products", leaf(q, number), &page)
		full = page.full(0, s.pageSize)
		return page.Data, resp, err
	})
	return found, full, resp, err
}

// listings are what a product is sold as: each of its variants. A product without options has one, its base variant.
//
// Where the product keeps one number for several variants, the product is a listing, too; variants that have SKUs of their
// own are shown as sharing that number, and never pushed.
func (p product) listings() ([]channel.Listing, error) {
	if len(p.Variants) == 0 {
		return nil, fmt.Errorf("product %d without variants", p.ID)
	}
	several := len(p.Variants) > 1 || len(p.Variants[0].Values) > 0
	var out []channel.Listing
	for _, v := range p.Variants {
		l := channel.Listing{Ref: refOf(p.ID, v.ID), SKU: strings.TrimSpace(v.SKU), Title: p.Name, Barcode: v.UPC, Image: v.Image,
			Status: p.status(), Updated: p.Modified.Time}
		if several {
			l.Parent, l.Variant = formatID(p.ID), v.text()
		}
		switch p.Tracking {
		case trackVariant:
			l.Tracked, l.Quantity = true, new(int64(v.Level))
		case trackProduct:
			l.Tracked, l.Quantity, l.Shared = true, new(int64(p.Level)), several
		}
		if l.Shared && (l.SKU == "" || l.SKU == strings.TrimSpace(p.SKU)) {
			continue
		}
		out = append(out, l)
	}
	if several && p.Tracking == trackProduct {
		out = append(out, channel.Listing{Ref: formatID(p.ID), SKU: strings.TrimSpace(p.SKU), Title: p.Name, Status: p.status(),
			Tracked: true, Quantity: new(int64(p.Level)), Updated: p.Modified.Time})
	}
	return out, nil
}

// status: BigCommerce has no drafts; what is hidden or cannot be bought takes their place.
func (p product) status() channel.ListingStatus {
	if !p.Visible || p.Availability == "disabled" {
		return channel.Draft
	}
	return channel.Active
}

// text is what a variant differs in, such as "M, Red".
func (v variant) text() string {
	labels := make([]string, len(v.Values))
	for i, o := range v.Values {
		labels[i] = o.Label
	}
	return strings.Join(labels, ", ")
}

// refOf names a variant. Numbers of products and variants are counted apart, so both stand in it.
func refOf(product, variant int64) string { return formatID(product) + "/" + formatID(variant) }

// parseRef reads what refOf wrote, or the number of a product, whose variant is 0.
func parseRef(ref string) (product, variant int64, ok bool) {
	above, below, both := strings.Cut(ref, "/")
	product, err := strconv.ParseInt(above, 10, 64)
	if err != nil || product <= 0 {
		return 0, 0, false
	}
	if !both {
		return product, 0, true
	}
	variant, err = strconv.ParseInt(below, 10, 64)
	return product, variant, err == nil && variant > 0
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }

func joinIDs(ids []int64) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = formatID(id)
	}
	return strings.Join(out, ",")
}
