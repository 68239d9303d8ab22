// Command mutate plants mistakes in the engine and the ledger, one at a time, and shows after how many simulated runs
// each is caught. A simulation is trusted only after the mutants die. Nothing in the repository is changed: the compiler
// is told to read the changed files from elsewhere. Run it from the root of the repository; names of mutants as
// arguments plant those only.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	folder = "backend/sim/mutants"

	// runs is how many simulated runs a mutant has to survive to be a survivor; the untouched code passes the same.
	runs = 400
	// limit ends a mutant that makes the engine go round for ever; it counts as caught.
	limit = 4 * time.Minute
)

// suites are asked one after the other until one notices.
var suites = []struct{ name, tests, run string }{
	{"simulation", "./backend/sim", "^TestSim$"},
	{"simulation of warehouses", "./backend/sim", "^TestSimWarehouses$"},
	{"simulation of Shopify", "./backend/sim", "^TestSimShopify$"},
	{"simulation of all channels", "./backend/sim", "^TestSimOverFaces$"},
	{"seller tests", "./backend/sim", "^TestSeller"},
	{"tests of the ledger", "./backend/ledger", "."},
	{"tests of the engine", "./backend/engine", "."},
	{"tests of httpx", "./backend/channel/httpx", "."},
	{"tests of ebay", "./backend/channel/ebay", "."},
	{"tests of etsy", "./backend/channel/etsy", "."},
	{"tests of amazon", "./backend/channel/amazon", "."},
}

func main() {
	if err := plant(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func plant(only []string) error {
	root, err := filepath.Abs(".")
	if err != nil {
		return err
	}
	all, err := load(folder)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(m mutant) bool { return len(only) > 0 && !slices.Contains(only, m.name) })
	tmp, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	w := workshop{root: root, tmp: tmp}
	if len(only) == 0 {
		if by, after, err := w.hunt(nil); err != nil {
			return err
		} else if by != "" {
			return fmt.Errorf("the %s fails without any mistake, after %s", by, after)
		}
		fmt.Printf("%d runs and the seller tests pass without a mistake\n", runs)
	}
	var survived []string
	for _, m := range all {
		began := time.Now()
		changed, err := m.apply(root)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		by, after, err := w.hunt(changed)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		verdict := fmt.Sprintf("caught by the %s after %s", by, after)
		if by == "" {
			verdict = "SURVIVED"
			survived = append(survived, m.name)
		}
		fmt.Printf("%-32s %-45s %5.1f s  %s\n", m.name, verdict, time.Since(began).Seconds(), m.about)
	}
	fmt.Printf("%d planted, %d caught, %d survived\n", len(all), len(all)-len(survived), len(survived))
	if len(survived) > 0 {
		return fmt.Errorf("survivors: %s", strings.Join(survived, ", "))
	}
	return nil
}

// workshop builds and runs the tests with some files changed.
type workshop struct{ root, tmp string }

// hunt returns which suite noticed the changed files, and after how much; "" for none.
func (w workshop) hunt(changed map[string]string) (by, after string, err error) {
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for path, src := range changed {
		file := filepath.Join(w.tmp, fmt.Sprintf("%d.go", len(overlay.Replace)))
		if err := os.WriteFile(file, []byte(src), 0o600); err != nil {
			return "", "", err
		}
		overlay.Replace[path] = file
	}
	b, err := json.Marshal(overlay)
	if err != nil {
		return "", "", err
	}
	config := filepath.Join(w.tmp, "overlay.json")
	if err := os.WriteFile(config, b, 0o600); err != nil {
		return "", "", err
	}
	built := map[string]bool{}
	for _, s := range suites {
		binary := filepath.Join(w.tmp, filepath.Base(s.tests)+".test")
		if !built[s.tests] {
			build := exec.Command("go", "test", "-c", "-overlay", config, "-o", binary, s.tests)
			if out, err := build.CombinedOutput(); err != nil {
				return "", "", fmt.Errorf("it does not compile: %w\n%s", err, out)
			}
			built[s.tests] = true
		}
		args := []string{"-test.run", s.run, "-test.timeout", limit.String()}
		if s.tests == "./backend/sim" {
			args = append(args, "-rapid.shrinktime", "0s")
		}
		test := exec.Command(binary, args...)
		test.Dir = filepath.Join(w.root, s.tests)
		test.Env = append(os.Environ(), "EVENSTOCK_SIM_RUNS="+strconv.Itoa(runs), "EVENSTOCK_SIM_SEED=1")
		out, err := test.CombinedOutput()
		if err == nil {
			continue
		}
		return s.name, reason(string(out)), nil
	}
	return "", "", nil
}

var (
	afterRuns = regexp.MustCompile(`\[rapid\] (?:failed|panic) after (\d+) tests: (\w+)?`)
	failed    = regexp.MustCompile(`--- FAIL: (Test\w+)`)
)

// reason says how soon a suite noticed, and by which check.
func reason(out string) string {
	if m := afterRuns.FindStringSubmatch(out); m != nil {
		n, _ := strconv.Atoi(m[1])
		return strings.TrimSpace(fmt.Sprintf("%d runs (%s)", n+1, m[2]))
	}
	if m := failed.FindStringSubmatch(out); m != nil {
		return m[1]
	}
	return "a crash or a hang"
}
