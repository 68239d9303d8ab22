package httpx

import (
	"time"

	"evenstock/backend/channel"
)

// Quota is the day's allowance of which the smallest part is left, false where none is known.
func (c *Client) Quota() (channel.Quota, bool) { return c.limits.quota() }

func (l *limiter) quota() (scarce channel.Quota, known bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.load()
	now := l.now()
	for _, b := range l.buckets {
		b.fill(now)
		most := b.budget.DailyMax
		if most <= 0 {
			continue
		}
		q := channel.Quota{Left: max(0, most-b.day.own()-b.day.others), Most: most, Reset: b.day.fresh(now)}
		if !known || q.Left*scarce.Most < scarce.Left*q.Most {
			scarce, known = q, true
		}
	}
	return scarce, known
}

// fresh is when nothing that was spent so far counts any more, zero when nothing was spent.
func (d *day) fresh(now time.Time) (at time.Time) {
	for _, s := range d.slots {
		if end := d.end(s.From); end.After(at) {
			at = end
		}
	}
	if d.others > 0 && d.start != channel.SlidingDay {
		at = d.end(now)
	}
	return at
}
