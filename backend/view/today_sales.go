package view

import (
	"fmt"
	"sort"
	"sync"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// sales are the units booked per day and product. They are kept, so that each movement is read once.
type sales struct {
	mu   sync.Mutex
	from int64                      // the first day that is complete, 0 while nothing was read
	seq  uint64                     // of the last movement that was read
	days map[int64]map[uint64]int64 // units by the beginning of their day and by product
}

// sold returns the units that were booked on each of the last SoldDays days, and those of each product over all of
// them. The first question reads the movements of these days, later ones only what was booked since.
func (v *View) sold(now time.Time) ([]SoldDay, map[uint64]int64, error) {
	s := &v.sales
	s.mu.Lock()
	defer s.mu.Unlock()
	days := lastDays(now)
	if err := v.db.View(func(tx *db.Tx) error { return s.read(tx, days[0].At, now.Location()) }); err != nil {
		return nil, nil, fmt.Errorf("sales of the last days: %w", err)
	}
	units := map[uint64]int64{}
	for i, day := range days {
		for item, n := range s.days[day.At] {
			days[i].Units += n
			units[item] += n
		}
	}
	return days, units, nil
}

// lastDays are the last SoldDays days, oldest first and today last, without units.
func lastDays(now time.Time) []SoldDay {
	days := make([]SoldDay, SoldDays)
	for i := range days {
		days[i].At = dayOf(now.AddDate(0, 0, i+1-SoldDays))
	}
	return days
}

// dayOf is when the day of t began, in its zone.
func dayOf(t time.Time) int64 {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, t.Location()).UnixMilli()
}

// read brings the sales since the beginning of a day up to date and forgets older ones. A clock that was set back makes
// it begin anew.
func (s *sales) read(tx *db.Tx, from int64, loc *time.Location) error {
	last, err := tx.LastSeq()
	if err != nil {
		return err
	}
	if s.days == nil || from < s.from {
		if s.seq, err = lastBefore(tx, last, from); err != nil {
			return err
		}
		s.days = map[int64]map[uint64]int64{}
	}
	s.from = from
	if s.seq < last {
		for m := range tx.Movements(s.seq + 1) {
			s.seq = m.Seq
			if m.Kind != domain.Booked {
				continue
			}
			day := dayOf(time.UnixMilli(m.At).In(loc))
			if s.days[day] == nil {
				s.days[day] = map[uint64]int64{}
			}
			s.days[day][m.Item] += m.Booked
		}
	}
	for day := range s.days {
		if day < from {
			delete(s.days, day)
		}
	}
	return nil
}

// lastBefore is the sequence number of the last movement before a time, 0 when there is none. Movements follow each
// other in time, so it is found in a few steps among any number of them.
func lastBefore(tx *db.Tx, last uint64, at int64) (uint64, error) {
	var failed error
	n := sort.Search(int(last), func(i int) bool {
		m, err := tx.Movement(uint64(i) + 1)
		if err != nil {
			failed = fmt.Errorf("movement %d: %w", i+1, err)
		}
		return err != nil || m.At >= at
	})
	return uint64(n), failed
}
