package bridge

import (
	"evenstock/backend/db"
	"evenstock/backend/view"
)

// Activity is what was read and sent.
type Activity struct{ b *Bridge }

// Runs returns a window of the runs of a store, or of all stores when it is 0, newest first.
func (a *Activity) Runs(store uint32, offset, limit int) (view.RunWindow, error) {
	return call(a.b, "Activity.Runs", func(d *Deps) (view.RunWindow, error) {
		runs, err := d.View.Runs(store, offset, limit)
		return view.RunWindow{Runs: runs}, err
	})
}

// UndoPush takes back what a run sent. Sending to its store is paused; the result is the run that did it.
func (a *Activity) UndoPush(run uint64) (db.Run, error) {
	return call(a.b, "Activity.UndoPush", func(d *Deps) (db.Run, error) { return d.Engine.UndoPush(d.Context, run) })
}

// Health is what a person should look at in the catalogue.
type Health struct{ b *Bridge }

// Get returns all of it.
func (h *Health) Get() (view.Health, error) {
	return call(h.b, "Health.Get", func(d *Deps) (view.Health, error) { return d.View.Health() })
}
