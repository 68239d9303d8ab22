package bigcommerce

import (
	"net/http"
	"strconv"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	forCalls    = "calls"
	forListings = "listings"

	// keep is the part of a window, as a divisor, that is left to orders, stock and the store's other apps, which share it
	// (bigcommerce.md, 3.6), while listings are read.
	keep = 5
	// longestWindow bounds what a mistaken header may claim; a real window lasts 30 seconds.
	longestWindow = 5 * time.Minute
)

// budgets have no numbers. How many requests a window of 30 seconds holds differs from plan to plan and is read from the
// answers; before the first one nothing is held back.
var budgets = []channel.Budget{{Name: forCalls}, {Name: forListings, Of: forCalls}}

// budgetOf is what a request is charged to.
func budgetOf(op string) string {
	if op == opListings {
		return forListings
	}
	return forCalls
}

// learn reads what an answer says about the window. Times are milliseconds from now (bigcommerce.md, 3.6).
func learn(r *httpx.Response) []httpx.Allowance {
	left, ok := count(r.Header, "X-Rate-Limit-Requests-Left")
	reset, told := count(r.Header, "X-Rate-Limit-Time-Reset-Ms")
	if !ok || !told {
		return nil
	}
	ends := min(time.Duration(reset)*time.Millisecond, longestWindow)
	quota, _ := count(r.Header, "X-Rate-Limit-Requests-Quota")
	kept := quota / keep
	return []httpx.Allowance{
		{Budget: forCalls, Left: left, Most: quota, Reset: ends},
		{Budget: forListings, Left: max(0, left-kept), Most: quota - kept, Reset: ends},
	}
}

func count(h http.Header, name string) (int, bool) {
	n, err := strconv.Atoi(h.Get(name))
	return n, err == nil && n >= 0
}
