package desktop

import (
	"context"
	"io/fs"
	"net/http"
)

// HiddenFlag is the flag with which the program starts in the tray, as it does at login.
const HiddenFlag = "hidden"

// WindowOptions are all that [OpenWindow] needs. Functions are called from the window's own goroutines.
type WindowOptions struct {
	Title    string
	Folder   string // the data folder: there is one window for each
	Assets   fs.FS  // the built page, with index.html at its root
	Icon     []byte // PNG
	Services []any  // structs the page may call
	Hidden   bool   // the window is not shown before it is asked for

	Secure      func(http.Handler) http.Handler // around every asset: the content security policy
	FormatError func(error) any                 // what the page gets of an error; has to return a string

	Started func(ctx context.Context) // the window exists; ctx is what the Wails runtime wants to be called with
	Again   func()                    // the program was started a second time: bring the window to the front
	Closing func() (stay bool)        // the window was closed, or is about to: does the program stay? Called in a goroutine
	Stopped func()                    // the window is gone
}
