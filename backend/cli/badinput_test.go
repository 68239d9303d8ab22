package cli_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"evenstock/backend/practice"
	"evenstock/backend/practice/woocommerce"
)

// Whatever is wrong with an address or a key, it is said in a sentence and nothing is kept.
func TestStoresThatCannotBeConnected(t *testing.T) {
	o := newOutsider(t)
	serve := func(h http.Handler) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.URL
	}
	good := newShop(t)
	readOnly := newShop(t, woocommerce.Key{Key: "ck_r", Secret: "cs_r", Permission: woocommerce.ReadOnly})
	late := newShopAt(t, func() time.Time { return time.Now().Add(-20 * time.Minute) })
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	huge := strings.Repeat(`{"name":"`+strings.Repeat("x", 1000)+`"},`, 10_000)
	tests := []struct {
		name, address, key, secret string
		exit                       int
		code                       string
	}{
		{"nobody answers", closed.URL, "ck", "cs", 1, "unreachable"},
		{"no such name", "https://shop.invalid", "ck", "cs", 1, "unreachable"},
		{"not an address", "::not an address::", "ck", "cs", 1, "invalid"},
		{"another site", serve(answering(200, "text/html", "<!DOCTYPE html><title>Bakery</title>")), "ck", "cs", 1, "wrong_shop"},
		{"permalinks off", serve(answering(404, "text/html", "<!DOCTYPE html><title>Not found</title>")), "ck", "cs", 1, "wrong_shop"},
		{"JSON of something else", serve(answering(200, "application/json", `{"hello":"world"}`)), "ck", "cs", 1, "wrong_shop"},
		{"unknown key", good.server.URL, "ck_wrong", "cs_wrong", 6, "auth"},
		{"wrong secret", good.server.URL, good.key, "cs_wrong", 6, "auth"},
		{"key that may only read", readOnly.server.URL, readOnly.key, readOnly.secret, 6, "read_only_key"},
		{"clock 20 minutes off", late.server.URL, late.key, late.secret, 1, "clock_skew"},
		{"answers 500", serve(answering(500, "text/html", "boom")), "ck", "cs", 1, ""},
		{"answers 429", serve(answering(429, "application/json", "{}")), "ck", "cs", 1, "throttled"},
		{"half a body", serve(http.HandlerFunc(half)), "ck", "cs", 1, ""},
		{"10 MB", serve(answering(200, "application/json", "["+huge+"{}]")), "ck", "cs", 1, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := o.connects("Fernhill", tt.address, tt.key, tt.secret, "--allow-http")
			code, message := failed(t, got.out)
			if got.code != tt.exit || tt.code != "" && code != tt.code {
				t.Errorf("exit code %d, error %s, want %d, %s", got.code, code, tt.exit, tt.code)
			}
			if !isSentence(message) || !strings.Contains(got.errs, message) {
				t.Errorf("the sentence is %q, standard error %q", message, got.errs)
			}
			t.Log(message)
		})
	}
	t.Run("an address that is not encrypted", func(t *testing.T) {
		got := o.connects("Fernhill", good.server.URL, good.key, good.secret)
		if code, message := failed(t, got.out); got.code != 1 || code != "http_refused" || !isSentence(message) {
			t.Errorf("exit code %d, error %s: %s", got.code, code, message)
		}
	})
	if stores := o.gets(0, "store", "list").at("stores"); len(stores.([]any)) != 0 {
		t.Errorf("stores were kept: %v", stores)
	}
}

func half(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "1000")
	w.Write([]byte(`{"environment":{"home_url"`))
}

// isSentence reports whether a text is fit for a seller: it begins like a sentence, ends like one, and names no code.
func isSentence(s string) bool {
	return len(s) > 10 && strings.ToUpper(s[:1]) == s[:1] && strings.ContainsAny(s[len(s)-1:], ".?") &&
		!strings.Contains(s, "failed to") && !strings.Contains(s, "Please") && !strings.Contains(s, "%!")
}

// Odd SKUs and titles are goods like any other, and are printed so that they do no harm.
func TestOddGoods(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	long := strings.Repeat("L", 300)
	for sku, title := range map[string]string{"two words": "Blanks", "🍎-1": "Apple", long: "Long", "<b>-1": "<script>alert(1)</script>\x1b[31m"} {
		s.offers(title, sku, 5)
	}
	o.connected("Fernhill", s)
	for _, sku := range []string{"two words", "🍎-1", long, "<b>-1"} {
		if got := o.gets(0, "stock", "set", sku, "7").at("stock", "inStock"); got != 7.0 {
			t.Errorf("%q: in stock %v", sku, got)
		}
		if got := o.gets(0, "stock", "show", sku).at("sku"); got != sku {
			t.Errorf("%q came back as %q", sku, got)
		}
	}
	if got := o.types("stock", "list"); strings.Contains(got.out, "\x1b") || !strings.Contains(got.out, "<script>") {
		t.Errorf("printed: %q", got.out)
	}
}

// A quantity that is none changes nothing.
func TestQuantitiesThatAreNone(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	s.offers("Mug", "MUG", 5)
	o.connected("Fernhill", s)
	o.gets(0, "stock", "set", "MUG", "5")
	before := o.gets(0, "verify").at("movements")
	for _, q := range []string{"-1", "2.7", "1e12", "1000000000000", "abc", "", "99999999999999999999"} {
		got := o.types("--json", "stock", "set", "MUG", q)
		code, message := failed(t, got.out)
		if got.code != 1 && got.code != 2 || code != "invalid" || !isSentence(message) {
			t.Errorf("%q: exit code %d, %s: %s", q, got.code, code, message)
		}
	}
	if got := o.types("--json", "stock", "add", "MUG", "1000000000000"); got.code != 1 && got.code != 2 {
		t.Errorf("adding 10¹²: exit code %d", got.code)
	}
	if after := o.gets(0, "verify").at("movements"); after != before {
		t.Errorf("%v movements became %v", before, after)
	}
	if got := o.gets(0, "stock", "show", "MUG").at("inStock"); got != 5.0 {
		t.Errorf("in stock %v", got)
	}
}

// What is typed wrongly is said and not passed over, with one document where one is asked for.
func TestPassedOver(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	s.offers("Mug", "MUG", 5)
	o.connected("Fernhill", s)
	for command, want := range map[string]int{
		"":                                            2,
		"stock set MUG +5":                            2,
		"stock set MUG 5 --wait 1s --no-wait":         2,
		"store set Fernhill --every 0s":               1,
		"store set Fernhill --name=":                  1,
		"run --every 0s":                              2,
		"drift Fernhill --fix --sku MUUG":             1,
		"held approve Fernhill --sku MUUG":            1,
		"held drop Fernhill --sku MUUG":               1,
		"listings track Fernhill --sku MUUG --yes":    1,
		"listings track Fernhill --sku MUG --sku NIL": 1,
	} {
		got := o.types(append([]string{"--json"}, strings.Fields(command)...)...)
		if code, message := failed(t, got.out); got.code != want || code != "invalid" && code != "not_found" || !isSentence(message) {
			t.Errorf("%q: exit code %d, %s: %s", command, got.code, code, message)
		}
	}
	for _, command := range []string{"help", "stock set --help", "--help"} {
		if got := o.gets(0, strings.Fields(command)...).at("help"); !strings.Contains(got.(string), "stock set SKU N") {
			t.Errorf("%q: %v", command, got)
		}
	}
}

// New keys are asked for and nothing else: where the shop is stays known.
func TestNewKeys(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	s.offers("Mug", "MUG", 5)
	o.connected("Fernhill", s)
	o.env = append(o.env, "EVENSTOCK_SECRET_KEY="+s.key, "EVENSTOCK_SECRET_SECRET="+s.secret)
	o.gets(0, "store", "set", "Fernhill", "--keys")
	o.gets(0, "store", "check", "Fernhill")
	o.env = append(o.env, "EVENSTOCK_SECRET_SECRET=cs_wrong")
	if code := o.gets(6, "store", "set", "Fernhill", "--keys").at("error", "code"); code != "auth" {
		t.Errorf("keys that do not work: %v", code)
	}
	o.gets(0, "store", "check", "Fernhill")
}

func TestFoldersThatCannotBeUsed(t *testing.T) {
	o := newOutsider(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{file, filepath.Join(file, "below"), "/proc/evenstock"} {
		o.data = folder
		got := o.types("--json", "stock", "list")
		if code, message := failed(t, got.out); got.code != 1 || code != "invalid" || !isSentence(message) {
			t.Errorf("%s: exit code %d, %s: %s", folder, got.code, code, message)
		}
	}
}

func TestBooksThatAreBroken(t *testing.T) {
	o := newOutsider(t)
	o.gets(0, "verify")
	var broken int
	err := filepath.WalkDir(o.data, func(path string, d os.DirEntry, err error) error {
		if err == nil && strings.Contains(path, "MANIFEST") {
			broken++
			return os.WriteFile(path, []byte("this is not a manifest"), 0o600)
		}
		return err
	})
	if err != nil || broken == 0 {
		t.Fatal(broken, err)
	}
	got := o.types("--json", "stock", "list")
	if code, message := failed(t, got.out); got.code != 1 || code != "invalid" || !isSentence(message) {
		t.Errorf("exit code %d, %s: %s", got.code, code, message)
	}
}

func TestAWrongPassphrase(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	s.offers("Mug", "MUG", 5)
	o.connected("Fernhill", s)
	calls := s.world.Calls(practice.AnyCall)
	o.env = append(o.env, "EVENSTOCK_PASSPHRASE=another one")
	got := o.types("--json", "listings", "sync", "Fernhill")
	if _, message := failed(t, got.out); got.code == 0 || !isSentence(message) || !strings.Contains(message, "passphrase") {
		t.Errorf("exit code %d: %s", got.code, message)
	}
	if n := s.world.Calls(practice.AnyCall); n != calls {
		t.Errorf("the shop was called %d times", n-calls)
	}
	o.env = append(o.env, "EVENSTOCK_PASSPHRASE="+passphrase)
	o.gets(0, "listings", "sync", "Fernhill")
}

// TestNoCommand: with --json there is one document, also where nothing was asked for.
func TestNoCommand(t *testing.T) {
	if got := newOutsider(t).gets(2).at("error", "code"); got != "invalid" {
		t.Errorf("error code %v, want invalid", got)
	}
}

// TestAddingNothing: a product that was never counted does not become 0 by adding nothing, so its shops keep their numbers (Q5).
func TestAddingNothing(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	s.offers("Mug", "MUG", 20)
	o.connected("A", s)
	o.gets(2, "stock", "add", "MUG", "0")
	if got := o.gets(0, "stock", "show", "MUG").at("inStock"); got != nil {
		t.Errorf("in stock %v, want unset", got)
	}
}
