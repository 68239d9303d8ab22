package main

import (
	"os"
	"sync"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/desktop"
)

// keys keeps the credentials of the stores in the books, sealed under a master key that does not lie there. It is
// unlocked when it is first needed. It is the engine's Secrets.
type keys struct {
	db         *db.DB
	folder     string
	passphrase func() (string, error)
	now        func() time.Time

	mu     sync.Mutex
	sealer *db.Sealer
}

// Get returns a secret of a store; db.ErrNotFound when it has none.
func (k *keys) Get(store uint32, field string) (string, error) {
	var sealed []byte
	err := k.db.View(func(tx *db.Tx) (err error) {
		sealed, err = tx.Secret(store, field)
		return err
	})
	if err != nil {
		return "", err
	}
	sealer, err := k.unlocked()
	if err != nil {
		return "", err
	}
	plain, err := sealer.Open(store, field, sealed)
	return string(plain), err
}

// Put keeps a secret of a store.
func (k *keys) Put(store uint32, field, value string) error {
	sealer, err := k.unlocked()
	if err != nil {
		return err
	}
	sealed := sealer.Seal(store, field, db.Secret(value))
	return k.db.Update(k.now(), func(tx *db.Tx) error { return tx.PutSecret(store, field, sealed) })
}

// inMemory is where the master key of practice books is: it ends with the process, as their stores do.
const inMemory = "memory"

// unlock makes the secrets readable. where is desktop.InSystem, desktop.InFile, inMemory, or "" for where the master key
// is already. While there are no secrets it does nothing, unless fresh is set because the first is about to be kept.
func (k *keys) unlock(where string, fresh bool, passphrase func() (string, error)) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if where == "" && (k.sealer != nil || !fresh && !k.sealed()) {
		return nil
	}
	return k.open(where, passphrase)
}

func (k *keys) unlocked() (*db.Sealer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.sealer != nil {
		return k.sealer, nil
	}
	err := k.open("", k.passphrase)
	return k.sealer, err
}

func (k *keys) open(where string, passphrase func() (string, error)) error {
	master, err := k.master(where, passphrase)
	if err != nil {
		return err
	}
	k.sealer, err = db.NewSealer(master)
	return err
}

func (k *keys) master(where string, passphrase func() (string, error)) ([]byte, error) {
	if where == inMemory {
		return db.NewMasterKey(), nil
	}
	if where == "" && !k.sealed() && os.Getenv(desktop.PassphraseEnv) != "" {
		where = desktop.InFile // who sets a passphrase wants it used; a server has no key store to ask
	}
	return desktop.MasterKeys{Folder: k.folder, Install: k.db.InstallID(), System: desktop.SystemKeys{}, Ask: passphrase}.
		Unlock(where, !k.sealed())
}

// sealed reports whether any secret is kept.
func (k *keys) sealed() (has bool) {
	k.db.View(func(tx *db.Tx) error { // reading a snapshot of an open database does not fail
		has = tx.HasSecrets()
		return nil
	})
	return has
}
