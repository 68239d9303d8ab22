package bigcommerce

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
)

// exchange is one request that was sent.
type exchange struct {
	Method, Path, Query, Sent string
}

// recorder keeps what went to a store; instead may answer in the store's place, change may change its answer.
type recorder struct {
	next    http.RoundTripper
	instead func(r *http.Request, sent string) *http.Response
	change  func(res *http.Response)

	mu  sync.Mutex
	all []exchange
}

func record(next http.RoundTripper) *recorder { return &recorder{next: next} }

func (rec *recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	e := exchange{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery}
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		e.Sent, r.Body = string(b), io.NopCloser(bytes.NewReader(b))
	}
	rec.mu.Lock()
	rec.all = append(rec.all, e)
	rec.mu.Unlock()
	if rec.instead != nil {
		if res := rec.instead(r, e.Sent); res != nil {
			return res, nil
		}
	}
	res, err := rec.next.RoundTrip(r)
	if err == nil && rec.change != nil {
		rec.change(res)
	}
	return res, err
}

// sent returns the requests with a method whose path contains part.
func (rec *recorder) sent(method, part string) []exchange {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	var out []exchange
	for _, e := range rec.all {
		if e.Method == method && strings.Contains(e.Path, part) {
			out = append(out, e)
		}
	}
	return out
}

// canned is an answer with a status and a body.
func canned(r *http.Request, status int, body string, header ...string) *http.Response {
	res := &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(body))}
	for i := 0; i+1 < len(header); i += 2 {
		res.Header.Set(header[i], header[i+1])
	}
	return res
}
