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

// Hide takes the window away.
func (*Runtime) Hide() {}

// Ask shows a question; nobody is there to answer with yes.
func (*Runtime) Ask(_, _, _ string) bool { return false }

// Notify has the system show a notice.
func (*Runtime) Notify(string, string, string, func()) error { return nil }
