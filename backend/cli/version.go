package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"runtime"

	"evenstock/backend/desktop"
)

func version(*flag.FlagSet) action {
	return func(_ context.Context, c *Call) error {
		folder := c.globals.folder
		if folder == "" {
			var err error
			if folder, err = desktop.DataDir(); err != nil {
				return err
			}
		}
		out := struct {
			Version string `json:"version"`
			Go      string `json:"go"`
			System  string `json:"system"`
			Window  bool   `json:"window"`
			Folder  string `json:"folder"`
		}{c.program.Version, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, c.program.Window != nil, folder}
		return c.show(out, func(w io.Writer) {
			fmt.Fprintf(w, "Evenstock %s (%s, %s)\n", out.Version, out.Go, out.System)
			fmt.Fprintf(w, "Books: %s\n", clean(folder))
		})
	}
}
