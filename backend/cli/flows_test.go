package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"evenstock/backend/practice"
)

// on turns a connected store on.
func (o *outsider) on(name string, more ...string) {
	o.t.Helper()
	o.gets(0, append([]string{"store", "on", name, "--yes"}, more...)...)
}

// numbers are In stock/Booked/Available of a product; unset is <nil>.
func (o *outsider) numbers(sku string) string {
	o.t.Helper()
	d := o.gets(0, "stock", "show", sku)
	return fmt.Sprintf("%v/%v/%v", d.at("inStock"), d.at("booked"), d.at("available"))
}

func (o *outsider) wants(when, sku, numbers string) {
	o.t.Helper()
	if got := o.numbers(sku); got != numbers {
		o.t.Errorf("%s: %s, want %s", when, got, numbers)
	}
}

func (s *shop) wants(t *testing.T, when string, item, quantity int64) {
	t.Helper()
	if got := s.world.Quantity(item); got != quantity {
		t.Errorf("%s: the shop shows %d, want %d", when, got, quantity)
	}
}

func sold(item, n int64) practice.Units { return practice.Units{Item: item, Quantity: n} }

func TestTurningOnIsRehearsedFirst(t *testing.T) {
	o, a, b := newOutsider(t), newShop(t), newShop(t)
	a.offers("Mug", "MUG", 5)
	a.offers("Cup", "CUP", 5)
	a.offers("Jug", "JUG", 0)
	mug, cup, jug := b.offers("Mug", "MUG", 8), b.offers("Cup", "CUP", 7), b.offers("Jug", "JUG", 4)
	o.connected("A", a)
	o.connected("B", b)
	o.on("A", "--copy")

	for _, args := range [][]string{{"store", "on", "B"}, {"store", "on", "B", "--copy", "--no-copy"}} {
		if got := o.types(args...); got.code != 2 {
			t.Errorf("%q: exit code %d", args, got.code)
		}
	}
	rehearsal := o.gets(3, "store", "on", "B", "--no-copy")
	if got := fmt.Sprint(rehearsal.at("totals", "rows"), rehearsal.at("totals", "changes"), rehearsal.at("totals", "zero")); got != "3 3 1" {
		t.Errorf("rows, changes, to zero: %s", got)
	}
	if got := o.gets(0, "store", "list").at("stores", 1, "sync"); got != "off" {
		t.Errorf("sync is %v", got)
	}
	o.gets(0, "rehearse", "B", "--csv", "rows.csv")
	rows, err := os.ReadFile(filepath.Join(o.home, "rows.csv"))
	if err != nil || strings.Count(string(rows), ",yes") != 2 {
		t.Fatalf("%v\n%s", err, rows)
	}
	only := strings.Replace(string(rows), "MUG,Mug,8,5,-3", "MUG,Mug,8,5,-3", 1)
	only = strings.ReplaceAll(only, ",yes", ",no")
	only = strings.Replace(only, ",no", ",yes", 1) // the first row alone
	if err := os.WriteFile(filepath.Join(o.home, "rows.csv"), []byte(only), 0o600); err != nil {
		t.Fatal(err)
	}
	o.on("B", "--no-copy", "--push", "rows.csv")
	pushed := 0
	for item, before := range map[int64]int64{mug: 8, cup: 7, jug: 4} {
		if b.world.Quantity(item) != before {
			pushed++
		}
	}
	if pushed != 1 {
		t.Errorf("%d rows were sent, one was chosen", pushed)
	}
	if got := o.gets(0, "store", "on", "B", "--no-copy").at("runs"); len(got.([]any)) != 0 {
		t.Errorf("on already: %v", got)
	}
}

func TestOrderLinesWithoutAProduct(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	s.offers("Mug", "MUG", 20)
	nameless := s.offers("Mug in a box", "", 5)
	o.connected("A", s)
	o.on("A", "--copy")
	s.world.Sell(sold(nameless, 3))
	o.gets(0, "sync")
	unmatched := o.gets(0, "health")
	line, ref := unmatched.at("unmatchedLines", 0, "id"), unmatched.at("unmatchedLines", 0, "ref")
	if line == nil || ref == nil {
		t.Fatal("the line is not listed")
	}
	if got := o.gets(1, "orders", "link", fmt.Sprint(line), "--sku", "NOSUCH").at("error", "code"); got != "not_found" {
		t.Errorf("unknown SKU: %v", got)
	}
	o.gets(0, "orders", "link", fmt.Sprint(ref), "--sku", "MUG") // enough where it is the only one
	o.wants("linked", "MUG", "20/3/17")
}

func TestUnitsShippedWhileSyncWasOff(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	mug := s.offers("Mug", "MUG", 20)
	o.connected("A", s)
	o.on("A", "--copy")
	o.gets(0, "store", "off", "A")
	calls := s.world.Calls(practice.AnyCall)
	if code := o.gets(3, "sync", "A").at("error", "code"); code != "sync_off" {
		t.Errorf("sync while off: %v", code)
	}
	if n := s.world.Calls(practice.AnyCall); n != calls {
		t.Errorf("%d calls while sync was off", n-calls)
	}
	s.world.Ship(s.world.Sell(sold(mug, 4)))
	o.on("A", "--no-copy", "--push", "none")
	if got := o.types("orders", "settle", "A"); got.code != 2 {
		t.Errorf("without an answer: exit code %d", got.code)
	}
	o.gets(0, "orders", "settle", "A", "--take-out")
	o.wants("taken out", "MUG", "16/0/16")
}

func TestDriftIsMendedOnDemand(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	var items []int64
	for i := range 3 {
		items = append(items, s.offers(fmt.Sprint("Mug ", i), fmt.Sprint("MUG-", i), 10))
	}
	o.connected("A", s)
	o.on("A", "--copy")
	for _, item := range items {
		s.world.Count(item, 17) // somebody edits the shop
	}
	if rows := o.gets(0, "drift", "A").at("rows").([]any); len(rows) != 3 {
		t.Fatalf("%d rows differ", len(rows))
	}
	if got := o.types("drift", "A", "--fix"); got.code != 2 {
		t.Errorf("--fix without rows: exit code %d", got.code)
	}
	o.gets(0, "drift", "A", "--fix", "--sku", "MUG-0")
	s.wants(t, "one put right", items[0], 10)
	s.wants(t, "the others left", items[1], 17)
	o.gets(0, "drift", "A", "--fix", "--all")
	s.wants(t, "all put right", items[2], 10)
}

// What a cycle would change beyond the limit for causes nobody has confirmed is held, until a person decides.
func TestTheSafetyCatch(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	var items []int64
	for i := range 25 {
		items = append(items, s.offers(fmt.Sprint("Mug ", i), fmt.Sprint("MUG-", i), 10))
	}
	o.connected("A", s)
	o.on("A", "--copy")
	o.gets(0, "pause", "A")
	for i := range items {
		o.gets(4, "stock", "set", fmt.Sprint("MUG-", i), "0", "--no-wait")
	}
	o.gets(0, "resume", "A")
	if got := o.types("sync", "A"); got.code != 3 && got.code != 4 {
		t.Errorf("sync: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
	rows, _ := o.gets(0, "held", "list", "A").at("rows").([]any)
	if len(rows) != 25 {
		t.Fatalf("%d rows are held", len(rows))
	}
	s.wants(t, "held", items[24], 10)
	o.gets(0, "held", "drop", "A", "--sku", "MUG-1")
	o.gets(0, "held", "approve", "A")
	s.wants(t, "approved", items[24], 0)
	s.wants(t, "left as it is", items[1], 10)
}

func TestUndo(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	mug := s.offers("Mug", "MUG", 20)
	o.connected("A", s)
	o.on("A", "--copy")
	o.gets(0, "stock", "add", "MUG", "-5", "--reason", "damaged")
	s.wants(t, "five damaged", mug, 15)
	terms := o.gets(0, "stock", "explain", "MUG").at("terms").([]any)
	seq := document(terms[len(terms)-1].(map[string]any)).at("seq")
	o.gets(0, "undo", fmt.Sprint(seq))
	o.wants("undone", "MUG", "20/0/20")
	s.wants(t, "undone", mug, 20)
	if got := o.types("undo", fmt.Sprint(seq)); got.code == 0 {
		t.Error("undone twice")
	}
}

func TestRemovedAndConnectedAgain(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	mug := s.offers("Mug", "MUG", 20)
	o.connected("A", s)
	if got := o.connects("B", s.server.URL, s.key, s.secret, "--allow-http"); got.code != 1 || !strings.Contains(got.errs, "A") {
		t.Errorf("the same shop twice: %+v", got)
	}
	o.on("A", "--copy")
	s.world.Sell(sold(mug, 2))
	o.gets(0, "sync")
	o.gets(3, "store", "remove", "A", "--keep-booked")
	o.gets(0, "store", "remove", "A", "--keep-booked", "--yes")
	o.wants("removed, booked units kept", "MUG", "20/2/18")
	o.connected("A", s)
	if n := len(o.gets(0, "store", "list").at("stores").([]any)); n != 1 {
		t.Errorf("%d stores", n)
	}
}

func TestPauseHoldsWritesOnly(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	mug := s.offers("Mug", "MUG", 20)
	o.connected("A", s)
	o.on("A", "--copy")
	o.gets(0, "pause")
	o.gets(4, "stock", "set", "MUG", "12", "--wait", "1s")
	s.world.Sell(sold(mug, 2))
	got := o.types("sync", "A")
	if !strings.Contains(got.errs, "paused") {
		t.Errorf("sync says %q", got.errs)
	}
	o.wants("paused", "MUG", "12/2/10")
	s.wants(t, "paused", mug, 18)
	o.gets(0, "resume")
	o.gets(0, "sync", "A")
	s.wants(t, "resumed", mug, 10)
}

func TestTrackingNeedsConsent(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	s.offers("Mug", "MUG", 20)
	s.world.Do(func(st *practice.State) { st.Add(practice.Item{Name: "Bowl", SKU: "BOWL", Price: "10.00"}) })
	o.connected("A", s)
	o.on("A", "--copy")
	o.gets(0, "stock", "set", "BOWL", "6")
	if code := o.gets(3, "listings", "track", "A", "--sku", "BOWL").at("error", "code"); code == nil {
		t.Error("no error")
	}
	o.gets(0, "listings", "track", "A", "--sku", "BOWL", "--yes")
	var has *int64
	s.world.Do(func(st *practice.State) { has = st.BySKU("BOWL")[0].Quantity })
	if has == nil || *has != 6 {
		t.Errorf("the shop has %v", has)
	}
}

func TestSeveralWarehouses(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	mug := s.offers("Mug", "MUG", 8)
	o.connected("A", s)
	o.on("A", "--copy")
	if got := o.gets(0, "warehouse", "list").at("warehouses", 0, "code"); got != "MAIN" {
		t.Fatalf("the first warehouse is %v", got)
	}
	if got := o.gets(1, "warehouse", "add", "two words").at("error", "code"); got != "invalid" {
		t.Errorf("a code with a space: %v", got)
	}
	o.gets(0, "warehouse", "add", "DEPOT", "--name", "Depot at the station")
	if got := o.gets(1, "warehouse", "add", "depot").at("error", "code"); got != "invalid" {
		t.Errorf("the same code twice: %v", got)
	}
	o.gets(0, "stock", "set", "MUG", "5", "--warehouse", "depot")
	o.wants("counted in both", "MUG", "13/0/13")
	s.wants(t, "not linked", mug, 8)
	places := o.gets(0, "store", "locations", "A")
	if got := fmt.Sprint(places.at("located"), places.at("locations", 0, "warehouse"), places.at("locations", 1, "warehouse")); got != "falseMAIN" {
		t.Errorf("locations: %s", got)
	}
	o.gets(0, "store", "set", "A", "--location", "DEPOT=DEPOT")
	o.gets(0, "sync", "A")
	s.wants(t, "linked", mug, 13)
	s.world.Sell(sold(mug, 2))
	o.gets(0, "warehouse", "set", "DEPOT", "--priority", "1", "--name", "Depot")
	o.gets(0, "sync", "A")
	shown := o.gets(0, "stock", "show", "MUG")
	for i, want := range []string{"DEPOT 5 2 3", "MAIN 8 0 8"} {
		at := func(key string) any { return shown.at("warehouses", i, key) }
		if got := fmt.Sprint(at("code"), " ", at("inStock"), " ", at("booked"), " ", at("available")); got != want {
			t.Errorf("warehouse %d: %s, want %s", i, got, want)
		}
	}
	if got := o.types("stock", "explain", "MUG").out; !strings.Contains(got, "DEPOT, A, order") {
		t.Errorf("the explanation does not name the warehouse:\n%s", got)
	}
	for _, args := range [][]string{{"warehouse", "remove", "DEPOT"}, {"warehouse", "remove", "MAIN"}, {"store", "set", "A", "--location", "MAIN=DEPOT"}} {
		if got := o.gets(1, args...).at("error", "code"); got != "invalid" {
			t.Errorf("%q: %v", args, got)
		}
	}
	o.gets(0, "verify")
	o.gets(0, "warehouse", "add", "SPARE")
	if got := o.gets(0, "warehouse", "remove", "SPARE").at("warehouses"); len(got.([]any)) != 2 {
		t.Errorf("after removing an empty one: %v", got)
	}
}

func TestUndoRun(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	mug := s.offers("Mug", "MUG", 20)
	o.connected("A", s)
	o.on("A", "--copy")
	o.gets(0, "stock", "set", "MUG", "7")
	s.wants(t, "sent", mug, 7)
	runs := o.gets(0, "activity").at("runs").([]any)
	run := document(runs[0].(map[string]any)).at("id")
	for _, wrong := range [][]string{{"undo"}, {"undo", "1", "--run", "1"}} {
		if got := o.types(wrong...); got.code == 0 {
			t.Errorf("%v was taken", wrong)
		}
	}
	o.gets(0, "undo", "--run", fmt.Sprint(run))
	s.wants(t, "taken back", mug, 20)
	o.wants("the books keep their own", "MUG", "7/0/7")
	o.gets(0, "resume", "A")
	o.gets(0, "sync", "A")
	s.wants(t, "sent again", mug, 7)
}
