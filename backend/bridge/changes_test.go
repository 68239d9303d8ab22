package bridge_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/bridge"
)

// recorder is an emitter that writes down what it was told, and when.
type recorder struct {
	mu    sync.Mutex
	start time.Time
	told  []string
}

func (r *recorder) Emit(event string, data ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told = append(r.told, fmt.Sprint(time.Since(r.start).Milliseconds(), " ", event, " ", data))
}

func TestChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{start: time.Now()}
		c := bridge.NewChanges(r)
		c.Add(nil)
		c.Add([]string{"orders"})
		c.Add([]string{"stock", "orders"})
		synctest.Wait() // the first goes out at once
		time.Sleep(10 * time.Millisecond)
		c.Add([]string{"stores"})
		for range 20 {
			time.Sleep(5 * time.Millisecond)
			c.Add([]string{"progress", "no such topic"})
		}
		time.Sleep(time.Second)
		c.Add([]string{"no such topic"})
		c.Add([]string{"activity"})
		time.Sleep(time.Second)
		c.Add([]string{"stock"})
		c.Close()
		c.Add([]string{"orders"})
		time.Sleep(time.Second)
		r.mu.Lock()
		defer r.mu.Unlock()
		want := []string{"0 changed [[stock orders]]", "200 changed [[stores progress]]", "1110 changed [[activity]]"}
		if diff := cmp.Diff(want, r.told); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSecure(t *testing.T) {
	w := httptest.NewRecorder()
	bridge.Secure(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	policy := w.Header().Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
		"base-uri 'none'", "form-action 'none'", "frame-src 'none'", "object-src 'none'", "connect-src 'self'"} {
		if !strings.Contains(policy+";", part+";") {
			t.Errorf("policy %q lacks %q", policy, part)
		}
	}
	if w.Code != http.StatusNotFound || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}
