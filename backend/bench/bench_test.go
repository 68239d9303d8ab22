// Package bench measures what a seller feels: how long a start takes, how fast the grid answers, how long a shop of ten
// thousand listings needs, and what memory all of it takes. `make bench` prints a line for each.
package bench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/woocommerce"
	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
	face "evenstock/backend/practice/woocommerce"
	"evenstock/backend/view"
)

// listings is the size of the shop of the first release's promise.
const listings = 10_000

// shop is a practice shop of a size, served over real HTTP.
type shop struct {
	url    string
	world  *practice.World
	server *httptest.Server
}

func newShop(b *testing.B, n int) *shop {
	b.Helper()
	w := practice.New(practice.Options{Name: "Bench", Now: time.Now, Rules: face.Rules("")})
	w.Stock(practice.Catalogue(n, 7))
	f := face.New(w, face.Options{Keys: []face.Key{{Key: practicetest.Key, Secret: practicetest.Secret, Permission: face.ReadWrite}}})
	server := httptest.NewServer(f.Handler())
	f.SetHome(server.URL)
	b.Cleanup(server.Close)
	return &shop{url: server.URL, world: w, server: server}
}

// keys is a key store in memory.
type keys map[string]string

func (k keys) Get(store uint32, field string) (string, error) {
	if v, ok := k[fmt.Sprint(store, field)]; ok {
		return v, nil
	}
	return "", db.ErrNotFound
}

func (k keys) Put(store uint32, field, value string) error {
	k[fmt.Sprint(store, field)] = value
	return nil
}

// connect opens the books in dir and connects the shop.
func connect(b *testing.B, dir string, s *shop) (*db.DB, *engine.Engine, uint32) {
	b.Helper()
	d, err := db.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = d.Close() })
	e, err := engine.New(engine.Options{DB: d, Types: channel.NewRegistry(woocommerce.Type()), HTTP: &http.Client{},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Secrets: keys{}, Now: time.Now, Sleep: sleep})
	if err != nil {
		b.Fatal(err)
	}
	store, _, err := e.AddStore(context.Background(), engine.NewStore{Channel: "woocommerce", Name: "Bench", AllowHTTP: true,
		Fields: map[string]string{"url": s.url, "key": practicetest.Key, "secret": practicetest.Secret}})
	if err != nil {
		b.Fatal(err)
	}
	return d, e, store.ID
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func run(b *testing.B, r db.Run, err error) db.Run {
	b.Helper()
	if err != nil || r.Outcome != db.Done {
		b.Fatalf("run %+v: %v", r, err)
	}
	return r
}

// BenchmarkListingPull pulls a whole shop into durable books. The face answers in the same process, so its own share of
// the time is measured beside: reading the same pages and throwing them away.
func BenchmarkListingPull(b *testing.B) {
	s := newShop(b, listings)
	for b.Loop() {
		_, e, id := connect(b, b.TempDir(), s)
		began := time.Now()
		r, err := e.SyncListings(context.Background(), id)
		took := time.Since(began)
		read := run(b, r, err).ListingsRead
		b.ReportMetric(float64(read)/took.Seconds(), "listings/s")
		b.ReportMetric(s.readAlone(b).Seconds()*1000, "ms-shop-alone")
		b.ReportMetric(took.Seconds()*1000, "ms")
	}
}

// readAlone is how long the shop needs to hand out all its listings to a reader that does nothing with them.
func (s *shop) readAlone(b *testing.B) time.Duration {
	b.Helper()
	store, err := woocommerce.Type().Open(channel.Deps{HTTP: &http.Client{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now},
		channel.Settings{AllowHTTP: true, Fields: map[string]string{"url": s.url, "key": practicetest.Key, "secret": practicetest.Secret}})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := store.Check(context.Background()); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	for _, err := range store.ListListings(context.Background(), nil) {
		if err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began)
}

// filled returns books with a pulled and copied shop of 10,000 listings, closed again.
func filled(b *testing.B) string {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "books")
	d, e, id := connect(b, dir, newShop(b, listings))
	r, err := e.SyncListings(context.Background(), id)
	run(b, r, err)
	runs, err := e.TurnOn(context.Background(), id, engine.TurnOn{Copy: true})
	if err != nil || len(runs) != 1 {
		b.Fatalf("turn on: %v", err)
	}
	if err := d.Close(); err != nil {
		b.Fatal(err)
	}
	return dir
}

// BenchmarkColdStart is from nothing open to the first rows of the grid.
func BenchmarkColdStart(b *testing.B) {
	dir := filled(b)
	for b.Loop() {
		began := time.Now()
		d, err := db.Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		v, err := view.Open(d)
		if err != nil {
			b.Fatal(err)
		}
		w, err := v.Stock(view.StockQuery{Limit: view.MaxRows})
		if err != nil || len(w.Rows) == 0 {
			b.Fatal(len(w.Rows), err)
		}
		b.ReportMetric(time.Since(began).Seconds()*1000, "ms-to-grid")
		b.ReportMetric(float64(w.Total), "products")
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSearch asks for what nobody asked for before, so that nothing is cached.
func BenchmarkSearch(b *testing.B) {
	d, err := db.Open(filled(b))
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	v, err := view.Open(d)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := v.Stock(view.StockQuery{Limit: 50}); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		n++
		if _, err := v.Stock(view.StockQuery{Query: fmt.Sprintf("a %d", n%1000), Limit: 50, Sort: "-available"}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHardRefresh reads 10,000 listings afresh, one in a hundred differing, and writes those.
func BenchmarkHardRefresh(b *testing.B) {
	s := newShop(b, listings)
	for b.Loop() {
		_, e, id := connect(b, b.TempDir(), s)
		r, err := e.SyncListings(context.Background(), id)
		run(b, r, err)
		if _, err := e.TurnOn(context.Background(), id, engine.TurnOn{Copy: true}); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		r, err = e.RefreshInventory(context.Background(), id)
		took := time.Since(began)
		b.ReportMetric(float64(run(b, r, err).Checked)/took.Seconds(), "checked/s")
		b.ReportMetric(took.Seconds()*1000, "ms")
	}
}

// BenchmarkMemory reports what the process holds with 10,000 listings in the books and the grid in memory.
func BenchmarkMemory(b *testing.B) {
	dir := filled(b)
	for b.Loop() {
		debug.FreeOSMemory()
		before := rss(b)
		d, err := db.Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		v, err := view.Open(d)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := v.Stock(view.StockQuery{Limit: view.MaxRows}); err != nil {
			b.Fatal(err)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapInuse)/1e6, "MB-heap")
		b.ReportMetric((rss(b)-before)/1e6, "MB-added")
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// rss is the resident memory of this process in bytes.
func rss(b *testing.B) float64 { return status(b, "VmRSS:") }
