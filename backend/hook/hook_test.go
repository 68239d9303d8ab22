package hook

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// bench is a receiver whose store 7 takes a call that is signed "right"; its other headers say what the call is about.
type bench struct {
	*Receiver
	t    *testing.T
	now  time.Time
	woke []channel.Hook
	kept []string
	fail error // of keeping
	seen map[string]bool
}

func newBench(t *testing.T) *bench {
	b := &bench{t: t, now: noon, seen: map[string]bool{}}
	b.Receiver = New(Options{Now: func() time.Time { return b.now }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Keep: func(s string) error { b.kept = append(b.kept, s); return b.fail },
		First: func(_ uint32, id string) (bool, error) {
			first := !b.seen[id]
			b.seen[id] = b.fail == nil
			return first, b.fail
		},
		Wake: func(store uint32, h channel.Hook) {
			if store != 7 {
				t.Errorf("store %d was woken", store)
			}
			b.woke = append(b.woke, h)
		},
		Read: func(store uint32, h http.Header, body []byte) (channel.Hook, error) {
			if store != 7 {
				return channel.Hook{}, errors.New("no such store")
			}
			if h.Get("Signed") != "right" || string(body) != "body" {
				return channel.Hook{}, channel.BadHook()
			}
			sent, _ := time.Parse(time.RFC3339, h.Get("Sent"))
			return channel.Hook{ID: h.Get("Id"), Sent: sent, Orders: h.Get("About") == "orders", Listings: h.Get("About") == "listings"}, nil
		}})
	t.Cleanup(b.Close)
	return b
}

// call makes a call with headers in pairs and returns its status.
func (b *bench) call(method, path, body string, headers ...string) int {
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Signed", "right")
	r.Header.Set("About", "orders")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w.Code
}

func TestAnswers(t *testing.T) {
	at := func(d time.Duration) string { return noon.Add(d).Format(time.RFC3339) }
	for _, tc := range []struct {
		name, method, path, body string
		headers                  []string
		want, woken              int
	}{
		{"orders", "POST", "/hooks/7", "body", nil, 200, 1},
		{"listings", "POST", "/hooks/7", "body", []string{"About", "listings"}, 200, 1},
		{"a try", "POST", "/hooks/7", "body", []string{"About", ""}, 200, 0},
		{"not signed", "POST", "/hooks/7", "body", []string{"Signed", ""}, 401, 0},
		{"another body", "POST", "/hooks/7", "bodY", nil, 401, 0},
		{"signed now", "POST", "/hooks/7", "body", []string{"Sent", at(0)}, 200, 1},
		{"as old as may be", "POST", "/hooks/7", "body", []string{"Sent", at(-5 * time.Minute)}, 200, 1},
		{"older", "POST", "/hooks/7", "body", []string{"Sent", at(-5*time.Minute - time.Second)}, 401, 0},
		{"as far ahead as may be", "POST", "/hooks/7", "body", []string{"Sent", at(5 * time.Minute)}, 200, 1},
		{"further ahead", "POST", "/hooks/7", "body", []string{"Sent", at(5*time.Minute + time.Second)}, 401, 0},
		{"an unknown store", "POST", "/hooks/8", "body", nil, 404, 0},
		{"no store", "POST", "/hooks/", "body", nil, 404, 0},
		{"another way to write it", "POST", "/hooks/07", "body", nil, 404, 0},
		{"a number that is too large", "POST", "/hooks/4294967303", "body", nil, 404, 0},
		{"below it", "POST", "/hooks/7/x", "body", nil, 404, 0},
		{"the page", "POST", "/", "body", nil, 404, 0},
		{"a look", "GET", "/hooks/7", "", nil, 405, 0},
		{"as large as may be", "POST", "/hooks/7", strings.Repeat("x", maxBody), nil, 401, 0},
		{"too large", "POST", "/hooks/7", strings.Repeat("x", maxBody+1), nil, 413, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t)
			if got := b.call(tc.method, tc.path, tc.body, tc.headers...); got != tc.want || len(b.woke) != tc.woken {
				t.Errorf("%d, %d woken, want %d, %d", got, len(b.woke), tc.want, tc.woken)
			}
			if c := b.Of(7); c.LastAt.IsZero() == (tc.woken > 0) || c.RefusedAt.IsZero() == (tc.want == 401) {
				t.Errorf("remembered: %+v", c)
			}
		})
	}
}

// TestRepetitions: a call with an id that was seen is answered and does nothing.
func TestRepetitions(t *testing.T) {
	b := newBench(t)
	for i, id := range []string{"a", "a", "b", "a", "", ""} {
		if got := b.call("POST", "/hooks/7", "body", "Id", id); got != 200 {
			t.Errorf("call %d: %d", i, got)
		}
	}
	if len(b.woke) != 4 { // a, b, and the two that have no id
		t.Errorf("%d calls took effect, want 4", len(b.woke))
	}
	if got := b.call("POST", "/hooks/7", "body", "Id", "c", "Signed", ""); got != 401 {
		t.Errorf("not signed: %d", got)
	}
	if b.call("POST", "/hooks/7", "body", "Id", "c"); len(b.woke) != 5 {
		t.Error("a stranger used an id up")
	}
	b.fail = errors.New("disk full")
	if got := b.call("POST", "/hooks/7", "body", "Id", "d"); got != 503 || len(b.woke) != 5 {
		t.Errorf("while nothing can be remembered: %d, %d woken", got, len(b.woke))
	}
	b.fail = nil
	if got := b.call("POST", "/hooks/7", "body", "Id", "d"); got != 200 || len(b.woke) != 6 {
		t.Errorf("tried again: %d, %d woken", got, len(b.woke))
	}
}

func dial(port int) error {
	c, err := net.Dial("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err == nil {
		c.Close()
	}
	return err
}

// ports are some of this computer that nobody listens at.
func ports(t *testing.T, n int) (out []int) {
	for range n {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		out = append(out, l.Addr().(*net.TCPAddr).Port)
	}
	return out
}

func TestOffUntilItIsSwitchedOn(t *testing.T) {
	p := ports(t, 2)
	for _, kept := range []string{"", "off " + strconv.Itoa(p[0]), "nonsense", "on", "on 80", "on 70000", "on x"} {
		b := newBench(t)
		b.Recall(kept)
		b.Start()
		if s := b.State(); s.On || s.Trouble != "" || b.server != nil {
			t.Errorf("%q: %+v", kept, s)
		}
	}
	b := newBench(t)
	if err := b.Set(true, p[0]); err != nil || dial(p[0]) != nil {
		t.Fatalf("on: %v, %v", err, dial(p[0]))
	}
	if err := b.Set(true, p[1]); err != nil || dial(p[1]) != nil || dial(p[0]) == nil {
		t.Errorf("another port: %v", err)
	}
	if err := b.Set(false, p[1]); err != nil || dial(p[1]) == nil {
		t.Errorf("off: %v", err)
	}
	if got := strings.Join(b.kept, ", "); got != "on "+strconv.Itoa(p[0])+", on "+strconv.Itoa(p[1])+", off "+strconv.Itoa(p[1]) {
		t.Errorf("kept: %s", got)
	}
	again := newBench(t)
	again.Recall(b.kept[1])
	if s := again.State(); !s.On || s.Port != p[1] || dial(p[1]) == nil {
		t.Errorf("before it starts: %+v", s)
	}
	again.Start()
	if s := again.State(); !s.On || s.Port != p[1] || dial(p[1]) != nil {
		t.Errorf("after a restart: %+v", s)
	}
	again.Close()
	if dial(p[1]) == nil {
		t.Error("somebody listens after the end")
	}
}

// TestAPortThatIsTaken: nothing changes, and a sentence says why.
func TestAPortThatIsTaken(t *testing.T) {
	p := ports(t, 2)
	other, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(p[1])))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	b := newBench(t)
	if err := b.Set(true, p[0]); err != nil {
		t.Fatal(err)
	}
	for _, port := range []int{p[1], 80, 0, -1, 65536} {
		if err := b.Set(true, port); err == nil || channel.KindOf(err) != channel.Invalid {
			t.Errorf("port %d: %v", port, err)
		}
	}
	b.fail = errors.New("disk full")
	if err := b.Set(false, p[0]); err == nil {
		t.Error("off without being kept")
	}
	if s := b.State(); !s.On || s.Port != p[0] || dial(p[0]) != nil {
		t.Errorf("%+v", s)
	}
	late := newBench(t)
	late.Recall("on " + strconv.Itoa(p[1]))
	late.Start()
	if s := late.State(); !s.On || s.Port != p[1] || !strings.Contains(s.Trouble, "another program") {
		t.Errorf("at a start: %+v", s)
	}
	other.Close()
	if err := late.Set(true, p[1]); err != nil || late.State().Trouble != "" || dial(p[1]) != nil {
		t.Errorf("once it is free: %v, %+v", err, late.State())
	}
}

// TestThisComputerOnly: the receiver listens on loopback alone.
func TestThisComputerOnly(t *testing.T) {
	b, p := newBench(t), ports(t, 1)[0]
	if err := b.Set(true, p); err != nil {
		t.Fatal(err)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && n.IP.To4() != nil {
			if c, err := net.Dial("tcp4", net.JoinHostPort(n.IP.String(), strconv.Itoa(p))); err == nil {
				c.Close()
				t.Errorf("it listens at %s", n.IP)
			}
		}
	}
}

func FuzzPath(f *testing.F) {
	for _, p := range []string{"/hooks/7", "/hooks/+7", "/hooks/0", "/hooks/99999999999", "/hooks/7/", "//hooks/7", "/HOOKS/7"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if id, ok := storeOf(path); ok && (id == 0 || Path(id) != path) {
			t.Errorf("%q is taken for store %d", path, id)
		}
	})
}
