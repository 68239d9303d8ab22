//go:build !headless

package desktop

import (
	"context"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"evenstock/backend/words"
)

// windowLog is a window that notes what is done with it.
type windowLog struct {
	mu    sync.Mutex
	did   []string
	yes   bool // the answer to every question
	click func()
}

func (w *windowLog) note(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.did = append(w.did, what)
}

func (w *windowLog) Show() { w.note("show") }
func (w *windowLog) Hide() { w.note("hide") }
func (w *windowLog) Quit() { w.note("quit") }

func (w *windowLog) Ask(question, yes, no string) bool {
	w.note("ask: " + question + " " + yes + "/" + no)
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.yes
}

func (w *windowLog) answerYes() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.yes = true
}

// clickNotice clicks on the notice that was shown last.
func (w *windowLog) clickNotice() {
	w.mu.Lock()
	click := w.click
	w.mu.Unlock()
	click()
}

func (w *windowLog) Notify(id, title, text string, clicked func()) error {
	w.note("notice: " + title + ": " + text)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.click = clicked
	return nil
}

// took returns what was done since it was asked last, once there is as much as is wanted.
func (w *windowLog) took(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		w.mu.Lock()
		got = slices.Clone(w.did)
		w.mu.Unlock()
		if len(got) >= len(want) || time.Now().After(end) {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the window: %q, want %q", got, want)
	}
	w.mu.Lock()
	w.did = nil
	w.mu.Unlock()
}

// desk is a shell around a window and books that change as a test says.
type desk struct {
	*Shell
	window *windowLog
	signal context.CancelFunc
	did    chan TrayAction

	mu     sync.Mutex
	look   Outlook
	memory map[string]string
	words  words.Words
}

func newDesk(hidden bool) *desk {
	d := &desk{window: &windowLog{}, did: make(chan TrayAction, 8), memory: map[string]string{}}
	ctx, signal := context.WithCancel(context.Background())
	d.signal = signal
	d.Shell = NewShell(ctx, d.window, os.DirFS("../../build/tray"), hidden)
	return d
}

func (d *desk) openBooks() {
	d.Open(Books{
		Look: func() Outlook { d.mu.Lock(); defer d.mu.Unlock(); return d.look },
		Do:   func(a TrayAction) { d.did <- a },
		Recall: func(name string) string {
			d.mu.Lock()
			defer d.mu.Unlock()
			return d.memory[name]
		},
		Remember: func(name, value string) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.memory[name] = value
		},
		Words: func() words.Words { d.mu.Lock(); defer d.mu.Unlock(); return d.words },
	})
}

func (d *desk) waits(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.look.Waiting = n
}

func (d *desk) trayIsThere() bool { return d.open.Load().tray.Available() }

// testShellWithTray closes to the tray, works from there and quits.
func testShellWithTray(t *testing.T) {
	p, d := openPanel(t), newDesk(false)
	if d.BeforeClose() {
		t.Error("a window without books stays")
	}
	d.openBooks()
	becomes(t, "the tray is there", true, d.trayIsThere)

	if !d.BeforeClose() {
		t.Error("the program ends although there is a tray")
	}
	d.window.took(t, "hide", "notice: Evenstock: Evenstock goes on syncing in the tray.")
	d.window.clickNotice()
	d.window.took(t, "show")
	if !d.BeforeClose() {
		t.Error("the program ends the second time")
	}
	d.window.took(t, "hide")

	p.activate()
	d.window.took(t, "show")
	p.click("Sync all stores now")
	if a := <-d.did; a != (TrayAction{Do: TraySyncAll}) {
		t.Errorf("did %v", a)
	}

	d.waits(3)
	p.click("Quit…")
	d.window.took(t, "show", "ask: "+quitting(words.Words{}, 3).ask+" Yes/No")
	d.window.answerYes()
	p.click("Quit…")
	d.window.took(t, "show", "ask: "+quitting(words.Words{}, 3).ask+" Yes/No", "quit")
	d.quitting.Store(false)
	d.waits(0)
	d.mu.Lock()
	d.look.OfferAway = true
	d.mu.Unlock()
	d.Quit()
	d.window.took(t, "show", "ask: "+askAway+" Yes/No")
	if a := <-d.did; a != (TrayAction{Do: TrayAwayQuit}) {
		t.Errorf("did %v", a)
	}
	d.End()
	d.window.took(t, "quit")
	if d.BeforeClose() {
		t.Error("the program stays although it was told to end")
	}
	began := time.Now()
	d.Close()
	d.Close()
	if took := time.Since(began); took > time.Second {
		t.Errorf("closing took %v", took)
	}
}

// testShellInGerman speaks German in what it says and asks.
func testShellInGerman(t *testing.T) {
	p, d := openPanel(t), newDesk(false)
	d.words = words.In("de", nil)
	d.look.Tray.Words = d.words
	d.openBooks()
	defer d.Close()
	becomes(t, "the tray is there", true, d.trayIsThere)
	if !d.BeforeClose() {
		t.Error("the program ends although there is a tray")
	}
	d.window.took(t, "hide", "notice: Evenstock: Evenstock gleicht im Infobereich weiter ab.")
	d.waits(3)
	p.click("Beenden …")
	d.window.took(t, "show", "ask: 3 Änderungen sind noch nicht gesendet. Beenden und beim nächsten Start senden? Ja/Nein")
}

// testShellWithoutTray says so before it ends.
func testShellWithoutTray(t *testing.T) {
	d := newDesk(false)
	d.openBooks()
	defer d.Close()
	if !d.BeforeClose() {
		t.Error("the program ends against the person's will")
	}
	d.window.took(t, "ask: "+noTray+" Quit? Yes/No")
	d.window.answerYes()
	if d.BeforeClose() {
		t.Error("the program stays against the person's will")
	}
	d.window.took(t, "ask: "+noTray+" Quit? Yes/No")
	d.quitting.Store(false) // as at the next start
	d.waits(1)
	if d.BeforeClose() {
		t.Error("the program stays against the person's will")
	}
	d.window.took(t, "ask: "+quitting(words.Words{}, 1).ask+" Yes/No")
}

// testShellSignal ends without a question, though Wails says no more than that the window is to close.
func testShellSignal(t *testing.T) {
	openPanel(t)
	d := newDesk(false)
	d.openBooks()
	defer d.Close()
	becomes(t, "the tray is there", true, d.trayIsThere)
	d.waits(5)
	time.AfterFunc(signalArrives/2, d.signal)
	if d.BeforeClose() {
		t.Error("the program stays after a signal")
	}
	d.window.took(t)
}

// testShellHidden starts in the tray, and not without one.
func testShellHidden(t *testing.T) {
	d := newDesk(true)
	d.openBooks()
	time.Sleep(100 * time.Millisecond)
	openPanel(t)
	becomes(t, "the tray is there", true, d.trayIsThere)
	time.Sleep(2 * trayLookEvery)
	d.window.took(t)
	d.Close()
}

// TestHiddenWithoutBus starts hidden where no tray can ever come.
func TestHiddenWithoutBus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+t.TempDir()+"/none")
	d := newDesk(true)
	d.openBooks()
	d.window.took(t, "show")
	d.Close()
	trayUsed.Store(false)
}

// testShellNotices tells of a store and leads to it, or to what needs the person.
func testShellNotices(t *testing.T) {
	d := newDesk(false)
	d.openBooks()
	defer d.Close()
	for _, c := range []struct {
		notice Notice
		said   string
		leads  TrayAction
	}{
		{Notice{Kind: NoticeKey, Store: 7, Title: "B", Text: "Refused."}, "notice: B: Refused.", TrayAction{Do: TrayOpenStore, Store: 7}},
		{Notice{Kind: NoticeBackup, Title: "Evenstock", Text: "Failed."}, "notice: Evenstock: Failed.", TrayAction{Do: TrayOpenNeeds}},
	} {
		d.Tell(c.notice)
		d.window.took(t, c.said)
		d.window.clickNotice()
		d.window.took(t, "show")
		if a := <-d.did; a != c.leads {
			t.Errorf("did %v, want %v", a, c.leads)
		}
	}
}
