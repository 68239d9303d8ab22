package bridge

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/desktop"
	"evenstock/backend/view"
)

var noon = time.Date(2026, 8, 18, 12, 0, 0, 0, time.UTC) // a Tuesday

// shop is a store that is on and was read 2 minutes ago, changed by what a test says.
func shop(id uint32, name string, change ...func(*view.Store)) view.Store {
	s := view.Store{ID: id, Name: name, Sync: view.SyncOn, LastOrderPull: new(noon.Add(-2 * time.Minute).UnixMilli())}
	for _, c := range change {
		c(&s)
	}
	return s
}

func due(n int) func(*view.Store)      { return func(s *view.Store) { s.Counts.Due = n } }
func held(n int) func(*view.Store)     { return func(s *view.Store) { s.Counts.Held = n } }
func refusing(n int) func(*view.Store) { return func(s *view.Store) { s.Counts.Refused = n } }
func read(ago time.Duration) func(*view.Store) {
	return func(s *view.Store) { s.LastOrderPull = new(noon.Add(-ago).UnixMilli()) }
}
func neverRead(s *view.Store)  { s.LastOrderPull = nil }
func off(s *view.Store)        { s.Sync = view.SyncOff }
func paused(s *view.Store)     { s.Paused = true }
func noAnswer(s *view.Store)   { s.LastError = "The shop does not answer." }
func refused(s *view.Store)    { s.Needs = new("auth") }
func busy(s *view.Store)       { s.Activity = &view.Progress{Store: s.ID} }
func rehearsing(s *view.Store) { s.Sync = view.SyncRehearsing }

func TestStoreLine(t *testing.T) {
	for want, s := range map[string]view.Store{
		"even, 2 min":        shop(1, "A"),
		"even, now":          shop(1, "A", read(59*time.Second)),
		"even, 7 h":          shop(1, "A", read(7*time.Hour+59*time.Minute)),
		"even, Mon":          shop(1, "A", read(26*time.Hour)),
		"even, 18 Jul":       shop(1, "A", read(31*24*time.Hour)),
		"even":               shop(1, "A", neverRead),
		"sending 1,234":      shop(1, "A", due(1234)),
		"syncing":            shop(1, "A", busy),
		"88 held, 2 min":     shop(1, "A", held(88), due(3)),
		"off":                shop(1, "A", off),
		"rehearsing":         shop(1, "A", rehearsing),
		"paused":             shop(1, "A", paused),
		"paused, 3 waiting":  shop(1, "A", paused, due(3)),
		"refused the key":    shop(1, "A", refused, noAnswer),
		"last read 3 h ago":  shop(1, "A", noAnswer, read(3*time.Hour)),
		"last read just now": shop(1, "A", noAnswer, read(0)),
		"last read on Sun":   shop(1, "A", noAnswer, read(49*time.Hour)),
		"never read":         shop(1, "A", noAnswer, neverRead),
	} {
		if got := storeLine(s, noon); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := storeLine(shop(1, "A", read(-time.Hour)), noon); got != "even, now" {
		t.Errorf("a clock that was set back: %q", got)
	}
}

func TestOverall(t *testing.T) {
	const idle, syncing, attention, waits = desktop.TrayIdle, desktop.TraySyncing, desktop.TrayAttention, desktop.TrayPaused
	for _, c := range []struct {
		name      string
		stores    []view.Store
		paused    bool
		unmatched int
		overall   desktop.TrayOverall
		line      string
		waiting   int
	}{
		{"no store", nil, false, 0, idle, "no store is connected", 0},
		{"all off", []view.Store{shop(1, "A", off, due(3))}, false, 0, idle, "no store is turned on", 0},
		{"even, as old as the oldest", []view.Store{shop(1, "A"), shop(2, "B", read(9*time.Minute)), shop(3, "C", off, read(time.Hour))},
			false, 0, idle, "even, 9 min ago", 0},
		{"even, never read", []view.Store{shop(1, "A", neverRead)}, false, 0, idle, "even", 0},
		{"sending", []view.Store{shop(1, "A", due(50)), shop(2, "B", due(7)), shop(3, "C")}, false, 0, syncing, "sending 57", 57},
		{"reading", []view.Store{shop(1, "A", busy)}, false, 0, syncing, "syncing", 0},
		{"paused", []view.Store{shop(1, "A", paused, due(2)), shop(2, "B", paused)}, true, 0, waits, "paused", 2},
		{"one paused", []view.Store{shop(1, "A", paused), shop(2, "B", due(1))}, false, 0, waits, "1 store is paused", 1},
		{"one needs", []view.Store{shop(1, "A", refused), shop(2, "B", due(1))}, false, 0, attention, "1 store needs you", 1},
		{"two need, though paused", []view.Store{shop(1, "A", held(1), paused), shop(2, "B", noAnswer)}, true, 0, attention, "2 stores need you", 0},
		{"order lines", []view.Store{shop(1, "A", due(1))}, false, 4, attention, "4 order lines need you", 1},
		{"one order line", []view.Store{shop(1, "A")}, false, 1, attention, "1 order line needs you", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := outlook(c.stores, c.paused, c.unmatched, noon)
			if got.Tray.Overall != c.overall || got.Tray.Line != c.line || got.Tray.Paused != c.paused || got.Waiting != c.waiting {
				t.Errorf("%q %q, paused %v, %d waiting", got.Tray.Overall, got.Tray.Line, got.Tray.Paused, got.Waiting)
			}
			if len(got.Tray.Stores) != len(c.stores) || (len(got.Tray.Needs) > 0) != (c.unmatched > 0) {
				t.Errorf("%+v", got.Tray)
			}
		})
	}
}

func TestNoticesOfStores(t *testing.T) {
	practice := shop(9, "P", refused, held(1), refusing(1), noAnswer)
	practice.Practice = true
	got := outlook([]view.Store{shop(1, "<b>A</b> & Co", refused, noAnswer), shop(2, "B", noAnswer, read(2*time.Hour)), shop(3, "C", held(88), refusing(1)),
		shop(4, "D", noAnswer, off), shop(5, "E", noAnswer, neverRead), shop(6, "F"), practice}, false, 0, noon).Notices
	want := []desktop.Notice{
		{Kind: "key", Store: 1, Title: "<b>A</b> & Co", Text: "The shop refused the key. Nothing is sent to it until you connect again."},
		{Kind: "stale", Store: 2, Title: "B", Text: "Its orders were last read 2 h ago, so nothing is sent to it."},
		{Kind: "held", Store: 3, Title: "C", Text: "88 numbers wait for your decision. The others were sent."},
		{Kind: "refused", Store: 3, Title: "C", Text: "The shop keeps refusing 1 number. The others were accepted."},
		{Kind: "stale", Store: 5, Title: "E", Text: "Its orders could not be read yet, so nothing is sent to it."},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, n := range got {
		if strings.Contains(n.Text, n.Title) {
			t.Errorf("%q holds the shop's name, which may be markup", n.Text)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 12408: "12,408", 1234567: "1,234,567"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is %q", n, got)
		}
	}
}
