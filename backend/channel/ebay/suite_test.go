package ebay

import (
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// opened is a connector on a practice account, and what it was given.
type opened struct {
	*Store
	practicetest.Given
}

// connect opens the connector on a practice account, with pages of size items.
func connect(t *testing.T, shop *practicetest.EBay, size int, change func(*channel.Deps, *channel.Settings)) *opened {
	t.Helper()
	store, given := practicetest.Connect(t, Type(), shop.Site, change)
	o := &opened{store.(*Store), given}
	o.pageSize = size
	return o
}

// TestSuite checks the rules every connector obeys, in both worlds of listings and with some in each.
func TestSuite(t *testing.T) {
	for name, options := range map[string]practicetest.EBayOptions{"Inventory API": {Direct: true},
		"Trading API": {World: practicetest.TradingWorld, Direct: true}, "both, over sockets": {World: practicetest.BothWorlds}} {
		options.Unlimited = true // a rule that calls more often than a day allows is about something else
		t.Run(name, func(t *testing.T) {
			large := 0
			if options.World == practicetest.InventoryWorld {
				large = pageSize
			}
			secrets := []string{practicetest.EBaySecret, practicetest.EBayRefresh, "v^1.1#access-"}
			practicetest.Conform(t, large, secrets, func(t *testing.T, size int, log *practicetest.Logbook) (channel.Store, channeltest.Shop) {
				shop := practicetest.NewEBay(t, options)
				return connect(t, shop, size, practicetest.LogTo(log)).Store, shop
			})
		})
	}
}
