//go:build !headless

package desktop

import "os"

// closeHides says that closing always hides the window. On Linux it depends on whether there is a tray.
const closeHides = false

// prepareWebview sets what WebKitGTK reads from the environment.
//
// Its DMABUF renderer leaves ghosts of scrolled rows behind under X11. Its remote inspector would let every program of
// the user read and drive the window, so it stays shut except for the tests of the window itself.
func prepareWebview() {
	if os.Getenv("WAYLAND_DISPLAY") == "" || os.Getenv("GDK_BACKEND") == "x11" {
		os.Setenv("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
	}
	if os.Getenv("EVENSTOCK_TEST") != "1" {
		os.Unsetenv("WEBKIT_INSPECTOR_HTTP_SERVER")
		os.Unsetenv("WEBKIT_INSPECTOR_SERVER")
	}
}
