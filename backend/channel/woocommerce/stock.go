package woocommerce

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"evenstock/backend/channel"
)

// ReadStock implements [channel.Store].
func (s *Store) ReadStock(ctx context.Context, refs []channel.Ref) ([]channel.Reading, error) {
	const op = "read stock"
	if len(refs) > readBatch {
		return nil, channel.TooMany(op, len(refs), readBatch)
	}
	held, err := s.stockOf(ctx, op, refs)
	if err != nil {
		return nil, err
	}
	out := make([]channel.Reading, len(refs))
	for i, ref := range refs {
		out[i].Ref = ref
		p, ok := held[ref.Listing]
		switch {
		case !ok:
			out[i].Err = &channel.Error{Kind: channel.Missing, Op: op, Code: channel.CodeMissing, Message: goneMessage}
		case p.Managed == own:
			out[i].Quantity = new(p.Quantity.n) // a number that was never set reads null and counts as 0
		}
	}
	return out, nil
}

const goneMessage = "The shop has no such listing any more."

// stockOf reads products and variations by their refs. What the shop does not have is not in the result.
func (s *Store) stockOf(ctx context.Context, op string, refs []channel.Ref) (map[string]product, error) {
	single, byParent := groups(refs)
	out := map[string]product{}
	add := func(found []product) {
		for _, p := range found {
			out[formatID(p.ID)] = p
		}
	}
	for some := range slices.Chunk(single, s.size()) {
		found, err := readAll[product](ctx, s, s.named(op, "products", some))
		if err != nil {
			return nil, err
		}
		add(found)
	}
	var all []int64
	for _, g := range byParent {
		all = append(all, g.ids...)
	}
	found, ok, err := s.variationsByID(ctx, op, all, s.stockQuery())
	if err != nil {
		return nil, err
	}
	if add(found); ok {
		return out, nil
	}
	for _, g := range byParent {
		for some := range slices.Chunk(g.ids, s.size()) {
			found, err := readAll[product](ctx, s, s.named(op, variationsPath(g.parent), some))
			if err != nil && !channel.IsKind(err, channel.Missing) {
				return nil, err
			}
			add(found)
		}
	}
	return out, nil
}

func (s *Store) stockQuery() url.Values {
	return s.uncached(url.Values{"status": {"any"}, "_fields": {stockFields}})
}

// named is the list of the things with these ids.
func (s *Store) named(op, path string, wanted []int64) list {
	q := s.stockQuery()
	q.Set("include", joinIDs(wanted))
	return list{op, path, q}
}

// group is some variations of one parent.
type group struct {
	parent int64
	ids    []int64
}

// groups sorts refs into products that stand alone and variations by parent, each id once and in the order of refs. A ref
// that was never one of this shop's belongs to none.
func groups(refs []channel.Ref) (single []int64, byParent []group) {
	for _, ref := range refs {
		id, parent, ok := parseRef(ref.Listing, ref.Parent)
		switch {
		case !ok:
		case parent == 0:
			if !slices.Contains(single, id) {
				single = append(single, id)
			}
		default:
			i := slices.IndexFunc(byParent, func(g group) bool { return g.parent == parent })
			if i < 0 {
				i = len(byParent)
				byParent = append(byParent, group{parent: parent})
			}
			if !slices.Contains(byParent[i].ids, id) {
				byParent[i].ids = append(byParent[i].ids, id)
			}
		}
	}
	return single, byParent
}

// parseRef reads the numbers of a listing and its parent, which is 0 when it stands alone.
func parseRef(listing, above string) (id, parent int64, ok bool) {
	id, err := strconv.ParseInt(listing, 10, 64)
	if err != nil || id <= 0 {
		return 0, 0, false
	}
	if above == "" {
		return id, 0, true
	}
	parent, err = strconv.ParseInt(above, 10, 64)
	return id, parent, err == nil && parent > 0
}
