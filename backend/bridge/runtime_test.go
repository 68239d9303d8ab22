//go:build !headless

package bridge_test

import (
	"testing"

	"evenstock/backend/bridge"
)

// TestRuntimeOutsideItsTime would end the process if a Wails function were called without its context.
func TestRuntimeOutsideItsTime(t *testing.T) {
	var r bridge.Runtime
	use := func() {
		r.Emit(bridge.EventChanged, []string{"stock"})
		r.Show()
		r.Quit()
	}
	use()
	r.Attach(t.Context())
	r.Detach()
	use()
}
