package shopify

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// beyond is what the excerpt of the schema lacks and the documents use; [schema] looks it up in the whole schema.
const beyond = `extend type InventoryItem { variants(first: Int, after: String): ProductVariantConnection }`

// schema is Shopify's, from the folder of specifications.
func schema(t *testing.T) *ast.Schema {
	t.Helper()
	dir := os.Getenv("EVENSTOCK_SPECS")
	if dir == "" {
		t.Skip("EVENSTOCK_SPECS names no folder with the vendors' specifications")
	}
	sdl, err := os.ReadFile(filepath.Join(dir, "shopify", "admin_2026-10_subset.graphql"))
	must(t, err)
	packed, err := os.ReadFile(filepath.Join(dir, "shopify", "admin_2026-10.json.gz"))
	must(t, err)
	r, err := gzip.NewReader(bytes.NewReader(packed))
	must(t, err)
	knowsVariants(t, r)
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "subset", Input: string(sdl)}, &ast.Source{Name: "beyond", Input: beyond})
	must(t, err)
	return s
}

// knowsVariants looks up in the whole schema what [beyond] adds.
func knowsVariants(t *testing.T, r io.Reader) {
	t.Helper()
	var whole struct {
		Data struct {
			Schema *introspection `json:"__schema"`
		}
		Schema *introspection `json:"__schema"`
	}
	must(t, json.NewDecoder(r).Decode(&whole))
	for _, typ := range cmp.Or(whole.Schema, whole.Data.Schema).Types {
		for _, f := range typ.Fields {
			if typ.Name == "InventoryItem" && f.Name == "variants" && f.Type.Name == "ProductVariantConnection" && !f.IsDeprecated {
				return
			}
		}
	}
	t.Fatal("the whole schema has no variants in InventoryItem")
}

// introspection is the part of an introspected schema that is looked at.
type introspection struct {
	Types []struct {
		Name   string
		Fields []struct {
			Name         string
			IsDeprecated bool
			Type         struct{ Name string }
		}
	}
}

// TestDocumentsAreValid: every document is one of the schema's, and so is the one that travels as text inside another.
func TestDocumentsAreValid(t *testing.T) {
	s := schema(t)
	files, err := documents.ReadDir("documents")
	must(t, err)
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), ".graphql")
		if _, err := gqlparser.LoadQueryWithRules(s, document(name), rules.NewDefaultRules()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := gqlparser.LoadQueryWithRules(s, bulkQuery, rules.NewDefaultRules()); err != nil {
		t.Errorf("the query of a bulk operation: %v", err)
	}
}

// TestCallsAndAnswersAreValid: what is sent and what the practice shop answers, over a whole day of a shop.
func TestCallsAndAnswersAreValid(t *testing.T) {
	w := &witness{t: t, schema: schema(t), seen: map[string]bool{}}
	shop := practicetest.NewShopify(t, practicetest.ShopifyOptions{Direct: true})
	w.next = shop.Client.Transport
	shop.Client.Transport = w
	store := connect(t, shop, 3, nil)
	_, err := store.Check(t.Context())
	must(t, err)
	_, err = store.StoreTime(t.Context())
	must(t, err)
	_, err = store.Locations(t.Context())
	must(t, err)
	var refs []channel.Ref
	for i := range 30 {
		refs = append(refs, shop.AddListing(channeltest.Goods{SKU: fmt.Sprint("S", i), Title: "Pot", Variant: fmt.Sprint(i), Quantity: 9}))
	}
	shop.Advance(channel.OrderHistory)
	since := readAll(t, store.ListListings(t.Context(), nil), func(channel.Listing) {})
	shop.SetQuantity(refs[0], 4)
	readAll(t, store.ListListings(t.Context(), since), func(channel.Listing) {})
	store.bulkAfter = 3
	var at channel.Cursor
	for range 2 { // the second time the file is ready
		for page, err := range store.ListListings(t.Context(), at) {
			must(t, err)
			at = page.Next
		}
	}
	var sold []channeltest.Units
	for _, ref := range refs {
		sold = append(sold, channeltest.Units{Ref: ref, Quantity: 2})
	}
	order := shop.Sell(sold...)
	shop.Ship(order, 1, 1)
	shop.Refund(order, 0, 1, true)
	var lines int
	readAll(t, store.ListOrders(t.Context(), nil), func(o channel.Order) { lines = len(o.Lines) })
	if lines != len(refs) {
		t.Errorf("%d lines of %d", lines, len(refs))
	}
	_, err = store.GetOrders(t.Context(), []string{order, "1"})
	must(t, err)
	_, err = store.ReadStock(t.Context(), refs)
	must(t, err)
	_, err = store.PushStock(t.Context(), []channel.StockLevel{
		{Listing: refs[0].Listing, Available: 5, Expect: new(int64(3)), Key: "a"}, {Listing: refs[1].Listing, Available: 5, Key: "b"}})
	must(t, err)
	files, err := documents.ReadDir("documents")
	must(t, err)
	for _, f := range files {
		if !w.seen[document(strings.TrimSuffix(f.Name(), ".graphql"))] {
			t.Errorf("%s was not sent", f.Name())
		}
	}
}

// witness checks every call and every answer against the schema.
type witness struct {
	t      *testing.T
	schema *ast.Schema
	next   http.RoundTripper
	seen   map[string]bool
}

func (w *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, err := io.ReadAll(r.Body)
	must(w.t, err)
	r.Body = io.NopCloser(bytes.NewReader(sent))
	res, err := w.next.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/graphql.json") {
		return res, err
	}
	var in struct {
		Query     string
		Variables map[string]any
	}
	must(w.t, json.Unmarshal(sent, &in))
	w.seen[in.Query] = true
	doc, errs := gqlparser.LoadQueryWithRules(w.schema, in.Query, rules.NewDefaultRules())
	if errs != nil {
		w.t.Fatal(errs)
	}
	for name, v := range in.Variables { // JSON knows one kind of number
		if n, ok := v.(float64); ok {
			in.Variables[name] = int64(n)
		}
	}
	if _, err := validator.VariableValues(w.schema, doc.Operations[0], in.Variables); err != nil {
		w.t.Errorf("variables %v: %v", in.Variables, err)
	}
	body, err := io.ReadAll(res.Body)
	must(w.t, err)
	res.Body = io.NopCloser(bytes.NewReader(body))
	var out struct {
		Data   map[string]any
		Errors []any
	}
	must(w.t, json.Unmarshal(body, &out))
	if out.Errors != nil {
		w.t.Errorf("refused: %v", out.Errors)
	}
	w.object("", doc.Operations[0].SelectionSet, out.Data)
	return res, nil
}

// object checks that an object has the selected fields of one of the types, and that each is of its type.
func (w *witness) object(path string, set ast.SelectionSet, o map[string]any) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.InlineFragment:
			if slices.ContainsFunc(s.SelectionSet, func(x ast.Selection) bool { f, ok := x.(*ast.Field); return ok && o[f.Alias] != nil }) {
				w.object(path, s.SelectionSet, o)
			}
		case *ast.Field:
			v, there := o[s.Alias]
			if !there {
				w.t.Errorf("%s.%s is missing", path, s.Alias)
				continue
			}
			w.value(path+"."+s.Alias, s.Definition.Type, s.SelectionSet, v)
		}
	}
}

func (w *witness) value(path string, typ *ast.Type, set ast.SelectionSet, v any) {
	if v == nil {
		if typ.NonNull {
			w.t.Errorf("%s is null, its type is %s", path, typ)
		}
		return
	}
	if typ.Elem != nil {
		list, ok := v.([]any)
		if !ok {
			w.t.Errorf("%s is no list", path)
		}
		for _, item := range list {
			w.value(path, typ.Elem, set, item)
		}
		return
	}
	ok := true
	switch def := w.schema.Types[typ.NamedType]; {
	case len(set) > 0:
		o, is := v.(map[string]any)
		if ok = is; is {
			w.object(path, set, o)
		}
	case def.Kind == ast.Enum:
		ok = def.EnumValues.ForName(fmt.Sprint(v)) != nil
	case typ.NamedType == "Int":
		_, ok = v.(float64)
	case typ.NamedType == "Boolean":
		_, ok = v.(bool)
	default:
		_, ok = v.(string)
	}
	if !ok {
		w.t.Errorf("%s is %v, its type is %s", path, v, typ)
	}
}
