package practice

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Face speaks one vendor's wire format on top of a World.
type Face interface {
	// Class says what kind of call a request is, AnyCall when none of the others.
	Class(r *http.Request) Call
	// Answer carries a request out and answers it, telling the lie if there is one.
	Answer(r *http.Request, body []byte, lie FaultKind) Response
	// Refuse is the vendor's answer to a call that fails with status, without any effect.
	Refuse(r *http.Request, status int) Response
	// Public returns the path and query of a request without credentials.
	Public(r *http.Request) string
}

// Response is an answer before it is sent.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	// Throttled says that the call, or a part of it, was refused because a limit of the vendor's is reached.
	Throttled bool
}

// maxBody bounds a request's body; the largest real one is a batch of 100 items.
const maxBody = 4 << 20

// retryAfter is what a shop says when a TooMany fault names no time.
const retryAfter = 60 * time.Second

// Handler serves a shop through a face: it counts and logs calls, runs hooks, lets faults strike, and answers the
// practice routes themselves.
func Handler(w *World, f Face) http.Handler {
	control := controls(w)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, controlPrefix) {
			control.ServeHTTP(rw, r)
			return
		}
		(&visit{world: w, face: f, out: rw, in: r}).serve()
	})
}

// visit is one call on its way through the gate.
type visit struct {
	world *World
	face  Face
	out   http.ResponseWriter
	in    *http.Request
	entry Entry
}

func (v *visit) serve() {
	body, err := io.ReadAll(io.LimitReader(v.in.Body, maxBody))
	if err != nil {
		return // the caller went away while it was sending; there is nobody to answer
	}
	v.in.Body = io.NopCloser(bytes.NewReader(body)) // what a call is may stand in its body
	call := v.face.Class(v.in)
	public := v.face.Public(v.in)
	v.entry = Entry{Method: v.in.Method, Path: public, Call: call}
	fault := v.world.arrive(call, v.in.Method+" "+public)
	if fault == nil {
		v.send(v.answer(body, ""))
		return
	}
	v.entry.Fault = fault.Kind
	v.strike(*fault, body)
}

func (v *visit) answer(body []byte, lie FaultKind) Response {
	res := v.face.Answer(v.in, body, lie)
	if res.Throttled {
		v.world.throttle()
	}
	v.world.done(v.entry.Call)
	return res
}

func (v *visit) strike(f Fault, body []byte) {
	switch f.Kind {
	case ServerError:
		v.send(v.face.Refuse(v.in, http.StatusInternalServerError))
	case Unauthorized:
		v.send(v.face.Refuse(v.in, http.StatusUnauthorized))
	case TooMany:
		wait := f.After
		if wait == 0 {
			wait = retryAfter
		}
		res := v.face.Refuse(v.in, http.StatusTooManyRequests)
		res.Header.Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
		v.send(res)
	case HTML:
		v.send(Response{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}},
			Body: []byte("<!DOCTYPE html><html><head><title>One moment</title></head><body>One moment …</body></html>")})
	case TimeoutBefore:
		v.drop(f.After)
	case TimeoutAfter:
		v.answer(body, "")
		v.drop(f.After)
	case Truncate:
		v.half(v.answer(body, ""))
	case Slow:
		v.linger(f.After)
		v.send(v.answer(body, ""))
	default:
		v.send(v.answer(body, f.Kind))
	}
}

func (v *visit) send(res Response) {
	v.head(res)
	v.out.Write(res.Body)
	v.world.record(v.entry)
}

func (v *visit) head(res Response) {
	h := v.out.Header()
	for key, values := range res.Header {
		h[key] = values
	}
	h.Set("Date", v.world.Now().UTC().Format(http.TimeFormat))
	h.Set("Content-Length", strconv.Itoa(len(res.Body)))
	v.entry.Status = res.Status
	v.out.WriteHeader(res.Status)
}

// half announces the whole body and sends half of it. An answer without a body breaks off in its head.
func (v *visit) half(res Response) {
	if len(res.Body) == 0 {
		v.drop(0)
		return
	}
	v.head(res)
	v.out.Write(res.Body[:len(res.Body)/2])
	v.world.record(v.entry)
	if c, ok := v.out.(*canned); ok {
		c.cut = true
		return
	}
	http.NewResponseController(v.out).Flush()
	panic(http.ErrAbortHandler)
}

// drop ends the call without an answer. One byte is sent first: a client repeats a read by itself on a connection
// that was closed before any answer, and the fault would go unseen.
func (v *visit) drop(after time.Duration) {
	v.world.record(v.entry)
	if c, ok := v.out.(*canned); ok {
		c.dropped = true
		return
	}
	v.linger(after)
	conn, _, err := http.NewResponseController(v.out).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	fmt.Fprint(conn, "H")
	conn.Close()
}

// linger waits for d or until the caller has gone; over [Transport] it does not wait.
func (v *visit) linger(d time.Duration) {
	if _, ok := v.out.(*canned); ok || d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-v.in.Context().Done():
	}
}
