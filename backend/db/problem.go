package db

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
)

// OpenError says why the books, or a backup of them, cannot be opened or written. Code is for programs, Message is a
// sentence for the seller that says what is safe and what to do, Err is the cause for the log and may be nil.
type OpenError struct {
	Code    string
	Message string
	Err     error
}

// The kinds of OpenError, for errors.Is. They are compared by Code alone.
var (
	ErrLocked   = &OpenError{Code: "locked"}          // another process has the folder open
	ErrNewer    = &OpenError{Code: "newer"}           // a later version of the program wrote it
	ErrReadOnly = &OpenError{Code: "read_only"}       // the folder or a file in it cannot be written
	ErrFull     = &OpenError{Code: "disk_full"}       // the disk has no room left for a safe write
	ErrFolder   = &OpenError{Code: "no_folder"}       // the path is not a folder and cannot become one
	ErrBroken   = &OpenError{Code: "broken"}          // the files do not hold together
	ErrForeign  = &OpenError{Code: "not_a_backup"}    // the file is not a backup of this program
	ErrCut      = &OpenError{Code: "backup_damaged"}  // the backup is incomplete or was changed
	ErrExists   = &OpenError{Code: "file_exists"}     // a file that is not ours stands in the way
	ErrMissing  = &OpenError{Code: "file_not_found"}  // there is no such file
	ErrWrongKey = &OpenError{Code: "secret_unusable"} // a secret was sealed under another master key
)

// Error is the sentence and the cause.
func (e *OpenError) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return fmt.Sprintf("%s (%v)", e.Message, e.Err)
}

// Unwrap is the cause.
func (e *OpenError) Unwrap() error { return e.Err }

// Is reports whether target is an OpenError with the same code.
func (e *OpenError) Is(target error) bool {
	t, ok := target.(*OpenError)
	return ok && t.Code == e.Code
}

// UserMessage is the sentence for the seller.
func (e *OpenError) UserMessage() string { return e.Message }

func problem(kind *OpenError, cause error, format string, args ...any) error {
	return &OpenError{Code: kind.Code, Message: fmt.Sprintf(format, args...), Err: cause}
}

// On Windows a full disk has numbers of its own that the standard library does not map.
const (
	windowsHandleDiskFull = syscall.Errno(39)
	windowsDiskFull       = syscall.Errno(112)
)

// fileProblem turns an error of the file system into an OpenError about path; nil where it is none that a seller could
// act on. Badger flattens its causes to text, so their words are looked for as well.
func fileProblem(path string, err error) error {
	text := err.Error()
	is := func(words string, kinds ...error) bool {
		for _, k := range kinds {
			if errors.Is(err, k) {
				return true
			}
		}
		return strings.Contains(text, words)
	}
	switch {
	case is("no space left", syscall.ENOSPC, syscall.EDQUOT) || onWindows && is("not enough space", windowsDiskFull, windowsHandleDiskFull):
		return fullProblem(path, err)
	case is("read-only file system", syscall.EROFS):
		return problem(ErrReadOnly, err, "The folder %s is read-only, so nothing can be kept there. Choose another folder or make it writable.", path)
	case is("permission denied", fs.ErrPermission):
		return problem(ErrReadOnly, err, "Evenstock may not write to %s. Give your account the right to change it, or choose another folder.", path)
	case is("not a directory", syscall.ENOTDIR, fs.ErrExist):
		return problem(ErrFolder, err, "%s is not a folder. Choose a folder for the books.", path)
	}
	return nil
}

func fullProblem(path string, cause error) error {
	return problem(ErrFull, cause, "The disk that holds %s is full. The books are as they were; free some space and try again.", path)
}

func brokenProblem(path string, cause error) error {
	return problem(ErrBroken, cause, "The books in %s cannot be read: a file is damaged or missing. Nothing was changed. Restore your newest backup.", path)
}
