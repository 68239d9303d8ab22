package cli_test

import (
	"os"
	"os/exec"
	"testing"
)

// The ten tests of a seller, as a script that an outsider can read and run.
func TestSeller(t *testing.T) {
	bin, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"apples", "adjustment", "everywhere", "copy", "unset", "pull_fails", "refunds", "same_page",
		"killed", "asleep"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := exec.Command("bash", "testdata/seller.sh", name)
			script.Env = append(os.Environ(), "EVENSTOCK="+bin, "HOME="+t.TempDir())
			if out, err := script.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// A shop with several locations, as a script that an outsider can read and run.
func TestLocations(t *testing.T) {
	t.Parallel()
	bin, err := program()
	if err != nil {
		t.Fatal(err)
	}
	script := exec.Command("bash", "testdata/locations.sh")
	script.Env = append(os.Environ(), "EVENSTOCK="+bin, "HOME="+t.TempDir())
	if out, err := script.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
