//go:build !headless

package desktop

// void evenstockTrayOnMain(void);
import "C"

import (
	"io/fs"

	"fyne.io/systray"
)

// trayHost has nothing to keep here.
type trayHost struct{}

// trayStart is what makes the icon; it has to be called on the main thread.
var trayStart func()

// begin has the icon made by the main thread's own loop, which is Wails', between two of its events. In this mode the
// library sets no delegate and runs no loop, so Wails keeps both.
func (t *Tray) begin() error {
	trayStart, _ = systray.RunWithExternalLoop(t.ready, nil)
	C.evenstockTrayOnMain()
	return nil
}

//export evenstockTrayStart
func evenstockTrayStart() { trayStart() }

// end leaves the icon to the end of the process: the library's own end would stop Wails' loop, and waiting here for what
// the main thread has to show would wait for ever, because this is the main thread.
func (t *Tray) end() {}

// there is true: the menu bar is always there.
func (t *Tray) there() bool { return true }

// panelIsDark is not asked for on macOS, which colours a template itself.
func (t *Tray) panelIsDark() bool { return false }

// trayIcon is drawn at 16 points: 32 pixels are sharp on every display.
func trayIcon(icons fs.FS, look trayLook) ([]byte, error) { return look.read(icons, 32) }

func setTrayIcon(icon []byte) { systray.SetTemplateIcon(icon, icon) }

// escapeLabel has nothing to do: menus of macOS have no shortcut marks.
func escapeLabel(s string) string { return s }
