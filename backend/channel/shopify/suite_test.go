package shopify

import (
	"log/slog"
	"strings"
	"sync"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
	face "evenstock/backend/practice/shopify"
)

// logbook collects what a connector logs.
type logbook struct {
	mu sync.Mutex
	strings.Builder
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Builder.Write(p)
}

// connect opens the connector on a practice shop, with pages of size items.
func connect(t *testing.T, shop *practicetest.Shopify, size int, log *logbook) *Store {
	t.Helper()
	store, err := Type().Open(channel.Deps{HTTP: shop.Client, Now: shop.Clock.Now,
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))},
		channel.Settings{Endpoint: shop.URL, Fields: shop.Fields})
	if err != nil {
		t.Fatal(err)
	}
	s := store.(*Store)
	s.pageSize, s.orders = size, min(size, orderPage)
	return s
}

// TestSuite checks the rules every connector obeys, with both kinds of credentials.
func TestSuite(t *testing.T) {
	for name, direct := range map[string]bool{"over sockets": false, "without sockets": true} {
		t.Run(name, func(t *testing.T) {
			log := &logbook{}
			open := func(size int) func(*testing.T) (channel.Store, channeltest.Shop) {
				return func(t *testing.T) (channel.Store, channeltest.Shop) {
					// The clock stands still in a rule, so the bucket is as large as the largest plan's (shopify.md, 2.6).
					shop := practicetest.NewShopify(t, practicetest.ShopifyOptions{Direct: direct, Permanent: direct,
						Options: face.Options{Most: 40_000, Restore: 2000}})
					return connect(t, shop, size, log), shop
				}
			}
			suite := channeltest.Suite{New: open(3), Log: log.String, Secrets: append([]string{practicetest.ShopifyClientSecret,
				practicetest.ShopifyToken, "shpat_practice"}, face.Canaries...)}
			if direct {
				suite.Large = open(pageSize)
			}
			suite.Run(t)
		})
	}
}
