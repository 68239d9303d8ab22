// Package all is the list of channels the application knows.
package all

import (
	"evenstock/backend/channel"
	"evenstock/backend/channel/amazon"
	"evenstock/backend/channel/bigcommerce"
	"evenstock/backend/channel/ebay"
	"evenstock/backend/channel/etsy"
	"evenstock/backend/channel/shopify"
	"evenstock/backend/channel/woocommerce"
)

// Registry returns every channel type, in the order in which they are offered.
func Registry() *channel.Registry {
	return channel.NewRegistry(
		woocommerce.Type(),
		bigcommerce.Type(),
		etsy.Type(),
		amazon.Type(),
		ebay.Type(),
		shopify.Type(),
	)
}
