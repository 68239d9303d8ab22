package bridge

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/desktop"
	"evenstock/backend/view"
	"evenstock/backend/words"
)

var noon = time.Date(2026, 8, 18, 12, 0, 0, 0, time.UTC) // a Tuesday

// in speaks a language at noon.
func in(language string) speaker { return speaker{words.In(language, nil), noon} }

// shop is a store that is on and was read 2 minutes ago, changed by what a test says.
func shop(id uint32, name string, change ...func(*view.Store)) view.Store {
	s := view.Store{ID: id, Name: name, Sync: view.SyncOn, LastOrderPull: new(noon.Add(-2 * time.Minute).UnixMilli())}
	for _, c := range change {
		c(&s)
	}
	return s
}

func due(n int) func(*view.Store)  { return func(s *view.Store) { s.Counts.Due = n } }
func held(n int) func(*view.Store) { return func(s *view.Store) { s.Counts.Held = n } }
func read(ago time.Duration) func(*view.Store) {
	return func(s *view.Store) { s.LastOrderPull = new(noon.Add(-ago).UnixMilli()) }
}
func neverRead(s *view.Store) { s.LastOrderPull = nil }
func off(s *view.Store)       { s.Sync = view.SyncOff }
func paused(s *view.Store)    { s.Paused = true }
func noAnswer(s *view.Store)  { s.LastError = "The shop does not answer." }
func refused(s *view.Store)   { s.Needs = new("auth") }
func busy(s *view.Store)      { s.Activity = &view.Progress{Store: s.ID} }
func keyEnds(soon bool) func(*view.Store) {
	at := time.Date(2027, time.March, 12, 12, 0, 0, 0, time.UTC).UnixMilli()
	return func(s *view.Store) { s.KeyEnd = &view.KeyEnd{Field: "clientSecret", At: at, Soon: soon} }
}
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
		"even, 1 min":        shop(1, "A", read(time.Minute), keyEnds(false)),

		"even, its client secret ends on 12 March 2027": shop(1, "A", keyEnds(true)),
	} {
		if got := in("en").store(s, 0); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := in("en").store(shop(1, "A", due(9)), 3); got != "3 refused, 2 min" {
		t.Errorf("refused: %q", got)
	}
	if got := in("en").store(shop(1, "A", read(-time.Hour)), 0); got != "even, now" {
		t.Errorf("a clock that was set back: %q", got)
	}
}

// of is a need of a store, or of none when it is 0.
func of(store uint32, kind string, n int) view.Need {
	return view.Need{StoreID: store, Kind: kind, Count: n}
}

func TestOverall(t *testing.T) {
	const idle, syncing, attention, waits = desktop.TrayIdle, desktop.TraySyncing, desktop.TrayAttention, desktop.TrayPaused
	for _, c := range []struct {
		name    string
		stores  []view.Store
		needs   []view.Need
		paused  bool
		overall desktop.TrayOverall
		line    string
		waiting int
	}{
		{"no store", nil, nil, false, idle, "no store is connected", 0},
		{"all off", []view.Store{shop(1, "A", off, due(3))}, nil, false, idle, "no store is turned on", 0},
		{"even, as old as the oldest", []view.Store{shop(1, "A"), shop(2, "B", read(9*time.Minute)), shop(3, "C", off, read(time.Hour))},
			nil, false, idle, "even, 9 min ago", 0},
		{"even, never read", []view.Store{shop(1, "A", neverRead)}, nil, false, idle, "even", 0},
		{"never counted is nothing to worry about", []view.Store{shop(1, "A")}, []view.Need{of(0, view.NeedUnset, 70)}, false,
			idle, "even, 2 min ago", 0},
		{"sending", []view.Store{shop(1, "A", due(50)), shop(2, "B", due(7)), shop(3, "C")}, nil, false, syncing, "sending 57", 57},
		{"reading", []view.Store{shop(1, "A", busy)}, nil, false, syncing, "syncing", 0},
		{"paused", []view.Store{shop(1, "A", paused, due(2)), shop(2, "B", paused)}, nil, true, waits, "paused", 2},
		{"one paused", []view.Store{shop(1, "A", paused), shop(2, "B", due(1))}, nil, false, waits, "1 store is paused", 1},
		{"one needs", []view.Store{shop(1, "A", refused), shop(2, "B", due(1))},
			[]view.Need{of(1, view.NeedKeys, 1), of(1, view.NeedHeld, 3)}, false, attention, "1 store needs you", 1},
		{"two need, though paused", []view.Store{shop(1, "A", paused), shop(2, "B", noAnswer)},
			[]view.Need{of(1, view.NeedRefused, 3), of(2, view.NeedOrders, 1), of(0, view.NeedOversold, 1)}, true, attention, "2 stores need you", 0},
		{"oversold", []view.Store{shop(1, "A", due(1))}, []view.Need{of(0, view.NeedOversold, 2), of(0, view.NeedUnmatched, 1)}, false,
			attention, "2 products are oversold", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := in("en").outlook(c.stores, c.needs, c.paused)
			if got.Tray.Overall != c.overall || got.Tray.Line != c.line || got.Tray.Paused != c.paused || got.Waiting != c.waiting {
				t.Errorf("%q %q, paused %v, %d waiting", got.Tray.Overall, got.Tray.Line, got.Tray.Paused, got.Waiting)
			}
			if len(got.Tray.Stores) != len(c.stores) {
				t.Errorf("%+v", got.Tray)
			}
		})
	}
}

func TestNeedsOfNoStore(t *testing.T) {
	needs := []view.Need{of(0, view.NeedOversold, 1), of(0, view.NeedUnmatched, 4), of(0, view.NeedReview, 1), of(0, view.NeedRenamed, 2),
		of(0, view.NeedBackup, 1), of(0, "later", 1), of(0, view.NeedUnset, 9), of(3, view.NeedHeld, 2)}
	want := []string{"1 product is oversold", "4 order lines match no product", "1 order has a question", "2 listings have another SKU now",
		"the nightly backup failed", "1 thing needs you"}
	if diff := cmp.Diff(want, in("en").outlook(nil, needs, false).Tray.Needs); diff != "" {
		t.Error(diff)
	}
}

func TestNoticesOfStores(t *testing.T) {
	for _, c := range []struct {
		store view.Store
		need  view.Need
		want  desktop.Notice
	}{
		{shop(1, "<b>A</b> & Co", refused), of(1, view.NeedKeys, 1),
			desktop.Notice{Kind: "key", Store: 1, Title: "<b>A</b> & Co", Text: "The shop refused the key. Nothing is sent to it until you connect again."}},
		{shop(2, "B", noAnswer, read(2*time.Hour)), of(2, view.NeedOrders, 1),
			desktop.Notice{Kind: "stale", Store: 2, Title: "B", Text: "Its orders were last read 2 h ago, so nothing is sent to it."}},
		{shop(3, "C"), of(3, view.NeedHeld, 88),
			desktop.Notice{Kind: "held", Store: 3, Title: "C", Text: "88 numbers wait for your decision. The others were sent."}},
		{shop(3, "C"), of(3, view.NeedRefused, 1),
			desktop.Notice{Kind: "refused", Store: 3, Title: "C", Text: "The shop keeps refusing 1 number. The others were accepted."}},
		{shop(4, "D", keyEnds(true)), view.Need{Kind: view.NeedKeyEnds, StoreID: 4, Count: 1, Text: "Make another."},
			desktop.Notice{Kind: "key", Store: 4, Title: "D", Text: "Its client secret ends on 12 March 2027. Make another."}},
		{shop(5, "E", neverRead), of(5, view.NeedOrders, 1),
			desktop.Notice{Kind: "stale", Store: 5, Title: "E", Text: "Its orders could not be read yet, so nothing is sent to it."}},
	} {
		got := in("en").storeNotice(c.store, c.need)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Error(diff)
		}
		if strings.Contains(got.Text, got.Title) {
			t.Errorf("%q holds the shop's name, which may be markup", got.Text)
		}
	}
}

// TestOutlookInGerman: the same, with the numbers and days of the language.
func TestOutlookInGerman(t *testing.T) {
	for want, s := range map[string]view.Store{
		"auf Stand, 2 min":        shop(1, "A"),
		"auf Stand, jetzt":        shop(1, "A", read(0)),
		"auf Stand, Mo":           shop(1, "A", read(26*time.Hour)),
		"auf Stand, 18. Juli":     shop(1, "A", read(31*24*time.Hour)),
		"1.234 werden gesendet":   shop(1, "A", due(1234)),
		"88 gehalten, 2 min":      shop(1, "A", held(88)),
		"pausiert, 3 warten":      shop(1, "A", paused, due(3)),
		"zuletzt vor 3 h gelesen": shop(1, "A", noAnswer, read(3*time.Hour)),
		"zuletzt am So gelesen":   shop(1, "A", noAnswer, read(49*time.Hour)),

		"auf Stand, das Client-Geheimnis endet am 12. März 2027": shop(1, "A", keyEnds(true)),
	} {
		if got := in("de").store(s, 0); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	out := in("de").outlook([]view.Store{shop(1, "A"), shop(2, "B", off)}, []view.Need{of(0, view.NeedUnmatched, 4), of(0, view.NeedBackup, 1)}, false)
	want := []string{"4 Bestellpositionen passen zu keinem Artikel", "die nächtliche Sicherung ist fehlgeschlagen"}
	if diff := cmp.Diff(want, out.Tray.Needs); diff != "" || out.Tray.Line != want[0] {
		t.Errorf("%q %s", out.Tray.Line, diff)
	}
	if got := asSentence("überverkauft"); got != "Überverkauft." {
		t.Errorf("%q", got)
	}
	got := in("de").storeNotice(shop(4, "D", keyEnds(true)), view.Need{Kind: view.NeedKeyEnds, StoreID: 4, Count: 1,
		Text: "Make a new one in Seller Central, under LWA credentials, and enter it."})
	if text := "Das Client-Geheimnis endet am 12. März 2027. Erstellen Sie in Seller Central unter LWA credentials ein neues und geben Sie es ein."; got.Text != text {
		t.Errorf("%q", got.Text)
	}
}
