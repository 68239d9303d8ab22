package db

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
)

// logger passes on what Badger says from its own goroutines, where nobody else hears of it. While it opens, its errors
// are returned as well and not logged.
type logger struct{ opened atomic.Bool }

func (l *logger) Errorf(format string, args ...any)   { l.log(slog.LevelError, format, args) }
func (l *logger) Warningf(format string, args ...any) { l.log(slog.LevelWarn, format, args) }
func (l *logger) Infof(string, ...any)                {}
func (l *logger) Debugf(string, ...any)               {}

func (l *logger) log(level slog.Level, format string, args []any) {
	if l.opened.Load() {
		slog.Log(context.Background(), level, "database", "says", strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
}
