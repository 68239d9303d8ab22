package httpx

import (
	"slices"
	"time"

	"evenstock/backend/channel"
)

const (
	wholeDay = 24 * time.Hour
	// slotWidth is how exactly a call's time is remembered: 96 numbers a day.
	slotWidth = 15 * time.Minute
	// lookAgain is how long calls that others made under the same allowance are believed in. When they leave the day is
	// theirs to know; a vendor's next answer tells.
	lookAgain = 30 * time.Minute
	// keepMost is the largest part of a day that is kept for urgent calls, as a divisor.
	keepMost = 5
)

// slot is what was spent in a quarter of an hour.
type slot struct {
	From  time.Time `json:"from"`
	Spent int       `json:"spent"`
}

// day counts what was spent of a day's allowance.
type day struct {
	start  channel.DayStart
	slots  []slot // oldest first
	others int    // spent by others under the same allowance, as the vendor told
	until  time.Time
}

// turn forgets what no longer counts. Calls that lie ahead were made before the clock was set back: they count from now.
func (d *day) turn(now time.Time) {
	this := now.Truncate(slotWidth)
	ahead := 0
	kept := d.slots[:0]
	for _, s := range d.slots {
		switch {
		case s.From.After(this):
			ahead += s.Spent
		case now.Before(d.end(s.From)):
			kept = append(kept, s)
		}
	}
	d.slots = kept
	if ahead > 0 {
		d.spend(ahead, now)
	}
	if !now.Before(d.until) || d.until.Sub(now) > lookAgain {
		d.others = 0
	}
}

// end is when what was spent in a slot counts no more.
func (d *day) end(from time.Time) time.Time {
	if d.start == channel.SlidingDay {
		return from.Add(slotWidth + wholeDay)
	}
	offset := time.Duration(d.start) - wholeDay
	return from.Add(-offset).UTC().Truncate(wholeDay).Add(wholeDay + offset)
}

func (d *day) spend(cost int, now time.Time) {
	this := now.Truncate(slotWidth)
	if n := len(d.slots); n > 0 && d.slots[n-1].From.Equal(this) {
		d.slots[n-1].Spent += cost
		return
	}
	d.slots = append(d.slots, slot{From: this, Spent: cost})
}

func (d *day) own() (sum int) {
	for _, s := range d.slots {
		sum += s.Spent
	}
	return sum
}

// wait is how long it takes until the day has room for cost.
func (d *day) wait(b channel.Budget, cost int, urgent bool, now time.Time) time.Duration {
	if b.DailyMax <= 0 {
		return 0
	}
	room := b.DailyMax
	if !urgent {
		room -= min(b.Keep, b.DailyMax/keepMost)
	}
	over := d.own() + d.others + min(cost, room) - room
	if over <= 0 {
		return 0
	}
	var frees []time.Time
	if d.others > 0 {
		frees = append(frees, d.until)
		over -= d.others
	}
	for _, s := range d.slots {
		if over <= 0 {
			break
		}
		frees, over = append(frees, d.end(s.From)), over-s.Spent
	}
	return slices.MaxFunc(frees, time.Time.Compare).Sub(now)
}

// told corrects the count by what the vendor says was spent.
func (d *day) told(spent int, now time.Time) {
	more := max(0, spent) - d.own()
	d.others, d.until = max(0, more), now.Add(lookAgain)
	for i := 0; more < 0 && i < len(d.slots); i++ {
		gone := min(d.slots[i].Spent, -more)
		d.slots[i].Spent -= gone
		more += gone
	}
}
