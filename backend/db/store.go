package db

import (
	"errors"
	"iter"
)

// Store returns a store by id, removed ones included.
func (tx *Tx) Store(id uint32) (Store, error) {
	s, err := get[Store](tx, key(tagStore, id))
	if err != nil {
		return s, err
	}
	s.ID = id
	return tx.WithAway(s)
}

// KeyEnd is when one of a store's credentials ends, and from when on that is told; zero where none does.
type KeyEnd struct {
	Field string `cbor:"1,keyasint,omitempty"`
	At    int64  `cbor:"2,keyasint,omitempty"`
	Warn  int64  `cbor:"3,keyasint,omitempty"`
	Renew string `cbor:"4,keyasint,omitempty"` // what the user is to do
}

// PutStore writes a store and its account index; an ID of 0 makes a new one.
func (tx *Tx) PutStore(s Store) (Store, error) {
	if s.ID == 0 {
		id, err := tx.next("next/store")
		if err != nil {
			return s, err
		}
		s.ID, s.Created = uint32(id), tx.Now()
	}
	if tx.isRemoved(s.ID) != s.Removed {
		tx.touched.All = true // every product has other listings now
	}
	delete(tx.removed, s.ID)
	tx.touched.Stores = true
	if err := tx.set(key(tagAccount, s.Channel+":"+s.Account), key(0, s.ID)[1:]); err != nil {
		return s, err
	}
	return s, tx.put(key(tagStore, s.ID), s)
}

// isRemoved reports whether a store is there and was removed.
func (tx *Tx) isRemoved(id uint32) bool {
	removed, known := tx.removed[id]
	if !known {
		s, err := get[Store](tx, key(tagStore, id))
		if tx.removed == nil {
			tx.removed = map[uint32]bool{}
		}
		removed = err == nil && s.Removed
		tx.removed[id] = removed
	}
	return removed
}

// StoreByAccount returns the store that belongs to an account of a channel, removed ones included.
func (tx *Tx) StoreByAccount(channel, account string) (Store, error) {
	b, err := tx.raw(key(tagAccount, channel+":"+account))
	if err != nil {
		return Store{}, err
	}
	return tx.Store(u32(b))
}

// Stores returns all stores by id, removed ones included.
func (tx *Tx) Stores() []Store {
	var out []Store
	for k, s := range each[Store](tx, key(tagStore), nil) {
		s.ID = u32(k[1:])
		s, err := tx.WithAway(s)
		if err != nil {
			panic("db: " + err.Error()) // as for a record that cannot be read
		}
		out = append(out, s)
	}
	return out
}

// Lane returns what a store's lane must not forget; the zero Lane at first.
func (tx *Tx) Lane(store uint32) (Lane, error) { return getOr[Lane](tx, key(tagLane, store)) }

// PutLane writes a lane.
func (tx *Tx) PutLane(store uint32, l Lane) error {
	tx.touched.Stores = true
	return tx.put(key(tagLane, store), l)
}

// Cursor returns the bookmark of a stream ("orders", "listings"), nil at first.
func (tx *Tx) Cursor(store uint32, stream string) ([]byte, error) {
	b, err := tx.raw(key(tagCursor, store, stream))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return b, err
}

// PutCursor writes a bookmark; nil removes it.
func (tx *Tx) PutCursor(store uint32, stream string, cursor []byte) error {
	if cursor == nil {
		return tx.del(key(tagCursor, store, stream))
	}
	return tx.set(key(tagCursor, store, stream), cursor)
}

// Approval returns until when a SKU of a store passes the safety catch, 0 for not at all.
func (tx *Tx) Approval(store uint32, sku string) (int64, error) {
	b, err := tx.raw(key(tagApproval, store, sku))
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return int64(u64(b)), nil
}

// PutApproval lets a SKU of a store pass the safety catch until then.
func (tx *Tx) PutApproval(store uint32, sku string, until int64) error {
	return tx.set(key(tagApproval, store, sku), key(0, uint64(until))[1:])
}

// Secret returns the sealed value of a field.
func (tx *Tx) Secret(store uint32, field string) ([]byte, error) {
	return tx.raw(key(tagSecret, store, field))
}

// PutSecret writes the sealed value of a field; nil removes it.
func (tx *Tx) PutSecret(store uint32, field string, sealed []byte) error {
	if sealed == nil {
		return tx.del(key(tagSecret, store, field))
	}
	return tx.set(key(tagSecret, store, field), sealed)
}

// SecretFields returns the names of the fields of a store that have a secret.
func (tx *Tx) SecretFields(store uint32) []string {
	var out []string
	for k := range tx.scan(key(tagSecret, store), nil, false) {
		out = append(out, string(k[5:]))
	}
	return out
}

// Note returns what the connector of a store remembers under a name, nil if nothing.
func (tx *Tx) Note(store uint32, name string) ([]byte, error) {
	b, err := tx.raw(key(tagNote, store, name))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return b, err
}

// PutNote writes what the connector of a store remembers under a name.
func (tx *Tx) PutNote(store uint32, name string, value []byte) error {
	return tx.set(key(tagNote, store, name), value)
}

// Meta returns a named value, "" at first.
func (tx *Tx) Meta(name string) (string, error) {
	b, err := tx.raw(key(tagMeta, name))
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return string(b), err
}

// SetMeta writes a named value. The switches of the application are metas and show on its pages, so it touches Stores.
func (tx *Tx) SetMeta(name, value string) error {
	tx.touched.Stores = true
	return tx.set(key(tagMeta, name), []byte(value))
}

// NewRun writes a run with a new id.
func (tx *Tx) NewRun(r Run) (Run, error) {
	id, err := tx.next("next/run")
	if err != nil {
		return r, err
	}
	r.ID = id
	return r, tx.PutRun(r)
}

// PutRun writes a run.
func (tx *Tx) PutRun(r Run) error {
	tx.touched.Runs = true
	return tx.put(key(tagRun, newest(r.StartedAt), r.ID), r)
}

// DeleteRun removes a run.
func (tx *Tx) DeleteRun(r Run) error {
	tx.touched.Runs = true
	return tx.del(key(tagRun, newest(r.StartedAt), r.ID))
}

// Runs yields runs, newest first.
func (tx *Tx) Runs() iter.Seq[Run] {
	return func(yield func(Run) bool) {
		for _, r := range each[Run](tx, key(tagRun), nil) {
			if !yield(r) {
				return
			}
		}
	}
}
