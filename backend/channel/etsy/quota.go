package etsy

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	// orderCalls is what is kept of a day's quota for orders: two questions every ten minutes (etsy.md, "Rate limits"),
	// and as much again for orders that are read one by one.
	orderCalls = 600
	// keepMost is the largest part of a day's quota that is kept, as a divisor: apps with few calls still push.
	keepMost = 5
	// lookAgain is when calls other than for orders are tried again. The day slides in buckets whose width Etsy does not
	// tell.
	lookAgain = 30 * time.Minute
)

// urgent marks the calls that may use up what is kept.
var urgent = map[string]bool{opOrders: true, opKnown: true, opTime: true, opToken: true, opShop: true}

// quota keeps to what Etsy says is left. Limits belong to the app and differ, so none is written down here; before the
// first answer nothing is known and nothing is held back (etsy.md, "Rate limits").
type quota struct {
	now  func() time.Time
	wait func(ctx context.Context, d time.Duration) error

	mu         sync.Mutex
	second     time.Time // the second that leftSecond is of
	leftSecond int       // -1 if unknown
	day, today int       // limit and what is left, -1 if unknown
	heard      time.Time // when today was told
}

func newQuota(now func() time.Time) *quota {
	return &quota{now: now, wait: pause, leftSecond: -1, day: -1, today: -1}
}

// take is called before a request. It waits for the next second when this one is used up, and refuses when the day is.
func (q *quota) take(ctx context.Context, op string) error {
	q.mu.Lock()
	now := q.now()
	if kept := min(orderCalls, q.day/keepMost); q.today >= 0 && !urgent[op] && q.today <= kept && now.Sub(q.heard) < lookAgain {
		at := q.heard.Add(lookAgain)
		q.mu.Unlock()
		return &channel.Error{Kind: channel.Throttled, Op: op, Code: channel.CodeThrottled, RetryAt: at, Message: fmt.Sprintf(
			"Etsy allows this app %d calls a day, and what is left is kept for orders. Stock goes out again when Etsy allows more.", q.day)}
	}
	this := now.Truncate(time.Second)
	used := q.leftSecond == 0 && this.Equal(q.second)
	if q.leftSecond > 0 && this.Equal(q.second) {
		q.leftSecond--
	}
	q.mu.Unlock()
	if used {
		return q.wait(ctx, this.Add(time.Second).Sub(now))
	}
	return nil
}

// learn takes in what an answer says. The documentation spells one header without its last letter (etsy.md, "Rate limits").
func (q *quota) learn(r *httpx.Response) {
	if r == nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	if n, ok := count(r.Header, "x-remaining-this-second", "x-remaining-this-secon"); ok {
		this := now.Truncate(time.Second)
		if !this.Equal(q.second) || q.leftSecond < 0 || n < q.leftSecond {
			q.second, q.leftSecond = this, n
		}
	}
	if n, ok := count(r.Header, "x-limit-per-day"); ok {
		q.day = n
	}
	if n, ok := count(r.Header, "x-remaining-today"); ok {
		q.today, q.heard = n, now
	}
}

func count(h http.Header, names ...string) (int, bool) {
	for _, name := range names {
		if n, err := strconv.Atoi(h.Get(name)); err == nil && n >= 0 {
			return n, true
		}
	}
	return 0, false
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
