package httpx

import (
	"time"

	"evenstock/backend/channel"
)

// LongestWait is how long a call waits for its budget; beyond that it is throttled, so that a lane is not kept
// (architecture.md, section 3).
const LongestWait = 5 * time.Second

// Unsaid is the [Allowance.Left] of an answer that does not tell.
const Unsaid = -1

// Allowance is what an answer says about a budget. Fields that are zero leave what is known as it is.
type Allowance struct {
	Budget string
	Left   int           // tokens there now, or with Daily left of the day; [Unsaid] if the answer does not tell
	Most   int           // tokens there at most, or with Daily in a day
	Every  time.Duration // one token per Every
	Reset  time.Duration // all tokens are there again after this time, and none before
	Daily  bool          // it speaks of the day
}

// bucket holds the tokens of one budget. Its limiter's lock guards it.
type bucket struct {
	budget channel.Budget
	told   channel.Budget // what of it an answer said
	tokens float64        // below 0 after a crash, when calls are taken for made
	filled time.Time
	reset  time.Time // none is added before, all are there then; zero where they come one by one
	cool   time.Time // nothing is sent before: the vendor said so
	flying int       // tokens of calls that are not answered yet
	day    day

	kept kept // what the note says
}

func newBucket(b channel.Budget, now time.Time) *bucket {
	b.Burst = max(1, b.Burst)
	return &bucket{budget: b, tokens: float64(b.Burst), filled: now}
}

// fill adds what was gained since the last look. A clock that was set back adds nothing and takes nothing away; what was
// to happen at a time is as far off as it was.
func (b *bucket) fill(now time.Time) {
	gone := now.Sub(b.filled)
	if gone < 0 {
		for _, t := range []*time.Time{&b.reset, &b.cool} {
			if !t.IsZero() {
				*t = t.Add(gone)
			}
		}
	}
	b.filled = now
	b.day.turn(now)
	switch {
	case !b.reset.IsZero() && now.Before(b.reset):
		return
	case !b.reset.IsZero():
		b.tokens, b.reset = float64(b.budget.Burst-b.flying), time.Time{}
	case b.budget.Every > 0:
		b.tokens = min(float64(b.budget.Burst), b.tokens+float64(max(0, gone))/float64(b.budget.Every))
	}
}

// wait is how long it takes until cost tokens are there. A call that costs more than there can be waits for a full bucket.
func (b *bucket) wait(cost int, urgent bool, now time.Time) time.Duration {
	d := max(0, b.cool.Sub(now))
	d = max(d, b.day.wait(b.budget, cost, urgent, now))
	lack := float64(min(cost, b.budget.Burst)) - b.tokens
	switch {
	case lack <= 0:
	case !b.reset.IsZero():
		d = max(d, b.reset.Sub(now))
	case b.budget.Every > 0:
		d = max(d, time.Duration(lack*float64(b.budget.Every)))
	}
	return d
}

// counted says whether the budget limits how fast calls follow each other.
func (b *bucket) counted() bool { return b.budget.Every > 0 || !b.reset.IsZero() }

func (b *bucket) take(cost int, now time.Time) {
	if b.counted() {
		b.tokens -= float64(cost)
	}
	b.flying += cost
	b.day.spend(cost, now)
}

// learn takes in what an answer says. Calls under way may not be part of it yet.
func (b *bucket) learn(a Allowance, now time.Time) {
	if a.Daily {
		if a.Most > 0 {
			b.budget.DailyMax, b.told.DailyMax = a.Most, a.Most
		}
		if a.Left >= 0 && b.budget.DailyMax > 0 {
			b.day.told(b.budget.DailyMax-a.Left+b.flying, now)
		}
		return
	}
	if a.Most > 0 {
		b.budget.Burst, b.told.Burst = a.Most, a.Most
	}
	if a.Every > 0 {
		if !b.counted() { // the calls before this answer were not counted
			b.tokens = 0
		}
		b.budget.Every, b.told.Every = a.Every, a.Every
	}
	if a.Reset > 0 {
		b.reset = now.Add(min(a.Reset, longestRetry))
	}
	if a.Left >= 0 {
		b.tokens = float64(a.Left - b.flying)
	}
	b.tokens = min(b.tokens, float64(b.budget.Burst))
}
