package engine

import (
	"context"
	"sync"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/view"
)

// Phases of a run, in the words the window shows.
const (
	phaseListings = "read listings"
	phaseOrders   = "read orders"
	phaseNumbers  = "read numbers"
	phaseSend     = "send"
	phaseAgain    = "read orders once more"
	phaseWait     = "wait for the shop"
	phaseCopy     = "copy numbers"
	phaseOnTop    = "add open units"
	phaseCompare  = "compare numbers"
	phaseClear    = "clear what waited"
	phaseSettle   = "settle its bookings"
)

// What a store may be doing besides a run.
const (
	kindTurnOff = "turn_off"
	kindRemove  = "remove"
)

// stepEvery is how many steps of our own are done between two looks at how far they are, and whether they are to go on.
const stepEvery = 500

// estimateAfter is how long a run goes on before its remaining time is worth saying.
const estimateAfter = 5 * time.Second

// progress is what a lane is doing, for people to look at.
type progress struct {
	mu      sync.Mutex
	at      *view.Progress
	phaseAt time.Time
	seq     uint64
	changed func([]string)
}

func (p *progress) begin(store uint32, kind string, now time.Time) {
	p.mu.Lock()
	p.seq++
	p.at = &view.Progress{Store: store, Kind: kind, StartedAt: now.UnixMilli(), Seq: p.seq}
	p.phaseAt = now
	p.mu.Unlock()
	p.changed([]string{"progress"})
}

// step moves on: done and total of a phase, total 0 when nobody knows.
func (p *progress) step(phase string, done, total int64, now time.Time) {
	p.mu.Lock()
	if p.at == nil {
		p.mu.Unlock()
		return
	}
	p.seq++
	if p.at.Phase != phase {
		p.phaseAt = now
	}
	p.at.Phase, p.at.Done, p.at.Total, p.at.Seq = phase, done, total, p.seq
	p.mu.Unlock()
	p.changed([]string{"progress"})
}

// inSteps is [inPieces] that shows how far it is.
func inSteps[T any](ctx context.Context, l *lane, phase string, all []T, step func(*db.Tx, T) error) error {
	at := func(done int) { l.progress.step(phase, int64(done), int64(len(all)), l.e.now()) }
	at(0)
	_, err := l.e.o.DB.InPieces(ctx, l.e.now, len(all), func(tx *db.Tx, i int) error {
		if i%stepEvery == 0 {
			at(i)
		}
		return step(tx, all[i])
	})
	if err == nil {
		at(len(all))
	}
	return err
}

func (p *progress) end() {
	p.mu.Lock()
	p.at = nil
	p.mu.Unlock()
	p.changed([]string{"progress"})
}

// now is the present state with an estimate of the time left in the phase, from its own pace.
func (p *progress) now(now time.Time) *view.Progress {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at == nil {
		return nil
	}
	out := *p.at
	if took := now.Sub(p.phaseAt); took >= estimateAfter && out.Done > 0 && out.Total > out.Done {
		left := took.Milliseconds() * (out.Total - out.Done) / out.Done
		out.LeftMs = &left
	}
	return &out
}
