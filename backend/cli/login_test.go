package cli_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
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
	desktop := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"xdg-open", "open"} {
		script := fmt.Sprintf("#!/bin/sh\n%s=1 exec '%s' \"$1\"\n", asBrowser, self)
		if err := os.WriteFile(filepath.Join(desktop, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	o.env = append(o.env, "PATH="+desktop+":"+os.Getenv("PATH"), "DISPLAY=:99")
	got := o.connectsTo(vendors[0], server.URL, refusal{secret: "REFRESHTOKEN"})
	if got.code != 0 || !strings.Contains(got.errs, server.URL+"/oauth/connect") {
		t.Fatalf("store add: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	o.gets(0, "store", "check", "Makers")
	o.gets(0, "store", "check", "Makers") // with the login that the first check has replaced
}
