package db

import (
	"fmt"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// Open opens the database in dir, or one in memory when dir is empty.
func Open(dir string) (*DB, error) {
	opt := badger.DefaultOptions(dir).
		WithInMemory(dir == "").
		WithSyncWrites(dir != "").
		WithMemTableSize(16 << 20).
		WithNumMemtables(2).
		WithNumLevelZeroTables(2).
		WithNumLevelZeroTablesStall(6).
		WithNumCompactors(2).
		WithBlockCacheSize(32 << 20).
		WithIndexCacheSize(16 << 20).
		WithValueLogFileSize(32 << 20).
		WithValueThreshold(1 << 20).
		WithNumVersionsToKeep(1).
		WithCompression(options.Snappy).
		WithChecksumVerificationMode(options.OnTableRead).
		WithMetricsEnabled(false).
		WithDetectConflicts(true).
		WithCompactL0OnClose(dir != "").
		WithLoggingLevel(badger.ERROR)
	b, err := badger.Open(opt)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return &DB{badger: b, dir: dir}, nil
}

// Close closes the database. Nothing may use it afterwards.
func (db *DB) Close() error { return db.badger.Close() }
