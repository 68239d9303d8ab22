// Package spectest holds what a connector sends, and what a practice store answers, against the vendor's own OpenAPI file.
// The files are no part of the program: EVENSTOCK_SPECS names the folder they are in.
package spectest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// folder is the environment variable that names where the files are.
const folder = "EVENSTOCK_SPECS"

// Spec is one vendor's OpenAPI 3 or Swagger 2 file. It may be used from several goroutines.
type Spec struct {
	t      testing.TB
	file   string
	doc    *openapi3.T
	router routers.Router

	mu         sync.Mutex
	covered    map[string]int
	unanswered map[string]int // "operation status" of answers that the file says nothing about
	strange    map[string]int // "METHOD /path" of calls that the file does not have
	allowed    map[string][]string
}

// Allow leaves some query parameters of an operation unchecked, because the file declares them wrongly or not at all. Whoever
// calls it says why.
func (s *Spec) Allow(operation string, parameters ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.allowed[operation] = append(s.allowed[operation], parameters...)
}

// without takes the parameters that are left unchecked out of a request.
func (s *Spec) without(operation string, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	for _, name := range s.allowed[operation] {
		q.Del(name)
	}
	r.URL.RawQuery = q.Encode()
}

// Open reads a file such as "etsy/openapi.json", whose paths begin below base, such as "/stores/x/v3" or "". Without
// EVENSTOCK_SPECS the test is skipped; with it a file that is missing fails the test.
func Open(t testing.TB, name, base string) *Spec {
	t.Helper()
	at := os.Getenv(folder)
	if at == "" {
		t.Skipf("%s does not name the folder with the vendors' specifications, so nothing is held against them", folder)
	}
	doc, err := load(filepath.Join(at, filepath.FromSlash(name)))
	if err != nil {
		t.Fatalf("read specification: %v", err)
	}
	doc.Servers = nil
	if base != "" {
		doc.Servers = openapi3.Servers{{URL: base}}
	}
	for _, item := range doc.Paths.Map() {
		item.Servers = nil
		for _, op := range item.Operations() {
			op.Servers = nil
		}
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatalf("specification %s: %v", name, err)
	}
	return &Spec{t: t, file: name, doc: doc, router: router, covered: map[string]int{}, unanswered: map[string]int{}, strange: map[string]int{},
		allowed: map[string][]string{}}
}

// load reads an OpenAPI 3 file, or a Swagger 2 one as if it were that.
func load(path string) (*openapi3.T, error) {
	var old openapi2.T
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if json.Unmarshal(text, &old) == nil && old.Swagger != "" {
		commas(&old)
		return openapi2conv.ToV3(&old)
	}
	return openapi3.NewLoader().LoadFromFile(path)
}

// Transport checks every exchange that goes through it.
func (s *Spec) Transport(next http.RoundTripper) http.RoundTripper { return watching{s, next} }

type watching struct {
	spec *Spec
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (w watching) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent []byte
	if r.Body != nil {
		var err error
		if sent, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	res, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(answer))
	w.spec.check(r, sent, res, answer)
	return res, nil
}

// check holds one exchange against the file. What is wrong fails the test.
func (s *Spec) check(r *http.Request, sent []byte, res *http.Response, answer []byte) {
	again := r.Clone(context.WithoutCancel(r.Context()))
	again.Body = io.NopCloser(bytes.NewReader(sent))
	route, params, err := s.router.FindRoute(again)
	if err != nil {
		s.count(s.strange, r.Method+" "+r.URL.Path)
		return
	}
	name := route.Operation.OperationID
	if name == "" {
		name = route.Method + " " + route.Path
	}
	s.count(s.covered, name)
	s.without(name, again)
	options := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true,
		RejectWhenRequestBodyNotSpecified: true, MultiError: true}
	in := &openapi3filter.RequestValidationInput{Request: again, PathParams: params, Route: route, Options: options}
	// A request that the vendor refuses may be meant to be wrong.
	if res.StatusCode < 400 {
		if err := openapi3filter.ValidateRequest(again.Context(), in); err != nil {
			s.t.Errorf("%s: the request is not as the specification has it: %v", name, err)
		}
		for parameter := range again.URL.Query() {
			if !declared(route, parameter) {
				s.t.Errorf("%s: the specification knows no parameter %q", name, parameter)
			}
		}
	}
	if route.Operation.Responses.Status(res.StatusCode) == nil && route.Operation.Responses.Default() == nil {
		s.count(s.unanswered, fmt.Sprintf("%s %d", name, res.StatusCode))
		return
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: res.StatusCode, Header: res.Header, Options: options}
	if err := openapi3filter.ValidateResponse(again.Context(), out.SetBodyBytes(answer)); err != nil {
		s.t.Errorf("%s: the answer is not as the specification has it: %v", name, err)
	}
}

func declared(route *routers.Route, name string) bool {
	is := func(p *openapi3.ParameterRef) bool {
		return p.Value != nil && p.Value.In == "query" && p.Value.Name == name
	}
	return slices.ContainsFunc(route.Operation.Parameters, is) || slices.ContainsFunc(route.PathItem.Parameters, is)
}

func (s *Spec) count(in map[string]int, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in[name]++
}

// Demand fails the test unless every one of these operations was called, and unless nothing but known was called that the
// file does not have. known are prefixes of "METHOD /path", and of "operation status" for answers.
func (s *Spec) Demand(operations, known []string) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range operations {
		if s.covered[name] == 0 {
			s.t.Errorf("%s was never called, so it was not held against the specification", name)
		}
	}
	for _, list := range []map[string]int{s.strange, s.unanswered} {
		for _, name := range slices.Sorted(maps.Keys(list)) {
			if !slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(name, k) }) {
				s.t.Errorf("%s is not in the specification", name)
			}
		}
	}
	s.t.Log("\n" + s.table(operations))
}

// table is which call was held how often against which file.
func (s *Spec) table(operations []string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%-36s %-44s %s\n", "call", "specification", "calls checked")
	for _, name := range slices.Sorted(maps.Keys(s.covered)) {
		fmt.Fprintf(&out, "%-36s %-44s %d\n", name, s.file, s.covered[name])
	}
	for _, name := range operations {
		if s.covered[name] == 0 {
			fmt.Fprintf(&out, "%-36s %-44s %s\n", name, s.file, "none")
		}
	}
	return out.String()
}
