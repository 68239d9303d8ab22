package bigcommerce

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

// keep is the part of a window, as a divisor, that is left to orders, stock and the store's other apps, which share it
// (bigcommerce.md, 3.6), while listings are read.
const keep = 5

// window keeps to what BigCommerce says is left of its window of 30 seconds. How many requests it holds differs from plan
// to plan, so none is written down here; before the first answer nothing is held back.
type window struct {
	now  func() time.Time
	wait func(ctx context.Context, d time.Duration) error

	mu    sync.Mutex
	quota int
	left  int
	ends  time.Time // zero until told
}

func newWindow(now func() time.Time) *window { return &window{now: now, wait: pause} }

// take is called before a request. When the window is used up it waits for the next, or refuses if that is far.
func (w *window) take(ctx context.Context, op string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.mu.Lock()
	now := w.now()
	least := 0
	if op == opListings {
		least = w.quota / keep
	}
	full := now.Before(w.ends) && w.left <= least
	if !full {
		w.left--
	}
	ends := w.ends
	w.mu.Unlock()
	if !full {
		return nil
	}
	if d := ends.Sub(now); d <= httpx.LongestWait {
		return w.wait(ctx, d)
	}
	return &channel.Error{Kind: channel.Throttled, Op: op, Code: channel.CodeThrottled, RetryAt: ends,
		Message: "BigCommerce allows this store no more calls for some seconds. Evenstock goes on by itself."}
}

// learn takes in what an answer says. Times are milliseconds from now (bigcommerce.md, 3.6).
func (w *window) learn(r *httpx.Response) {
	if r == nil {
		return
	}
	left, ok := count(r.Header, "X-Rate-Limit-Requests-Left")
	reset, told := count(r.Header, "X-Rate-Limit-Time-Reset-Ms")
	if !ok || !told {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if quota, ok := count(r.Header, "X-Rate-Limit-Requests-Quota"); ok {
		w.quota = quota
	}
	now := w.now()
	ends := now.Add(min(time.Duration(reset)*time.Millisecond, longestWindow))
	// Answers of one window may arrive in any order: the least of them is what is left.
	if now.Before(w.ends) && ends.Sub(w.ends).Abs() < time.Second {
		left = min(left, w.left)
	}
	w.left, w.ends = left, ends
}

// longestWindow bounds what a mistaken header may claim; a real window lasts 30 seconds.
const longestWindow = 5 * time.Minute

func count(h http.Header, name string) (int, bool) {
	n, err := strconv.Atoi(h.Get(name))
	return n, err == nil && n >= 0
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
