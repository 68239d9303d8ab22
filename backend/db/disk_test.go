//go:build linux

package db

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

func restrict() { unix.Umask(0o077) }

// TestFilesAreClosedToOthers looks at the modes a process with the application's umask leaves.
func TestFilesAreClosedToOthers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "books")
	cmd, out := child(t, "one write", dir)
	if _, words := acknowledged(out); words != "" {
		t.Fatal(words)
	}
	must(t, cmd.Wait())
	seen := 0
	must(t, filepath.WalkDir(filepath.Dir(dir), func(path string, e fs.DirEntry, err error) error {
		must(t, err)
		info, err := e.Info()
		must(t, err)
		if path != filepath.Dir(dir) && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		seen++
		return nil
	}))
	if seen < 6 {
		t.Errorf("only %d files", seen)
	}
}

// smallDisk mounts a disk of size bytes that is gone after the test.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "mode=0700,size="+size); err != nil {
		t.Skipf("a disk of its own cannot be mounted here, so this was not tested: %v", err)
	}
	t.Cleanup(func() { must(t, unix.Unmount(dir, unix.MNT_DETACH)) })
	return dir
}

// fill writes a file until the disk has left bytes to spare.
func fill(t *testing.T, disk string, left uint64) (free func()) {
	t.Helper()
	f, err := os.Create(filepath.Join(disk, "somebody else's"))
	must(t, err)
	space, err := freeSpace(disk)
	must(t, err)
	if space > left {
		must(t, unix.Fallocate(int(f.Fd()), 0, 0, int64(space-left)))
	}
	must(t, f.Close())
	return func() { must(t, os.Remove(f.Name())) }
}

func TestFullDiskRefusesWritesAndKeepsTheBooks(t *testing.T) {
	disk := smallDisk(t, "200m")
	dir := filepath.Join(disk, "books")
	d, err := Open(dir)
	must(t, err)
	sample(t, d)
	before := dumped1(t, d)
	free := fill(t, disk, 0)

	refused(t, d.Update(testTime, func(tx *Tx) error { return writeSome(tx, 1) }), ErrFull)
	verified(t, d)
	if diff := cmp.Diff(before, dumped1(t, d)); diff != "" {
		t.Error(diff)
	}
	refused(t, d.Backup(t.Context(), filepath.Join(disk, "x.bak"), testTime), ErrFull)
	if left, _ := filepath.Glob(filepath.Join(disk, "x.bak*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	free()
	update(t, d, func(tx *Tx) error { return writeSome(tx, 1) })
	verified(t, d)

	free = fill(t, disk, 1<<20)
	refused(t, d.Close(), ErrFull)
	must(t, d.lock.release()) // the end of the process
	_, err = Open(dir)
	refused(t, err, ErrFull)
	free()
	again := opened(t, dir)
	if again.WasClean() {
		t.Error("called clean after it could not be closed")
	}
	if r := verified(t, again); r.Movements <= 8 {
		t.Errorf("%d movements: the last ones are gone", r.Movements)
	}
}

func TestFullDiskDuringRestoreKeepsTheBooks(t *testing.T) {
	disk := smallDisk(t, "200m")
	dir := filepath.Join(disk, "books")
	source := memory(t)
	sample(t, source)
	file := backedUp(t, source)
	d := opened(t, dir)
	update(t, d, func(tx *Tx) error { return tx.SetMeta("mine", "yes") })
	must(t, d.Close())
	before := files(t, dir)
	free := fill(t, disk, 1<<20)
	_, err := Restore(t.Context(), file, dir, Options{Now: testTime})
	refused(t, err, ErrFull)
	free()
	if diff := cmp.Diff(before, files(t, dir)); diff != "" {
		t.Error(diff)
	}
	_, err = Restore(t.Context(), file, dir, Options{Now: testTime})
	must(t, err)
}

// TestDiskFilledByOthersInTheMiddle fills the disk under a writer that does not look at the free space, as another
// program may between the look and the write. The process dies of it; the books may not.
func TestDiskFilledByOthersInTheMiddle(t *testing.T) {
	disk := smallDisk(t, "64m")
	dir := filepath.Join(disk, "books")
	cmd, out := child(t, "careless writer", dir)
	if !out.Scan() {
		t.Fatal("the writer did not begin")
	}
	fill(t, disk, 1<<20)
	acked, words := acknowledged(out)
	err := cmd.Wait()
	if err == nil || acked == 0 {
		t.Fatalf("the writer did not run into the full disk: %v, %q", err, words)
	}
	t.Logf("the writer ended with %v %q after movement %d", err, words, acked)
	must(t, unix.Mount("tmpfs", disk, "tmpfs", unix.MS_REMOUNT, "size=400m"))
	d := opened(t, dir)
	if r := verified(t, d); uint64(r.Movements) < acked {
		t.Errorf("%d movements, %d acknowledged", r.Movements, acked)
	}
}

func TestReadOnlyDisk(t *testing.T) {
	disk := smallDisk(t, "100m")
	dir := filepath.Join(disk, "books")
	d := opened(t, dir)
	sample(t, d)
	must(t, d.Close())
	before := files(t, dir)
	must(t, unix.Mount("tmpfs", disk, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	_, err := Open(dir)
	refused(t, err, ErrReadOnly)
	_, err = Open(filepath.Join(disk, "new"))
	refused(t, err, ErrReadOnly)
	if diff := cmp.Diff(before, files(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestFolderWithoutPermission(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere, so this was not tested")
	}
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o500))
	_, err := Open(filepath.Join(dir, "books"))
	refused(t, err, ErrReadOnly)
	if !strings.Contains(err.Error(), dir) || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("err = %v", err)
	}
}
