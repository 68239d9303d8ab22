package engine

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/view"
)

// Secrets keeps the credentials of stores; what it keeps is durable when Put returns.
type Secrets interface {
	Get(store uint32, field string) (string, error)
	Put(store uint32, field, value string) error
}

// Options are all an Engine needs. Every field is required unless said otherwise.
type Options struct {
	DB      *db.DB
	Types   *channel.Registry
	HTTP    *http.Client
	Log     *slog.Logger
	Secrets Secrets
	Now     func() time.Time
	Sleep   func(ctx context.Context, d time.Duration) error // returns early with ctx's error
	Jitter  func(d time.Duration) time.Duration              // optional: spreads back-off
	Changed func(topics []string)                            // optional: something to show changed
	Listen  func(Event)                                      // optional: a run ended
}

// Engine syncs stores. Its methods may be called from several goroutines.
type Engine struct{}

// New returns an engine for the stores in the books. It starts nothing.
func New(o Options) (*Engine, error) { panic("soon") }

// Run works until ctx ends: every lane in its own goroutine. Without it nothing happens by itself, and the methods
// below do their work in the caller's goroutine.
func (e *Engine) Run(ctx context.Context) { panic("soon") }

// Tick is the heartbeat: it wakes every lane that has something due at now.
func (e *Engine) Tick(now time.Time) { panic("soon") }

// Nightly re-reads all listings of all stores at their next step.
func (e *Engine) Nightly(now time.Time) { panic("soon") }

func (e *Engine) AddStore(ctx context.Context, n NewStore) (db.Store, channel.Account, error) {
	panic("soon")
}
func (e *Engine) CheckStore(ctx context.Context, id uint32) (channel.Account, error) { panic("soon") }
func (e *Engine) SetStore(ctx context.Context, id uint32, p StorePatch) error        { panic("soon") }
func (e *Engine) RemoveStore(ctx context.Context, id uint32, release bool) error     { panic("soon") }

// Rehearse reads the store and computes what turning on (or, if on, a push) would do; nothing is stored.
func (e *Engine) Rehearse(ctx context.Context, id uint32, t TurnOn) (Rehearsal, error) { panic("soon") }

// TurnOn turns sync on. Already on: no run, no error.
func (e *Engine) TurnOn(ctx context.Context, id uint32, t TurnOn) ([]db.Run, error) { panic("soon") }
func (e *Engine) TurnOff(ctx context.Context, id uint32) error                      { panic("soon") }

// Pause stops writes to all stores (id 0) or one; Resume lets them go on.
func (e *Engine) Pause(ctx context.Context, id uint32) error  { panic("soon") }
func (e *Engine) Resume(ctx context.Context, id uint32) error { panic("soon") }

// The four manual buttons, M1–M4. A refusal is an *Error; a run that failed is a Run with its outcome and a nil error.
func (e *Engine) Sync(ctx context.Context, id uint32) (db.Run, error)             { panic("soon") }
func (e *Engine) RefreshInventory(ctx context.Context, id uint32) (db.Run, error) { panic("soon") }
func (e *Engine) SyncListings(ctx context.Context, id uint32) (db.Run, error)     { panic("soon") }
func (e *Engine) RefreshListings(ctx context.Context, id uint32) (db.Run, error)  { panic("soon") }

// SyncAll is M1 for every store that is on, all orders before any push. off names the stores left out.
func (e *Engine) SyncAll(ctx context.Context) (runs []db.Run, off []string, err error) { panic("soon") }

// Cancel stops what the store's lane is doing after the batch on the wire.
func (e *Engine) Cancel(id uint32) { panic("soon") }

// Progress is what the store's lane is doing, nil when it rests.
func (e *Engine) Progress(id uint32) *view.Progress { panic("soon") }

// ChangeStock pulls the stores that hold open bookings first when In stock is set (Q7), then changes it.
func (e *Engine) ChangeStock(ctx context.Context, c StockChange) (StockChanged, error) { panic("soon") }

// Settle waits until every listing of the product in stores that are on is settled, at most for wait, and says what
// became of each. It does the work itself where no lane is running.
func (e *Engine) Settle(ctx context.Context, item uint64, wait time.Duration) ([]PushOutcome, error) {
	panic("soon")
}

// Undo reverses a movement by a counter-entry.
func (e *Engine) Undo(ctx context.Context, seq uint64, actor string) (StockChanged, error) {
	panic("soon")
}

// LinkLine books an unmatched order line on the product with the SKU.
func (e *Engine) LinkLine(ctx context.Context, line db.LineRef, sku string) error { panic("soon") }

// AnswerRenamed says what a listing's new SKU means: the product was renamed, or it is another product now.
func (e *Engine) AnswerRenamed(ctx context.Context, link db.Link, renamed bool) error { panic("soon") }

// AnswerShipped says whether units that a store shipped while sync was off are still in the counted stock (take them
// out) or not (already counted).
func (e *Engine) AnswerShipped(ctx context.Context, id uint32, takeOut bool) error { panic("soon") }

// Drift reads the store and reports the listings whose number differs; nothing is adopted.
func (e *Engine) Drift(ctx context.Context, id uint32) (Rehearsal, error) { panic("soon") }

// FixDrift writes our number to the listings of the SKUs, or to all that differ when skus is nil.
func (e *Engine) FixDrift(ctx context.Context, id uint32, skus []string) (db.Run, error) {
	panic("soon")
}

// Held lists what the safety catch holds; Approve lets those rows pass for 24 h, Drop leaves them as they are. nil skus
// means all.
func (e *Engine) Held(id uint32) (Rehearsal, error) { panic("soon") }
func (e *Engine) Approve(ctx context.Context, id uint32, skus []string) (db.Run, error) {
	panic("soon")
}
func (e *Engine) Drop(ctx context.Context, id uint32, skus []string) (int, error) { panic("soon") }

// Track switches stock tracking on in the shop for listings with these SKUs (nil: all untracked), after the user's consent.
func (e *Engine) Track(ctx context.Context, id uint32, skus []string) (db.Run, error) { panic("soon") }
