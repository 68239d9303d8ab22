package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"evenstock/backend/bridge"
	"evenstock/backend/channel"
	"evenstock/backend/channel/all"
	"evenstock/backend/cli"
	"evenstock/backend/db"
	"evenstock/backend/desktop"
	"evenstock/backend/engine"
	"evenstock/backend/hook"
	"evenstock/backend/practice"
	"evenstock/backend/schedule"
	"evenstock/backend/view"
)

// What lies in a data folder.
const (
	booksFolder    = "books"
	backupsFolder  = "backups"
	practiceFolder = "practice"
	logName        = "evenstock.log"
)

// stopWithin is how long work under way has for its end. Whoever quits is not kept waiting; what is cut off here is what a
// crash would cut off, and the books survive that.
const stopWithin = 1500 * time.Millisecond

// App is a folder's open books and everything that works on them. Its parts are opened in the order of its fields and
// closed in the reverse order.
type App struct {
	folder   string
	practice bool // books of practice stores, which end with this process
	channels *channel.Registry
	log      *slog.Logger
	logFile  io.Closer
	db       *db.DB
	keys     *db.Vault
	view     *view.View
	hub      *bridge.Hub      // browsers that show the page
	to       []bridge.Emitter // the window, where there is one
	changes  *bridge.Changes
	engine   *engine.Engine
	watch    *bridge.Watch
	hooks    *hook.Receiver // listens while the App runs and it is switched on

	shops atomic.Pointer[cli.Practice] // nil unless these are practice books whose stores are connected

	raise func()         // brings the window to the front, nil without one
	work  sync.WaitGroup // what run has started
}

// openApp opens the books in a folder. Nothing works by itself until [App.run]. What changes is told to the page through
// to, and to browsers.
func openApp(_ context.Context, o cli.Options, to ...bridge.Emitter) (*App, error) {
	folder := o.Folder
	if o.Practice {
		folder = filepath.Join(folder, practiceFolder)
		o.Every = cmp.Or(o.Every, cli.PracticeEvery)
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
	var err error
	if a.log, a.logFile, err = desktop.OpenLog(filepath.Join(folder, logName)); err != nil {
		return nil, err
	}
	slog.SetDefault(a.log) // the database speaks through it
	if err := a.open(o); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

func (a *App) open(o cli.Options) (err error) {
	if a.db, err = db.OpenWith(filepath.Join(a.folder, booksFolder), db.Options{Version: version, Now: now()}); err != nil {
		return err
	}
	a.checkAfterCrash()
	a.keys = db.NewVault(a.db, now, a.masterKey, o.Passphrase)
	if a.view, err = view.Open(a.db); err != nil {
		return err
	}
	a.changes = bridge.NewChanges(append([]bridge.Emitter{a.hub}, a.to...)...)
	a.watch = bridge.NewWatch(a.db, a.view)
	a.db.OnCommit(a.view.Update)
	a.db.OnCommit(func(t db.Touched) { a.changes.Add(t.Topics()) })
	a.engine, err = engine.New(engine.Options{
		DB: a.db, Types: a.channels, HTTP: &http.Client{}, Log: a.log, Secrets: a.keys,
		Now: now, Sleep: engine.Sleep, Jitter: jitter, Every: o.Every, Listen: o.Listen,
		Changed: a.changes.Add,
	})
	if err != nil {
		return err
	}
	if a.hooks, err = a.newHooks(); err != nil {
		return err
	}
	a.view.SetLive(view.Live{Limit: a.engine.MaxQuantity, ListingEvery: a.engine.ListingEvery, Progress: a.engine.Progress, Quota: a.engine.Quota, Rehearsing: a.engine.Rehearsing})
	return nil
}

// masterKey finds the key that seals the credentials. That of practice books is made anew and kept nowhere: it ends with
// the process, as their stores do.
func (a *App) masterKey(where string, fresh bool, passphrase func() (string, error)) ([]byte, error) {
	if a.practice {
		return db.NewMasterKey(), nil
	}
	m := desktop.MasterKeys{Folder: a.folder, Install: a.db.InstallID(), System: desktop.SystemKeys{}, Ask: passphrase}
	key, err := m.Unlock(where, fresh)
	if errors.Is(err, desktop.ErrNoKey) {
		err = fmt.Errorf("%w: %w", db.ErrLost, err)
	}
	return key, err
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
	a.hooks.Start()
	defer a.hooks.Close()
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
		a.watch.Look(now)
		missed, err := a.db.NightMissed(now)
		if err != nil {
			a.log.Error("last nightly work", "err", err)
		}
		if missed {
			night(now)
		}
	}
}

// night reads all listings of all stores again, backs the books up and rehearses that backup.
func (a *App) night(ctx context.Context) func(time.Time) {
	return func(now time.Time) {
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

// beginAnew empties a folder of practice books: their stores ended with the process that served them.
func beginAnew(folder string) error {
	owner, err := desktop.Listen(folder) // so that nobody else works there
	if err != nil {
		return err
	}
	defer owner.Close()
	for _, name := range []string{booksFolder, backupsFolder, logName} {
		if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
			return fmt.Errorf("practice books: %w", err)
		}
	}
	return nil
}

// practise serves practice stores, connects them and lets customers buy there until ctx ends.
func (a *App) practise(ctx context.Context) error {
	shops, err := cli.ConnectPractice(ctx, a.engine, now)
	if err != nil {
		return err
	}
	a.shops.Store(shops)
	cli.Live(ctx, shops.Demo)
	return nil
}

// played is what lives in the practice stores, nil without any.
func (a *App) played() (*practice.Demo, map[uint32]*practice.World) {
	shops := a.shops.Load()
	if shops == nil {
		return nil, nil
	}
	return shops.Demo, shops.Worlds
}

// window is the program with a window: the books are opened when it is there and closed when it is gone, so that it
// shows at once, and says why when they cannot be opened.
type window struct {
	o       cli.Options
	page    *bridge.Bridge
	runtime *bridge.Runtime
	shell   *desktop.Shell

	ctx  context.Context
	quit context.CancelFunc
	work sync.WaitGroup
}

// showWindow shows the window, in the tray if it is hidden, until the person quits or ctx ends.
func showWindow(ctx context.Context, o cli.Options, hidden bool) error {
	assets, err := fs.Sub(assets, "frontend/dist")
	if err != nil {
		return err
	}
	icons, err := fs.Sub(trayIcons, "build/tray")
	if err != nil {
		return err
	}
	w := &window{o: o, runtime: &bridge.Runtime{},
		page: bridge.New(bridge.About{Version: version, DataDir: o.Folder, Log: slog.Default()})}
	w.shell = desktop.NewShell(ctx, w.runtime, icons, hidden)
	w.ctx, w.quit = context.WithCancel(ctx)
	defer w.quit()
	defer context.AfterFunc(ctx, w.runtime.Quit)()
	return desktop.OpenWindow(desktop.WindowOptions{
		Title: "Evenstock", Folder: o.Folder, Assets: assets, Icon: icon, Services: w.page.Services(),
		Secure: bridge.Secure, FormatError: bridge.FormatError,
		Hidden: hidden, Started: w.started, Again: w.runtime.Show, Closing: w.shell.BeforeClose, Stopped: w.stopped,
	})
}

func (w *window) started(ctx context.Context) {
	w.runtime.Attach(ctx)
	w.work.Go(func() {
		if err := w.keepBooks(); err != nil {
			slog.Error("books", "err", err)
			w.page.Detach(cli.Sentence(err))
			w.runtime.Show()
		}
	})
}

// keepBooks opens the books, lets the page work on them and works by itself until the window is gone.
func (w *window) keepBooks() error {
	a, err := openApp(w.ctx, w.o, w.runtime, w.shell)
	if err != nil {
		return err
	}
	a.raise = w.runtime.Show
	a.watch.OnNotice(w.shell.Tell)
	if err := a.keys.Unlock("", false, w.o.Passphrase); err != nil {
		a.log.Error("keys of the stores", "err", err) // each store will say so; the books can be used
	}
	f := &front{books: a, page: w.page, saveAs: w.runtime.SaveAs, quit: w.shell.End}
	err = a.run(w.ctx, func() {
		f.show(w.ctx, a)
		w.shell.Open(bridge.Behind(f.deps(w.ctx, a), w.runtime))
	})
	w.shell.Close()
	return errors.Join(err, a.close())
}

func (w *window) stopped() {
	w.runtime.Detach()
	w.quit()
	w.work.Wait()
}

// jitter spreads retries by up to a fifth, so that stores that failed together are not tried together.
func jitter(d time.Duration) time.Duration { return d + time.Duration(rand.Int64N(int64(d)/5+1)) }
