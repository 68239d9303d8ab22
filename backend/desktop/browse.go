package desktop

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// ErrNoBrowser is what Browse returns where there is no desktop.
var ErrNoBrowser = errors.New("no desktop to open a browser on")

// Browse shows a page of the web in the user's browser. It does not wait for it. Other addresses than https, and http of
// this computer, are refused: what they open is not a page.
func Browse(page string) error {
	u, err := url.Parse(page)
	if err != nil {
		return fmt.Errorf("read address: %w", err)
	}
	if u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && (u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost")) {
		return fmt.Errorf("not a page of the web: %s", u.Redacted())
	}
	name, args := opener(runtime.GOOS, os.Getenv)
	if name == "" {
		return ErrNoBrowser
	}
	return start(name, append(args, u.String())...)
}

// Reveal shows a folder of this computer in the user's file manager. It does not wait for it. What is no folder is refused:
// opening it would run it.
func Reveal(folder string) error {
	info, err := os.Stat(folder)
	if err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	if !info.IsDir() || !filepath.IsAbs(folder) {
		return fmt.Errorf("not a folder: %s", folder)
	}
	name, args := opener(runtime.GOOS, os.Getenv)
	switch {
	case name == "":
		return ErrNoBrowser
	case runtime.GOOS == "windows":
		name, args = "explorer", nil
	}
	return start(name, append(args, folder)...)
}

func start(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("open with %s: %w", name, err)
	}
	go cmd.Wait() // only so that no dead process is left
	return nil
}

// opener is the program that opens a page on a system, "" where there is no desktop.
func opener(system string, env func(string) string) (name string, args []string) {
	switch system {
	case "darwin":
		return "open", nil
	case "windows":
		return "rundll32", []string{"url.dll,FileProtocolHandler"}
	}
	if env("DISPLAY") == "" && env("WAYLAND_DISPLAY") == "" {
		return "", nil
	}
	return "xdg-open", nil
}
