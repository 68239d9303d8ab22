//go:build headless

package desktop

import "errors"

// HasWindow says that this build can show a window.
const HasWindow = false

// OpenWindow fails: a program built for the command line has no window.
func OpenWindow(WindowOptions) error { return errors.New("this program was built without a window") }
