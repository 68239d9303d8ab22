package desktop

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Umask makes every file this process creates readable by its user alone. Badger creates its files open to all but for
// the umask.
func Umask() { unix.Umask(0o077) }

func dataDir() (string, error) {
	home, err := os.UserHomeDir()
	return filepath.Join(home, "Library", "Application Support", "Evenstock"), err
}

func refuseNetwork(dir string) error {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err == nil && st.Flags&unix.MNT_LOCAL == 0 {
		return networkProblem(dir, unix.ByteSliceToString(st.Fstypename[:]))
	}
	return nil
}
