//go:build headless

package desktop

import (
	"context"
	"io/fs"
)

// Shell surrounds a window; a program built for the command line has none, so it does nothing.
type Shell struct{}

// NewShell returns a shell around nothing.
func NewShell(context.Context, Window, fs.FS, bool) *Shell { return &Shell{} }

// Open begins nothing.
func (*Shell) Open(Books) {}

// Close ends nothing.
func (*Shell) Close() {}

// Emit tells nobody.
func (*Shell) Emit(string, ...any) {}

// BeforeClose lets the window close.
func (*Shell) BeforeClose() bool { return false }

// Tell does nothing.
func (*Shell) Tell(Notice) {}

// End ends nothing.
func (*Shell) End() {}
