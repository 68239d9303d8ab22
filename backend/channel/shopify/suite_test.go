package shopify

import (
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
	face "evenstock/backend/practice/shopify"
)

// connect opens the connector on a practice shop, with pages of size items.
func connect(t *testing.T, shop *practicetest.Shopify, size int, change func(*channel.Deps, *channel.Settings)) *Store {
	t.Helper()
	store, _ := practicetest.Connect(t, Type(), shop.Site, change)
	s := store.(*Store)
	s.pageSize, s.orders = size, min(size, orderPage)
	return s
}

// TestSuite checks the rules every connector obeys, with both kinds of credentials.
func TestSuite(t *testing.T) {
	secrets := append([]string{practicetest.ShopifyClientSecret, practicetest.ShopifyToken, "shpat_practice"}, face.Canaries...)
	for name, large := range map[string]int{"over sockets": 0, "without sockets": pageSize} {
		t.Run(name, func(t *testing.T) {
			practicetest.Conform(t, large, secrets, func(t *testing.T, size int, log *practicetest.Logbook) (channel.Store, channeltest.Shop) {
				// The clock stands still in a rule, so the bucket is as large as the largest plan's (shopify.md, 2.6).
				shop := practicetest.NewShopify(t, practicetest.ShopifyOptions{Direct: large > 0, Permanent: large > 0,
					Places:  []string{"Shop floor", "Depot"},
					Options: face.Options{Most: 40_000, Restore: 2000}})
				return connect(t, shop, size, practicetest.LogTo(log)), shop
			})
		})
	}
}
