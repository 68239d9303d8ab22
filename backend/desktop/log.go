package desktop

import (
	"fmt"
	"io"
	"log/slog"
	"os"
)

// maxLog is the size in bytes at which a log begins anew when it is opened; the one before is kept.
const maxLog = 4 << 20

// OpenLog opens the log file called name, which only its owner can read, and appends to it.
func OpenLog(name string) (*slog.Logger, io.Closer, error) {
	if info, err := os.Stat(name); err == nil && info.Size() > maxLog {
		if err := os.Rename(name, name+".1"); err != nil {
			return nil, nil, fmt.Errorf("log: %w", err)
		}
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("log: %w", err)
	}
	return slog.New(slog.NewTextHandler(f, nil)), f, nil
}
