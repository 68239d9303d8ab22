package amazon

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

// summariesMost is how many SKUs one question about what Amazon holds may name (Swagger file).
const summariesMost = 50

// summaries is the answer about what Amazon holds of some SKUs.
type summaries struct {
	Payload struct {
		Summaries []summary `json:"inventorySummaries"`
	} `json:"payload"`
}

type summary struct {
	SKU     string `json:"sellerSku"`
	Details struct {
		Fulfillable *int64 `json:"fulfillableQuantity"`
	} `json:"inventoryDetails"`
}

// heldByAmazon fills in how many units Amazon can send of the listings that it fulfils: shown, never part of own stock and
// never written (amazon.md, 5.4). What is not told stays unknown, which is no trouble: an app without the role Amazon
// Fulfillment is told nothing, and is not asked again before the program starts anew.
func (s *Store) heldByAmazon(ctx context.Context, rows []channel.Listing) error {
	at := map[string]*channel.Listing{}
	var skus []string
	for i, l := range rows {
		// A list in a query is divided by commas.
		if l.Fulfilled && !strings.Contains(l.Ref, ",") {
			at[l.Ref] = &rows[i]
			skus = append(skus, l.Ref)
		}
	}
	for part := range slices.Chunk(skus, summariesMost) {
		if s.untold.Load() {
			return nil
		}
		resp, err := s.ask(ctx, httpx.Request{Op: opListings, Path: "fba/inventory/v1/summaries", Budget: forSummaries,
			Query: url.Values{"details": {"true"}, "granularityType": {"Marketplace"}, "granularityId": {s.marketplace},
				"marketplaceIds": {s.marketplace}, "sellerSkus": {strings.Join(part, ",")}}})
		var got summaries
		if err == nil {
			err = resp.Decode(opListings, &got)
		}
		if err != nil {
			s.untold.Store(channel.IsKind(err, channel.Auth))
			s.log.Info("what Amazon holds was not read", "err", err)
			return ctx.Err()
		}
		for _, it := range got.Payload.Summaries {
			if l, asked := at[it.SKU]; asked {
				l.Quantity = it.Details.Fulfillable
			}
		}
	}
	return nil
}
