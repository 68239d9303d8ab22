package desktop

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"
)

func phrase(s string) func() (string, error) { return func() (string, error) { return s, nil } }

// noPassphrase takes the variable away for one test.
func noPassphrase(t *testing.T) { t.Setenv(PassphraseEnv, "") }

// withBus lets a test that replaces the key store get past the look for a session bus.
func withBus(t *testing.T) { t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere") }

func TestSystemKeys(t *testing.T) {
	withBus(t)
	keyring.MockInit()
	var s SystemKeys
	_, err := s.Load("install-1")
	refused(t, err, ErrNoKey)
	key := bytes.Repeat([]byte{0xfe}, masterKeySize)
	must(t, s.Save("install-1", key))
	got, err := s.Load("install-1")
	if err != nil || !bytes.Equal(got, key) {
		t.Errorf("got %x, %v", got, err)
	}
	_, err = s.Load("install-2")
	refused(t, err, ErrNoKey)
}

func TestNoKeyStore(t *testing.T) {
	noPassphrase(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	dir := t.TempDir()
	_, err := MasterKeys{Folder: dir, Install: "i", System: SystemKeys{}}.Unlock("", true)
	refused(t, err, ErrNoKeyStore)
	if !strings.Contains(err.Error(), "--secrets file") {
		t.Errorf("%q does not say what to do", err)
	}
	withBus(t)
	keyring.MockInitWithError(errors.New("failed to unlock correct collection"))
	_, err = MasterKeys{Folder: dir, Install: "i", System: SystemKeys{}}.Unlock(InSystem, true)
	refused(t, err, ErrNoKeyStore)
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("a key was left in plain? %v", left)
	}
}

func TestMasterKeyIsMadeOnceAndMoves(t *testing.T) {
	noPassphrase(t)
	withBus(t)
	keyring.MockInit()
	dir := t.TempDir()
	m := MasterKeys{Folder: dir, Install: "i", System: SystemKeys{}, Ask: phrase("correct horse")}
	_, err := m.Unlock("", false)
	refused(t, err, ErrNoKey) // secrets are there, the key is not: another computer
	key, err := m.Unlock("", true)
	must(t, err)
	unlocked := func(where string) {
		t.Helper()
		got, err := m.Unlock(where, false)
		must(t, err)
		if !bytes.Equal(got, key) || len(key) != masterKeySize {
			t.Errorf("unlocked another key")
		}
	}
	unlocked("")
	unlocked(InFile) // moves it
	keyring.MockInit()
	unlocked("") // remembered: the file
	m.Ask = phrase("wrong")
	_, err = m.Unlock("", false)
	refused(t, err, ErrPassphrase)
	m.Ask = nil
	_, err = m.Unlock("", false)
	refused(t, err, ErrPassphrase)
	t.Setenv(PassphraseEnv, "correct horse")
	unlocked(InSystem) // moves it back
	if _, err := os.Stat(filepath.Join(dir, SealedName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
	noPassphrase(t)
	unlocked("")
}

func TestFreshKeyInAFileNeedsNoKeyStore(t *testing.T) {
	t.Setenv(PassphraseEnv, "correct horse")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	t.Setenv("XDG_RUNTIME_DIR", "")
	dir := t.TempDir()
	m := MasterKeys{Folder: dir, Install: "i", System: SystemKeys{}}
	key, err := m.Unlock(InFile, true)
	must(t, err)
	again, err := m.Unlock("", false)
	must(t, err)
	if !bytes.Equal(key, again) {
		t.Error("another key")
	}
	info, err := os.Stat(filepath.Join(dir, SealedName))
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestSealedFileShowsNothing(t *testing.T) {
	dir := t.TempDir()
	s := SealedFile{dir, phrase("canary passphrase")}
	key := []byte("canary master key 0123456789abcd")
	must(t, s.Save("i", key))
	b, err := os.ReadFile(filepath.Join(dir, SealedName))
	must(t, err)
	for _, secret := range []string{"canary", "Y2FuYXJ5", "63616e617279"} { // raw, base64, hex
		if strings.Contains(string(b), secret) {
			t.Errorf("the file shows %q: %s", secret, b)
		}
	}
}

func TestDamagedSealedFile(t *testing.T) {
	dir := t.TempDir()
	asked := false
	s := SealedFile{dir, func() (string, error) { asked = true; return "correct horse", nil }}
	must(t, s.Save("i", bytes.Repeat([]byte{1}, masterKeySize)))
	good, err := os.ReadFile(s.path())
	must(t, err)
	change := func(field string, value any) []byte {
		var all map[string]any
		must(t, json.Unmarshal(good, &all))
		all[field] = value
		b, err := json.Marshal(all)
		must(t, err)
		return b
	}
	for name, tt := range map[string]struct {
		kind *Error
		file []byte
	}{
		"empty":                     {ErrKeyFile, nil},
		"cut":                       {ErrKeyFile, good[:len(good)/2]},
		"huge":                      {ErrKeyFile, bytes.Repeat([]byte(" "), maxSealed+1)},
		"a newer format":            {ErrKeyFile, change("format", 2)},
		"another kdf":               {ErrKeyFile, change("kdf", "none")},
		"no passes":                 {ErrKeyFile, change("time", 0)},
		"passes for a day":          {ErrKeyFile, change("time", 4_000_000_000)},
		"more memory than there is": {ErrKeyFile, change("memory", 4_000_000_000)},
		"no threads":                {ErrKeyFile, change("threads", 0)},
		"a short salt":              {ErrKeyFile, change("salt", "AAAA")},
		"other bytes":               {ErrPassphrase, change("sealed", strings.Repeat("A", 80))},
	} {
		asked = false
		must(t, os.WriteFile(s.path(), tt.file, 0o600))
		_, err := s.Load("i")
		if !errors.Is(err, tt.kind) {
			t.Errorf("%s: %v", name, err)
		}
		if asked != (tt.kind == ErrPassphrase) {
			t.Errorf("%s: asked for a passphrase: %v", name, asked)
		}
	}
}
