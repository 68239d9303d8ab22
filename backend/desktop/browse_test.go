package desktop

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpener(t *testing.T) {
	none := func(string) string { return "" }
	wayland := func(name string) string { return map[string]string{"WAYLAND_DISPLAY": "wayland-0"}[name] }
	for _, c := range []struct {
		system string
		env    func(string) string
		want   string
	}{{"linux", none, ""}, {"linux", wayland, "xdg-open"}, {"darwin", none, "open"}, {"windows", none, "rundll32"}} {
		if got, _ := opener(c.system, c.env); got != c.want {
			t.Errorf("%s: %q, want %q", c.system, got, c.want)
		}
	}
}

func TestOnlyPagesAreBrowsed(t *testing.T) {
	for _, page := range []string{"file:///etc/passwd", "javascript:alert(1)", "http://shop.example/", "-h", "mailto:a@b.example", "https:", "%zz"} {
		if err := Browse(page); err == nil || err == ErrNoBrowser {
			t.Errorf("%q was handed to the desktop: %v", page, err)
		}
	}
}

func TestOnlyFoldersAreRevealed(t *testing.T) {
	t.Setenv("DISPLAY", ":99")
	t.Setenv("PATH", t.TempDir()) // nothing that could open anything
	folder := t.TempDir()
	program := filepath.Join(folder, "program")
	if err := os.WriteFile(program, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{program, filepath.Join(folder, "none"), ".", ""} {
		if err := Reveal(name); err == nil || strings.Contains(err.Error(), "open with") {
			t.Errorf("%q was handed to the desktop: %v", name, err)
		}
	}
	if err := Reveal(folder); err == nil || !strings.Contains(err.Error(), "open with") {
		t.Errorf("the folder was not handed to the desktop: %v", err)
	}
}
