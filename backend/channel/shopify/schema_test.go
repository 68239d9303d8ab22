package shopify

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// schema is Shopify's, from the folder of specifications.
func schema(t *testing.T) *ast.Schema {
	t.Helper()
	dir := os.Getenv("EVENSTOCK_SPECS")
	if dir == "" {
		t.Skip("EVENSTOCK_SPECS names no folder with the vendors' specifications")
	}
	s, err := loadSchema(filepath.Join(dir, "shopify", "admin_2026-10.json.gz"))
	must(t, err)
	return s
}

var (
	schemaOnce sync.Once
	theSchema  *ast.Schema
	schemaErr  error
)

func loadSchema(path string) (*ast.Schema, error) {
	schemaOnce.Do(func() {
		var sdl string
		if sdl, schemaErr = language(path); schemaErr == nil {
			theSchema, schemaErr = gqlparser.LoadSchema(&ast.Source{Name: path, Input: sdl})
		}
	})
	return theSchema, schemaErr
}

// What an introspection tells of a schema.
type (
	introspection struct {
		Data struct {
			Schema described `json:"__schema"`
		}
		Schema described `json:"__schema"`
	}
	described struct {
		Types []typed
	}
	typed struct {
		Kind, Name                string
		Fields, InputFields       []member
		EnumValues                []member
		Interfaces, PossibleTypes []named
	}
	member struct {
		Name         string
		Args         []member
		Type         named
		DefaultValue *string
		IsDeprecated bool
	}
	named struct {
		Kind, Name string
		OfType     *named
	}
)

// language is an introspected schema as the schema language writes it, without descriptions.
func language(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		return "", err
	}
	var in introspection
	if err := json.NewDecoder(r).Decode(&in); err != nil {
		return "", err
	}
	types := in.Schema.Types
	if len(types) == 0 {
		types = in.Data.Schema.Types
	}
	var out strings.Builder
	out.WriteString("schema { query: QueryRoot mutation: Mutation }\ndirective @idempotent(key: String!) on FIELD\n")
	for _, t := range types {
		if !strings.HasPrefix(t.Name, "__") && !strings.Contains(" Int Float String Boolean ID ", " "+t.Name+" ") {
			t.write(&out)
		}
	}
	return out.String(), nil
}

func (t typed) write(out *strings.Builder) {
	words := map[string]string{"SCALAR": "scalar", "OBJECT": "type", "INTERFACE": "interface", "UNION": "union", "ENUM": "enum", "INPUT_OBJECT": "input"}
	fmt.Fprintf(out, "%s %s", words[t.Kind], t.Name)
	for i, other := range t.Interfaces {
		fmt.Fprintf(out, "%s%s", []string{" implements ", " & "}[min(i, 1)], other.Name)
	}
	if t.Kind == "UNION" {
		for i, other := range t.PossibleTypes {
			fmt.Fprintf(out, "%s%s", []string{" = ", " | "}[min(i, 1)], other.Name)
		}
	}
	members := append(append(t.Fields, t.InputFields...), t.EnumValues...)
	if len(members) > 0 {
		out.WriteString(" {\n")
		for _, m := range members {
			m.write(out)
			if m.IsDeprecated && t.Kind == "OBJECT" {
				out.WriteString(" @deprecated")
			}
			out.WriteString("\n")
		}
		out.WriteString("}")
	}
	out.WriteString("\n")
}

func (m member) write(out *strings.Builder) {
	out.WriteString(m.Name)
	for i, a := range m.Args {
		out.WriteString([]string{"(", ", "}[min(i, 1)])
		a.write(out)
	}
	if len(m.Args) > 0 {
		out.WriteString(")")
	}
	if m.Type.Kind != "" {
		out.WriteString(": " + m.Type.text())
	}
	if m.DefaultValue != nil {
		out.WriteString(" = " + *m.DefaultValue)
	}
}

func (n named) text() string {
	switch n.Kind {
	case "NON_NULL":
		return n.OfType.text() + "!"
	case "LIST":
		return "[" + n.OfType.text() + "]"
	}
	return n.Name
}
