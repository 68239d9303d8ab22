package desktop

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestGnomeKeyring keeps and finds a key in a real Secret Service on a session bus of its own.
func TestGnomeKeyring(t *testing.T) {
	for _, tool := range []string{"dbus-run-session", "gnome-keyring-daemon", "bash"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed, so the system's key store was not tested", tool)
		}
	}
	exe, err := os.Executable()
	must(t, err)
	home := t.TempDir()
	run := filepath.Join(home, "run")
	must(t, os.Mkdir(run, 0o700))
	script := `printf 'pw\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0"`
	cmd := exec.Command("dbus-run-session", "--", "bash", "-c", script, exe)
	cmd.Env = append(os.Environ(), childEnv+"=system keys", dirEnv+"="+home, "HOME="+home, "XDG_RUNTIME_DIR="+run,
		"XDG_DATA_HOME="+home, "DBUS_SESSION_BUS_ADDRESS=", PassphraseEnv+"=")
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.HasSuffix(out, []byte("kept and found\n")) {
		t.Errorf("%v: %s", err, out)
	}
}

// useSystemKeys is the child of TestGnomeKeyring.
func useSystemKeys() {
	m := MasterKeys{Folder: os.Getenv(dirEnv), Install: "install-of-a-test", System: SystemKeys{}}
	key, err := m.Unlock("", true)
	if err == nil {
		var again []byte
		again, err = m.Unlock("", false)
		if err == nil && !bytes.Equal(key, again) {
			err = fmt.Errorf("got another key back")
		}
	}
	if err == nil {
		m.Install = "another"
		if _, err2 := m.Unlock("", false); err2 == nil {
			err = fmt.Errorf("another install found the key")
		}
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("kept and found")
	os.Exit(0)
}
