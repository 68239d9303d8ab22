//go:build linux || darwin

package db

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

const onWindows = false

// folderLock holds the exclusive use of a database folder. The system takes it back when the process ends, however it
// ends.
type folderLock struct{ f *os.File }

// lockFolder takes the lock that Badger itself would take, so that its own tools respect it too. It returns errHeld when
// somebody has it.
func lockFolder(dir string) (*folderLock, error) {
	f, err := os.Open(dir)
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
	return &folderLock{f}, nil
}

// release gives the lock back; releasing nil does nothing.
func (l *folderLock) release() error {
	if l == nil {
		return nil
	}
	return l.f.Close()
}

// freeSpace is the number of bytes this user may still write to the disk of path.
func freeSpace(path string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return 0, err
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
