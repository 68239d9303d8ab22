//go:build headless

package main

import (
	"context"

	"evenstock/backend/cli"
)

// showWindow is nil: this build has no window.
var showWindow func(ctx context.Context, o cli.Options, hidden bool) error
