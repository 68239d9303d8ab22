package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
)

// network is what happens to calls on their way: hooks, faults and their count.
type network struct {
	before, after []hook
	faults        []channeltest.Fault
	calls         map[channeltest.Call]int
}

type hook struct {
	call channeltest.Call
	fn   func()
}

// defaultRetryAfter is what a busy shop asks for when the fault does not say.
const defaultRetryAfter = 60 * time.Second

// Fault implements [channeltest.Shop].
func (s *Store) Fault(f channeltest.Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.network.faults = append(s.network.faults, f)
}

// ClearFaults forgets the faults that have not struck yet.
func (s *Store) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.network.faults = nil
}

// Before implements [channeltest.Shop].
func (s *Store) Before(call channeltest.Call, fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.network.before = append(s.network.before, hook{call, fn})
}

// After implements [channeltest.Shop].
func (s *Store) After(call channeltest.Call, fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.network.after = append(s.network.after, hook{call, fn})
}

// Calls implements [channeltest.Shop].
func (s *Store) Calls(call channeltest.Call) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.network.calls[call]
}

// Written implements [channeltest.Shop].
func (s *Store) Written() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.written
}

// call carries out one request of a class: do takes effect under the lock, hooks run outside it, and a fault decides
// what the caller learns of it. A slow answer arrives at once, since no time passes in memory.
func (s *Store) call(ctx context.Context, class channeltest.Call, op string, do func(lie channeltest.FaultKind) error) error {
	for _, fn := range s.arrive(class) {
		fn()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	lost, err := s.apply(class, op, do)
	for _, fn := range s.leave(class) {
		fn()
	}
	if err == nil {
		err = lost
	}
	return err
}

// arrive counts a call and returns the hooks that run before it.
func (s *Store) arrive(class channeltest.Call) []func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.network.calls[channeltest.AnyCall]++
	if class != channeltest.AnyCall {
		s.network.calls[class]++
	}
	return takeHooks(&s.network.before, class)
}

func (s *Store) leave(class channeltest.Call) []func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	return takeHooks(&s.network.after, class)
}

// apply lets a call take effect unless a fault prevents it. It returns the error of an answer that was lost on its way
// back, and the error of the call itself.
func (s *Store) apply(class channeltest.Call, op string, do func(lie channeltest.FaultKind) error) (lost, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.applyFeeds()
	fault := s.takeFault(class)
	switch fault.Kind {
	case channeltest.ServerError:
		return nil, &channel.Error{Kind: channel.Transient, Op: op, Code: channel.CodeServerError, Status: 500}
	case channeltest.TooMany:
		return nil, &channel.Error{Kind: channel.Throttled, Op: op, Code: channel.CodeThrottled, Status: 429,
			RetryAt: s.callerNow().Add(cmp.Or(fault.After, defaultRetryAfter))}
	case channeltest.Unauthorized:
		return nil, &channel.Error{Kind: channel.Auth, Op: op, Code: channel.CodeAuth, Status: 401}
	case channeltest.HTML:
		return nil, badAnswer(op, "a page of HTML")
	case channeltest.TimeoutBefore:
		return nil, unreachable(op)
	case channeltest.TimeoutAfter:
		lost = unreachable(op)
	case channeltest.Truncate:
		lost = badAnswer(op, "half a body")
	}
	return lost, do(fault.Kind)
}

// takeFault returns the first fault planted for the class, the zero Fault if there is none; s.mu is held.
func (s *Store) takeFault(class channeltest.Call) channeltest.Fault {
	for i, f := range s.network.faults {
		if f.Call != class && f.Call != channeltest.AnyCall {
			continue
		}
		if s.network.faults[i].Times--; s.network.faults[i].Times <= 0 {
			s.network.faults = slices.Delete(s.network.faults, i, i+1)
		}
		return f
	}
	return channeltest.Fault{}
}

// takeHooks removes the hooks of a class and returns them in the order they were planted.
func takeHooks(hooks *[]hook, class channeltest.Call) []func() {
	var out []func()
	*hooks = slices.DeleteFunc(*hooks, func(h hook) bool {
		if h.call != class && h.call != channeltest.AnyCall {
			return false
		}
		out = append(out, h.fn)
		return true
	})
	return out
}

func unreachable(op string) error {
	return &channel.Error{Kind: channel.Transient, Op: op, Code: channel.CodeUnreachable}
}
