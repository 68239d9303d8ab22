package amazon

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
)

// exchange is one request and its answer.
type exchange struct {
	Method, Path, Query, Sent string
	Header                    http.Header
	Status                    int
	Answer                    []byte
	Answered                  http.Header
}

// recorder keeps what went to a shop and came back; instead may answer in the shop's place.
type recorder struct {
	next    http.RoundTripper
	instead func(r *http.Request) *http.Response

	mu  sync.Mutex
	all []exchange
}

func record(next http.RoundTripper) *recorder { return &recorder{next: next} }

func (rec *recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	e := exchange{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Header: r.Header.Clone()}
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		e.Sent, r.Body = string(b), io.NopCloser(bytes.NewReader(b))
	}
	if rec.instead != nil {
		if res := rec.instead(r); res != nil {
			return res, nil
		}
	}
	res, err := rec.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if e.Answer, err = io.ReadAll(res.Body); err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(e.Answer))
	e.Status, e.Answered = res.StatusCode, res.Header
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.all = append(rec.all, e)
	return res, nil
}

// sent returns the exchanges with a method whose path contains part.
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
