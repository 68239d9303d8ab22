package shopify

import (
	"encoding/json"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// object is something of the schema: its fields are values, other objects, lists of objects, or functions of arguments.
type object map[string]any

// args are the arguments of a field.
type args map[string]any

// field is a field with arguments.
type field func(a args) any

// run is one operation on its way through the schema.
type run struct {
	vars     map[string]any
	document *ast.QueryDocument
	key      string // of the directive @idempotent
	problem  string // the first mistake in the document
}

// parse reads a document and its variables. It knows no schema: a field that is not there is found when it is asked for.
func parse(query string, vars map[string]any) (*run, *ast.OperationDefinition, error) {
	document, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		return nil, nil, err
	}
	if len(document.Operations) != 1 {
		return nil, nil, fmt.Errorf("%d operations in one document", len(document.Operations))
	}
	return &run{vars: vars, document: document}, document.Operations[0], nil
}

// object reads the selected fields of an object.
func (r *run) object(set ast.SelectionSet, o object) map[string]any {
	out := map[string]any{}
	r.into(out, set, o)
	return out
}

func (r *run) into(out map[string]any, set ast.SelectionSet, o object) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.InlineFragment:
			if s.TypeCondition == "" || s.TypeCondition == o["__typename"] {
				r.into(out, s.SelectionSet, o)
			}
		case *ast.FragmentSpread:
			if f := r.document.Fragments.ForName(s.Name); f != nil && f.TypeCondition == o["__typename"] {
				r.into(out, f.SelectionSet, o)
			}
		case *ast.Field:
			out[s.Alias] = r.field(s, o)
		}
	}
}

func (r *run) field(s *ast.Field, o object) any {
	v, ok := o[s.Name]
	if !ok {
		if r.problem == "" {
			r.problem = fmt.Sprintf("Field '%s' doesn't exist on type '%v'", s.Name, o["__typename"])
		}
		return nil
	}
	if d := s.Directives.ForName("idempotent"); d != nil {
		r.key, _ = r.args(d.Arguments)["key"].(string)
	}
	if f, is := v.(field); is {
		v = f(r.args(s.Arguments))
	}
	switch v := v.(type) {
	case object:
		if v == nil {
			return nil
		}
		return r.object(s.SelectionSet, v)
	case []object:
		list := make([]any, len(v))
		for i, o := range v {
			if o != nil {
				list[i] = r.object(s.SelectionSet, o)
			}
		}
		return list
	}
	return v
}

func (r *run) args(list ast.ArgumentList) args {
	out := args{}
	for _, a := range list {
		if v, err := a.Value.Value(r.vars); err == nil {
			out[a.Name] = v
		}
	}
	return out
}

// ceiling is what a selection costs by Shopify's published rule: a scalar nothing, an object 1, a connection as many as it
// is sized for, a mutation 10 (shopify.md, 2.6).
func (r *run) ceiling(set ast.SelectionSet) int {
	sum := 0
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.InlineFragment:
			sum = max(sum, r.ceiling(s.SelectionSet))
		case *ast.FragmentSpread:
			if f := r.document.Fragments.ForName(s.Name); f != nil {
				sum = max(sum, r.ceiling(f.SelectionSet))
			}
		case *ast.Field:
			sum += r.cost(s)
		}
	}
	return sum
}

func (r *run) cost(s *ast.Field) int {
	if len(s.SelectionSet) == 0 {
		return 0
	}
	inner := r.ceiling(s.SelectionSet)
	a := r.args(s.Arguments)
	ids, _ := a["ids"].([]any)
	switch n := a.number("first"); {
	case s.Name == "nodes" && a["ids"] == nil, s.Name == "pageInfo": // part of a connection, which counts it
		return inner
	case n > 0:
		return int(n) * (1 + inner)
	case len(ids) > 0:
		return len(ids) * (1 + inner)
	}
	return 1 + inner
}

// number is an argument that is a whole number, 0 when it is missing.
func (a args) number(name string) int64 {
	n, _ := whole(a[name])
	return n
}

func (a args) text(name string) string {
	s, _ := a[name].(string)
	return s
}

func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	}
	return 0, false
}
