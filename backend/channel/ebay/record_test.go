package ebay

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
)

// exchange is one request and its answer.
type exchange struct {
	Method, Host, Path, Query, Sent string
	Header                          http.Header
	Status                          int
	Answer                          string
}

// recorder keeps what went to an account and came back; instead may answer in the account's place.
type recorder struct {
	next    http.RoundTripper
	instead func(r *http.Request, sent string) *http.Response

	mu  sync.Mutex
	all []exchange
}

func record(next http.RoundTripper) *recorder { return &recorder{next: next} }

// RoundTrip implements http.RoundTripper.
func (rec *recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	e := exchange{Method: r.Method, Host: r.URL.Host, Path: r.URL.Path, Query: r.URL.RawQuery, Header: r.Header.Clone()}
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		e.Sent, r.Body = string(b), io.NopCloser(bytes.NewReader(b))
	}
	var res *http.Response
	if rec.instead != nil {
		res = rec.instead(r, e.Sent)
	}
	if res == nil {
		var err error
		if res, err = rec.next.RoundTrip(r); err != nil {
			return nil, err
		}
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(b))
	e.Status, e.Answer = res.StatusCode, string(b)
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.all = append(rec.all, e)
	return res, nil
}

// sent returns the exchanges with a method whose path, or the name of its call of the Trading API, contains part.
func (rec *recorder) sent(method, part string) []exchange {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	var out []exchange
	for _, e := range rec.all {
		if e.Method == method && strings.Contains(e.Path+" "+e.Header.Get("X-EBAY-API-CALL-NAME"), part) {
			out = append(out, e)
		}
	}
	return out
}

// answered is an answer in the account's place.
func answered(r *http.Request, status int, header http.Header, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}
}
