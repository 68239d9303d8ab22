package desktop

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// autostartFile is where XDG desktops look.
func autostartFile() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", problem(ErrLogin, err, "Your home folder is not known, so Evenstock cannot start by itself.")
	}
	return filepath.Join(dir, "autostart", loginID+".desktop"), nil
}

func (a AtLogin) on() (bool, error) {
	path, err := autostartFile()
	if err != nil {
		return false, err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && entryIsOn(string(text)), err
}

func (a AtLogin) write() error {
	path, err := autostartFile()
	if err != nil {
		return err
	}
	return writeLoginFile(path, desktopEntry(append([]string{a.Program}, a.Args...)))
}

func (a AtLogin) remove() error {
	path, err := autostartFile()
	if err != nil {
		return err
	}
	return removeIfThere(path)
}
