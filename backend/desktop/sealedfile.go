package desktop

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/crypto/argon2"
)

// SealedName is the file in the data folder that holds the master key where the system's key store is not used.
const SealedName = "keys.sealed"

// SealedFile keeps the master key in a small file, sealed under a passphrase. There is no mode without one.
type SealedFile struct {
	Folder     string
	Passphrase func() (string, error) // asked once per call
}

// sealedKey is the content of the file. The parameters of argon2id are stored, so that they can grow.
type sealedKey struct {
	Format  int    `json:"format"`
	KDF     string `json:"kdf"`
	Time    uint32 `json:"time"`   // passes
	Memory  uint32 `json:"memory"` // KiB
	Threads uint8  `json:"threads"`
	Salt    []byte `json:"salt"`
	Sealed  []byte `json:"sealed"` // AES-256-GCM, nonce first
}

// The second recommendation of RFC 9106 for argon2id: 3 passes over 64 MiB, 4 lanes, about 0.2 s.
const (
	kdfName    = "argon2id"
	kdfTime    = 3
	kdfMemory  = 64 << 10
	kdfThreads = 4
	saltSize   = 16
)

// What a file may ask for at most, so that a foreign one cannot take the memory or the day.
const (
	maxKDFTime   = 20
	maxKDFMemory = 1 << 20 // 1 GiB
	maxSealed    = 4096    // bytes of the file
)

// Exists reports whether the folder has a sealed key, which is how the choice is remembered.
func (s SealedFile) Exists() bool {
	_, err := os.Lstat(s.path())
	return err == nil
}

func (s SealedFile) path() string { return filepath.Join(s.Folder, SealedName) }

// Load implements [KeyStore]. A wrong passphrase is ErrPassphrase, a damaged file ErrKeyFile.
func (s SealedFile) Load(string) ([]byte, error) {
	info, err := os.Stat(s.path())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noKeyProblem(err)
	}
	if err != nil {
		return nil, s.broken(err)
	}
	if info.Size() > maxSealed {
		return nil, s.broken(nil)
	}
	b, err := os.ReadFile(s.path())
	if err != nil {
		return nil, s.broken(err)
	}
	var k sealedKey
	if err := json.Unmarshal(b, &k); err != nil {
		return nil, s.broken(err)
	}
	if k.Format != 1 || k.KDF != kdfName || k.Time < 1 || k.Time > maxKDFTime || k.Memory < 8*uint32(k.Threads) ||
		k.Memory > maxKDFMemory || k.Threads < 1 || len(k.Salt) < saltSize {
		return nil, s.broken(nil)
	}
	phrase, err := s.ask()
	if err != nil {
		return nil, err
	}
	aead, err := k.cipher(phrase)
	if err != nil {
		return nil, err
	}
	key, err := aead.Open(nil, nil, k.Sealed, []byte(SealedName))
	if err != nil {
		return nil, problem(ErrPassphrase, nil, "This passphrase does not open the stored credentials. Nothing was changed; try it again.")
	}
	return key, nil
}

// Save implements [KeyStore].
func (s SealedFile) Save(_ string, key []byte) error {
	phrase, err := s.ask()
	if err != nil {
		return err
	}
	k := sealedKey{Format: 1, KDF: kdfName, Time: kdfTime, Memory: kdfMemory, Threads: kdfThreads, Salt: make([]byte, saltSize)}
	rand.Read(k.Salt)
	aead, err := k.cipher(phrase)
	if err != nil {
		return err
	}
	k.Sealed = aead.Seal(nil, nil, key, []byte(SealedName))
	b, err := json.Marshal(k)
	if err != nil {
		return err
	}
	if err := writeDurably(s.path(), b); err != nil {
		return problem(ErrFolder, err, "The key could not be kept in %s. Make room there, or give your account the right to change it.", s.Folder)
	}
	return nil
}

func (k sealedKey) cipher(phrase string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(argon2.IDKey([]byte(phrase), k.Salt, k.Time, k.Memory, k.Threads, 32))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (s SealedFile) ask() (string, error) {
	none := problem(ErrPassphrase, nil, "A passphrase is needed to open the stored credentials. Set EVENSTOCK_PASSPHRASE, or type it when asked.")
	if s.Passphrase == nil {
		return "", none
	}
	phrase, err := s.Passphrase()
	if err != nil {
		return "", problem(ErrPassphrase, err, "%s", none)
	}
	if phrase == "" {
		return "", none
	}
	return phrase, nil
}

func (s SealedFile) broken(cause error) error {
	return problem(ErrKeyFile, cause, "The file %s is damaged or from a newer Evenstock. Put a copy of it back, or remove it and connect each store again.", s.path())
}

// writeDurably replaces a file in one step: after a crash it has the old content or the new.
func writeDurably(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", filepath.Base(path), err), os.Remove(f.Name()))
	}
	return syncDir(filepath.Dir(path))
}
