package db

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// maxFixes is how many keys one transaction of a rebuild writes; Badger takes about 20,000 of their size.
const maxFixes = 5_000

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
	for fixes := range slices.Chunk(c.fixes, maxFixes) {
		if err := db.update(time.Time{}, func(tx *Tx) error { return tx.apply(fixes) }); err != nil {
			return c.report, fmt.Errorf("rebuild: %w", err)
		}
	}
	after, err := db.check(progress)
	return after.report, err
}

func (tx *Tx) apply(fixes []fix) error {
	tx.touched.All = true
	var err error
	for _, f := range fixes {
		if f.drop {
			err = errors.Join(err, tx.del(f.key))
		} else {
			err = errors.Join(err, tx.set(f.key, f.value))
		}
	}
	return err
}
