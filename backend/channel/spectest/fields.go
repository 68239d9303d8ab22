package spectest

import (
	"reflect"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi3"
)

// commas has lists in a query divided by commas where a Swagger 2 file does not say how: that is what saying nothing means
// there.
func commas(old *openapi2.T) {
	for _, item := range old.Paths {
		for _, op := range item.Operations() {
			for _, p := range op.Parameters {
				if p.In == "query" && p.CollectionFormat == "" {
					p.CollectionFormat = "csv"
				}
			}
		}
	}
}

// Knows fails the test where v, a struct that an answer is decoded into, has a JSON field that the file does not have for the
// answer of an operation with a status.
func (s *Spec) Knows(operation string, status int, v any) {
	s.t.Helper()
	for _, item := range s.doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.OperationID != operation {
				continue
			}
			answer := op.Responses.Status(status)
			if answer == nil || answer.Value.Content.Get("application/json") == nil {
				s.t.Fatalf("%s %d has no answer in the specification", operation, status)
			}
			s.fields(operation, reflect.TypeOf(v), answer.Value.Content.Get("application/json").Schema.Value)
			return
		}
	}
	s.t.Fatalf("the specification has no operation %s", operation)
}

// fields compares the fields of a type with the properties of a schema.
func (s *Spec) fields(at string, t reflect.Type, schema *openapi3.Schema) {
	s.t.Helper()
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		if t.Kind() == reflect.Slice && schema.Items != nil {
			schema = schema.Items.Value
		}
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t.PkgPath() == "time" {
		return
	}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		property := properties(schema)[name]
		if property == nil {
			s.t.Errorf("%s: the specification knows no field %q", at, name)
			continue
		}
		s.fields(at+"."+name, t.Field(i).Type, property.Value)
	}
}

// properties are those of a schema and of what it is put together from.
func properties(schema *openapi3.Schema) openapi3.Schemas {
	out := openapi3.Schemas{}
	for name, p := range schema.Properties {
		out[name] = p
	}
	for _, part := range schema.AllOf {
		for name, p := range properties(part.Value) {
			out[name] = p
		}
	}
	return out
}
