package memory

import (
	"context"
	"fmt"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
)

// feed is a number that was taken and not applied yet.
type feed struct {
	level channel.StockLevel
	lie   channeltest.FaultKind
	at    time.Time // when it is applied
	done  bool
	said  channel.Result
}

// feed takes a number; s.mu is held.
func (s *Store) feed(level channel.StockLevel, lie channeltest.FaultKind) channel.Result {
	s.feeds = append(s.feeds, feed{level: level, lie: lie, at: s.now().Add(s.opts.Feeds)})
	return channel.Result{Pending: fmt.Sprint(len(s.feeds))}
}

// applyFeeds applies the numbers whose time has come; s.mu is held.
func (s *Store) applyFeeds() {
	for i := range s.feeds { // in the order in which they came
		if f := &s.feeds[i]; !f.done && !s.now().Before(f.at) {
			f.done, f.said = true, s.push(f.level, f.lie)
		}
	}
}

// Settle implements [channel.Settler].
func (s *Store) Settle(ctx context.Context, handles []string) ([]channel.Result, error) {
	var out []channel.Result
	err := s.call(ctx, channeltest.AnyCall, "settle stock", func(channeltest.FaultKind) error {
		for _, handle := range handles {
			n := 0
			if _, err := fmt.Sscan(handle, &n); err != nil || n < 1 || n > len(s.feeds) {
				out = append(out, channel.Result{Err: missing("settle stock", "The shop knows of no such feed.")})
				continue
			}
			if f := s.feeds[n-1]; f.done {
				out = append(out, f.said)
			} else {
				out = append(out, channel.Result{Pending: handle})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Prepare has lists of everything be ready only so long after they are asked for.
func (s *Store) Prepare(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.Prepares = d
}

// prepare returns until when a list has to be waited for, zero when it is ready; s.mu is held.
func (s *Store) prepare(at *cursor) time.Time {
	if s.opts.Prepares <= 0 || !at.Full || at.Seq > 0 {
		return time.Time{}
	}
	if at.Ready.IsZero() {
		at.Ready = s.now().Add(s.opts.Prepares)
	}
	if s.now().Before(at.Ready) {
		return s.callerNow().Add(at.Ready.Sub(s.now()))
	}
	return time.Time{}
}

// mind looks whether a batch comes back to a parent it had left; s.mu is held.
func (s *Store) mind(batch []channel.StockLevel) {
	seen, before := map[string]bool{}, ""
	for _, level := range batch {
		if level.Parent != "" && level.Parent != before && seen[level.Parent] {
			s.torn++
		}
		seen[level.Parent], before = true, level.Parent
	}
}

// Torn is how often the listings of a parent did not stand together in a batch.
func (s *Store) Torn() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.torn
}
