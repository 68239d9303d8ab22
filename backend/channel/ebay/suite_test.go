package ebay

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

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

// notes keeps notes in memory.
type notes struct {
	mu   sync.Mutex
	kept map[string][]byte
}

func (n *notes) Read(name string) ([]byte, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.kept[name], nil
}

func (n *notes) Write(name string, value []byte) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.kept[name] = append([]byte(nil), value...)
	return nil
}

// opened is a connector on a practice account, and what it was given.
type opened struct {
	*Store
	log   *logbook
	notes *notes
}

// given is what a connector on a practice account is opened with.
func given(shop *practicetest.EBay) (*opened, channel.Deps, channel.Settings) {
	o := &opened{log: &logbook{}, notes: &notes{kept: map[string][]byte{}}}
	settings := channel.Settings{Endpoint: shop.URL, Fields: map[string]string{}}
	for name, value := range shop.Fields {
		settings.Fields[name] = value
	}
	deps := channel.Deps{HTTP: shop.Client, Now: shop.Clock.Now, Notes: o.notes,
		Wait: func(ctx context.Context, d time.Duration) error { shop.Clock.Advance(d); return ctx.Err() },
		Log:  slog.New(slog.NewTextHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	return o, deps, settings
}

// connect opens the connector on a practice account, with pages of size items.
func connect(t *testing.T, shop *practicetest.EBay, size int, change func(*channel.Deps, *channel.Settings)) *opened {
	t.Helper()
	o, deps, settings := given(shop)
	if change != nil {
		change(&deps, &settings)
	}
	store, err := open(deps, settings)
	if err != nil {
		t.Fatal(err)
	}
	o.Store = store.(*Store)
	o.pageSize = size
	return o
}

// TestSuite checks the rules every connector obeys, in both worlds of listings and with some in each.
func TestSuite(t *testing.T) {
	for name, options := range map[string]practicetest.EBayOptions{"Inventory API": {Direct: true},
		"Trading API": {World: practicetest.TradingWorld, Direct: true}, "both, over sockets": {World: practicetest.BothWorlds}} {
		options.Unlimited = true // a rule that calls more often than a day allows is about something else
		t.Run(name, func(t *testing.T) {
			log := &logbook{}
			open := func(size int) func(*testing.T) (channel.Store, channeltest.Shop) {
				return func(t *testing.T) (channel.Store, channeltest.Shop) {
					shop := practicetest.NewEBay(t, options)
					o := connect(t, shop, size, nil)
					t.Cleanup(func() { log.Write([]byte(o.log.String())) })
					return o.Store, shop
				}
			}
			suite := channeltest.Suite{New: open(3), Log: log.String, Secrets: []string{practicetest.EBaySecret, practicetest.EBayRefresh, "v^1.1#access-"}}
			if options.World == practicetest.InventoryWorld {
				suite.Large = open(pageSize)
			}
			suite.Run(t)
		})
	}
}
