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
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	folder = "backend/sim/mutants"

	// runs is how many simulated runs a mutant has to survive to be a survivor; the untouched code passes the same.
	runs = 400
	// limit is the processor time after which a mutant that makes the engine go round for ever counts as caught: ten times
	// what a suite needs.
	limit = 10 * time.Minute
)

// books is the code that every simulation goes through, whatever the shops are.
var books = []string{"backend/db", "backend/domain", "backend/engine", "backend/ledger"}

// suites are asked one after the other until one notices, the longest last. Only the folders that a suite sees can make it
// fail, so a mistake elsewhere is not shown to it.
var suites = []struct {
	name, tests, run string
	sees             []string
}{
	{"simulation", "./backend/sim", "^TestSim$", books},
	{"simulation of warehouses", "./backend/sim", "^TestSimWarehouses$", books},
	{"simulation of Shopify", "./backend/sim", "^TestSimShopify$", slices.Concat(books, []string{"backend/channel/shopify", "backend/channel/httpx"})},
	{"simulation of all channels", "./backend/sim", "^TestSimOverFaces$", []string{"backend"}},
	{"simulation of warehouses in all channels", "./backend/sim", "^TestSimWarehousesOverFaces$", []string{"backend"}},
	{"tests of the ledger", "./backend/ledger", ".", books},
	{"tests of the engine", "./backend/engine", ".", books},
	{"tests of httpx", "./backend/channel/httpx", ".", []string{"backend/channel/httpx"}},
	{"tests of bigcommerce", "./backend/channel/bigcommerce", ".", []string{"backend/channel/bigcommerce"}},
	{"tests of ebay", "./backend/channel/ebay", ".", []string{"backend/channel/ebay"}},
	{"tests of etsy", "./backend/channel/etsy", ".", []string{"backend/channel/etsy"}},
	{"tests of amazon", "./backend/channel/amazon", ".", []string{"backend/channel/amazon"}},
	{"tests of shopify", "./backend/channel/shopify", ".", []string{"backend/channel/shopify"}},
	{"seller tests", "./backend/sim", "^Test(Seller|Etsy)", []string{"backend"}},
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
	if len(only) == 0 {
		if f, err := hunt(root, mutant{}); err != nil {
			return err
		} else if f.by != "" {
			return fmt.Errorf("the %s fails without any mistake: %s", f.by, f.after)
		}
		fmt.Printf("%d runs, the seller tests and the tests of the packages pass without a mistake\n", runs)
	}
	found := make([]chan finding, len(all))
	for i := range all {
		found[i] = make(chan finding, 1)
	}
	go func() {
		// As many at once as there are processors: a simulation lives in one goroutine.
		free := make(chan struct{}, runtime.NumCPU())
		for i, m := range all {
			free <- struct{}{}
			go func() {
				began := time.Now()
				f, err := hunt(root, m)
				f.err, f.took = err, time.Since(began)
				found[i] <- f
				<-free
			}()
		}
	}()
	var survived []string
	for i, m := range all {
		f := <-found[i]
		if f.err != nil {
			return fmt.Errorf("%s: %w", m.name, f.err)
		}
		verdict := fmt.Sprintf("caught by the %s after %s", f.by, f.after)
		if f.by == "" {
			verdict = "SURVIVED"
			survived = append(survived, m.name)
		}
		fmt.Printf("%-35s %-65s %5.1f s  %s\n", m.name, verdict, f.took.Seconds(), m.about)
	}
	fmt.Printf("%d planted, %d caught, %d survived\n", len(all), len(all)-len(survived), len(survived))
	if len(survived) > 0 {
		return fmt.Errorf("survivors: %s", strings.Join(survived, ", "))
	}
	return nil
}

// finding is which suite noticed a mistake, and after how much; by is "" for none.
type finding struct {
	by, after string
	took      time.Duration
	err       error
}

// hunt builds the tests with a mistake in them and asks the suites that can see it.
func hunt(root string, m mutant) (finding, error) {
	tmp, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return finding{}, err
	}
	defer os.RemoveAll(tmp)
	config, err := overlay(root, tmp, m)
	if err != nil {
		return finding{}, err
	}
	built := map[string]bool{}
	for _, s := range suites {
		if !m.seen(s.sees) {
			continue
		}
		binary := filepath.Join(tmp, filepath.Base(s.tests)+".test")
		if !built[s.tests] {
			build := exec.Command("go", "test", "-c", "-overlay", config, "-o", binary, s.tests)
			build.Dir = root
			if out, err := build.CombinedOutput(); err != nil {
				return finding{}, fmt.Errorf("it does not compile: %w\n%s", err, out)
			}
			built[s.tests] = true
		}
		args := []string{"-c", fmt.Sprintf(`ulimit -t %d && exec "$0" "$@"`, int(limit.Seconds())), binary, "-test.run", s.run, "-test.timeout", "0"}
		if s.tests == "./backend/sim" {
			args = append(args, "-rapid.shrinktime", "0s")
		}
		test := exec.Command("sh", args...)
		test.Dir = filepath.Join(root, s.tests)
		test.Env = append(os.Environ(), "EVENSTOCK_SIM_RUNS="+strconv.Itoa(runs), "EVENSTOCK_SIM_SEED=1")
		if out, err := test.CombinedOutput(); err != nil {
			return finding{by: s.name, after: reason(string(out))}, nil
		}
	}
	return finding{}, nil
}

// overlay writes the changed files into a folder, and the list that tells the compiler of them.
func overlay(root, dir string, m mutant) (string, error) {
	changed, err := m.apply(root)
	if err != nil {
		return "", err
	}
	list := struct{ Replace map[string]string }{map[string]string{}}
	for path, src := range changed {
		file := filepath.Join(dir, fmt.Sprintf("%d.go", len(list.Replace)))
		if err := os.WriteFile(file, []byte(src), 0o600); err != nil {
			return "", err
		}
		list.Replace[path] = file
	}
	b, err := json.Marshal(list)
	if err != nil {
		return "", err
	}
	config := filepath.Join(dir, "overlay.json")
	return config, os.WriteFile(config, b, 0o600)
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
	if strings.Contains(out, "SIGXCPU") {
		return "going round for " + limit.String()
	}
	return "a crash"
}
