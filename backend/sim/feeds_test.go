package sim

import (
	"testing"
	"time"

	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
)

// written sums what the runs say was written.
func (r *Rig) written() (n int64) {
	err := r.DB.View(func(tx *db.Tx) error {
		for run := range tx.Runs() {
			n += run.Written
		}
		return nil
	})
	if err != nil {
		r.T.Fatal(err)
	}
	return n
}

// TestSellerNumbersThatApplyLater has three shops take numbers minutes before they show them, as marketplaces do, and
// customers buy meanwhile; the program starts again in between. Nothing counts as written before the shop shows it, and
// in the end all shops show the same.
func TestSellerNumbersThatApplyLater(t *testing.T) {
	for _, k := range []Kind{Memory, MemoryDelta, MemoryCAS} {
		t.Run(string(k), func(t *testing.T) {
			r := Build(t, Setup{Kinds: []Kind{k, k, k}, Memory: memory.Options{Feeds: 150 * time.Second}})
			refs := r.Goods("APPLE", 50)
			r.On(0, 1, 2)
			r.Set("APPLE", 50)
			sold := int64(0)
			for minute := range 60 {
				if minute%7 < 3 {
					r.Shops[minute%3].Sell(channeltest.Units{Ref: refs[minute%3], Quantity: 1})
					sold++
				}
				if minute%20 == 11 {
					r.StartEngine()
				}
				r.Cycle(time.Minute)
				applied := 0
				for _, s := range r.Shops {
					applied += s.Written()
				}
				if n := r.written(); n > int64(applied) {
					t.Fatalf("minute %d: %d numbers count as written, the shops have applied %d", minute, n, applied)
				}
			}
			r.Cycle(time.Hour)
			r.WantStock("APPLE", 50, sold)
			left := 50 - sold
			r.WantShops(refs, left, left, left)
			before := r.written()
			r.Cycle(24 * time.Hour)
			if n := r.written(); n != before {
				t.Errorf("%d numbers were written on an idle day", n-before)
			}
			r.Verify()
		})
	}
}
