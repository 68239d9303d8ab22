package db

import (
	"sync"
	"time"
)

// MasterKey finds the key under which secrets are sealed. where is a place the caller knows, "" for where the key is
// already; fresh says that nothing is sealed yet, so that a missing key is made; passphrase asks a person, nil when there
// is nobody to ask.
type MasterKey func(where string, fresh bool, passphrase func() (string, error)) ([]byte, error)

// Vault keeps the credentials of stores in the books, sealed under a master key that does not lie there. It is unlocked
// when it is first needed.
type Vault struct {
	db     *DB
	now    func() time.Time
	master MasterKey
	ask    func() (string, error)

	mu     sync.Mutex
	sealer *Sealer
}

// NewVault returns the vault of the books. ask is used when it has to be unlocked in the middle of something.
func NewVault(db *DB, now func() time.Time, master MasterKey, ask func() (string, error)) *Vault {
	return &Vault{db: db, now: now, master: master, ask: ask}
}

// Get returns a secret of a store; ErrNotFound when it has none.
func (v *Vault) Get(store uint32, field string) (string, error) {
	var sealed []byte
	err := v.db.View(func(tx *Tx) (err error) {
		sealed, err = tx.Secret(store, field)
		return err
	})
	if err != nil {
		return "", err
	}
	sealer, err := v.unlocked()
	if err != nil {
		return "", err
	}
	plain, err := sealer.Open(store, field, sealed)
	return string(plain), err
}

// Put keeps a secret of a store. It is durable when Put returns.
func (v *Vault) Put(store uint32, field, value string) error {
	sealer, err := v.unlocked()
	if err != nil {
		return err
	}
	sealed := sealer.Seal(store, field, Secret(value))
	return v.db.Update(v.now(), func(tx *Tx) error { return tx.PutSecret(store, field, sealed) })
}

// Unlock makes the secrets readable. While there are none it does nothing, unless fresh says that the first is about to
// be kept.
func (v *Vault) Unlock(where string, fresh bool, passphrase func() (string, error)) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if where == "" && (v.sealer != nil || !fresh && !v.sealed()) {
		return nil
	}
	return v.open(where, passphrase)
}

func (v *Vault) unlocked() (*Sealer, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.sealer != nil {
		return v.sealer, nil
	}
	err := v.open("", v.ask)
	return v.sealer, err
}

func (v *Vault) open(where string, passphrase func() (string, error)) error {
	key, err := v.master(where, !v.sealed(), passphrase)
	if err != nil {
		return err
	}
	v.sealer, err = NewSealer(key)
	return err
}

// sealed reports whether any secret is kept.
func (v *Vault) sealed() (has bool) {
	v.db.View(func(tx *Tx) error { // reading a snapshot of an open database does not fail
		has = tx.HasSecrets()
		return nil
	})
	return has
}
