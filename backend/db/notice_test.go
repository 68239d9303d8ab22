package db

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNoticesAreBounded(t *testing.T) {
	d := memory(t)
	var topics []string
	d.OnCommit(func(t Touched) { topics = t.Topics() })
	update(t, d, func(tx *Tx) error {
		for i := range mostNotices {
			n := Notice{Kind: "stale", Store: 1, At: int64(i)}
			if i == 3 || i == 5 {
				n.Ended = int64(i)
			}
			_, err := tx.PutNotice(n)
			must(t, err)
		}
		return nil
	})
	if diff := cmp.Diff([]string{"notices"}, topics); diff != "" {
		t.Error(diff)
	}
	for _, gone := range []int64{3, 5, 0, 1} { // what is over first
		update(t, d, func(tx *Tx) error { _, err := tx.PutNotice(Notice{Kind: "key", At: 1000 + gone}); return err })
		must(t, d.View(func(tx *Tx) error {
			kept := tx.Notices()
			if len(kept) != mostNotices || kept[len(kept)-1].At != 1000+gone {
				t.Errorf("%d kept, the newest of %d", len(kept), kept[len(kept)-1].At)
			}
			for _, n := range kept {
				if n.At == gone {
					t.Errorf("the notice of %d is still there", gone)
				}
			}
			return nil
		}))
	}
	verified(t, d)
}
