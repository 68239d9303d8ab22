//go:build !headless

package bridge

import (
	"context"
	"path/filepath"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// SaveAs has the person choose a file by the system's dialog. It returns "" when the dialog was closed, or when there is
// no window.
func (r *Runtime) SaveAs(q FileQuestion) (string, error) {
	var ctx context.Context
	r.with(func(now context.Context) { ctx = now })
	if ctx == nil {
		return "", nil
	}
	pattern := "*" + filepath.Ext(q.Name)
	return runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{Title: q.Title, DefaultDirectory: q.Folder,
		DefaultFilename: q.Name, CanCreateDirectories: true,
		Filters: []runtime.FileFilter{{DisplayName: q.Kind + " (" + pattern + ")", Pattern: pattern}}})
}
