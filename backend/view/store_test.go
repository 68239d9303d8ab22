package view_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/db"
	"evenstock/backend/view"
)

func (b *books) stores(now int64) []view.Store {
	b.t.Helper()
	out, err := b.Stores(now)
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

func TestStores(t *testing.T) {
	b := open(t)
	home := b.store(db.Store{Name: "Home", URL: "http://home.example", Account: "acc", Sync: db.SyncOn})
	b.store(db.Store{Name: "Closed", Removed: true, Sync: db.SyncOn})
	b.store(db.Store{Name: "Trade", Needs: "auth", NeedsText: "Trade refused the key.", Every: 60_000, Practice: true,
		Warnings: []string{"Stock management is switched off."}, Statuses: []string{"wc-packed"},
		StatusMap: map[string]string{"wc-packed": "booked"}, IncludeDrafts: true})
	b.write(func(tx *db.Tx) error {
		return tx.PutLane(home.ID, db.Lane{OrderPull: 100, InventorySync: 200, ListingSync: 300, LastError: "Home does not answer.",
			CoolUntil: 900, NotBefore: 800})
	})
	want := []view.Store{
		{ID: 1, Name: "Home", Channel: "woocommerce", URL: "http://home.example", AccountID: "acc", Sync: "on", Every: 600_000, ListingEvery: 60_000,
			LastOrderPull: p[int64](100), LastInventorySync: p[int64](200), LastListingSync: p[int64](300), Warnings: []string{},
			LastError: "Home does not answer.", RetryAt: p[int64](900), Statuses: []string{}, StatusMap: map[string]string{}},
		{ID: 3, Name: "Trade", Channel: "woocommerce", AccountID: "Trade", Sync: "off", Needs: p("auth"),
			NeedsText: "Trade refused the key.", IncludeDrafts: true, Every: 60_000, ListingEvery: 60_000, Practice: true,
			Warnings: []string{"Stock management is switched off."}, Statuses: []string{"wc-packed"},
			StatusMap: map[string]string{"wc-packed": "booked"}},
	}
	if diff := cmp.Diff(want, b.stores(500)); diff != "" {
		t.Error(diff)
	}
	if s := b.stores(900)[0]; s.RetryAt != nil {
		t.Errorf("asked again at %d, which has come", *s.RetryAt)
	}
	b.SetLive(view.Live{ListingEvery: func(uint32) time.Duration { return 12 * time.Hour }, Rehearsing: func(id uint32) bool { return id == 3 },
		Progress: func(id uint32) *view.Progress { return &view.Progress{Store: id} }})
	if s := b.stores(0)[1]; s.Sync != "rehearsing" || s.Activity.Store != 3 || s.ListingEvery != 43_200_000 {
		t.Errorf("while rehearsing: %q %+v", s.Sync, s.Activity)
	}
}

func TestStoresPaused(t *testing.T) {
	b := open(t)
	b.store(db.Store{Name: "Home"})
	own := b.store(db.Store{Name: "Trade", Paused: true})
	paused := func() [2]bool { s := b.stores(0); return [2]bool{s[0].Paused, s[1].Paused} }
	if got := paused(); got != [2]bool{false, true} {
		t.Errorf("only Trade is paused: %v", got)
	}
	b.write(func(tx *db.Tx) error { return tx.SetMeta("paused", "1") })
	if all, err := b.Paused(); err != nil || !all || paused() != [2]bool{true, true} {
		t.Errorf("all are paused: %v %v %v", all, err, paused())
	}
	own.Paused = false
	b.store(own)
	b.write(func(tx *db.Tx) error { return tx.SetMeta("paused", "0") })
	if all, err := b.Paused(); err != nil || all || paused() != [2]bool{} {
		t.Errorf("none is paused: %v %v %v", all, err, paused())
	}
}

// TestCooldown is product.md M5 as it is shown; whether a hard refresh is accepted is the engine's to decide.
func TestCooldown(t *testing.T) {
	const accepted, hour = 1_000_000_000_000, 3_600_000
	for _, tc := range []struct {
		name string
		h    db.HardRefresh
		skew int64
		now  int64
		want int64
	}{
		{"never", db.HardRefresh{}, 0, accepted, 0},
		{"just accepted", db.HardRefresh{Local: accepted}, 0, accepted, 14_400},
		{"3:59:59 later", db.HardRefresh{Local: accepted}, 0, accepted + 4*hour - 1000, 1},
		{"a millisecond before the end", db.HardRefresh{Local: accepted}, 0, accepted + 4*hour - 1, 1},
		{"4:00:00 later", db.HardRefresh{Local: accepted}, 0, accepted + 4*hour, 0},
		{"days later", db.HardRefresh{Local: accepted}, 0, accepted + 100*hour, 0},
		{"our clock was set back", db.HardRefresh{Local: accepted}, 0, accepted - 9*hour, 14_400},
		{"by the store's clock, ours an hour behind", db.HardRefresh{Local: accepted, Store: accepted + hour}, hour, accepted + hour, 10_800},
		{"ours set three hours forward since, the store's did not move", db.HardRefresh{Local: accepted, Store: accepted}, -3 * hour, accepted + 4*hour, 10_800},
		{"broke off", db.HardRefresh{Local: accepted, Broken: true}, 0, accepted + hour, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := open(t)
			s := b.store(db.Store{Name: "Home"})
			b.write(func(tx *db.Tx) error { return tx.PutLane(s.ID, db.Lane{Inventory: tc.h, Skew: tc.skew}) })
			if got := b.stores(tc.now)[0].Cooldown; got != (view.Cooldown{Inventory: tc.want}) {
				t.Errorf("%+v, want %d s for inventory", got, tc.want)
			}
			b.write(func(tx *db.Tx) error { return tx.PutLane(s.ID, db.Lane{Listings: tc.h, Skew: tc.skew}) })
			if got := b.stores(tc.now)[0].Cooldown; got != (view.Cooldown{Listings: tc.want}) {
				t.Errorf("%+v, want %d s for listings", got, tc.want)
			}
		})
	}
}

func TestStoreCounts(t *testing.T) {
	b := open(t)
	s := b.store(db.Store{Name: "Home", Sync: db.SyncOn})
	mug, cup := b.item("MUG", "Mug"), b.item("CUP", "Cup")
	b.count(mug, 5)
	due := b.list(s, "1", mug)
	held := b.list(s, "2", mug)
	b.list(s, "3", mug, func(l *db.Listing) { l.Tracked = false })
	b.list(s, "4", mug, func(l *db.Listing) { l.Gone = true })
	b.list(s, "5", db.Item{})
	unset := b.list(s, "6", cup)
	b.mark(due, db.Dirty{})
	b.mark(held, db.Dirty{Held: "It would go to zero."})
	b.mark(unset, db.Dirty{})
	expect := func(when string, want view.StoreCounts) {
		t.Helper()
		if got := b.stores(0)[0].Counts; got != want {
			t.Errorf("%s: %+v, want %+v", when, got, want)
		}
	}
	expect("at first", view.StoreCounts{Listings: 5, Linked: 4, NoSKU: 1, Untracked: 1, Due: 1, Held: 1})
	b.count(cup, 1)
	expect("the unset one was counted", view.StoreCounts{Listings: 5, Linked: 4, NoSKU: 1, Untracked: 1, Due: 2, Held: 1})
	b.write(func(tx *db.Tx) error { return tx.Clean(s.ID, due.Ref) })
	expect("one was sent", view.StoreCounts{Listings: 5, Linked: 4, NoSKU: 1, Untracked: 1, Due: 1, Held: 1})
	s.Sync = db.SyncOff
	b.store(s)
	expect("sync is off", view.StoreCounts{Listings: 5, Linked: 4, NoSKU: 1, Untracked: 1})
}
