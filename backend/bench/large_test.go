package bench

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/engine"
	"evenstock/backend/view"
)

// large is how many listings each of two shops has; EVENSTOCK_BENCH_LISTINGS says otherwise.
const large = 100_000

// yard is a seller with two large shops in memory, whose answers cost next to nothing, and books on disk.
type yard struct {
	b      *testing.B
	n      int
	dir    string
	db     *db.DB
	e      *engine.Engine
	shops  [2]*memory.Store
	refs   [2][]channel.Ref
	stores [2]uint32
	ahead  time.Duration
}

// BenchmarkLarge does to two shops of 100,000 listings what a seller may do to all of a shop at once, one after the other:
// how long each takes, and the most memory the process held meanwhile.
func BenchmarkLarge(b *testing.B) {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("EVENSTOCK_BENCH_LISTINGS"), strconv.Itoa(large)))
	if err != nil {
		b.Fatal(err)
	}
	y := &yard{b: b, n: n, dir: filepath.Join(b.TempDir(), "books")}
	y.build()
	defer func() { _ = y.db.Close() }()
	ctx := context.Background()
	var seqs []uint64
	one := func(id int, do func(uint32) (db.Run, error)) func() error {
		return func() error {
			r, err := do(y.stores[id])
			return ended(r, err)
		}
	}
	turnOn := func(i int, t engine.TurnOn) func() error {
		return func() error {
			runs, err := y.e.TurnOn(ctx, y.stores[i], t)
			if err == nil && len(runs) == 1 {
				return ended(runs[0], nil)
			}
			return err
		}
	}
	for _, part := range []struct {
		name string
		do   func() error
	}{
		{"connect", func() error { return y.connect(0) }},
		{"first pull", one(0, func(id uint32) (db.Run, error) { return y.e.SyncListings(ctx, id) })},
		{"rehearsal", func() error { _, err := y.e.Rehearse(ctx, y.stores[0], engine.TurnOn{Copy: true}); return err }},
		{"turn on, copy", turnOn(0, engine.TurnOn{Copy: true, Push: engine.PushAll})},
		{"set all", func() error { return y.setAll(func(i int) int64 { return int64(7 + i%5) }, &seqs) }},
		{"approve what is held", y.approve},
		{"second shop, first pull", func() error { return y.connect(1) }},
		{"second shop, turn on, on top, push all", turnOn(1, engine.TurnOn{OnTop: true, Push: engine.PushAll})},
		{"undo of a push", func() error {
			var run uint64
			err := y.db.View(func(tx *db.Tx) error {
				for r := range tx.Runs() {
					if r.Store == y.stores[1] && r.Written > 0 {
						run = r.ID
						break
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			r, err := y.e.UndoPush(ctx, run)
			return ended(r, err)
		}},
		{"go on after the undo", func() error {
			if err := y.e.Resume(ctx, y.stores[1]); err != nil {
				return err
			}
			r, err := y.e.Sync(ctx, y.stores[1])
			return ended(r, err)
		}},
		{"away mode begins", func() error { return y.e.StartAway(ctx, domain.Away{Units: 2}, time.Time{}, false) }},
		{"away mode, sent", y.syncAll},
		{"away mode ends", func() error { return y.e.EndAway(ctx) }},
		{"away mode ended, sent", y.syncAll},
		{"hard refresh", one(0, func(id uint32) (db.Run, error) { return y.e.RefreshInventory(ctx, id) })},
		{"drift report of all", func() error { y.edit(1); _, err := y.e.Drift(ctx, y.stores[1]); return err }},
		{"drift, mend all", one(1, func(id uint32) (db.Run, error) { return y.e.FixDrift(ctx, id, nil) })},
		{"undo of all counts", func() error { n, why := y.e.UndoMany(ctx, seqs, "you"); return all(n, len(seqs), why) }},
		{"link a warehouse", y.link},
		{"turn off", func() error { return y.e.TurnOff(ctx, y.stores[0]) }},
		{"turn on, push none", func() error { y.edit(0); return turnOn(0, engine.TurnOn{Push: engine.PushNone})() }},
		{"turn off, all left", func() error { return y.e.TurnOff(ctx, y.stores[0]) }},
		{"turn on, push some", turnOn(0, engine.TurnOn{Push: engine.PushSome, Rows: y.skus()})},
		{"remove, release", func() error { return y.e.RemoveStore(ctx, y.stores[0], true) }},
		{"connect again", func() error { return y.connect(0) }},
		{"verify", func() error { r, err := y.db.Verify(nil); return cmp.Or(err, r.Err()) }},
		{"rebuild", func() error { return y.rebuild() }},
		{"stock list", func() error { _, err := view.Open(y.db); return err }},
		{"stock list as CSV", y.sheet},
		{"backup", func() error { return y.db.Backup(ctx, y.backup(), time.Now()) }},
		{"restore", func() error {
			_, err := db.Restore(ctx, y.backup(), filepath.Join(b.TempDir(), "restored"), db.Options{Now: time.Now()})
			return err
		}},
		{"start anew", y.open},
	} {
		b.Run(part.name, func(b *testing.B) { measured(b, part.do) })
	}
}

// measured runs a part once.
func measured(b *testing.B, do func() error) {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // the most memory is counted anew
	began, worked := time.Now(), cpu(b)
	if err := do(); err != nil {
		b.Errorf("after %s: %v", time.Since(began).Round(time.Millisecond), err)
	}
	b.ReportMetric(time.Since(began).Seconds(), "s")
	b.ReportMetric(cpu(b)-worked, "s-cpu")
	b.ReportMetric(status(b, "VmHWM:")/1e6, "MB-most")
	b.ReportMetric(0, "ns/op")
}

func ended(r db.Run, err error) error {
	if err == nil && (r.Outcome == db.Failed || r.Outcome == db.Cancelled) {
		return fmt.Errorf("the run %s: %s", r.Outcome, r.Note)
	}
	return err
}

func all(n, of int, why []error) error {
	if n != of {
		return fmt.Errorf("%d of %d: %w", n, of, cmp.Or(why...))
	}
	return nil
}

func (y *yard) build() {
	for i := range y.shops {
		y.shops[i] = memory.New(memory.Options{ID: fmt.Sprint("shop-", i), Now: y.now, PageSize: 5_000, ReadBatch: 500, PushBatch: 500})
		for at := range y.n {
			ref := y.shops[i].AddListing(channeltest.Goods{SKU: sku(at), Title: "Handmade product number " + strconv.Itoa(at), Quantity: int64(20 + i)})
			y.refs[i] = append(y.refs[i], ref)
		}
		for at := 0; at < y.n; at += 5 {
			y.shops[i].Sell(channeltest.Units{Ref: y.refs[i][at], Quantity: 1})
		}
	}
	y.ahead += time.Hour // a list is read on from some minutes before its end: let the orders be older
	if err := y.open(); err != nil {
		y.b.Fatal(err)
	}
}

func (y *yard) now() time.Time { return time.Now().Add(y.ahead) }

// open opens the books, after closing them where they are open, and an engine.
func (y *yard) open() (err error) {
	if y.db != nil {
		if err := y.db.Close(); err != nil {
			return err
		}
	}
	if y.db, err = db.Open(y.dir); err != nil {
		return err
	}
	y.e, err = engine.New(engine.Options{DB: y.db, Types: channel.NewRegistry(memory.Type(y.shops[:]...)), HTTP: &http.Client{},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Secrets: keys{}, Now: y.now,
		Sleep: func(ctx context.Context, d time.Duration) error { y.ahead += d; return ctx.Err() }})
	return err
}

func (y *yard) connect(i int) error {
	s, _, err := y.e.AddStore(context.Background(), engine.NewStore{Channel: "memory", Name: fmt.Sprint("Shop ", i),
		Fields: map[string]string{"id": fmt.Sprint("shop-", i)}})
	if err != nil {
		return err
	}
	y.stores[i] = s.ID
	if i == 0 {
		return nil
	}
	r, err := y.e.SyncListings(context.Background(), s.ID)
	return ended(r, err)
}

func sku(i int) string { return fmt.Sprintf("MUG-%06d", i) }

func (y *yard) skus() []string {
	out := make([]string, y.n)
	for i := range out {
		out[i] = sku(i)
	}
	return out
}

// setAll counts every product, in parts of the size the page sends.
func (y *yard) setAll(to func(int) int64, seqs *[]uint64) error {
	for from := 0; from < y.n; from += 200 {
		var part []engine.StockChange
		for i := from; i < min(y.n, from+200); i++ {
			part = append(part, engine.StockChange{SKU: sku(i), Op: engine.SetStock, Quantity: to(i), Key: fmt.Sprint("set ", i)})
		}
		outcomes, _ := y.e.ChangeMany(context.Background(), part)
		for _, o := range outcomes {
			if o.Refused != nil {
				return o.Refused
			}
			*seqs = append(*seqs, o.Seq)
		}
	}
	return nil
}

// approve has a sync hold everything, and lets it go.
func (y *yard) approve() error {
	r, err := y.e.Sync(context.Background(), y.stores[0])
	if err := ended(r, err); err != nil {
		return err
	}
	r, err = y.e.Approve(context.Background(), y.stores[0], nil)
	return ended(r, err)
}

func (y *yard) syncAll() error {
	runs, _, err := y.e.SyncAll(context.Background())
	for _, r := range runs {
		err = cmp.Or(err, ended(r, nil))
	}
	return err
}

// edit changes every number of a shop by hand.
func (y *yard) edit(i int) {
	for _, ref := range y.refs[i] {
		y.shops[i].SetQuantity(ref, y.shops[i].Quantity(ref)+30)
	}
}

func (y *yard) link() error {
	if _, err := y.e.AddWarehouse(context.Background(), "DEPOT", "Depot"); err != nil {
		return err
	}
	return y.e.SetLocations(context.Background(), y.stores[0], map[string]string{"DEPOT": "DEPOT"})
}

// backup is the file that the books are backed up to.
func (y *yard) backup() string { return filepath.Join(filepath.Dir(y.dir), "x.bak") }

// sheet writes every product to nowhere.
func (y *yard) sheet() error {
	v, err := view.Open(y.db)
	if err != nil {
		return err
	}
	columns := []string{"sku", "title", "inStock", "booked", "available"}
	n, err := v.StockSheet(io.Discard, view.StockQuery{Sort: "sku"}, columns, columns)
	if err == nil && n != y.n {
		return fmt.Errorf("%d of %d products were written", n, y.n)
	}
	return err
}

// rebuild takes the links of every product away and has them worked out again.
func (y *yard) rebuild() error {
	for from := 1; from <= y.n; from += 1000 {
		err := y.db.Update(y.now(), func(tx *db.Tx) error {
			for item := from; item < from+1000; item++ {
				for i, store := range y.stores {
					if item > y.n {
						continue
					}
					if err := tx.Unlink(uint64(item), db.Link{Store: store, Ref: y.refs[i][item-1].Listing}); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	r, err := y.db.Rebuild(nil)
	return cmp.Or(err, r.Err())
}

// cpu is how many seconds of processors this process has used: what the machine does besides hardly changes it.
func cpu(b *testing.B) float64 {
	b.Helper()
	raw, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		b.Skip("the time of processors is read from /proc, which this system does not have")
	}
	_, rest, _ := strings.Cut(string(raw), ") ") // the name of the process comes before, whatever is in it
	ticks := 0.0
	for _, field := range strings.Fields(rest)[11:13] { // its own, and the system's for it
		n, err := strconv.ParseFloat(field, 64)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return ticks / 100
}

// status is a number of bytes that Linux tells of this process.
func status(b *testing.B, name string) float64 {
	b.Helper()
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("memory is read from /proc, which this system does not have")
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kb * 1024
		}
	}
	b.Fatal("no line ", name)
	return 0
}
