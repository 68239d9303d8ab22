package httpx

import (
	"testing"
	"time"

	"evenstock/backend/channel"
)

func TestQuotaIsTheScarcestDay(t *testing.T) {
	now := time.Date(2026, 8, 17, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	none := newLimiter([]channel.Budget{{Name: "calls", Every: time.Second, Burst: 5}}, clock, nil)
	if q, known := none.quota(); known {
		t.Errorf("without a day: %+v", q)
	}
	l := newLimiter([]channel.Budget{{Name: "many", DailyMax: 1000, DayBegins: channel.DayAt(7 * time.Hour)}, {Name: "few", DailyMax: 10, DayBegins: channel.DayAt(7 * time.Hour)}}, clock, nil)
	is := func(left, most int, reset time.Time) {
		t.Helper()
		q, known := l.quota()
		if !known || q.Left != left || q.Most != most || !q.Reset.Equal(reset) {
			t.Errorf("%+v, known %v; want %d of %d until %s", q, known, left, most, reset)
		}
	}
	spend := func(budget string, n int) {
		t.Helper()
		if _, err := l.spend(Request{Budget: budget, Cost: n}); err != nil {
			t.Fatal(err)
		}
	}
	spend("many", 100)
	is(900, 1000, time.Date(2026, 8, 18, 7, 0, 0, 0, time.UTC))
	spend("few", 4)
	is(6, 10, time.Date(2026, 8, 18, 7, 0, 0, 0, time.UTC))
	now = time.Date(2026, 8, 18, 7, 0, 0, 0, time.UTC)
	if q, _ := l.quota(); q.Left != q.Most || !q.Reset.IsZero() {
		t.Errorf("on the next day: %+v", q)
	}
}
