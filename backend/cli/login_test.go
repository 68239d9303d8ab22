package cli_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"evenstock/backend/practice"
	"evenstock/backend/practice/etsy"
)

// asBrowser makes this test a browser: it follows the page that it is given to its end.
const asBrowser = "EVENSTOCK_TEST_AS_BROWSER"

func browse(page string) int {
	res, err := http.Get(page)
	if err != nil {
		return 1
	}
	defer res.Body.Close()
	return res.StatusCode / 100
}

// hasBrowser gives the outsider a desktop whose browser is this test.
func (o *outsider) hasBrowser() {
	o.t.Helper()
	desktop := o.t.TempDir()
	self, err := os.Executable()
	if err != nil {
		o.t.Fatal(err)
	}
	for _, name := range []string{"xdg-open", "open"} {
		script := fmt.Sprintf("#!/bin/sh\n%s=1 exec '%s' \"$1\"\n", asBrowser, self)
		if err := os.WriteFile(filepath.Join(desktop, name), []byte(script), 0o700); err != nil {
			o.t.Fatal(err)
		}
	}
	o.env = append(o.env, "PATH="+desktop+":"+os.Getenv("PATH"), "DISPLAY=:99")
}

// TestEtsyLogin connects a store on Etsy through the browser: no token is entered, and the one that came back is kept.
func TestEtsyLogin(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a script cannot stand in for the browser there")
	}
	o := newOutsider(t)
	w := practice.New(practice.Options{Name: "FernhillMakers", Now: time.Now, Rules: etsy.Rules()})
	f := etsy.New(w, etsy.Options{Keystring: "keystring0outsider", Secret: "shared0outsider", Redirect: "http://localhost:53682/etsy"})
	server := httptest.NewServer(f.Handler())
	t.Cleanup(server.Close)
	o.hasBrowser()
	got := o.connectsTo(vendors[0], server.URL, refusal{secret: "REFRESHTOKEN"})
	for range 10 { // the port is one that any connection of this computer may have at this moment
		if !strings.Contains(got.errs, "Another program uses port") {
			break
		}
		time.Sleep(time.Second)
		got = o.connectsTo(vendors[0], server.URL, refusal{secret: "REFRESHTOKEN"})
	}
	if got.code != 0 || !strings.Contains(got.errs, server.URL+"/oauth/connect") {
		t.Fatalf("store add: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	o.gets(0, "store", "check", "Makers")
	o.gets(0, "store", "check", "Makers") // with the login that the first check has replaced
}

// TestEBayLogin connects an account on eBay through the browser, by a page that leads on to this computer: the code arrives as
// eBay gave it.
func TestEBayLogin(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a script cannot stand in for the browser there")
	}
	o := newOutsider(t)
	v := vendors[slices.IndexFunc(vendors, func(v vendor) bool { return v.channel == "ebay" })]
	server := httptest.NewServer(v.face(practice.New(practice.Options{Name: "Fernhill Market", Now: time.Now, Rules: v.rules})))
	t.Cleanup(server.Close)
	o.hasBrowser()
	got := o.connectsTo(v, server.URL, refusal{secret: "REFRESHTOKEN"})
	if got.code != 0 || !strings.Contains(got.errs, server.URL+"/oauth2/authorize") {
		t.Fatalf("store add: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	o.gets(0, "store", "check", "Market")
}
