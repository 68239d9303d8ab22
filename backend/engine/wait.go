package engine

import (
	"context"
	"math/rand/v2"
	"time"
)

// Sleep waits for d by the real clock, or less when ctx ends. It is an Options.Sleep.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Jitter spreads retries by up to a fifth, so that stores that failed together are not tried together. It is an
// Options.Jitter.
func Jitter(d time.Duration) time.Duration { return d + time.Duration(rand.Int64N(int64(d)/5+1)) }
