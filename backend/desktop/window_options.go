package desktop

import (
	"context"
	"io/fs"
	"net/http"
)

// WindowOptions are all that [OpenWindow] needs. Functions are called from the window's own goroutines.
type WindowOptions struct {
	Title    string
	Folder   string // the data folder: there is one window for each
	Assets   fs.FS  // the built page, with index.html at its root
	Icon     []byte // PNG
	Services []any  // structs the page may call

	Secure      func(http.Handler) http.Handler // around every asset: the content security policy
	FormatError func(error) any                 // what the page gets of an error; has to return a string

	Started func(ctx context.Context) // the window exists; ctx is what the Wails runtime wants to be called with
	Again   func()                    // the program was started a second time: bring the window to the front
	Stopped func()                    // the window is gone
}
