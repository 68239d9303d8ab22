package woocommerce

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
)

func level(listing, parent string, available int64, expect ...int64) channel.StockLevel {
	l := channel.StockLevel{Listing: listing, Parent: parent, Available: available}
	if len(expect) > 0 {
		l.Expect = &expect[0]
	}
	return l
}

// writes are the writing calls a shop met, without what is not asked.
func writes(shop *practicetest.WooCommerce) []string {
	var out []string
	for _, e := range shop.World.Log() {
		if e.Method != "GET" {
			path, _, _ := strings.Cut(e.Path, "?")
			out = append(out, e.Method+" "+strings.TrimPrefix(path, "/wp-json/wc/v3"))
		}
	}
	return out
}

// TestWaysOfWriting: few listings with expectations one by one as differences, everything else in batches.
func TestWaysOfWriting(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true})
	s, _ := connect(t, shop, 3, nil)
	refs := stock(shop, 25)
	red := shop.AddListing(channeltest.Goods{SKU: "R", Title: "Shirt", Variant: "Red", Quantity: 1})
	blue := shop.AddListing(channeltest.Goods{SKU: "B", Title: "Shirt", Variant: "Blue", Parent: red.Parent, Quantity: 2})
	variations := "/products/" + red.Parent + "/variations"
	for name, c := range map[string]struct {
		batch []channel.StockLevel
		want  []string
	}{
		"known expectations": {
			[]channel.StockLevel{level(refs[7].Listing, "", 9, 7), level(red.Listing, red.Parent, 5, 1)},
			[]string{"PUT /products/" + refs[7].Listing, "PUT " + variations + "/" + red.Listing},
		},
		"one unknown": {
			[]channel.StockLevel{level(refs[8].Listing, "", 9, 8), level(red.Listing, red.Parent, 6), level(refs[9].Listing, "", 1), level(blue.Listing, blue.Parent, 6)},
			[]string{"POST /products/batch", "POST " + variations + "/batch"},
		},
		"many": {
			func() (batch []channel.StockLevel) {
				for i, ref := range refs[:differences+1] {
					batch = append(batch, level(ref.Listing, "", int64(i), int64(i)))
				}
				return batch
			}(),
			[]string{"POST /products/batch"},
		},
		"nothing": {nil, nil},
	} {
		before := len(writes(shop))
		results, err := s.PushStock(t.Context(), c.batch)
		if err != nil || len(results) != len(c.batch) {
			t.Fatalf("%s: %d results, %v", name, len(results), err)
		}
		for i, r := range results {
			if r.Err != nil {
				t.Errorf("%s: %d: %v", name, i, r.Err)
			}
		}
		if got := writes(shop)[before:]; !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestSaleBetweenReadingAndWriting: a difference keeps it, and the result tells what the shop held.
func TestSaleBetweenReadingAndWriting(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true})
	s, _ := connect(t, shop, 3, nil)
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 20})
	shop.Before(channeltest.PushStock, func() { shop.Sell(channeltest.Units{Ref: mug, Quantity: 3}) })
	results, err := s.PushStock(t.Context(), []channel.StockLevel{level(mug.Listing, "", 50, 20)})
	if err != nil || results[0].Err != nil || *results[0].Was != 17 {
		t.Errorf("results %+v, %v", results, err)
	}
	if n := shop.Quantity(mug); n != 47 {
		t.Errorf("the shop holds %d, want 47", n)
	}
}

// TestDifferencesTheShopIgnores: after a few in a row numbers are absolute; one alone may be a customer's doing.
func TestDifferencesTheShopIgnores(t *testing.T) {
	d, s := openDesk(t, nil)
	held := int64(10)
	d.on("PUT /products/1", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"id":1,"manage_stock":true,"stock_quantity":%d}`, held)
	})
	d.on("POST /products/batch", func(w http.ResponseWriter, r *http.Request) {
		held = 15
		fmt.Fprintf(w, `{"update":[{"id":1,"manage_stock":true,"stock_quantity":%d}]}`, held)
	})
	push := func() error {
		results, err := s.PushStock(t.Context(), []channel.StockLevel{level("1", "", 15, held)})
		if err != nil {
			t.Fatal(err)
		}
		return results[0].Err
	}
	for range ignoredMost {
		wantCode(t, push(), channel.Stale, channel.CodeNotApplied)
	}
	if err := push(); err != nil || held != 15 {
		t.Errorf("absolute: %v, the shop holds %d", err, held)
	}
	if last := d.calls()[len(d.calls())-1]; !strings.Contains(last, `{"update":[{"id":1,"stock_quantity":15}]}`) {
		t.Errorf("sent %s", last)
	}
}

// TestCoincidence: a customer who buys as many as are added is not taken for a shop that ignores differences.
func TestCoincidence(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true})
	s, _ := connect(t, shop, 3, nil)
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 20})
	for range 2 * ignoredMost {
		shop.Before(channeltest.PushStock, func() { shop.Sell(channeltest.Units{Ref: mug, Quantity: 5}) })
		results, _ := s.PushStock(t.Context(), []channel.StockLevel{level(mug.Listing, "", 25, 20)})
		wantCode(t, results[0].Err, channel.Stale, channel.CodeNotApplied)
		results, err := s.PushStock(t.Context(), []channel.StockLevel{level(mug.Listing, "", 20, 20)})
		if err != nil || results[0].Err != nil {
			t.Fatal(err, results)
		}
		results, err = s.PushStock(t.Context(), []channel.StockLevel{level(mug.Listing, "", 21, 20)})
		if err != nil || results[0].Err != nil {
			t.Fatal(err, results)
		}
		shop.SetQuantity(mug, 20)
	}
	if w := writes(shop); slices.Contains(w, "POST /products/batch") {
		t.Errorf("went over to absolute numbers: %q", w)
	}
}

// TestRecordedBatches: a batch is answered with 200 even if items fail (recordings d20-variation-batch-update,
// d13-variation-via-products-batch, j03-batch-qty-null).
func TestRecordedBatches(t *testing.T) {
	d, s := openDesk(t, nil)
	d.replay("POST /products/340/variations/batch", "d20-variation-batch-update")
	results, err := s.PushStock(t.Context(), []channel.StockLevel{level("341", "340", 5), level("342", "340", 6), level("99999999", "340", 1)})
	if err != nil || results[0].Err != nil || results[1].Err != nil {
		t.Fatalf("%+v, %v", results, err)
	}
	wantCode(t, results[2].Err, channel.Missing, channel.CodeMissing)

	// A listing that was taken for a product and is a variation is not where it was.
	d.replay("POST /products/batch", "d13-variation-via-products-batch")
	results, err = s.PushStock(t.Context(), []channel.StockLevel{level("341", "", 6)})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, results[0].Err, channel.Missing, channel.CodeMissing)

	// The shop holds another number than was sent: it is not believed.
	d.replay("POST /products/batch", "j03-batch-qty-null")
	results, err = s.PushStock(t.Context(), []channel.StockLevel{level("336", "", 41)})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, results[0].Err, channel.Stale, channel.CodeNotApplied)

	// An answer cut by _fields hides errors, so it is no answer (recording e01b-batch-update-100-fields).
	d.replay("POST /products/batch", "e01b-batch-update-100-fields")
	_, err = s.PushStock(t.Context(), []channel.StockLevel{level("336", "", 41)})
	wantCode(t, err, channel.Transient, channel.CodeBadAnswer)
	for _, call := range d.calls() {
		if strings.Contains(call, "batch") && strings.Contains(call, "_fields") {
			t.Errorf("asked %s", call)
		}
	}
}

// TestWritesThatAreIgnored: 200, and nothing changed (recordings c04-set-qty-while-unmanaged,
// d07-put-qty-on-parent-managed-variation).
func TestWritesThatAreIgnored(t *testing.T) {
	d, s := openDesk(t, nil)
	d.replay("PUT /products/337", "c04-set-qty-while-unmanaged")
	d.replay("PUT /products/340/variations/342", "d07-put-qty-on-parent-managed-variation")
	results, err := s.PushStock(t.Context(), []channel.StockLevel{level("337", "", 5, 3), level("342", "340", 5, 3)})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		wantCode(t, r.Err, channel.Invalid, channel.CodeUntracked)
	}
}

// TestShopThatCountsNothing: the shop-wide switch makes every write come to nothing (recording i03-product-while-off).
func TestShopThatCountsNothing(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true})
	s, _ := connect(t, shop, 3, nil)
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 20})
	shop.World.Do(func(st *practice.State) { st.CountsStock = false })
	for _, l := range []channel.StockLevel{level(mug.Listing, "", 5), level(mug.Listing, "", 5, 20)} {
		results, err := s.PushStock(t.Context(), []channel.StockLevel{l})
		if err != nil {
			t.Fatal(err)
		}
		wantCode(t, results[0].Err, channel.Invalid, channel.CodeUntracked)
	}
	wantCode(t, s.Track(t.Context(), level(mug.Listing, "", 5)), channel.Invalid, channel.CodeUntracked)
	readings, err := s.ReadStock(t.Context(), []channel.Ref{mug})
	if err != nil || readings[0].Quantity != nil {
		t.Errorf("reading %+v, %v", readings, err)
	}
}

// TestSlowShop: a shop that runs out of time over a batch gets smaller ones from then on.
func TestSlowShop(t *testing.T) {
	d, s := openDesk(t, nil)
	var sizes []int
	slow := true
	d.on("POST /products/batch", func(w http.ResponseWriter, r *http.Request) {
		var answer struct {
			Update []map[string]any `json:"update"`
		}
		last := d.calls()[len(d.calls())-1]
		_, body, _ := strings.Cut(last, " {")
		json.Unmarshal([]byte("{"+body), &answer)
		sizes = append(sizes, len(answer.Update))
		if slow {
			w.WriteHeader(504)
			io.WriteString(w, "<html><title>Gateway time-out</title>")
			return
		}
		for _, u := range answer.Update {
			u["manage_stock"] = true
		}
		json.NewEncoder(w).Encode(answer)
	})
	var batch []channel.StockLevel
	for i := range pushBatch {
		batch = append(batch, level(formatID(int64(i+1)), "", 5))
	}
	for range 5 {
		_, err := s.PushStock(t.Context(), batch)
		wantCode(t, err, channel.Transient, channel.CodeServerError)
	}
	slow = false
	results, err := s.PushStock(t.Context(), batch)
	if err != nil || len(results) != pushBatch {
		t.Fatal(err)
	}
	want := append([]int{50, 25, 12, 6, 5}, slices.Repeat([]int{5}, 10)...)
	if !slices.Equal(sizes, want) {
		t.Errorf("batches of %v, want %v", sizes, want)
	}
}

// TestRefsOfNowhere: a ref that was never this shop's is missing, without a call.
func TestRefsOfNowhere(t *testing.T) {
	d, s := openDesk(t, nil)
	results, err := s.PushStock(t.Context(), []channel.StockLevel{level("mug", "", 5), level("1", "x", 5), level("-1", "", 5), level("1", "", -5)})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results[:3] {
		wantCode(t, r.Err, channel.Missing, channel.CodeMissing)
	}
	wantCode(t, results[3].Err, channel.Invalid, channel.CodeInvalid)
	readings, err := s.ReadStock(t.Context(), []channel.Ref{{Listing: "mug"}, {Listing: "1", Parent: "x"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range readings {
		wantCode(t, r.Err, channel.Missing, channel.CodeMissing)
	}
	if n := len(d.calls()); n != 0 {
		t.Errorf("%d calls: %q", n, d.calls())
	}
}

// TestRefreshOfTenThousand: WooCommerce has no limits of its own, so what counts is the number of calls: as many listings in
// each as it takes (performance.md).
func TestRefreshOfTenThousand(t *testing.T) {
	const listings = 10_000
	shop := practicetest.New(t, practicetest.Options{Direct: true})
	rec := shop.Record()
	s, _ := connect(t, shop, pageSize, nil)
	refs := stock(shop, listings)
	got := practicetest.Refresh(t, s, shop.Clock, refs, 7)
	reads, writes := len(rec.Sent("GET", "/products")), len(rec.Sent("POST", "/products/batch"))
	if reads > listings/readBatch*105/100 || writes > listings/pushBatch*105/100 || got.Waits != 0 || rec.Refused() != 0 || shop.Written() != listings {
		t.Errorf("%d written by %d reads and %d writes with %d waits", shop.Written(), reads, writes, got.Waits)
	}
}
