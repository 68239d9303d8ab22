package shopify

import (
	"context"
	"maps"
	"slices"

	"evenstock/backend/channel"
)

const opStock = "read stock"

// ReadStock implements [channel.Store].
func (s *Store) ReadStock(ctx context.Context, refs []channel.Ref) ([]channel.Reading, error) {
	if len(refs) > batch {
		return nil, channel.TooMany(opStock, len(refs), batch)
	}
	out := make([]channel.Reading, len(refs))
	byPlace := map[string][]int{}
	for i, ref := range refs {
		out[i] = channel.Reading{Ref: ref, Err: gone(opStock)}
		location, known, err := s.at(ctx, ref.Location)
		if err != nil {
			return nil, err
		}
		if _, ok := itemOf(ref.Listing); ok && known {
			byPlace[location] = append(byPlace[location], i)
		}
	}
	for _, location := range slices.Sorted(maps.Keys(byPlace)) {
		if err := s.readAt(ctx, location, byPlace[location], out); err != nil {
			return nil, err
		}
	}
	return out, ctx.Err()
}

// readAt fills the readings of one location.
func (s *Store) readAt(ctx context.Context, location string, places []int, out []channel.Reading) error {
	var ids []string
	for _, i := range places {
		if id, _ := itemOf(out[i].Ref.Listing); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	held, err := s.items(ctx, opStock, location, ids)
	if err != nil {
		return err
	}
	for _, i := range places {
		id, _ := itemOf(out[i].Ref.Listing)
		it, there := held[id]
		if !there {
			continue
		}
		out[i].Err = nil
		if it.Tracked {
			out[i].Quantity = new(it.available())
		}
	}
	return nil
}

// items reads inventory items by gid, with their numbers at a location; one that is gone is not in the answer.
func (s *Store) items(ctx context.Context, op, location string, ids []string) (map[string]item, error) {
	out := map[string]item{}
	if len(ids) == 0 {
		return out, ctx.Err()
	}
	var got struct {
		Nodes []*item `json:"nodes"`
	}
	if _, err := s.ask(ctx, op, "stock", variables{"ids": ids, "location": location}, 3+len(ids)*37/batch, &got); err != nil {
		return nil, err
	}
	for _, it := range got.Nodes {
		if it != nil && it.ID != "" {
			out[it.ID] = *it
		}
	}
	return out, nil
}

func gone(op string) error {
	return &channel.Error{Kind: channel.Missing, Op: op, Code: channel.CodeMissing, Message: goneMessage}
}
