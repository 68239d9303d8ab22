//go:build linux || darwin

package desktop

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// maxSocketPath is the longest path of a socket in bytes: macOS takes 104 with the closing zero, Linux 108.
const maxSocketPath = 103

// lockFile opens path and takes an exclusive lock on it, or returns errHeld.
func lockFile(path string, flag int) (*os.File, error) {
	f, err := os.OpenFile(path, flag, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, errHeld
		}
		return nil, err
	}
	return f, nil
}

// address decides where the owner of dir listens, and writes it down where it is not in dir itself.
func address(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	note := filepath.Join(dir, addressName)
	if path := filepath.Join(dir, socketName); len(path) <= maxSocketPath {
		return path, removeIfThere(note)
	}
	run, err := runtimeDir()
	if err != nil {
		return "", fmt.Errorf("folder for the socket: %w", err)
	}
	sum := sha256.Sum256([]byte(dir))
	path := filepath.Join(run, "evenstock-"+hex.EncodeToString(sum[:8])+".sock")
	return path, os.WriteFile(note, []byte(path), 0o600)
}

// runtimeDir is a folder with a short path that no other user can write to.
func runtimeDir() (string, error) {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) && len(dir) < maxSocketPath-40 && private(dir) == nil {
		return dir, nil
	}
	dir := filepath.Join(os.TempDir(), fmt.Sprint("evenstock-", os.Getuid()))
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	return dir, private(dir)
}

// private reports by its error whether dir is a folder of this user that nobody else can write to.
func private(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || int(st.Uid) != os.Getuid() || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s is not a private folder of this user", dir)
	}
	return nil
}

// listenLocal listens at path; the caller holds the owner's lock, so what lies there is left over.
func listenLocal(path string) (net.Listener, error) {
	if err := removeIfThere(path); err != nil {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func dialLocal(dir string, within time.Duration) (net.Conn, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, socketName)
	if note, err := os.ReadFile(filepath.Join(dir, addressName)); err == nil {
		path = strings.TrimSpace(string(note))
	}
	return net.DialTimeout("unix", path, max(within, tryEvery))
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
