package db

import (
	"context"
	"fmt"
	"time"
)

// Rebuild recomputes what is derived (projections, histories, indexes, links, counters) from what is not (movements,
// products, listings, orders, lines, stores), and returns the Report of a verification afterwards. It writes only what
// differs, so breaking it off loses nothing. When a movement, product, listing, order, line or store is itself damaged
// it changes nothing and returns an [OpenError] of kind ErrBroken: only a backup helps then.
func (db *DB) Rebuild(progress Progress) (Report, error) {
	db.writer.Lock()
	defer db.writer.Unlock()
	c, err := db.check(progress)
	if err != nil {
		return c.report, err
	}
	if c.unsound {
		return c.report, problem(ErrBroken, c.report.Err(), "The stock changes themselves are damaged, so nothing can be recomputed from them. Nothing was changed. Restore your newest backup.")
	}
	_, err = db.inPieces(context.Background(), len(c.fixes), func(tx *Tx, i int) error { return tx.apply(c.fixes[i]) },
		func(fn func(*Tx) error) error { return db.update(time.Time{}, fn) })
	if err != nil {
		return c.report, fmt.Errorf("rebuild: %w", err)
	}
	after, err := db.check(progress)
	return after.report, err
}

func (tx *Tx) apply(f fix) error {
	tx.touched.All = true
	if f.drop {
		return tx.del(f.key)
	}
	return tx.set(f.key, f.value)
}
