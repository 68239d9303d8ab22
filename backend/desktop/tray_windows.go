//go:build !headless

package desktop

import (
	"io/fs"
	"runtime"
	"strings"

	"fyne.io/systray"
	"golang.org/x/sys/windows/registry"
)

// trayHost has nothing to keep here.
type trayHost struct{}

// begin gives the tray a thread of its own: messages of a window arrive on the thread that made it.
func (t *Tray) begin() error {
	systray.SetOnTapped(func() { t.act(TrayAction{Do: TrayOpen}) })
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the loop
		systray.Run(t.ready, nil)
	}()
	return nil
}

// end ends the message loop and takes the icon away.
func (t *Tray) end() {
	t.settle()
	systray.Quit()
}

// there is true: Windows always has a notification area, and the library comes back after Explorer was restarted.
func (t *Tray) there() bool { return true }

// panelIsDark follows the colour of the taskbar, which is the system's, not that of windows.
func (t *Tray) panelIsDark() bool {
	const themes = `Software\Microsoft\Windows\CurrentVersion\Themes\Personalize`
	key, err := registry.OpenKey(registry.CURRENT_USER, themes, registry.QUERY_VALUE)
	if err != nil {
		return true
	}
	defer key.Close()
	light, _, err := key.GetIntegerValue("SystemUsesLightTheme")
	return err != nil || light == 0
}

// trayIcon holds the sizes for displays at 100 % and at 200 %; Windows takes the nearest.
func trayIcon(icons fs.FS, look trayLook) ([]byte, error) {
	small, err := look.read(icons, 16)
	if err != nil {
		return nil, err
	}
	large, err := look.read(icons, 32)
	if err != nil {
		return nil, err
	}
	return packICO(small, large)
}

func setTrayIcon(icon []byte) { systray.SetIcon(icon) }

// escapeLabel keeps an ampersand in a name from becoming a shortcut mark.
func escapeLabel(s string) string { return strings.ReplaceAll(s, "&", "&&") }
