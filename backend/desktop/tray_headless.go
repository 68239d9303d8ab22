//go:build headless

package desktop

import "io/fs"

// A program built for the command line has no tray.
type (
	trayFace struct{}
	trayHost struct{}
)

func (t *Tray) begin() error {
	return problem(ErrNoTray, nil, "This program was built without a tray.")
}

func (t *Tray) there() bool    { return false }
func (t *Tray) end()           {}
func (t *Tray) show(TrayState) {}

func trayIcon(fs.FS, trayLook) ([]byte, error) { return nil, nil }
