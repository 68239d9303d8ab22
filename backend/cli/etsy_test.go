package cli_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"evenstock/backend/practice"
	"evenstock/backend/practice/etsy"
)

// etsyShop is a practice store on Etsy that answers.
func etsyShop(t *testing.T) (*practice.World, *httptest.Server) {
	t.Helper()
	w := practice.New(practice.Options{Name: "FernhillMakers", Now: time.Now, Rules: etsy.Rules()})
	f := etsy.New(w, etsy.Options{Keystring: "keystring0outsider", Secret: "shared0outsider", Refresh: "77054321.outsider"})
	s := httptest.NewServer(f.Handler())
	t.Cleanup(s.Close)
	return w, s
}

// connectsEtsy gives the shop's keys to a `store add`, and more arguments.
func (o *outsider) connectsEtsy(address, refresh string, more ...string) said {
	o.t.Helper()
	with := *o
	with.env = append(with.env[:len(with.env):len(with.env)], "EVENSTOCK_SECRET_SHAREDSECRET=shared0outsider", "EVENSTOCK_SECRET_REFRESHTOKEN="+refresh)
	args := []string{"--json", "store", "add", "etsy", "--name", "Makers", "--endpoint", address, "--secrets", "file",
		"--field", "keystring=keystring0outsider"}
	return with.types(append(args, more...)...)
}

// TestEtsyStore connects a store on Etsy, takes its numbers over, changes one and sees it there: each command is a program
// of its own, so the login that Etsy replaces each time has to be kept.
func TestEtsyStore(t *testing.T) {
	o := newOutsider(t)
	w, server := etsyShop(t)
	var mug int64
	w.Do(func(st *practice.State) {
		n := int64(7)
		mug = st.Add(practice.Item{Name: "Mug", SKU: "MUG", Price: "12.50", Counted: true, Quantity: &n}).ID
	})
	if got := o.connectsEtsy(server.URL, "77054321.wrong"); got.code == 0 || !strings.Contains(got.out, "Connect the store again") {
		t.Errorf("a login that Etsy does not know: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	if got := o.connectsEtsy(server.URL, "77054321.outsider", "--field", "atZero=inactive"); got.code != 0 {
		t.Fatalf("store add: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	o.on("Makers", "--copy")
	o.wants("after the copy", "MUG", "7/0/7")
	o.gets(0, "stock", "set", "MUG", "12")
	o.gets(0, "sync")
	if got := w.Quantity(mug); got != 12 {
		t.Errorf("Etsy shows %d, want 12", got)
	}
	w.Sell(sold(mug, 2))
	o.gets(0, "sync")
	o.wants("after a sale on Etsy", "MUG", "12/2/10")
	w.Do(func(st *practice.State) {
		if price := st.Item(mug).Price; price != "12.50" {
			t.Errorf("the price became %s", price)
		}
	})
}
