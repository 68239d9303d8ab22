package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"evenstock/backend/db/dbtest"
)

// owned is an owner of books that are in memory, and a way to type commands at it.
type owned struct {
	out, errs bytes.Buffer
	t         *Terminal
	s         *session
	conn      net.Conn
}

func newOwned(t *testing.T, args ...string) *owned {
	t.Helper()
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	p := &Program{Version: "test"}
	app := &App{DB: dbtest.Open(t), Now: time.Now}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- Serve(ctx, l, p, app) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	o := &owned{}
	o.t = &Terminal{Out: &o.out, Err: &o.errs, Folder: t.TempDir(), Env: map[string]string{},
		Read:  os.ReadFile,
		Write: func(f string, b []byte) error { return os.WriteFile(f, b, 0o600) },
		Ask:   func(string, bool) (string, error) { return "", errNobody }}
	o.s = &session{p, o.t, args}
	if o.conn, err = net.Dial("unix", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.conn.Close() })
	return o
}

func TestOwnerCarriesOutCommands(t *testing.T) {
	o := newOwned(t, "backup", "all.bak", "--json")
	code, err := o.s.forward(t.Context(), o.conn)
	if err != nil || code != exitDone {
		t.Fatalf("exit %d, %v, %s", code, err, o.errs.String())
	}
	var got struct{ File string }
	if err := json.Unmarshal(o.out.Bytes(), &got); err != nil || got.File != filepath.Join(o.t.Folder, "all.bak") {
		t.Errorf("%s, %v", o.out.String(), err)
	}
	if _, err := os.Stat(got.File); err != nil {
		t.Error(err)
	}
}

func TestOwnerReportsFailures(t *testing.T) {
	o := newOwned(t, "backup", "no/such/folder/all.bak", "--json")
	code, err := o.s.forward(t.Context(), o.conn)
	var got struct{ Error failure }
	if err != nil || code != exitFailed || json.Unmarshal(o.out.Bytes(), &got) != nil || got.Error.Message == "" {
		t.Errorf("exit %d, %v, %s", code, err, o.out.String())
	}
	if o.errs.Len() == 0 {
		t.Error("no sentence on standard error")
	}
}

func TestOwnerThatIsSilent(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	defer ours.Close()
	o := newOwned(t, "verify")
	ours.SetReadDeadline(time.Now()) // forward sets its own; an owner that hung up answers the same way
	theirs.Close()
	_, err := o.s.forward(t.Context(), ours)
	if _, code := describe(err); code != exitOwned {
		t.Errorf("%v is exit code %d", err, code)
	}
}

// The owner asks the terminal for files and answers, and learns why there are none.
func TestTheTerminalIsOnTheOtherSide(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	o := newOwned(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	answers := make(chan *answer)
	w := newWire(theirs)
	go func() {
		for {
			f, err := w.receive()
			if err != nil {
				return
			}
			if f.Answer != nil {
				answers <- f.Answer
			}
		}
	}()
	go o.s.play(newWire(ours))
	far := remoteTerminal(ctx, w, &start{Folder: "/there"}, answers)

	file := filepath.Join(t.TempDir(), "rows.csv")
	if err := far.Write(file, []byte("sku\nA-1\n")); err != nil {
		t.Fatal(err)
	}
	if b, err := far.Read(file); err != nil || string(b) != "sku\nA-1\n" {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := far.Read(file + ".not"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := far.Ask("Key", true); !errors.Is(err, errNobody) {
		t.Errorf("nobody there: %v", err)
	}
	o.t.Ask = func(label string, secret bool) (string, error) { return label + " typed", nil }
	if got, err := far.Ask("Key", true); err != nil || got != "Key typed" {
		t.Errorf("%q, %v", got, err)
	}
	cancel()
	theirs.Close()
	if _, err := far.Ask("Key", true); err == nil {
		t.Error("an answer from a terminal that is gone")
	}
}
