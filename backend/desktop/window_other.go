//go:build !headless && !linux

package desktop

// closeHides says that closing always hides the window: here there always is a tray. It must not be decided in
// OnBeforeClose, which macOS also calls when the user logs out.
const closeHides = true

// prepareWebview has nothing to do here.
func prepareWebview() {}
