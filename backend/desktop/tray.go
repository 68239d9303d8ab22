package desktop

import (
	"io/fs"
	"sync"
	"sync/atomic"
	"time"
)

// ErrNoTray says that this desktop has no place for an icon.
var ErrNoTray = &Error{Code: "no_tray"}

// TrayOverall is the state of everything; each has an icon of its own shape.
type TrayOverall string

const (
	TrayIdle      TrayOverall = "idle"
	TraySyncing   TrayOverall = "syncing"
	TrayAttention TrayOverall = "attention"
	TrayPaused    TrayOverall = "paused"
)

// TrayState is what the tray shows. Texts may hold what a shop chose: they are shown as text whatever is in them.
type TrayState struct {
	Overall TrayOverall
	Line    string   // the overall state as after a colon: "even, 2 min ago"
	Needs   []string // what waits for a person, beside the stores
	Stores  []TrayStore
	Paused  bool // sending to all stores waits
}

// TrayStore is one store's line.
type TrayStore struct {
	ID   uint32
	Name string
	Line string // as after a colon: "sending 3"
	Off  bool   // its sync is off: it can be opened, not synced
}

// TrayDoing is what a person chose.
type TrayDoing string

const (
	TrayOpen      TrayDoing = "open"       // the window, as it was left
	TrayOpenNeeds TrayDoing = "open needs" // what waits for a person
	TrayOpenStore TrayDoing = "open store"
	TraySyncAll   TrayDoing = "sync all"
	TraySyncStore TrayDoing = "sync store"
	TrayPause     TrayDoing = "pause"
	TrayGoOn      TrayDoing = "go on"
	TrayQuit      TrayDoing = "quit"
)

// TrayAction is what a person chose, and for which store; 0 where it concerns none.
type TrayAction struct {
	Do    TrayDoing
	Store uint32
}

// TrayOptions are all a [Tray] needs.
type TrayOptions struct {
	Icons fs.FS            // PNG files tray-STATE-SIZE.png, black, and tray-STATE-SIZE-white.png; sizes 16, 22 and 32
	State func() TrayState // asked from one goroutine, again and again
	On    func(TrayAction) // called in a goroutine of its own for every choice
	Log   func(msg string, err error)
}

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
