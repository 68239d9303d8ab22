package desktop

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

const agentID = "app.evenstock.login"

// agentFile is where launchd looks at the next login. It is not told of the file now: it would start the program at once.
func agentFile() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", problem(ErrLogin, err, "Your home folder is not known, so Evenstock cannot start by itself.")
	}
	return filepath.Join(home, "Library", "LaunchAgents", agentID+".plist"), nil
}

func (a AtLogin) on() (bool, error) {
	path, err := agentFile()
	if err != nil {
		return false, err
	}
	_, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (a AtLogin) write() error {
	path, err := agentFile()
	if err != nil {
		return err
	}
	return writeLoginFile(path, launchAgent(agentID, append([]string{a.Program}, a.Args...)))
}

func (a AtLogin) remove() error {
	path, err := agentFile()
	if err != nil {
		return err
	}
	return removeIfThere(path)
}
