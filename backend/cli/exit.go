package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/desktop"
	"evenstock/backend/engine"
)

// Exit codes of every command.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitRefused     = 3 // cooldown, sync off, held, unset, unconfirmed
	exitPartly      = 4 // partly done or pending
	exitOwned       = 5 // the folder is owned by a process that cannot be reached
	exitKeys        = 6 // new credentials needed
	exitInterrupted = 130
)

// ownedError says that the folder is in the hands of a process that does not let this command in.
type ownedError struct{ message string }

func (e *ownedError) Error() string { return e.message }

func ownedf(format string, args ...any) error { return &ownedError{fmt.Sprintf(format, args...)} }

// errTerminated is the cause of a context that a SIGTERM ended, which is how `run` and `practice` are stopped.
var errTerminated = errors.New("terminated")

// outcome is returned by a command that has written its document and its sentences and wants this exit code.
type outcome int

func (o outcome) Error() string { return fmt.Sprintf("exit code %d", int(o)) }

// usageError is a command that was typed wrongly.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// invalidf is a sentence about something that was asked for and cannot be.
func invalidf(format string, args ...any) error {
	return &engine.Error{Code: engine.CodeInvalid, Message: fmt.Sprintf(format, args...)}
}

func notFoundf(format string, args ...any) error {
	return &engine.Error{Code: engine.CodeNotFound, Message: fmt.Sprintf(format, args...)}
}

// failure is what stdout carries after a failure with --json.
type failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Store   string `json:"store,omitempty"`
	RetryAt *int64 `json:"retryAt,omitempty"`
}

// Sentence is what a person is told about an error.
func Sentence(err error) string {
	f, _ := describe(err)
	return f.Message
}

// describe turns an error into a failure and an exit code.
func describe(err error) (failure, int) {
	var (
		usage   *usageError
		refusal *engine.Error
		vendor  *channel.Error
		owned   *ownedError
	)
	switch {
	case errors.As(err, &usage):
		return failure{Code: engine.CodeInvalid, Message: usage.message}, exitUsage
	case errors.As(err, &owned):
		return failure{Code: engine.CodeBusy, Message: owned.message}, exitOwned
	case errors.Is(err, db.ErrLocked):
		return failure{Code: engine.CodeBusy, Message: plain(err)}, exitOwned
	case errors.As(err, &refusal) && errors.Is(err, context.Canceled):
		return failure{Code: refusal.Code, Message: refusal.Message, Store: refusal.Store}, exitInterrupted
	case errors.Is(err, context.Canceled):
		return failure{Code: engine.CodeBusy, Message: "Stopped before it was finished."}, exitInterrupted
	case errors.As(err, &refusal):
		f := failure{Code: refusal.Code, Message: refusal.Message, Store: refusal.Store}
		if !refusal.RetryAt.IsZero() {
			at := refusal.RetryAt.UnixMilli()
			f.RetryAt = &at
		}
		return f, exitOf(refusal.Code)
	case errors.As(err, &vendor) && vendor.Message != "":
		return failure{Code: vendor.Code, Message: vendor.Message}, exitOf(vendor.Code)
	case errors.Is(err, desktop.ErrOwned), errors.Is(err, desktop.ErrUnreachable):
		return failure{Code: engine.CodeBusy, Message: plain(err)}, exitOwned
	case errors.Is(err, desktop.ErrNoKey):
		return failure{Code: engine.CodeAuth, Message: plain(err)}, exitKeys
	case errors.Is(err, db.ErrNotFound):
		return failure{Code: engine.CodeNotFound, Message: "There is no such thing in the books."}, exitFailed
	}
	return failure{Code: engine.CodeInvalid, Message: plain(err)}, exitFailed
}

// plain is the sentence an error was written with, one for what the operating system refused, or the error as it is.
func plain(err error) string {
	var written interface{ UserMessage() string }
	switch {
	case errors.As(err, &written):
		return written.UserMessage()
	case errors.Is(err, syscall.ENOSPC):
		return "The disk is full. Nothing was changed; make room and try again."
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Sprintf("Evenstock may not read or write there (%v).", err)
	}
	return err.Error()
}

// exitOf is the exit code that goes with a code of the engine.
func exitOf(code string) int {
	switch code {
	case engine.CodeCooldown, engine.CodeSyncOff, engine.CodeHeld, engine.CodeUnset, engine.CodeUnconfirmed:
		return exitRefused
	case engine.CodeAuth, engine.CodeReadOnly:
		return exitKeys
	}
	return exitFailed
}
