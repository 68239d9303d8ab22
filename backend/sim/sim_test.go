package sim

import (
	"flag"
	"os"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// runs and seed of the simulation come from the environment, so that a failure can be replayed and a night be filled.
const (
	envRuns = "EVENSTOCK_SIM_RUNS"
	envSeed = "EVENSTOCK_SIM_SEED"

	defaultRuns = 200
	faceShare   = 8 // one in so many runs goes through real connectors
)

// configure sets how often and from which seed rapid runs.
func configure(t *testing.T, runs int) {
	t.Helper()
	seed := os.Getenv(envSeed)
	if seed == "" {
		seed = "1"
	}
	for name, value := range map[string]string{"rapid.checks": strconv.Itoa(runs), "rapid.seed": seed, "rapid.nofailfile": "true"} {
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
}

func wanted(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv(envRuns))
	if err != nil {
		return defaultRuns
	}
	return n
}

func TestSim(t *testing.T) {
	configure(t, wanted(t))
	rapid.Check(t, func(rt *rapid.T) {
		kinds := make([]Kind, 3)
		for i := range kinds {
			kinds[i] = rapid.SampledFrom([]Kind{Memory, MemoryDelta, MemoryCAS, MemoryLater}).Draw(rt, "kind")
		}
		live(NewSim(rt, kinds))
	})
}

// TestSimIsTheSameTwice guards what makes a failure worth replaying (V33).
func TestSimIsTheSameTwice(t *testing.T) {
	once := rapid.Custom(func(rt *rapid.T) uint64 {
		s := NewSim(rt, []Kind{Memory, MemoryDelta, MemoryCAS})
		live(s)
		return s.hash
	})
	for seed := range 5 {
		if a, b := once.Example(seed), once.Example(seed); a != b {
			t.Errorf("seed %d came to %x, then to %x", seed, a, b)
		}
	}
}

// overFaces are the kinds of shops that lives draw from which go through real connectors, at their vendors' published limits.
var overFaces = []Kind{OverHTTP, OverEtsy, OverBigCommerce, OverAmazon, OverShopify, OverEBay, MemoryCAS}

func TestSimOverFaces(t *testing.T) {
	configure(t, max(1, wanted(t)/faceShare))
	rapid.Check(t, func(rt *rapid.T) {
		kinds := make([]Kind, 3)
		for i := range kinds {
			kinds[i] = rapid.SampledFrom(overFaces).Draw(rt, "kind")
		}
		live(NewSim(rt, kinds))
	})
}

// live is one run: some days of everything at once, and then rest.
func live(s *Sim) {
	s.begin()
	actions := map[string]func(*rapid.T){"": func(*rapid.T) { s.check() }}
	for name, a := range s.actions() {
		for n := range a.weight {
			actions[name+strconv.Itoa(n)] = func(*rapid.T) { s.step(a.do) }
		}
	}
	s.t.Repeat(actions)
	s.rest()
	if s.idle(time.Hour); s.draw(0, 24, "idle day") == 0 {
		s.idle(24 * time.Hour)
	}
}
