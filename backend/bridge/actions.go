package bridge

import (
	"context"

	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/view"
)

// Sync pulls the latest orders of a store, then sends what changed.
func (s *Stores) Sync(store uint32) (db.Run, error) {
	return call(s.b, "Stores.Sync", func(d *Deps) (db.Run, error) { return d.Engine.Sync(d.Context, store) })
}

// SyncAll is Sync for every store that is on, all orders before any push.
func (s *Stores) SyncAll() (RunList, error) {
	return call(s.b, "Stores.SyncAll", func(d *Deps) (RunList, error) {
		runs, off, err := d.Engine.SyncAll(d.Context)
		return RunList{Runs: runs, Off: off}, err
	})
}

// RefreshInventory brings every counted listing of a store to its number.
func (s *Stores) RefreshInventory(store uint32) (db.Run, error) {
	return call(s.b, "Stores.RefreshInventory", func(d *Deps) (db.Run, error) {
		return d.Engine.RefreshInventory(d.Context, store)
	})
}

// SyncListings pulls the listings changed since the last time.
func (s *Stores) SyncListings(store uint32) (db.Run, error) {
	return call(s.b, "Stores.SyncListings", func(d *Deps) (db.Run, error) { return d.Engine.SyncListings(d.Context, store) })
}

// RefreshListings pulls all listings.
func (s *Stores) RefreshListings(store uint32) (db.Run, error) {
	return call(s.b, "Stores.RefreshListings", func(d *Deps) (db.Run, error) {
		return d.Engine.RefreshListings(d.Context, store)
	})
}

// Cancel stops what a store is doing after the batch on the wire.
func (s *Stores) Cancel(store uint32) error {
	return do(s.b, "Stores.Cancel", func(d *Deps) error {
		d.Engine.Cancel(store)
		return nil
	})
}

// Progress is what a store is doing, null when it rests.
func (s *Stores) Progress(store uint32) (*view.Progress, error) {
	return call(s.b, "Stores.Progress", func(d *Deps) (*view.Progress, error) { return d.Engine.Progress(store), nil })
}

// Held lists what the safety catch holds back.
func (s *Stores) Held(store uint32) (Table, error) {
	return call(s.b, "Stores.Held", func(d *Deps) (Table, error) {
		return s.b.table(kindHeld, store, func() (engine.Rehearsal, error) { return d.Engine.Held(store) })
	})
}

// Drift reads a store and lists what differs there. Nothing is adopted.
func (s *Stores) Drift(store uint32) (engine.Rehearsal, error) {
	return call(s.b, "Stores.Drift", func(d *Deps) (engine.Rehearsal, error) { return d.Engine.Drift(d.Context, store) })
}

// FixDrift sends our number to listings that differ; null means all of them.
func (s *Stores) FixDrift(store uint32, skus []string) (db.Run, error) {
	return s.onRows("Stores.FixDrift", store, skus, (*engine.Engine).FixDrift)
}

// Track switches stock tracking on in the shop, after the user's consent; null means all untracked listings.
func (s *Stores) Track(store uint32, skus []string) (db.Run, error) {
	return s.onRows("Stores.Track", store, skus, (*engine.Engine).Track)
}

// AnswerRenamed says what the new SKU of a listing means: its product was renamed, or it is another product now.
func (s *Stores) AnswerRenamed(store uint32, ref string, renamed bool) error {
	return do(s.b, "Stores.AnswerRenamed", func(d *Deps) error {
		return d.Engine.AnswerRenamed(d.Context, db.Link{Store: store, Ref: ref}, renamed)
	})
}

// AnswerShipped says whether units that a store shipped while its sync was off have to be taken out of In stock, or are
// already counted.
func (s *Stores) AnswerShipped(store uint32, takeOut bool) error {
	return do(s.b, "Stores.AnswerShipped", func(d *Deps) error { return d.Engine.AnswerShipped(d.Context, store, takeOut) })
}

func (s *Stores) onRows(name string, store uint32, skus []string,
	action func(*engine.Engine, context.Context, uint32, []string) (db.Run, error)) (db.Run, error) {
	return call(s.b, name, func(d *Deps) (db.Run, error) {
		if err := chosen(skus); err != nil {
			return db.Run{}, err
		}
		return action(d.Engine, d.Context, store, skus)
	})
}

// chosen refuses an empty choice: only null means all rows, and a page that lost its selection must not mean them.
func chosen(skus []string) error {
	if skus != nil && len(skus) == 0 {
		return invalid("No rows are chosen, so nothing was done.")
	}
	return nil
}
