package schedule

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// during runs the schedule for d of virtual time and returns when it beat and when it was night.
func during(t *testing.T, d time.Duration, work func(n int)) (beats, nights []time.Time, stopped time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			done <- Run(ctx,
				func(now time.Time) { beats = append(beats, now); work(len(beats)) },
				func(now time.Time) { nights = append(nights, now) })
		}()
		time.Sleep(d)
		before := time.Now()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		stopped = time.Since(before)
	})
	// In virtual time gocron sometimes finds a job due twice in one instant. A beat twice is a beat once.
	return slices.CompactFunc(beats, time.Time.Equal), slices.CompactFunc(nights, time.Time.Equal), stopped
}

func idle(int) {}

func TestBeatsEveryFifteenSeconds(t *testing.T) {
	beats, _, _ := during(t, time.Hour+time.Second, idle)
	if len(beats) != 240 {
		t.Fatalf("%d beats in an hour, want 240", len(beats))
	}
	for i := range beats[1:] {
		if gap := beats[i+1].Sub(beats[i]); gap != Heartbeat {
			t.Fatalf("beat %d came after %v", i+1, gap)
		}
	}
}

func TestOneNightEachDay(t *testing.T) {
	_, nights, _ := during(t, 3*24*time.Hour, idle)
	if len(nights) != 3 {
		t.Fatalf("%d nightly jobs in three days", len(nights))
	}
	for _, n := range nights {
		if h, m, _ := n.Local().Clock(); h != nightHour || m != nightMinute {
			t.Errorf("nightly job at %v", n.Local())
		}
	}
}

func TestALongBeatIsNotMadeUpFor(t *testing.T) {
	beats, _, _ := during(t, 10*time.Minute+time.Second, func(n int) {
		if n == 1 {
			time.Sleep(5 * time.Minute)
		}
	})
	// The first is at 0:15 and ends at 5:15; one note waited meanwhile; the others are those of the last five minutes.
	if n := len(beats); n < 20 || n > 22 {
		t.Fatalf("%d beats", n)
	}
}

func TestStopsAtOnceWhileABeatJustRan(t *testing.T) {
	for _, d := range []time.Duration{Heartbeat, Heartbeat + time.Nanosecond, time.Minute} {
		if _, _, stopped := during(t, d, idle); stopped > stopWithin {
			t.Errorf("after %v it took %v to stop", d, stopped)
		}
	}
}
