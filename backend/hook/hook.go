// Package hook receives the calls that shops make when something changed ("webhooks"), on this computer only, for users
// whose tunnel leads here. It is off until it is switched on. A call whose signature is right makes a store's next poll
// happen now, and nothing is taken from it: whoever lost a call loses nothing, and whoever repeats one gains nothing.
package hook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"evenstock/backend/channel"
)

const (
	// DefaultPort is offered when none was chosen; nothing well known uses it.
	DefaultPort = 8793

	leastPort, mostPort = 1024, 65535 // below are those of the system

	window      = 5 * time.Minute // how old, or how far ahead, a signed time may be (Standard Webhooks)
	maxBody     = 2 << 20         // bytes of a call: a product with 2,000 variants
	maxHeader   = 16 << 10        // bytes of its headers
	maxAtOnce   = 8               // calls that are read at the same time, so that at most 16 MB are held
	headWithin  = 5 * time.Second
	bodyWithin  = 10 * time.Second // Shopify itself gives up after five seconds
	closeWithin = 200 * time.Millisecond
)

// Options are all a Receiver needs. Every field is required.
type Options struct {
	// Read says what a call of a store is about: an error of kind Auth when it is not signed as it should be, any other
	// when there is no such store or it does not call.
	Read func(store uint32, h http.Header, body []byte) (channel.Hook, error)
	// First reports whether a store's call with this id was not seen before, and remembers it, over restarts too.
	First func(store uint32, id string) (bool, error)
	// Wake makes the store's next poll happen now.
	Wake func(store uint32, h channel.Hook)
	// Keep remembers a setting for the next start, see [Receiver.Recall].
	Keep func(setting string) error
	Now  func() time.Time
	Log  *slog.Logger
}

// Receiver listens while it is switched on. Its methods may be called from several goroutines.
type Receiver struct {
	o    Options
	busy chan struct{}

	mu      sync.Mutex
	on      bool
	port    int
	trouble string
	server  *server // nil while nothing listens
	calls   map[uint32]*Calls
}

// State is whether calls are received.
type State struct {
	On      bool
	Port    int
	Trouble string // why nobody listens although it is on, a sentence; else empty
}

// New returns a receiver that is off.
func New(o Options) *Receiver {
	return &Receiver{o: o, port: DefaultPort, busy: make(chan struct{}, maxAtOnce), calls: map[uint32]*Calls{}}
}

// setting is what [Options.Keep] is given: "on 8793" or "off 8793".
func setting(on bool, port int) string {
	if on {
		return "on " + strconv.Itoa(port)
	}
	return "off " + strconv.Itoa(port)
}

// parse reads a setting; one that nobody could have kept is off.
func parse(text string) (on bool, port int) {
	word, number, _ := strings.Cut(text, " ")
	port, err := strconv.Atoi(number)
	if err != nil || !valid(port) {
		return false, DefaultPort
	}
	return word == "on", port
}

func valid(port int) bool { return port >= leastPort && port <= mostPort }

// Recall takes up the setting that was kept. Nobody listens until [Receiver.Start].
func (r *Receiver) Recall(kept string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on, r.port = parse(kept)
}

// Start listens if it is switched on. A port that is taken is told by [Receiver.State].
func (r *Receiver) Start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.on || r.server != nil {
		return
	}
	server, err := r.listen(r.port)
	if err != nil {
		r.trouble = sentence(err)
		r.o.Log.Warn("webhooks are not received", "err", err)
	}
	r.server = server
}

// Set switches the receiver on or off and chooses its port. It fails with a sentence when the port cannot be had or the
// setting cannot be kept; then everything stays as it was.
func (r *Receiver) Set(on bool, port int) error {
	if !valid(port) {
		return refused(fmt.Sprintf("Choose a port from %d to %d.", leastPort, mostPort), nil)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh := r.server
	if on && (r.server == nil || port != r.port) {
		server, err := r.listen(port)
		if err != nil {
			return err
		}
		fresh = server
	}
	if err := r.o.Keep(setting(on, port)); err != nil {
		if fresh != r.server {
			shut(fresh)
		}
		return err
	}
	if !on {
		fresh = nil
	}
	if fresh != r.server {
		shut(r.server)
	}
	r.on, r.port, r.server, r.trouble = on, port, fresh, ""
	return nil
}

// State says whether calls are received.
func (r *Receiver) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return State{On: r.on, Port: r.port, Trouble: r.trouble}
}

// Close stops listening; what was kept stays kept.
func (r *Receiver) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	shut(r.server)
	r.server = nil
}

// listen opens a port of this computer alone.
func (r *Receiver) listen(port int) (*server, error) {
	listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, refused(fmt.Sprintf("Port %d of this computer cannot be used; another program may have it. Choose another one.", port), err)
	}
	s := &server{listener, &http.Server{Handler: r, ReadHeaderTimeout: headWithin, ReadTimeout: bodyWithin, WriteTimeout: 2 * bodyWithin,
		IdleTimeout: time.Minute, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(r.o.Log.Handler(), slog.LevelDebug)}}
	go s.http.Serve(listener) // ends when it is shut
	return s, nil
}

// server is an open port and what answers there.
type server struct {
	listener net.Listener
	http     *http.Server
}

// shut closes the port and lets what is being answered end.
func shut(s *server) {
	if s == nil {
		return
	}
	s.listener.Close() // Shutdown does not know it before Serve has begun
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		s.http.Close()
	}
}

func refused(message string, err error) error {
	return &channel.Error{Kind: channel.Invalid, Op: "receive webhooks", Code: channel.CodeInvalid, Message: message, Err: err}
}

func sentence(err error) string {
	var known *channel.Error
	if errors.As(err, &known) {
		return known.Message
	}
	return err.Error()
}
