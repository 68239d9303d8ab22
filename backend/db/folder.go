package db

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// room is the free space below which nothing is written any more: one memory table on its way to disk, and half as much
// again. Badger writes through memory maps of sparse files; on a disk that runs full such a write kills the process.
const room = 24 << 20

// mostRoom bounds what is asked for on top for merging tables, which needs about as much as there is.
const mostRoom = 96 << 20

var errHeld = errors.New("folder lock held")

// prepare makes dir a folder that Badger can open safely: there, private, ours alone, writable, with room, and repaired.
// The lock is held until the database is closed.
func prepare(dir string) (*folderLock, error) {
	if err := finishSwap(dir); err != nil {
		return nil, err
	}
	if err := privateFolder(dir); err != nil {
		return nil, err
	}
	lock, err := lockFolder(dir)
	if errors.Is(err, errHeld) {
		return nil, problem(ErrLocked, nil, "The books in %s are open in another Evenstock. Close it, or use it instead of this one.", dir)
	}
	if err != nil {
		return nil, folderError(dir, "lock folder", err)
	}
	forget := os.RemoveAll(dir + restoredSuffix) // of a restore that ended before it touched these books
	if err := errors.Join(forget, probe(dir), repair(dir)); err != nil {
		return nil, errors.Join(folderError(dir, "prepare folder", err), lock.release())
	}
	return lock, nil
}

// privateFolder makes dir, closed to everybody else. The database is not encrypted, only the secrets in it are.
func privateFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return folderError(dir, "make folder", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return folderError(dir, "look at folder", err)
	}
	if info.Mode().Perm()&0o077 == 0 || onWindows {
		return nil
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return folderError(dir, "close folder to others", err)
	}
	return nil
}

// folderError is the seller's sentence where there is one for err, otherwise err with what was being done; nil for nil.
func folderError(dir, doing string, err error) error {
	if err == nil {
		return nil
	}
	var known *OpenError
	if errors.As(err, &known) {
		return err
	}
	if p := fileProblem(dir, err); p != nil {
		return p
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// probe writes and removes a file, so that a read-only or full disk is known before Badger meets it.
func probe(dir string) error {
	free, err := freeSpace(dir)
	if err != nil {
		return fmt.Errorf("free space: %w", err)
	}
	if free < room {
		return fullProblem(dir, nil)
	}
	f, err := os.CreateTemp(dir, "write-test-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 4096))
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}

// repair removes empty .mem and .vlog files. A crash between their creation and their first use leaves them, they never
// held data, and Badger 4.9 does not open a folder that has one (reliability.md).
func repair(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".mem") && !strings.HasSuffix(e.Name(), ".vlog") {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if info.Size() == 0 && info.Mode().IsRegular() {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkRoom refuses a commit while the disk has no room for it and for what Badger does in its wake.
func (db *DB) checkRoom() error {
	if db.dir == "" {
		return nil
	}
	free, err := db.free(db.dir)
	if err != nil {
		return folderError(db.dir, "free space", err)
	}
	tables, _ := db.badger.Size()
	if free < room+uint64(min(max(0, tables), mostRoom)) {
		return fullProblem(db.dir, nil)
	}
	return nil
}
