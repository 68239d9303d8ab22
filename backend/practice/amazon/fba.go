package amazon

import (
	"net/http"
	"strings"
	"time"

	"evenstock/backend/practice"
)

// getSummaries says what Amazon holds of up to 50 SKUs. Of one that the seller fulfils it says nothing (unverified).
func getSummaries(c *call) practice.Response {
	skus := strings.Split(c.query.Get("sellerSkus"), ",")
	if len(skus) > 50 || c.query.Get("granularityType") != "Marketplace" || c.query.Get("granularityId") != c.face.options.Marketplace || !c.here() {
		return c.fail(http.StatusBadRequest, "InvalidInput", "Invalid Input")
	}
	list := []any{}
	for _, sku := range skus {
		it := c.listing(sku)
		if it == nil || !it.Fulfilled {
			continue
		}
		one := map[string]any{"asin": asin(it), "fnSku": "X00" + asin(it), "sellerSku": it.SKU, "condition": "NewItem", "productName": it.FullName(),
			"lastUpdatedTime": it.Modified.UTC().Format(time.RFC3339), "totalQuantity": c.number(it)}
		if c.query.Get("details") == "true" {
			one["inventoryDetails"] = map[string]any{"fulfillableQuantity": c.number(it), "inboundWorkingQuantity": 0}
		}
		list = append(list, one)
	}
	return c.ok(map[string]any{"payload": map[string]any{"granularity": map[string]string{"granularityType": "Marketplace",
		"granularityId": c.face.options.Marketplace}, "inventorySummaries": list}})
}
