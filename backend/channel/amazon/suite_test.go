package amazon

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

// connect opens the connector on a practice account, with pages of size items. Waiting for a budget lets the account's clock
// go on.
func connect(t *testing.T, shop *practicetest.Amazon, size int, change func(*channel.Deps, *channel.Settings)) *opened {
	t.Helper()
	o := &opened{log: &logbook{}, notes: &notes{kept: map[string][]byte{}}}
	settings := channel.Settings{Endpoint: shop.URL, Fields: map[string]string{}}
	for name, value := range shop.Fields {
		settings.Fields[name] = value
	}
	deps := channel.Deps{HTTP: shop.Client, Now: shop.Clock.Now, Notes: o.notes,
		Wait: func(ctx context.Context, d time.Duration) error { shop.Clock.Advance(d); return ctx.Err() },
		Log:  slog.New(slog.NewTextHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
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

// TestSuite checks the rules every connector obeys.
func TestSuite(t *testing.T) {
	for name, options := range map[string]practicetest.AmazonOptions{"over sockets": {}, "without sockets": {Direct: true}} {
		options.Unlimited = true // with a clock that every waiting call moves, calls at once would meet limits that do not exist
		t.Run(name, func(t *testing.T) {
			log := &logbook{}
			open := func(size int) func(*testing.T) (channel.Store, channeltest.Shop) {
				return func(t *testing.T) (channel.Store, channeltest.Shop) {
					shop := practicetest.NewAmazon(t, options)
					o := connect(t, shop, size, nil)
					t.Cleanup(func() { log.Write([]byte(o.log.String())) })
					return o.Store, shop
				}
			}
			suite := channeltest.Suite{New: open(3), Log: log.String,
				Secrets: []string{practicetest.AmazonSecret, practicetest.AmazonRefresh, "Atza|access-", "X-Amz-Signature"}}
			if options.Direct {
				suite.Large = open(pageSize)
			}
			suite.Run(t)
		})
	}
}
