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
	"time"

	"github.com/Microsoft/go-winio"
	"golang.org/x/sys/windows"
)

// lockFile opens path and takes an exclusive lock on it, or returns errHeld.
func lockFile(path string, flag int) (*os.File, error) {
	f, err := os.OpenFile(path, flag, 0o600)
	if err != nil {
		return nil, err
	}
	err = windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
	if err != nil {
		f.Close()
		if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
			return nil, errHeld
		}
		return nil, err
	}
	return f, nil
}

// address is the named pipe of dir. Paths on Windows do not distinguish case.
func address(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(strings.ToLower(dir)))
	return `\\.\pipe\evenstock-` + hex.EncodeToString(sum[:16]), nil
}

// listenLocal listens on a pipe that only this user may open.
func listenLocal(pipe string) (net.Listener, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, fmt.Errorf("own user: %w", err)
	}
	return winio.ListenPipe(pipe, &winio.PipeConfig{SecurityDescriptor: "D:P(A;;GA;;;" + user.User.Sid.String() + ")"})
}

func dialLocal(dir string, within time.Duration) (net.Conn, error) {
	pipe, err := address(dir)
	if err != nil {
		return nil, err
	}
	within = max(within, tryEvery)
	return winio.DialPipe(pipe, &within)
}

// syncDir does nothing: Windows has no such call and NTFS journals its names.
func syncDir(string) error { return nil }
