package engine

import (
	"sync"
	"time"

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
)

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
