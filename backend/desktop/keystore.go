package desktop

import (
	"encoding/base64"
	"errors"
	"time"

	"github.com/zalando/go-keyring"
)

// KeyStore keeps the master key of an installation. The two of this package are [SystemKeys] and [SealedFile].
type KeyStore interface {
	// Load returns the key; ErrNoKey when none was saved.
	Load(install string) ([]byte, error)
	// Save keeps the key. It is durable when Save returns.
	Save(install string, key []byte) error
}

// service is the name under which the key shows in the system's key store, with the install id as the user.
const service = "evenstock"

// keyStoreWithin bounds how long the system's key store may take: it may show a prompt, on a screen where nobody sits.
const keyStoreWithin = 60 * time.Second

// SystemKeys is the key store of the system: Keychain on macOS, Credential Manager on Windows, Secret Service on Linux.
// Only the master key lies there, never a token: Windows takes no more than 2,560 bytes (desktop.md).
// It returns ErrNoKeyStore when the system has none that answers.
type SystemKeys struct{}

// Load implements [KeyStore].
func (SystemKeys) Load(install string) ([]byte, error) {
	var text string
	err := withinLimit(func() (err error) {
		text, err = keyring.Get(service, install)
		return err
	})
	if errors.Is(err, keyring.ErrNotFound) {
		return nil, noKeyProblem(nil)
	}
	if err != nil {
		return nil, noKeyStoreProblem(err)
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, noKeyProblem(err)
	}
	return key, nil
}

// Save implements [KeyStore].
func (SystemKeys) Save(install string, key []byte) error {
	err := withinLimit(func() error { return keyring.Set(service, install, base64.StdEncoding.EncodeToString(key)) })
	if err != nil {
		return noKeyStoreProblem(err)
	}
	return nil
}

var errKeyStoreSilent = errors.New("the key store did not answer")

// withinLimit runs fn and leaves it alone when it takes too long.
func withinLimit(fn func() error) error {
	if err := keyStoreThere(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- fn() }()
	select {
	case err := <-done:
		return err
	case <-time.After(keyStoreWithin):
		return errKeyStoreSilent
	}
}

func noKeyStoreProblem(cause error) error {
	return problem(ErrNoKeyStore, cause, "This computer has no key store that is open, so the stores' keys could not be kept safely. Unlock it, or use --secrets file and choose a passphrase.")
}

func noKeyProblem(cause error) error {
	return problem(ErrNoKey, cause, "The key that opens the stored credentials is not on this computer. Enter each store's keys again; stock and history are not affected.")
}
