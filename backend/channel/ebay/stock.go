package ebay

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const opRead = "read stock"

// ReadStock implements [channel.Store].
func (s *Store) ReadStock(ctx context.Context, refs []channel.Ref) ([]channel.Reading, error) {
	if len(refs) > readBatch {
		return nil, channel.TooMany(opRead, len(refs), readBatch)
	}
	return s.look(ctx, opRead, refs)
}

// look reads listings and notes where each is kept.
func (s *Store) look(ctx context.Context, op string, refs []channel.Ref) ([]channel.Reading, error) {
	sold := map[string]offer{} // by ref
	var skus, old []string
	for _, ref := range refs {
		listing, sku := splitRef(ref.Listing)
		at, known := s.places.get(ref.Listing)
		if _, twice := sold[ref.Listing]; twice || slices.Contains(old, ref.Listing) {
			continue
		}
		if sku == "" || known && at.offer == "" {
			old = append(old, ref.Listing)
			continue
		}
		all, err := s.offers(ctx, op, sku)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(o offer) bool { return o.on() && o.Listing.ID == listing })
		if i < 0 {
			old = append(old, ref.Listing)
			continue
		}
		sold[ref.Listing] = all[i]
		skus = append(skus, sku)
	}
	held, err := s.items(ctx, op, skus)
	if err != nil {
		return nil, err
	}
	shownOld, err := s.oldItems(ctx, op, old)
	if err != nil {
		return nil, err
	}
	out := make([]channel.Reading, len(refs))
	for i, ref := range refs {
		out[i].Ref = ref
		_, sku := splitRef(ref.Listing)
		o, isOffer := sold[ref.Listing]
		it, isItem := held[sku]
		v, isOld := shownOld[ref.Listing]
		switch {
		case isOffer && isItem:
			out[i].Quantity = shown(it, o)
			s.places.set(ref.Listing, place{offer: o.ID, shut: out[i].Quantity == nil})
		case isOld && v.err != nil:
			out[i].Err = v.err
		case isOld:
			out[i].Quantity = v.quantity
			s.places.set(ref.Listing, place{shut: v.quantity == nil})
		default:
			out[i].Err = ofItem(op, channel.Missing, channel.CodeMissing, goneMessage)
			s.places.forget(ref.Listing)
		}
	}
	return out, nil
}

// items reads items by SKU, 25 a call. One that is not there is left out.
func (s *Store) items(ctx context.Context, op string, skus []string) (map[string]item, error) {
	out := map[string]item{}
	slices.Sort(skus)
	for part := range slices.Chunk(slices.Compact(skus), bulkMost) {
		requests := make([]map[string]string, len(part))
		for i, sku := range part {
			requests[i] = map[string]string{"sku": sku}
		}
		resp, err := s.ask(ctx, httpx.Request{Op: op, Method: http.MethodPost, Path: "sell/inventory/v1/bulk_get_inventory_item",
			Body: map[string]any{"requests": requests}, Budget: forInventory})
		if channel.IsKind(err, channel.Missing) {
			continue // nothing of it is there
		}
		if err != nil {
			return nil, err
		}
		var got gotItems
		if err := resp.Decode(op, &got); err != nil {
			return nil, err
		}
		for _, r := range got.Responses {
			switch {
			case r.Status == http.StatusOK:
				out[r.SKU] = r.Item
			case r.Status >= http.StatusInternalServerError:
				return nil, channel.BadAnswer(op, fmt.Errorf("an item with status %d", r.Status))
			}
		}
	}
	return out, nil
}
