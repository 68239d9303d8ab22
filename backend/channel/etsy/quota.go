package etsy

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	forCalls  = "calls"
	forOrders = "orders"

	// orderCalls is what is kept of a day's calls for orders: two questions every ten minutes (etsy.md, "Rate limits"), and
	// as much again for orders that are read one by one.
	orderCalls = 600
	// most is the largest number of calls that an answer is believed to allow: a hundred times what was raised for anybody
	// (performance.md).
	most = 10_000_000
)

// budgets have no numbers. Limits belong to the app and differ, so they are read from the answers; before the first one
// nothing is known and nothing is held back. The day slides (etsy.md, "Rate limits").
var budgets = []channel.Budget{
	{Name: forCalls, DayBegins: channel.SlidingDay, Keep: orderCalls},
	{Name: forOrders, Of: forCalls, Urgent: true},
}

// urgent marks the calls that may use up what is kept: order pulls and what they need.
var urgent = map[string]bool{opOrders: true, opKnown: true, opTime: true, opToken: true, opShop: true}

// budgetOf is what a request is charged to.
func budgetOf(op string) string {
	if urgent[op] {
		return forOrders
	}
	return forCalls
}

// learn reads what an answer says about the app's limits. Calls are spread evenly over a second, since Etsy does not tell
// when its seconds begin: so no second has more of them, whenever it begins. The documentation spells one header without its
// last letter (etsy.md, "Rate limits").
func learn(r *httpx.Response) (said []httpx.Allowance) {
	if n, ok := count(r.Header, "x-limit-per-second"); ok && n > 0 {
		a := httpx.Allowance{Budget: forCalls, Left: httpx.Unsaid, Most: 1, Every: (time.Second + time.Duration(n) - 1) / time.Duration(n)}
		if left, ok := count(r.Header, "x-remaining-this-second", "x-remaining-this-secon"); ok && left == 0 {
			a.Left = 0 // others use the same app, or this is the last of our own
		}
		said = append(said, a)
	}
	day := httpx.Allowance{Budget: forCalls, Left: httpx.Unsaid, Daily: true}
	day.Most, _ = count(r.Header, "x-limit-per-day")
	if left, ok := count(r.Header, "x-remaining-today"); ok {
		day.Left = left
	}
	if day.Most > 0 || day.Left >= 0 {
		said = append(said, day)
	}
	return said
}

func count(h http.Header, names ...string) (int, bool) {
	for _, name := range names {
		if n, err := strconv.Atoi(h.Get(name)); err == nil && n >= 0 && n <= most {
			return n, true
		}
	}
	return 0, false
}

// held says in a seller's words that the day's calls are used up, where it was not Etsy that refused.
func held(err error, op string) error {
	var e *channel.Error
	if errors.As(err, &e) && e.Kind == channel.Throttled && e.Status == 0 && !urgent[op] {
		e.Message = "Etsy allows this app only so many calls a day, and what is left is kept for orders. Stock goes out again when Etsy allows more."
	}
	return err
}
