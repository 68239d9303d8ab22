//go:build !headless

package desktop

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/google/go-cmp/cmp"

	"evenstock/backend/words"
)

// trayChild marks the process of a test that has a session bus to itself: there is one tray in a process.
const trayChild = "tray"

var trayTests = map[string]func(*testing.T){
	"menu, icon and tooltip":               testTrayShows,
	"German":                               testTrayGerman,
	"clicks":                               testTrayClicks,
	"a panel that comes later":             testTrayPanelLater,
	"a panel that is restarted":            testTrayPanelAgain,
	"a panel that lists icons, shows none": testTrayNoHost,
	"no panel":                             testTrayNoPanel,
	"KDE with a light panel":               testTrayLightPanel,
	"one in a process":                     testTrayOnce,
	"stopped while it is being changed":    testTrayStops,

	"the window closes to the tray":         testShellWithTray,
	"the window says so without a tray":     testShellWithoutTray,
	"the window speaks German":              testShellInGerman,
	"a signal ends the window":              testShellSignal,
	"the window starts hidden in the tray":  testShellHidden,
	"notices of the window lead to a store": testShellNotices,
}

// TestTray runs every test in a process of its own, on a session bus of its own.
func TestTray(t *testing.T) {
	if _, err := exec.LookPath("dbus-run-session"); err != nil {
		t.Skip("dbus-run-session is not installed, so the tray was not tested")
	}
	exe, err := os.Executable()
	must(t, err)
	for name, test := range trayTests {
		t.Run(name, func(t *testing.T) {
			if os.Getenv(childEnv) == trayChild {
				test(t)
				return
			}
			t.Parallel()
			cmd := exec.Command("dbus-run-session", "--", exe, "-test.run", "^TestTray$/^"+strings.ReplaceAll(name, " ", "_")+"$", "-test.v", "-test.timeout=60s")
			cmd.Env = append(os.Environ(), childEnv+"="+trayChild, "XDG_CURRENT_DESKTOP=")
			out, err := cmd.CombinedOutput()
			if err != nil || !bytes.Contains(out, []byte("--- PASS: TestTray/")) {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// TestTrayWithoutBus starts where there is no session bus at all, as on a server.
func TestTrayWithoutBus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+t.TempDir()+"/none")
	tray := newTray(t).Tray
	refused(t, tray.Start(), ErrNoTray)
	if tray.Available() {
		t.Error("a tray is said to be there")
	}
	tray.Update()
	tray.Stop()
	trayUsed.Store(false)
}

// watched is a tray and what was done with it.
type watched struct {
	*Tray
	did chan TrayAction

	mu    sync.Mutex
	state TrayState
}

func newTray(t *testing.T) *watched {
	w := &watched{did: make(chan TrayAction, 16), state: TrayState{Overall: TrayAttention, Line: "2 stores need you",
		Needs: []string{"4 order lines match no product"},
		Stores: []TrayStore{{ID: 1, Name: "Fernhill Main", Line: "sending 3"}, {ID: 2, Name: "Salt & Pepper", Line: "even, 2 min"},
			{ID: 7, Name: "fernhill_outlet", Line: "off", Off: true}}}}
	w.Tray = NewTray(TrayOptions{Icons: os.DirFS("../../build/tray"), State: w.now, On: func(a TrayAction) { w.did <- a },
		Log: func(msg string, err error) { t.Log(msg, err) }})
	return w
}

func (w *watched) now() TrayState {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state
}

func (w *watched) set(change func(*TrayState)) {
	w.mu.Lock()
	change(&w.state)
	w.mu.Unlock()
	w.Update()
}

// expect waits for what a person did.
func (w *watched) expect(t *testing.T, want TrayAction) {
	t.Helper()
	select {
	case got := <-w.did:
		if got != want {
			t.Errorf("did %v, want %v", got, want)
		}
	case <-time.After(5 * time.Second):
		t.Fatalf("nothing was done, want %v", want)
	}
}

// startTray starts a tray in a panel that is there.
func startTray(t *testing.T) (*watched, *panel) {
	t.Helper()
	p, w := openPanel(t), newTray(t)
	must(t, w.Start())
	t.Cleanup(w.Stop)
	becomes(t, "the tray is there", true, w.Available)
	return w, p
}

func testTrayShows(t *testing.T) {
	w, p := startTray(t)
	want := []string{"[2 stores need you]", "4 order lines match no product", "-",
		"Fernhill Main: sending 3", "Salt & Pepper: even, 2 min", "fernhill__outlet: off", "-",
		"Sync all stores now", "Sync one store now", "> Fernhill Main", "> Salt & Pepper", "Pause all sending", "Away mode…", "-",
		"Open Evenstock", "Quit…"}
	if diff := cmp.Diff(want, text(p.menu(), "")); diff != "" {
		t.Error(diff)
	}
	if tip := p.tooltip(); tip != "Evenstock: 2 stores need you" {
		t.Errorf("tooltip %q", tip)
	}
	side, first := p.picture()
	if side != 22 || len(first) != 4*22*22 {
		t.Errorf("picture of %d pixels a side, %d bytes", side, len(first))
	}
	var title string
	p.icon("Title", &title)
	var isMenu bool
	p.icon("ItemIsMenu", &isMenu)
	if title != "Evenstock" || isMenu {
		t.Errorf("title %q, a click opens the menu only: %v", title, isMenu)
	}

	w.set(func(s *TrayState) { *s = TrayState{Overall: TrayPaused, Line: "paused", Paused: true} })
	becomes(t, "the tooltip", "Evenstock: paused", p.tooltip)
	want = []string{"[Paused]", "-", "Connect a store", "-", "[Sync all stores now]", "Go on sending", "Away mode…", "-", "Open Evenstock", "Quit…"}
	becomes(t, "the menu", strings.Join(want, "\n"), func() string { return strings.Join(text(p.menu(), ""), "\n") })
	if _, second := p.picture(); second == first {
		t.Error("the icon stayed the same")
	}
}

// testTrayGerman is the menu of a person who speaks German: also one who chooses it while the tray is shown.
func testTrayGerman(t *testing.T) {
	w, p := startTray(t)
	p.menu()
	w.set(func(s *TrayState) {
		s.Words = words.In("de", nil)
		s.Line, s.Needs = "2 Shops warten auf Sie", nil
		s.Stores = []TrayStore{{ID: 1, Name: "Fernhill Main", Line: "auf Stand, 2 min"}, {ID: 2, Name: "Salt & Pepper", Line: "aus", Off: true}}
	})
	want := []string{"[2 Shops warten auf Sie]", "-", "Fernhill Main: auf Stand, 2 min", "Salt & Pepper: aus", "-",
		"Alle Shops jetzt abgleichen", "Alles Senden pausieren", "Abwesenheit …", "-", "Evenstock öffnen", "Beenden …"}
	becomes(t, "the menu", strings.Join(want, "\n"), func() string { return strings.Join(text(p.menu(), ""), "\n") })
	w.set(func(s *TrayState) {
		s.Paused, s.Away, s.Stores = true, true, make([]TrayStore, maxTrayStores+3)
		for i := range s.Stores {
			s.Stores[i] = TrayStore{ID: uint32(i + 1), Name: "Shop", Line: "auf Stand"}
		}
	})
	for _, line := range []string{"3 weitere Shops", "Einen Shop jetzt abgleichen", "Senden fortsetzen", "Ich bin zurück: Abwesenheit beenden"} {
		becomes(t, line, true, func() bool { return p.shows(line) })
	}
	p.click("Beenden …")
	w.expect(t, TrayAction{Do: TrayQuit})
}

func testTrayClicks(t *testing.T) {
	w, p := startTray(t)
	for _, c := range []struct {
		labels []string
		want   TrayAction
	}{
		{[]string{"4 order lines match no product"}, TrayAction{Do: TrayOpenNeeds}},
		{[]string{"fernhill__outlet: off"}, TrayAction{Do: TrayOpenStore, Store: 7}},
		{[]string{"Sync all stores now"}, TrayAction{Do: TraySyncAll}},
		{[]string{"Sync one store now", "Salt & Pepper"}, TrayAction{Do: TraySyncStore, Store: 2}},
		{[]string{"Pause all sending"}, TrayAction{Do: TrayPause}},
		{[]string{"Away mode…"}, TrayAction{Do: TrayAway}},
		{[]string{"Open Evenstock"}, TrayAction{Do: TrayOpen}},
		{[]string{"Quit…"}, TrayAction{Do: TrayQuit}},
	} {
		p.click(c.labels...)
		w.expect(t, c.want)
	}
	p.activate()
	w.expect(t, TrayAction{Do: TrayOpen})
	p.click("2 stores need you")
	w.set(func(s *TrayState) { s.Paused = true })
	becomes(t, "the line to go on", true, func() bool { return p.shows("Go on sending") })
	p.click("Go on sending")
	w.expect(t, TrayAction{Do: TrayGoOn}) // and the first line did nothing
	w.Stop()
	if w.Available() {
		t.Error("a stopped tray is said to be there")
	}
}

func testTrayPanelLater(t *testing.T) {
	w := newTray(t)
	must(t, w.Start())
	defer w.Stop()
	time.Sleep(100 * time.Millisecond)
	if w.Available() {
		t.Error("a tray is said to be there without a panel")
	}
	p := openPanel(t)
	becomes(t, "the tray is there", true, w.Available)
	p.click("Sync all stores now")
	w.expect(t, TrayAction{Do: TraySyncAll})
}

// testTrayPanelAgain also ends the library's own watching first, as the signal of a key store does that was unlocked.
func testTrayPanelAgain(t *testing.T) {
	w, p := startTray(t)
	shared, err := dbus.SessionBus()
	must(t, err)
	signal := &dbus.Message{Type: dbus.TypeSignal, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldPath:        dbus.MakeVariant(dbus.ObjectPath("/org/freedesktop/secrets/prompt/p1")),
		dbus.FieldInterface:   dbus.MakeVariant("org.freedesktop.Secret.Prompt"),
		dbus.FieldMember:      dbus.MakeVariant("Completed"),
		dbus.FieldDestination: dbus.MakeVariant(shared.Names()[0]),
		dbus.FieldSignature:   dbus.MakeVariant(dbus.ParseSignatureMust("b")),
	}, Body: []any{false}}
	p.bus.Send(signal, nil)
	time.Sleep(100 * time.Millisecond)
	p.close()
	becomes(t, "the tray is gone", false, w.Available)
	p = openPanel(t)
	becomes(t, "the tray is there again", true, w.Available)
	p.click("Open Evenstock")
	w.expect(t, TrayAction{Do: TrayOpen})
	if got := p.owner(); got == "" {
		t.Error("no icon")
	}
}

// testTrayNoHost is KDE's background service without a panel that draws icons.
func testTrayNoHost(t *testing.T) {
	w, p := startTray(t)
	p.prop.SetMust(watcherName, "IsStatusNotifierHostRegistered", false)
	if w.Available() {
		t.Error("a tray is said to be there where nobody shows it")
	}
}

func testTrayNoPanel(t *testing.T) {
	w := newTray(t)
	must(t, w.Start())
	time.Sleep(100 * time.Millisecond)
	if w.Available() {
		t.Error("a tray is said to be there without a panel")
	}
	w.Stop()
	w.Stop()
	w.Update()
}

func testTrayLightPanel(t *testing.T) {
	t.Setenv("XDG_CURRENT_DESKTOP", "X:KDE")
	portal := &lightPortal{}
	bus, err := sessionBus()
	must(t, err)
	t.Cleanup(func() { bus.Close() })
	must(t, bus.Export(portal, portalPath, "org.freedesktop.portal.Settings"))
	_, err = bus.RequestName(portalName, dbus.NameFlagDoNotQueue)
	must(t, err)
	w, p := startTray(t)
	_, pixels := p.picture()
	for i := 0; i < len(pixels); i += 4 { // alpha, red, green, blue
		if pixels[i] == 0xff && pixels[i+1:i+4] != "\x00\x00\x00" {
			t.Fatalf("pixel %d of the icon for a light panel is %x", i/4, pixels[i:i+4])
		}
	}
	w.Stop()
}

// lightPortal is a desktop that prefers light colours.
type lightPortal struct{}

func (*lightPortal) Read(namespace, key string) (dbus.Variant, *dbus.Error) {
	return dbus.MakeVariant(dbus.MakeVariant(uint32(2))), nil
}

func testTrayOnce(t *testing.T) {
	startTray(t)
	refused(t, newTray(t).Start(), ErrNoTray)
}

func testTrayStops(t *testing.T) {
	w, _ := startTray(t)
	var changing sync.WaitGroup
	changing.Go(func() {
		for i := range 200 {
			w.set(func(s *TrayState) { s.Paused = i%2 == 0 })
		}
	})
	began := time.Now()
	w.Stop()
	if took := time.Since(began); took > time.Second {
		t.Errorf("stopping took %v", took)
	}
	changing.Wait()
}
