package bigcommerce

import (
	"log/slog"
	"strings"
	"sync"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
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

// connect opens the connector on a practice store, with pages of size items.
func connect(t *testing.T, shop *practicetest.BigCommerce, size int, log *logbook) *Store {
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

// TestSuite checks the rules every connector obeys.
func TestSuite(t *testing.T) {
	for name, direct := range map[string]bool{"over sockets": false, "without sockets": true} {
		t.Run(name, func(t *testing.T) {
			log := &logbook{}
			open := func(size int) func(*testing.T) (channel.Store, channeltest.Shop) {
				return func(t *testing.T) (channel.Store, channeltest.Shop) {
					shop := practicetest.NewBigCommerce(t, practicetest.BigCommerceOptions{Direct: direct})
					return connect(t, shop, size, log), shop
				}
			}
			suite := channeltest.Suite{New: open(3), Log: log.String, Secrets: []string{practicetest.BigCommerceToken}}
			if direct {
				suite.Large = open(pageSize)
			}
			suite.Run(t)
		})
	}
}
