//go:build !headless && !linux

package desktop

// prepareWebview has nothing to do here.
func prepareWebview() {}
