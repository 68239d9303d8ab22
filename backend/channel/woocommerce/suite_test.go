package woocommerce

import (
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// connect opens the connector on a practice shop, with pages of size items.
func connect(t *testing.T, shop *practicetest.WooCommerce, size int, change func(*channel.Settings)) (*Store, *practicetest.Logbook) {
	t.Helper()
	settings := channel.Settings{
		Fields:    map[string]string{"url": shop.URL, "key": shop.Key, "secret": shop.Secret},
		AllowHTTP: true,
	}
	if change != nil {
		change(&settings)
	}
	log := &practicetest.Logbook{}
	store, err := Type().Open(channel.Deps{HTTP: shop.Client, Log: log.Logger(), Now: shop.Clock.Now}, settings)
	if err != nil {
		t.Fatal(err)
	}
	s := store.(*Store)
	s.pageSize = size
	return s, log
}

// TestSuite checks the rules every connector obeys, against the practice shop in the versions that differ.
func TestSuite(t *testing.T) {
	for name, o := range map[string]practicetest.Options{
		"latest":                   {},
		"over TLS":                 {TLS: true},
		"without sockets":          {Direct: true, Zone: time.FixedZone("Tokyo", 9*60*60)},
		"10.0.2, in New York":      {Version: "10.0.2", Direct: true, Zone: time.FixedZone("New York", -5*60*60)},
		"9.4.2":                    {Version: "9.4.2", Direct: true},
		"8.9.2":                    {Version: "8.9.2", Direct: true},
		"7.9.0":                    {Version: "7.9.0", Direct: true},
		"with shipments, a folder": {Fulfillments: true, Direct: true, Path: "/shop"},
	} {
		t.Run(name, func(t *testing.T) {
			log := &practicetest.Logbook{}
			open := func(size int) func(*testing.T) (channel.Store, channeltest.Shop) {
				return func(t *testing.T) (channel.Store, channeltest.Shop) {
					o.Clock = nil
					shop := practicetest.New(t, o)
					store, book := connect(t, shop, size, nil)
					t.Cleanup(func() { log.Write([]byte(book.String())) })
					if o.Fulfillments {
						return store, practicetest.Parcels{Shop: shop.Shop}
					}
					return store, shop
				}
			}
			suite := channeltest.Suite{New: open(3), Secrets: []string{practicetest.Key, practicetest.Secret}, Log: log.String}
			if name == "latest" {
				suite.Large = open(pageSize)
			}
			suite.Run(t)
		})
	}
}
