package amazon

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
func connect(t *testing.T, shop *practicetest.Amazon, size int, change func(*channel.Deps, *channel.Settings)) *opened {
	t.Helper()
	store, given := practicetest.Connect(t, Type(), shop.Site, change)
	o := &opened{store.(*Store), given}
	o.pageSize = size
	return o
}

// TestSuite checks the rules every connector obeys.
func TestSuite(t *testing.T) {
	for name, options := range map[string]practicetest.AmazonOptions{"over sockets": {}, "without sockets": {Direct: true}} {
		options.Unlimited = true // with a clock that every waiting call moves, calls at once would meet limits that do not exist
		t.Run(name, func(t *testing.T) {
			large := 0
			if options.Direct {
				large = pageSize
			}
			secrets := []string{practicetest.AmazonSecret, practicetest.AmazonRefresh, "Atza|access-", "X-Amz-Signature"}
			practicetest.Conform(t, large, secrets, func(t *testing.T, size int, log *practicetest.Logbook) (channel.Store, channeltest.Shop) {
				shop := practicetest.NewAmazon(t, options)
				return connect(t, shop, size, practicetest.LogTo(log)).Store, shop
			})
		})
	}
}
