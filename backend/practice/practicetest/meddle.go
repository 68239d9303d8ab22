package practicetest

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Meddle is a transport that changes requests on their way to a shop. So a shop takes no notice of a part of what it is asked, or
// takes it otherwise.
type Meddle struct {
	Next  http.RoundTripper
	Query func(q url.Values)       // changes the parameters; nil leaves them
	Body  func(sent string) string // changes the body; nil leaves it
}

// RoundTrip implements [http.RoundTripper].
func (m Meddle) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if m.Query != nil {
		q := r.URL.Query()
		m.Query(q)
		r.URL.RawQuery = q.Encode()
	}
	if m.Body != nil && r.Body != nil {
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		changed := m.Body(string(sent))
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(changed)), int64(len(changed))
	}
	return m.Next.RoundTrip(r)
}

// Rewrite changes the text of an answer, see [Recorder.Change].
func Rewrite(t *testing.T, res *http.Response, change func(text string) string) {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	text := change(string(b))
	res.Body, res.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
}
