package etsy

import (
	"context"
	"slices"

	"evenstock/backend/channel"
)

// ReadStock implements [channel.Store].
func (s *Store) ReadStock(ctx context.Context, refs []channel.Ref) ([]channel.Reading, error) {
	const op = "read stock"
	if len(refs) > readBatch {
		return nil, channel.TooMany(op, len(refs), readBatch)
	}
	var ids []int64
	for _, ref := range refs {
		if id, ok := listingOf(ref.Listing); ok && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	held, err := s.inventories(ctx, op, ids)
	if err != nil {
		return nil, err
	}
	out := make([]channel.Reading, len(refs))
	for i, ref := range refs {
		out[i].Ref = ref
		id, _ := listingOf(ref.Listing)
		l, ok := held[id]
		if !ok {
			out[i].Err = gone(op)
			continue
		}
		rests, err := s.rested.rests(id, l.State)
		if err != nil {
			return nil, noteError(op, err)
		}
		all := l.variants()
		at := slices.IndexFunc(all, func(v variant) bool { return v.ref == ref.Listing })
		switch {
		case at < 0:
			out[i].Err = gone(op)
		case rests:
			out[i].Quantity = new(int64)
		case l.Kind != "download":
			out[i].Quantity = new(all[at].quantity)
		}
	}
	return out, nil
}

func gone(op string) error {
	return &channel.Error{Kind: channel.Missing, Op: op, Code: channel.CodeMissing, Message: goneMessage}
}
