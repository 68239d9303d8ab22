package practice

import (
	"strings"
	"time"
)

// Call is a class of calls to a shop's API. A call that is none of these counts as AnyCall only.
type Call string

const (
	AnyCall      Call = "any"
	ReadStock    Call = "read stock"
	ListOrders   Call = "list orders"
	GetOrders    Call = "get orders"
	ListListings Call = "list listings"
	PushStock    Call = "push stock"
)

// FaultKind is one way a call goes wrong.
type FaultKind string

const (
	ServerError   FaultKind = "500"
	TooMany       FaultKind = "429"
	Unauthorized  FaultKind = "401"
	TimeoutBefore FaultKind = "timeout_before"
	TimeoutAfter  FaultKind = "timeout_after"
	Truncate      FaultKind = "truncate"
	HTML          FaultKind = "html"
	Slow          FaultKind = "slow"
	StaleRead     FaultKind = "stale"
	IgnoreWrite   FaultKind = "ignore_write"
	SkipItem      FaultKind = "skip_item"
	NoRestock     FaultKind = "no_restock_meta"
)

// Kinds are all kinds of fault.
var Kinds = []FaultKind{ServerError, TooMany, Unauthorized, TimeoutBefore, TimeoutAfter, Truncate, HTML, Slow,
	StaleRead, IgnoreWrite, SkipItem, NoRestock}

// Fault hits the next Times calls that are of class Call and whose "METHOD /path?query" contains Match. Empty fields
// match everything.
type Fault struct {
	Call  Call
	Match string
	Kind  FaultKind
	Times int           // 0 means once
	After time.Duration // Retry-After of TooMany (60 s if zero), delay of Slow and of the timeouts
}

// Entry is one call in the log. Path has no credentials in it.
type Entry struct {
	At     time.Time
	Method string
	Path   string
	Call   Call
	Status int       // 0 when there was no answer
	Fault  FaultKind // empty when the call went well
}

// logLength is how many calls the log keeps: a few full pulls of a large shop.
const logLength = 2000

// watch is what looks on at the calls: hooks, faults, counts and the log.
type watch struct {
	before, after map[Call][]func()
	during        []func()
	faults        []Fault
	calls         map[Call]int
	throttled     int
	log           []Entry
}

// Before runs fn once, before the next call of the class takes effect. fn may call any method of World.
func (w *World) Before(call Call, fn func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.watch.before == nil {
		w.watch.before = map[Call][]func(){}
	}
	w.watch.before[call] = append(w.watch.before[call], fn)
}

// After runs fn once, after the next call of the class has taken effect and before it is answered.
func (w *World) After(call Call, fn func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.watch.after == nil {
		w.watch.after = map[Call][]func(){}
	}
	w.watch.after[call] = append(w.watch.after[call], fn)
}

// During runs fn once, inside the next write that reads a number and then writes it, between the two.
func (w *World) During(fn func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watch.during = append(w.watch.during, fn)
}

// Midway is called by a face between reading and writing a number.
func (w *World) Midway() {
	w.mu.Lock()
	fns := w.watch.during
	w.watch.during = nil
	w.mu.Unlock()
	for _, fn := range fns {
		fn()
	}
}

// Fault makes the next calls that match go wrong.
func (w *World) Fault(f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f.Times = max(f.Times, 1)
	w.watch.faults = append(w.watch.faults, f)
}

// Faults returns the faults that have not struck yet, the next first.
func (w *World) Faults() []Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Fault(nil), w.watch.faults...)
}

// ClearFaults forgets the faults that have not struck yet.
func (w *World) ClearFaults() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watch.faults = nil
}

// Calls counts the calls of a class so far.
func (w *World) Calls(call Call) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.watch.calls[call]
}

// Throttled counts the calls that the vendor's limits did not allow. Faults that say so are none of them.
func (w *World) Throttled() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.watch.throttled
}

func (w *World) throttle() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watch.throttled++
}

// Log returns the latest calls, oldest first.
func (w *World) Log() []Entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Entry(nil), w.watch.log...)
}

// Written counts the items whose number was written by the API at least once.
func (w *World) Written() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.state.written)
}

// arrive counts a call, runs its hooks and returns the fault that strikes it, if any.
func (w *World) arrive(call Call, line string) *Fault {
	w.mu.Lock()
	w.watch.calls[AnyCall]++
	if call != AnyCall {
		w.watch.calls[call]++
	}
	fault := w.watch.strike(call, line)
	fns := take(w.watch.before, call)
	w.mu.Unlock()
	for _, fn := range fns {
		fn()
	}
	return fault
}

// done runs the hooks after a call.
func (w *World) done(call Call) {
	w.mu.Lock()
	fns := take(w.watch.after, call)
	w.mu.Unlock()
	for _, fn := range fns {
		fn()
	}
}

func (w *World) record(e Entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e.At = w.clock()
	if len(w.watch.log) == logLength {
		w.watch.log = append(w.watch.log[:0], w.watch.log[logLength/4:]...)
	}
	w.watch.log = append(w.watch.log, e)
}

func (wt *watch) strike(call Call, line string) *Fault {
	for i := range wt.faults {
		f := &wt.faults[i]
		if f.Call != "" && f.Call != AnyCall && f.Call != call || !strings.Contains(line, f.Match) {
			continue
		}
		hit := *f
		if f.Times--; f.Times == 0 {
			wt.faults = append(wt.faults[:i:i], wt.faults[i+1:]...)
		}
		return &hit
	}
	return nil
}

// take removes and returns the hooks of a class and those of any call.
func take(hooks map[Call][]func(), call Call) []func() {
	fns := hooks[call]
	delete(hooks, call)
	if call != AnyCall {
		fns = append(fns, hooks[AnyCall]...)
		delete(hooks, AnyCall)
	}
	return fns
}
