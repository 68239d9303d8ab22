package desktop

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// DataDir is the folder for the data of this user, without making it: $XDG_DATA_HOME/evenstock or
// ~/.local/share/evenstock on Linux, %LocalAppData%\Evenstock on Windows (which does not roam to other computers), and
// ~/Library/Application Support/Evenstock on macOS.
func DataDir() (string, error) {
	dir, err := dataDir()
	if err != nil {
		return "", problem(ErrFolder, err, "Your home folder is not known, so there is no place for the books. Name a folder with --data.")
	}
	return dir, nil
}

// PrepareDataDir makes dir, closed to other users, and checks that data is safe there. A folder on another computer is
// refused: the database relies on what only a local disk promises.
func PrepareDataDir(dir string) error {
	if err := refuseNetwork(nearest(dir)); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return problem(ErrFolder, err, "The folder %s cannot be made. Choose another folder for the books.", dir)
	}
	return nil
}

// nearest is dir or the closest folder above it that exists.
func nearest(dir string) string {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "."
	}
	for {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return dir
		}
		dir = up
	}
}

func networkProblem(dir, kind string) error {
	return problem(ErrNetwork, nil, "The folder %s lies on a network or exchange drive (%s). The books need a disk of this computer; choose a folder there.", dir, kind)
}
