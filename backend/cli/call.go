package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"evenstock/backend/desktop"
)

// Terminal is where a command was typed: this process, or one that forwarded the command here.
type Terminal struct {
	Out, Err io.Writer
	Folder   string            // the working folder, absolute
	Env      map[string]string // the variables that begin with EVENSTOCK_
	Read     func(file string) ([]byte, error)
	Write    func(file string, b []byte) error
	Ask      func(label string, secret bool) (string, error) // errNobody when no person is there to answer
}

// errNobody says that standard input is not a terminal.
var errNobody = errors.New("nobody is there to answer")

// path is a file name as it was meant at the terminal.
func (t *Terminal) path(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(t.Folder, file)
}

// Call is one command on its way.
type Call struct {
	*Terminal
	App     *App
	Args    []string
	program *Program
	globals globals
}

// show writes the one document of a command, or the same for people.
func (c *Call) show(document any, people func(w io.Writer)) error {
	if !c.globals.json {
		return c.text(people)
	}
	enc := json.NewEncoder(c.Out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(noNulls(document)); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// text writes to standard output in one piece, so that what two commands print never mixes.
func (c *Call) text(people func(w io.Writer)) error {
	var b strings.Builder
	people(&b)
	if _, err := io.WriteString(c.Out, b.String()); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// say writes a sentence to standard error.
func (c *Call) say(format string, args ...any) {
	fmt.Fprintln(c.Err, clean(fmt.Sprintf(format, args...)))
}

func (c *Call) now() time.Time { return c.App.Now() }

// passphrase is the passphrase that seals the keys: from the environment, else asked for.
func (t *Terminal) passphrase() (string, error) {
	if p := t.Env[envPassphrase]; p != "" {
		return p, nil
	}
	p, err := t.Ask("Passphrase of the keys", true)
	if errors.Is(err, errNobody) {
		return "", invalidf("The keys are sealed with a passphrase. Give it as %s or at a terminal.", envPassphrase)
	}
	return p, err
}

// newPassphrase is passphrase for keys that may be sealed now for the first time: whoever types a new one types it twice.
// It asks once, however often it is called.
func (t *Terminal) newPassphrase(folder string) func() (string, error) {
	return sync.OnceValues(func() (string, error) {
		p, err := t.passphrase()
		if err != nil || t.Env[envPassphrase] != "" || (desktop.SealedFile{Folder: folder}).Exists() {
			return p, err
		}
		again, err := t.Ask("The same passphrase again", true)
		if err == nil && again != p {
			err = usagef("The two passphrases are not the same. Nothing was stored.")
		}
		return p, err
	})
}

const (
	envFolder     = "EVENSTOCK_DATA"
	envPassphrase = "EVENSTOCK_PASSPHRASE"
	envSecret     = "EVENSTOCK_SECRET_" // followed by the name of a field in capitals
	envPrefix     = "EVENSTOCK_"
)

// perform carries a command out on open books and writes what became of it, failures included. args are all that was
// typed.
func perform(ctx context.Context, p *Program, app *App, t *Terminal, args []string) int {
	cmd, rest, err := findCommand(args)
	if err != nil || cmd == nil {
		return report(t, false, err)
	}
	do, words, g, err := cmd.prepare(rest)
	if err != nil {
		return report(t, g.json, err)
	}
	c := &Call{Terminal: t, App: app, Args: words, program: p, globals: g}
	if g.help {
		return report(t, g.json, c.text(func(w io.Writer) { manual(w, cmd) }))
	}
	if cmd.keys {
		if err := app.Unlock(g.secrets, false, t.newPassphrase(app.Folder)); err != nil {
			return report(t, g.json, err)
		}
	}
	if cmd.keys || cmd.long {
		defer c.narrate()()
	}
	return report(t, g.json, do(ctx, c))
}

// report writes why a command ended and returns the exit code.
func report(t *Terminal, asJSON bool, err error) int {
	var done outcome
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &done):
		return int(done)
	}
	f, code := describe(err)
	fmt.Fprintln(t.Err, clean(f.Message))
	if asJSON {
		enc := json.NewEncoder(t.Out)
		enc.SetEscapeHTML(false)
		enc.Encode(map[string]failure{"error": f}) // a closed pipe has nobody to tell
	}
	return code
}
