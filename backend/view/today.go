package view

import (
	"cmp"
	"slices"
	"time"

	"evenstock/backend/db"
)

// Today answers "is everything even?": what needs a person, what was sold and sent, and what runs out.
type Today struct {
	Now        int64        `json:"now"`      // when it was answered; the days are those of this computer's zone
	Products   int          `json:"products"` // all, counted or not
	Oversold   int          `json:"oversold"` // products with more units promised than there are
	SentToday  int64        `json:"sentToday"`
	Needs      []Need       `json:"needs"` // most urgent first
	Sold       []SoldDay    `json:"sold"`  // the last SoldDays days, oldest first; the last one is today
	Sent       []SentDay    `json:"sent"`  // the same days
	RunningOut []RunningOut `json:"runningOut"`
	Runs       []db.Run     `json:"runs"` // of today, newest first, at most todayRuns
}

// SoldDay is how many units customers ordered on one day. Orders cancelled since are not taken off.
type SoldDay struct {
	At    int64 `json:"at"` // when the day began
	Units int64 `json:"units"`
}

// SentDay is how many numbers were written to shops on one day.
type SentDay struct {
	At      int64 `json:"at"` // when the day began
	Numbers int64 `json:"numbers"`
}

// RunningOut is a product that will be sold out soon if it goes on selling as in the last SoldDays days.
type RunningOut struct {
	SKU       string `json:"sku"`
	Title     string `json:"title"`
	Variant   string `json:"variant"`
	Available int64  `json:"available"`
	Sold      int64  `json:"sold"` // units in the last SoldDays days
	Days      int64  `json:"days"` // left, rounded down
}

const (
	// SoldDays is how many days sales are shown of, today included.
	SoldDays = 14
	// soonDays is how many days may be left of a product that is said to run out soon: time enough to order more.
	soonDays = 30
	// mostRunningOut is how many of them are shown; the list is to be read at a glance.
	mostRunningOut = 8
	// todayRuns is how many of today's runs are shown; all of them are in the activity.
	todayRuns = 6
	// mostRunsRead bounds what is read to sum up a day. A store that is busy all day makes about one run a minute.
	mostRunsRead = 10_000
)

// Today reads memory and what happened since it was asked last, so that it is cheap however long the books are. now
// decides the ages; its zone decides where a day begins.
func (v *View) Today(now time.Time) (Today, error) {
	out := Today{Now: now.UnixMilli(), RunningOut: []RunningOut{}, Runs: []db.Run{}}
	days, sold, err := v.sold(now)
	if err != nil {
		return out, err
	}
	out.Sold = days
	if out.Runs, out.SentToday, err = v.runsSince(dayOf(now)); err != nil {
		return out, err
	}
	if out.Sent, err = v.sentDays(now, out.SentToday); err != nil {
		return out, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.refresh(); err != nil {
		return out, err
	}
	out.Products = len(v.model.rows)
	out.RunningOut = v.model.runningOut(sold)
	err = v.db.View(func(tx *db.Tx) (err error) {
		out.Needs, err = v.needs(tx, now.UnixMilli())
		return err
	})
	if i := slices.IndexFunc(out.Needs, func(n Need) bool { return n.Kind == NeedOversold }); i >= 0 {
		out.Oversold = out.Needs[i].Count
	}
	return out, err
}

// runningOut are the products that sell, with the fewest days left first. What is sold out already runs out no more.
func (m *model) runningOut(sold map[uint64]int64) []RunningOut {
	out := []RunningOut{}
	for item, n := range sold {
		r := m.rows[item]
		if r == nil || !r.counted || r.available() <= 0 {
			continue
		}
		if days := r.available() * SoldDays / n; days <= soonDays {
			out = append(out, RunningOut{SKU: r.sku, Title: r.title, Variant: r.variant, Available: r.available(), Sold: n, Days: days})
		}
	}
	slices.SortFunc(out, func(a, b RunningOut) int {
		return cmp.Or(cmp.Compare(a.Days, b.Days), cmp.Compare(a.Available, b.Available), cmp.Compare(a.SKU, b.SKU))
	})
	return out[:min(len(out), mostRunningOut)]
}

// runsSince returns the newest runs since a time and how many numbers all of them sent.
func (v *View) runsSince(since int64) (runs []db.Run, sent int64, err error) {
	runs = []db.Run{}
	err = v.db.View(func(tx *db.Tx) error {
		read := 0
		for r := range tx.Runs() {
			if read++; r.StartedAt < since || read > mostRunsRead {
				break
			}
			sent += r.Written
			if len(runs) < todayRuns {
				if r.Errors == nil {
					r.Errors = []db.RunError{}
				}
				runs = append(runs, r)
			}
		}
		return nil
	})
	return runs, sent, err
}
