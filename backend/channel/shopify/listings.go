package shopify

import (
	"context"
	"errors"
	"iter"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opListings = "read listings"
	// products is how many changed products are looked at in one page: their variants come with it.
	products = 25
	// onSale are the states of a product that are listed at all. Unlisted is sold by those who have the address
	// (shopify.md, 2.2).
	onSale = "product_status:ACTIVE,DRAFT,UNLISTED"
	// reach is how many objects of a list Shopify's cursors come to (shopify.md, 2.6).
	reach = 25_000
	// allMark begins the places of a reading of all variants that takes the place of what changed.
	allMark = "all:"
)

// ListListings implements [channel.Store]. Everything is one walk over the variants. What changed stands in three lists: a
// new status moves the date of the product only, and a new number that of the inventory item only (shopify.md, 2.2).
func (s *Store) ListListings(ctx context.Context, since channel.Cursor) iter.Seq2[channel.Page[channel.Listing], error] {
	return pages(ctx, opListings, since, []phase[channel.Listing]{s.allVariants, s.changedVariants, s.changedProducts, s.changedItems},
		func(everything bool) (int, int) {
			if everything {
				return 0, 0
			}
			return 1, 3
		})
}

func (s *Store) changedVariants(ctx context.Context, at cursor) ([]channel.Listing, string, time.Time, *httpx.Response, error) {
	return s.variants(ctx, changed(at.from()), at.After)
}

// variants reads a page of variants by ascending id, from an id on.
func (s *Store) variants(ctx context.Context, search, after string) (out []channel.Listing, next string, high time.Time, resp *httpx.Response, err error) {
	if after != "" {
		search += " id:>" + after
	}
	found, resp, err := behind(after, func(v *variant) string { return v.ID }, func(leaf string) (connection[variant], *httpx.Response, error) {
		var got struct {
			Variants connection[variant] `json:"productVariants"`
		}
		resp, err := s.ask(ctx, opListings, "variants", variables{"q": search, "after": nullable(leaf), "first": s.pageSize}, 40, &got)
		return got.Variants, resp, err
	})
	if err != nil {
		return nil, "", high, nil, err
	}
	for i := range found.Nodes {
		v := &found.Nodes[i]
		out = append(out, s.listing(v))
		high = later(high, v.Updated, v.Item.Updated, v.Product.Updated)
		next = number(v.ID)
	}
	if !found.Info.More {
		next = ""
	}
	return out, next, high, resp, nil
}

func (s *Store) changedProducts(ctx context.Context, at cursor) (out []channel.Listing, next string, high time.Time, resp *httpx.Response, err error) {
	search := changed(at.from())
	if at.After != "" {
		search += " id:>" + at.After
	}
	found, resp, err := behind(at.After, func(p *product) string { return p.ID }, func(leaf string) (connection[product], *httpx.Response, error) {
		var got struct {
			Products connection[product] `json:"products"`
		}
		resp, err := s.ask(ctx, opListings, "products", variables{"q": search, "after": nullable(leaf), "first": min(products, s.pageSize)}, 5, &got)
		return got.Products, resp, err
	})
	if err != nil {
		return nil, "", high, nil, err
	}
	var ids []string
	for _, p := range found.Nodes {
		ids = append(ids, number(p.ID))
		high, next = later(high, p.Updated), number(p.ID)
	}
	if !found.Info.More {
		next = ""
	}
	if len(ids) > 0 {
		if out, err = s.variantsOf(ctx, ids); err != nil {
			return nil, "", high, nil, err
		}
	}
	return out, next, high, resp, nil
}

// variantsOf reads all variants of products.
func (s *Store) variantsOf(ctx context.Context, products []string) (out []channel.Listing, err error) {
	after := ""
	for range mostPages {
		page, next, _, _, err := s.variants(ctx, "product_ids:"+strings.Join(products, ","), after)
		if err != nil {
			return nil, err
		}
		if out = append(out, page...); next == "" {
			return out, nil
		}
		after = next
	}
	return nil, channel.BadAnswer(opListings, errEndless)
}

// changedItems reads the variants whose numbers changed. This list is in no order that it could be asked for from an id on,
// so where Shopify's cursors end, all variants are read instead.
func (s *Store) changedItems(ctx context.Context, at cursor) (out []channel.Listing, next string, high time.Time, resp *httpx.Response, err error) {
	if after, all := strings.CutPrefix(at.After, allMark); all || (at.Pages+1)*s.pageSize > s.reach {
		at.After = after
		if !all {
			s.log.Info("too many numbers changed in shopify to be listed: all variants are read", "pages", at.Pages)
			at.After = ""
		}
		return s.allInstead(ctx, at)
	}
	var got struct {
		Items connection[item] `json:"inventoryItems"`
	}
	resp, err = s.ask(ctx, opListings, "items", variables{"q": changed(at.from()), "after": nullable(at.After), "first": s.pageSize}, 30, &got)
	if err != nil {
		return nil, "", high, nil, err
	}
	var ids []string
	for _, i := range got.Items.Nodes {
		high = later(high, i.Updated)
		for _, v := range i.Variants.Nodes {
			ids = append(ids, v.ID)
		}
	}
	if len(ids) > 0 {
		var there struct {
			Nodes []*variant `json:"nodes"`
		}
		if _, err = s.ask(ctx, opListings, "variants_by_id", variables{"ids": ids}, 40, &there); err != nil {
			return nil, "", high, nil, err
		}
		for _, v := range there.Nodes {
			if v != nil && v.ID != "" {
				out = append(out, s.listing(v))
			}
		}
	}
	return out, got.Items.Info.next(), high, resp, nil
}

// allInstead is allVariants within a reading of what changed. What changed before the reading began is not asked for again:
// otherwise the next one would list as much as this one, until something else changes.
func (s *Store) allInstead(ctx context.Context, at cursor) ([]channel.Listing, string, time.Time, *httpx.Response, error) {
	out, next, high, resp, err := s.allVariants(ctx, at)
	if next != "" {
		next = allMark + next
	} else if err == nil {
		high = later(high, resp.Time)
	}
	var w *waiting
	if errors.As(err, &w) {
		err = &waiting{allMark + w.after, w.until}
	}
	return out, next, high, resp, err
}

// nullable leaves out an empty text.
func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// next is where the next page begins, "" after the last.
func (p pageInfo) next() string {
	if !p.More {
		return ""
	}
	return p.End
}

func later(times ...time.Time) (latest time.Time) {
	for _, t := range times {
		if t.After(latest) {
			latest = t
		}
	}
	return latest
}

// listing translates a variant. Gift cards and bundles are listed as what nobody counts: a bundle's stock is that of its
// parts, which Shopify refuses to have written (shopify.md, 2.2).
func (s *Store) listing(v *variant) channel.Listing {
	counted := v.Item.Tracked && !v.Components && !v.Product.GiftCard
	s.count(v.Item.ID, counted)
	l := channel.Listing{Ref: refOf(v), SKU: strings.TrimSpace(v.SKU), Title: httpx.Plain(v.Product.Title), Barcode: strings.TrimSpace(v.Barcode),
		Tracked: counted, Updated: later(v.Updated, v.Item.Updated, v.Product.Updated)}
	if !v.Product.StandsAlone {
		l.Parent, l.Variant = number(v.Product.ID), httpx.Plain(v.Title)
	}
	switch v.Product.Status {
	case "ACTIVE", "UNLISTED":
		l.Status = channel.Active
	case "ARCHIVED":
		l.Status = channel.Archived
	default:
		l.Status = channel.Draft
	}
	if counted {
		l.Quantity = &v.Total
	}
	return l
}
