package bigcommerce

import (
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// connect opens the connector on a practice store, with pages of size items.
func connect(t *testing.T, shop *practicetest.BigCommerce, size int, change func(*channel.Deps, *channel.Settings)) *Store {
	t.Helper()
	store, _ := practicetest.Connect(t, Type(), shop.Site, change)
	s := store.(*Store)
	s.pageSize, s.orders = size, min(size, orderPage)
	return s
}

// TestSuite checks the rules every connector obeys.
func TestSuite(t *testing.T) {
	for name, large := range map[string]int{"over sockets": 0, "without sockets": pageSize} {
		t.Run(name, func(t *testing.T) {
			practicetest.Conform(t, large, []string{practicetest.BigCommerceToken}, func(t *testing.T, size int, log *practicetest.Logbook) (channel.Store, channeltest.Shop) {
				shop := practicetest.NewBigCommerce(t, practicetest.BigCommerceOptions{Direct: large > 0, Sites: []string{"Warehouse", "Shop"}})
				return connect(t, shop, size, practicetest.LogTo(log)), shop
			})
		})
	}
}
