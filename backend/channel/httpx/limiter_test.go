package httpx

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"testing"
	"time"

	"evenstock/backend/channel"
)

// memo is notes in memory.
type memo struct {
	at     map[string][]byte
	writes int
	broken error
}

func (m *memo) Read(name string) ([]byte, error) { return m.at[name], nil }

func (m *memo) Write(name string, value []byte) error {
	if m.broken != nil {
		return m.broken
	}
	m.at[name] = value
	m.writes++
	return nil
}

// bench is a limiter on a clock of its own.
type bench struct {
	t       *testing.T
	at      time.Time
	budgets []channel.Budget
	notes   *memo
	*limiter
}

func newBench(t *testing.T, budgets ...channel.Budget) *bench {
	b := &bench{t: t, at: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), budgets: budgets, notes: &memo{at: map[string][]byte{}}}
	b.restart()
	return b
}

func (b *bench) restart() {
	b.limiter = newLimiter(b.budgets, func() time.Time { return b.at }, b.notes)
}

// call makes one call without waiting and returns when it may be tried again, zero when it was made.
func (b *bench) call(budget string, cost int, said ...Allowance) time.Duration {
	b.t.Helper()
	r := Request{Op: "try", Budget: budget, Cost: cost}
	d, err := b.spend(r)
	if err != nil {
		return asError(b.t, err, channel.Throttled, channel.CodeThrottled).RetryAt.Sub(b.at)
	}
	b.at = b.at.Add(d)
	if err := b.settle(r, said, nil); err != nil {
		b.t.Fatal(err)
	}
	return 0
}

// spree calls until it is refused and returns how often it was not.
func (b *bench) spree(budget string) (n int) {
	for ; n < 10_000 && b.call(budget, 1) == 0; n++ {
	}
	return n
}

func near(t *testing.T, what string, got, want time.Duration) {
	t.Helper()
	if (got - want).Abs() > 20*time.Millisecond {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestPoints(t *testing.T) {
	b := newBench(t, channel.Budget{Name: "points", Every: 10 * time.Millisecond, Burst: 1000})
	b.call("points", 900)
	near(t, "900 more points", b.call("points", 1000), 9*time.Second)
	// The shop charged 100 only, and its plan is a larger one than was known.
	b.at = b.at.Add(time.Second)
	b.call("points", 100, Allowance{Budget: "points", Left: 1900, Most: 2000, Every: 5 * time.Millisecond})
	start := b.at
	if d := b.call("points", 1900); d != 0 || b.at != start {
		t.Errorf("1900 points that are there: refused for %v, waited %v", d, b.at.Sub(start))
	}
	b.call("points", 200)
	near(t, "200 points of 5 ms", b.at.Sub(start), time.Second)
	b.at = b.at.Add(time.Hour)
	start = b.at
	if d := b.call("points", 5000); d != 0 || b.at != start {
		t.Errorf("more than there can ever be: refused for %v", d)
	}
}

func TestCallsUnderWayAreNotLeft(t *testing.T) {
	b := newBench(t, channel.Budget{Name: "points", Every: 10 * time.Millisecond, Burst: 1000})
	slow, quick := Request{Budget: "points", Cost: 600}, Request{Budget: "points", Cost: 100}
	b.spend(slow)
	b.spend(quick)
	b.settle(quick, []Allowance{{Budget: "points", Left: 900}}, nil) // it has not seen the slow one
	near(t, "what is left without the slow call", b.call("points", 1000), 7*time.Second)
}

func TestWindow(t *testing.T) {
	b := newBench(t, channel.Budget{Name: "all", Every: 200 * time.Millisecond, Burst: 150})
	b.call("all", 1, Allowance{Budget: "all", Left: 2, Most: 150, Reset: 20 * time.Second})
	start := b.at
	b.call("all", 1)
	b.call("all", 1)
	near(t, "a used up window", b.call("all", 1), 20*time.Second)
	b.at = start.Add(-time.Hour) // the clock was set back
	near(t, "a used up window after the clock was set back", b.call("all", 1), 20*time.Second)
	b.at = b.at.Add(20 * time.Second)
	start = b.at
	for range 150 {
		b.call("all", 1)
	}
	if b.at != start {
		t.Errorf("the new window waited %v", b.at.Sub(start))
	}
}

func TestDays(t *testing.T) {
	sliding := newBench(t, channel.Budget{Name: "day", DailyMax: 10})
	for range 5 {
		sliding.call("day", 1)
	}
	sliding.at = sliding.at.Add(10 * time.Hour)
	if n := sliding.spree("day"); n != 5 {
		t.Errorf("%d calls after 5 of 10", n)
	}
	near(t, "the first five free", sliding.call("day", 1), 14*time.Hour+slotWidth)
	sliding.at = sliding.at.Add(-300 * 24 * time.Hour)
	if d := sliding.call("day", 1); d > 24*time.Hour+slotWidth || d < 23*time.Hour {
		t.Errorf("after the clock was set back by a year: %v", d)
	}

	fixed := newBench(t, channel.Budget{Name: "day", DailyMax: 10, DayBegins: channel.DayAt(8 * time.Hour)})
	fixed.at = time.Date(2026, 11, 23, 7, 50, 0, 0, time.UTC)
	fixed.spree("day")
	near(t, "midnight at the vendor's", fixed.call("day", 1), 10*time.Minute)
	fixed.at = fixed.at.Add(10 * time.Minute)
	if n := fixed.spree("day"); n != 10 {
		t.Errorf("%d calls of 10 on the new day", n)
	}
	near(t, "the next midnight", fixed.call("day", 1), 24*time.Hour)
}

func TestReserve(t *testing.T) {
	b := newBench(t, channel.Budget{Name: "app", DailyMax: 100, Keep: 30},
		channel.Budget{Name: "orders", Of: "app", Urgent: true}, channel.Budget{Name: "push", Of: "app"})
	if n := b.spree("push"); n != 80 {
		t.Errorf("%d pushes of 100, want all but a fifth", n)
	}
	if n := b.spree("orders"); n != 20 {
		t.Errorf("%d order calls of the 20 that were kept", n)
	}
}

// TestKeptCallsStopNobody: a store that is throttled is left alone as a whole, so a push that only meets what is kept is put
// off no longer than the next order pull.
func TestKeptCallsStopNobody(t *testing.T) {
	b := newBench(t, channel.Budget{Name: "app", DailyMax: 100, Keep: 30},
		channel.Budget{Name: "orders", Of: "app", Urgent: true}, channel.Budget{Name: "push", Of: "app"})
	b.spree("push")
	near(t, "a push where orders could be read", b.call("push", 1), keptRetry)
	b.spree("orders")
	near(t, "a push on a day that is gone", b.call("push", 1), 24*time.Hour+slotWidth)
}

// TestBriefLimitsAreNotWrittenDown: a budget of a second would be written with nearly every call.
func TestBriefLimitsAreNotWrittenDown(t *testing.T) {
	b := newBench(t, channel.Budget{Name: "calls"})
	b.call("calls", 1, Allowance{Budget: "calls", Left: Unsaid, Most: 1, Every: time.Second / 5},
		Allowance{Budget: "calls", Left: 9000, Most: 10_000, Daily: true})
	before := b.notes.writes
	for range 50 {
		b.call("calls", 1)
	}
	if b.notes.writes != before {
		t.Errorf("%d notes for 50 calls of a day's 10,000", b.notes.writes-before)
	}
	began := b.at
	b.restart()
	for range 5 {
		b.call("calls", 1)
	}
	near(t, "five calls after a start", b.at.Sub(began), time.Second)
}

func TestOthersUseTheSameDay(t *testing.T) {
	b := newBench(t, channel.Budget{Name: "app", DailyMax: 5})
	b.call("app", 1, Allowance{Budget: "app", Left: 900, Most: 1000, Daily: true})
	b.call("app", 1, Allowance{Budget: "app", Left: 0, Daily: true})
	near(t, "a day that others used up", b.call("app", 1), lookAgain)
	b.at = b.at.Add(lookAgain)
	if d := b.call("app", 1, Allowance{Budget: "app", Left: 3, Daily: true}); d != 0 {
		t.Errorf("looking again: %v", d)
	}
	if n := b.spree("app"); n != 3 {
		t.Errorf("%d calls of the 3 that are left", n)
	}
}

func TestLimitsOutliveTheProgram(t *testing.T) {
	b := newBench(t, channel.Budget{Name: "orders", Every: 3 * time.Minute, Burst: 20}, channel.Budget{Name: "day", DailyMax: 1000},
		channel.Budget{Name: "push", Every: 100 * time.Millisecond, Burst: 50})
	for range 19 {
		b.call("orders", 1)
	}
	b.restart()
	if n := b.spree("orders"); n != 1 {
		t.Errorf("%d order calls after a restart, 1 was left", n)
	}
	near(t, "the next order call", b.call("orders", 1), 3*time.Minute)
	for range 500 {
		b.call("day", 1)
	}
	b.restart()
	if n := b.spree("day"); n > 500 || n < 480 {
		t.Errorf("%d calls after a restart, 500 were left", n)
	}
	for range 50 {
		b.call("push", 1)
	}
	b.restart()
	start := b.at
	if d := b.call("push", 1); d != 0 || b.at.Sub(start) < 100*time.Millisecond || b.at.Sub(start) > LongestWait {
		t.Errorf("a used up bucket after a restart: refused for %v, waited %v", d, b.at.Sub(start))
	}
	b.notes.at["limits"] = []byte("{half")
	b.restart()
	if d := b.call("orders", 1); d != 0 {
		t.Errorf("a note that cannot be read: %v", d)
	}
}

// TestToldLimitOverRestarts: a rate that an answer told holds after a crash, though no call was refused or counted since. It
// was forgotten when the bucket was so full that nothing else had to be written down, and the next start was too fast.
func TestToldLimitOverRestarts(t *testing.T) {
	b := newBench(t, channel.Budget{Name: "orders", Every: time.Minute, Burst: 10}, channel.Budget{Name: "patch", Every: time.Second / 5, Burst: 5})
	b.call("orders", 1)
	b.at = b.at.Add(time.Hour)
	b.call("patch", 1, Allowance{Budget: "patch", Left: Unsaid, Every: 2 * time.Second})
	b.at = b.at.Add(time.Second)
	b.restart()
	start := b.at
	for range 4 {
		b.call("patch", 1)
	}
	if took := b.at.Sub(start); took < 2*time.Second {
		t.Errorf("four calls took %v after a restart, at a rate of one in 2 s", took)
	}
	b.at = b.at.Add(time.Minute)
	writes := b.notes.writes
	b.call("patch", 1, Allowance{Budget: "patch", Left: Unsaid, Every: 2 * time.Second})
	if b.notes.writes != writes {
		t.Errorf("a limit that is known was written down again")
	}
}

func TestToldToWaitOverRestarts(t *testing.T) {
	b := newBench(t, channel.Budget{Name: "push", Every: time.Millisecond, Burst: 50})
	r := Request{Budget: "push"}
	b.spend(r)
	b.settle(r, nil, &channel.Error{Kind: channel.Throttled, RetryAt: b.at.Add(10 * time.Minute)})
	b.restart()
	b.at = b.at.Add(time.Minute)
	near(t, "told to wait, after a restart", b.call("push", 1), 9*time.Minute)
	b.at = b.at.Add(-24 * time.Hour)
	b.restart()
	near(t, "the same after the clock was set back to nobody knows when", b.call("push", 1), 10*time.Minute)
}

// TestCrashOnlyMakesCareful crashes at random moments and counts against a limiter that never forgets.
func TestCrashOnlyMakesCareful(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	budget := channel.Budget{Name: "push", Every: 50 * time.Millisecond, Burst: 100, DailyMax: 3000}
	b, truth := newBench(t, budget), newBucket(budget, time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	made := 0
	for range 20_000 {
		switch random.IntN(40) {
		case 0:
			b.restart()
		case 1:
			b.at = b.at.Add(time.Duration(random.IntN(60)) * time.Second)
		}
		cost := 1 + random.IntN(5)
		if d := b.call("push", cost); d != 0 {
			b.at = b.at.Add(d)
			continue
		}
		made++
		truth.fill(b.at)
		if d := truth.wait(cost, false, b.at); d > time.Millisecond {
			t.Fatalf("call %d was made %v too early", made, d)
		}
		truth.take(cost, b.at)
	}
	if made < 10_000 || b.notes.writes > made/4 {
		t.Errorf("%d calls were made with %d writes", made, b.notes.writes)
	}
}

func TestIdleStoreWritesNothing(t *testing.T) {
	b := newBench(t, channel.Budget{Name: "orders", Every: time.Second, Burst: 10})
	for range 144 {
		b.call("orders", 1)
		b.at = b.at.Add(10 * time.Minute)
	}
	if b.notes.writes > 1 {
		t.Errorf("a call every ten minutes wrote %d times", b.notes.writes)
	}
}

func TestWhatCannotBeKeptIsNotSent(t *testing.T) {
	b := newBench(t, channel.Budget{Name: "day", DailyMax: 10})
	b.notes.broken = errors.New("disk full")
	if _, err := b.spend(Request{Op: "try", Budget: "day"}); err == nil || channel.KindOf(err) != channel.Transient {
		t.Errorf("a call that was not written down: %v", err)
	}
}

func TestAnswersTeach(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	calls, status := 0, 200
	c, _ := serve(t, func(c *Config) {
		c.Now = func() time.Time { return now }
		c.Wait = func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil }
		c.Budgets = []channel.Budget{{Name: "all", Every: time.Millisecond, Burst: 100}}
		c.Learn = func(r *Response) []Allowance {
			left, _ := strconv.Atoi(r.Header.Get("X-Left"))
			return []Allowance{{Budget: "all", Left: left, Reset: time.Minute}}
		}
	}, func(w http.ResponseWriter, r *http.Request) {
		calls++
		w.Header().Set("X-Left", strconv.Itoa(2-calls))
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(status)
	})
	do := func() error { _, err := c.Do(t.Context(), Request{Op: "try", Budget: "all"}); return err }
	if err := errors.Join(do(), do()); err != nil {
		t.Fatal(err)
	}
	if e := asError(t, do(), channel.Throttled, channel.CodeThrottled); calls != 2 || !e.RetryAt.Equal(now.Add(time.Minute)) {
		t.Errorf("%d calls reached the shop, told to come back at %v", calls, e.RetryAt)
	}
	now, calls, status = now.Add(time.Minute), 0, 429
	asError(t, do(), channel.Throttled, channel.CodeThrottled)
	if e := asError(t, do(), channel.Throttled, channel.CodeThrottled); calls != 1 || !e.RetryAt.Equal(now.Add(2*time.Minute)) {
		t.Errorf("%d calls reached a shop that asked to wait until %v", calls, e.RetryAt)
	}
}
