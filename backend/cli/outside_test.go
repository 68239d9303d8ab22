package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"evenstock/backend/practice"
	"evenstock/backend/practice/woocommerce"
)

// The tests in package cli_test type commands at the real program, built once, and know only what it prints and what
// the shops get.

// program builds the headless program and returns its path.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "evenstock-test-")
	if err != nil {
		return "", err
	}
	builtIn = dir
	bin := filepath.Join(dir, "evenstock")
	build := exec.Command("go", "build", "-trimpath", "-tags", "headless", "-o", bin, "evenstock")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return bin, nil
})

var builtIn string

func TestMain(m *testing.M) {
	if os.Getenv(asBrowser) != "" {
		os.Exit(browse(os.Args[len(os.Args)-1]))
	}
	code := m.Run()
	if builtIn != "" {
		os.RemoveAll(builtIn)
	}
	os.Exit(code)
}

// outsider is a person at a terminal with a folder of books.
type outsider struct {
	t    *testing.T
	bin  string
	home string
	data string
	env  []string
}

const passphrase = "a passphrase for tests"

// newOutsider has the test run beside others: most of its time is spent waiting.
func newOutsider(t *testing.T) *outsider {
	t.Helper()
	t.Parallel()
	bin, err := program()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	return &outsider{t: t, bin: bin, home: home, data: filepath.Join(home, "books"), env: []string{
		"HOME=" + home, "PATH=" + os.Getenv("PATH"), "EVENSTOCK_PASSPHRASE=" + passphrase}}
}

// said is what became of a command.
type said struct {
	code      int
	out, errs string
}

// command is a command that was not started yet.
func (o *outsider) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, o.bin, append([]string{"--data", o.data}, args...)...)
	cmd.Env = o.env
	cmd.Dir = o.home
	return cmd
}

// types runs a command to its end.
func (o *outsider) types(args ...string) said {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), 2*time.Minute)
	defer cancel()
	cmd := o.command(ctx, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		o.t.Fatalf("%q: %v", args, err)
	}
	return said{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// gets runs a command with --json that is to end with code, and returns its document.
func (o *outsider) gets(code int, args ...string) document {
	o.t.Helper()
	got := o.types(append([]string{"--json"}, args...)...)
	if got.code != code {
		o.t.Fatalf("%q: exit code %d, want %d\n%s%s", args, got.code, code, got.out, got.errs)
	}
	dec := json.NewDecoder(strings.NewReader(got.out))
	var doc document
	if err := dec.Decode(&doc); err != nil || dec.More() {
		o.t.Fatalf("%q printed not exactly one document: %v\n%s", args, err, got.out)
	}
	return doc
}

// document is what --json prints.
type document map[string]any

// at follows keys and indexes into the document.
func (d document) at(path ...any) any {
	var v any = map[string]any(d)
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

// shop is a practice store that answers.
type shop struct {
	world       *practice.World
	server      *httptest.Server
	key, secret string
}

func newShop(t *testing.T, keys ...woocommerce.Key) *shop {
	t.Helper()
	return newShopAt(t, time.Now, keys...)
}

func newShopAt(t *testing.T, now func() time.Time, keys ...woocommerce.Key) *shop {
	t.Helper()
	if keys == nil {
		keys = []woocommerce.Key{{Key: "ck_outsider", Secret: "cs_outsider", Permission: woocommerce.ReadWrite}}
	}
	w := practice.New(practice.Options{Name: "Fernhill", Now: now, Rules: woocommerce.Rules("")})
	s := &shop{world: w, server: httptest.NewUnstartedServer(nil), key: keys[0].Key, secret: keys[0].Secret}
	home := "http://" + s.server.Listener.Addr().String()
	s.server.Config.Handler = woocommerce.New(w, woocommerce.Options{Keys: keys, Home: home}).Handler()
	s.server.Start()
	t.Cleanup(s.server.Close)
	return s
}

// offers puts goods into the shop.
func (s *shop) offers(name, sku string, quantity int64) (id int64) {
	s.world.Do(func(st *practice.State) {
		id = st.Add(practice.Item{Name: name, SKU: sku, Price: "10.00", Counted: true, Quantity: &quantity}).ID
	})
	return id
}

// connects gives the shop's keys to a `store add`, and more arguments.
func (o *outsider) connects(name, address, key, secret string, more ...string) said {
	o.t.Helper()
	with := *o
	with.env = append(with.env[:len(with.env):len(with.env)], "EVENSTOCK_SECRET_KEY="+key, "EVENSTOCK_SECRET_SECRET="+secret)
	args := []string{"--json", "store", "add", "woocommerce", "--name", name, "--url", address, "--secrets", "file"}
	return with.types(append(args, more...)...)
}

// connected connects a shop that is to be connected.
func (o *outsider) connected(name string, s *shop) {
	o.t.Helper()
	if got := o.connects(name, s.server.URL, s.key, s.secret, "--allow-http"); got.code != 0 {
		o.t.Fatalf("store add: exit code %d\n%s%s", got.code, got.out, got.errs)
	}
}

// failed is the error in a document.
func failed(t *testing.T, out string) (code, message string) {
	t.Helper()
	var doc struct {
		Error struct{ Code, Message string }
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatalf("not one document: %v\n%s", err, out)
	}
	return doc.Error.Code, doc.Error.Message
}

func answering(status int, kind, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		w.Write([]byte(body))
	})
}
