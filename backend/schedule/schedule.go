// Package schedule is the clock that makes things happen by themselves: a heartbeat and one job a night. It calls the
// functions it is given and knows nothing about what they do; what is due at a heartbeat is not decided here.
package schedule

import (
	"context"
	"fmt"
	"time"

	"github.com/go-co-op/gocron/v2"
)

const (
	// Heartbeat is the time between two beats. It bounds how late anything due can be, and it is far below the shortest
	// period a seller can choose (1 minute).
	Heartbeat = 15 * time.Second

	// The nightly job runs when shops are quiet, and not on the hour, when everybody's jobs run.
	nightHour, nightMinute = 3, 10

	// stopWithin bounds gocron's Shutdown. Our jobs take microseconds, so it is never reached.
	stopWithin = time.Second
)

// Run calls beat every [Heartbeat] and nightly once a night, one at a time, until ctx ends. A call that takes longer
// than the time between two of its calls loses the ones in between: they are not made up for.
func Run(ctx context.Context, beat, nightly func(now time.Time)) error {
	// gocron's jobs only put a note here. Shutdown spins while a job is running (executor.stop), so none may ever be.
	beats, nights := make(chan struct{}, 1), make(chan struct{}, 1)
	s, err := start(note(beats), note(nights))
	if err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			if err := s.Shutdown(); err != nil {
				return fmt.Errorf("stop of the schedule: %w", err)
			}
			return nil
		case <-beats:
			beat(time.Now().Round(0))
		case <-nights:
			nightly(time.Now().Round(0))
		}
	}
}

func note(c chan<- struct{}) func() {
	return func() {
		select {
		case c <- struct{}{}:
		default: // the last one has not been taken yet; asking twice is asking once
		}
	}
}

func start(beat, nightly func()) (gocron.Scheduler, error) {
	s, err := gocron.NewScheduler(gocron.WithLocation(time.Local), gocron.WithStopTimeout(stopWithin))
	if err != nil {
		return nil, fmt.Errorf("new schedule: %w", err)
	}
	alone := gocron.WithSingletonMode(gocron.LimitModeReschedule)
	if _, err := s.NewJob(gocron.DurationJob(Heartbeat), gocron.NewTask(beat), alone); err != nil {
		return nil, fmt.Errorf("heartbeat: %w", err)
	}
	night := gocron.DailyJob(1, gocron.NewAtTimes(gocron.NewAtTime(nightHour, nightMinute, 0)))
	if _, err := s.NewJob(night, gocron.NewTask(nightly), alone); err != nil {
		return nil, fmt.Errorf("nightly job: %w", err)
	}
	s.Start()
	return s, nil
}
