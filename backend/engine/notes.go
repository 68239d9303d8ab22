package engine

import (
	"errors"
	"fmt"
	"maps"
	"sync"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// notes are what a connector remembers of a store. Those of a store that is being connected are held back until there is a
// store to keep them with, and dropped when the check fails. They outlive the removal of a store: what was spent of a
// day's allowance stays spent when it is connected again.
type notes struct {
	e     *Engine
	store uint32 // 0: it is being connected

	mu   sync.Mutex
	held map[string][]byte
}

// Read implements [channel.Notes].
func (n *notes) Read(name string) ([]byte, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.store == 0 {
		return n.held[name], nil
	}
	var value []byte
	err := n.e.o.DB.View(func(tx *db.Tx) (err error) { value, err = tx.Note(n.store, name); return err })
	return value, err
}

// Write implements [channel.Notes].
func (n *notes) Write(name string, value []byte) error {
	if len(value) > channel.NoteLimit {
		return fmt.Errorf("note %s of %d bytes, at most %d are kept", name, len(value), channel.NoteLimit)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.store == 0 {
		if n.held == nil {
			n.held = map[string][]byte{}
		}
		n.held[name] = append([]byte(nil), value...)
		return nil
	}
	return n.e.o.DB.Update(n.e.now(), func(tx *db.Tx) error { return tx.PutNote(n.store, name, value) })
}

// settle writes what was held back down with the store it was about. Where the store had been connected before, what it
// noted then counts: it knows of more.
func (n *notes) settle(tx *db.Tx, store uint32) error {
	n.mu.Lock()
	held := maps.Clone(n.held)
	n.mu.Unlock()
	for name, value := range held {
		old, err := tx.Note(store, name)
		if err == nil && old == nil {
			err = tx.PutNote(store, name, value)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("note %s", name), err)
		}
	}
	return nil
}
