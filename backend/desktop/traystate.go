package desktop

import (
	"io/fs"

	"evenstock/backend/words"
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
	Words   words.Words // in which the menu speaks
	Overall TrayOverall
	Line    string   // the overall state as after a colon: "even, 2 min ago"
	Needs   []string // what waits for a person, beside the stores
	Stores  []TrayStore
	Paused  bool // sending to all stores waits
	Away    bool // larger buffers are in force
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
	TrayAway      TrayDoing = "away" // the window shows what that changes
	TrayAwayQuit  TrayDoing = "away and quit"
	TrayBack      TrayDoing = "back"
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
