package main

import (
	"context"
	"io/fs"
	"path/filepath"
	"sync"

	"evenstock/backend/bridge"
	"evenstock/backend/cli"
	"evenstock/backend/desktop"
)

// front is the window's page, in the window or in a browser, over the books it shows: those of the data folder, or
// practice books beside them once the person asked for these.
type front struct {
	books  *App
	page   *bridge.Bridge
	saveAs func(bridge.FileQuestion) (string, error) // asks for a file, nil in a browser
	quit   func()                                    // nil in a browser

	mu       sync.Mutex
	practice *App
}

// show lets the page work on books until ctx ends.
func (f *front) show(ctx context.Context, books *App) {
	f.page.Attach(f.deps(ctx, books))
	books.changes.Add(bridge.Topics)
}

func (f *front) deps(ctx context.Context, books *App) bridge.Deps {
	return bridge.Deps{Context: ctx, Engine: books.engine, View: books.view, Types: books.channels, Now: now, Changed: books.changes.Add,
		StartPractice: f.startPractice, Practice: books.played,
		Hooks: books.hooks,
		Books: books.db, Looks: f.books.db, Backups: filepath.Join(books.folder, backupsFolder), SaveAs: f.saveAs, Quit: f.quit,
		AtLogin: desktop.AtLoginOf(f.books.folder)}
}

// startPractice opens practice books, serves and connects practice stores, and shows them instead. The books of the data
// folder go on being worked on. The practice ends with ctx.
func (f *front) startPractice(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.practice != nil || f.books.practice {
		return nil
	}
	p, err := openApp(ctx, cli.Options{Folder: f.books.folder, Practice: true}, append(f.books.to, f.books.hub)...)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	f.books.work.Go(func() {
		if err := p.run(ctx, func() {}); err != nil {
			f.books.log.Error("practice", "err", err)
		}
		stop()
		if err := p.close(); err != nil {
			f.books.log.Error("practice", "err", err)
		}
	})
	shops, err := cli.ConnectPractice(ctx, p.engine, now)
	if err != nil {
		stop()
		return err
	}
	p.shops.Store(shops)
	f.practice = p
	f.show(ctx, p)
	f.books.work.Go(func() { cli.Live(ctx, shops.Demo) })
	return nil
}

// serveWeb serves the page on a loopback address until ctx ends. It returns the address to open, which works once;
// announce is told the next one.
func (a *App) serveWeb(ctx context.Context, addr string, announce func(url string)) (string, error) {
	page, err := fs.Sub(assets, "frontend/dist")
	if err != nil {
		return "", err
	}
	f := &front{books: a, page: bridge.New(bridge.About{Version: version, DataDir: a.folder, Log: a.log})}
	f.show(ctx, a)
	return bridge.Serve(ctx, bridge.WebOptions{Addr: addr, Assets: page, Services: f.page.Services(), Hub: a.hub, Log: a.log,
		Announce: announce})
}
