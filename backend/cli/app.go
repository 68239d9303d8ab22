// Package cli is the command line: every service of the window for scripts, servers, support and tests.
//
// A command is one function in one table. It is carried out by the process that owns the data folder: the process
// it was typed at when nobody owns it, else the owner, to which it is forwarded with everything it may ask its terminal.
package cli

import (
	"context"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/hook"
	"evenstock/backend/view"
)

// Program is what the command line is given to work with.
type Program struct {
	Version string

	// Open opens the books in a folder. It fails with db.ErrLocked while another process has them open.
	Open func(ctx context.Context, o Options) (*App, error)

	// Restore puts the books of a backup in the place of those in a folder, like db.Restore.
	Restore func(ctx context.Context, backup, folder string) (db.Restored, error)

	// Window shows the window until it is closed; nil in a build without one.
	Window func(ctx context.Context, o Options, hidden bool) error

	// Now is the clock of everything that is told the time.
	Now func() time.Time

	// Channels are the kinds of shop that can be connected.
	Channels *channel.Registry
}

// Options say which books to open, and how.
type Options struct {
	Folder   string
	Practice bool               // books for practice stores instead, begun anew in a folder of their own below Folder
	Every    time.Duration      // overrides the order period of every store, 0 for the stores' own
	Listen   func(engine.Event) // optional: a run ended

	// Passphrase asks for the passphrase that seals the keys of the stores. It is called only when it is needed.
	Passphrase func() (string, error)
}

// App is a folder's open books with all that works on them.
type App struct {
	Folder   string
	DB       *db.DB
	Engine   *engine.Engine
	View     *view.View
	Channels *channel.Registry
	Hooks    *hook.Receiver // listens while Run does and it is switched on
	Now      func() time.Time

	// Unlock makes the keys of the stores readable. where says where the key that seals them is to lie: "os" for the
	// system's key store, "file" for a file sealed with a passphrase, "" for where it lies already. Nothing happens
	// while there are no keys, unless fresh is set: then the first is about to be kept.
	Unlock func(where string, fresh bool, passphrase func() (string, error)) error

	// Run works by itself, like the window does, until ctx ends. It calls ready once commands are being served.
	Run func(ctx context.Context, ready func()) error

	// ServeWeb serves the page of the window on a loopback address until ctx ends. It returns the address to open, which
	// works once; announce is told the next one when it was used.
	ServeWeb func(ctx context.Context, addr string, announce func(url string)) (url string, err error)

	// Practise serves practice stores, connects them to the books, turns them on and lets customers buy there until ctx
	// ends.
	Practise func(ctx context.Context) error

	// Raise brings the window to the front; nil without one.
	Raise func()

	Close func() error
}
