package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/desktop"
)

const (
	// patience is how long a command waits for another one that works on the same folder without being its owner.
	patience = 15 * time.Second
	tryEvery = 100 * time.Millisecond

	// helloWithin is how long an owner has for its first word. It answers from a goroutine of its own, whatever it does.
	helloWithin = 5 * time.Second

	// goodbyeWithin is how long an owner has for ending a command that was interrupted.
	goodbyeWithin = 5 * time.Second
)

// Main carries out the command in args, which are without the program's name, and returns the exit code.
func Main(p *Program, args []string) int {
	t, err := ownTerminal(os.Stdin, os.Stdout, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitFailed
	}
	ctx, stop := withSignals(context.Background())
	defer stop()
	return (&session{p, t, args}).main(ctx)
}

// withSignals returns a context that the first signal ends; the second ends the process.
func withSignals(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	got := make(chan os.Signal, 1)
	signal.Notify(got, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case s := <-got:
			if s == syscall.SIGTERM {
				cancel(errTerminated)
			} else {
				cancel(context.Canceled)
			}
			signal.Stop(got)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { signal.Stop(got); cancel(nil) }
}

// session is one start of the program.
type session struct {
	p    *Program
	t    *Terminal
	args []string
}

func (s *session) main(ctx context.Context) int {
	cmd, rest, err := findCommand(s.args)
	if err != nil {
		return report(s.t, wantsJSON(s.args), err)
	}
	if cmd == nil {
		return s.noCommand(ctx)
	}
	do, words, g, err := cmd.prepare(rest)
	if err != nil {
		return report(s.t, wantsJSON(s.args), err)
	}
	folder, err := s.folder(g)
	if err != nil && !g.help && cmd.where != noBooks {
		return report(s.t, g.json, err)
	}
	g.folder = folder
	c := &Call{Terminal: s.t, Args: words, program: s.p, globals: g}
	switch {
	case g.help:
		return report(s.t, g.json, c.tell(func(w io.Writer) { manual(w, cmd) }))
	case cmd.where == noBooks:
		return report(s.t, g.json, do(ctx, c))
	case cmd.where == alone:
		if err := s.unowned(ctx, folder); err != nil {
			return report(s.t, g.json, err)
		}
		return report(s.t, g.json, do(ctx, c))
	}
	return s.withBooks(ctx, g)
}

// wantsJSON looks for --json in a command that could not be read.
func wantsJSON(args []string) bool {
	for _, a := range args {
		if a == "--json" || a == "-json" {
			return true
		}
	}
	return false
}

// noCommand opens the window, or shows the help where there is none.
func (s *session) noCommand(ctx context.Context) int {
	var g globals
	fs := newFlagSet()
	g.register(fs)
	if _, err := parse(fs, s.args); err != nil {
		return report(s.t, g.json, err)
	}
	c := &Call{Terminal: s.t, program: s.p, globals: g}
	if s.p.Window == nil && g.json && !g.help {
		return report(s.t, true, usagef("A command is missing. \"evenstock help\" shows them all."))
	}
	if s.p.Window == nil || g.help {
		if g.json && !g.help {
			return report(s.t, true, usagef("Name a command. \"evenstock help\" lists them."))
		}
		if err := c.tell(func(w io.Writer) { overview(w, s.p) }); err != nil || !g.help {
			return exitUsage
		}
		return exitDone
	}
	folder, err := s.folder(g)
	if err != nil {
		return report(s.t, g.json, err)
	}
	conn, err := desktop.Dial(folder)
	if err == nil {
		defer conn.Close()
		if g.hidden { // it was to be in the tray, and it is
			return exitDone
		}
		code, err := (&session{s.p, s.t, []string{raiseName}}).forward(ctx, conn)
		if err != nil {
			return report(s.t, g.json, err)
		}
		return code
	}
	if !errors.Is(err, desktop.ErrNoOwner) {
		return report(s.t, g.json, err)
	}
	return report(s.t, g.json, s.p.Window(ctx, Options{Folder: folder, Passphrase: s.t.passphrase}, g.hidden))
}

// raiseName is the command that a second start sends to the first.
const raiseName = "--raise"

func raise(*flag.FlagSet) action {
	return func(_ context.Context, c *Call) error {
		if c.App.Raise == nil {
			return ownedf("Evenstock is running without a window with the books in %s. Stop it first.", c.App.Folder)
		}
		c.App.Raise()
		return nil
	}
}

// folder is the data folder the command means, absolute.
func (s *session) folder(g globals) (string, error) {
	switch {
	case g.folder != "":
		return filepath.Clean(s.t.path(g.folder)), nil
	case s.t.Env[envFolder] != "":
		return filepath.Clean(s.t.path(s.t.Env[envFolder])), nil
	}
	return desktop.DataDir()
}

// withBooks carries the command out: by the owner of the folder when there is one, else here.
func (s *session) withBooks(ctx context.Context, g globals) int {
	var app *App
	code := -1
	err := insist(ctx, s.t.Err, func() error {
		conn, err := desktop.Dial(g.folder)
		if err == nil {
			defer conn.Close()
			code, err = s.forward(ctx, conn)
			return err
		}
		if !errors.Is(err, desktop.ErrNoOwner) {
			return err
		}
		app, err = s.p.Open(ctx, Options{Folder: g.folder, Passphrase: s.t.passphrase})
		return err
	})
	if err != nil {
		return report(s.t, g.json, err)
	}
	if app == nil {
		return code
	}
	code = perform(ctx, s.p, app, s.t, s.args)
	if err := app.Close(); err != nil && code == exitDone {
		return report(s.t, false, err)
	}
	return code
}

// unowned reports by its error that a process owns the folder. One that only carries out a command does not own it.
func (s *session) unowned(ctx context.Context, folder string) error {
	conn, err := desktop.Dial(folder)
	if errors.Is(err, desktop.ErrNoOwner) {
		return nil
	}
	if err != nil {
		return err
	}
	conn.Close()
	return ownedf("Evenstock is running with the books in %s. Stop it first.", folder)
}

// insist tries until another command has finished with the folder, and tells errs that it waits.
func insist(ctx context.Context, errs io.Writer, try func() error) error {
	err := try()
	if !errors.Is(err, db.ErrLocked) {
		return err
	}
	fmt.Fprintln(errs, "Another command is at work on these books; waiting for it.")
	again := time.NewTicker(tryEvery)
	defer again.Stop()
	enough := time.After(patience)
	for errors.Is(err, db.ErrLocked) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-enough:
			return err
		case <-again.C:
			err = try()
		}
	}
	return err
}
