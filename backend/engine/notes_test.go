package engine_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// noting is a shop that remembers how often it was checked.
type noting struct {
	channel.Store
	notes  channel.Notes
	broken *bool
}

func (n noting) Check(ctx context.Context) (channel.Account, error) {
	before, err := n.notes.Read("checks")
	if err == nil {
		err = n.notes.Write("checks", append(before, '|'))
	}
	if *n.broken {
		err = errors.Join(err, &channel.Error{Kind: channel.Auth, Code: channel.CodeAuth})
	}
	if err != nil {
		return channel.Account{}, err
	}
	return n.Store.Check(ctx)
}

func TestNotesOfAConnector(t *testing.T) {
	d, err := db.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	broken, inner := true, memory.Type(memory.New(memory.Options{ID: "a"}))
	open := inner.Open
	var last channel.Notes
	inner.Open = func(deps channel.Deps, s channel.Settings) (channel.Store, error) {
		shop, err := open(deps, s)
		last = deps.Notes
		return noting{shop, deps.Notes, &broken}, err
	}
	e, err := engine.New(engine.Options{DB: d, Types: channel.NewRegistry(inner), Secrets: noSecrets{},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now, Sleep: engine.Sleep})
	if err != nil {
		t.Fatal(err)
	}
	noted := func(store uint32) (text string) {
		t.Helper()
		d.View(func(tx *db.Tx) error {
			b, err := tx.Note(store, "checks")
			text = string(b)
			return err
		})
		return text
	}
	store := engine.NewStore{Channel: "memory", Name: "A", Fields: map[string]string{"id": "a"}}
	if _, _, err := e.AddStore(t.Context(), store); err == nil || noted(0) != "" || noted(1) != "" {
		t.Errorf("a store that was not connected: %v, noted %q %q", err, noted(0), noted(1))
	}
	broken = false
	s, _, err := e.AddStore(t.Context(), store)
	if err != nil || noted(s.ID) != "|" {
		t.Fatalf("a new store: %v, noted %q", err, noted(s.ID))
	}
	if _, err := e.CheckStore(t.Context(), s.ID); err != nil || noted(s.ID) != "||" {
		t.Errorf("a known store: %v, noted %q", err, noted(s.ID))
	}
	if err := last.Write("checks", make([]byte, channel.NoteLimit+1)); err == nil || noted(s.ID) != "||" {
		t.Errorf("a note that is too large: %v", err)
	}
	if err := e.RemoveStore(t.Context(), s.ID, false); err != nil {
		t.Fatal(err)
	}
	again, _, err := e.AddStore(t.Context(), store)
	if err != nil || again.ID != s.ID || noted(s.ID) != "||" {
		t.Errorf("a store connected again: %v, noted %q", err, noted(s.ID))
	}
	if r, err := d.Verify(nil); err != nil || !r.OK() {
		t.Errorf("%v, %v", r, err)
	}
}
