package spectest

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// judge is a test that only notes what it is told.
type judge struct {
	testing.TB
	said []string
}

func (j *judge) Helper() {}
func (j *judge) Errorf(format string, args ...any) {
	j.said = append(j.said, fmt.Sprintf(format, args...))
}
func (j *judge) Logf(string, ...any) {}

const spec = `{"openapi":"3.0.2","info":{"title":"t","version":"1"},"paths":{"/things/{id}":{"get":{"operationId":"getThing",
"parameters":[{"in":"path","name":"id","required":true,"schema":{"type":"integer"}},{"in":"query","name":"limit","schema":{"type":"integer","maximum":100}}],
"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}}}}}}}}}`

type answer struct {
	status int
	body   string
}

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(a.body))}, nil
}

// TestBothDirections: what is wrong is said, on either side; what is right is not.
func TestBothDirections(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(folder, dir)
	if err := os.WriteFile(filepath.Join(dir, "t.json"), []byte(spec), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path string
		answer     answer
		want       string
	}{
		{"right", "/v1/things/7?limit=3", answer{200, `{"n":1}`}, ""},
		{"wrong answer", "/v1/things/7", answer{200, `{"n":"one"}`}, "the answer is not"},
		{"lacking answer", "/v1/things/7", answer{200, `{}`}, "the answer is not"},
		{"wrong parameter", "/v1/things/7?limit=300", answer{200, `{"n":1}`}, "the request is not"},
		{"unknown parameter", "/v1/things/7?speed=3", answer{200, `{"n":1}`}, `no parameter "speed"`},
		{"unknown call", "/v1/other", answer{200, `{}`}, "GET /v1/other is not in"},
		{"unknown status", "/v1/things/7", answer{418, `{}`}, "getThing 418 is not in"},
		{"refused on purpose", "/v1/things/7?limit=300", answer{429, `{}`}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := &judge{TB: t}
			s := Open(t, "t.json", "/v1")
			s.t = j
			r, err := http.NewRequest(http.MethodGet, "http://127.0.0.1"+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := s.Transport(c.answer).RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			if b, _ := io.ReadAll(res.Body); string(b) != c.answer.body {
				t.Errorf("the answer was passed on as %s", b)
			}
			s.Demand(nil, []string{"getThing 429"})
			said := strings.Join(j.said, "\n")
			if (said == "") != (c.want == "") || !strings.Contains(said, c.want) {
				t.Errorf("said %q, want %q", said, c.want)
			}
		})
	}
	j := &judge{TB: t}
	allowing := Open(t, "t.json", "/v1")
	allowing.t = j
	allowing.Allow("getThing", "limit", "speed")
	r, err := http.NewRequest(http.MethodGet, "http://127.0.0.1/v1/things/7?limit=300&speed=3", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := allowing.Transport(answer{200, `{"n":1}`}).RoundTrip(r); err != nil || len(j.said) != 0 || r.URL.Query().Get("limit") != "300" {
		t.Errorf("parameters that are left unchecked: %v, said %v, sent %s", err, j.said, r.URL)
	}
	s := Open(t, "t.json", "")
	s.t = j
	s.Demand([]string{"getThing"}, nil)
	if len(j.said) != 1 {
		t.Errorf("a call that never came is not missed: %v", j.said)
	}
}

const swagger = `{"swagger":"2.0","info":{"title":"t","version":"1"},"paths":{"/things/{id}":{"get":{"operationId":"getThing",
"parameters":[{"in":"path","name":"id","required":true,"type":"integer"}],
"responses":{"200":{"description":"ok","schema":{"$ref":"#/definitions/Thing"}}}}}},
"definitions":{"Thing":{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}}}`

// TestSwagger: a file of the version before says the same.
func TestSwagger(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(folder, dir)
	if err := os.WriteFile(filepath.Join(dir, "s.json"), []byte(swagger), 0o600); err != nil {
		t.Fatal(err)
	}
	for body, wrong := range map[string]bool{`{"n":1}`: false, `{"n":"one"}`: true} {
		j := &judge{TB: t}
		s := Open(t, "s.json", "/v1")
		s.t = j
		r, err := http.NewRequest(http.MethodGet, "http://127.0.0.1/v1/things/7", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Transport(answer{200, body}).RoundTrip(r); err != nil {
			t.Fatal(err)
		}
		s.Demand([]string{"getThing"}, nil)
		if (len(j.said) > 0) != wrong {
			t.Errorf("%s: said %v", body, j.said)
		}
	}
}
