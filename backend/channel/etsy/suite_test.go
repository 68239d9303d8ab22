package etsy

import (
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// opened is a connector on a practice shop, and what it was given.
type opened struct {
	*Store
	practicetest.Given
}

// connect opens the connector on a practice shop, with pages of size items.
func connect(t *testing.T, shop *practicetest.Etsy, size int, change func(*channel.Deps, *channel.Settings)) *opened {
	t.Helper()
	store, given := practicetest.Connect(t, Type(), shop.Site, change)
	o := &opened{store.(*Store), given}
	o.pageSize = size
	return o
}

// TestSuite checks the rules every connector obeys.
func TestSuite(t *testing.T) {
	plain := practicetest.EtsyOptions{Direct: true}
	plain.PlainLists, plain.RenewResets = true, true
	for name, options := range map[string]practicetest.EtsyOptions{"over sockets": {}, "without sockets": {Direct: true},
		"lists without inventories": plain} {
		t.Run(name, func(t *testing.T) {
			large := 0
			if options.Direct {
				large = pageSize
			}
			secrets := []string{practicetest.EtsySecret, practicetest.EtsyRefresh, "access-", "refresh-"}
			practicetest.Conform(t, large, secrets, func(t *testing.T, size int, log *practicetest.Logbook) (channel.Store, channeltest.Shop) {
				shop := practicetest.NewEtsy(t, options)
				o := connect(t, shop, size, practicetest.LogTo(log))
				o.plain = options.PlainLists // found out before, which takes a call
				return o.Store, shop
			})
		})
	}
}
