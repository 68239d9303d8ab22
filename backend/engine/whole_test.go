package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// wholeStore has 600 listings and open orders of half of them, and books that are written in small pieces.
func wholeStore(t *testing.T) (w *late, refs []channel.Ref) {
	t.Helper()
	w = newLateIn(t, db.Options{Piece: 100}, memory.Options{ReadBatch: 100, PushBatch: 100}, true)
	refs = w.many(600)
	for _, ref := range refs[:300] {
		w.shop.Sell(channeltest.Units{Ref: ref, Quantity: 1})
	}
	w.at = w.at.Add(time.Hour)
	if _, err := w.engine.SyncListings(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	return w, refs
}

// turn turns sync on and returns the run.
func (w *late) turn(answers engine.TurnOn) db.Run {
	w.t.Helper()
	runs, err := w.engine.TurnOn(w.t.Context(), w.store, answers)
	if err != nil || len(runs) != 1 {
		w.t.Fatalf("%v, %+v", err, runs)
	}
	return runs[0]
}

func (w *late) kept() (s db.Store, marks int) {
	w.t.Helper()
	err := w.d.View(func(tx *db.Tx) (err error) {
		for range tx.DirtyOf(w.store) {
			marks++
		}
		s, err = tx.Store(w.store)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return s, marks
}

// TestAWholeStoreShowsHowFarItIs: what is done to a whole store counts what it has done, of how many (product.md, issue T1 to T3, C1).
func TestAWholeStoreShowsHowFarItIs(t *testing.T) {
	w, _ := wholeStore(t)
	var seen []string
	w.changed = func([]string) {
		p := w.engine.Progress(w.store)
		if p == nil || p.Done == 0 || p.Done > p.Total && p.Total > 0 {
			return
		}
		if at := p.Kind + ": " + p.Phase; !slices.Contains(seen, at) {
			seen = append(seen, at)
		}
	}
	for _, c := range []struct {
		name string
		do   func()
		want []string
	}{
		{"rehearsal", func() {
			r, err := w.engine.Rehearse(t.Context(), w.store, engine.TurnOn{Copy: true})
			if err != nil || len(r.Rows) != 600 {
				t.Fatalf("%v, %d rows", err, len(r.Rows))
			}
		}, []string{"turn_on: read numbers", "turn_on: read orders", "turn_on: compare numbers"}},
		{"turn on and copy, push none", func() {
			w.turn(engine.TurnOn{Copy: true, Push: engine.PushNone})
		}, []string{"turn_on: read numbers", "turn_on: read orders", "turn_on: copy numbers", "turn_on: compare numbers"}},
		{"turn off", func() {
			for i := range 600 { // something waits for every listing
				w.set(fmt.Sprint("S-", i), 3)
			}
			if err := w.engine.TurnOff(t.Context(), w.store); err != nil {
				t.Fatal(err)
			}
		}, []string{"turn_off: clear what waited"}},
		{"on again, everything", func() {
			if r := w.turn(engine.TurnOn{Push: engine.PushAll}); r.Written == 0 {
				t.Fatalf("%+v", r)
			}
		}, []string{"turn_on: read numbers", "turn_on: compare numbers", "turn_on: send"}},
		{"remove", func() {
			if err := w.engine.RemoveStore(t.Context(), w.store, true); err != nil {
				t.Fatal(err)
			}
		}, []string{"remove: settle its bookings"}},
	} {
		seen = nil
		c.do()
		for _, phase := range c.want {
			if !slices.Contains(seen, phase) {
				t.Errorf("%s: no counts of %q, only %q", c.name, phase, seen)
			}
		}
	}
	if s, marks := w.kept(); !s.Removed || s.Leaving != "" || marks != 0 {
		t.Errorf("%d marks, %+v", marks, s)
	}
}

// stopAt stops what is done once it has come so far in a phase.
func (w *late) stopAt(phase string) {
	w.changed = func([]string) {
		if p := w.engine.Progress(w.store); p != nil && p.Phase == phase {
			w.engine.Cancel(w.store)
		}
	}
}

// TestATurnOnThatIsStopped leaves sync off with nothing marked and nothing sent, or, once it has begun to send, says that the
// rest follows; begun again it comes to what it comes to otherwise.
func TestATurnOnThatIsStopped(t *testing.T) {
	for _, phase := range []string{"read listings", "read numbers", "read orders", "copy numbers", "add open units", "compare numbers", "send"} {
		t.Run(phase, func(t *testing.T) {
			w, refs := wholeStore(t)
			answers := engine.TurnOn{Copy: true, Push: engine.PushAll}
			if phase == "add open units" {
				answers = engine.TurnOn{OnTop: true, Push: engine.PushAll}
			}
			if phase == "send" || answers.OnTop {
				for i := range 300 {
					w.set(fmt.Sprint("S-", i), 20)
				}
			}
			w.stopAt(phase)
			run := w.turn(answers)
			w.changed = nil
			s, marks := w.kept()
			if run.Outcome != db.Cancelled || run.Note == "" || s.Turning {
				t.Fatalf("%+v, %+v", run, s)
			}
			if phase == "send" {
				if !s.On() || marks == 0 || !strings.Contains(run.Note, "is on") {
					t.Errorf("%q, %d marks, %+v", run.Note, marks, s)
				}
			} else {
				if s.On() || s.EverOn || marks != 0 || run.Written != 0 || w.shop.Written() != 0 || !strings.Contains(run.Note, "stays off") {
					t.Errorf("%q, %d marks, %d written, %+v", run.Note, marks, w.shop.Written(), s)
				}
				if run := w.turn(answers); run.Outcome != db.Done {
					t.Fatalf("again: %+v", run)
				}
			}
			w.step(11 * time.Minute)
			for i := range 600 {
				want := int64(10)
				switch {
				case i < 300 && answers.OnTop:
					want = 20
				case i < 300 && phase == "send":
					want = 19
				case i < 300:
					want = 9
				}
				if got := w.shop.Quantity(refs[i]); got != want {
					t.Fatalf("listing %d shows %d, want %d", i, got, want)
				}
			}
		})
	}
}

// TestARehearsalThatIsStopped says so and leaves nothing behind.
func TestARehearsalThatIsStopped(t *testing.T) {
	for _, phase := range []string{"read numbers", "read orders", "compare numbers"} {
		w, _ := wholeStore(t)
		w.stopAt(phase)
		_, err := w.engine.Rehearse(t.Context(), w.store, engine.TurnOn{Copy: true})
		var said *engine.Error
		if !errors.As(err, &said) || said.Code != engine.CodeBusy || !strings.HasPrefix(said.Message, "Stopped.") {
			t.Errorf("%s: %v", phase, err)
		}
		if w.engine.Progress(w.store) != nil {
			t.Errorf("%s: it still shows", phase)
		}
	}
}

// TestTurningOffThatIsStopped: sync is off all the same, and what waited is forgotten at the next beat.
func TestTurningOffThatIsStopped(t *testing.T) {
	w, _ := wholeStore(t)
	w.turn(engine.TurnOn{Copy: true})
	for i := range 600 {
		w.set(fmt.Sprint("S-", i), 3)
	}
	w.stopAt("clear what waited")
	if err := w.engine.TurnOff(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	w.changed = nil
	if s, marks := w.kept(); s.On() || marks == 0 {
		t.Fatalf("%d marks, %+v", marks, s)
	}
	w.step(10 * time.Second)
	if s, marks := w.kept(); s.On() || marks != 0 {
		t.Errorf("%d marks, %+v", marks, s)
	}
}

// TestARemovalThatIsStopped leaves the store connected; turned on again it books what was released (product.md C1).
func TestARemovalThatIsStopped(t *testing.T) {
	for _, release := range []bool{true, false} {
		w, _ := wholeStore(t)
		w.turn(engine.TurnOn{Copy: true})
		w.stopAt("settle its bookings")
		err := w.engine.RemoveStore(t.Context(), w.store, release)
		var said *engine.Error
		if !errors.As(err, &said) || !strings.HasPrefix(said.Message, "Stopped.") {
			t.Fatal(err)
		}
		w.changed = nil
		if s, _ := w.kept(); s.Removed || s.Leaving != "" || s.On() {
			t.Fatalf("%+v", s)
		}
		if run := w.turn(engine.TurnOn{}); run.Outcome != db.Done {
			t.Fatalf("on again: %+v", run)
		}
		booked := int64(0)
		if err := w.d.View(func(tx *db.Tx) error {
			for _, s := range tx.Stocks() {
				booked += s.Booked
			}
			return nil
		}); err != nil || booked != 300 {
			t.Errorf("release %v: %v, %d units are booked, want 300", release, err, booked)
		}
		if err := w.engine.RemoveStore(t.Context(), w.store, release); err != nil {
			t.Error(err)
		}
		if s, _ := w.kept(); !s.Removed {
			t.Errorf("it was not removed: %+v", s)
		}
	}
}
