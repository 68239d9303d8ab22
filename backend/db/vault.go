package db

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrLost is what secrets are whose key is not on this computer, as after a restore on another one. They have to be entered
// again; nothing else of the books depends on them.
var ErrLost = errors.New("sealed under a key that is not on this computer")

// MasterKey finds the key under which secrets are sealed. where is a place the caller knows, "" for where the key is
// already; fresh says that a missing key is made; passphrase asks a person, nil when there is nobody to ask. The error of a
// key that is not on this computer is [ErrLost].
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
	where  string // the place that was asked for when the key was found to be lost
	lost   error  // is ErrLost then; the key store is not asked for every secret
}

// NewVault returns the vault of the books. ask is used when it has to be unlocked in the middle of something.
func NewVault(db *DB, now func() time.Time, master MasterKey, ask func() (string, error)) *Vault {
	return &Vault{db: db, now: now, master: master, ask: ask}
}

// Get returns a secret of a store; ErrNotFound when it has none, [ErrLost] when it cannot be opened any more.
func (v *Vault) Get(store uint32, field string) (string, error) {
	var sealed []byte
	err := v.db.View(func(tx *Tx) (err error) {
		sealed, err = tx.Secret(store, field)
		return err
	})
	if err != nil {
		return "", err
	}
	sealer, err := v.unlocked(false)
	if err != nil {
		return "", err
	}
	plain, err := sealer.Open(store, field, sealed)
	if errors.Is(err, ErrWrongKey) {
		err = fmt.Errorf("%w: %w", ErrLost, err)
	}
	return string(plain), err
}

// Put keeps a secret of a store. It is durable when Put returns. Where the master key is lost a new one is made, and what was
// sealed under the old one stays lost.
func (v *Vault) Put(store uint32, field, value string) error {
	sealer, err := v.unlocked(true)
	if err != nil {
		return err
	}
	sealed := sealer.Seal(store, field, Secret(value))
	return v.db.Update(v.now(), func(tx *Tx) error { return tx.PutSecret(store, field, sealed) })
}

// Unlock makes the secrets readable, those that are not lost. While there are none it does nothing, unless fresh says that
// the first is about to be kept.
func (v *Vault) Unlock(where string, fresh bool, passphrase func() (string, error)) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if where == "" && v.sealer != nil || !fresh && !v.sealed() {
		return nil
	}
	err := v.open(where, false, passphrase)
	if errors.Is(err, ErrLost) {
		v.where, v.ask, v.lost = where, passphrase, err
		return nil
	}
	return err
}

// unlocked is the sealer; a master key that is lost is made anew where the caller says so.
func (v *Vault) unlocked(anew bool) (*Sealer, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.sealer != nil {
		return v.sealer, nil
	}
	if v.lost != nil && !anew {
		return nil, v.lost
	}
	err := v.open(v.where, false, v.ask)
	if errors.Is(err, ErrLost) && anew {
		err = v.open(v.where, true, v.ask)
	}
	return v.sealer, err
}

func (v *Vault) open(where string, anew bool, passphrase func() (string, error)) error {
	key, err := v.master(where, anew || !v.sealed(), passphrase)
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
