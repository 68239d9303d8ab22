package desktop

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// Umask does nothing: files below the user's own folders are closed to other users on Windows.
func Umask() {}

func dataDir() (string, error) {
	dir := os.Getenv("LocalAppData")
	if dir == "" {
		return "", errors.New("%LocalAppData% is not set")
	}
	return filepath.Join(dir, "Evenstock"), nil
}

func refuseNetwork(dir string) error {
	volume := filepath.VolumeName(dir)
	if strings.HasPrefix(volume, `\\`) {
		return networkProblem(dir, volume)
	}
	root, err := windows.UTF16PtrFromString(volume + `\`)
	if err == nil && windows.GetDriveType(root) == windows.DRIVE_REMOTE {
		return networkProblem(dir, volume)
	}
	return nil
}
