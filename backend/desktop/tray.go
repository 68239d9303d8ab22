//go:build !headless

package desktop

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// trayEvery is how often the tray is shown anew when nothing changed: ages move by the minute.
	trayEvery = 30 * time.Second
	// traySettle is the shortest time between two changes: a panel that gets more flickers.
	traySettle = 250 * time.Millisecond
	// trayEndsWithin is how long Stop waits for what is being shown.
	trayEndsWithin = 300 * time.Millisecond
)

// Tray is the icon beside the clock and its menu. There is one in the life of a process.
type Tray struct {
	o       TrayOptions
	changed chan struct{} // holds one: what is shown is out of date
	stopped chan struct{}
	stop    sync.Once
	kept    sync.WaitGroup // the goroutine that shows
	built   atomic.Bool    // icon and menu exist

	face trayFace // used by that goroutine alone
	host trayHost
}

// trayUsed guards what the systray library has once in a process.
var trayUsed atomic.Bool

// NewTray returns a tray that is not shown yet.
func NewTray(o TrayOptions) *Tray {
	return &Tray{o: o, changed: make(chan struct{}, 1), stopped: make(chan struct{})}
}

// Start shows the icon as soon as there is a panel, now or later. It returns ErrNoTray where there can be none: no session
// bus on Linux, a program built without a window, a second tray in one process. Call it once the window exists.
func (t *Tray) Start() error {
	for _, overall := range []TrayOverall{TrayIdle, TraySyncing, TrayAttention, TrayPaused} {
		if _, err := trayIcon(t.o.Icons, trayLook{overall, true}); err != nil {
			return err
		}
	}
	if !trayUsed.CompareAndSwap(false, true) {
		return problem(ErrNoTray, nil, "The tray was shown before.")
	}
	return t.begin()
}

// Available reports whether the icon is really there for a person to click, so that a hidden window can be found again.
// It asks the panel and answers within half a second.
func (t *Tray) Available() bool { return t.built.Load() && !t.isStopped() && t.there() }

// Update says that State would answer something else. It never blocks.
func (t *Tray) Update() {
	select {
	case t.changed <- struct{}{}:
	default:
	}
}

// Stop takes the icon away. It may be called at any time and more than once.
func (t *Tray) Stop() {
	t.stop.Do(func() {
		close(t.stopped)
		if t.built.Load() {
			t.end()
		}
	})
}

func (t *Tray) isStopped() bool {
	select {
	case <-t.stopped:
		return true
	default:
		return false
	}
}

// keep shows the state until the tray is stopped.
func (t *Tray) keep() {
	tick := time.NewTicker(trayEvery)
	defer tick.Stop()
	for !t.isStopped() {
		t.show(t.o.State())
		select {
		case <-t.stopped:
		case <-tick.C:
		case <-t.changed:
			t.pause(traySettle)
		}
	}
}

// pause waits, but not longer than the tray lives.
func (t *Tray) pause(d time.Duration) {
	select {
	case <-t.stopped:
	case <-time.After(d):
	}
}

// settle waits for what is being shown; at most for trayEndsWithin.
func (t *Tray) settle() {
	done := make(chan struct{})
	go func() { t.kept.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(trayEndsWithin):
	}
}

// act passes a person's choice on.
func (t *Tray) act(a TrayAction) {
	if !t.isStopped() {
		go t.o.On(a)
	}
}
