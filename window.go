//go:build !headless

package main

import (
	"context"
	_ "embed"
	"errors"
	"io/fs"
	"log/slog"
	"sync"

	"evenstock/backend/bridge"
	"evenstock/backend/cli"
	"evenstock/backend/desktop"
)

//go:embed build/appicon.png
var icon []byte

// window is the program with a window: the books are opened when it is there and closed when it is gone, so that it
// shows at once, and says why when they cannot be opened.
type window struct {
	o       cli.Options
	page    *bridge.Bridge
	runtime *bridge.Runtime

	ctx  context.Context
	quit context.CancelFunc
	work sync.WaitGroup
}

// showWindow shows the window until it is closed or ctx ends.
func showWindow(ctx context.Context, o cli.Options, _ bool) error {
	assets, err := fs.Sub(assets, "frontend/dist")
	if err != nil {
		return err
	}
	w := &window{o: o, runtime: &bridge.Runtime{},
		page: bridge.New(bridge.About{Version: version, DataDir: o.Folder, Log: slog.Default()})}
	w.ctx, w.quit = context.WithCancel(ctx)
	defer w.quit()
	defer context.AfterFunc(ctx, w.runtime.Quit)()
	return desktop.OpenWindow(desktop.WindowOptions{
		Title: "Evenstock", Folder: o.Folder, Assets: assets, Icon: icon, Services: w.page.Services(),
		Secure: bridge.Secure, FormatError: bridge.FormatError,
		Started: w.started, Again: w.runtime.Show, Stopped: w.stopped,
	})
}

func (w *window) started(ctx context.Context) {
	w.runtime.Attach(ctx)
	w.work.Go(func() {
		if err := w.keepBooks(); err != nil {
			slog.Error("books", "err", err)
			w.page.Detach(cli.Sentence(err))
		}
	})
}

// keepBooks opens the books, lets the page work on them and works by itself until the window is gone.
func (w *window) keepBooks() error {
	a, err := openApp(w.ctx, w.o, w.runtime)
	if err != nil {
		return err
	}
	a.raise = w.runtime.Show
	if err := a.keys.unlock("", false, w.o.Passphrase); err != nil {
		a.log.Error("keys of the stores", "err", err) // each store will say so; the books can be used
	}
	f := &front{books: a, page: w.page}
	err = a.run(w.ctx, func() { f.show(w.ctx, a) })
	return errors.Join(err, a.close())
}

func (w *window) stopped() {
	w.runtime.Detach()
	w.quit()
	w.work.Wait()
}
