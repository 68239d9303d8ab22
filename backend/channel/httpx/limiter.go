package httpx

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"evenstock/backend/channel"
)

// limiter keeps a client to its budgets, over restarts where there are notes.
type limiter struct {
	now   func() time.Time
	notes channel.Notes

	mu      sync.Mutex
	loaded  bool
	buckets map[string]*bucket
}

func newLimiter(budgets []channel.Budget, now func() time.Time, notes channel.Notes) *limiter {
	l := &limiter{now: now, notes: notes, buckets: map[string]*bucket{}}
	for _, b := range budgets {
		l.buckets[b.Name] = newBucket(b, now())
		l.buckets[b.Name].day.start = b.DayBegins
	}
	for _, b := range budgets {
		l.chain(b.Name) // a budget of one that is not there is a mistake of the connector, found at once
	}
	return l
}

// keptRetry is the longest that a call is put off when nothing but what is kept for urgent calls stands in its way. The whole
// store is left alone until then, so it is the period in which orders are read (product.md, I2).
const keptRetry = 10 * time.Minute

// chain is the budget called name and those it is charged to as well; none for the empty name.
func (l *limiter) chain(name string) (all []*bucket) {
	for ; name != ""; name = all[len(all)-1].budget.Of {
		b, ok := l.buckets[name]
		if !ok || len(all) > len(l.buckets) {
			panic(fmt.Sprintf("httpx: no budget called %q, or one that is part of itself", name))
		}
		all = append(all, b)
	}
	return all
}

// spend takes a request's cost and returns how long to wait before it is sent. What is more than LongestWait away is not
// taken but throttled.
func (l *limiter) spend(r Request) (time.Duration, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	chain := l.chain(r.Budget)
	if len(chain) == 0 {
		return 0, nil
	}
	l.load()
	now, cost := l.now(), max(1, r.Cost)
	var d, ifUrgent time.Duration
	for _, b := range chain {
		b.fill(now)
		d = max(d, b.wait(cost, chain[0].budget.Urgent, now))
		ifUrgent = max(ifUrgent, b.wait(cost, true, now))
	}
	if d > LongestWait {
		if ifUrgent <= LongestWait {
			d = min(d, keptRetry)
		}
		return 0, &channel.Error{Kind: channel.Throttled, Op: r.Op, Code: channel.CodeThrottled, RetryAt: now.Add(d)}
	}
	for _, b := range chain {
		b.take(cost, now)
	}
	if err := l.keep(r, now); err != nil {
		land(chain, cost)
		return 0, err
	}
	return d, nil
}

// land takes a call's tokens out of those under way; they stay spent.
func land(chain []*bucket, cost int) {
	for _, b := range chain {
		b.flying = max(0, b.flying-cost)
	}
}

// landed is a request that was not sent after all.
func (l *limiter) landed(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	land(l.chain(r.Budget), max(1, r.Cost))
}

// settle takes in what became of a request that was sent.
func (l *limiter) settle(r Request, said []Allowance, err error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, cost := l.now(), max(1, r.Cost)
	chain := l.chain(r.Budget)
	for _, b := range chain {
		b.fill(now)
	}
	land(chain, cost)
	for _, a := range said {
		b, ok := l.buckets[a.Budget]
		if !ok {
			panic(fmt.Sprintf("httpx: no budget called %q", a.Budget))
		}
		b.fill(now)
		b.learn(a, now)
	}
	var e *channel.Error
	if errors.As(err, &e) && e.Kind == channel.Throttled {
		for _, b := range chain {
			if e.RetryAt.After(b.cool) {
				b.cool = e.RetryAt
			}
		}
	}
	if len(chain) == 0 && len(said) == 0 {
		return nil
	}
	return l.keep(r, now)
}

// spend keeps the client to the budgets, waiting a little if it must.
func (c *Client) spend(ctx context.Context, r Request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d, err := c.limits.spend(r)
	if err != nil || d == 0 {
		return err
	}
	if err := c.cfg.Wait(ctx, d); err != nil {
		c.limits.landed(r)
		return err
	}
	return nil
}

// settle tells the limiter of an answer, or that there is none.
func (c *Client) settle(r Request, resp *Response, err error) error {
	var said []Allowance
	if resp != nil && c.cfg.Learn != nil {
		said = c.cfg.Learn(resp)
	}
	return c.limits.settle(r, said, err)
}

// limitsNote is the name under which a client keeps its budgets.
const limitsNote = "limits"

// kept is a budget as its note has it. Calls are written down before they are made, some at a time, so that a crash makes
// the client more careful and never less.
type kept struct {
	Tokens float64       `json:"tokens"`
	At     time.Time     `json:"at"`
	Reset  time.Time     `json:"reset,omitzero"`
	Cool   time.Time     `json:"cool,omitzero"`
	Burst  int           `json:"burst,omitempty"` // this and the next two only where an answer told them
	Every  time.Duration `json:"every,omitempty"`
	Max    int           `json:"max,omitempty"`
	Slots  []slot        `json:"slots,omitempty"`
	Others int           `json:"others,omitempty"`
	Until  time.Time     `json:"until,omitzero"`
	spent  int
}

const (
	// aheadTime is how much of what comes back in time is written down in advance: less than a restart may wait for.
	aheadTime = 4 * time.Second
	// aheadWindow is the part of a window that comes back at once which is written down in advance, as a divisor: ten notes
	// a window at most, and none for the few calls of an idle store.
	aheadWindow = 10
	// aheadPart of a day's calls are written down in advance, as a divisor: a hundred notes a day at most.
	aheadPart = 100
)

// brief says whether a bucket is full again so soon that it is not written down: a start takes it for empty.
func (b *bucket) brief() bool {
	return b.budget.Every > 0 && b.reset.IsZero() && time.Duration(b.budget.Burst)*b.budget.Every <= aheadTime
}

// ahead is how many tokens are written down as taken before they are; none where they come back slowly.
func (b *bucket) ahead() float64 {
	switch {
	case b.budget.Every <= 0:
		return float64(b.budget.Burst / aheadWindow)
	case b.budget.Every >= LongestWait:
		return 0
	}
	return min(float64(b.budget.Burst)/2, float64(aheadTime/b.budget.Every))
}

// after is what would be there now if the program had been started again from the note.
func (k kept) after(b *bucket, now time.Time) float64 {
	most := float64(b.budget.Burst) - b.ahead()
	switch {
	case k.At.IsZero():
		return float64(b.budget.Burst)
	case now.Before(k.Reset) || b.budget.Every <= 0 && k.Reset.IsZero():
		return min(most, k.Tokens)
	case !k.Reset.IsZero():
		return most
	}
	return min(most, k.Tokens+float64(max(0, now.Sub(k.At)))/float64(b.budget.Every))
}

// lax reports whether a start from the note would allow more than is left, now or in a while: a limit that an answer told is
// written down at once.
func (b *bucket) lax(now time.Time) bool {
	return !b.kept.knows(b.told) || b.counted() && !b.brief() && b.tokens < b.kept.after(b, now) || !b.cool.Equal(b.kept.Cool) && b.cool.After(now) ||
		b.budget.DailyMax > 0 && (b.day.own() > b.kept.spent || b.day.others > b.kept.Others)
}

// knows reports whether the limits that answers told are in the note.
func (k kept) knows(told channel.Budget) bool {
	return k.Burst == told.Burst && k.Every == told.Every && k.Max == told.DailyMax
}

// note is the budget as it is written down, with what is taken in advance.
func (b *bucket) note(now time.Time) kept {
	k := kept{Tokens: b.tokens - b.ahead(), At: now, Reset: b.reset, Cool: b.cool, Burst: b.told.Burst, Every: b.told.Every,
		Max: b.told.DailyMax, Others: b.day.others, Until: b.day.until}
	if b.budget.DailyMax > 0 {
		more := day{start: b.day.start, slots: append([]slot(nil), b.day.slots...)}
		more.spend(b.budget.DailyMax/aheadPart, now)
		k.Slots, k.spent = more.slots, more.own()
		if k.Others > 0 {
			k.Others += b.budget.DailyMax / aheadPart
		}
	}
	return k
}

// keep writes the budgets down where a start from the note would be less careful. What cannot be written down is not sent.
func (l *limiter) keep(r Request, now time.Time) error {
	lax := false
	for _, b := range l.buckets {
		lax = lax || b.lax(now)
	}
	if l.notes == nil || !lax {
		return nil
	}
	all := map[string]kept{}
	for name, b := range l.buckets {
		b.fill(now)
		all[name] = b.note(now)
	}
	text, err := json.Marshal(all)
	if err == nil {
		err = l.notes.Write(limitsNote, text)
	}
	if err != nil {
		return &channel.Error{Kind: channel.Transient, Op: r.Op, Err: err,
			Message: "What the shop still allows today could not be saved on this computer, so nothing was sent. It is tried again."}
	}
	for name, b := range l.buckets {
		b.kept = all[name]
	}
	return nil
}

// load takes the budgets from the note, once. A note that cannot be read is none, as [channel.Notes] asks.
func (l *limiter) load() {
	if l.loaded || l.notes == nil {
		return
	}
	l.loaded = true
	var all map[string]kept
	text, err := l.notes.Read(limitsNote)
	if err != nil || json.Unmarshal(text, &all) != nil {
		return
	}
	for name, k := range all {
		b, ok := l.buckets[name]
		if !ok || k.At.IsZero() {
			continue
		}
		b.learn(Allowance{Left: Unsaid, Most: max(0, k.Burst), Every: max(0, k.Every)}, k.At)
		b.learn(Allowance{Left: Unsaid, Most: max(0, k.Max), Daily: true}, k.At)
		b.filled, b.reset, b.cool = k.At, k.Reset, k.Cool
		b.day.slots, b.day.others, b.day.until = k.Slots, k.Others, k.Until
		now := l.now()
		b.fill(now)
		if now.Before(k.At) { // the clock was set back
			k.At, k.Reset, k.Cool = now, b.reset, b.cool
		}
		if b.tokens, k.spent = k.after(b, now), b.day.own(); b.brief() {
			b.tokens = min(b.tokens, 0)
		}
		b.kept = k
	}
}
