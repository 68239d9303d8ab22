package desktop

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// One process owns a data folder: it holds the lock on owner.lock, which the system takes back however the process ends,
// and listens on a local socket that only the same user can reach.
const (
	lockName    = "owner.lock"
	socketName  = "owner.sock"
	addressName = "owner.addr" // where the socket is when the folder's own path is too long for one
)

// How long an owner that holds the lock may take to listen, and how often it is tried.
const (
	answerWithin = 2 * time.Second
	tryEvery     = 50 * time.Millisecond
)

var errHeld = errors.New("owner lock held")

// Listen makes this process the owner of the folder until the listener is closed or the process ends. It returns ErrOwned
// when another process is, ErrUnreachable when another holds the folder and does not answer. What a killed owner left
// behind is replaced.
func Listen(dir string) (net.Listener, error) {
	if err := PrepareDataDir(dir); err != nil {
		return nil, err
	}
	for {
		lock, err := lockFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR)
		if err == nil {
			return listen(dir, lock)
		}
		if !errors.Is(err, errHeld) {
			return nil, problem(ErrFolder, err, "The folder %s cannot be used. Choose another one, or give your account the right to change it.", dir)
		}
		conn, err := Dial(dir)
		switch {
		case err == nil:
			conn.Close()
			return nil, problem(ErrOwned, nil, "Evenstock is running already with the books in %s.", dir)
		case !errors.Is(err, ErrNoOwner): // otherwise it has just ended: try again
			return nil, err
		}
	}
}

func listen(dir string, lock *os.File) (net.Listener, error) {
	addr, err := address(dir)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	l, err := listenLocal(addr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen for commands: %w", err), lock.Close())
	}
	return &ownerListener{Listener: l, lock: lock}, nil
}

// ownerListener gives the folder back when it is closed.
type ownerListener struct {
	net.Listener
	lock *os.File
	once sync.Once
	err  error
}

func (l *ownerListener) Close() error {
	l.once.Do(func() { l.err = errors.Join(l.Listener.Close(), l.lock.Close()) })
	return l.err
}

// Dial connects to the owner of the folder. It returns ErrNoOwner when there is none, at once, and ErrUnreachable when
// a process owns the folder but did not let anybody in for two seconds.
func Dial(dir string) (net.Conn, error) {
	end := time.Now().Add(answerWithin)
	for {
		conn, cause := dialLocal(dir, time.Until(end))
		if cause == nil {
			return conn, nil
		}
		lock, err := lockFile(filepath.Join(dir, lockName), os.O_RDWR)
		switch {
		case err == nil:
			lock.Close()
			return nil, problem(ErrNoOwner, nil, "Evenstock is not running with the books in %s.", dir)
		case errors.Is(err, fs.ErrNotExist):
			return nil, problem(ErrNoOwner, nil, "Evenstock is not running with the books in %s.", dir)
		case !errors.Is(err, errHeld):
			return nil, problem(ErrFolder, err, "The folder %s cannot be used. Give your account the right to change it.", dir)
		case time.Now().After(end):
			return nil, problem(ErrUnreachable, cause, "Another Evenstock has the books in %s open and does not answer. End it, or restart the computer.", dir)
		}
		time.Sleep(tryEvery)
	}
}
