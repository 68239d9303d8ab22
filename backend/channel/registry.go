package channel

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

// Type describes one kind of channel and opens accounts of it. Fields drive the connect form and the command line, so
// adding a connector needs no front-end work.
type Type struct {
	Name, Title, Badge string // "woocommerce", "WooCommerce", "WC"
	Fields             []Field
	Steps              []string // exact steps to the credentials in the vendor's console, one sentence each
	// Open makes no request. It fails with an *Error of kind Invalid when a setting is missing or malformed.
	Open func(Deps, Settings) (Store, error)
	// Login gets the fields that nobody can enter through the user's browser and returns them; nil where there is none. It
	// is asked for when the field called LoginField is left empty.
	Login      func(ctx context.Context, deps Deps, settings Settings, browser Browser) (map[string]string, error)
	LoginField string
	// ListingEvery and MaxQuantity are those of Capabilities, for a store that is not open.
	ListingEvery time.Duration
	MaxQuantity  int64
	// OwnStatuses says that its shops can have order statuses of their own, which Settings.StatusMap gives a meaning.
	OwnStatuses bool
	// Hooks is how the shop calls this program when something changed; nil where it cannot. See [HookReader].
	Hooks *HookSetup
}

// Browser is the user's browser during a login.
type Browser interface {
	// Visit sends the user to page and returns the address that the vendor sends his browser back to: redirect with a
	// query. A redirect of this computer is waited for, any other is one that the user pastes. Whether the state in it is
	// the one that page was given is for the caller to check. Every error but that of an ended ctx is an [*Error].
	Visit(ctx context.Context, redirect, page string) (*url.URL, error)
}

// Field is one thing the user enters to connect a store.
type Field struct {
	Name, Label, Help string
	Secret, Required  bool
	Choices           []string
}

// Settings are the values of a connected store. Secrets are in Fields only while the store is open.
type Settings struct {
	Fields        map[string]string
	AllowHTTP     bool   // the user confirmed an unencrypted, loopback or LAN address
	Endpoint      string // replaces the vendor's base address; loopback only
	IncludeDrafts bool
	StatusMap     map[string]string // custom order status → booked | fulfilled | ignored
}

// Deps is all a connector may touch of the outside world.
type Deps struct {
	HTTP *http.Client // the transport; httpx adds limits, redaction and the ban on redirects
	Log  *slog.Logger
	Now  func() time.Time
	// Wait waits until a limit of the vendor lets a call through, or returns early with ctx's error. Nil waits by the clock.
	Wait func(ctx context.Context, d time.Duration) error
	Save func(name, secret string) error // durable when it returns: rotated tokens go back to the key store
	// Notes is what a connector remembers over restarts: what of a quota is spent, how often a listing was revised. Nil
	// remembers nothing.
	Notes Notes
}

// Notes keeps small facts of one store. They are no secrets and no part of the books: a connector that finds none, or
// cannot read what it finds, goes on as if the store had just been connected.
type Notes interface {
	// Read returns what was written last under name, nil if nothing was.
	Read(name string) ([]byte, error)
	// Write is durable when it returns. A value is at most [NoteLimit] bytes.
	Write(name string, value []byte) error
}

// NoteLimit is the size of the largest note: the revisions of 10,000 listings of one day.
const NoteLimit = 256 << 10

// Registry is the list of channel types the application knows.
type Registry struct{ types []Type }

// NewRegistry returns a registry of types; it panics on a duplicate name.
func NewRegistry(types ...Type) *Registry {
	seen := map[string]bool{}
	for _, t := range types {
		if seen[t.Name] {
			panic("channel type registered twice: " + t.Name)
		}
		seen[t.Name] = true
	}
	return &Registry{types: types}
}

// Types returns the types in the order they are shown.
func (r *Registry) Types() []Type { return r.types }

// Lookup returns the type called name.
func (r *Registry) Lookup(name string) (Type, error) {
	for _, t := range r.types {
		if t.Name == name {
			return t, nil
		}
	}
	return Type{}, &Error{Kind: Invalid, Op: "choose a channel", Code: CodeInvalid,
		Message: fmt.Sprintf("There is no channel called %q.", name)}
}
