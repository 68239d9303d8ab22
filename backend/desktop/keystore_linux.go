package desktop

import (
	"errors"
	"os"
	"path/filepath"
)

// keyStoreThere reports by its error that there is no session bus to reach a key store on. Without this look a bus would
// be started for the occasion, with no key store on it, and stay.
func keyStoreThere() error {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return nil
	}
	if run := os.Getenv("XDG_RUNTIME_DIR"); run != "" {
		if _, err := os.Stat(filepath.Join(run, "bus")); err == nil {
			return nil
		}
	}
	return errors.New("no session bus")
}
