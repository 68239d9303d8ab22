package bigcommerce

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"evenstock/backend/channel"
)

const opStock = "read stock"

// card is what decides by which number a listing is read and written.
type card struct {
	tracking string
	level    int64
	variants map[int64]int64 // their levels, by id
}

// has says whether a listing belongs to the product, and where its number is kept. An unknown product has none.
func (c card) has(variant int64) bool {
	if variant == 0 {
		return c.variants != nil
	}
	_, ok := c.variants[variant]
	return ok
}

// levelOf is the catalogue's own number, which may lag behind the inventory (bigcommerce.md, 3.2).
func (c card) levelOf(variant int64) int64 {
	if c.tracking == trackVariant {
		return c.variants[variant]
	}
	return c.level
}

func (s *Store) remember(products []product) {
	s.learn(func(f *facts) {
		for _, p := range products {
			c := card{tracking: p.Tracking, level: int64(p.Level), variants: make(map[int64]int64, len(p.Variants))}
			for _, v := range p.Variants {
				c.variants[v.ID] = int64(v.Level)
			}
			f.cards[p.ID] = c
		}
	})
}

// look reads products anew. What the store does not have is forgotten.
func (s *Store) look(ctx context.Context, ids []int64) error {
	for some := range slices.Chunk(ids, pageSize) {
		q := url.Values{"id:in": {joinIDs(some)}, "include": {"variants"}, "include_fields": {productFields}, "limit": {strconv.Itoa(pageSize)}}
		found, err := readAll[product](ctx, s, "v3/catalog/products", q, pageSize)
		if err != nil {
			return listError(err)
		}
		s.learn(func(f *facts) {
			for _, id := range some {
				delete(f.cards, id)
			}
		})
		s.remember(found)
	}
	return nil
}

// cards returns what is known of products, after asking for those that are unknown.
func (s *Store) cards(ctx context.Context, products []int64) (map[int64]card, error) {
	var unknown []int64
	out := map[int64]card{}
	gather := func() {
		unknown = nil
		s.learn(func(f *facts) {
			for _, id := range products {
				if c, ok := f.cards[id]; ok {
					out[id] = c
				} else if !slices.Contains(unknown, id) {
					unknown = append(unknown, id)
				}
			}
		})
	}
	if gather(); len(unknown) == 0 {
		return out, nil
	}
	if err := s.look(ctx, unknown); err != nil {
		return nil, err
	}
	gather()
	return out, nil
}

// item is a listing that is read or written.
type item struct{ product, variant int64 }

// key is the number that holds a listing's stock: its product's or its own.
func (i item) key(c card) item {
	if c.tracking == trackProduct {
		return item{product: i.product}
	}
	return i
}

// ReadStock implements [channel.Store]. It reads the inventory, whose numbers are of now; the catalogue says which products
// are there and how they are counted, and is asked again wherever the inventory knows nothing.
func (s *Store) ReadStock(ctx context.Context, refs []channel.Ref) ([]channel.Reading, error) {
	if len(refs) > readBatch {
		return nil, channel.TooMany(opStock, len(refs), readBatch)
	}
	items := make([]spot, len(refs))
	var products []int64
	for i, ref := range refs {
		p, v, ok := parseRef(ref.Listing)
		if !ok {
			continue
		}
		at, _, err := s.at(ctx, ref.Location)
		if err != nil {
			return nil, err
		}
		items[i] = spot{item{p, v}, at}
		products = append(products, p)
	}
	cards, err := s.cards(ctx, products)
	if err != nil {
		return nil, err
	}
	held, err := s.held(ctx, items, cards)
	if err != nil {
		return nil, err
	}
	if doubtful := without(items, cards, held); len(doubtful) > 0 {
		if err := s.look(ctx, doubtful); err != nil {
			return nil, err
		}
		if cards, err = s.cards(ctx, products); err != nil {
			return nil, err
		}
		if held, err = s.held(ctx, items, cards); err != nil {
			return nil, err
		}
	}
	out := make([]channel.Reading, len(refs))
	for i, ref := range refs {
		out[i].Ref = ref
		c := cards[items[i].product]
		at := spot{items[i].key(c), items[i].location}
		n, there := held[at]
		switch {
		case !c.has(items[i].variant):
			out[i].Err = gone(opStock)
		case c.tracking == trackNone:
		case items[i].location == 0:
			out[i].Err = noLocation(opStock)
		case there:
			out[i].Quantity = &n
		case ref.Location != "" && !s.isDefault(items[i].location): // never stocked there
			out[i].Quantity = new(int64)
		default: // counted and never adjusted
			out[i].Quantity = new(c.levelOf(items[i].variant))
		}
		if q := out[i].Quantity; q != nil {
			out[i].Doubtful = s.recent.doubtful(at, *q)
		}
	}
	return out, nil
}

// without are the products of listings that the inventory did not answer for.
func without(items []spot, cards map[int64]card, held map[spot]int64) []int64 {
	var out []int64
	for _, it := range items {
		c := cards[it.product]
		if _, there := held[spot{it.key(c), it.location}]; !there && it.product != 0 && c.variants != nil && !slices.Contains(out, it.product) {
			out = append(out, it.product)
		}
	}
	return out
}

// held reads numbers, those kept by variants and those kept by products apart.
func (s *Store) held(ctx context.Context, items []spot, cards map[int64]card) (map[spot]int64, error) {
	var byVariant, byProduct, places []int64
	above := map[int64]int64{}
	for _, it := range items {
		c := cards[it.product]
		switch {
		case !c.has(it.variant):
			continue
		case c.tracking == trackVariant && above[it.variant] == 0 && it.variant != 0:
			byVariant, above[it.variant] = append(byVariant, it.variant), it.product
		case c.tracking == trackProduct && !slices.Contains(byProduct, it.product):
			byProduct = append(byProduct, it.product)
		}
		if it.location != 0 && !slices.Contains(places, it.location) {
			places = append(places, it.location)
		}
	}
	out := map[spot]int64{}
	err := s.inventory(ctx, "variant_id:in", byVariant, places, func(row stocked, at, n int64) {
		out[spot{item{above[row.Identity.Variant], row.Identity.Variant}, at}] = n
	})
	if err != nil {
		return nil, err
	}
	err = s.inventory(ctx, "product_id:in", byProduct, places, func(row stocked, at, n int64) {
		out[spot{item{product: row.Identity.Product}, at}] = n
	})
	return out, err
}

func (s *Store) inventory(ctx context.Context, filter string, ids, places []int64, take func(row stocked, location, n int64)) error {
	if len(ids) == 0 || len(places) == 0 {
		return nil
	}
	const rows = 1000 // the largest page (OpenAPI file)
	for some := range slices.Chunk(ids, readBatch) {
		q := url.Values{filter: {joinIDs(some)}, "location_id:in": {joinIDs(places)}, "limit": {strconv.Itoa(rows)}}
		found, err := readAll[stocked](ctx, s, "v3/inventory/items", q, rows)
		if err != nil {
			return listError(err)
		}
		for _, row := range found {
			for _, l := range row.Locations {
				take(row, l.ID, int64(l.OnHand))
			}
		}
	}
	return nil
}

// readAll reads all pages of a list of V3 that is about things we name.
func readAll[T any](ctx context.Context, s *Store, path string, q url.Values, rows int) (out []T, err error) {
	for number := range mostPages {
		var page list[T]
		if _, err := s.read(ctx, opStock, path, leaf(q, number+1), &page); err != nil {
			return nil, err
		}
		before := len(out)
		if out = append(out, page.Data...); !page.full(before, rows) {
			return out, nil
		}
	}
	return nil, channel.BadAnswer(opStock, errEndless)
}

func gone(op string) error {
	return &channel.Error{Kind: channel.Missing, Op: op, Code: channel.CodeMissing, Message: goneMessage}
}
