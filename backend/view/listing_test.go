package view_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/view"
)

func TestListingStates(t *testing.T) {
	for _, tc := range []struct {
		name    string
		store   func(*db.Store)
		listing func(*db.Listing)
		unset   bool
		mark    *db.Dirty
		status  string
		state   string
		target  *int64
		because string
	}{
		{name: "even", status: "active", state: "even", target: p[int64](46)},
		{name: "changed in the shop", listing: func(l *db.Listing) { l.DriftSince = 1 }, status: "active", state: "even",
			target: p[int64](46), because: "changed in the shop"},
		{name: "due", mark: &db.Dirty{}, status: "active", state: "due", target: p[int64](46), because: "Waiting to be sent."},
		{name: "failed twice", mark: &db.Dirty{Fails: 2, Message: "The shop is busy."}, status: "active", state: "due",
			target: p[int64](46), because: "The shop is busy."},
		{name: "failed five times", mark: &db.Dirty{Fails: 5, Message: "The shop refused it."}, status: "active",
			state: "refused", target: p[int64](46), because: "The shop refused it."},
		{name: "outcome unknown", mark: &db.Dirty{Unknown: true}, status: "active", state: "due", target: p[int64](46),
			because: "did not confirm"},
		{name: "lower than expected", mark: &db.Dirty{LowAt: 5}, status: "active", state: "due", target: p[int64](46),
			because: "less than expected"},
		{name: "held", mark: &db.Dirty{Held: "It would go to zero."}, status: "active", state: "held", target: p[int64](46),
			because: "It would go to zero."},
		{name: "left", mark: &db.Dirty{Left: true}, status: "active", state: "left", target: p[int64](46), because: "Left as it is"},
		{name: "sync off", store: func(s *db.Store) { s.Sync = db.SyncOff }, status: "active", state: "off",
			target: p[int64](46), because: "Inventory sync is off for Home"},
		{name: "paused", store: func(s *db.Store) { s.Paused = true }, mark: &db.Dirty{}, status: "active", state: "due",
			target: p[int64](46), because: "paused"},
		{name: "key refused", store: func(s *db.Store) { s.Needs = "auth"; s.NeedsText = "Home refused the key." },
			mark: &db.Dirty{}, status: "active", state: "due", target: p[int64](46), because: "Home refused the key."},
		{name: "unset", unset: true, mark: &db.Dirty{}, status: "active", state: "off", because: "Needs a first count."},
		{name: "draft left out", listing: func(l *db.Listing) { l.Status = "draft" }, status: "draft", state: "off",
			because: "Not synced (draft)"},
		{name: "draft included", store: func(s *db.Store) { s.IncludeDrafts = true },
			listing: func(l *db.Listing) { l.Status = "draft" }, status: "draft", state: "even", target: p[int64](46)},
		{name: "gone", listing: func(l *db.Listing) { l.Gone = true }, status: "gone", state: "off", because: "no longer in the shop"},
		{name: "untracked", listing: func(l *db.Listing) { l.Tracked = false }, status: "untracked", state: "off",
			because: "keeps no stock"},
		{name: "shared", listing: func(l *db.Listing) { l.Shared = true }, status: "shared", state: "off", because: "shares one stock"},
		{name: "rule of the store", store: func(s *db.Store) { s.Rule = domain.Rule{Buffer: 6} }, status: "active",
			state: "even", target: p[int64](40)},
		{name: "rule of the listing first", store: func(s *db.Store) { s.Rule = domain.Rule{Buffer: 6} },
			listing: func(l *db.Listing) { l.Rule = domain.Rule{Buffer: 1, Maximum: 30} }, status: "active", state: "even",
			target: p[int64](30)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := open(t)
			s := db.Store{Name: "Home", Sync: db.SyncOn}
			if tc.store != nil {
				tc.store(&s)
			}
			s = b.store(s)
			it := b.item("APPLE", "Apples")
			if !tc.unset {
				b.count(it, 50)
			}
			b.book(it, db.Cause{}, 4)
			change := tc.listing
			if change == nil {
				change = func(*db.Listing) {}
			}
			l := b.list(s, "1", it, change)
			if tc.mark != nil {
				b.mark(l, *tc.mark)
			}
			product, err := b.Product(" APPLE ")
			if err != nil {
				t.Fatal(err)
			}
			got := product.Online[0]
			if got.Status != tc.status || got.State != tc.state || !strings.Contains(got.Reason, tc.because) ||
				tc.because == "" && got.Reason != "" {
				t.Errorf("status %q, state %q, reason %q", got.Status, got.State, got.Reason)
			}
			if diff := cmp.Diff(tc.target, got.Target); diff != "" {
				t.Errorf("target: %s", diff)
			}
			if cell := product.Stores[0].State; cell != tc.state {
				t.Errorf("the matrix of the product says %q", cell)
			}
			if cell := b.grid(view.StockQuery{}).Rows[0].Stores[0].State; cell != tc.state {
				t.Errorf("the matrix of the list says %q", cell)
			}
			all, err := b.Listings(s.ID, "APPLE")
			if diff := cmp.Diff([]view.Listing{got}, all); diff != "" || err != nil {
				t.Errorf("the list of listings differs: %v %s", err, diff)
			}
		})
	}
}

func TestListingOnlineFields(t *testing.T) {
	b := open(t)
	b.SetLive(view.Live{Limit: func(uint32) int64 { return 999 }})
	home := b.store(db.Store{Name: "Home", Sync: db.SyncOn})
	seen := b.store(db.Store{Name: "Seen", Sync: db.SyncOn, Channel: "shopify"})
	it := b.item("APPLE", "Apples")
	b.count(it, 5000)
	b.list(home, "11", it, func(l *db.Listing) { l.Parent, l.Variant, l.Quantity, l.ReadAt = "10", "Red", p[int64](3), 777 })
	b.list(seen, "5", it)
	b.write(func(tx *db.Tx) error {
		if err := tx.PutPushed(home.ID, "11", db.Pushed{Value: 0, At: 555}); err != nil {
			return err
		}
		return tx.PutPushed(seen.ID, "5", db.Pushed{Value: 8, At: 444, Seen: true})
	})
	product, err := b.Product("APPLE")
	want := []view.Listing{
		{Store: "Home", StoreID: home.ID, Channel: "woocommerce", Ref: "11", ParentRef: "10", SKU: "APPLE", Title: "Apples",
			Variant: "Red", Status: "active", Linked: true, StoreHas: p[int64](3), ReadAt: p[int64](777), State: "even",
			Reason: "Home takes no more than 999 of a listing, so that is sent.",
			Number: view.Number{Target: p[int64](999), LastPushed: p[int64](0), LastPushedAt: p[int64](555)}},
		{Store: "Seen", StoreID: seen.ID, Channel: "shopify", Ref: "5", SKU: "APPLE", Title: "Apples", Status: "active",
			Linked: true, Number: view.Number{Target: p[int64](999)}, State: "even",
			Reason: "Seen takes no more than 999 of a listing, so that is sent."},
	}
	if diff := cmp.Diff(want, product.Online); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestListingsWithoutProduct(t *testing.T) {
	b := open(t)
	home := b.store(db.Store{Name: "Home"})
	b.store(db.Store{Name: "Other"})
	b.list(home, "1", db.Item{})
	b.list(home, "2", db.Item{SKU: "LOOSE"})
	got, err := b.Listings(0, "")
	if err != nil || len(got) != 2 {
		t.Fatalf("%d listings, %v", len(got), err)
	}
	if got[0].Status != view.StatusNoSKU || got[0].Linked || got[0].State != view.Off || got[0].Target != nil {
		t.Errorf("without SKU: %+v", got[0])
	}
	if got[1].Linked || got[1].Reason != "This listing is linked to no product." {
		t.Errorf("not linked: %+v", got[1])
	}
}
