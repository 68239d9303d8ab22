package shopify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
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
	face "evenstock/backend/practice/shopify"
)

// all are our documents by name, the one among them that travels as text inside another.
func all(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{"bulk operation": bulkQuery}
	files, err := documents.ReadDir("documents")
	must(t, err)
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), ".graphql")
		out[name] = document(name)
	}
	return out
}

// TestDocumentsAreValid: every document is one of the schema's, and asks for nothing that is to go.
func TestDocumentsAreValid(t *testing.T) {
	s := schema(t)
	for name, text := range all(t) {
		doc, errs := gqlparser.LoadQueryWithRules(s, text, rules.NewDefaultRules())
		if errs != nil {
			t.Errorf("%s: %v", name, errs)
			continue
		}
		for _, f := range deprecated(doc.Operations[0].SelectionSet) {
			t.Errorf("%s asks for %s, which is deprecated", name, f)
		}
	}
}

// deprecated are the fields of a selection that are to go.
func deprecated(set ast.SelectionSet) (out []string) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.InlineFragment:
			out = append(out, deprecated(s.SelectionSet)...)
		case *ast.Field:
			if s.Definition.Directives.ForName("deprecated") != nil {
				out = append(out, s.Name)
			}
			out = append(out, deprecated(s.SelectionSet)...)
		}
	}
	return out
}

// TestCallsAndAnswersAreValid: what is sent and what the practice shop answers, over a whole day of a shop.
func TestCallsAndAnswersAreValid(t *testing.T) {
	var places []string // more than the parts of an order that fit into an answer
	for i := range many[0] + 1 {
		places = append(places, fmt.Sprint("Place ", i))
	}
	shop := practicetest.NewShopify(t, practicetest.ShopifyOptions{Direct: true, Places: places})
	w := watch(t, shop)
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
	inParts(t, shop, store)
	_, err = store.GetOrders(t.Context(), []string{order, "1"})
	must(t, err)
	_, err = store.ReadStock(t.Context(), refs)
	must(t, err)
	_, err = store.PushStock(t.Context(), []channel.StockLevel{
		{Listing: refs[0].Listing, Available: 5, Expect: new(int64(3)), Key: "a"}, {Listing: refs[1].Listing, Available: 5, Key: "b"}})
	must(t, err)
	w.report(all(t))
}

// inParts has an order read that is in more parts than one answer holds, of every kind.
func inParts(t *testing.T, shop *practicetest.Shopify, s *Store) {
	t.Helper()
	var sold []channeltest.Units
	for i := range many[0] + 1 {
		goods := shop.AddListing(channeltest.Goods{SKU: fmt.Sprint("P", i), Title: "Pan"})
		goods.Location = fmt.Sprint(face.Primary + i)
		shop.SetQuantity(goods, 5)
		sold = append(sold, channeltest.Units{Ref: goods, Quantity: 2})
	}
	order := shop.Sell(sold...)
	for i := range sold {
		shop.Ship(order, i, 1)
		shop.Refund(order, i, 1, i%2 == 0)
	}
	got, err := s.GetOrders(t.Context(), []string{order})
	must(t, err)
	for i, l := range got[0].Lines {
		if sum(l.Fulfilled) != 1 || l.Released+l.WrittenOff != 1 {
			t.Errorf("line %d: %+v", i, l)
		}
	}
}

// watch has every call to a shop checked against the schema.
func watch(t *testing.T, shop *practicetest.Shopify) *witness {
	t.Helper()
	w := &witness{t: t, schema: schema(t), next: shop.Client.Transport, seen: map[string]int{}}
	shop.Client.Transport = w
	return w
}

// report prints which document was checked how often against which fields of the schema, and fails for one that was not sent.
func (w *witness) report(documents map[string]string) {
	w.t.Helper()
	var table strings.Builder
	fmt.Fprintf(&table, "%-18s %-50s %s\n", "document", "admin_2026-10.json.gz", "calls checked")
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		doc, errs := gqlparser.LoadQueryWithRules(w.schema, documents[name], rules.NewDefaultRules())
		if errs != nil {
			w.t.Fatal(errs)
		}
		var fields []string
		for _, s := range doc.Operations[0].SelectionSet {
			if f, is := s.(*ast.Field); is {
				fields = append(fields, f.ObjectDefinition.Name+"."+f.Name)
			}
		}
		n := w.seen[documents[name]]
		if documents[name] == bulkQuery { // it travels inside another
			n = w.seen[document("bulk_run")]
		}
		if fmt.Fprintf(&table, "%-18s %-50s %d\n", name, strings.Join(fields, " "), n); n == 0 {
			w.t.Errorf("%s was not sent", name)
		}
	}
	w.t.Log("\n" + table.String())
}

// witness checks every call and every answer against the schema.
type witness struct {
	t      *testing.T
	schema *ast.Schema
	next   http.RoundTripper
	seen   map[string]int // calls by document
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
	w.seen[in.Query]++
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
			if slices.ContainsFunc(s.SelectionSet, func(x ast.Selection) bool { f, ok := x.(*ast.Field); return ok && f.Alias != "id" && o[f.Alias] != nil }) {
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
