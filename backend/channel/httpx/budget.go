package httpx

import (
	"context"
	"fmt"
	"sync"
	"time"

	"evenstock/backend/channel"
)

// LongestWait is how long a call waits for its budget; beyond that it is throttled, so that a lane is not kept
// (architecture.md, section 3).
const LongestWait = 5 * time.Second

// bucket holds the tokens of one budget.
type bucket struct {
	budget channel.Budget

	mu     sync.Mutex
	tokens float64
	filled time.Time
	day    time.Time // the UTC day that spent counts
	spent  int
}

func newBucket(b channel.Budget, now time.Time) *bucket {
	b.Burst = max(1, b.Burst)
	return &bucket{budget: b, tokens: float64(b.Burst), filled: now}
}

// spend takes a token of the request's budget, waiting a little if it must.
func (c *Client) spend(ctx context.Context, r Request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.Budget == "" {
		return nil
	}
	b, ok := c.budgets[r.Budget]
	if !ok {
		panic(fmt.Sprintf("httpx: no budget called %q", r.Budget))
	}
	now := c.cfg.Now()
	d := b.take(now)
	if d > LongestWait {
		return &channel.Error{Kind: channel.Throttled, Op: r.Op, Code: channel.CodeThrottled, RetryAt: now.Add(d)}
	}
	if d > 0 {
		return c.cfg.Wait(ctx, d)
	}
	return nil
}

// take takes one token and returns how long to wait for it. A token more than LongestWait away is not taken.
func (b *bucket) take(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if day := now.UTC().Truncate(24 * time.Hour); day != b.day {
		b.day, b.spent = day, 0
	}
	if b.budget.DailyMax > 0 && b.spent >= b.budget.DailyMax {
		return b.day.Add(24 * time.Hour).Sub(now)
	}
	if b.budget.Every > 0 {
		// A clock that was set back adds nothing; it does not take away either.
		gained := float64(max(0, now.Sub(b.filled))) / float64(b.budget.Every)
		b.tokens = min(float64(b.budget.Burst), b.tokens+gained)
		b.filled = now
		d := time.Duration((1 - b.tokens) * float64(b.budget.Every))
		if d > LongestWait {
			return d
		}
		b.tokens--
		b.spent++
		return max(0, d)
	}
	b.spent++
	return 0
}
