package db

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Names beside the database folder. A folder is called restored only after it was verified in full, so whoever finds one
// and no database may finish the swap.
const (
	restoringSuffix = ".restoring"
	restoredSuffix  = ".restored"
)

// maxPending is how many batches Badger may have in flight while a backup is loaded.
const maxPending = 16

// Restored says what a restore put in place.
type Restored struct {
	Backup BackupInfo
	Report Report
	Before string // where the books lie that were there before, "" when there were none
}

// Restore puts the backup file in the place of the database in dir, which must not be open. The backup is loaded into a
// new folder and verified before anything is moved; the old books stay beside as dir.before-restore-TIME. On every
// error, an [OpenError] of kind ErrMissing, ErrForeign, ErrCut, ErrNewer, ErrLocked, ErrFull, ErrReadOnly or ErrBroken
// where a seller can do something about it, they are where they were.
func Restore(ctx context.Context, file, dir string, opt Options) (Restored, error) {
	var done Restored
	info, err := CheckBackup(ctx, file)
	if err != nil {
		return done, err
	}
	done.Backup = info
	dir = filepath.Clean(dir)
	if err := finishSwap(dir); err != nil {
		return done, err
	}
	lock, err := lockUnused(dir)
	if err != nil {
		return done, err
	}
	if onWindows { // no folder can be renamed there while a file in it is open
		err = lock.release()
		lock = nil
	}
	if err == nil {
		done.Report, err = loadBeside(ctx, file, dir, opt)
	}
	if err != nil {
		return done, errors.Join(err, os.RemoveAll(dir+restoringSuffix), lock.release())
	}
	done.Before, err = swap(dir, opt.Now)
	return done, errors.Join(err, lock.release())
}

// RestoreTest restores the backup file into memory and verifies it: a backup that was never restored does not count.
func RestoreTest(ctx context.Context, file string) (Report, error) {
	if _, err := CheckBackup(ctx, file); err != nil {
		return Report{}, err
	}
	db, err := openFiles("", Options{})
	if err != nil {
		return Report{}, err
	}
	report, err := db.load(ctx, file, Options{})
	return report, errors.Join(err, db.closeFiles())
}

// loadBeside makes the verified folder that takes the place of dir.
func loadBeside(ctx context.Context, file, dir string, opt Options) (Report, error) {
	beside := dir + restoringSuffix
	if err := os.RemoveAll(beside); err != nil {
		return Report{}, folderError(beside, "remove what an earlier restore left", err)
	}
	db, err := openFiles(beside, opt)
	if err != nil {
		return Report{}, err
	}
	report, err := db.load(ctx, file, opt)
	return report, errors.Join(err, db.Close())
}

// load fills an empty database from a checked backup, brings it to the present format and verifies it.
func (db *DB) load(ctx context.Context, file string, opt Options) (Report, error) {
	if err := db.loadStream(ctx, file); err != nil {
		return Report{}, err
	}
	if err := db.adopt(opt, schema, migrations); err != nil {
		return Report{}, err
	}
	report, err := db.Verify(nil)
	if err == nil && !report.OK() {
		err = problem(ErrBroken, report.Err(), "The books in the backup %s do not add up, so they were not put in place.", file)
	}
	return report, err
}

// loadStream reads the records of a checked backup into an empty database. Badger panics on some malformed ones.
func (db *DB) loadStream(ctx context.Context, file string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = cutProblem(file, fmt.Errorf("%v", p))
		}
	}()
	f, size, err := openBackup(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, n, err := readHeader(file, f)
	if err != nil {
		return err
	}
	records := io.NewSectionReader(f, n, size-n-trailerSize)
	if err := db.badger.Load(&cancellable{ctx, records}, maxPending); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if p := fileProblem(db.dir, err); p != nil {
			return p
		}
		return cutProblem(file, err)
	}
	return nil
}

// cancellable is a reader that ends with its context.
type cancellable struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancellable) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}

const trailerSize = int64(len(backupTrailer) + sha256.Size)

// CheckBackup reads all of a backup file and compares it with its checksum, without loading it. It returns an
// [OpenError] of kind ErrMissing, ErrForeign, ErrNewer or, when the file is cut short or changed, ErrCut.
func CheckBackup(ctx context.Context, file string) (BackupInfo, error) {
	info, err := ReadBackupInfo(file)
	if err != nil {
		return info, err
	}
	f, size, err := openBackup(file)
	if err != nil {
		return info, err
	}
	defer f.Close()
	_, n, err := readHeader(file, f)
	if err != nil {
		return info, err
	}
	sum := sha256.New()
	body := io.NewSectionReader(f, 0, size-trailerSize)
	if size < n+trailerSize {
		return info, cutProblem(file, nil)
	}
	if _, err := io.Copy(sum, &cancellable{ctx, body}); err != nil {
		return info, fmt.Errorf("read backup: %w", err)
	}
	trailer := make([]byte, trailerSize)
	if _, err := f.ReadAt(trailer, size-trailerSize); err != nil {
		return info, fmt.Errorf("read backup: %w", err)
	}
	if !bytes.Equal(trailer, sum.Sum([]byte(backupTrailer))) {
		return info, cutProblem(file, nil)
	}
	return info, checkLengths(file, io.NewSectionReader(f, n, size-n-trailerSize))
}

// checkLengths walks over the batches of Badger's stream, each behind its length, because Badger believes every length.
func checkLengths(file string, r *io.SectionReader) error {
	for at := int64(0); at < r.Size(); {
		var length [8]byte
		if _, err := r.ReadAt(length[:], at); err != nil {
			return cutProblem(file, err)
		}
		n := binary.LittleEndian.Uint64(length[:])
		at += 8
		if n > uint64(r.Size()-at) {
			return cutProblem(file, nil)
		}
		at += int64(n)
	}
	return nil
}

func cutProblem(file string, cause error) error {
	return problem(ErrCut, cause, "The backup %s is incomplete or was changed after it was made. Nothing was restored; use another backup.", file)
}

// lockUnused keeps every other process out of dir; it returns nil where there is no such folder.
func lockUnused(dir string) (*folderLock, error) {
	lock, err := lockFolder(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case errors.Is(err, errHeld):
		return nil, problem(ErrLocked, nil, "The books in %s are open. Quit Evenstock before you restore a backup; nothing was changed.", dir)
	case err != nil:
		return nil, folderError(dir, "lock folder", err)
	}
	return lock, nil
}

// swap puts the folder that was made beside dir in its place. A crash at any point leaves one of the two whole, and
// finishSwap knows which.
func swap(dir string, now time.Time) (before string, err error) {
	if err := os.RemoveAll(dir + restoredSuffix); err != nil {
		return "", folderError(dir, "remove what an earlier restore left", err)
	}
	if err := os.Rename(dir+restoringSuffix, dir+restoredSuffix); err != nil {
		return "", folderError(dir, "name restored folder", err)
	}
	if _, err := os.Lstat(dir); err == nil {
		before = dir + ".before-restore-" + now.UTC().Format("20060102-150405")
		if err := os.Rename(dir, before); err != nil {
			return "", errors.Join(folderError(dir, "put old books aside", err), os.RemoveAll(dir+restoredSuffix))
		}
	}
	return before, errors.Join(place(dir), syncFolder(filepath.Dir(dir)))
}

// finishSwap ends a restore that was broken off between its two renames.
func finishSwap(dir string) error {
	if _, err := os.Lstat(dir); err == nil {
		return nil
	}
	return place(dir)
}

// place moves a restored folder, if there is one, to where there is none now.
func place(dir string) error {
	err := os.Rename(dir+restoredSuffix, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return folderError(dir, "put restored books in place", err)
}
