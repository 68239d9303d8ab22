package desktop

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
)

// Where the master key is kept.
const (
	InSystem = "os"
	InFile   = "file"
)

// PassphraseEnv is the environment variable that answers for the passphrase before anybody is asked.
const PassphraseEnv = "EVENSTOCK_PASSPHRASE"

// masterKeySize is the length of a master key in bytes: AES-256.
const masterKeySize = 32

// MasterKeys finds the key under which the secrets of one set of books are sealed.
type MasterKeys struct {
	Folder  string                 // the data folder
	Install string                 // the install id of the books
	System  KeyStore               // the system's key store: SystemKeys{}
	Ask     func() (string, error) // asks for a passphrase; nil when there is nobody to ask
}

// Unlock returns the master key. where is InSystem, InFile or "" for where it is kept already; at first that is the
// system's key store, or the file where a passphrase is set in the environment: whoever sets one wants it used. Another
// place than before moves the key there. fresh says that a missing key is made, because nothing is sealed yet or what is
// sealed is given up; otherwise it is ErrNoKey. So it is, too, where a key was in a key store that this computer does not
// have and a passphrase is to be used. Further errors are ErrNoKeyStore, ErrPassphrase and ErrKeyFile; the key is never
// kept in plain.
func (m MasterKeys) Unlock(where string, fresh bool) ([]byte, error) {
	file := SealedFile{Folder: m.Folder, Passphrase: m.passphrase}
	kept := InSystem
	if file.Exists() {
		kept = InFile
	}
	phrase := os.Getenv(PassphraseEnv) != ""
	if where == "" {
		where = kept
		if fresh && phrase {
			where = InFile
		}
	}
	switch {
	case where == InFile && kept == InFile:
		return checked(file.Load(m.Install))
	case where == InFile:
		return m.moveToFile(file, fresh)
	case kept == InFile:
		return m.moveToSystem(file)
	}
	key, err := checked(m.System.Load(m.Install))
	switch {
	case errors.Is(err, ErrNoKey) && fresh:
		return m.make(m.System)
	case phrase:
		return key, elsewhere(err)
	}
	return key, err
}

// elsewhere is the error of a key that was in a key store and is wanted where there is none: it is on another computer.
func elsewhere(err error) error {
	if errors.Is(err, ErrNoKeyStore) {
		return noKeyProblem(err)
	}
	return err
}

// make saves a new key and reads it back, because some key stores forget at once.
func (m MasterKeys) make(s KeyStore) ([]byte, error) {
	key := make([]byte, masterKeySize)
	rand.Read(key)
	if err := s.Save(m.Install, key); err != nil {
		return nil, err
	}
	back, err := checked(s.Load(m.Install))
	if err == nil && !bytes.Equal(back, key) {
		err = noKeyStoreProblem(errors.New("the key store gave back another key"))
	}
	return back, err
}

func (m MasterKeys) moveToFile(file SealedFile, fresh bool) ([]byte, error) {
	if fresh {
		return m.make(file)
	}
	key, err := checked(m.System.Load(m.Install))
	if err != nil {
		return nil, elsewhere(err)
	}
	return key, file.Save(m.Install, key)
}

func (m MasterKeys) moveToSystem(file SealedFile) ([]byte, error) {
	key, err := checked(file.Load(m.Install))
	if err != nil {
		return nil, err
	}
	if err := m.System.Save(m.Install, key); err != nil {
		return nil, err
	}
	back, err := checked(m.System.Load(m.Install))
	if err != nil || !bytes.Equal(back, key) {
		return nil, noKeyStoreProblem(err)
	}
	if err := os.Remove(file.path()); err != nil {
		return nil, fmt.Errorf("remove %s: %w", SealedName, err)
	}
	return key, nil
}

func (m MasterKeys) passphrase() (string, error) {
	if phrase := os.Getenv(PassphraseEnv); phrase != "" {
		return phrase, nil
	}
	if m.Ask == nil {
		return "", nil
	}
	return m.Ask()
}

func checked(key []byte, err error) ([]byte, error) {
	if err == nil && len(key) != masterKeySize {
		return nil, noKeyProblem(fmt.Errorf("a key of %d bytes", len(key)))
	}
	return key, err
}
