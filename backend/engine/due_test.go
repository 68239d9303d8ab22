package engine

import (
	"testing"
	"time"

	"evenstock/backend/db"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func ms(t time.Time) int64 { return t.UnixMilli() }

func TestNext(t *testing.T) {
	on := db.Store{Sync: db.SyncOn}
	ago := func(d time.Duration) int64 { return ms(noon.Add(-d)) }
	in := func(d time.Duration) time.Time { return noon.Add(d) }
	rested := db.Lane{OrderTry: ago(time.Minute), BookedRead: ago(time.Hour), ListingTry: ago(10 * time.Second), Sweep: ago(time.Hour)}
	with := func(change func(*db.Lane)) db.Lane { l := rested; change(&l); return l }
	tests := []struct {
		name string
		s    situation
		job  job
		at   time.Time
	}{
		{"nothing is due", situation{store: on, lane: rested}, jobNone, in(50 * time.Second)},
		{"off pulls listings only", situation{lane: db.Lane{}}, jobListings, noon},
		{"off never pulls orders", situation{lane: with(func(l *db.Lane) { l.OrderTry = 0 })}, jobNone, in(50 * time.Second)},
		{"orders every ten minutes", situation{store: on, lane: with(func(l *db.Lane) { l.OrderTry = ago(10 * time.Minute) })}, jobCycle, noon},
		{"orders before listings", situation{store: on, lane: with(func(l *db.Lane) { l.OrderTry, l.ListingTry = 0, 0 })}, jobCycle, noon},
		{"after a start at once", situation{store: on, lane: rested, fresh: true}, jobCycle, noon},
		{"a clock set back makes it due", situation{store: on, lane: with(func(l *db.Lane) { l.OrderTry = ms(in(9 * time.Hour)) })}, jobCycle, noon},
		{"a cool-down that is over", situation{store: on, lane: with(func(l *db.Lane) { l.CoolUntil = ago(time.Second) })}, jobCycle, noon},
		{"kept back by the barrier", situation{store: on, lane: rested, behind: true, closed: true}, jobNone, in(barrierPoll)},
		{"what was put off is kept back as well", situation{store: on, lane: rested, behind: true, closed: true, retryAt: in(-time.Second)}, jobNone, in(barrierPoll)},
		{"let go by the barrier", situation{store: on, lane: rested, behind: true}, jobCycle, noon},
		{"first mark at once", situation{store: on, lane: rested, marked: noon}, jobCycle, noon},
		{"second mark waits for 30 s", situation{store: on, lane: rested, marked: noon, woken: in(-10 * time.Second)}, jobNone, in(20 * time.Second)},
		{"and for quiet", situation{store: on, lane: rested, marked: noon, woken: in(-30 * time.Second)}, jobNone, in(2 * time.Second)},
		{"cool-down holds everything", situation{store: on, lane: with(func(l *db.Lane) { l.OrderTry, l.CoolUntil = 0, ms(in(5*time.Minute)) }), marked: noon}, jobNone, in(5 * time.Minute)},
		{"a failure is tried again by its back-off, not by the period", situation{store: on, lane: with(func(l *db.Lane) { l.Fails, l.NotBefore = 1, ms(in(30*time.Second)) })}, jobNone, in(30 * time.Second)},
		{"a back-off after a cool-down that is over, though a listing could be tried again long ago", situation{store: on, retryAt: in(-time.Hour),
			lane: with(func(l *db.Lane) {
				l.Fails, l.NotBefore, l.CoolUntil = 1, ms(in(30*time.Second)), ago(time.Minute)
			})}, jobNone, in(30 * time.Second)},
		{"back-off over", situation{store: on, lane: with(func(l *db.Lane) { l.Fails, l.NotBefore = 3, ago(time.Second) })}, jobCycle, noon},
		{"needs new credentials: nothing, ever", situation{store: db.Store{Sync: db.SyncOn, Needs: "auth"}, fresh: true}, jobNone, time.Time{}},
		{"booked orders every six hours", situation{store: on, lane: with(func(l *db.Lane) { l.BookedRead = ago(6 * time.Hour) })}, jobBooked, noon},
		{"the night's sweep", situation{store: on, lane: rested, sweep: true}, jobSweep, noon},
		{"an overdue sweep", situation{lane: with(func(l *db.Lane) { l.Sweep, l.ListingTry = ago(37*time.Hour), ago(time.Minute) })}, jobSweep, noon},
		{"an overdue sweep that failed", situation{lane: with(func(l *db.Lane) { l.Sweep, l.ListingTry = ago(37*time.Hour), ago(5*time.Second) })}, jobNone, in(55 * time.Second)},
		{"the same after the clock was set back", situation{lane: with(func(l *db.Lane) { l.Sweep, l.ListingTry = ms(in(time.Hour)), ago(5*time.Second) })}, jobNone, in(55 * time.Second)},
		{"a recheck", situation{store: on, lane: with(func(l *db.Lane) { l.Recheck = ms(in(12 * time.Second)) })}, jobNone, in(12 * time.Second)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.s.now, tt.s.every, tt.s.listings = noon, 10*time.Minute, time.Minute
			todo, at := tt.s.next()
			if todo != tt.job || !at.Equal(tt.at) {
				t.Errorf("job %d at %s, want %d at %s", todo, at.Format(time.TimeOnly), tt.job, tt.at.Format(time.TimeOnly))
			}
		})
	}
}

func TestAClockSetBackLetsAWaitBeginAnew(t *testing.T) {
	l := db.Lane{Stopped: ms(noon.Add(9 * time.Hour)), CoolUntil: ms(noon.Add(9*time.Hour + 5*time.Minute))}
	if !rewind(&l, noon) || l.CoolUntil != ms(noon.Add(5*time.Minute)) || l.NotBefore != 0 || rewind(&l, noon) {
		t.Errorf("lane %+v", l)
	}
	l = db.Lane{Stopped: ms(noon.Add(-time.Minute)), NotBefore: ms(noon.Add(time.Minute))}
	if before := l; rewind(&l, noon) || l != before {
		t.Errorf("lane %+v, though the clock was not set back", l)
	}
	if at := putOffUntil(db.Dirty{NotBefore: ms(noon.Add(20 * time.Hour))}, noon); at != 0 {
		t.Errorf("a listing is put off until %d", at)
	}
}

func TestHardLeft(t *testing.T) {
	h := db.HardRefresh{Local: ms(noon), Store: ms(noon.Add(-time.Hour))}
	tests := []struct {
		name       string
		now, store time.Duration // since acceptance, by each clock
		known      bool
		left       time.Duration
	}{
		{"at once", 0, 0, true, 4 * time.Hour},
		{"a second short", 4*time.Hour - time.Second, 4*time.Hour - time.Second, true, time.Second},
		{"over", 4 * time.Hour, 4 * time.Hour, true, 0},
		{"our clock set forward opens nothing", 90 * time.Hour, time.Hour, true, 3 * time.Hour},
		{"our clock set back locks nobody out", -90 * time.Hour, 4 * time.Hour, true, 0},
		{"the store's clock set back: four hours at most", time.Hour, -50 * time.Hour, true, 4 * time.Hour},
		{"the store does not answer: our clock counts", 3 * time.Hour, 0, false, time.Hour},
		{"and set back it is four hours at most", -3 * time.Hour, 0, false, 4 * time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := hardLeft(h, noon.Add(tt.now), noon.Add(tt.store-time.Hour), tt.known); got != tt.left {
				t.Errorf("left %s, want %s", got, tt.left)
			}
		})
	}
	if got := clock(3*time.Hour + 59*time.Minute + 59*time.Second + time.Millisecond); got != "4:00:00" {
		t.Errorf("clock says %s", got)
	}
}

func TestCatch(t *testing.T) {
	rows := func(n int, want int64, change func(*row)) (out []row) {
		for i := range n {
			r := row{listing: db.Listing{Ref: string(rune('a' + i))}, want: want}
			if change != nil {
				change(&r)
			}
			out = append(out, r)
		}
		return out
	}
	has := func(row) (int64, bool) { return 10, true }
	tests := []struct {
		name    string
		counted int
		rows    []row
		trips   bool
	}{
		{"twenty changes pass", 50, rows(20, 5, nil), false},
		{"twenty-one of fifty do not", 50, rows(21, 5, nil), true},
		{"thirty of a hundred pass", 100, rows(30, 5, nil), false},
		{"five zeros pass", 40, rows(5, 0, nil), false},
		{"six zeros do not", 40, rows(6, 0, nil), true},
		{"ten per cent zeros pass", 100, rows(10, 0, nil), false},
		{"what is right already does not count", 10, rows(99, 10, nil), false},
		{"decreases by orders never wait", 10, rows(99, 0, func(r *row) { r.dirty.Cause = db.ByOrder }), false},
		{"increases by orders are no exception", 10, rows(99, 20, func(r *row) { r.dirty.Cause = db.ByOrder }), true},
		{"approved rows pass", 10, rows(99, 0, func(r *row) { r.approved = true }), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newCatch(tt.counted)
			c.see(tt.rows, has)
			if (c.tripped != "") != tt.trips {
				t.Errorf("tripped %q", c.tripped)
			}
		})
	}
}

func TestBarrier(t *testing.T) {
	var b barrier
	b.beat(noon)
	if got := b.waitsFor(noon, []uint32{1, 2}); len(got) != 2 {
		t.Errorf("waits for %v", got)
	}
	b.asked(1)
	if got := b.waitsFor(noon.Add(time.Second), []uint32{1, 2}); len(got) != 1 || got[0] != 2 {
		t.Errorf("waits for %v", got)
	}
	if got := b.waitsFor(noon.Add(barrierLimit), []uint32{1, 2}); got != nil {
		t.Errorf("after a minute it still waits for %v", got)
	}
	b.beat(noon.Add(9 * time.Minute))
	if b.fresh(1) {
		t.Error("no gap, yet it closed again")
	}
	b.beat(noon.Add(9*time.Hour + 9*time.Minute))
	if !b.fresh(1) || len(b.waitsFor(noon.Add(9*time.Hour+9*time.Minute), []uint32{1})) != 1 {
		t.Error("after a night's sleep it stays open")
	}
}
