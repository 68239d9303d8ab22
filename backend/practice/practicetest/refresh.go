package practicetest

import (
	"errors"
	"testing"
	"time"

	"evenstock/backend/channel"
)

// Refreshed is what bringing every listing of a store to its number took, by the site's clock.
type Refreshed struct {
	Read, Push time.Duration
	Waits      int // times the connector said to come back later than it waits itself
}

// Refresh reads the number of every listing and writes another one, in batches as large as the connector takes, and comes
// back when it is told to. The clock goes on by waiting alone, so the result is what the vendor's limits cost.
func Refresh(t testing.TB, store channel.Store, clock *Clock, refs []channel.Ref, available int64) (out Refreshed) {
	t.Helper()
	caps := store.Capabilities()
	inBatches := func(size int, do func(refs []channel.Ref) error) time.Duration {
		began := clock.Now()
		for at := 0; at < len(refs); {
			some := refs[at:min(at+size, len(refs))]
			err := do(some)
			var e *channel.Error
			switch {
			case err == nil:
				at += len(some)
			case errors.As(err, &e) && e.Kind == channel.Throttled && out.Waits < len(refs):
				out.Waits++
				clock.Advance(e.RetryAt.Sub(clock.Now()))
			default:
				t.Fatal(err)
			}
		}
		return clock.Now().Sub(began)
	}
	out.Read = inBatches(caps.ReadBatch, func(refs []channel.Ref) error {
		readings, err := store.ReadStock(t.Context(), refs)
		for _, r := range readings {
			if err == nil {
				err = r.Err
			}
		}
		return err
	})
	out.Push = inBatches(caps.PushBatch, func(refs []channel.Ref) error {
		levels := make([]channel.StockLevel, len(refs))
		for i, r := range refs {
			levels[i] = channel.StockLevel{Listing: r.Listing, Parent: r.Parent, Available: available}
		}
		results, err := store.PushStock(t.Context(), levels)
		for _, r := range results {
			if err == nil {
				err = r.Err
			}
		}
		return err
	})
	return out
}
