package db

import (
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/fxamacker/cbor/v2"
)

// ErrNotFound is what a look-up of something that is not there returns.
var ErrNotFound = errors.New("not found")

// recordVersion is the first byte of every record. A record of a later version is refused, never misread.
const recordVersion = 1

// DB is the open database. All writes go through one mutex around one Badger transaction, so a writer never meets a
// conflict and the sequence of movements has no gaps.
type DB struct {
	badger *badger.DB
	dir    string // empty in memory
	lock   *folderLock
	free   func(dir string) (uint64, error) // freeSpace; a test looks away here

	install string
	clean   bool // the last exit was tidy
	closing sync.Once

	writer sync.Mutex
	hooks  []func(Touched)
	commit func() error // asked before each commit; a test refuses one here
	piece  limits       // of InPieces
}

// Touched says what a committed transaction changed, for read models and the window.
type Touched struct {
	Items    map[uint64]bool
	Listings map[Link]bool
	Orders   bool
	Stores   bool
	Runs     bool
	Notices  bool
	Woken    map[uint32]bool // stores with a listing that was marked
	All      bool
}

// Topics are the words the window listens for.
func (t Touched) Topics() []string {
	var topics []string
	add := func(on bool, topic string) {
		if on || t.All {
			topics = append(topics, topic)
		}
	}
	add(len(t.Items) > 0, "stock")
	add(len(t.Listings) > 0, "listings")
	add(t.Orders, "orders")
	add(t.Stores, "stores")
	add(t.Runs, "activity")
	add(t.Notices, "notices")
	return topics
}

// OnCommit adds a function that is called after every commit, under the writer's lock. It must be quick and must not
// write. All are added before the first writer starts.
func (db *DB) OnCommit(f func(Touched)) { db.hooks = append(db.hooks, f) }

// BeforeCommit sets a function that is asked before every commit; its error makes the transaction fail without effect.
func (db *DB) BeforeCommit(f func() error) { db.commit = f }

// Tx is one transaction with one point in time.
type Tx struct {
	txn     *badger.Txn
	now     time.Time
	write   bool
	touched Touched
	seq     uint64    // last sequence number, read once
	chain   []byte    // chain of the last movement
	away    *AwayMode // read once
	written limits
	removed map[uint32]bool // stores, read once
	// counters are those that were counted on. They are written with the commit, once each: Badger counts every write, and a
	// transaction takes some 25,000 of them.
	counters map[string]uint64
}

// View runs fn on a snapshot. fn must not keep the Tx.
func (db *DB) View(fn func(*Tx) error) error {
	return db.badger.View(func(txn *badger.Txn) error { return fn(&Tx{txn: txn}) })
}

// Update runs fn in a writing transaction at now and commits what it did; an error from fn discards all of it.
func (db *DB) Update(now time.Time, fn func(*Tx) error) error {
	db.writer.Lock()
	defer db.writer.Unlock()
	return db.update(now, fn)
}

// update is Update for a caller that is the writer already.
func (db *DB) update(now time.Time, fn func(*Tx) error) error {
	if err := db.checkRoom(); err != nil {
		return err
	}
	txn := db.badger.NewTransaction(true)
	defer txn.Discard()
	tx := &Tx{txn: txn, now: now.Round(0), write: true,
		touched: Touched{Items: map[uint64]bool{}, Listings: map[Link]bool{}, Woken: map[uint32]bool{}}}
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.count(); err != nil {
		return err
	}
	if db.commit != nil {
		if err := db.commit(); err != nil {
			return fmt.Errorf("commit: %w", err)
		}
	}
	if err := txn.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	for _, hook := range db.hooks {
		hook(tx.touched)
	}
	return nil
}

// Now is the transaction's point in time in Unix milliseconds.
func (tx *Tx) Now() int64 { return tx.now.UnixMilli() }

// Time is the transaction's point in time.
func (tx *Tx) Time() time.Time { return tx.now }

// Touched is what the transaction changed so far; callers add what they know.
func (tx *Tx) Touched() *Touched { return &tx.touched }

var encoder = func() cbor.EncMode {
	m, err := cbor.EncOptions{Sort: cbor.SortBytewiseLexical}.EncMode()
	if err != nil {
		panic(err)
	}
	return m
}()

func encode(rec any) ([]byte, error) {
	b, err := encoder.Marshal(rec)
	if err != nil {
		return nil, fmt.Errorf("encode record: %w", err)
	}
	return append([]byte{recordVersion}, b...), nil
}

func decode(b []byte, rec any) error {
	if len(b) == 0 || b[0] != recordVersion {
		return fmt.Errorf("record of an unknown version")
	}
	if err := cbor.Unmarshal(b[1:], rec); err != nil {
		return fmt.Errorf("decode record: %w", err)
	}
	return nil
}

func (tx *Tx) put(k []byte, rec any) error {
	b, err := encode(rec)
	if err != nil {
		return err
	}
	return tx.set(k, b)
}

func (tx *Tx) set(k, v []byte) error {
	tx.wrote(k, v)
	if err := tx.txn.Set(k, v); err != nil {
		return fmt.Errorf("write %q: %w", k[0], err)
	}
	return nil
}

func (tx *Tx) del(k []byte) error {
	tx.wrote(k, nil)
	if err := tx.txn.Delete(k); err != nil {
		return fmt.Errorf("delete %q: %w", k[0], err)
	}
	return nil
}

func (tx *Tx) has(k []byte) (bool, error) {
	_, err := tx.txn.Get(k)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return false, nil
	}
	return err == nil, err
}

// raw returns the value at k, or ErrNotFound.
func (tx *Tx) raw(k []byte) ([]byte, error) {
	item, err := tx.txn.Get(k)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", k[0], err)
	}
	return item.ValueCopy(nil)
}

// get reads the record at k; it is ErrNotFound when there is none.
func get[T any](tx *Tx, k []byte) (T, error) {
	var rec T
	b, err := tx.raw(k)
	if err != nil {
		return rec, err
	}
	if err := decode(b, &rec); err != nil {
		return rec, fmt.Errorf("%q: %w", k[0], err)
	}
	return rec, nil
}

// getOr is get with the zero record where there is none.
func getOr[T any](tx *Tx, k []byte) (T, error) {
	rec, err := get[T](tx, k)
	if errors.Is(err, ErrNotFound) {
		return rec, nil
	}
	return rec, err
}

// scan yields key and value of everything below prefix, beginning at from when it is not nil. Values are valid until
// the next step. In a writing transaction open as few as possible: each copies and sorts all pending writes.
func (tx *Tx) scan(prefix, from []byte, values bool) iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) {
		opt := badger.DefaultIteratorOptions
		opt.Prefix = prefix
		opt.PrefetchValues = values
		it := tx.txn.NewIterator(opt)
		defer it.Close()
		if from == nil {
			from = prefix
		}
		for it.Seek(from); it.ValidForPrefix(prefix); it.Next() {
			var v []byte
			if values {
				b, err := it.Item().ValueCopy(nil)
				if err != nil {
					return
				}
				v = b
			}
			if !yield(it.Item().KeyCopy(nil), v) {
				return
			}
		}
	}
}

// each decodes everything below prefix.
func each[T any](tx *Tx, prefix, from []byte) iter.Seq2[[]byte, T] {
	return func(yield func([]byte, T) bool) {
		for k, v := range tx.scan(prefix, from, true) {
			var rec T
			if err := decode(v, &rec); err != nil {
				panic(fmt.Sprintf("db: %q: %v", k[0], err)) // a readable database has no such record; Verify looks for them
			}
			if !yield(k, rec) {
				return
			}
		}
	}
}

// number reads a counter kept under a meta name.
func (tx *Tx) number(name string) (uint64, error) {
	if n, ok := tx.counters[name]; ok {
		return n, nil
	}
	b, err := tx.raw(key(tagMeta, name))
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return u64(b), nil
}

// next returns the next value of a counter, beginning with 1.
func (tx *Tx) next(name string) (uint64, error) {
	n, err := tx.number(name)
	if err != nil {
		return 0, err
	}
	if tx.counters == nil {
		tx.counters = map[string]uint64{}
	}
	tx.counters[name] = n + 1
	return n + 1, nil
}

// count writes the counters down.
func (tx *Tx) count() error {
	for name, n := range tx.counters {
		if err := tx.set(key(tagMeta, name), key(0, n)[1:]); err != nil {
			return err
		}
	}
	return nil
}
