// Package backend_test holds what is true of all packages together: the floor plan and the house rules.
package backend_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// floors is the floor plan: which packages of ours a package may import. A package that is missing here has no place yet.
// If a test of this file fails, the code is on the wrong floor, or the plan has changed and this table says so in the same
// commit. Tests may import what they like.
var floors = map[string]string{
	"domain": "",

	"db":        "domain",
	"db/dbtest": "db",
	"ledger":    "channel db domain",
	"view":      "db domain",

	"channel":             "",
	"channel/httpx":       "channel",
	"channel/login":       "channel",
	"channel/woocommerce": "channel channel/httpx",
	"channel/amazon":      "channel channel/httpx",
	"channel/ebay":        "channel channel/httpx",
	"channel/etsy":        "channel channel/httpx",
	"channel/bigcommerce": "channel channel/httpx",
	"channel/shopify":     "channel channel/httpx",
	"channel/all":         "channel channel/amazon channel/bigcommerce channel/ebay channel/etsy channel/shopify channel/woocommerce",
	"channel/channeltest": "channel",
	"channel/spectest":    "",
	"channel/memory":      "channel channel/channeltest",

	"practice":              "",
	"practice/woocommerce":  "practice",
	"practice/amazon":       "practice",
	"practice/ebay":         "practice",
	"practice/etsy":         "practice",
	"practice/bigcommerce":  "practice",
	"practice/shopify":      "practice",
	"practice/server":       "practice practice/amazon practice/bigcommerce practice/ebay practice/etsy practice/shopify practice/woocommerce",
	"practice/practicetest": "channel channel/channeltest practice practice/amazon practice/bigcommerce practice/ebay practice/etsy practice/shopify practice/woocommerce",

	"engine": "channel db domain ledger view",
	"hook":   "channel",
	"bridge": "channel channel/login db desktop engine hook practice view words",
	"cli":    "channel channel/login db desktop engine hook practice practice/server view",

	"schedule": "",
	"desktop":  "words",
	"words":    "",

	"sim":        "channel channel/amazon channel/bigcommerce channel/channeltest channel/ebay channel/etsy channel/memory channel/shopify channel/woocommerce db db/dbtest domain engine ledger practice practice/practicetest practice/woocommerce view",
	"sim/mutate": "",

	"bench/fill": "db domain",
	"bench":      "channel channel/memory channel/woocommerce db db/dbtest domain engine ledger practice practice/server practice/woocommerce view",
}

// outside names the packages that alone may import something from elsewhere, by the start of its path: each of these has
// one owner, so that it can be replaced in one place.
var outside = map[string]string{
	"github.com/dgraph-io/badger":   "db",
	"github.com/fxamacker/cbor":     "db",
	"github.com/getkin/kin-openapi": "channel/spectest",
	"github.com/go-co-op/gocron":    "schedule",
	"github.com/wailsapp/wails":     "bridge desktop",
	"github.com/zalando/go-keyring": "desktop",
	"net/http/httptest":             "channel/channeltest practice/practicetest",
	"testing":                       "bench channel/channeltest channel/spectest db/dbtest practice/practicetest sim",
	"pgregory.net/rapid":            "sim",
	"math/rand":                     "",
	"unsafe":                        "",
}

const module = "evenstock/backend/"

type listed struct {
	ImportPath   string
	Imports      []string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
}

// packages lists our packages as built with a window and without.
func packages(t *testing.T) []listed {
	t.Helper()
	var all []listed
	for _, tags := range []string{"desktop", "headless"} {
		out, err := exec.Command("go", "list", "-tags", tags, "-json=ImportPath,Imports,GoFiles,TestGoFiles,XTestGoFiles", "./...").Output()
		if err != nil {
			t.Fatalf("list packages: %v", err)
		}
		for d := json.NewDecoder(strings.NewReader(string(out))); ; {
			var p listed
			if err := d.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("list packages: %v", err)
			}
			all = append(all, p)
		}
	}
	return all
}

func TestFloorPlan(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		seen[name] = true
		if len(p.GoFiles) == 0 {
			continue
		}
		allowed, ok := floors[name]
		if !ok {
			t.Errorf("backend/%s has no place in the floor plan", name)
			continue
		}
		for _, imported := range p.Imports {
			ours, is := strings.CutPrefix(imported, module)
			if is && !slices.Contains(strings.Fields(allowed), ours) {
				t.Errorf("backend/%s imports %s, which is not below it", name, ours)
			}
			if imported == "evenstock" {
				t.Errorf("backend/%s imports the program itself", name)
			}
		}
	}
	for name := range floors {
		if !seen[name] {
			t.Errorf("the floor plan has a place for backend/%s, which is not there", name)
		}
	}
}

func TestOneOwnerOfEachDependency(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, imported := range p.Imports {
			for prefix, owners := range outside {
				if (imported == prefix || strings.HasPrefix(imported, prefix+"/")) && !owned(imported, prefix) &&
					!slices.Contains(strings.Fields(owners), name) {
					t.Errorf("backend/%s imports %s, which belongs to: %s", name, imported, owners)
				}
			}
		}
	}
}

// owned reports whether a longer entry of the table speaks for the import, such as math/rand/v2 beside math/rand.
func owned(imported, prefix string) bool { return prefix == "math/rand" && imported == "math/rand/v2" }

// TestNoVaguePackages keeps names out that say nothing: what is put there is found by nobody.
func TestNoVaguePackages(t *testing.T) {
	for _, p := range packages(t) {
		last := p.ImportPath[strings.LastIndex(p.ImportPath, "/")+1:]
		if slices.Contains([]string{"common", "helper", "helpers", "models", "types", "util", "utils", "misc"}, last) {
			t.Errorf("%s: name the package after what it holds", p.ImportPath)
		}
	}
}
