package db

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestNewCall: a call is new once, in a store, until it is forgotten: for its age, or for newer ones.
func TestNewCall(t *testing.T) {
	d := memory(t)
	sample(t, d)
	const most = 5
	week := 7 * 24 * time.Hour
	call := func(store uint32, id string, after time.Duration) (first bool) {
		t.Helper()
		at := testTime.Add(after)
		must(t, d.Update(at, func(tx *Tx) (err error) {
			first, err = tx.NewCall(store, id, most, at.Add(-week).UnixMilli())
			return err
		}))
		return first
	}
	for i, c := range []struct {
		store uint32
		id    string
		after time.Duration
		first bool
	}{
		{1, "a", 0, true}, {1, "a", 0, false}, {2, "a", 0, true}, {1, "A", 0, true},
		{1, "a", week, false}, {1, "a", week + time.Millisecond, true}, {1, "a", week + time.Hour, false},
	} {
		if got := call(c.store, c.id, c.after); got != c.first {
			t.Errorf("call %d, %+v: first is %v", i, c, got)
		}
	}
	for i := range 2 * most {
		call(1, fmt.Sprint("n", i), 2*week+time.Duration(i)*time.Second)
	}
	var kept int
	must(t, d.View(func(tx *Tx) error {
		kept = len(slices.Collect(func(yield func([]byte) bool) {
			for k := range tx.scan(key(tagCalled, uint32(1)), nil, false) {
				if !yield(k) {
					return
				}
			}
		}))
		return nil
	}))
	if kept != most {
		t.Errorf("%d calls are kept, want %d", kept, most)
	}
	if call(1, "n9", 2*week+time.Minute) || !call(1, "n4", 2*week+time.Minute) {
		t.Error("not the newest are kept")
	}
	if call(2, "a", 0) {
		t.Error("the calls of one store drive out another's")
	}
	verified(t, d)
}
