package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"evenstock/backend/bridge"
	"evenstock/backend/channel"
	"evenstock/backend/channel/all"
	"evenstock/backend/cli"
	"evenstock/backend/db"
	"evenstock/backend/desktop"
	"evenstock/backend/engine"
	"evenstock/backend/schedule"
	"evenstock/backend/view"
)

// What lies in a data folder.
const (
	booksFolder   = "books"
	backupsFolder = "backups"
	logName       = "evenstock.log"
)

const (
	// stopWithin is how long work under way has for its end. Whoever quits is not kept waiting; what is cut off here
	// is what a crash would cut off, and the books survive that.
	stopWithin = 1500 * time.Millisecond

	// maxLog is the size at which the log begins anew when the program starts; the one before is kept.
	maxLog = 4 << 20

	// nightGap is the age of the last nightly work at which it is made up for: a computer may sleep every night.
	nightGap = 25 * time.Hour
)

// App is a folder's open books and everything that works on them. Its parts are opened in the order of its fields and
// closed in the reverse order.
type App struct {
	folder   string
	practice bool // books of practice stores, which end with this process
	channels *channel.Registry
	log      *slog.Logger
	logFile  io.Closer
	db       *db.DB
	keys     *keys
	view     *view.View
	hub      *bridge.Hub      // browsers that show the page
	to       []bridge.Emitter // the window, where there is one
	changes  *bridge.Changes
	engine   *engine.Engine

	raise func()         // brings the window to the front, nil without one
	work  sync.WaitGroup // what run has started
}

// openApp opens the books in a folder. Nothing works by itself until [App.run]. What changes is told to the page through
// to, and to browsers.
func openApp(_ context.Context, o cli.Options, to ...bridge.Emitter) (*App, error) {
	folder := o.Folder
	if o.Practice {
		folder = filepath.Join(folder, practiceFolder)
		o.Every = cmp.Or(o.Every, practiceEvery)
	}
	if err := desktop.PrepareDataDir(folder); err != nil {
		return nil, err
	}
	if o.Practice {
		if err := beginAnew(folder); err != nil {
			return nil, err
		}
	}
	a := &App{folder: folder, practice: o.Practice, channels: all.Registry(), hub: bridge.NewHub(), to: to}
	if err := a.openLog(); err != nil {
		return nil, err
	}
	if err := a.open(o); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

func (a *App) openLog() error {
	name := filepath.Join(a.folder, logName)
	if info, err := os.Stat(name); err == nil && info.Size() > maxLog {
		if err := os.Rename(name, name+".1"); err != nil {
			return fmt.Errorf("log: %w", err)
		}
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("log: %w", err)
	}
	a.logFile = f
	a.log = slog.New(slog.NewTextHandler(f, nil))
	slog.SetDefault(a.log) // the database speaks through it
	return nil
}

func (a *App) open(o cli.Options) (err error) {
	if a.db, err = db.OpenWith(filepath.Join(a.folder, booksFolder), db.Options{Version: version, Now: now()}); err != nil {
		return err
	}
	a.checkAfterCrash()
	a.keys = &keys{db: a.db, folder: a.folder, passphrase: o.Passphrase, now: now}
	if o.Practice {
		if err := a.keys.unlock(inMemory, true, nil); err != nil {
			return err
		}
	}
	if a.view, err = view.Open(a.db); err != nil {
		return err
	}
	a.changes = bridge.NewChanges(append([]bridge.Emitter{a.hub}, a.to...)...)
	a.db.OnCommit(a.view.Update)
	a.db.OnCommit(func(t db.Touched) { a.changes.Add(t.Topics()) })
	a.engine, err = engine.New(engine.Options{
		DB: a.db, Types: a.channels, HTTP: &http.Client{}, Log: a.log, Secrets: a.keys,
		Now: now, Sleep: sleep, Jitter: jitter, Every: o.Every, Listen: o.Listen,
		Changed: a.changes.Add,
	})
	if err != nil {
		return err
	}
	a.view.SetLive(view.Live{Progress: a.engine.Progress, Rehearsing: a.engine.Rehearsing})
	return nil
}

// checkAfterCrash verifies books that were not closed properly. What it finds is an incident that is shown, not mended.
func (a *App) checkAfterCrash() {
	if a.db.WasClean() {
		return
	}
	report, err := a.db.Verify(nil)
	if err = errors.Join(err, report.Err()); err != nil {
		a.log.Error("books after a crash", "err", err)
		fmt.Fprintln(os.Stderr, "The books were not closed properly and do not add up. \"evenstock verify\" shows where.")
	}
}

// run works by itself until ctx ends: commands of other processes, the lanes of the stores, and the clock that wakes them.
func (a *App) run(ctx context.Context, ready func()) error {
	owner, err := desktop.Listen(a.folder)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	failed := make(chan error, 2)
	start := func(part func() error) {
		a.work.Go(func() {
			defer stop()
			if err := part(); err != nil {
				failed <- err
			}
		})
	}
	start(func() error { return cli.Serve(ctx, owner, program(), a.commands()) })
	start(func() error { a.engine.Run(ctx); return nil })
	start(func() error { return schedule.Run(ctx, a.beat(ctx), a.night(ctx)) })
	ready()
	<-ctx.Done()
	select {
	case err = <-failed:
	default:
	}
	return err
}

// beat is what happens at every heartbeat.
func (a *App) beat(ctx context.Context) func(time.Time) {
	night := a.night(ctx)
	return func(now time.Time) {
		a.engine.Tick(now)
		if a.nightMissed(now) {
			night(now)
		}
	}
}

// lastNight is the meta that holds when the nightly work was begun last, as RFC 3339.
const lastNight = "night"

// nightMissed reports whether the last nightly work is too long ago. New books have nothing to make up for.
func (a *App) nightMissed(now time.Time) bool {
	var last time.Time
	err := a.db.View(func(tx *db.Tx) error {
		text, err := tx.Meta(lastNight)
		if err == nil && text != "" {
			last, err = time.Parse(time.RFC3339, text)
		}
		return err
	})
	if err != nil {
		a.log.Error("last nightly work", "err", err)
		return false
	}
	if last.IsZero() {
		a.rememberNight(now)
		return false
	}
	return now.Sub(last) > nightGap
}

func (a *App) rememberNight(now time.Time) {
	err := a.db.Update(now, func(tx *db.Tx) error { return tx.SetMeta(lastNight, now.Format(time.RFC3339)) })
	if err != nil {
		a.log.Error("nightly work", "err", err)
	}
}

// night reads all listings of all stores again, backs the books up and rehearses that backup.
func (a *App) night(ctx context.Context) func(time.Time) {
	return func(now time.Time) {
		a.rememberNight(now)
		a.engine.Nightly(now)
		a.work.Go(func() {
			file, report, err := a.db.Nightly(ctx, filepath.Join(a.folder, backupsFolder), now)
			if err = errors.Join(err, report.Err()); err != nil && ctx.Err() == nil {
				a.log.Error("nightly backup", "file", file, "err", err)
			}
		})
	}
}

// close closes the books once the work has ended, and at the latest after stopWithin. Work that goes on longer loses the
// process under its feet; then the database is left as a crash would leave it.
func (a *App) close() error {
	ended := make(chan struct{})
	go func() { a.work.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(stopWithin):
		a.log.Warn("work did not end in time")
		return nil
	}
	var err error
	if a.changes != nil {
		a.changes.Close()
	}
	if a.db != nil {
		err = a.db.Close()
	}
	return errors.Join(err, a.logFile.Close())
}

// jitter spreads retries by up to a fifth, so that stores that failed together are not tried together.
func jitter(d time.Duration) time.Duration { return d + time.Duration(rand.Int64N(int64(d)/5+1)) }

// now is the clock of everything that is told the time.
func now() time.Time { return time.Now() }

// sleep waits for d, or less when ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
