// Evenstock keeps stock even across shops. Without a command this program is a window; with one it is the same services
// on a command line.
package main

import (
	"context"
	"embed"
	"os"
	"path/filepath"
	"time"

	"evenstock/backend/channel/all"
	"evenstock/backend/cli"
	"evenstock/backend/db"
	"evenstock/backend/desktop"
)

// version is set by the build.
var version = "dev"

// assets is the built page.
//
//go:embed all:frontend/dist
var assets embed.FS

//go:embed build/appicon.png
var icon []byte

//go:embed build/tray/*.png
var trayIcons embed.FS

func main() {
	if desktop.Describing {
		showWindow(context.Background(), cli.Options{}, false)
		return
	}
	desktop.Umask()
	os.Exit(cli.Main(program(), os.Args[1:]))
}

// now is the clock of everything that is told the time.
func now() time.Time { return time.Now() }

// program is what the command line works with.
func program() *cli.Program {
	p := &cli.Program{
		Version:  version,
		Channels: all.Registry(),
		Now:      now,
		Open: func(ctx context.Context, o cli.Options) (*cli.App, error) {
			a, err := openApp(ctx, o)
			if err != nil {
				return nil, err
			}
			return a.commands(), nil
		},
		Restore: func(ctx context.Context, backup, folder string) (db.Restored, error) {
			return db.Restore(ctx, backup, filepath.Join(folder, booksFolder), db.Options{Version: version, Now: now()})
		},
	}
	if desktop.HasWindow {
		p.Window = showWindow
	}
	return p
}

// commands is the App as the command line uses it.
func (a *App) commands() *cli.App {
	return &cli.App{Folder: a.folder, DB: a.db, Engine: a.engine, View: a.view, Channels: a.channels, Hooks: a.hooks, Now: now,
		Unlock: a.keys.Unlock, Run: a.run, Practise: a.practise,
		ServeWeb: a.serveWeb, Raise: a.raise, Close: a.close}
}
