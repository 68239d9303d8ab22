package words

import (
	"fmt"
	"strconv"
	"time"
)

// manner is how numbers and days are written.
type manner struct {
	thousands string // between groups of three digits
	ordinal   string // behind the number of a day
	weekdays  [7]string
	short     [12]string // months in a short date
	months    [12]string
}

var english = manner{",", "",
	[7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	[12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	[12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}}

// manners are those of the other languages.
var manners = map[string]manner{
	"de": {".", ".",
		[7]string{"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"},
		[12]string{"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
		[12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}},
}

func (w Words) manner() manner {
	if w.spoken == nil {
		return english
	}
	return w.spoken.manner
}

// Number writes a number of at least 0 with its thousands set apart.
func (w Words) Number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + w.manner().thousands + s[i:]
	}
	return s
}

// Weekday is the day of the week of a time, in short.
func (w Words) Weekday(t time.Time) string { return w.manner().weekdays[t.Weekday()] }

// Day is a day of this year, in short: "18 Jul".
func (w Words) Day(t time.Time) string {
	m := w.manner()
	return fmt.Sprintf("%d%s %s", t.Day(), m.ordinal, m.short[t.Month()-1])
}

// Date is a day in full: "12 March 2027".
func (w Words) Date(t time.Time) string {
	m := w.manner()
	return fmt.Sprintf("%d%s %s %d", t.Day(), m.ordinal, m.months[t.Month()-1], t.Year())
}
