package db

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// Options are what the program tells the database about itself.
type Options struct {
	Version string    // of the program; kept, so that an older one can say which one wrote the books
	Now     time.Time // stamped on a backup that a change of format makes

	// For tests: a small memory table, to meet Badger's limit early, and small pieces, to crash between any two.
	MemTable int64 // bytes; 0 is 16 MB
	Piece    int64 // writes after which a piece ends, see [DB.InPieces]; 0 is as many as are safe
}

// Open is [OpenWith] without options.
func Open(dir string) (*DB, error) { return OpenWith(dir, Options{}) }

// OpenWith opens the database in dir, or an empty one in memory when dir is "". It makes the folder where there is
// none, repairs what a crash left, changes an older format to the present one after a backup, and gives a new
// database its install id and its default warehouse. It returns an [OpenError] of kind ErrLocked, ErrNewer, ErrReadOnly,
// ErrFull, ErrFolder or ErrBroken; the books are then as they were.
func OpenWith(dir string, opt Options) (*DB, error) { return open(dir, opt, schema, migrations) }

func open(dir string, opt Options, want int, steps []migration) (*DB, error) {
	db, err := openFiles(dir, opt)
	if err != nil {
		return nil, err
	}
	if err := db.adopt(opt, want, steps); err != nil {
		return nil, errors.Join(err, db.closeFiles())
	}
	return db, nil
}

// memTable is the size of a memory table; a transaction takes 15 % of it.
const memTable = 16 << 20

// openFiles opens the database as it is, whatever is in it.
func openFiles(dir string, opt Options) (*DB, error) {
	db := &DB{dir: dir, free: freeSpace}
	if dir != "" {
		db.dir = filepath.Clean(dir)
		lock, err := prepare(db.dir)
		if err != nil {
			return nil, err
		}
		db.lock = lock
	}
	var err error
	if db.badger, err = openBadger(db.dir, cmp.Or(opt.MemTable, memTable)); err != nil {
		return nil, errors.Join(err, db.lock.release())
	}
	db.piece = limits{cmp.Or(opt.Piece, db.badger.MaxBatchCount()/pieceShare), db.badger.MaxBatchSize() / pieceShare}
	return db, nil
}

// openBadger opens the files in dir. Badger panics on some damaged ones; that too is an error here.
func openBadger(dir string, table int64) (b *badger.DB, err error) {
	defer func() {
		if p := recover(); p != nil {
			b, err = nil, brokenProblem(dir, fmt.Errorf("%v", p))
		}
	}()
	log := &logger{}
	b, err = badger.Open(badger.DefaultOptions(dir).
		WithLogger(log).
		WithInMemory(dir == "").
		WithSyncWrites(dir != "").
		WithBypassLockGuard(true). // folderLock is held, from before the repair on
		WithMemTableSize(table).
		WithNumMemtables(2).
		WithNumLevelZeroTables(2).
		WithNumLevelZeroTablesStall(6).
		WithNumCompactors(2).
		WithBlockCacheSize(32 << 20).
		WithIndexCacheSize(16 << 20).
		WithValueLogFileSize(32 << 20).
		WithValueThreshold(min(1<<20, table/10)). // a transaction takes 15 % of the table
		WithNumVersionsToKeep(1).
		WithCompression(options.Snappy).
		WithChecksumVerificationMode(options.OnTableRead).
		WithMetricsEnabled(false).
		WithDetectConflicts(true).
		WithCompactL0OnClose(dir != ""))
	if err == nil {
		log.opened.Store(true)
		return b, nil
	}
	if p := fileProblem(dir, err); p != nil {
		return nil, p
	}
	if strings.Contains(err.Error(), "unsupported version") { // of Badger's own manifest
		return nil, newerProblem(dir, "", err)
	}
	return nil, brokenProblem(dir, err)
}

func newerProblem(dir, version string, cause error) error {
	by := "a newer Evenstock"
	if version != "" {
		by = "Evenstock " + version
	}
	return problem(ErrNewer, cause, "The books in %s were last used with %s, which is newer than this one. Nothing was changed. Start that version or a later one.", dir, by)
}

// adopt looks at what the database says about itself and makes it one of this program and this version.
func (db *DB) adopt(opt Options, want int, steps []migration) error {
	about, err := db.readAbout()
	if err != nil {
		return brokenProblem(db.dir, err)
	}
	db.install, db.clean = about.install, about.fresh || about.clean
	switch {
	case about.fresh:
		return db.found(opt, want)
	case about.schema > want:
		return newerProblem(db.dir, about.version, nil)
	case about.schema < want:
		if err := db.migrate(about.schema, opt, steps); err != nil {
			return err
		}
	}
	return db.Update(opt.Now, func(tx *Tx) error {
		if opt.Version != "" {
			if err := tx.SetMeta(metaVersion, opt.Version); err != nil {
				return err
			}
		}
		return tx.SetMeta(metaClean, "no")
	})
}

type about struct {
	fresh, clean     bool
	schema           int
	version, install string
}

// readAbout reads the metas of Open. A database with records but without a readable schema number is no database of ours.
func (db *DB) readAbout() (a about, err error) {
	err = db.View(func(tx *Tx) error {
		metas := map[string]string{}
		for _, name := range []string{metaSchema, metaVersion, metaInstall, metaClean} {
			if metas[name], err = tx.Meta(name); err != nil {
				return err
			}
		}
		a.version, a.install, a.clean = metas[metaVersion], metas[metaInstall], metas[metaClean] == "yes"
		if metas[metaSchema] == "" {
			a.fresh = true
			for range tx.scan(nil, nil, false) {
				return errors.New("records without a schema number")
			}
			return nil
		}
		a.schema, err = strconv.Atoi(metas[metaSchema])
		return err
	})
	return a, err
}

// found writes what every database has from the start.
func (db *DB) found(opt Options, schema int) error {
	id := make([]byte, 16)
	rand.Read(id)
	db.install = hex.EncodeToString(id)
	return db.Update(opt.Now, func(tx *Tx) error {
		metas := map[string]string{metaSchema: strconv.Itoa(schema), metaInstall: db.install, metaVersion: opt.Version, metaClean: "no"}
		for name, value := range metas {
			if err := tx.SetMeta(name, value); err != nil {
				return err
			}
		}
		return tx.PutWarehouse(Warehouse{Loc: DefaultLoc, Code: "MAIN", Name: "Main warehouse", Priority: 1})
	})
}

// Dir is the folder of the database, "" in memory.
func (db *DB) Dir() string { return db.dir }

// InstallID names this set of books for ever: 32 hex digits made at the first open, kept by backup and restore.
func (db *DB) InstallID() string { return db.install }

// WasClean reports whether the database was closed properly before it was opened this time, or is new. When it was not,
// the caller runs [DB.Verify].
func (db *DB) WasClean() bool { return db.clean }

// Close notes the tidy end and closes the database; a second call does nothing. Nothing may use the database
// afterwards. On a full disk the files are left as a crash would leave them, which loses nothing, and the error is ErrFull.
func (db *DB) Close() error {
	var err error
	db.closing.Do(func() {
		if err = db.checkRoom(); err != nil {
			return // closing writes out what is in memory; it is in the log on disk already
		}
		if db.dir != "" {
			db.hooks, db.commit = nil, nil
			err = db.Update(time.Time{}, func(tx *Tx) error { return tx.SetMeta(metaClean, "yes") })
		}
		err = errors.Join(err, db.closeFiles())
	})
	return err
}

func (db *DB) closeFiles() error {
	return errors.Join(db.badger.Close(), db.lock.release())
}
