package bridge

import (
	"slices"

	"evenstock/backend/view"
)

// App is the application as a whole.
type App struct{ b *Bridge }

// AppState is what every screen needs to know.
type AppState struct {
	Version    string         `json:"version"`
	DataDir    string         `json:"dataDir"`
	Ready      bool           `json:"ready"`   // the books are open
	Trouble    string         `json:"trouble"` // why they could not be opened, a sentence
	FirstStart bool           `json:"firstStart"`
	Paused     bool           `json:"paused"`   // sending to all stores waits
	Practice   bool           `json:"practice"` // practice stores are connected
	Away       *AwayNow       `json:"away"`     // null while nothing is held back
	State      string         `json:"state"`    // the worst state of all stores
	Stores     []StoreInShort `json:"stores"`
}

// StoreInShort is a row of the sidebar.
type StoreInShort struct {
	ID            uint32 `json:"id"`
	Name          string `json:"name"`
	Channel       string `json:"channel"`
	Badge         string `json:"badge"`
	Sync          string `json:"sync"`
	State         string `json:"state"`
	LastOrderPull *int64 `json:"lastOrderPull"`
	Due           int    `json:"due"`
	Held          int    `json:"held"`
	Practice      bool   `json:"practice"`
}

// States of a store and of the application, worst last. The words are those of the design's status language.
const (
	StateOff       = "off"
	StateEven      = "even"
	StateBehind    = "behind"
	StatePaused    = "paused"
	StateAttention = "attention"
	StateStopped   = "stopped"
)

var worse = []string{StateOff, StateEven, StateBehind, StatePaused, StateAttention, StateStopped}

// State answers at any time, also before the books are open.
func (a *App) State() (AppState, error) {
	deps, trouble := a.b.attached()
	if deps == nil {
		return AppState{Version: a.b.about.Version, DataDir: a.b.about.DataDir, Trouble: trouble, State: StateOff,
			Stores: []StoreInShort{}}, nil
	}
	return call(a.b, "App.State", func(d *Deps) (AppState, error) {
		stores, err := d.View.Stores(d.Now().UnixMilli())
		if err != nil {
			return AppState{}, err
		}
		paused, err := d.View.Paused()
		if err != nil {
			return AppState{}, err
		}
		away, err := awayNow(d)
		if err != nil {
			return AppState{}, err
		}
		s := AppState{Version: a.b.about.Version, DataDir: a.b.about.DataDir, Ready: true, Paused: paused, Away: away,
			FirstStart: len(stores) == 0, State: StateOff}
		for _, store := range stores {
			short := inShort(d, store)
			s.Practice = s.Practice || store.Practice
			if slices.Index(worse, short.State) > slices.Index(worse, s.State) {
				s.State = short.State
			}
			s.Stores = append(s.Stores, short)
		}
		return s, nil
	})
}

func inShort(d *Deps, s view.Store) StoreInShort {
	short := StoreInShort{ID: s.ID, Name: s.Name, Channel: s.Channel, Sync: s.Sync, State: stateOf(s),
		LastOrderPull: s.LastOrderPull, Due: s.Counts.Due, Held: s.Counts.Held, Practice: s.Practice}
	if t, err := d.Types.Lookup(s.Channel); err == nil {
		short.Badge = t.Badge
	}
	return short
}

// stateOf is the one word for a store: the worst thing that is true of it.
func stateOf(s view.Store) string {
	switch {
	case s.Needs != nil:
		return StateStopped
	case s.LastError != "" || s.Counts.Held > 0:
		return StateAttention
	case s.Sync == view.SyncOff:
		return StateOff
	case s.Paused:
		return StatePaused
	case s.Counts.Due > 0 || s.Activity != nil:
		return StateBehind
	}
	return StateEven
}

// StartPractice opens practice stores and connects them.
func (a *App) StartPractice() error {
	return do(a.b, "App.StartPractice", func(d *Deps) error { return d.StartPractice(d.Context) })
}

// Pause makes writes to a store wait, or to all stores when it is 0.
func (a *App) Pause(store uint32) error {
	return do(a.b, "App.Pause", func(d *Deps) error { return d.Engine.Pause(d.Context, store) })
}

// Resume lets them go on.
func (a *App) Resume(store uint32) error {
	return do(a.b, "App.Resume", func(d *Deps) error { return d.Engine.Resume(d.Context, store) })
}
