package httpx

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"
)

// TestAccess: a token is asked for once however many want it, again before its end, and once for one that was refused.
func TestAccess(t *testing.T) {
	now, asked := time.Unix(0, 0), 0
	a := Access{Now: func() time.Time { return now }, Get: func(context.Context) (string, time.Time, error) {
		asked++
		return fmt.Sprint("token ", asked), now.Add(Lasts(3600, time.Minute)), nil
	}}
	wants := func(what, refused, token string) {
		t.Helper()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if got, err := a.Token(t.Context(), refused); err != nil || got != token {
					t.Errorf("%s: %q, %v, want %q", what, got, err, token)
				}
			})
		}
		all.Wait()
	}
	wants("the first", "", "token 1")
	now = now.Add(time.Hour - time.Second)
	wants("before its end", "", "token 1")
	now = now.Add(time.Second)
	wants("at its end", "", "token 2")
	wants("refused", "token 2", "token 3")
	wants("refused long ago", "token 2", "token 3")

	var sent []string
	_, err := a.Do(t.Context(), func(r *Response) bool { return r.Status == http.StatusUnauthorized }, func(token string) (*Response, error) {
		sent = append(sent, token)
		return &Response{Status: http.StatusUnauthorized}, nil
	})
	if err != nil || fmt.Sprint(sent) != "[token 3 token 4]" {
		t.Errorf("sent with %v, %v, want one more try", sent, err)
	}
}

func TestLasts(t *testing.T) {
	for seconds, want := range map[int64]time.Duration{-1: time.Minute, 0: time.Minute, 60: time.Minute, 86_400: 24 * time.Hour, 86_401: time.Minute, 1 << 62: time.Minute} {
		if got := Lasts(seconds, time.Minute); got != want {
			t.Errorf("%d seconds last %s, want %s", seconds, got, want)
		}
	}
}
