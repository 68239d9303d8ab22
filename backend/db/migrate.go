package db

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// schema is the form of keys and records that this program writes: 1 and one more for every migration.
const schema = 3

// migration brings the records from one schema to the next. step does one chunk of the work in one transaction, at most
// 1,000 records, and returns where to go on, nil at the end; from is nil at first. A chunk may be done twice.
type migration struct {
	to   int
	name string
	step func(tx *Tx, from []byte) (next []byte, err error)
}

// migrations is append-only: an entry that was released is never changed, removed or moved.
var migrations = []migration{
	{2, "several warehouses", rankWarehouses},
	{3, "removed stores keep their links", linkRemoved},
}

// mostInStep is how many records a step of a migration looks at.
const mostInStep = 1_000

// linkRemoved gives the listings of removed stores back to their products.
func linkRemoved(tx *Tx, from []byte) (next []byte, err error) {
	var some []Listing
	for k, l := range each[Listing](tx, key(tagListing), from) {
		if len(some) == mostInStep {
			next = k
			break
		}
		l.Store = u32(k[1:])
		some = append(some, l)
	}
	for _, l := range some {
		if l.Item != 0 && tx.isRemoved(l.Store) {
			err = errors.Join(err, tx.Link(l.Item, Link{l.Store, l.Ref}))
		}
	}
	return next, err
}

// Names of the metas that the database keeps about itself.
const (
	metaSchema    = "schema"    // decimal
	metaMigrating = "migrating" // where a migration broke off
	metaVersion   = "version"   // of the program that opened it last
	metaInstall   = "install"   // random, made at the first open
	metaClean     = "clean"     // "yes" only between a tidy Close and the next Open
)

// migrate brings the database from schema have to want. Before the first change it makes a backup beside the folder.
func (db *DB) migrate(have int, opt Options, steps []migration) error {
	started, err := db.meta(metaMigrating)
	if err != nil {
		return err
	}
	if db.dir != "" && started == "" {
		file := fmt.Sprintf("%s.schema-%d.bak", db.dir, have)
		if err := db.backup(context.Background(), file, header{Schema: have, Created: opt.Now.UnixMilli(), Version: opt.Version, Install: db.install}); err != nil {
			return fmt.Errorf("backup before the change of format: %w", err)
		}
	}
	for _, m := range steps {
		if m.to <= have {
			continue
		}
		if err := db.run(m, opt.Now); err != nil {
			return fmt.Errorf("change to format %d (%s): %w", m.to, m.name, err)
		}
	}
	return nil
}

// run does all chunks of one migration; its progress is stored with each, and the new schema number with the last.
func (db *DB) run(m migration, now time.Time) error {
	for done := false; !done; {
		err := db.Update(now, func(tx *Tx) error {
			from, err := tx.raw(key(tagMeta, metaMigrating))
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			if len(from) > 0 {
				from = from[1:]
			}
			next, err := m.step(tx, from)
			if err != nil {
				return err
			}
			if next != nil {
				return tx.set(key(tagMeta, metaMigrating), append([]byte{'>'}, next...))
			}
			done = true
			if err := tx.del(key(tagMeta, metaMigrating)); err != nil {
				return err
			}
			return tx.SetMeta(metaSchema, strconv.Itoa(m.to))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) meta(name string) (value string, err error) {
	err = db.View(func(tx *Tx) error {
		value, err = tx.Meta(name)
		return err
	})
	return value, err
}
