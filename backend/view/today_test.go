package view_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/view"
)

func (b *books) today(now time.Time) view.Today {
	b.t.Helper()
	out, err := b.Today(now)
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

// move appends a movement of Booked units at a time.
func (b *books) move(at time.Time, it db.Item, kind domain.Kind, booked int64) {
	b.t.Helper()
	b.writeAt(at, func(tx *db.Tx) error {
		s, err := tx.Stock(it.ID, db.DefaultLoc)
		if err != nil {
			return err
		}
		_, err = tx.Append(db.Movement{Item: it.ID, Loc: db.DefaultLoc, Kind: kind, Booked: booked, Actor: "sync"}, s.Counted)
		return err
	})
}

func units(days []view.SoldDay) []int64 {
	var out []int64
	for _, d := range days {
		out = append(out, d.Units)
	}
	return out
}

func TestTodayNeverUsed(t *testing.T) {
	got := open(t).today(noon)
	if len(got.Sold) != view.SoldDays || got.Needs == nil || got.RunningOut == nil || got.Runs == nil {
		t.Errorf("%+v", got)
	}
}

func TestTodaySold(t *testing.T) {
	zone := time.FixedZone("east", 5*3600)
	now := time.Date(2026, 8, 17, 1, 0, 0, 0, zone)
	day := func(ago int, hour int) time.Time { return time.Date(2026, 8, 17-ago, hour, 0, 0, 0, zone) }
	b := open(t)
	mug := b.item("MUG", "Mug")
	b.move(day(20, 9), mug, domain.Booked, 100)
	b.move(day(14, 23), mug, domain.Booked, 50)
	b.move(day(13, 0), mug, domain.Booked, 7)
	b.move(day(1, 0), mug, domain.Booked, 2)
	b.move(day(1, 23), mug, domain.Booked, 3)
	b.move(day(1, 23), mug, domain.Released, -3)
	b.move(day(0, 0), mug, domain.Booked, 1)

	want := []int64{7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 1}
	if diff := cmp.Diff(want, units(b.today(now).Sold)); diff != "" {
		t.Error(diff)
	}
	b.move(day(0, 1), mug, domain.Booked, 4)
	want[13] = 5
	if diff := cmp.Diff(want, units(b.today(now).Sold)); diff != "" {
		t.Errorf("after one more order: %s", diff)
	}
	next := b.today(now.AddDate(0, 0, 1)).Sold
	if diff := cmp.Diff(append(want[1:], 0), units(next)); diff != "" || next[13].At != day(-1, 0).UnixMilli() {
		t.Errorf("the day after: %s", diff)
	}
	if diff := cmp.Diff(want, units(b.today(now).Sold)); diff != "" {
		t.Errorf("with the clock set back a day: %s", diff)
	}
}

// TestTodaySoldOverClockChange has days of 23 and 25 hours.
func TestTodaySoldOverClockChange(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones on this computer")
	}
	for _, now := range []time.Time{time.Date(2026, 3, 30, 0, 30, 0, 0, zone), time.Date(2026, 10, 26, 0, 30, 0, 0, zone)} {
		b := open(t)
		mug := b.item("MUG", "Mug")
		b.move(now.Add(-time.Hour), mug, domain.Booked, 2)
		b.move(now, mug, domain.Booked, 3)
		if got := units(b.today(now).Sold); got[12] != 2 || got[13] != 3 {
			t.Errorf("%s: %v", now, got)
		}
	}
}

func TestTodayRunningOut(t *testing.T) {
	b := open(t)
	sells := func(sku string, inStock, sold int64) {
		it := b.item(sku, sku)
		b.count(it, inStock+sold)
		b.move(noon, it, domain.Booked, sold)
	}
	sells("SLOW", 300, 1)
	sells("GONE", 0, 9)
	sells("OVER", -2, 9)
	sells("WEEK", 7, 14)
	sells("SOON", 1, 14)
	sells("EDGE", 30, 14)
	sells("LATE", 31, 14)
	unset := b.item("UNSET", "Unset")
	b.move(noon, unset, domain.Booked, 5)
	want := []view.RunningOut{
		{SKU: "SOON", Title: "SOON", Available: 1, Sold: 14, Days: 1},
		{SKU: "WEEK", Title: "WEEK", Available: 7, Sold: 14, Days: 7},
		{SKU: "EDGE", Title: "EDGE", Available: 30, Sold: 14, Days: 30},
	}
	if diff := cmp.Diff(want, b.today(noon).RunningOut); diff != "" {
		t.Error(diff)
	}
	for _, sku := range []string{"A", "B", "C", "D", "E", "F", "G"} {
		sells(sku, 2, 14)
	}
	if got := b.today(noon).RunningOut; len(got) != 8 || got[0].SKU != "SOON" || got[7].SKU != "G" {
		t.Errorf("the most urgent 8: %+v", got)
	}
}

func TestTodayRuns(t *testing.T) {
	b := open(t)
	midnight := time.Date(2026, 8, 17, 0, 0, 0, 0, time.UTC).UnixMilli()
	b.write(func(tx *db.Tx) error {
		for i := range int64(8) {
			if _, err := tx.NewRun(db.Run{StartedAt: midnight + i, Kind: db.RunSync, Written: 2}); err != nil {
				return err
			}
		}
		_, err := tx.NewRun(db.Run{StartedAt: midnight - 1, Kind: db.RunSync, Written: 100})
		return err
	})
	got := b.today(noon)
	if got.SentToday != 16 || len(got.Runs) != 6 || got.Runs[0].StartedAt != midnight+7 || got.Runs[0].Errors == nil {
		t.Errorf("sent %d, runs %+v", got.SentToday, got.Runs)
	}
}

func TestTodaySentByDay(t *testing.T) {
	zone := time.FixedZone("east", 5*3600)
	now := time.Date(2026, 8, 17, 1, 0, 0, 0, zone)
	b := open(t)
	run := func(at time.Time, written int64) {
		t.Helper()
		b.write(func(tx *db.Tx) error {
			_, err := tx.NewRun(db.Run{StartedAt: at.UnixMilli(), Kind: db.RunSync, Written: written})
			return err
		})
	}
	run(now.AddDate(0, 0, -view.SoldDays), 100) // too long ago
	run(now.AddDate(0, 0, 1-view.SoldDays), 7)
	run(now.Add(-90*time.Minute), 2) // yesterday there
	run(now.Add(-time.Minute), 3)
	sent := func(now time.Time) (numbers []int64) {
		for _, d := range b.today(now).Sent {
			numbers = append(numbers, d.Numbers)
		}
		return numbers
	}
	want := make([]int64, view.SoldDays)
	want[0], want[view.SoldDays-2], want[view.SoldDays-1] = 7, 2, 3
	if diff := cmp.Diff(want, sent(now)); diff != "" {
		t.Error(diff)
	}
	run(now, 4)
	want[view.SoldDays-1] = 7
	if diff := cmp.Diff(want, sent(now)); diff != "" {
		t.Error(diff)
	}
	want = append(want[1:], 0)
	if diff := cmp.Diff(want, sent(now.AddDate(0, 0, 1))); diff != "" {
		t.Error(diff)
	}
}

func TestTodayNeeds(t *testing.T) {
	const minute = 60_000
	now := noon.UnixMilli()
	b := open(t)
	home := b.store(db.Store{Name: "Home", Sync: db.SyncOn})
	refused := b.store(db.Store{Name: "Keys", Sync: db.SyncOn, Needs: "auth", NeedsText: "Keys refused the key."})
	silent := b.store(db.Store{Name: "Silent", Sync: db.SyncOn})
	late := b.store(db.Store{Name: "Late", Sync: db.SyncOn, Every: 10 * minute})
	off := b.store(db.Store{Name: "Off"})
	removed := b.store(db.Store{Name: "Removed", Sync: db.SyncOn, Removed: true})
	ends := db.KeyEnd{Field: "clientSecret", At: now + 1, Warn: now, Renew: "Make another."}
	soon := b.store(db.Store{Name: "Soon", KeyEnd: ends})
	b.store(db.Store{Name: "Later", KeyEnd: db.KeyEnd{Field: ends.Field, At: now + 2, Warn: now + 1}})
	b.store(db.Store{Name: "Ended", Needs: "auth", Removed: true, KeyEnd: ends})
	mug, cup, bowl := b.item("MUG", "Mug"), b.item("CUP", "Cup"), b.item("BOWL", "Bowl")
	b.count(mug, 5)
	b.count(bowl, 1)
	b.book(bowl, db.Cause{}, 2)
	_ = cup // never counted
	b.mark(b.list(home, "1", mug), db.Dirty{Held: "It would go to zero."})
	b.mark(b.list(home, "2", mug), db.Dirty{Fails: view.RefusedAfter})
	b.mark(b.list(home, "3", mug), db.Dirty{Fails: view.RefusedAfter - 1})
	renamed := func(l *db.Listing) { l.Renamed = "MUG-2" }
	b.list(home, "4", mug, renamed)
	b.list(home, "5", mug, renamed, func(l *db.Listing) { l.Gone = true })
	b.list(removed, "6", mug, renamed)
	b.write(func(tx *db.Tx) error {
		for store, lane := range map[uint32]db.Lane{
			home.ID:    {OrderPull: now - 30*minute},
			refused.ID: {LastError: "Keys refused the key."},
			silent.ID:  {OrderPull: now, LastError: "Silent does not answer."},
			late.ID:    {OrderPull: now - 30*minute - 1},
			off.ID:     {LastError: "Off does not answer."},
		} {
			if err := tx.PutLane(store, lane); err != nil {
				return err
			}
		}
		for _, o := range []db.Order{{Store: home.ID, Ref: "1", Placed: 1, Review: "shipped_while_off"}, {Store: home.ID, Ref: "2", Placed: 2, Ignored: true}} {
			if err := tx.PutOrder(o); err != nil {
				return err
			}
			if err := tx.PutLine(db.Line{Store: home.ID, Order: o.Ref, Ref: "1", SKU: "NOPE", Now: db.Counts{Ordered: 1}}); err != nil {
				return err
			}
		}
		return nil
	})
	want := []view.Need{
		{Kind: view.NeedKeys, Count: 1, StoreID: refused.ID, Store: "Keys", Text: "Keys refused the key."},
		{Kind: view.NeedOrders, Count: 1, StoreID: silent.ID, Store: "Silent", Text: "Silent does not answer."},
		{Kind: view.NeedOrders, Count: 1, StoreID: late.ID, Store: "Late"},
		{Kind: view.NeedKeyEnds, Count: 1, StoreID: soon.ID, Store: "Soon", Text: "Make another.", By: ends.At},
		{Kind: view.NeedHeld, Count: 1, StoreID: home.ID, Store: "Home"},
		{Kind: view.NeedRefused, Count: 1, StoreID: home.ID, Store: "Home"},
		{Kind: view.NeedOversold, Count: 1},
		{Kind: view.NeedUnmatched, Count: 1},
		{Kind: view.NeedReview, Count: 1},
		{Kind: view.NeedRenamed, Count: 1},
		{Kind: view.NeedUnset, Count: 1},
	}
	got := b.today(noon)
	if diff := cmp.Diff(want, got.Needs); diff != "" {
		t.Error(diff)
	}
	if got.Products != 3 || got.Oversold != 1 {
		t.Errorf("products %d, oversold %d", got.Products, got.Oversold)
	}
	b.SetLive(view.Live{Progress: func(uint32) *view.Progress { return &view.Progress{} }})
	if diff := cmp.Diff([]view.Need{want[0], want[3]}, b.today(noon).Needs[:2]); diff != "" {
		t.Errorf("while orders are being read: %s", diff)
	}
}
