//go:build !headless

package bridge

import (
	"context"
	"sync"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// Runtime is the only holder of the Wails context. Before startup and after shutdown its methods do nothing: the Wails
// functions would end the process.
type Runtime struct {
	mu  sync.RWMutex
	ctx context.Context

	notes notes
}

// Attach takes the context that Wails passes to OnStartup.
func (r *Runtime) Attach(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ctx = ctx
}

// Detach forgets it; call it from OnShutdown.
func (r *Runtime) Detach() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ctx = nil
}

// with holds the context while fn uses it, so that Detach waits for calls under way.
func (r *Runtime) with(fn func(context.Context)) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.ctx != nil {
		fn(r.ctx)
	}
}

// Emit sends an event to the window.
func (r *Runtime) Emit(event string, data ...any) {
	r.with(func(ctx context.Context) { runtime.EventsEmit(ctx, event, data...) })
}

// Show brings the window to the front, also from the tray or when it is minimised.
func (r *Runtime) Show() {
	r.with(func(ctx context.Context) {
		runtime.WindowShow(ctx)
		runtime.WindowUnminimise(ctx)
	})
}

// Quit asks the window to close and the application to end.
func (r *Runtime) Quit() { r.with(runtime.Quit) }
