package bridge

import (
	"slices"
	"testing"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/db/dbtest"
	"evenstock/backend/desktop"
	"evenstock/backend/view"
)

func needing(kind string, store uint32, n int) view.Need {
	return view.Need{Kind: kind, StoreID: store, Store: "A", Count: n}
}

func TestNoticesAreWrittenOnce(t *testing.T) {
	key1, key2 := needing(view.NeedKeys, 1, 1), needing(view.NeedKeys, 2, 1)
	stale, held, more := needing(view.NeedOrders, 1, 1), needing(view.NeedHeld, 1, 3), needing(view.NeedHeld, 1, 5)
	type look struct {
		after time.Duration // since the look before
		is    []view.Need
		begun []view.Need
	}
	for _, c := range []struct {
		name  string
		looks []look
		kept  int
	}{
		{"once, for every store", []look{
			{0, []view.Need{key1}, []view.Need{key1}}, {time.Minute, []view.Need{key1, key2}, []view.Need{key2}},
			{24 * time.Hour, []view.Need{key1, key2}, nil}}, 2},
		{"again when it was over", []look{
			{0, []view.Need{held}, []view.Need{held}}, {time.Hour, nil, nil}, {time.Hour, []view.Need{held}, []view.Need{held}}}, 2},
		{"not again when it comes and goes", []look{
			{0, []view.Need{held}, []view.Need{held}}, {time.Minute, nil, nil}, {time.Minute, []view.Need{held}, nil},
			{time.Minute, nil, nil}, {time.Hour, []view.Need{held}, []view.Need{held}}}, 2},
		{"one that grows is one story", []look{
			{0, []view.Need{held}, []view.Need{held}}, {time.Minute, []view.Need{more}, nil}, {2 * time.Hour, []view.Need{more}, nil}}, 1},
		{"stale only when it lasts", []look{
			{0, []view.Need{stale}, nil}, {staleLasts - time.Second, []view.Need{stale}, nil}, {time.Second, []view.Need{stale}, []view.Need{stale}},
			{time.Minute, []view.Need{stale}, nil}}, 1},
		{"stale that ends in time", []look{
			{0, []view.Need{stale}, nil}, {staleLasts / 2, nil, nil}, {staleLasts / 2, []view.Need{stale}, nil},
			{staleLasts - time.Second, []view.Need{stale}, nil}}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, kept, now := NewWatch(nil, nil), []db.Notice{}, noon
			for i, l := range c.looks {
				now = now.Add(l.after)
				w.remember(l.is, now)
				var begun []view.Need
				for _, s := range w.step(kept, l.is, now) {
					if s.begins {
						begun = append(begun, s.need)
						s.notice.Seq = uint64(len(kept) + 1)
						kept = append(kept, s.notice)
					} else {
						kept[s.notice.Seq-1] = s.notice
					}
				}
				if !slices.Equal(begun, l.begun) {
					t.Errorf("look %d began %v, want %v", i, begun, l.begun)
				}
			}
			if len(kept) != c.kept {
				t.Errorf("%d notices, want %d: %+v", len(kept), c.kept, kept)
			}
		})
	}
}

func TestNoticeThatGrowsIsUnreadAgain(t *testing.T) {
	w := NewWatch(nil, nil)
	kept := []db.Notice{{Seq: 1, Kind: view.NeedHeld, Store: 1, Count: 3, At: noon.UnixMilli(), Read: true}}
	for after, read := range map[time.Duration]bool{time.Minute: true, noticeAgain: false} {
		now := noon.Add(after)
		steps := w.step(kept, []view.Need{needing(view.NeedHeld, 1, 5)}, now)
		if len(steps) != 1 || steps[0].notice.Read != read || steps[0].notice.Count != 5 {
			t.Errorf("after %v: %+v", after, steps)
		}
		steps = w.step(kept, []view.Need{needing(view.NeedHeld, 1, 2)}, now)
		if len(steps) != 1 || !steps[0].notice.Read || steps[0].notice.Count != 2 {
			t.Errorf("fewer after %v: %+v", after, steps)
		}
	}
}

// TestWatchOverBooks tells of a backup that failed, as a restart would find it: once, and that it is over.
func TestWatchOverBooks(t *testing.T) {
	d := dbtest.Open(t)
	v, err := view.Open(d)
	if err != nil {
		t.Fatal(err)
	}
	d.OnCommit(v.Update)
	meta := func(name, value string) {
		t.Helper()
		if err := d.Update(noon, func(tx *db.Tx) error { return tx.SetMeta(name, value) }); err != nil {
			t.Fatal(err)
		}
	}
	var told []string
	look := func(w *Watch, at time.Time, want ...string) {
		t.Helper()
		told = nil
		w.OnNotice(func(n desktop.Notice) { told = append(told, n.Title+": "+n.Text) })
		w.Look(at)
		if !slices.Equal(told, want) {
			t.Errorf("told %q, want %q", told, want)
		}
	}
	b := New(About{})
	b.Attach(Deps{Books: d, View: v, Now: func() time.Time { return noon }})
	page := &Notices{b}
	shows := func(unread int, over ...bool) []Notice {
		t.Helper()
		l, err := page.List()
		if err != nil || l.Unread != unread || len(l.Notices) != len(over) {
			t.Fatalf("%+v %v, want %d unread of %d", l, err, unread, len(over))
		}
		for i, n := range l.Notices {
			if n.Ended != nil != over[i] {
				t.Errorf("notice %d ended %v, want %v", i, n.Ended, over[i])
			}
		}
		return l.Notices
	}
	look(NewWatch(d, v), noon)
	shows(0)
	meta("backup/trouble", "The disk is full.")
	look(NewWatch(d, v), noon, "Evenstock: The nightly backup failed.")
	look(NewWatch(d, v), noon.Add(25*time.Hour)) // after a restart
	first := shows(1, false)[0]
	if first.Kind != view.NeedBackup || first.Text != "The disk is full." || first.At != noon.UnixMilli() {
		t.Errorf("%+v", first)
	}
	meta("backup/trouble", "")
	look(NewWatch(d, v), noon.Add(26*time.Hour))
	shows(1, true)
	if err := page.MarkRead([]uint64{first.ID, 99}); err != nil {
		t.Error(err)
	}
	shows(0, true)

	meta("backup/trouble", "The disk is full.")
	look(NewWatch(d, v), noon.Add(30*time.Hour), "Evenstock: The nightly backup failed.")
	shows(1, false, true)
	if err := page.MarkAllRead(); err != nil {
		t.Error(err)
	}
	shows(0, false, true)

	meta("backup/trouble", "")
	look(NewWatch(d, v), noon.Add(31*time.Hour))
	meta(desktop.NoticeBackup.Switch(), desktop.NoticeOff)
	meta("backup/trouble", "The disk is full.")
	look(NewWatch(d, v), noon.Add(40*time.Hour))
	shows(0, true, true)
	meta(desktop.NoticeBackup.Switch(), "on") // what is known is not brought up
	look(NewWatch(d, v), noon.Add(41*time.Hour))
	shows(0, true, true)
}
