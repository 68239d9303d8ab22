package hook

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/channel"
)

// pathPrefix is where the stores' addresses begin; the store's number follows.
const pathPrefix = "/hooks/"

// Path is the end of the address that a store's shop calls.
func Path(store uint32) string { return pathPrefix + strconv.FormatUint(uint64(store), 10) }

// Local is where a tunnel has to lead to for a store, when a port is listened at.
func Local(port int, store uint32) string {
	return fmt.Sprintf("http://127.0.0.1:%d%s", port, Path(store))
}

// Steps are those of a setup, with the store's own path in them.
func Steps(setup channel.HookSetup, store uint32) (out []string) {
	for _, step := range setup.Steps {
		out = append(out, strings.ReplaceAll(step, "{path}", Path(store)))
	}
	return out
}

// storeOf is the store that a path names. Each has one path: "/hooks/07" and "/hooks/+7" are nobody's.
func storeOf(path string) (uint32, bool) {
	number, is := strings.CutPrefix(path, pathPrefix)
	id, err := strconv.ParseUint(number, 10, 32)
	return uint32(id), is && err == nil && id > 0 && Path(uint32(id)) == path
}

// Calls is what is remembered of a store's calls since the start.
type Calls struct {
	LastAt    time.Time // the last one that was right and told of a change, zero for none
	RefusedAt time.Time // the last one that was not, zero for none
}

// Of returns what is remembered of a store's calls.
func (r *Receiver) Of(store uint32) Calls {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.calls[store]; c != nil {
		return *c
	}
	return Calls{}
}

// ServeHTTP answers a call: 404 for an address that is nobody's, 401 for one that is not signed as it should be, 200 for
// everything else, repetitions included, so that the shop does not try again, and 503 while nothing can be remembered, so that
// it does.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, in *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	store, ok := storeOf(in.URL.Path)
	if !ok {
		answer(w, http.StatusNotFound)
		return
	}
	if in.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		answer(w, http.StatusMethodNotAllowed)
		return
	}
	select {
	case r.busy <- struct{}{}:
		defer func() { <-r.busy }()
	case <-in.Context().Done():
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, in.Body, maxBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		answer(w, http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		return // the caller went away while it was sending
	}
	answer(w, r.take(store, in.Header, body))
}

// take checks a call and acts on it.
func (r *Receiver) take(store uint32, h http.Header, body []byte) int {
	now := r.o.Now()
	told, err := r.o.Read(store, h, body)
	if known := new(channel.Error); errors.As(err, &known) && known.Kind == channel.Auth {
		r.refuse(store, now)
		return http.StatusUnauthorized
	}
	if err != nil {
		return http.StatusNotFound
	}
	if age := now.Sub(told.Sent); !told.Sent.IsZero() && (age > window || age < -window) {
		r.refuse(store, now)
		return http.StatusUnauthorized
	}
	if !told.Orders && !told.Listings {
		return http.StatusOK
	}
	first := told.ID == "" // nothing tells it from others
	if !first {
		if first, err = r.o.First(store, told.ID); err != nil {
			r.o.Log.Warn("a shop's call is not remembered", "store", store, "err", err)
			return http.StatusServiceUnavailable
		}
	}
	r.accept(store, now)
	if first {
		r.o.Wake(store, told)
	}
	return http.StatusOK
}

func (r *Receiver) accept(store uint32, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.of(store).LastAt = now
}

func (r *Receiver) refuse(store uint32, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.of(store).RefusedAt = now
}

// of returns a store's calls. The caller holds r.mu, and the store exists, so that strangers fill no memory.
func (r *Receiver) of(store uint32) *Calls {
	if r.calls[store] == nil {
		r.calls[store] = &Calls{}
	}
	return r.calls[store]
}

func answer(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, http.StatusText(status)+"\n")
}
