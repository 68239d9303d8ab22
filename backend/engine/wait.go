package engine

import (
	"context"
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
