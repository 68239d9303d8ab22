package desktop

import (
	"os"
	"path/filepath"
)

// loginID names the entry on systems that want a name without spaces.
const loginID = "evenstock"

// ErrLogin says that the system does not let the program start by itself.
var ErrLogin = &Error{Code: "no_login"}

// AtLogin starts the program when this user logs in.
type AtLogin struct {
	Program string   // its absolute path, see [ThisProgram]
	Args    []string // such as --hidden
}

// ThisProgram is the path of this program to start at login. Within an AppImage that is the image: what runs is mounted anew
// at every start.
func ThisProgram() (string, error) {
	if image := os.Getenv("APPIMAGE"); filepath.IsAbs(image) {
		return image, nil
	}
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return path, nil
}

// AtLoginOf is the entry that opens the books in a folder, in the tray; nil for a program without a window, or one that
// does not know where it lies itself. The folder is named only if it is not the user's usual one.
func AtLoginOf(folder string) *AtLogin {
	program, err := ThisProgram()
	if err != nil || !HasWindow {
		return nil
	}
	a := &AtLogin{Program: program, Args: []string{"--" + HiddenFlag}}
	if usual, err := DataDir(); err != nil || filepath.Clean(folder) != usual {
		a.Args = append(a.Args, "--data", folder)
	}
	return a
}

// On reports whether the program starts at login. The user may have switched it off in the system's own settings.
func (a AtLogin) On() (bool, error) { return a.on() }

// Set switches it on or off.
func (a AtLogin) Set(on bool) error {
	if on {
		return a.write()
	}
	return a.remove()
}

// Renew writes the entry again if it is on: the program may have been moved since.
func (a AtLogin) Renew() error {
	on, err := a.on()
	if err != nil || !on {
		return err
	}
	return a.write()
}

// writeLoginFile puts a file in its place as a whole.
func writeLoginFile(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return problem(ErrLogin, err, "The folder %s cannot be made, so Evenstock cannot start by itself.", filepath.Dir(path))
	}
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		return problem(ErrLogin, err, "The file %s cannot be written, so Evenstock cannot start by itself.", path)
	}
	return os.Rename(path+".new", path)
}
