package amazon

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const opRead = "read stock"

// ReadStock implements [channel.Store]. The number is the one in effect, not the one that was written last (amazon.md, 5.1).
func (s *Store) ReadStock(ctx context.Context, refs []channel.Ref) ([]channel.Reading, error) {
	if len(refs) > readBatch {
		return nil, channel.TooMany(opRead, len(refs), readBatch)
	}
	skus := make([]string, len(refs))
	for i, ref := range refs {
		skus[i] = ref.Listing
	}
	held, err := s.search(ctx, opRead, skus)
	if err != nil && len(refs) > 0 {
		return nil, err
	}
	s.recent.keep(held, s.now())
	out := make([]channel.Reading, len(refs))
	for i, ref := range refs {
		out[i].Ref = ref
		if it, ok := held[ref.Listing]; ok {
			out[i].Quantity = it.own()
		} else {
			out[i].Err = ofItem(opRead, channel.Missing, channel.CodeMissing, goneMessage)
		}
	}
	return out, nil
}

// own is the seller's number, nil where it has none: Amazon fulfils the listing, or it has numbers by location.
func (it item) own() *int64 {
	if it.refused() != "" {
		return nil
	}
	for _, a := range it.Available {
		if a.Code == codeSeller && a.Quantity != nil {
			return a.Quantity
		}
	}
	return new(int64)
}

// refused says why no number may be sent for a listing: one sent for what Amazon fulfils would put an offer of the seller's
// own beside it (channels/README.md, marketplaces, 3).
func (it item) refused() string {
	if len(it.Available) == 0 && !it.buyable() {
		return parentMessage
	}
	for _, a := range it.Available {
		switch {
		case byAmazon(a.Code):
			return fbaMessage
		case a.Code != codeSeller:
			return otherMessage
		}
	}
	return ""
}

// buyable says whether customers can buy a SKU. A parent, which only holds its variations together, has neither that nor a
// number (amazon.md, 5.1).
func (it item) buyable() bool {
	for _, s := range it.Summaries {
		if slices.Contains(s.Status, "BUYABLE") {
			return true
		}
	}
	return false
}

func (s *Store) listingsPath() string {
	return "listings/2021-08-01/items/" + url.PathEscape(s.seller)
}

// search reads listings by SKU, twenty a call. Without SKUs it asks for any one.
func (s *Store) search(ctx context.Context, op string, skus []string) (map[string]item, error) {
	out := map[string]item{}
	var plain []string
	for _, sku := range skus {
		switch {
		case slices.Contains(plain, sku) || out[sku].SKU != "":
		case strings.Contains(sku, ","): // a list in a query is divided by commas
			if err := s.one(ctx, op, sku, out); err != nil {
				return nil, err
			}
		default:
			plain = append(plain, sku)
		}
	}
	if len(skus) == 0 {
		return out, s.some(ctx, op, nil, out)
	}
	for part := range slices.Chunk(plain, readBatch) {
		if err := s.some(ctx, op, part, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// some is one search.
func (s *Store) some(ctx context.Context, op string, skus []string, out map[string]item) error {
	q := url.Values{"marketplaceIds": {s.marketplace}, "includedData": {"summaries,fulfillmentAvailability"}, "pageSize": {"1"}}
	if len(skus) > 0 {
		q.Set("identifiers", strings.Join(skus, ","))
		q.Set("identifiersType", "SKU")
		q.Set("pageSize", strconv.Itoa(readBatch))
	}
	resp, err := s.ask(ctx, httpx.Request{Op: op, Path: s.listingsPath(), Query: q, Budget: forListings})
	if err != nil {
		return listError(err)
	}
	var got items
	if err := resp.Decode(op, &got); err != nil {
		return err
	}
	for _, it := range got.Items {
		out[it.SKU] = it
	}
	return nil
}

// one reads a listing by its own address.
func (s *Store) one(ctx context.Context, op, sku string, out map[string]item) error {
	resp, err := s.ask(ctx, httpx.Request{Op: op, Path: s.listingsPath() + "/" + url.PathEscape(sku), Budget: forListing,
		Query: url.Values{"marketplaceIds": {s.marketplace}, "includedData": {"summaries,fulfillmentAvailability"}}})
	if channel.IsKind(err, channel.Missing) {
		return nil
	}
	if err != nil {
		return err
	}
	var it item
	if err := resp.Decode(op, &it); err != nil {
		return err
	}
	out[sku] = it
	return nil
}
