//go:build headless

package bridge

import "context"

// Runtime is the window's side of the bridge; a program built for the command line has none, so it does nothing.
type Runtime struct{}

// Attach takes the context that Wails passes to OnStartup.
func (*Runtime) Attach(context.Context) {}

// Detach forgets it.
func (*Runtime) Detach() {}

// Emit sends an event to the window.
func (*Runtime) Emit(string, ...any) {}

// Show brings the window to the front.
func (*Runtime) Show() {}

// Quit asks the window to close.
func (*Runtime) Quit() {}
