package etsy

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
)

// scene is a practice shop, the connector on it and what went between the two.
type scene struct {
	*practicetest.Etsy
	store *opened
	rec   *practicetest.Recorder
}

func newScene(t *testing.T, o practicetest.EtsyOptions, change func(*channel.Deps, *channel.Settings)) *scene {
	t.Helper()
	o.Direct = true
	shop := practicetest.NewEtsy(t, o)
	s := &scene{Etsy: shop, rec: shop.Record()}
	s.store = connect(t, shop, pageSize, change)
	return s
}

// without leaves fields empty: consent that was not given.
func without(fields ...string) func(*channel.Deps, *channel.Settings) {
	return func(_ *channel.Deps, s *channel.Settings) {
		for _, f := range fields {
			delete(s.Fields, f)
		}
	}
}

// reopen closes the store and opens it again with what was kept of it.
func (s *scene) reopen(t *testing.T, fields map[string]string) {
	t.Helper()
	was := s.store
	s.store = connect(t, s.Etsy, pageSize, func(d *channel.Deps, set *channel.Settings) {
		d.Notes = was.Notes
		for _, values := range []map[string]string{was.Saved, fields} {
			for name, value := range values {
				set.Fields[name] = value
			}
		}
	})
}

func (s *scene) shirt(prices ...string) (refs []channel.Ref) {
	parent := ""
	for i, price := range prices {
		size := string("SMLX"[i])
		ref := s.AddListing(channeltest.Goods{SKU: "TEE-" + size, Title: "Tee", Variant: size, Parent: parent, Quantity: int64(10 * (i + 1))})
		s.World.Do(func(st *practice.State) { st.Item(s.id(ref)).Price = price })
		parent = ref.Parent
		refs = append(refs, ref)
	}
	return refs
}

func (s *scene) id(ref channel.Ref) int64 { return s.Find(ref.Listing) }

func (s *scene) push(t *testing.T, ref channel.Ref, n int64, expect ...int64) error {
	t.Helper()
	l := channel.StockLevel{Listing: ref.Listing, Parent: ref.Parent, Available: n}
	if len(expect) > 0 {
		l.Expect = &expect[0]
	}
	results, err := s.store.PushStock(t.Context(), []channel.StockLevel{l})
	if err != nil {
		return err
	}
	return results[0].Err
}

func (s *scene) read(t *testing.T, ref channel.Ref) int64 {
	t.Helper()
	readings, err := s.store.ReadStock(t.Context(), []channel.Ref{ref})
	if err != nil || readings[0].Err != nil {
		t.Fatal(err, readings)
	}
	return *readings[0].Quantity
}

// says demands an error of a kind whose message contains a text.
func says(t *testing.T, err error, kind channel.Kind, text string) {
	t.Helper()
	var e *channel.Error
	if !errors.As(err, &e) || e.Kind != kind || !strings.Contains(e.Message, text) {
		t.Errorf("error %v, want one of kind %v that says %q", err, kind, text)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestPushReplacesNothingButNumbers: Etsy deletes what an inventory leaves out (etsy.md, 3.2).
func TestPushReplacesNothingButNumbers(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	refs := s.shirt("19.99", "0.07", "1234.10")
	must(t, s.push(t, refs[1], 5))
	for i, want := range []struct {
		quantity int64
		price    string
	}{{10, "19.99"}, {5, "0.07"}, {30, "1234.10"}} {
		s.World.Do(func(st *practice.State) {
			it := st.Item(s.id(refs[i]))
			if it == nil || *it.Quantity != want.quantity || it.Price != want.price || it.SKU != "TEE-"+string("SML"[i]) {
				t.Errorf("variant %d is %+v, want %+v", i, it, want)
			}
		})
	}
	put := s.rec.Sent(http.MethodPut, "/inventory")
	if len(put) != 1 {
		t.Fatalf("%d writes, want 1", len(put))
	}
	for _, price := range []string{`"price":19.99,`, `"price":0.07,`, `"price":1234.10,`} {
		if !strings.Contains(put[0].Sent, price) {
			t.Errorf("the write lacks %s: %s", price, put[0].Sent)
		}
	}
	for _, left := range []string{"product_id", "offering_id", "is_deleted", "scale_name"} {
		if strings.Contains(put[0].Sent, left) {
			t.Errorf("the write has %s, which Etsy does not take", left)
		}
	}
	var body map[string]json.RawMessage
	must(t, json.Unmarshal([]byte(put[0].Sent), &body))
	for _, field := range []string{"price_on_property", "quantity_on_property", "sku_on_property"} {
		if string(body[field]) != "[513]" {
			t.Errorf("%s was written as %s, want [513] as it was", field, body[field])
		}
	}
}

func TestPricesStayDecimal(t *testing.T) {
	for _, c := range []struct {
		m    money
		want string
	}{{money{1999, 100}, "19.99"}, {money{7, 100}, "0.07"}, {money{120, 1}, "120"}, {money{12345, 1000}, "12.345"},
		{money{0, 100}, "0.00"}, {money{1 << 60, 100}, "11529215046068469.76"}, {money{5, 3}, ""}, {money{5, 0}, ""}} {
		got, ok := c.m.decimal()
		if string(got) != c.want || ok != (c.want != "") {
			t.Errorf("%+v is %q, want %q", c.m, got, c.want)
		}
	}
}

// TestWrongAnswerToAWrite: an answer that shows other prices, or fewer choices, is no success (etsy.md, 3.2).
func TestWrongAnswerToAWrite(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	refs := s.shirt("10.00", "12.00")
	s.rec.Instead = func(r *http.Request, _ string) *http.Response {
		if r.Method != http.MethodPut {
			return nil
		}
		return practicetest.Canned(r, 200, `{"products":[{"sku":"TEE-S","property_values":[],"offerings":[{"quantity":4,"price":{"amount":1,"divisor":100}}]}]}`)
	}
	says(t, s.push(t, refs[0], 4), channel.Stale, "other prices or choices")
	s.rec.Instead = func(r *http.Request, _ string) *http.Response {
		if r.Method != http.MethodPut {
			return nil
		}
		return practicetest.Canned(r, 409, `{"error":"conflict"}`)
	}
	says(t, s.push(t, refs[0], 4), channel.Stale, "at the same moment")
}

// TestProductIdsAreNoKeys: they change with every write (etsy.md, 3.2).
func TestProductIdsAreNoKeys(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	refs := s.shirt("10.00", "12.00")
	order := s.Sell(channeltest.Units{Ref: refs[1], Quantity: 2})
	for n := range int64(3) {
		must(t, s.push(t, refs[1], 40+n))
		if got := s.read(t, refs[1]); got != 40+n {
			t.Errorf("reads %d after the write, want %d", got, 40+n)
		}
	}
	orders, err := s.store.GetOrders(t.Context(), []string{order})
	must(t, err)
	if got := orders[0].Lines[0].ListingRef; got != refs[1].Listing {
		t.Errorf("the order names %s, want %s", got, refs[1].Listing)
	}
}

func TestVariantsAreNamedBySKUOrChoices(t *testing.T) {
	size := func(values ...string) (out []property) {
		for i, v := range values {
			out = append(out, property{ID: 513 + int64(i), Values: []string{v}})
		}
		return out
	}
	one := func(n int64) []offering { return []offering{{Quantity: n}} }
	inv := &inventory{QuantityOn: []int64{513}, Products: []product{
		{SKU: "A", Properties: size("S", "red"), Offerings: one(1)},
		{SKU: "A", Properties: size("S", "blue"), Offerings: one(1)},
		{SKU: "B", Properties: size("M", "red"), Offerings: one(2)},
		{SKU: "C", Properties: size("M", "blue"), Offerings: one(2)},
		{SKU: "D", Properties: size("L", "red"), Offerings: one(3)},
		{SKU: "D", Properties: size("X", "red"), Offerings: one(4)},
		{Properties: size("Y", "a/b & c"), Offerings: one(5)},
		{SKU: "GONE", Deleted: true, Properties: size("Z", "red"), Offerings: one(9)},
	}}
	var got []string
	for _, v := range variantsOf(7, inv) {
		text := v.ref + " " + formatID(v.quantity)
		if v.pool != "" {
			text += " in " + v.pool
		}
		got = append(got, text)
	}
	want := []string{"7/A 1", "7/B 2 in 7?513=M", "7/C 2 in 7?513=M", "7/?513=L&514=red 3", "7/?513=X&514=red 4", "7/?513=Y&514=a%2Fb+%26+c 5"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("variants\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestSharedNumber: without quantity_on_property all choices of a listing have one number (etsy.md, 3.1).
func TestSharedNumber(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	refs := s.AddPool("Scarf", 6, "SC-L", "SC-S")
	pool := ""
	for p, err := range s.store.ListListings(t.Context(), nil) {
		must(t, err)
		for _, l := range p.Items {
			if l.Shared || *l.Quantity != 6 || l.Pool == "" || pool != "" && l.Pool != pool || !strings.HasPrefix(l.Ref, l.Parent+"/") {
				t.Errorf("listing %+v, want one of a pool of 6", l)
			}
			pool = l.Pool
		}
	}
	must(t, s.push(t, refs[0], 4))
	if a, b := s.read(t, refs[0]), s.read(t, refs[1]); a != 4 || b != 4 {
		t.Errorf("the pool shows %d and %d, want 4", a, b)
	}
	put := s.rec.Sent(http.MethodPut, "/inventory")
	if len(put) != 1 || !strings.Contains(put[0].Sent, `"quantity_on_property":[]`) || strings.Count(put[0].Sent, `"quantity":4`) != 2 {
		t.Errorf("written %+v, want one number for both and nothing else changed", put)
	}
}

// TestOneUnknownListing: Etsy refuses a whole batch for it (etsy.md, 3.1).
func TestOneUnknownListing(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	var refs []channel.Ref
	for i := range readBatch {
		refs = append(refs, s.AddListing(channeltest.Goods{SKU: "S" + strconv.Itoa(i), Title: "Goods", Quantity: int64(i)}))
	}
	s.Remove(refs[37])
	before := s.Calls(channeltest.ReadStock)
	readings, err := s.store.ReadStock(t.Context(), refs)
	must(t, err)
	for i, r := range readings {
		switch {
		case i == 37:
			says(t, r.Err, channel.Missing, "no such listing")
		case r.Err != nil || *r.Quantity != int64(i):
			t.Errorf("reading %d is %+v", i, r)
		}
	}
	// 100 halved until one is left: two calls for each of at most seven levels.
	if calls := s.Calls(channeltest.ReadStock) - before; calls > 1+2*7 {
		t.Errorf("%d calls, want at most 15", calls)
	}
}

func TestExpectationThatNoLongerHolds(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	refs := s.shirt("10.00", "12.00")
	s.Sell(channeltest.Units{Ref: refs[0], Quantity: 3})
	says(t, s.push(t, refs[0], 50, 10), channel.Stale, "shows 7 where 10")
	if got := s.Quantity(refs[0]); got != 7 {
		t.Errorf("the shop shows %d, want 7: the sale was given back", got)
	}
}
