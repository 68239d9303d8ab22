//go:build !headless

package bridge

import (
	"context"
	"errors"
	"fmt"
	goruntime "runtime"
	"strings"
	"sync"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

var errNoWindow = errors.New("there is no window")

// notes are the notices that were shown, and what a click on each does.
type notes struct {
	mu      sync.Mutex
	ready   bool
	clicked map[string]func()
}

// context is the Wails context now, nil without a window. What takes a person's time uses it so, because Detach waits for
// everything else.
func (r *Runtime) context() context.Context {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.ctx
}

// Hide takes the window away; Show brings it back.
func (r *Runtime) Hide() { r.with(runtime.WindowHide) }

// Ask shows a question with two answers and reports whether it was answered with yes. Closing the question means no.
// Linux and Windows have their own words for the two.
func (r *Runtime) Ask(question, yes, no string) bool {
	ctx := r.context()
	if ctx == nil {
		return false
	}
	if goruntime.GOOS == "linux" {
		question = strings.ReplaceAll(question, "%", "%%") // Wails hands it to GTK as a format
	}
	answer, err := runtime.MessageDialog(ctx, runtime.MessageDialogOptions{Type: runtime.QuestionDialog, Title: "Evenstock",
		Message: question, Buttons: []string{yes, no}, DefaultButton: no, CancelButton: no})
	return err == nil && (answer == yes || answer == "Yes")
}

// Notify has the system show a notice; clicked is called when the person clicks on it. A later notice with the same id
// takes over what a click does. It fails where the system shows none.
func (r *Runtime) Notify(id, title, text string, clicked func()) error {
	ctx := r.context()
	if ctx == nil {
		return errNoWindow
	}
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	if err := r.prepareNotes(ctx); err != nil {
		return fmt.Errorf("notices of the system: %w", err)
	}
	r.notes.clicked[id] = clicked
	if err := runtime.SendNotification(ctx, runtime.NotificationOptions{ID: id, Title: title, Body: text}); err != nil {
		return fmt.Errorf("notice: %w", err)
	}
	return nil
}

// prepareNotes asks the system once for the right to show notices. The caller holds the lock.
func (r *Runtime) prepareNotes(ctx context.Context) error {
	if r.notes.ready {
		return nil
	}
	if err := runtime.InitializeNotifications(ctx); err != nil {
		return err
	}
	if allowed, err := runtime.RequestNotificationAuthorization(ctx); err != nil || !allowed {
		return errors.Join(err, errors.New("not allowed"))
	}
	runtime.OnNotificationResponse(ctx, r.noteClicked)
	r.notes.ready, r.notes.clicked = true, map[string]func(){}
	return nil
}

func (r *Runtime) noteClicked(result runtime.NotificationResult) {
	r.notes.mu.Lock()
	clicked := r.notes.clicked[result.Response.ID]
	r.notes.mu.Unlock()
	if result.Error == nil && clicked != nil {
		clicked()
	}
}
