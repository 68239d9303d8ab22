package practice

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Endpoint is the method and the path of one of a vendor's operations. A face embeds it in what it knows of an operation.
type Endpoint struct {
	method string
	path   *regexp.Regexp
}

// What a part of a path may be.
const (
	AnyPart    = `([^/]+)`
	NumberPart = `(\d+)`
)

// At is an endpoint with a path in which each {} stands for a part of that form. What else is in the path is a regular
// expression.
func At(method, path, part string) Endpoint {
	return Endpoint{method, regexp.MustCompile("^" + strings.ReplaceAll(path, "{}", part) + "$")}
}

// parts are those of a request's path, nil where the request is for something else.
func (e Endpoint) parts(r *http.Request) []string {
	m := e.path.FindStringSubmatch(r.URL.EscapedPath())
	if m == nil || e.method != r.Method {
		return nil
	}
	for i, p := range m {
		text, err := url.PathUnescape(p)
		if err != nil {
			return nil
		}
		m[i] = text
	}
	return m
}

// Find returns the operation that a request is for, nil if it is for none, and the parts of its path.
func Find[O interface {
	parts(r *http.Request) []string
}](operations []O, r *http.Request) (*O, []string) {
	for i := range operations {
		if m := operations[i].parts(r); m != nil {
			return &operations[i], m[1:]
		}
	}
	return nil, nil
}

// FindByNumbers is Find for operations whose paths have numbers in them.
func FindByNumbers[O interface {
	parts(r *http.Request) []string
}](operations []O, r *http.Request) (*O, []int64) {
	o, parts := Find(operations, r)
	var ids []int64
	for _, text := range parts {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, nil
		}
		ids = append(ids, id)
	}
	return o, ids
}
