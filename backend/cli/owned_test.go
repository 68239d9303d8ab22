package cli_test

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"evenstock/backend/practice"
)

// working starts `run` and returns it once it is ready, with its further lines.
func (o *outsider) working(args ...string) (*exec.Cmd, *bufio.Scanner) {
	o.t.Helper()
	cmd := o.command(o.t.Context(), append([]string{"--json", "run"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		o.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	lines := bufio.NewScanner(out)
	var first struct{ Event string }
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &first) != nil || first.Event != "ready" {
		o.t.Fatalf("run began with %q", lines.Text())
	}
	return cmd, lines
}

// ends asks a process to end and returns how long it took and its exit code.
func ends(t *testing.T, cmd *exec.Cmd) (time.Duration, int) {
	t.Helper()
	start := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // its exit code is looked at
	return time.Since(start), cmd.ProcessState.ExitCode()
}

func TestCommandsGoToTheOwner(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	s.offers("Mug", "MUG", 5)
	o.connected("Fernhill", s)
	cmd, _ := o.working("--every", "1m")

	if got := o.gets(0, "stock", "set", "MUG", "8").at("stock", "inStock"); got != 8.0 {
		t.Errorf("in stock %v", got)
	}
	if got := o.types("stock", "list"); got.code != 0 || !strings.Contains(got.out, "MUG") {
		t.Errorf("%+v", got)
	}
	rows := filepath.Join(o.home, "rows.csv")
	o.gets(0, "rehearse", "Fernhill", "--csv", "rows.csv")
	if b, err := os.ReadFile(rows); err != nil || !strings.HasPrefix(string(b), "listing,sku") {
		t.Errorf("rows.csv: %q, %v", b, err)
	}
	for _, args := range [][]string{{"run"}, {"restore", "rows.csv"}} {
		if code := o.gets(5, args...).at("error", "code"); code != "busy" {
			t.Errorf("%q: %v", args, code)
		}
	}
	if code := o.gets(3, "sync", "Fernhill").at("error", "code"); code != "sync_off" {
		t.Errorf("sync of a store that is off: %v", code)
	}
	if took, code := ends(t, cmd); took > 2*time.Second || code != 0 {
		t.Errorf("run ended after %v with %d", took, code)
	}
	if got := o.gets(0, "stock", "show", "MUG").at("inStock"); got != 8.0 {
		t.Errorf("afterwards in stock %v", got)
	}
}

func TestAnOwnerThatDoesNotAnswer(t *testing.T) {
	o := newOutsider(t)
	cmd, _ := o.working()
	cmd.Process.Signal(syscall.SIGSTOP)
	if code := o.gets(5, "store", "list").at("error", "code"); code != "busy" {
		t.Errorf("error %v", code)
	}
	cmd.Process.Signal(syscall.SIGCONT)
	o.gets(0, "store", "list")
}

func TestAKilledOwnerLeavesTheFolderFree(t *testing.T) {
	o := newOutsider(t)
	cmd, _ := o.working()
	cmd.Process.Kill()
	cmd.Wait()
	o.gets(0, "store", "list")
	o.working()
	o.gets(0, "store", "list")
}

func TestTwoCommandsAtOnce(t *testing.T) {
	o := newOutsider(t)
	done := make(chan said)
	for range 4 {
		go func() { done <- o.types("verify") }()
	}
	for range 4 {
		if got := <-done; got.code != 0 {
			t.Errorf("%+v", got)
		}
	}
}

func TestBackupAndRestore(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	s.offers("Mug", "MUG", 5)
	o.connected("Fernhill", s)
	o.gets(0, "stock", "set", "MUG", "5")
	o.gets(0, "backup", "all.bak")
	o.gets(0, "stock", "set", "MUG", "1")
	if before := o.gets(0, "restore", "all.bak").at("before"); before == nil {
		t.Error("the books that were there are nowhere")
	}
	if got := o.gets(0, "stock", "show", "MUG").at("inStock"); got != 5.0 {
		t.Errorf("in stock %v", got)
	}
	o.gets(0, "listings", "sync", "Fernhill") // its keys came back too
	if ok := o.gets(0, "verify").at("ok"); ok != true {
		t.Errorf("verify: %v", ok)
	}
	got := o.types("--dump")
	if got.code != 0 || !strings.Contains(got.out, `"MUG"`) || strings.Contains(got.out, s.secret) {
		t.Errorf("dump: exit code %d", got.code)
	}
}

// A backup holds the books, not the key that opens the stores' keys: those are entered again, one store after the other, and
// until then everything goes on that needs none.
func TestRestoreOnAnotherComputer(t *testing.T) {
	o, a, b := newOutsider(t), newShop(t), newShop(t)
	mugs := []int64{a.offers("Mug", "MUG", 5), b.offers("Mug", "MUG", 5)}
	o.connected("Fernhill", a)
	o.connected("Outlet", b)
	for _, name := range []string{"Fernhill", "Outlet"} {
		o.gets(0, "store", "on", name, "--copy", "--yes", "--push", "all")
	}
	o.gets(0, "backup", "all.bak")

	other := *o
	other.data = filepath.Join(o.home, "elsewhere")
	other.env = append(other.env[:len(other.env):len(other.env)], "EVENSTOCK_PASSPHRASE=another one altogether")
	other.gets(0, "restore", "all.bak")
	if got := other.gets(6, "store", "check", "Fernhill").at("error", "code"); got != "auth" {
		t.Errorf("check: %v", got)
	}
	other.gets(6, "sync")
	if got := other.gets(4, "stock", "set", "MUG", "9").at("stock", "inStock"); got != 9.0 {
		t.Errorf("in stock %v", got)
	}
	enter := func(name string, s *shop) {
		t.Helper()
		with := other
		with.env = append(with.env[:len(with.env):len(with.env)], "EVENSTOCK_SECRET_KEY="+s.key, "EVENSTOCK_SECRET_SECRET="+s.secret)
		with.gets(0, "store", "set", name, "--keys")
	}
	enter("Fernhill", a)
	other.gets(0, "sync", "Fernhill")
	a.wants(t, "its keys are entered", mugs[0], 9)
	other.gets(6, "sync", "Outlet") // its keys are still to be entered
	enter("Outlet", b)
	other.gets(0, "sync")
	b.wants(t, "its keys are entered", mugs[1], 9)
}

// Ctrl-C ends a command at once, here and at the owner, and what was done stays done.
func TestCtrlC(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	s.offers("Mug", "MUG", 5)
	o.connected("Fernhill", s)
	interrupt := func(t *testing.T) {
		s.world.Fault(practice.Fault{Call: practice.ListListings, Kind: practice.Slow, After: 20 * time.Second})
		calls := s.world.Calls(practice.ListListings)
		cmd := o.command(t.Context(), "listings", "refresh", "Fernhill")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for s.world.Calls(practice.ListListings) == calls {
			time.Sleep(10 * time.Millisecond)
		}
		start := time.Now()
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait() // its exit code is looked at
		if took := time.Since(start); took > 2*time.Second || cmd.ProcessState.ExitCode() != 130 {
			t.Errorf("ended after %v with %d", took, cmd.ProcessState.ExitCode())
		}
		s.world.ClearFaults()
	}
	t.Run("without an owner", interrupt)
	o.working()
	t.Run("at the owner", interrupt)
	o.gets(0, "listings", "sync", "Fernhill")
	if ok := o.gets(0, "verify").at("ok"); ok != true {
		t.Errorf("verify: %v", ok)
	}
}

// A shop that keeps the program waiting does not keep the person waiting who stops it.
func TestRunEndsWhileAShopIsSlow(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	s.offers("Mug", "MUG", 5)
	o.connected("Fernhill", s)
	o.on("Fernhill", "--copy")
	cmd, lines := o.working("--every", "1s")
	go func() {
		for lines.Scan() { // so that the program never waits for its reader
		}
	}()
	s.world.Fault(practice.Fault{Call: practice.ListOrders, Kind: practice.Slow, After: 20 * time.Second, Times: 100})
	calls := s.world.Calls(practice.ListOrders)
	for s.world.Calls(practice.ListOrders) == calls {
		time.Sleep(10 * time.Millisecond)
	}
	if took, code := ends(t, cmd); took > 2*time.Second || code != 0 {
		t.Errorf("run ended after %v with %d", took, code)
	}
	s.world.ClearFaults()
	if ok := o.gets(0, "verify").at("ok"); ok != true {
		t.Errorf("verify: %v", ok)
	}
}
