//go:build !headless

package desktop

import (
	"os"
	"testing"
)

func TestPrepareWebview(t *testing.T) {
	for _, c := range []struct {
		name                string
		wayland, gdk, test  string
		dmabufOff, inspects bool
	}{
		{name: "X11", dmabufOff: true},
		{name: "Wayland", wayland: "wayland-0"},
		{name: "X11 on Wayland", wayland: "wayland-0", gdk: "x11", dmabufOff: true},
		{name: "under test", test: "1", dmabufOff: true, inspects: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("WAYLAND_DISPLAY", c.wayland)
			t.Setenv("GDK_BACKEND", c.gdk)
			t.Setenv("EVENSTOCK_TEST", c.test)
			t.Setenv("WEBKIT_INSPECTOR_HTTP_SERVER", "127.0.0.1:9321")
			t.Setenv("WEBKIT_DISABLE_DMABUF_RENDERER", "")
			prepareWebview()
			if got := os.Getenv("WEBKIT_DISABLE_DMABUF_RENDERER") == "1"; got != c.dmabufOff {
				t.Errorf("DMABUF renderer off = %v, want %v", got, c.dmabufOff)
			}
			if _, got := os.LookupEnv("WEBKIT_INSPECTOR_HTTP_SERVER"); got != c.inspects {
				t.Errorf("inspector open = %v, want %v", got, c.inspects)
			}
		})
	}
}

func TestFolderID(t *testing.T) {
	a, b := folderID("/books/a"), folderID("/books/b")
	if a == b || a != folderID("/books/a/") || len(a) != 16 {
		t.Errorf("ids %q and %q", a, b)
	}
}

func TestClosesOnce(t *testing.T) {
	stays := true
	closing := closesOnce(func() bool { return stays })
	if !closing() {
		t.Error("a window closes that should stay")
	}
	stays = false
	if closing() {
		t.Error("a window stays that should close")
	}
	if !closing() {
		t.Error("a window that is closing closes a second time")
	}
}
