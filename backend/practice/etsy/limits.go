package etsy

import (
	"strconv"
	"time"
)

// usage counts calls for the limits of an app: by second, and by a day that slides in buckets (etsy.md, "Rate limits").
type usage struct {
	second time.Time
	now    int
	hours  map[int64]int // width of the buckets unverified
}

const dayHours = 24

// charge counts the call and tells what is left in headers. It returns how many seconds to wait when nothing is.
func (c *call) charge() (wait int, ok bool) {
	o := c.face.options
	if o.PerSecond == 0 && o.PerDay == 0 {
		return 0, true
	}
	now := c.face.world.Now()
	c.face.mu.Lock()
	defer c.face.mu.Unlock()
	u := &c.face.calls
	if at := now.Truncate(time.Second); !at.Equal(u.second) {
		u.second, u.now = at, 0
	}
	hour, today := now.Unix()/int64(time.Hour/time.Second), 0
	if u.hours == nil {
		u.hours = map[int64]int{}
	}
	for h, n := range u.hours {
		if h <= hour-dayHours {
			delete(u.hours, h)
			continue
		}
		today += n
	}
	switch {
	case o.PerDay > 0 && today >= o.PerDay:
		wait = dayHours * int(time.Hour/time.Second) // as was seen (etsy.md, "Rate limits")
	case o.PerSecond > 0 && u.now >= o.PerSecond:
		wait = 1
	default:
		u.now++
		u.hours[hour]++
		today++
	}
	tell := func(name string, n int) { c.header.Set(name, strconv.Itoa(max(0, n))) }
	tell("x-limit-per-second", o.PerSecond)
	tell("x-remaining-this-second", o.PerSecond-u.now)
	tell("x-limit-per-day", o.PerDay)
	tell("x-remaining-today", o.PerDay-today)
	return wait, wait == 0
}
