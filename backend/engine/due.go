package engine

import (
	"time"

	"evenstock/backend/db"
)

// The schedule. All of it is arithmetic on wall-clock times kept with the lane, so it survives sleep and restarts.
const (
	everyDefault  = 10 * time.Minute // product.md I2
	everyLeast    = time.Minute
	listingRetry  = 15 * time.Minute // of a listing pull that broke off
	bookedEvery   = 6 * time.Hour    // re-reading of orders that hold bookings, O8
	quiet         = 2 * time.Second  // of a woken store, I3
	wokenEvery    = 30 * time.Second // at most one woken cycle per store, I3
	recheckAfter  = 30 * time.Second // of a number lower than expected, I8
	agreeAfter    = 60 * time.Second // two pulls at least this far apart must agree, I8
	backoffFirst  = 15 * time.Second
	backoffMost   = time.Hour
	barrierPoll   = time.Second // how often a lane behind the barrier looks again
	sweepAtLatest = 36 * time.Hour
)

// job is what a lane does next.
type job uint8

const (
	jobNone job = iota
	jobCycle
	jobBooked
	jobListings
	jobSweep
)

// passed reports whether a period has gone by since then.
func passed(now time.Time, since int64, period time.Duration) bool {
	return !now.Before(after(now, since, period))
}

// after is when a period since then is over; now when there is no then, or when it lies ahead: the clock was set back,
// and nobody knows how long ago it was.
func after(now time.Time, since int64, period time.Duration) time.Time {
	then := time.UnixMilli(since)
	if since == 0 || then.After(now) {
		return now
	}
	return then.Add(period)
}

// rewind lets a back-off or a cool-down begin anew when the clock was set back to before it began, so that it never lasts
// longer than it was meant to. It reports whether it had to.
func rewind(l *db.Lane, now time.Time) bool {
	by := l.Stopped - now.UnixMilli()
	if by <= 0 {
		return false
	}
	l.Stopped -= by
	for _, end := range []*int64{&l.CoolUntil, &l.NotBefore} {
		if *end != 0 {
			*end -= by
		}
	}
	return true
}

// putOffUntil is until when a listing is put off, in Unix milliseconds, 0 for not at all. Nothing is put off for longer
// than the longest back-off; a later time is one from before the clock was set back.
func putOffUntil(d db.Dirty, now time.Time) int64 {
	if d.NotBefore > now.Add(2*backoffMost).UnixMilli() {
		return 0
	}
	return d.NotBefore
}

// backoff is how long to wait after so many failures in a row: 15 and 30 seconds, 1, 2, 4 … 60 minutes, without end. The first
// is short, since most failures are over by then, and a person who changed a number waits for it.
func (e *Engine) backoff(fails int64) time.Duration {
	d := backoffFirst
	for i := int64(1); i < fails && d < backoffMost; i++ {
		d *= 2
	}
	return e.o.Jitter(min(d, backoffMost))
}

// every is how often a store's orders are pulled.
func (e *Engine) every(s db.Store) time.Duration {
	if e.o.Every > 0 {
		return e.o.Every
	}
	if s.Every > 0 {
		return time.Duration(s.Every) * time.Millisecond
	}
	return everyDefault
}

// situation is all that decides what a lane does next.
type situation struct {
	now      time.Time
	store    db.Store
	lane     db.Lane
	every    time.Duration
	listings time.Duration // how often asking for changed listings makes sense
	sweep    bool          // the night's full pull is asked for
	fresh    bool          // not pulled since the program started or a gap
	retryAt  time.Time     // when a listing that was put off may be tried again, zero for never
	marked   time.Time     // last mark since the last cycle, zero for none
	woken    time.Time     // start of the last woken cycle
	behind   bool          // the last cycle was kept from sending by the barrier,
	closed   bool          // which is closed still
	orders   time.Time     // when to read orders because the shop says that some changed, zero for never
	changed  time.Time     // the same of listings
}

// next decides what is due now, or else when to look again. Orders come before everything.
func (s situation) next() (job, time.Time) {
	rest := func(t time.Time) time.Time {
		if cool := time.UnixMilli(s.lane.CoolUntil); s.lane.CoolUntil != 0 && t.Before(cool) {
			t = cool // which may be over: it says nothing of the back-off
		}
		if nb := time.UnixMilli(s.lane.NotBefore); s.lane.NotBefore != 0 && t.Before(nb) {
			t = nb
		}
		return t
	}
	if s.store.Needs != "" || s.store.Leaving != "" {
		return jobNone, time.Time{}
	}
	type candidate struct {
		job job
		at  time.Time
	}
	var all []candidate
	if s.store.On() {
		cycle := after(s.now, s.lane.OrderTry, s.every)
		if s.lane.Fails > 0 || s.lane.CoolUntil != 0 { // the last try failed: the back-off or the store says when, not the period
			cycle = s.now
		}
		if s.lane.Recheck != 0 {
			cycle = earlier(cycle, after(s.now, s.lane.Recheck-recheckAfter.Milliseconds(), recheckAfter))
		}
		if !s.marked.IsZero() {
			cycle = earlier(cycle, s.wakeAt())
		}
		retry := s.retryAt
		switch {
		case s.fresh, s.behind && !s.closed:
			cycle = s.now
		case s.behind: // what was put off is not sent before the barrier opens either
			cycle, retry = earlier(cycle, s.now.Add(barrierPoll)), time.Time{}
		}
		cycle = earlier(earlier(cycle, retry), s.orders)
		if ready := waitEnds(s.lane.OrderWait, s.now); !ready.IsZero() && !s.fresh {
			cycle = ready // whatever else is due needs the orders first
		}
		all = append(all, candidate{jobCycle, rest(cycle)}, candidate{jobBooked, rest(after(s.now, s.lane.BookedRead, bookedEvery))})
	}
	switch {
	case s.sweep:
		all = append(all, candidate{jobSweep, rest(s.now)})
	case s.lane.Sweep != 0 && passed(s.now, s.lane.Sweep, sweepAtLatest): // one that fails is tried again, not at once
		all = append(all, candidate{jobSweep, rest(after(s.now, s.lane.ListingTry, min(s.listings, listingRetry)))})
	}
	if ready := waitEnds(s.lane.SweepWait, s.now); !ready.IsZero() {
		all = append(all, candidate{jobSweep, rest(ready)})
	} else {
		all = append(all, candidate{jobListings, rest(s.listingsAt())})
	}
	var soonest time.Time
	for _, c := range all {
		if !c.at.After(s.now) {
			return c.job, s.now
		}
		soonest = earlier(soonest, c.at)
	}
	return jobNone, soonest
}

// listingsAt is when changed listings are asked for. A pull that did not come to its end is tried again sooner than a
// whole period later, which may be half a day.
func (s situation) listingsAt() time.Time {
	if ready := waitEnds(s.lane.ListingWait, s.now); !ready.IsZero() {
		return ready
	}
	period := s.listings
	if s.lane.ListingTry > s.lane.ListingSync {
		period = min(period, listingRetry)
	}
	return earlier(after(s.now, s.lane.ListingTry, period), s.changed)
}

// wakeAt is when a marked store may have its woken cycle: the first at once, later ones after a moment of quiet and not
// more often than every 30 s.
func (s situation) wakeAt() time.Time {
	if s.woken.IsZero() || s.now.Before(s.woken) || s.now.Sub(s.woken) >= wokenEvery+quiet {
		return s.marked
	}
	at := s.marked.Add(quiet)
	if least := s.woken.Add(wokenEvery); at.Before(least) {
		return least
	}
	return at
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
