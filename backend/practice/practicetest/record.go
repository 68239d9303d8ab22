package practicetest

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
)

// Exchange is one request and its answer.
type Exchange struct {
	Method, Host, Path, Query, Sent string
	Header                          http.Header
	Status                          int // 0 until the answer is there
	Answer                          []byte
	Answered                        http.Header
	Instead                         bool // a test answered in the shop's place
}

// Recorder is a transport that keeps what went to a shop and came back, in the order of the requests.
type Recorder struct {
	Next http.RoundTripper
	// Instead may answer in the shop's place; nil or a nil answer lets the shop do it. It is given the request's body.
	Instead func(r *http.Request, sent string) *http.Response
	// Change may change the shop's own answers, before they are kept.
	Change func(res *http.Response)

	mu  sync.Mutex
	all []*Exchange
}

// Record puts a recorder before the shop.
func (s *Site) Record() *Recorder {
	rec := &Recorder{Next: s.Client.Transport}
	s.Client = &http.Client{Transport: rec}
	return rec
}

// RoundTrip implements [http.RoundTripper].
func (rec *Recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	e := &Exchange{Method: r.Method, Host: r.URL.Host, Path: r.URL.Path, Query: r.URL.RawQuery, Header: r.Header.Clone()}
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
	res, instead, err := rec.answer(r, e.Sent)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(answer))
	rec.mu.Lock()
	defer rec.mu.Unlock()
	e.Answer, e.Status, e.Answered, e.Instead = answer, res.StatusCode, res.Header, instead
	return res, nil
}

func (rec *Recorder) answer(r *http.Request, sent string) (res *http.Response, instead bool, err error) {
	if rec.Instead != nil {
		if res := rec.Instead(r, sent); res != nil {
			return res, true, nil
		}
	}
	res, err = rec.Next.RoundTrip(r)
	if err == nil && rec.Change != nil {
		rec.Change(res)
	}
	return res, false, err
}

// All returns everything that was sent, whoever answered.
func (rec *Recorder) All() (out []Exchange) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	for _, e := range rec.all {
		out = append(out, *e)
	}
	return out
}

// Forget begins anew.
func (rec *Recorder) Forget() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.all = nil
}

// Sent returns the requests with a method whose path contains part.
func (rec *Recorder) Sent(method, part string) (out []Exchange) {
	for _, e := range rec.All() {
		if e.Method == method && strings.Contains(e.Path, part) {
			out = append(out, e)
		}
	}
	return out
}

// Refused counts the answers that said too many requests.
func (rec *Recorder) Refused() (n int) {
	for _, e := range rec.All() {
		if e.Status == http.StatusTooManyRequests {
			n++
		}
	}
	return n
}

// Canned is an answer with a status, a body and headers, given as names and values in turn.
func Canned(r *http.Request, status int, body string, header ...string) *http.Response {
	res := &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(body))}
	for i := 0; i+1 < len(header); i += 2 {
		res.Header.Set(header[i], header[i+1])
	}
	return res
}
