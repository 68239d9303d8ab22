package desktop

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestDataDir(t *testing.T) {
	t.Setenv("HOME", "/home/zoe")
	for xdg, want := range map[string]string{
		"":           "/home/zoe/.local/share/evenstock",
		"/data":      "/data/evenstock",
		"not/rooted": "/home/zoe/.local/share/evenstock",
	} {
		t.Setenv("XDG_DATA_HOME", xdg)
		if got, err := DataDir(); got != want || err != nil {
			t.Errorf("with XDG_DATA_HOME=%q: %q, %v", xdg, got, err)
		}
	}
	t.Setenv("HOME", "")
	t.Setenv("XDG_DATA_HOME", "")
	_, err := DataDir()
	refused(t, err, ErrFolder)
}

func TestPrepareDataDir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	must(t, PrepareDataDir(dir), PrepareDataDir(dir))
	info, err := os.Stat(dir)
	must(t, err)
	if info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v", info.Mode())
	}
	file := filepath.Join(dir, "file")
	must(t, os.WriteFile(file, nil, 0o600))
	refused(t, PrepareDataDir(filepath.Join(file, "x")), ErrFolder)
}

// A drive that is carried about stands for all that are refused: it is the one that can be mounted here.
func TestExchangeDriveIsRefused(t *testing.T) {
	defer func(old map[uint32]string) { badMagic = old }(badMagic)
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, ""); err != nil {
		t.Skipf("nothing can be mounted here, so this was not tested: %v", err)
	}
	defer unix.Unmount(dir, unix.MNT_DETACH)
	must(t, PrepareDataDir(filepath.Join(dir, "x")))
	badMagic = map[uint32]string{unix.TMPFS_MAGIC: "NFS"}
	refused(t, PrepareDataDir(filepath.Join(dir, "not", "there", "yet")), ErrNetwork)
	if kind := fuseKind(dir); kind != "tmpfs" {
		t.Errorf("mount type %q", kind)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("something was made: %v", left)
	}
}
