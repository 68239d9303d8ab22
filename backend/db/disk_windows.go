package db

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

const onWindows = true

// folderLock holds the exclusive use of a database folder. The system takes it back when the process ends, however it
// ends.
type folderLock struct{ f *os.File }

// lockFolder takes a lock on a file in the folder. It returns errHeld when somebody has it.
func lockFolder(dir string) (*folderLock, error) {
	f, err := os.OpenFile(filepath.Join(dir, "books.lock"), os.O_CREATE|os.O_RDWR, 0o600)
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
	p, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(p, &free, nil, nil); err != nil {
		return 0, err
	}
	return free, nil
}

// syncFolder does nothing: Windows has no such call and NTFS journals its names.
func syncFolder(string) error { return nil }
