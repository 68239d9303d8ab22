package desktop

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The test binary runs itself as another process.
const (
	childEnv = "EVENSTOCK_TEST_CHILD"
	dirEnv   = "EVENSTOCK_TEST_DIR"
)

func TestMain(m *testing.M) {
	switch os.Getenv(childEnv) {
	case "owner":
		own(os.Getenv(dirEnv))
	case "system keys":
		useSystemKeys()
	}
	os.Exit(m.Run())
}

// own owns the folder, answers every caller with one line, and never ends.
func own(dir string) {
	Umask()
	l, err := Listen(dir)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("listening")
	for {
		conn, err := l.Accept()
		if err != nil {
			os.Exit(1)
		}
		fmt.Fprintln(conn, "hello")
		conn.Close()
	}
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// refused checks that err is of a kind and speaks to a seller.
func refused(t testing.TB, err error, kind *Error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, kind) {
		t.Fatalf("err = %v, want kind %s", err, kind.Code)
	}
	for _, word := range []string{"please", "failed", "error", "!", "successfully"} {
		if strings.Contains(strings.ToLower(e.UserMessage()), word) {
			t.Errorf("%q says %q", e.Message, word)
		}
	}
	if !strings.HasSuffix(e.Message, ".") {
		t.Errorf("%q is no sentence", e.Message)
	}
}

// startOwner starts another process that owns dir.
func startOwner(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), childEnv+"=owner", dirEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	must(t, err, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "listening\n" {
		t.Fatalf("the owner says %q, %v", line, err)
	}
	return cmd
}

func heard(t *testing.T, dir string) {
	t.Helper()
	conn, err := Dial(dir)
	must(t, err)
	defer conn.Close()
	b, err := io.ReadAll(conn)
	must(t, err)
	if string(b) != "hello\n" {
		t.Errorf("heard %q", b)
	}
}

func TestOneOwner(t *testing.T) {
	short := filepath.Join(t.TempDir(), "books")
	long := filepath.Join(t.TempDir(), strings.Repeat("a long name of a folder ", 6))
	for name, dir := range map[string]string{"short path": short, "path too long for a socket": long} {
		t.Run(name, func(t *testing.T) {
			_, err := Dial(dir)
			refused(t, err, ErrNoOwner)
			owner := startOwner(t, dir)
			heard(t, dir)
			_, err = Listen(dir)
			refused(t, err, ErrOwned)

			must(t, owner.Process.Kill())
			owner.Wait()
			_, err = Dial(dir) // the socket is still there
			refused(t, err, ErrNoOwner)
			startOwner(t, dir)
			heard(t, dir)
		})
	}
}

func TestOwnerThatDoesNotListen(t *testing.T) {
	dir := t.TempDir()
	lock, err := lockFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR)
	must(t, err)
	_, err = Dial(dir)
	refused(t, err, ErrUnreachable)
	_, err = Listen(dir)
	refused(t, err, ErrUnreachable)
	must(t, lock.Close())
	l, err := Listen(dir)
	must(t, err, l.Close())
}

func TestOwnerThatStartsSlowly(t *testing.T) {
	dir := t.TempDir()
	lock, err := lockFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR)
	must(t, err)
	listening := make(chan net.Listener)
	go func() {
		time.Sleep(200 * time.Millisecond)
		l, err := listen(dir, lock)
		if err != nil {
			t.Error(err)
		}
		listening <- l
	}()
	conn, err := Dial(dir)
	must(t, err, conn.Close())
	must(t, (<-listening).Close())
}

func TestOwnershipIsGivenBack(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		l, err := Listen(dir)
		must(t, err, l.Close(), l.Close())
		_, err = Dial(dir)
		refused(t, err, ErrNoOwner)
	}
}

func TestSocketIsClosedToOthers(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "data")
	startOwner(t, dir)
	for _, name := range []string{"", lockName, socketName} {
		info, err := os.Lstat(filepath.Join(dir, name))
		must(t, err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%q has mode %v", name, info.Mode())
		}
	}
}
