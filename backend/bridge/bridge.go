package bridge

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"runtime/debug"
	"sync"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/desktop"
	"evenstock/backend/engine"
	"evenstock/backend/hook"
	"evenstock/backend/practice"
	"evenstock/backend/view"
)

// About is what is known before the books are open.
type About struct {
	Version string
	DataDir string
	Log     *slog.Logger
}

// Deps are what the services work on once the books are open.
type Deps struct {
	Context context.Context // ends when the application does; calls outlive the page that made them
	Engine  *engine.Engine
	View    *view.View
	Types   *channel.Registry
	Now     func() time.Time
	Changed func(topics []string) // tells the page of what is not in the books; nil where there is no page
	// StartPractice opens practice stores and connects them.
	StartPractice func(ctx context.Context) error
	// Practice returns what lives in the practice stores of these books, and each store's world by its number; nil when
	// the books are not practice books or their stores are not connected yet.
	Practice func() (*practice.Demo, map[uint32]*practice.World)

	Books   *db.DB
	Looks   *db.DB // keeps how the program looks; nil for Books
	Backups string // folder of the backups
	// SaveAs has the person choose a file by the system's dialog, "" when it was closed; nil where there is none.
	SaveAs func(FileQuestion) (string, error)

	Hooks *hook.Receiver // nil where no shop can call

	AtLogin *desktop.AtLogin // nil for a program without a window
	Quit    func()           // ends the program without a question; nil in a browser
}

// FileQuestion asks where to write a file. The end of the name says what the file is.
type FileQuestion struct {
	Folder, Name string // what the dialog begins with
	Title, Kind  string // in the person's language: what is asked, and what files of that kind are called
}

// Bridge owns the services. They exist before the books are open, because Wails binds them at once; until [Bridge.Attach]
// every call but App.State fails with a sentence.
type Bridge struct {
	about About

	login  logins
	tables tables

	mu      sync.RWMutex
	deps    *Deps
	trouble string
}

// New returns a bridge that is not attached to anything.
func New(about About) *Bridge { return &Bridge{about: about} }

// Attach opens the services for calls.
func (b *Bridge) Attach(d Deps) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deps, b.trouble = &d, ""
}

// Detach closes the services for new calls; why is a sentence the page shows, such as why the books could not be opened.
func (b *Bridge) Detach(why string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deps, b.trouble = nil, why
	b.tables.clear()
}

// Services are the structs to bind, in Wails or in [Serve].
func (b *Bridge) Services() []any {
	return []any{&App{b}, &Stores{b}, &Stock{b}, &Orders{b}, &Activity{b}, &Health{b}, &Practice{b}, &Today{b}, &Settings{b: b}, &Notices{b}, &Away{b}, &Warehouses{b}}
}

func (b *Bridge) attached() (*Deps, string) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.deps, b.trouble
}

// call is around every method of every service. It refuses while nothing is attached, turns a panic into an error, logs
// what nobody foresaw, and makes every nil list and map of the result an empty one. Without it a panic would leave the
// page waiting for ever (desktop.md section 5).
func call[T any](b *Bridge, name string, fn func(*Deps) (T, error)) (out T, err error) {
	defer func() {
		if p := recover(); p != nil {
			b.about.Log.Error("call panicked", "call", name, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			var zero T
			out, err = zero, failureOf(fmt.Errorf("panic: %v", p))
		}
		fillEmpty(reflect.ValueOf(&out).Elem())
	}()
	deps, trouble := b.attached()
	if deps == nil {
		if trouble == "" {
			trouble = "Evenstock is still opening its books."
		}
		return out, &Failure{Code: CodeStarting, Message: trouble}
	}
	out, err = fn(deps)
	if err == nil {
		return out, nil
	}
	failure := failureOf(err)
	if failure.Code == CodeInternal {
		b.about.Log.Error("call failed", "call", name, "err", err)
	}
	var zero T
	return zero, failure
}

// do is call for methods without a result.
func do(b *Bridge, name string, fn func(*Deps) error) error {
	_, err := call(b, name, func(d *Deps) (struct{}, error) { return struct{}{}, fn(d) })
	return err
}

// fillEmpty makes nil slices and maps within v empty ones, because nil would reach the page as null.
func fillEmpty(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fillEmpty(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fillEmpty(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		if !plain(v.Type().Elem()) {
			for i := range v.Len() {
				fillEmpty(v.Index(i))
			}
		}
	case reflect.Map:
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
	}
}

// plain reports whether values of t hold nothing that could be nil and matter.
func plain(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Struct, reflect.Slice, reflect.Map:
		return false
	}
	return true
}
