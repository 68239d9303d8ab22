package shopify

import (
	"context"
	"fmt"
	"slices"

	"evenstock/backend/channel"
)

const opStock = "read stock"

// ReadStock implements [channel.Store].
func (s *Store) ReadStock(ctx context.Context, refs []channel.Ref) ([]channel.Reading, error) {
	if len(refs) > batch {
		return nil, tooMany(opStock, len(refs))
	}
	var ids []string
	for _, ref := range refs {
		if id, ok := itemOf(ref.Listing); ok && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	held, err := s.items(ctx, opStock, ids)
	if err != nil {
		return nil, err
	}
	out := make([]channel.Reading, len(refs))
	for i, ref := range refs {
		out[i].Ref = ref
		id, _ := itemOf(ref.Listing)
		switch it, ok := held[id]; {
		case !ok:
			out[i].Err = gone(opStock)
		case it.Tracked:
			out[i].Quantity = new(it.available())
		}
	}
	return out, nil
}

// items reads inventory items by gid; one that is gone is not in the answer.
func (s *Store) items(ctx context.Context, op string, ids []string) (map[string]item, error) {
	out := map[string]item{}
	if len(ids) == 0 {
		return out, ctx.Err()
	}
	var got struct {
		Nodes []*item `json:"nodes"`
	}
	if _, err := s.askHere(ctx, op, "stock", variables{"ids": ids}, &got); err != nil {
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

func tooMany(op string, n int) error {
	return &channel.Error{Kind: channel.Invalid, Op: op, Code: channel.CodeInvalid,
		Message: fmt.Sprintf("%d listings were sent in one call, at most %d are allowed.", n, batch)}
}
