package cli_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"evenstock/backend/practice"
)

// connectedTo is a store of one of the vendors with a mug of 7, connected under the vendor's name.
func (o *outsider) connectedTo(channel string, change func(*vendor)) (w *practice.World, mug int64) {
	o.t.Helper()
	v := vendors[slices.IndexFunc(vendors, func(v vendor) bool { return v.channel == channel })]
	if change != nil {
		change(&v)
	}
	w = practice.New(practice.Options{Name: "Fernhill " + v.name, Now: time.Now, Rules: v.rules, Locations: v.places})
	server := httptest.NewServer(v.face(w))
	o.t.Cleanup(server.Close)
	w.Do(func(st *practice.State) {
		n := int64(7)
		mug = st.Add(practice.Item{Name: "Mug", SKU: "MUG", Price: "12.50", Counted: true, Quantity: &n}).ID
	})
	if got := o.connectsTo(v, server.URL, refusal{}); got.code != 0 {
		o.t.Fatalf("store add: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	return w, mug
}

// TestWhatIsKnownOfAStoreThatIsNotOpen: every command is a program of its own, which opens no store to show one.
func TestWhatIsKnownOfAStoreThatIsNotOpen(t *testing.T) {
	o := newOutsider(t)
	w, mug := o.connectedTo("etsy", nil)
	if got := o.gets(0, "store", "list").at("stores", 0, "listingEvery"); got != float64((12 * time.Hour).Milliseconds()) {
		t.Errorf("listings are asked for every %v ms, want 12 hours", got)
	}
	if got := o.gets(1, "store", "set", "Makers", "--map-status", "paid=ignored").at("error", "message"); !strings.Contains(got.(string), "statuses of Etsy") {
		t.Errorf("a status of a channel that has none of its own: %v", got)
	}
	o.on("Makers", "--copy")
	o.gets(0, "stock", "set", "MUG", "1500")
	if got := w.Quantity(mug); got != 999 {
		t.Errorf("Etsy shows %d, want the 999 it takes", got)
	}
	if got := o.gets(0, "stock", "show", "MUG").at("online", 0, "target"); got != float64(999) {
		t.Errorf("the target is shown as %v, want 999", got)
	}
	if got := o.gets(0, "drift", "Makers").at("rows").([]any); len(got) != 0 {
		t.Errorf("the limit is taken for drift: %v", got)
	}
}

// TestSyncThatIsRefused: a shop that refuses a listing is work done in part (cli.md, exit codes).
func TestSyncThatIsRefused(t *testing.T) {
	o := newOutsider(t)
	w, mug := o.connectedTo("etsy", func(v *vendor) { v.fields = v.fields[:1] }) // nothing is set inactive
	o.on("Makers", "--copy")
	if got := o.gets(4, "stock", "set", "MUG", "0").at("pushes", 0, "outcome"); got != "refused" || w.Quantity(mug) != 7 {
		t.Errorf("the change is %v, the shop shows %d", got, w.Quantity(mug))
	}
	run := o.gets(4, "sync", "Makers") // tried once more, or waiting for its next try
	if got := run.at("runs", 0, "refused").(float64) + run.at("runs", 0, "pending").(float64); got != 1 || run.at("runs", 0, "outcome") != "partly" {
		t.Errorf("%v listings are refused or wait: %v", got, run.at("runs", 0))
	}
}
