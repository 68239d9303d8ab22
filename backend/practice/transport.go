package practice

import (
	"bytes"
	"io"
	"net/http"
)

// Transport answers requests by calling h in the caller's goroutine, without sockets and without waiting: a timeout is
// an error at once, half a body ends in io.ErrUnexpectedEOF. With it a simulation is single-threaded.
func Transport(h http.Handler) http.RoundTripper { return direct{h} }

type direct struct{ handler http.Handler }

// timeout is what net/http reports when an answer does not come in time.
type timeout struct{}

func (timeout) Error() string   { return "practice shop: no answer" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

// RoundTrip implements http.RoundTripper.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.RequestURI = r.URL.RequestURI()
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	if r.URL.Scheme == "https" {
		in.Header.Set("X-Forwarded-Proto", "https")
	}
	out := &canned{header: http.Header{}, status: http.StatusOK}
	d.handler.ServeHTTP(out, in)
	in.Body.Close()
	if out.dropped {
		return nil, timeout{}
	}
	return out.response(r), nil
}

// canned is a ResponseWriter that keeps the answer.
type canned struct {
	header       http.Header
	status       int
	body         bytes.Buffer
	dropped, cut bool
}

func (c *canned) Header() http.Header         { return c.header }
func (c *canned) Write(b []byte) (int, error) { return c.body.Write(b) }
func (c *canned) WriteHeader(status int)      { c.status = status }

func (c *canned) response(r *http.Request) *http.Response {
	var body io.Reader = bytes.NewReader(c.body.Bytes())
	if c.cut {
		body = io.MultiReader(body, broken{})
	}
	if r.Method == http.MethodHead {
		body = http.NoBody
	}
	return &http.Response{Status: http.StatusText(c.status), StatusCode: c.status, Proto: "HTTP/1.1", ProtoMajor: 1,
		ProtoMinor: 1, Header: c.header, Body: io.NopCloser(body), ContentLength: -1, Request: r}
}

// broken is a body that ends too soon.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
