//go:build !headless

package bridge

import (
	"context"
	"strings"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// SaveAs has the person choose a file by the system's dialog, which begins in folder with name; the end of the name says
// what the file is. It returns
// "" when the dialog was closed, or when there is no window.
func (r *Runtime) SaveAs(folder, name string) (string, error) {
	var ctx context.Context
	r.with(func(now context.Context) { ctx = now })
	if ctx == nil {
		return "", nil
	}
	title, filter := "Back up the books", runtime.FileFilter{DisplayName: "Backups of Evenstock (*.bak)", Pattern: "*.bak"}
	if strings.HasSuffix(name, ".csv") {
		title, filter = "Save the list", runtime.FileFilter{DisplayName: "Comma separated values (*.csv)", Pattern: "*.csv"}
	}
	return runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{Title: title, DefaultDirectory: folder,
		DefaultFilename: name, CanCreateDirectories: true, Filters: []runtime.FileFilter{filter}})
}
