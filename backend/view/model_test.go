package view_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/view"
)

// TestModelEqualsFreshOpen changes the books at random, asks in between so that the model is brought up to date in
// pieces of every size, and compares all answers with those of a view that was just opened.
func TestModelEqualsFreshOpen(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d, err := db.Open("")
		if err != nil {
			rt.Fatal(err)
		}
		defer d.Close()
		v := reopen(t, d)
		d.OnCommit(v.Update)
		w := world{rt: rt, db: d}
		for range 3 {
			w.addStore()
		}
		rt.Repeat(map[string]func(*rapid.T){
			"add product":  func(*rapid.T) { w.addItem() },
			"name product": func(*rapid.T) { w.nameItem() },
			"move stock":   func(*rapid.T) { w.moveStock() },
			"list":         func(*rapid.T) { w.list() },
			"mark":         func(*rapid.T) { w.mark() },
			"switch store": func(*rapid.T) { w.switchStore() },
			"ask":          func(*rapid.T) { answers(t, v) },
			"compare":      func(*rapid.T) { compare(t, rt, v, reopen(t, d)) },
		})
		compare(t, rt, v, reopen(t, d))
	})
}

var (
	texts   = []string{"a", "b a", "mug", "zzz", ""}
	sorts   = []string{"sku", "-sku", "title", "-inStock", "available", "-available", "booked", "changed"}
	filters = []string{"", view.FilterOversold, view.FilterUnset, view.FilterZero}
)

// answers are all that comes from the model: few enough questions for all of them to be remembered between two commits.
func answers(t *testing.T, v *view.View) (windows []view.StockWindow, stores []view.Store) {
	t.Helper()
	for i, sort := range sorts {
		for _, q := range []view.StockQuery{{Sort: sort}, {Sort: sort, Query: texts[i%len(texts)]},
			{Sort: sort, Filter: filters[i%len(filters)], Store: uint32(i % 3)}} {
			w, err := v.Stock(q)
			if err != nil {
				t.Fatal(err)
			}
			windows = append(windows, w)
		}
	}
	stores, err := v.Stores(0)
	if err != nil {
		t.Fatal(err)
	}
	return windows, stores
}

func compare(t *testing.T, rt *rapid.T, kept, fresh *view.View) {
	t.Helper()
	gotRows, gotStores := answers(t, kept)
	wantRows, wantStores := answers(t, fresh)
	if diff := cmp.Diff(wantRows, gotRows, cmpopts.IgnoreFields(view.StockWindow{}, "Version")); diff != "" {
		rt.Fatalf("stock: %s", diff)
	}
	if diff := cmp.Diff(wantStores, gotStores); diff != "" {
		rt.Fatalf("stores: %s", diff)
	}
}

// world makes random changes to the books.
type world struct {
	rt     *rapid.T
	db     *db.DB
	items  []db.Item
	stores []db.Store
}

func (w *world) write(fn func(*db.Tx) error) {
	if err := w.db.Update(noon, fn); err != nil {
		w.rt.Fatal(err)
	}
}

func (w *world) pick(n int, what string) int { return rapid.IntRange(0, n-1).Draw(w.rt, what) }

func (w *world) addStore() {
	w.write(func(tx *db.Tx) error {
		s, err := tx.PutStore(db.Store{Name: fmt.Sprint("S", len(w.stores)), Account: fmt.Sprint(len(w.stores)), Channel: "x", Sync: db.SyncOn})
		w.stores = append(w.stores, s)
		return err
	})
}

func (w *world) addItem() {
	w.write(func(tx *db.Tx) error {
		it, err := tx.PutItem(db.Item{SKU: fmt.Sprintf("%s%d", rapid.SampledFrom([]string{"a", "B", "mug"}).Draw(w.rt, "sku"), len(w.items))})
		w.items = append(w.items, it)
		return err
	})
}

func (w *world) nameItem() {
	if len(w.items) == 0 {
		return
	}
	it := &w.items[w.pick(len(w.items), "item")]
	it.Title = rapid.SampledFrom([]string{"", "Ä b", "mug a", "zzz"}).Draw(w.rt, "title")
	w.write(func(tx *db.Tx) error {
		_, err := tx.PutItem(*it)
		return err
	})
}

func (w *world) moveStock() {
	if len(w.items) == 0 {
		return
	}
	it := w.items[w.pick(len(w.items), "item")]
	w.write(func(tx *db.Tx) error {
		_, err := tx.Append(db.Movement{Item: it.ID, Loc: db.DefaultLoc, Kind: domain.Adjusted,
			OnHand: int64(w.pick(5, "stock")) - 1, Booked: int64(w.pick(3, "booked")) - 1}, rapid.Bool().Draw(w.rt, "counted"))
		return err
	})
}

// list writes a listing new or changed, and moves it to another product or to none.
func (w *world) list() {
	s := w.stores[w.pick(len(w.stores), "store")]
	link := db.Link{Store: s.ID, Ref: fmt.Sprint(w.pick(6, "ref"))}
	l := db.Listing{Store: s.ID, Ref: link.Ref, SKU: "-", Tracked: rapid.Bool().Draw(w.rt, "tracked"),
		Gone: w.pick(4, "gone") == 0, Shared: w.pick(4, "shared") == 0,
		Status: rapid.SampledFrom([]string{"active", "draft", "archived"}).Draw(w.rt, "status")}
	if n := w.pick(len(w.items)+1, "item"); n > 0 {
		l.Item = w.items[n-1].ID
	} else if rapid.Bool().Draw(w.rt, "no sku") {
		l.SKU = ""
	}
	w.write(func(tx *db.Tx) error {
		if old, err := tx.Listing(s.ID, l.Ref); err == nil && old.Item != 0 && old.Item != l.Item {
			if err := tx.Unlink(old.Item, link); err != nil {
				return err
			}
		}
		if err := tx.PutListing(l); err != nil || l.Item == 0 {
			return err
		}
		return tx.Link(l.Item, link)
	})
}

func (w *world) mark() {
	s, ref := w.stores[w.pick(len(w.stores), "store")], fmt.Sprint(w.pick(6, "ref"))
	d := db.Dirty{Gen: 1, Left: w.pick(4, "left") == 0, Fails: int64(w.pick(7, "fails"))}
	if w.pick(4, "held") == 0 {
		d.Held = "It would go to zero."
	}
	w.write(func(tx *db.Tx) error {
		if _, err := tx.Listing(s.ID, ref); err != nil {
			return nil
		}
		if w.pick(3, "clean") == 0 {
			return tx.Clean(s.ID, ref)
		}
		return tx.PutDirty(s.ID, ref, d)
	})
}

func (w *world) switchStore() {
	s := &w.stores[w.pick(len(w.stores), "store")]
	s.Sync = rapid.SampledFrom([]db.SyncState{db.SyncOn, db.SyncOff}).Draw(w.rt, "sync")
	s.IncludeDrafts, s.Removed = rapid.Bool().Draw(w.rt, "drafts"), w.pick(4, "removed") == 0
	s.Paused = rapid.Bool().Draw(w.rt, "paused")
	w.write(func(tx *db.Tx) error {
		_, err := tx.PutStore(*s)
		return err
	})
}
