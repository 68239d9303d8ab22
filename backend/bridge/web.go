package bridge

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"path"
	"strings"
	"time"
)

// WebOptions are all that [Serve] needs.
type WebOptions struct {
	Addr     string // "127.0.0.1:0", "localhost:8080"; loopback only
	Assets   fs.FS  // the built page, with index.html at its root
	Services []any  // as Wails binds them
	Hub      *Hub   // optional: where events come from
	Log      *slog.Logger
	Announce func(url string) // optional: a new address, after the one before was used
}

// ErrNotLoopback says that an address is not of this computer alone.
var ErrNotLoopback = errors.New("the page is served on this computer only: use an address such as 127.0.0.1:8080")

// web serves the page.
type web struct {
	ctx      context.Context
	o        WebOptions
	url      string
	hosts    []string // how this server may be called
	door     *door
	dispatch *dispatcher
	shim     []byte
}

// Serve offers the window's page to a plain browser on this computer until ctx ends. It returns the address to open,
// which works once.
func Serve(ctx context.Context, o WebOptions) (url string, err error) {
	addr, err := loopback(o.Addr)
	if err != nil {
		return "", err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", fmt.Errorf("listen on %s: %w", addr, err)
	}
	if o.Hub == nil {
		o.Hub = NewHub()
	}
	w := newWeb(ctx, o, listener.Addr().String())
	server := &http.Server{Handler: w, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug)}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			o.Log.Error("the web page is no longer served", "err", err)
		}
	}()
	context.AfterFunc(ctx, func() { server.Close() })
	return w.address(w.door.token), nil
}

// loopback is addr with a number for its host.
func loopback(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("address %q: %w", addr, ErrNotLoopback)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return "", fmt.Errorf("address %q: %w", addr, ErrNotLoopback)
	}
	return net.JoinHostPort(host, port), nil
}

func newWeb(ctx context.Context, o WebOptions, addr string) *web {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		panic(err) // a listener's own address
	}
	w := &web{ctx: ctx, o: o, url: "http://" + addr + "/", hosts: []string{addr, "localhost:" + port}, door: newDoor(port),
		dispatch: newDispatcher(o.Services, o.Log)}
	w.shim = shimFor(w.dispatch.names())
	return w
}

func (w *web) address(token string) string { return w.url + "?token=" + token }

// ServeHTTP checks who asks before anything else.
func (w *web) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if !fromHere(r, w.hosts) {
		http.Error(rw, "This page is only served to this computer, under the address that Evenstock printed.", http.StatusForbidden)
		return
	}
	// Browsers have not always counted a WebSocket as 'self'.
	withSocket := strings.Replace(policy, "connect-src 'self'", "connect-src 'self' ws://"+r.Host, 1)
	secure(withSocket, http.HandlerFunc(w.route)).ServeHTTP(rw, r)
}

func (w *web) route(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		rw.Header().Set("Allow", "GET, HEAD")
		http.Error(rw, "Only reading is possible here.", http.StatusMethodNotAllowed)
		return
	}
	if token := r.URL.Query().Get("token"); token != "" && r.URL.Path == "/" {
		w.enter(rw, r, token)
		return
	}
	if !w.door.knows(r) {
		http.Error(rw, "Open the address that Evenstock printed. Each one works once; it prints a new one when it is used.",
			http.StatusForbidden)
		return
	}
	switch r.URL.Path {
	case "/", "/index.html":
		w.index(rw)
	case "/bridge/shim.js":
		rw.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		rw.Write(w.shim)
	case "/bridge/socket":
		w.socket(rw, r)
	default:
		w.asset(rw, r)
	}
}

// enter exchanges the token for a cookie. A browser that is in already keeps its cookie.
func (w *web) enter(rw http.ResponseWriter, r *http.Request, token string) {
	if !w.door.knows(r) {
		cookie, ok := w.door.exchange(token)
		if !ok {
			http.Error(rw, "This address was used already. Open the newest one that Evenstock printed.", http.StatusForbidden)
			return
		}
		http.SetCookie(rw, cookie)
		if w.o.Announce != nil {
			w.o.Announce(w.address(w.door.renew()))
		}
	}
	http.Redirect(rw, r, "/", http.StatusSeeOther)
}

// index is the page with our script before its own ones.
func (w *web) index(rw http.ResponseWriter) {
	page, err := fs.ReadFile(w.o.Assets, "index.html")
	if err != nil {
		http.Error(rw, "The page was not built into this program.", http.StatusServiceUnavailable)
		return
	}
	script := []byte(`<script src="/bridge/shim.js"></script>`)
	at := bytes.Index(page, []byte("<script"))
	if head := bytes.Index(page, []byte("<head>")); head >= 0 {
		at = head + len("<head>")
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Write(bytes.Join([][]byte{page[:max(0, at)], script, page[max(0, at):]}, nil))
}

// contentTypes are not left to the system: some have a wrong one for scripts, and nosniff then stops them.
var contentTypes = map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".woff2": "font/woff2", ".json": "application/json"}

// asset serves a file, never a folder.
func (w *web) asset(rw http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if info, err := fs.Stat(w.o.Assets, name); err != nil || !info.Mode().IsRegular() {
		http.NotFound(rw, r)
		return
	}
	if t := contentTypes[path.Ext(name)]; t != "" {
		rw.Header().Set("Content-Type", t)
	}
	http.ServeFileFS(rw, r, w.o.Assets, name)
}

func (w *web) socket(rw http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Origin") == "" {
		http.Error(rw, "Only the page may connect here.", http.StatusForbidden)
		return
	}
	socket, err := upgrader.Upgrade(rw, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	p := newPage(socket)
	defer context.AfterFunc(w.ctx, p.close)() // the server has handed the connection over and no longer closes it
	w.o.Hub.add(p)
	defer w.o.Hub.remove(p)
	p.serve(w.dispatch)
}

//go:embed shim.js
var shimScript string

// shimFor is the script that gives the page window.go and window.runtime, as Wails does.
func shimFor(names map[string]map[string][]string) []byte {
	methods, err := json.Marshal(names)
	if err != nil {
		panic(err) // strings
	}
	topics, err := json.Marshal(Topics)
	if err != nil {
		panic(err) // strings
	}
	return []byte(strings.NewReplacer("__METHODS__", string(methods), "__TOPICS__", string(topics)).Replace(shimScript))
}
