package woocommerce

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"evenstock/backend/channel"
)

// ListListings implements [channel.Store]. A page of products comes together with the variations of these products, so
// that a parent's name, status and stock are at hand. Selling or changing a variation moves its parent's date, too
// (woocommerce-observed.md, "Variations"), so changed products are all that has to be asked for.
func (s *Store) ListListings(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Listing], error] {
	const op = "read listings"
	return sweep[product, channel.Listing]{
		store: s,
		phases: []func(context.Context, cursor) (list, error){
			func(_ context.Context, at cursor) (list, error) {
				return list{op, "products", at.changedSince(url.Values{"status": {"any"}, "_fields": {productFields}})}, nil
			},
		},
		take: func(ctx context.Context, products []product) ([]channel.Listing, int, error) {
			n := s.handful(products)
			out, err := s.listingsOf(ctx, op, products[:n])
			return out, n, err
		},
		changed: func(p product) stamp { return p.Modified },
	}.pages(ctx, since)
}

// handful is how many of the products, at least one, can be completed with few further requests: all variations of the
// shop can be asked for by id, or else those of one parent only.
func (s *Store) handful(products []product) int {
	byID, size := true, s.size()
	s.learn(func(f *facts) { byID = f.variations != no })
	calls, variations := 0, 0
	for i, x := range products {
		if x.variable() {
			calls += pagesOf(len(x.Variations), size)
			variations += len(x.Variations)
		}
		if byID {
			calls = pagesOf(variations, size)
		}
		if calls > sideCalls && i > 0 {
			return i
		}
	}
	return len(products)
}

func pagesOf(items, size int) int { return (items + size - 1) / size }

// listingsOf are the listings that products and their variations make.
func (s *Store) listingsOf(ctx context.Context, op string, products []product) ([]channel.Listing, error) {
	variations, err := s.variationsOf(ctx, op, products)
	if err != nil {
		return nil, err
	}
	var out []channel.Listing
	for _, x := range products {
		switch {
		case x.Type == "grouped" || x.Type == "external" || x.Status == "trash":
			// A grouped product is a page of others, an external one is sold elsewhere: they hold no stock.
		case x.variable():
			out = append(out, variableListings(x, variations[x.ID])...)
		default:
			out = append(out, x.listing())
		}
	}
	return out, nil
}

// variable says whether a product is sold in variations; plugins have types of their own that are.
func (p product) variable() bool { return strings.HasPrefix(string(p.Type), "variable") }

// variationsOf reads the variations of products, by parent.
func (s *Store) variationsOf(ctx context.Context, op string, products []product) (map[int64][]product, error) {
	var parents, wanted []int64
	for _, x := range products {
		if x.variable() && len(x.Variations) > 0 {
			parents = append(parents, x.ID)
			wanted = append(wanted, x.Variations...)
		}
	}
	out := map[int64][]product{}
	found, ok, err := s.variationsByID(ctx, op, wanted, url.Values{"status": {"any"}, "_fields": {variationFields}})
	if err != nil {
		return nil, err
	}
	if ok {
		for _, v := range found {
			out[v.Parent] = append(out[v.Parent], v)
		}
		return out, nil
	}
	for _, parent := range parents {
		l := list{op, variationsPath(parent), url.Values{"status": {"any"}, "_fields": {variationFields}}}
		if out[parent], err = readAll[product](ctx, s, l); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// variationsByID reads variations of any parent, which shops can do from 10.3 on; ok is false when this one cannot.
func (s *Store) variationsByID(ctx context.Context, op string, wanted []int64, q url.Values) (found []product, ok bool, err error) {
	known := unasked
	s.learn(func(f *facts) { known = f.variations })
	if known == no {
		return nil, false, nil
	}
	for some := range slices.Chunk(wanted, s.size()) {
		q.Set("include", joinIDs(some))
		part, err := readAll[product](ctx, s, list{op, "variations", q})
		if known == unasked && errors.Is(err, errNoRoute) {
			s.learn(func(f *facts) { f.variations = no })
			return nil, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		known = yes
		s.learn(func(f *facts) { f.variations = yes })
		found = append(found, part...)
	}
	return found, true, nil
}

func (p product) listing() channel.Listing {
	l := channel.Listing{
		Ref: formatID(p.ID), SKU: string(p.SKU), Title: p.Name.title(), Barcode: string(p.Barcode),
		Status: p.status(), Tracked: p.Managed == own, Updated: p.Modified.Time,
	}
	if l.Tracked {
		l.Quantity = new(p.Quantity.n) // a number that was never set reads null and counts as 0
	}
	return l
}

func (p product) status() channel.ListingStatus {
	if p.Status == "publish" {
		return channel.Active
	}
	return channel.Draft
}

// variableListings are the listings of a product with variations. A variation without a SKU reads as its parent's; it has
// none of its own.
//
// Variations that count no stock themselves while their parent does share the parent's number. The parent is then the
// listing; variations that have SKUs of their own all the same are shown as sharing one number, and never pushed
// (woocommerce.md, "Decisions").
func variableListings(parent product, variations []product) []channel.Listing {
	var out []channel.Listing
	shared := false
	for _, v := range variations {
		l := v.listing()
		l.Parent, l.Title, l.Variant = formatID(parent.ID), parent.Name.title(), v.variant()
		if l.SKU == string(parent.SKU) {
			l.SKU = ""
		}
		if l.Status == channel.Active {
			l.Status = parent.status()
		}
		if v.Managed == parents {
			shared = true
			if l.SKU == "" {
				continue
			}
			l.Shared = true
		}
		out = append(out, l)
	}
	if shared {
		out = append(out, parent.listing())
	}
	return out
}

// variant is what a variation differs in, such as "M, Red".
func (p product) variant() string {
	if p.Attributes != "" {
		return string(p.Attributes)
	}
	return p.Name.title()
}

func variationsPath(parent int64) string { return "products/" + formatID(parent) + "/variations" }

func formatID(id int64) string { return strconv.FormatInt(id, 10) }

func joinIDs(list []int64) string {
	out := make([]string, len(list))
	for i, id := range list {
		out[i] = formatID(id)
	}
	return strings.Join(out, ",")
}
