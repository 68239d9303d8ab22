// Evenstock keeps stock even across shops. Without a command this program is a window; with one it is the same services
// on a command line.
package main

import (
	"context"
	"embed"
	"os"
	"path/filepath"

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

func main() {
	if describing {
		showWindow(context.Background(), cli.Options{}, false)
		return
	}
	desktop.Umask()
	os.Exit(cli.Main(program(), os.Args[1:]))
}

// program is what the command line works with.
func program() *cli.Program {
	return &cli.Program{
		Version:  version,
		Channels: all.Registry(),
		Practice: servePractice,
		Window:   showWindow,
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
}

// commands is the App as the command line uses it.
func (a *App) commands() *cli.App {
	return &cli.App{Folder: a.folder, DB: a.db, Engine: a.engine, View: a.view, Channels: a.channels, Now: now,
		Unlock: a.keys.unlock, Run: a.run, Practise: a.practise,
		ServeWeb: a.serveWeb, Raise: a.raise, Close: a.close}
}
