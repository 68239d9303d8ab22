package view

import (
	"fmt"
	"sync"
	"time"

	"evenstock/backend/db"
)

// mostSentRead bounds what is read once a day to sum up the days before: ten stores that are busy all day.
const mostSentRead = 200_000

// sent is what was written on the days before today. Those are over, so they are read once a day.
type sent struct {
	mu    sync.Mutex
	today int64 // the day they were read on
	days  map[int64]int64
}

// sentDays returns how many numbers were written on each of the last SoldDays days; today is known.
func (v *View) sentDays(now time.Time, today int64) ([]SentDay, error) {
	s := &v.sent
	s.mu.Lock()
	defer s.mu.Unlock()
	days := lastDays(now)
	first, last := days[0].At, days[len(days)-1].At
	if s.days == nil || s.today != last {
		sums := map[int64]int64{}
		err := v.db.View(func(tx *db.Tx) error {
			read := 0
			for r := range tx.Runs() {
				if read++; r.StartedAt < first || read > mostSentRead {
					break
				}
				sums[dayOf(time.UnixMilli(r.StartedAt).In(now.Location()))] += r.Written
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("numbers sent in the last days: %w", err)
		}
		s.days, s.today = sums, last
	}
	out := make([]SentDay, len(days))
	for i, day := range days {
		out[i] = SentDay{At: day.At, Numbers: s.days[day.At]}
	}
	out[len(out)-1].Numbers = today
	return out, nil
}
