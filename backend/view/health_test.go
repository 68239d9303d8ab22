package view_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/db"
	"evenstock/backend/view"
)

func TestHealth(t *testing.T) {
	b := open(t)
	home, trade := b.store(db.Store{Name: "Home", Sync: db.SyncOn}), b.store(db.Store{Name: "Trade", Sync: db.SyncOn})
	removed := b.store(db.Store{Name: "Closed", Removed: true})
	mug, near, unset := b.item("MUG-350", "Mug"), b.item("mug350", "Mug?"), b.item("CUP", "Cup")
	b.count(mug, 1)
	b.count(near, 1)
	b.list(home, "1", mug)
	b.list(home, "2", mug)
	b.list(trade, "3", mug)
	b.list(home, "4", db.Item{})
	b.list(home, "5", unset, func(l *db.Listing) { l.Tracked = false })
	b.list(home, "6", near, func(l *db.Listing) { l.Shared = true })
	b.list(home, "7", db.Item{}, func(l *db.Listing) { l.Gone = true })
	b.list(removed, "8", db.Item{})
	b.list(trade, "9", near, func(l *db.Listing) { l.Renamed = "MUG-351" })
	b.mark(b.list(trade, "10", near), db.Dirty{Held: "It would go to zero."})
	b.order(db.Order{Store: home.ID, Ref: "a", Number: "1001", Placed: 1, Review: "Were they counted already?"},
		db.Line{Ref: "1", SKU: "Mug 350", Now: db.Counts{Ordered: 2}})
	b.order(db.Order{Store: home.ID, Ref: "b", Number: "1002", Placed: 2}, db.Line{Ref: "1", SKU: "nothing like it", Now: db.Counts{Ordered: 2}})
	b.order(db.Order{Store: home.ID, Ref: "c", Number: "1003", Placed: 2, Ignored: true}, db.Line{Ref: "1", SKU: "Mug 350"})

	h, err := b.Health()
	if err != nil {
		t.Fatal(err)
	}
	refs := func(list []view.Listing) []string {
		out := []string{}
		for _, l := range list {
			out = append(out, l.Ref)
		}
		return out
	}
	for _, tc := range []struct {
		name      string
		got, want any
	}{
		{"no SKU", refs(h.NoSKU), []string{"4"}},
		{"untracked", refs(h.Untracked), []string{"5"}},
		{"shared", refs(h.Shared), []string{"6"}},
		{"renamed", refs(h.Renamed), []string{"9"}},
		{"held", refs(h.Held), []string{"10"}},
		{"near SKUs", h.NearSKU, []view.NearPair{{A: "MUG-350", B: "mug350"}}},
		{"duplicates", len(h.DuplicateSKU), 2},
		{"duplicate in Home", refs(h.DuplicateSKU[0].Listings), []string{"1", "2"}},
		{"unset", h.Unset[0].SKU, "CUP"},
		{"review", h.Review, []view.ReviewItem{{Store: "Home", Order: "a", Number: "1001", Question: "Were they counted already?"}}},
		{"unmatched", h.UnmatchedLines, []view.Unmatched{
			{Line: view.Line{ID: "1/a/1", Ref: "1", SKU: "Mug 350", Ordered: 2}, Store: "Home", Order: "a", Number: "1001", Suggested: p("MUG-350")},
			{Line: view.Line{ID: "1/b/1", Ref: "1", SKU: "nothing like it", Ordered: 2}, Store: "Home", Order: "b", Number: "1002"},
		}},
	} {
		if diff := cmp.Diff(tc.want, tc.got); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
	}
}

func TestRuns(t *testing.T) {
	b := open(t)
	b.write(func(tx *db.Tx) error {
		for i := range 5 {
			if _, err := tx.NewRun(db.Run{Store: uint32(1 + i%2), StartedAt: int64(100 + i)}); err != nil {
				return err
			}
		}
		return nil
	})
	started := func(store uint32, offset, limit int) []int64 {
		t.Helper()
		runs, err := b.Runs(store, offset, limit)
		if err != nil {
			t.Fatal(err)
		}
		out := []int64{}
		for _, r := range runs {
			if r.Errors == nil {
				t.Error("errors are null")
			}
			out = append(out, r.StartedAt)
		}
		return out
	}
	for _, tc := range []struct{ got, want []int64 }{
		{started(0, 0, 0), []int64{104, 103, 102, 101, 100}},
		{started(0, 1, 2), []int64{103, 102}},
		{started(2, 0, 9), []int64{103, 101}},
		{started(1, 2, 9), []int64{100}},
		{started(3, 0, 9), []int64{}},
		{started(0, 9, 9), []int64{}},
	} {
		if diff := cmp.Diff(tc.want, tc.got); diff != "" {
			t.Error(diff)
		}
	}
}
