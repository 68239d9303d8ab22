package httpx

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Bounds of what a shop may ask for. The longest is the ceiling of our own back-off (channels/README.md, 1.5), so that a
// mistaken header does not stop a store for a year.
const (
	shortestRetry = time.Second
	longestRetry  = time.Hour
	defaultRetry  = time.Minute // for a 429 that does not say
)

// RetryAfter reads the header of the same name, which holds seconds or an HTTP date. A date is measured from the answer's
// own Date, since the shop's clock may differ from ours; now is used without one. The result is between one second and
// one hour; false means there is no such header or it cannot be read.
func RetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds == seconds {
		seconds = min(max(seconds, shortestRetry.Seconds()), longestRetry.Seconds())
		return time.Duration(seconds * float64(time.Second)), true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if told, err := http.ParseTime(h.Get("Date")); err == nil {
		now = told
	}
	return min(max(at.Sub(now), shortestRetry), longestRetry), true
}
