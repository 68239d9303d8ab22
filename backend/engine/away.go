package engine

import (
	"context"
	"fmt"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// mostAwayDays is how many times of the week a plan may have: two a day.
const mostAwayDays = 14

// AwayHold is what is held back of every listing.
type AwayHold = domain.Away

// Away is away mode as it is now.
func (e *Engine) Away() (a db.AwayMode, err error) {
	err = e.o.DB.View(func(tx *db.Tx) error {
		a, err = tx.Away()
		return err
	})
	return a, err
}

// StartAway holds so much back of every listing in every store that is on, from now: until a time, or, with atStart, until
// the program starts again; with neither until [Engine.EndAway]. What changes is sent as everything is: orders first.
func (e *Engine) StartAway(_ context.Context, hold domain.Away, until time.Time, atStart bool) error {
	now := e.now()
	if err := checkHold(hold, false); err != nil {
		return err
	}
	if !until.IsZero() && !until.After(now) {
		return &Error{Code: CodeInvalid, Message: "The time at which you are back has to lie ahead."}
	}
	return e.changeAway(func(a *db.AwayMode) {
		a.On, a.Hold, a.Since, a.Until, a.AtStart, a.Planned, a.Rest = true, hold, now.UnixMilli(), 0, atStart, false, 0
		if !until.IsZero() {
			a.Until = until.UnixMilli()
		}
	})
}

// EndAway sends every store its own numbers again, after its orders were read. What the plan has switched on stays off
// until its time is over.
func (e *Engine) EndAway(context.Context) error {
	now := e.now()
	return e.changeAway(func(a *db.AwayMode) { endAway(a, now); a.Rest = plannedUntil(a.Plan, now).UnixMilli() })
}

func endAway(a *db.AwayMode, now time.Time) {
	a.On, a.Since, a.Until, a.AtStart, a.Planned, a.Rest = false, now.UnixMilli(), 0, false, false, 0
}

// PlanAway switches away mode on and off by the week; no days is no plan. It holds from the next heartbeat.
func (e *Engine) PlanAway(_ context.Context, hold domain.Away, days []db.AwayDay) error {
	if err := checkHold(hold, len(days) == 0); err != nil {
		return err
	}
	if len(days) > mostAwayDays {
		return &Error{Code: CodeInvalid, Message: fmt.Sprintf("A plan has at most %d times a week.", mostAwayDays)}
	}
	for _, d := range days {
		if d.Weekday < 0 || d.Weekday > 6 || d.From < 0 || d.From >= 24*60 || d.To < 1 || d.To > 24*60 {
			return &Error{Code: CodeInvalid, Message: "A time of the plan is no time of a day."}
		}
	}
	return e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		a, err := tx.Away()
		if err != nil {
			return err
		}
		a.Plan, a.PlanHold, a.Rest = days, hold, 0
		return tx.PutAway(a)
	})
}

func checkHold(hold domain.Away, zero bool) error {
	switch {
	case hold.Units < 0 || hold.Units > domain.MaxQuantity || hold.Percent < 0 || hold.Percent > 100:
		return &Error{Code: CodeInvalid, Message: "Hold back 0 or more units, or 0 to 100 percent."}
	case hold == (domain.Away{}) && !zero:
		return &Error{Code: CodeInvalid, Message: "Say how much is to be held back: some units, or a share."}
	}
	return nil
}

// plannedUntil is when the time of the plan that now lies in is over; the epoch when it lies in none.
func plannedUntil(plan []db.AwayDay, now time.Time) time.Time {
	end := time.UnixMilli(0)
	for _, d := range plan {
		for _, back := range []int{0, -1} { // a time that began yesterday may go on
			y, m, day := now.AddDate(0, 0, back).Date()
			from := time.Date(y, m, day, 0, d.From, 0, 0, now.Location())
			if int(from.Weekday()) != d.Weekday {
				continue
			}
			if d.To <= d.From {
				day++
			}
			if to := time.Date(y, m, day, 0, d.To, 0, 0, now.Location()); !now.Before(from) && now.Before(to) && to.After(end) {
				end = to
			}
		}
	}
	return end
}

// due changes a to what it is to be at now, and reports whether that is something else. fresh says that the program
// has just started. However long nobody looked, there is one change at most.
func due(a *db.AwayMode, now time.Time, fresh bool) bool {
	was := *a
	planned := plannedUntil(a.Plan, now)
	in := planned.UnixMilli() > 0
	switch {
	case a.On && a.AtStart && fresh, a.On && a.Until != 0 && now.UnixMilli() >= a.Until && !(a.Planned && in), a.On && a.Planned && !in:
		endAway(a, now)
	case a.On && a.Planned:
		a.Until = planned.UnixMilli()
	}
	if !a.On && in && now.UnixMilli() >= a.Rest {
		a.On, a.Planned, a.Hold, a.Since, a.Until, a.Rest = true, true, a.PlanHold, now.UnixMilli(), planned.UnixMilli(), 0
	}
	return a.On != was.On || a.Until != was.Until
}

// beatAway switches away mode on or off where that is due, and finishes what a crash broke off.
func (e *Engine) beatAway(now time.Time) error {
	e.mu.Lock()
	fresh := !e.awayAsked
	e.awayAsked = true
	e.mu.Unlock()
	a, err := e.Away()
	if err != nil {
		return err
	}
	changes := due(&a, now, fresh)
	if !changes && !a.Due {
		return nil
	}
	return e.changeAway(func(a *db.AwayMode) { due(a, now, fresh) })
}

// awayAt is beatAway where nobody waits for an answer.
func (e *Engine) awayAt(now time.Time) {
	if err := e.beatAway(now); err != nil {
		e.o.Log.Error("away mode", "err", err)
	}
}

// changeAway writes away mode and marks what that changes. It marks in pieces: what a crash leaves unmarked is marked at
// the next heartbeat.
func (e *Engine) changeAway(change func(*db.AwayMode)) error {
	write := func(change func(*db.AwayMode)) error {
		return e.o.DB.Update(e.now(), func(tx *db.Tx) error {
			a, err := tx.Away()
			if err != nil {
				return err
			}
			change(&a)
			return tx.PutAway(a)
		})
	}
	if err := write(func(a *db.AwayMode) { change(a); a.Due = true }); err != nil {
		return err
	}
	if err := e.markAway(); err != nil {
		return err
	}
	return write(func(a *db.AwayMode) { a.Due = false })
}
