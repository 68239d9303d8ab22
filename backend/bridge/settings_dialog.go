//go:build !headless

package bridge

import (
	"context"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// SaveAs has the person choose a file for a backup by the system's dialog, which begins in folder with name. It returns
// "" when the dialog was closed, or when there is no window.
func (r *Runtime) SaveAs(folder, name string) (string, error) {
	var ctx context.Context
	r.with(func(now context.Context) { ctx = now })
	if ctx == nil {
		return "", nil
	}
	return runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{Title: "Back up the books", DefaultDirectory: folder,
		DefaultFilename: name, CanCreateDirectories: true,
		Filters: []runtime.FileFilter{{DisplayName: "Backups of Evenstock (*.bak)", Pattern: "*.bak"}}})
}
