package woocommerce

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/channel"
)

// TestRefusals: what the real shop refused, and what we make of it. Each case names its recording.
func TestRefusals(t *testing.T) {
	for name, want := range map[string]struct {
		kind channel.Kind
		code string
	}{
		"b01-no-auth":                    {channel.Auth, channel.CodeAuth},
		"b02-bad-key":                    {channel.Auth, channel.CodeAuth},
		"b03-bad-secret":                 {channel.Auth, channel.CodeAuth},
		"b04-bad-secret-basic":           {channel.Auth, channel.CodeAuth},
		"b05-bad-key-basic":              {channel.Auth, channel.CodeAuth},
		"b06-old-timestamp":              {channel.Auth, channel.CodeClockSkew},
		"b07-future-timestamp":           {channel.Auth, channel.CodeClockSkew},
		"b08-plaintext-method":           {channel.Auth, channel.CodeAuth},
		"b09-write-key-reads":            {channel.Auth, channel.CodeAuth},
		"b10-nonce-reused":               {channel.Auth, channel.CodeAuth},
		"b11-read-key-writes":            {channel.Auth, channel.CodeReadOnly},
		"c12-qty-float":                  {channel.Invalid, "rest_invalid_param"},
		"c17-unknown-product":            {channel.Missing, channel.CodeMissing},
		"c18-unknown-route":              {channel.Transient, channel.CodeWrongShop}, // never: everything is gone
		"d12-variation-via-products-put": {channel.Missing, channel.CodeMissing},
		"d15b-wrong-parent-put":          {channel.Missing, channel.CodeMissing},
		"e02-batch-101":                  {channel.Invalid, "woocommerce_rest_request_entity_too_large"},
		"f18-refund-api-default":         {channel.Transient, channel.CodeServerError},
	} {
		t.Run(name, func(t *testing.T) {
			d, s := openDesk(t, nil)
			d.replay("GET /thing", name)
			_, err := s.ask(t.Context(), api("try", "thing", nil))
			wantCode(t, err, want.kind, want.code)
		})
	}
}

// TestEmptyBatch: an empty batch answers a list, not an object, and proves that a key may write (recording e05-batch-empty).
func TestEmptyBatch(t *testing.T) {
	d, s := openDesk(t, nil)
	d.say("GET /products", 200, "[]")
	d.say("GET /orders", 200, "[]")
	d.replay("POST /products/batch", "e05-batch-empty")
	if _, err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	d.replay("POST /products/batch", "b11-read-key-writes")
	_, err := s.Check(t.Context())
	wantCode(t, err, channel.Auth, channel.CodeReadOnly)
}

// TestStockFields: what recorded products and variations mean for a listing.
func TestStockFields(t *testing.T) {
	for name, want := range map[string]struct {
		managed  managed
		quantity string
	}{
		"c04-set-qty-while-unmanaged":             {unmanaged, "none"},
		"c06-manage-without-qty":                  {own, "none"}, // managed, never set: null, which counts as 0
		"c10-qty-negative":                        {own, "-4"},
		"c15c-qty-huge":                           {own, "9999999999"},
		"c16-inventory-delta":                     {own, "7"},
		"d05-parent-managed":                      {own, "8"},
		"d06-variation-parent":                    {parents, "8"},
		"d07-put-qty-on-parent-managed-variation": {parents, "8"},
		"d08-variation-managed":                   {own, "4"},
		"i03-product-while-off":                   {unmanaged, "40"}, // the old number is still shown
		"j05-manage-and-qty-together":             {own, "6"},
	} {
		var p product
		recorded(t, name).into(t, &p)
		got := "none"
		if p.Quantity.set {
			got = fmt.Sprint(p.Quantity.n)
		}
		if p.Managed != want.managed || got != want.quantity {
			t.Errorf("%s: managed %d with %s, want %d with %s", name, p.Managed, got, want.managed, want.quantity)
		}
	}
}

// TestSKUs are as the shop stores them (recordings j14-sku-unicode, j16-sku-html).
func TestSKUs(t *testing.T) {
	for name, want := range map[string]string{"j14-sku-unicode": "Ä/577e71&ß", "j16-sku-html": "577e71"} {
		var p product
		recorded(t, name).into(t, &p)
		if l := p.listing(); l.SKU != want {
			t.Errorf("%s: %q, want %q", name, l.SKU, want)
		}
	}
}

// line340 is the parent of the recorded variations, line336 the recorded mug.
const (
	variationS = "341"
	variationM = "342"
	mug        = "336"
)

// TestRecordedOrders: orders of the real shop and what their lines come to.
func TestRecordedOrders(t *testing.T) {
	type lines = []channel.Line
	held := func(ref, sku string, ordered, held int64) channel.Line {
		return channel.Line{ListingRef: ref, SKU: sku, Ordered: ordered, Held: held}
	}
	out := func(l channel.Line, n int64) channel.Line {
		l.Fulfilled = map[string]int64{"": n}
		return l
	}
	released := func(l channel.Line, n int64) channel.Line { l.Released = n; return l }
	const sku = "REC-577e71-1"
	for name, want := range map[string]struct {
		lines   lines
		ignored bool
		notice  string
	}{
		"f01-order-create-default":    {lines{released(held(mug, sku, 2, 0), 2)}, true, ""}, // pending: not an order yet
		"f02-order-to-processing":     {lines{held(mug, sku, 2, 2)}, false, ""},
		"f03-processing-to-completed": {lines{out(held(mug, sku, 2, 2), 2)}, false, ""},
		// The shop put both back on its number, but they had been shipped.
		"f04-completed-to-cancelled":  {lines{out(held(mug, sku, 2, 0), 2)}, false, "completed and then cancelled"},
		"f05-cancelled-to-processing": {lines{held(mug, sku, 2, 2)}, false, ""},
		"f20-edit-qty":                {lines{held(mug, sku, 5, 5)}, false, ""},
		"f21-remove-line":             {nil, false, ""},
		"f22-add-line":                {lines{held(mug, sku, 1, 1)}, false, ""},
		"f23-oversell":                {lines{held(mug, sku, 5, 5)}, false, ""},
		"f24-order-by-sku":            {lines{released(held(mug, sku, 1, 0), 1)}, true, ""},
		"f25-order-variation":         {lines{held(variationS, "REC-577e71-V-S", 1, 1)}, false, ""},
		// The stock is the parent's; the line names the variation and its SKU.
		"f26-order-parent-managed-variation": {lines{held(variationM, "REC-577e71-V-M", 3, 3)}, false, ""},
		"f27-order-unknown-product":          {lines{released(held("", "", 1, 0), 1)}, true, ""},
		"f28-order-parent-only":              {lines{held("340", "REC-577e71-V", 1, 1)}, false, ""},
		"f29-product-deleted-after-sale":     {lines{held("", "", 1, 1)}, false, ""},
		"f35-unmanaged-order":                {lines{held("337", "REC-577e71-U", 1, 0)}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, s := openDesk(t, nil)
			var o order
			recorded(t, name).into(t, &o)
			got, _, err := s.translate(t.Context(), "try", o)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got.Lines {
				if got.Lines[i].Ref == "" {
					t.Error("a line without a ref")
				}
				got.Lines[i].Ref, got.Lines[i].Title = "", ""
			}
			if diff := cmp.Diff(want.lines, got.Lines); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
			if got.Ignored != want.ignored || got.Gone {
				t.Errorf("ignored %v, gone %v", got.Ignored, got.Gone)
			}
			if (want.notice == "") != (got.Notice == "") || !strings.Contains(got.Notice, want.notice) {
				t.Errorf("notice %q, want one about %q", got.Notice, want.notice)
			}
			if got.Placed.IsZero() || got.Updated.IsZero() || got.Number == "" {
				t.Errorf("header %+v", got)
			}
		})
	}
}

// TestRecordedRefunds: of three mugs one was refunded and put back, one refunded and not (recordings
// f12-order-after-refunds, f14-refunds-list). The list holds a third refund, made after the order was recorded; it counts
// towards units, and nothing else came back.
func TestRecordedRefunds(t *testing.T) {
	d, s := openDesk(t, nil)
	d.replay("GET /orders/355/refunds", "f14-refunds-list")
	var o order
	recorded(t, "f12-order-after-refunds").into(t, &o)
	got, _, err := s.translate(t.Context(), "try", o)
	if err != nil {
		t.Fatal(err)
	}
	want := []channel.Line{{Ref: "10", ListingRef: mug, SKU: "REC-577e71-1", Title: "Rec mug",
		Ordered: 3, Released: 1, WrittenOff: 2, Held: 2}}
	if diff := cmp.Diff(want, got.Lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// TestRecordedRefundedStatus: setting the status makes a refund without lines and puts nothing back (recording
// f16-status-refunded). What the line still holds is taken as gone, and said.
func TestRecordedRefundedStatus(t *testing.T) {
	d, s := openDesk(t, nil)
	d.say("GET /orders/361/refunds", 200, `[{"id":362,"line_items":[]}]`)
	var o order
	recorded(t, "f16-status-refunded").into(t, &o)
	got, _, err := s.translate(t.Context(), "try", o)
	if err != nil {
		t.Fatal(err)
	}
	if l := got.Lines[0]; l.WrittenOff != 2 || l.Released != 0 || !strings.Contains(got.Notice, "without saying what became of 2") {
		t.Errorf("line %+v, notice %q", l, got.Notice)
	}
}

// TestRecordedRefundOfTooMany: nine units of one were refunded (recording f17b-refund-qty-over).
func TestRecordedRefundOfTooMany(t *testing.T) {
	var r refund
	recorded(t, "f17b-refund-qty-over").into(t, &r)
	l := line{ID: 16, Quantity: number{1, true}, Meta: []meta{
		{metaHeld, []byte(`"-8"`)}, {metaRestored, []byte(`"9"`)},
	}}
	f := factsOf(l, []refund{r}, stamp{}.Time, 0)
	got, _ := f.total(booked, false)
	if !f.over || got != (lineTotals{released: 1}) || f.held != 0 {
		t.Errorf("facts %+v, totals %+v", f, got)
	}
}

// TestRecordedTrash: a trashed order can be read and shows where it lies (recording f08-order-get-trashed), the answer to
// the trashing itself does not (f07-order-trash).
func TestRecordedTrash(t *testing.T) {
	d, s := openDesk(t, nil)
	d.say("GET /orders", 200, "[]")
	d.replay("GET /orders/354", "f08-order-get-trashed")
	d.say("GET /orders/355", 404, `{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID.","data":{"status":404}}`)
	got, err := s.GetOrders(t.Context(), []string{"354", "355", "nonsense"})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range got {
		if !o.Gone || o.Updated.IsZero() {
			t.Errorf("order %+v is not gone", o)
		}
	}
	if len(got) != 3 {
		t.Errorf("%d orders of 3", len(got))
	}
	d.say("GET /orders/355", 404, "<html>")
	_, err = s.GetOrders(t.Context(), []string{"355"})
	wantCode(t, err, channel.Transient, channel.CodeWrongShop)
}

// TestNoBuyerIsAskedFor: the fields are listed, and none of a buyer is among them.
func TestNoBuyerIsAskedFor(t *testing.T) {
	d, s := openDesk(t, nil)
	var fields []string
	answer := func(w http.ResponseWriter, r *http.Request) {
		fields = append(fields, r.URL.Query().Get("_fields"))
		w.Write([]byte("[]"))
	}
	d.on("GET /orders", answer)
	for _, err := range s.ListOrders(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.GetOrders(t.Context(), []string{"nonsense"}); err != nil {
		t.Fatal(err)
	}
	if len(fields) != 2 {
		t.Fatalf("%d questions", len(fields))
	}
	for _, f := range fields {
		for _, buyer := range []string{"billing", "shipping", "customer", "transaction", "payment"} {
			if f == "" || strings.Contains(f, buyer) {
				t.Errorf("asked for %q", f)
			}
		}
	}
}
