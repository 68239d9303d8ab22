package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What is kept of the nightly backups: the newest of each of the last seven days, and of each of the last four weeks,
// that have one.
const (
	keepDaily  = 7
	keepWeekly = 4
)

const (
	nightlyPrefix = "evenstock-"
	nightlySuffix = ".bak"
)

// Nightly backs the database up into folder under the day of now, restores that file into memory, verifies it, and only
// then removes the nightly backups that are not kept any more: 7 daily, 4 weekly. It returns the file and what the
// verification found; differences are no error, but then nothing is removed. What became of it is remembered, see
// [Tx.BackupTrouble].
func (db *DB) Nightly(ctx context.Context, folder string, now time.Time) (file string, report Report, err error) {
	file, report, err = db.nightly(ctx, folder, now)
	if ctx.Err() != nil {
		return file, report, err // it was broken off, and is made up for
	}
	trouble := ""
	if failed := errors.Join(err, report.Err()); failed != nil {
		trouble = "The copy could not be made, or what is in it does not add up."
		if known, ok := errors.AsType[*OpenError](failed); ok {
			trouble = known.Message
		}
	}
	return file, report, errors.Join(err, db.rememberTrouble(now, trouble))
}

func (db *DB) nightly(ctx context.Context, folder string, now time.Time) (file string, report Report, err error) {
	if err := db.rememberNight(now); err != nil {
		return "", report, err
	}
	if err := privateFolder(folder); err != nil {
		return "", report, err
	}
	file = filepath.Join(folder, nightlyPrefix+now.Format(time.DateOnly)+nightlySuffix)
	if err := db.Backup(ctx, file, now); err != nil {
		return file, report, err
	}
	if report, err = RestoreTest(ctx, file); err != nil {
		return file, report, fmt.Errorf("rehearsal of the backup: %w", err)
	}
	if err := db.rememberRehearsal(now); err != nil {
		return file, report, err
	}
	return file, report, prune(folder)
}

const (
	// metaNight holds when the nightly work was begun last, as RFC 3339.
	metaNight = "night"

	// metaRehearsed holds the moment of the last nightly backup that was restored and added up.
	metaRehearsed = "rehearsed"

	// metaBackupTrouble holds a sentence about the last nightly backup, "" when it is good.
	metaBackupTrouble = "backup/trouble"

	// nightGap is the age of the last nightly work at which it is made up for: a computer may sleep every night.
	nightGap = 25 * time.Hour
)

// NightMissed reports whether the last nightly work is too long ago. New books have nothing to make up for: their first
// night counts from now.
func (db *DB) NightMissed(now time.Time) (bool, error) {
	var text string
	err := db.View(func(tx *Tx) (err error) { text, err = tx.Meta(metaNight); return err })
	if err != nil {
		return false, err
	}
	last, err := time.Parse(time.RFC3339, text)
	if err != nil { // none yet
		return false, db.rememberNight(now)
	}
	return now.Sub(last) > nightGap, nil
}

// BackupTrouble is a sentence about the last nightly backup, "" when it is good or there was none yet.
func (tx *Tx) BackupTrouble() (string, error) { return tx.Meta(metaBackupTrouble) }

// CopyMade says that a person has made a good copy of the books since the last nightly backup.
func (db *DB) CopyMade(now time.Time) error { return db.rememberTrouble(now, "") }

func (db *DB) rememberTrouble(now time.Time, trouble string) error {
	var was string
	err := db.View(func(tx *Tx) (err error) { was, err = tx.BackupTrouble(); return err })
	if err != nil || was == trouble {
		return err
	}
	return db.Update(now, func(tx *Tx) error { return tx.SetMeta(metaBackupTrouble, trouble) })
}

func (db *DB) rememberNight(now time.Time) error {
	return db.Update(now, func(tx *Tx) error { return tx.SetMeta(metaNight, now.Format(time.RFC3339)) })
}

// prune removes the nightly backups in folder that are not kept. It leaves every other file alone.
func prune(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return folderError(folder, "list backups", err)
	}
	var days []time.Time
	for _, e := range entries {
		day, err := time.Parse(nightlyPrefix+time.DateOnly+nightlySuffix, e.Name())
		if err == nil && e.Type().IsRegular() {
			days = append(days, day)
		}
	}
	for _, day := range dropped(days) {
		name := filepath.Join(folder, nightlyPrefix+day.Format(time.DateOnly)+nightlySuffix)
		if _, err := ReadBackupInfo(name); err != nil {
			continue // not ours, whatever its name
		}
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// dropped are the days, in order, whose backups are not kept.
func dropped(days []time.Time) []time.Time {
	slices.SortFunc(days, func(a, b time.Time) int { return b.Compare(a) })
	weeks := map[string]bool{}
	var out []time.Time
	for i, day := range days {
		year, week := day.ISOWeek()
		name := fmt.Sprint(year, week)
		newest := !weeks[name] && len(weeks) < keepWeekly
		if newest {
			weeks[name] = true
		}
		if i >= keepDaily && !newest {
			out = append(out, day)
		}
	}
	slices.Reverse(out)
	return out
}

// NewestBackup is the newest nightly backup in folder, "" when there is none.
func NewestBackup(folder string) (string, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", folderError(folder, "list backups", err)
	}
	for _, e := range slices.Backward(entries) {
		if strings.HasPrefix(e.Name(), nightlyPrefix) && strings.HasSuffix(e.Name(), nightlySuffix) {
			return filepath.Join(folder, e.Name()), nil
		}
	}
	return "", nil
}

// Rehearsed is when the newest nightly backup that was restored and added up was made, to the millisecond; the zero time
// when there is none.
func (db *DB) Rehearsed() (time.Time, error) {
	var text string
	err := db.View(func(tx *Tx) (err error) { text, err = tx.Meta(metaRehearsed); return err })
	if err != nil || text == "" {
		return time.Time{}, err
	}
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("moment of the last rehearsal: %w", err)
	}
	return time.UnixMilli(ms), nil
}

func (db *DB) rememberRehearsal(now time.Time) error {
	return db.Update(now, func(tx *Tx) error { return tx.SetMeta(metaRehearsed, strconv.FormatInt(now.UnixMilli(), 10)) })
}
