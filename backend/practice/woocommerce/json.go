package woocommerce

import (
	"encoding/json"
	"html"
	"net/http"
	"strconv"
	"strings"

	"evenstock/backend/practice"
)

// member is one name and value of an object.
type member struct {
	name  string
	value any
}

// object is a JSON object that keeps the vendor's order of members.
type object []member

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) { return appendJSON(nil, o), nil }

// appendJSON writes v; a page of a hundred full products is large, so the common types are written directly.
func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case *int64:
		if v == nil {
			return append(b, "null"...)
		}
		return strconv.AppendInt(b, *v, 10)
	case object:
		b = append(b, '{')
		for i, m := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendJSON(b, m.name), ':')
			b = appendJSON(b, m.value)
		}
		return append(b, '}')
	case []object:
		return appendList(b, v)
	case []any:
		return appendList(b, v)
	case []int64:
		return appendList(b, v)
	case []string:
		return appendList(b, v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic("woocommerce face: " + err.Error())
	}
	return append(b, text...)
}

func appendList[T any](b []byte, list []T) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, v)
	}
	return append(b, ']')
}

// respond makes an answer with the headers every answer of the API carries.
func (c *call) respond(status int, body any) practice.Response {
	h := c.header
	set := func(name, value string) {
		if h.Get(name) == "" {
			h.Set(name, value)
		}
	}
	set("Content-Type", "application/json; charset=UTF-8")
	set("X-Powered-By", "PHP/8.2.36")
	set("X-Robots-Tag", "noindex")
	set("X-Content-Type-Options", "nosniff")
	set("Link", `<`+c.home+`/wp-json/>; rel="https://api.w.org/"`)
	set("Access-Control-Expose-Headers", "X-WP-Total, X-WP-TotalPages, Link")
	set("Access-Control-Allow-Headers", "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type")
	if c.key == nil {
		set("Vary", "Origin")
	} else {
		set("Expires", "Wed, 11 Jan 1984 05:00:00 GMT")
		set("Cache-Control", "no-cache, must-revalidate, max-age=0, no-store, private")
	}
	return practice.Response{Status: status, Header: h, Body: appendJSON(nil, body)}
}

func (c *call) fail(e *apiError) practice.Response { return c.respond(e.status, e.body()) }

// ok answers 200 with what "_fields" leaves of the body.
func (c *call) ok(body object) practice.Response { return c.respond(http.StatusOK, c.pick.trim(body)) }

// created answers 201 and says where the new thing is.
func (c *call) created(location string, body object) practice.Response {
	c.header.Set("Location", location)
	return c.respond(http.StatusCreated, c.pick.trim(body))
}

// selection is what "_fields" asks for: nil is everything.
type selection map[string]selection

func newSelection(fields string) selection {
	if fields == "" {
		return nil
	}
	s := selection{}
	for name := range strings.SplitSeq(fields, ",") {
		at := s
		for part := range strings.SplitSeq(strings.TrimSpace(name), ".") {
			if at[part] == nil {
				at[part] = selection{}
			}
			at = at[part]
		}
	}
	return s
}

// has reports whether the top-level member called name is wanted.
func (s selection) has(name string) bool {
	if s == nil {
		return true
	}
	_, ok := s[name]
	return ok
}

// trim leaves out what is not wanted. A dotted name reaches into objects but not into lists, which become empty:
// "update.id" of a batch gives no items (woocommerce-observed.md).
func (s selection) trim(o object) object {
	if s == nil {
		return o
	}
	out := object{}
	for _, m := range o {
		inner, ok := s[m.name]
		if !ok {
			continue
		}
		if len(inner) > 0 {
			m.value = inner.inside(m.value)
		}
		out = append(out, m)
	}
	return out
}

func (s selection) inside(v any) any {
	switch v := v.(type) {
	case object:
		return s.trim(v)
	case []object, []any:
		return []any{}
	}
	return v
}

func htmlEscape(s string) string { return html.EscapeString(s) }

func isNumber(s string) bool {
	_, err := strconv.ParseInt(s, 10, 64)
	return err == nil
}
