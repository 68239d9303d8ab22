package engine

import (
	"context"

	"evenstock/backend/db"
)

// inPieces does step for each of all, in as many transactions as their writes need, see [db.DB.InPieces]. A store of any
// size is worked on so: nothing may fail because there is much of it.
func inPieces[T any](ctx context.Context, e *Engine, all []T, step func(*db.Tx, T) error) error {
	_, err := e.o.DB.InPieces(ctx, e.now, len(all), func(tx *db.Tx, i int) error { return step(tx, all[i]) })
	return err
}

// each is inPieces for what was read or sent already: it is written down to the end also when the run is stopped.
func each[T any](v *visit, all []T, step func(*db.Tx, T) error) error {
	return inPieces(context.Background(), v.l.e, all, step)
}

// setOf makes a set of names; nil stays nil, which is all of them.
func setOf(names []string) map[string]bool {
	if names == nil {
		return nil
	}
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}
