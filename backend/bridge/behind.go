package bridge

import (
	"log/slog"
	"slices"

	"evenstock/backend/db"
	"evenstock/backend/desktop"
	"evenstock/backend/view"
	"evenstock/backend/words"
)

// EventOpen asks the window's page to show something; its data is one [Place].
const EventOpen = "open"

// Place is where the page should go: "store" with its id, "today", or "away", with id 1 to quit after it.
type Place struct {
	At string `json:"at"`
	ID uint32 `json:"id"`
}

// Behind is what works behind the window on open books: what tray and notices show, what a choice there does, and what
// the program remembers about itself. page is told where to go.
func Behind(d Deps, page Emitter) desktop.Books {
	b := behind{d, page}
	return desktop.Books{Look: b.look, Do: b.do, Recall: b.recall, Remember: b.remember, Words: b.words}
}

type behind struct {
	Deps
	page Emitter
}

// look reads what is shown. Books that cannot be read need a person.
func (b behind) look() desktop.Outlook {
	now := b.Now()
	stores, err := b.View.Stores(now.UnixMilli())
	if err != nil {
		return b.unreadable(err)
	}
	needs, err := b.View.Needs(now)
	if err != nil {
		return b.unreadable(err)
	}
	paused, err := b.View.Paused()
	if err != nil {
		return b.unreadable(err)
	}
	out := speaker{b.words(), now}.outlook(stores, needs, paused)
	away, err := b.View.Away()
	if err != nil {
		return b.unreadable(err)
	}
	offer, err := offersAway(&b.Deps)
	if err != nil {
		return b.unreadable(err)
	}
	on := slices.ContainsFunc(stores, func(s view.Store) bool { return s.Sync == view.SyncOn })
	out.Tray.Away, out.OfferAway = away.On, offer && on && !away.On
	return out
}

func (b behind) unreadable(err error) desktop.Outlook {
	b.log("look", err)
	w := b.words()
	return desktop.Outlook{Tray: desktop.TrayState{Words: w, Overall: desktop.TrayAttention, Line: w.Say("the books cannot be read")}}
}

// do is what a person chose in the tray. Each choice is called in a goroutine of its own.
func (b behind) do(a desktop.TrayAction) {
	var err error
	switch a.Do {
	case desktop.TrayOpenNeeds:
		b.page.Emit(EventOpen, Place{At: "today"})
	case desktop.TrayOpenStore:
		b.page.Emit(EventOpen, Place{At: "store", ID: a.Store})
	case desktop.TrayAway:
		b.page.Emit(EventOpen, Place{At: "away"})
	case desktop.TrayAwayQuit:
		b.page.Emit(EventOpen, Place{At: "away", ID: 1})
	case desktop.TrayBack:
		err = b.Engine.EndAway(b.Context)
	case desktop.TraySyncAll:
		_, _, err = b.Engine.SyncAll(b.Context)
	case desktop.TraySyncStore:
		_, err = b.Engine.Sync(b.Context, a.Store)
	case desktop.TrayPause:
		err = b.Engine.Pause(b.Context, 0)
	case desktop.TrayGoOn:
		err = b.Engine.Resume(b.Context, 0)
	}
	if err != nil && b.Context.Err() == nil {
		b.log(string(a.Do), err) // the store's line and its page say why
	}
}

// recall is "" for what was never remembered.
func (b behind) recall(name string) string {
	var value string
	err := b.Books.View(func(tx *db.Tx) (err error) {
		value, err = tx.Meta(name)
		return err
	})
	if err != nil {
		b.log("recall "+name, err)
	}
	return value
}

func (b behind) remember(name, value string) {
	if err := b.Books.Update(b.Now(), func(tx *db.Tx) error { return tx.SetMeta(name, value) }); err != nil {
		b.log("remember "+name, err)
	}
}

func (b behind) words() words.Words { return chosenWords(b.looks()) }

func (behind) log(what string, err error) { slog.Warn("behind the window", "what", what, "err", err) }
