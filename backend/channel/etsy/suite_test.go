package etsy

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

// opened is a connector on a practice shop, and what it was given.
type opened struct {
	*Store
	log   *logbook
	notes *notes
	saved map[string]string // what was saved, by field
}

// connect opens the connector on a practice shop, with pages of size items.
func connect(t *testing.T, shop *practicetest.Etsy, size int, change func(*channel.Deps, *channel.Settings)) *opened {
	t.Helper()
	o := &opened{log: &logbook{}, notes: &notes{kept: map[string][]byte{}}, saved: map[string]string{}}
	settings := channel.Settings{Endpoint: shop.URL, Fields: map[string]string{}}
	for name, value := range shop.Fields {
		settings.Fields[name] = value
	}
	deps := channel.Deps{HTTP: shop.Client, Now: shop.Clock.Now, Notes: o.notes,
		Wait: func(ctx context.Context, d time.Duration) error { shop.Clock.Advance(d); return ctx.Err() },
		Log:  slog.New(slog.NewTextHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Save: func(name, secret string) error { o.saved[name] = secret; return nil }}
	if change != nil {
		change(&deps, &settings)
	}
	store, err := Type().Open(deps, settings)
	if err != nil {
		t.Fatal(err)
	}
	o.Store = store.(*Store)
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
			log := &logbook{}
			open := func(size int) func(*testing.T) (channel.Store, channeltest.Shop) {
				return func(t *testing.T) (channel.Store, channeltest.Shop) {
					shop := practicetest.NewEtsy(t, options)
					o := connect(t, shop, size, nil)
					o.plain = options.PlainLists // found out before, which takes a call
					t.Cleanup(func() { log.Write([]byte(o.log.String())) })
					return o.Store, shop
				}
			}
			suite := channeltest.Suite{New: open(3), Log: log.String,
				Secrets: []string{practicetest.EtsySecret, practicetest.EtsyRefresh, "access-", "refresh-"}}
			if options.Direct {
				suite.Large = open(pageSize)
			}
			suite.Run(t)
		})
	}
}
