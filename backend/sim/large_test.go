package sim

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/engine"
)

// whole is something that is done to all of a store at once.
type whole struct {
	name string
	// before makes a seller of two shops, both off, with count open orders in the first, into one who is about to do it.
	before func(r *Rig, refs [2][]channel.Ref)
	do     func(r *Rig) error
}

func ended(run db.Run, err error) error {
	if err == nil && (run.Outcome == db.Failed || run.Outcome == db.Cancelled) {
		return errors.New(run.Note)
	}
	return err
}

func (r *Rig) turn(i int, t engine.TurnOn) error {
	runs, err := r.Engine.TurnOn(ctx, r.Stores[i], t)
	for _, run := range runs {
		err = errors.Join(err, ended(run, nil))
	}
	return err
}

// countAll counts every product in a warehouse by hand.
func (r *Rig) countAll(warehouse string, quantity int64) {
	r.T.Helper()
	var changes []engine.StockChange
	r.must(r.DB.View(func(tx *db.Tx) error {
		for it := range tx.Items() {
			changes = append(changes, engine.StockChange{SKU: it.SKU, Op: engine.SetStock, Quantity: quantity, Warehouse: warehouse,
				Key: fmt.Sprint(warehouse, quantity, " of ", it.SKU)})
		}
		return nil
	}))
	outcomes, _ := r.Engine.ChangeMany(ctx, changes)
	for _, o := range outcomes {
		if o.Refused != nil {
			r.T.Fatal(o.Refused)
		}
	}
	if len(outcomes) != len(changes) {
		r.T.Fatalf("%d of %d products were counted", len(outcomes), len(changes))
	}
}

func mug(i int) string { return fmt.Sprintf("MUG-%05d", i) }

func (r *Rig) must(err error) {
	r.T.Helper()
	if err != nil {
		r.T.Fatal(err)
	}
}

// wholes are what a seller does to all of a store at once. Each may be done again where it was broken off.
var wholes = []whole{
	{"turn on and copy", nil, func(r *Rig) error { return r.turn(0, engine.TurnOn{Copy: true}) }},
	{"turn on with orders on top, push all", func(r *Rig, refs [2][]channel.Ref) { r.countAll("", 20) },
		func(r *Rig) error { return r.turn(0, engine.TurnOn{OnTop: true, Push: engine.PushAll}) }},
	{"turn on, push none", func(r *Rig, refs [2][]channel.Ref) { r.countAll("", 20) },
		func(r *Rig) error { return r.turn(0, engine.TurnOn{Push: engine.PushNone}) }},
	{"turn on, push some", func(r *Rig, refs [2][]channel.Ref) { r.countAll("", 20) }, func(r *Rig) error {
		return r.turn(0, engine.TurnOn{Push: engine.PushSome, Rows: []string{mug(0), mug(2)}})
	}},
	{"turn off", bothOn, func(r *Rig) error { return r.Engine.TurnOff(ctx, r.Stores[0]) }},
	{"turn off with rows that are left", func(r *Rig, refs [2][]channel.Ref) {
		r.countAll("", 20)
		r.must(r.turn(0, engine.TurnOn{Push: engine.PushNone}))
	}, func(r *Rig) error { return r.Engine.TurnOff(ctx, r.Stores[0]) }},
	{"remove and keep what is booked", bothOn, func(r *Rig) error { return r.remove(false) }},
	{"remove and release", bothOn, func(r *Rig) error { return r.remove(true) }},
	{"connect again", func(r *Rig, refs [2][]channel.Ref) { bothOn(r, refs); r.must(r.remove(true)) }, func(r *Rig) error {
		if r.storeAt(0).Removed {
			r.Connect(0)
		}
		r.PullListings(0)
		return r.turn(0, engine.TurnOn{})
	}},
	{"link another warehouse", func(r *Rig, refs [2][]channel.Ref) {
		bothOn(r, refs)
		r.warehouse("DEPOT")
		r.countAll("DEPOT", 3)
	}, func(r *Rig) error {
		return r.Engine.SetLocations(ctx, r.Stores[0], map[string]string{"DEPOT": "DEPOT"})
	}},
	{"mend the drift", func(r *Rig, refs [2][]channel.Ref) {
		bothOn(r, refs)
		for i := range refs[0] {
			r.Shops[0].SetQuantity(refs[0][i], 90)
		}
		_, err := r.Engine.Drift(ctx, r.Stores[0])
		r.must(err)
	}, func(r *Rig) error { return ended(r.Engine.FixDrift(ctx, r.Stores[0], nil)) }},
	{"approve what is held", held, func(r *Rig) error { return ended(r.Engine.Approve(ctx, r.Stores[0], nil)) }},
	{"drop what is held", held, func(r *Rig) error { _, err := r.Engine.Drop(ctx, r.Stores[0], nil); return err }},
	{"away mode", bothOn, func(r *Rig) error {
		return r.Engine.StartAway(ctx, domain.Away{Units: 2}, time.Time{}, false)
	}},
	{"include drafts", bothOn, func(r *Rig) error {
		on := true
		return errors.Join(r.Engine.SetStore(ctx, r.Stores[0], engine.StorePatch{IncludeDrafts: &on}), ended(r.Engine.SyncListings(ctx, r.Stores[0])))
	}},
	{"a count of everything", bothOn, func(r *Rig) error {
		r.countAll("", 31)
		return nil
	}},
}

func bothOn(r *Rig, refs [2][]channel.Ref) {
	r.T.Helper()
	r.must(r.turn(0, engine.TurnOn{Copy: true}))
	r.must(r.turn(1, engine.TurnOn{Push: engine.PushAll}))
}

// held leaves more rows to the safety catch than it lets pass.
func held(r *Rig, refs [2][]channel.Ref) {
	r.T.Helper()
	bothOn(r, refs)
	r.countAll("", 0)
	r.must(ended(r.Engine.Sync(ctx, r.Stores[0])))
	h, err := r.Engine.Held(r.Stores[0])
	r.must(err)
	if len(h.Rows) != len(refs[0]) {
		r.T.Fatalf("%d of %d rows are held", len(h.Rows), len(refs[0]))
	}
}

func (r *Rig) remove(release bool) error {
	if r.storeAt(0).Removed {
		return nil
	}
	return r.Engine.RemoveStore(ctx, r.Stores[0], release)
}

func (r *Rig) storeAt(i int) (s db.Store) {
	r.T.Helper()
	r.must(r.DB.View(func(tx *db.Tx) (err error) { s, err = tx.Store(r.Stores[i]); return err }))
	return s
}

// seller has two shops with the same n goods, some of them sold in the first.
func seller(t *testing.T, n int, books db.Options) (*Rig, [2][]channel.Ref) {
	t.Helper()
	r := Build(t, Setup{Kinds: []Kind{Memory, Memory}, Books: books, Memory: memory.Options{PageSize: 500, ReadBatch: 500, PushBatch: 500}})
	var refs [2][]channel.Ref
	for i := range n {
		for shop := range refs {
			refs[shop] = append(refs[shop], r.Shops[shop].AddListing(channeltest.Goods{SKU: mug(i), Title: mug(i), Quantity: 30}))
		}
	}
	for i := 0; i < n; i += 2 {
		r.Shops[0].Sell(units(refs[0][i], 1+int64(i%3)))
	}
	r.PullListings(0)
	r.PullListings(1)
	return r, refs
}

// TestSellerHasALargeStore: nothing of what is done to a whole store fails because it is more than one transaction takes.
func TestSellerHasALargeStore(t *testing.T) {
	const n = 1_700 // a transaction takes 1,638 writes with so small a table
	for _, w := range wholes {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			r, refs := seller(t, n, db.Options{MemTable: 1 << 20})
			if w.before != nil {
				w.before(r, refs)
			}
			if err := w.do(r); err != nil {
				t.Fatal(err)
			}
			r.Cycle(2 * time.Minute)
			r.sound()
		})
	}
}

// TestSellerCrashesBetweenAnyTwoPieces ends the program at every commit of what is done to a whole store. Nothing is half
// done after the next start, and doing it again comes to what it comes to without a crash.
func TestSellerCrashesBetweenAnyTwoPieces(t *testing.T) {
	const n = 6
	for _, w := range wholes {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			want, commits := crashing(t, w, n, 0)
			if commits < 2 {
				t.Fatalf("it is done in %d commits; the test is of no use", commits)
			}
			for at := 1; at <= commits; at++ {
				got, _ := crashing(t, w, n, at)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("killed at commit %d of %d (-without +with a crash):\n%s", at, commits, diff)
				}
			}
		})
	}
}

// crashing does something and is killed at a commit of it, 0 for none; then it does it again. It returns what it came to,
// and how many commits the first time had.
func crashing(t *testing.T, w whole, n, at int) (outcome, int) {
	t.Helper()
	r, refs := seller(t, n, db.Options{Piece: 1})
	if w.before != nil {
		w.before(r, refs)
	}
	commits := 0
	r.DB.BeforeCommit(func() error {
		if commits++; commits == at {
			panic(killed{})
		}
		return nil
	})
	func() {
		defer func() {
			if p := recover(); p != nil && p != any(killed{}) {
				panic(p)
			}
		}()
		r.must(w.do(r))
	}()
	r.DB.BeforeCommit(nil)
	if at > 0 {
		r.StartEngine()
		r.sound()
		r.must(w.do(r))
	}
	r.Cycle(time.Hour)
	r.sound()
	return r.cameTo(refs), commits
}

// sound checks that nothing is half done.
func (r *Rig) sound() {
	r.T.Helper()
	r.Verify()
	for i := range r.Stores {
		s := r.storeAt(i)
		if s.Turning || s.Leaving != "" || len(s.Marking)+len(s.Forgetting) > 0 {
			r.T.Fatalf("something of %s is unfinished: %+v", s.Name, s)
		}
		r.must(r.DB.View(func(tx *db.Tx) error {
			for spot := range tx.DirtyOf(s.ID) {
				if !s.On() {
					return fmt.Errorf("number %s of %s is marked and its sync is off", spot, s.Name)
				}
			}
			return nil
		}))
	}
}

// outcome is what a seller sees of his shops and books.
type outcome struct {
	Stock map[string]map[uint32]domain.Stock
	Shows [2][]int64
	On    [2]bool
	Left  [2]map[string]bool
	Lines map[string]db.Counts
	Links map[string]int
}

func (r *Rig) cameTo(refs [2][]channel.Ref) outcome {
	r.T.Helper()
	out := outcome{Stock: map[string]map[uint32]domain.Stock{}, Lines: map[string]db.Counts{}, Links: map[string]int{}}
	r.must(r.DB.View(func(tx *db.Tx) error {
		for at, s := range tx.Stocks() {
			it, err := tx.Item(at.Item)
			if err != nil {
				return err
			}
			if out.Stock[it.SKU] == nil {
				out.Stock[it.SKU] = map[uint32]domain.Stock{}
			}
			out.Stock[it.SKU][at.Loc] = s.Domain()
		}
		for it := range tx.Items() {
			links, err := tx.Links(it.ID)
			if err != nil {
				return err
			}
			out.Links[it.SKU] = len(links)
		}
		for i, id := range r.Stores {
			out.Left[i] = map[string]bool{}
			for spot, d := range tx.DirtyOf(id) {
				out.Left[i][spot] = d.Left
			}
			for l := range tx.LinesOf(id) {
				out.Lines[fmt.Sprint(i, "/", l.Order, "/", l.Ref)] = l.Now
			}
		}
		return nil
	}))
	for i := range refs {
		out.On[i] = r.storeAt(i).On()
		for _, ref := range refs[i] {
			out.Shows[i] = append(out.Shows[i], r.Shops[i].Quantity(ref))
		}
	}
	return out
}
