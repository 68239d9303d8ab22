package desktop

import (
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestStartAtLogin switches it on and off as the settings do, in a home folder of its own. On Windows it writes to the
// user's registry and takes everything away again.
func TestStartAtLogin(t *testing.T) {
	if runtime.GOOS != "windows" {
		t.Setenv("HOME", t.TempDir())
		t.Setenv("XDG_CONFIG_HOME", "")
	}
	a := AtLogin{Program: filepath.Join(os.TempDir(), "Even stock"), Args: []string{"--hidden"}}
	is := func(want bool) {
		t.Helper()
		if on, err := a.On(); on != want || err != nil {
			t.Fatalf("on = %v, %v; want %v", on, err, want)
		}
	}
	is(false)
	must(t, a.Set(false), a.Renew())
	is(false)
	must(t, a.Set(true))
	is(true)
	must(t, a.Set(true), a.Renew())
	is(true)
	must(t, a.Set(false))
	is(false)
}

func TestLoginOnLinux(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the file is read here as Linux desktops read it")
	}
	config := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	file := filepath.Join(config, "autostart", "evenstock.desktop")
	a := AtLogin{Program: "/opt/a/evenstock", Args: []string{"--hidden", "--data", `/home/zoe/50 % "off" $HOME\`}}
	must(t, a.Set(true))
	text, err := os.ReadFile(file)
	must(t, err)
	want := `Exec="/opt/a/evenstock" "--hidden" "--data" "/home/zoe/50 %% \\"off\\" \\$HOME\\\\"`
	if !slices.Contains(strings.Split(string(text), "\n"), want) {
		t.Errorf("no line %s in:\n%s", want, text)
	}
	info, err := os.Stat(file)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}

	for _, off := range []string{"Hidden=true", "Hidden = true", "X-GNOME-Autostart-enabled=false"} {
		must(t, os.WriteFile(file, []byte("[Desktop Entry]\n"+off+"\n"), 0o600))
		if on, err := a.On(); on || err != nil {
			t.Errorf("with %s: on = %v, %v", off, on, err)
		}
		must(t, a.Renew())
		if text, _ := os.ReadFile(file); !strings.Contains(string(text), off) {
			t.Errorf("%s was overwritten", off)
		}
	}

	must(t, a.Set(true))
	a.Program = "/opt/b/evenstock"
	must(t, a.Renew())
	if text, _ := os.ReadFile(file); !strings.Contains(string(text), `Exec="/opt/b/evenstock"`) {
		t.Errorf("a program that was moved:\n%s", text)
	}

	t.Setenv("XDG_CONFIG_HOME", filepath.Join(file, "below a file"))
	refused(t, a.Set(true), ErrLogin)
}

func TestLaunchAgent(t *testing.T) {
	text := launchAgent("app.evenstock.login", []string{"/Applications/Even & Stock.app/evenstock", "--hidden"})
	var values []string
	keys := map[string]string{}
	for d, key := xml.NewDecoder(strings.NewReader(text)), ""; ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		must(t, err)
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "key":
			must(t, d.DecodeElement(&key, &start))
		case "string":
			var value string
			must(t, d.DecodeElement(&value, &start))
			values = append(values, value)
		case "true":
			keys[key] = "true"
		}
	}
	want := []string{"app.evenstock.login", "/Applications/Even & Stock.app/evenstock", "--hidden", "Interactive"}
	if !slices.Equal(values, want) || keys["RunAtLoad"] != "true" || len(keys) != 1 {
		t.Errorf("%q, %v in\n%s", values, keys, text)
	}
}

func TestThisProgram(t *testing.T) {
	t.Setenv("APPIMAGE", "")
	path, err := ThisProgram()
	must(t, err)
	if _, err := os.Stat(path); err != nil || !filepath.IsAbs(path) {
		t.Errorf("%q: %v", path, err)
	}
	image := filepath.Join(os.TempDir(), "Evenstock.AppImage")
	t.Setenv("APPIMAGE", image)
	if path, err := ThisProgram(); path != image || err != nil {
		t.Errorf("%q, %v", path, err)
	}
}
