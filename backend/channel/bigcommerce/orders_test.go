package bigcommerce

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	bcface "evenstock/backend/practice/bigcommerce"
	"evenstock/backend/practice/practicetest"
)

func orderOf(t *testing.T, s *Store, ref string) channel.Order {
	t.Helper()
	got, err := s.GetOrders(t.Context(), []string{ref})
	must(t, err)
	return got[0]
}

// totals are what a line says: ordered, shipped, released, held.
func totals(l channel.Line) string {
	return fmt.Sprintf("ordered %d shipped %d released %d held %d", l.Ordered, l.Fulfilled["1"], l.Released, l.Held)
}

// TestRefunds: BigCommerce does not say whether refunded units had left, or came back. What has not left goes on sale again,
// and the seller is told; goods that have left stay as they are (channels/README.md, 1.1; bigcommerce.md, 3.3 and 3.4).
func TestRefunds(t *testing.T) {
	for name, row := range map[string]struct {
		do     func(*practicetest.BigCommerce, string)
		want   string
		notice string
	}{
		"a part before it left": {func(s *practicetest.BigCommerce, o string) { s.Refund(o, 0, 1, false) },
			"ordered 4 shipped 0 released 1 held 4", "for sale again"},
		"a part after a parcel": {func(s *practicetest.BigCommerce, o string) {
			s.Ship(o, 0, 2)
			s.Advance(time.Minute)
			s.Refund(o, 0, 1, false)
		}, "ordered 4 shipped 2 released 1 held 4", "for sale again"},
		"a part after all parcels": {func(s *practicetest.BigCommerce, o string) {
			s.Ship(o, 0, 4)
			s.Ship(o, 1, 3)
			s.Advance(time.Minute)
			s.Refund(o, 0, 1, false)
		}, "ordered 4 shipped 4 released 0 held 4", "refunded after they had been shipped"},
		"a part after it was set to shipped by hand": {func(s *practicetest.BigCommerce, o string) {
			s.Fulfil(o)
			s.Advance(time.Minute)
			s.Refund(o, 0, 1, false)
		}, "ordered 4 shipped 4 released 0 held 4", "refunded after they had been shipped"},
		"a part, then the rest was set to shipped": {func(s *practicetest.BigCommerce, o string) {
			s.Refund(o, 0, 1, false)
			s.Advance(time.Minute)
			s.Fulfil(o)
		}, "ordered 4 shipped 3 released 1 held 4", "for sale again"},
		"everything before it left": {func(s *practicetest.BigCommerce, o string) {
			s.Refund(o, 0, 4, false)
			s.Refund(o, 1, 3, false)
		}, "ordered 4 shipped 0 released 4 held 0", ""},
		"everything after it left": {func(s *practicetest.BigCommerce, o string) {
			s.Fulfil(o)
			s.Advance(time.Minute)
			s.Refund(o, 0, 4, false)
			s.Refund(o, 1, 3, false)
		}, "ordered 4 shipped 4 released 0 held 0", "counted as gone"},
		"cancelled after a parcel": {func(s *practicetest.BigCommerce, o string) {
			s.Ship(o, 0, 1)
			s.Cancel(o)
		}, "ordered 4 shipped 1 released 3 held 0", "counted as gone"},
	} {
		t.Run(name, func(t *testing.T) {
			shop, s, _ := pair(t, practicetest.BigCommerceOptions{})
			mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
			pen := shop.AddListing(channeltest.Goods{SKU: "PEN", Title: "Pen", Quantity: 50})
			ref := shop.Sell(channeltest.Units{Ref: mug, Quantity: 4}, channeltest.Units{Ref: pen, Quantity: 3})
			shop.Advance(time.Minute)
			row.do(shop, ref)
			o := orderOf(t, s, ref)
			if got := totals(o.Lines[0]); got != row.want {
				t.Errorf("%s, want %s", got, row.want)
			}
			if !strings.Contains(o.Notice, row.notice) || row.notice == "" && o.Notice != "" {
				t.Errorf("notice %q, want %q", o.Notice, row.notice)
			}
		})
	}
}

// TestRefundsByChoice: a seller may say once what becomes of refunded units, and is told no more. What was cancelled goes back
// on sale either way.
func TestRefundsByChoice(t *testing.T) {
	for name, row := range map[string]struct {
		choice, want string
		do           func(*practicetest.BigCommerce, string)
	}{
		"gone, before it left":       {refundedGone, "released 0 lost 1 shipped 0 back 0", func(s *practicetest.BigCommerce, o string) { s.Refund(o, 0, 1, false) }},
		"gone, everything":           {refundedGone, "released 0 lost 4 shipped 0 back 0", func(s *practicetest.BigCommerce, o string) { s.Refund(o, 0, 4, false) }},
		"gone, after it left":        {refundedGone, "released 0 lost 0 shipped 4 back 0", func(s *practicetest.BigCommerce, o string) { s.Ship(o, 0, 4); s.Refund(o, 0, 1, false) }},
		"gone, cancelled":            {refundedGone, "released 4 lost 0 shipped 0 back 0", func(s *practicetest.BigCommerce, o string) { s.Cancel(o) }},
		"shelf, before it left":      {refundedShelf, "released 1 lost 0 shipped 0 back 0", func(s *practicetest.BigCommerce, o string) { s.Refund(o, 0, 1, false) }},
		"shelf, after it left":       {refundedShelf, "released 0 lost 0 shipped 4 back 1", func(s *practicetest.BigCommerce, o string) { s.Ship(o, 0, 4); s.Refund(o, 0, 1, false) }},
		"shelf, part left, all back": {refundedShelf, "released 3 lost 0 shipped 1 back 1", func(s *practicetest.BigCommerce, o string) { s.Ship(o, 0, 1); s.Refund(o, 0, 4, false) }},
	} {
		t.Run(name, func(t *testing.T) {
			shop, _, _ := pair(t, practicetest.BigCommerceOptions{})
			s := connect(t, shop, pageSize, func(_ *channel.Deps, set *channel.Settings) { set.Fields[fieldRefunded] = row.choice })
			mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
			ref := shop.Sell(channeltest.Units{Ref: mug, Quantity: 4})
			shop.Advance(time.Minute)
			row.do(shop, ref)
			o := orderOf(t, s, ref)
			l := o.Lines[0]
			got := fmt.Sprintf("released %d lost %d shipped %d back %d", l.Released, l.WrittenOff, l.Fulfilled["1"], l.Returned["1"])
			if got != row.want || o.Notice != "" {
				t.Errorf("%s, notice %q, want %s and none", got, o.Notice, row.want)
			}
		})
	}
	_, err := Type().Open(channel.Deps{Now: time.Now}, channel.Settings{Fields: map[string]string{"storeHash": "abc123", "token": "x", fieldRefunded: "maybe"}})
	says(t, err, channel.Invalid, "refunded empty or choose")
}

// TestStatuses: an order is told by the number of its status, whatever the seller calls it (bigcommerce.md, 3.3).
func TestStatuses(t *testing.T) {
	want := map[int]string{0: "ignored", 1: "ignored", 2: "shipped", 3: "open", 4: "released", 5: "released", 6: "released", 7: "open",
		8: "open", 9: "open", 10: "shipped", 11: "open", 12: "open", 13: "open", 14: "open"}
	shop, s, rec := pair(t, practicetest.BigCommerceOptions{})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 500})
	for status, is := range want {
		ref := shop.Sell(channeltest.Units{Ref: mug, Quantity: 2})
		call(t, shop, http.MethodPut, "v2/orders/"+ref, fmt.Sprintf(`{"status_id":%d}`, status))
		rec.Change = func(res *http.Response) {
			b, err := io.ReadAll(res.Body)
			must(t, err)
			text := string(b)
			var o struct {
				Custom string `json:"custom_status"`
			}
			if json.Unmarshal(b, &o) == nil && o.Custom != "" {
				text = strings.Replace(text, `"custom_status":"`+o.Custom, `"custom_status":"Fern & moss`, 1)
			}
			res.Body = io.NopCloser(strings.NewReader(text))
		}
		o := orderOf(t, s, ref)
		l := o.Lines[0]
		got := "open"
		switch {
		case o.Ignored:
			got = "ignored"
		case l.Fulfilled["1"] == 2:
			got = "shipped"
		case l.Released == 2:
			got = "released"
		}
		if got != is || o.Status != "Fern & moss" {
			t.Errorf("status %d is %s and called %q, want %s", status, got, o.Status, is)
		}
	}
}

// call makes one of the vendor's own calls, as a seller's other program would.
func call(t *testing.T, shop *practicetest.BigCommerce, method, path, body string) string {
	t.Helper()
	r, err := http.NewRequest(method, shop.URL+"/stores/"+practicetest.BigCommerceHash+"/"+path, strings.NewReader(body))
	must(t, err)
	r.Header.Set("X-Auth-Token", practicetest.BigCommerceToken)
	res, err := shop.Client.Do(r)
	must(t, err)
	b, err := io.ReadAll(res.Body)
	must(t, err)
	if res.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, b)
	}
	return string(b)
}

// TestVendorsOwnCalls: the practice store is sold from, shipped, refunded, edited and archived by BigCommerce's own calls.
func TestVendorsOwnCalls(t *testing.T) {
	shop, s, _ := pair(t, practicetest.BigCommerceOptions{})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	product, _, _ := strings.Cut(mug.Listing, "/")
	var o struct{ ID int64 }
	must(t, json.Unmarshal([]byte(call(t, shop, "POST", "v2/orders", `{"products":[{"product_id":`+product+`,"quantity":5}]}`)), &o))
	ref := formatID(o.ID)
	line := orderOf(t, s, ref).Lines[0].Ref
	call(t, shop, "PUT", "v2/orders/"+ref, `{"products":[{"id":`+line+`,"quantity":4}]}`)
	call(t, shop, "POST", "v2/orders/"+ref+"/shipments", `{"order_address_id":1,"items":[{"order_product_id":`+line+`,"quantity":1}]}`)
	call(t, shop, "POST", "v3/orders/"+ref+"/payment_actions/refunds",
		`{"items":[{"item_type":"PRODUCT","item_id":`+line+`,"quantity":1}],"payments":[]}`)
	if got := totals(orderOf(t, s, ref).Lines[0]); got != "ordered 4 shipped 1 released 1 held 4" {
		t.Error(got)
	}
	if n := quantity(t, s, mug); n != 46 {
		t.Errorf("the store holds %d, want 46: it gives nothing back for a refund of a part", n)
	}
	call(t, shop, "DELETE", "v2/orders/"+ref, "")
	if !orderOf(t, s, ref).Gone {
		t.Error("an archived order is not gone")
	}
}

// TestArchived: an order that was archived is in a list of its own, which is read, too (bigcommerce.md, 3.3).
func TestArchived(t *testing.T) {
	shop, s, _ := pair(t, practicetest.BigCommerceOptions{})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	ref := shop.Sell(channeltest.Units{Ref: mug, Quantity: 1})
	var since channel.Cursor
	for page, err := range s.ListOrders(t.Context(), nil) {
		must(t, err)
		since = page.Next
	}
	shop.Advance(time.Minute)
	shop.Trash(ref)
	seen := false
	for page, err := range s.ListOrders(t.Context(), since) {
		must(t, err)
		for _, o := range page.Items {
			seen = seen || o.Ref == ref && o.Gone
		}
	}
	if !seen {
		t.Error("the archived order is not listed as gone")
	}
}

// TestNoCallForEachOrder: orders come with their lines, so a hundred of them take as many calls as one.
func TestNoCallForEachOrder(t *testing.T) {
	shop, s, rec := pair(t, practicetest.BigCommerceOptions{})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 500})
	for range orderPage - 1 {
		shop.Sell(channeltest.Units{Ref: mug, Quantity: 1})
	}
	orders := 0
	for page, err := range s.ListOrders(t.Context(), channel.EncodeCursor(cursor{Mark: channel.Mark{V: cursorVersion, Since: shop.Now().Unix()}})) {
		must(t, err)
		orders += len(page.Items)
	}
	if calls := len(rec.Sent("GET", "/v2/orders")); orders != orderPage-1 || calls != 3 {
		t.Errorf("%d orders in %d calls, want %d in 3: those that changed, that no more did, and those that were archived", orders, calls, orderPage-1)
	}
}

// TestStoreLowersLate: a store that lowers its number at shipping holds nothing for an open order, and nothing for a
// cancelled one if it puts units back (bigcommerce.md, 3.4).
func TestStoreLowersLate(t *testing.T) {
	o := practicetest.BigCommerceOptions{}
	o.Settings = bcface.Settings{LowersWhenShipped: true, KeepsOnRefund: true, KeepsOnEdit: true}
	shop, s, _ := pair(t, o)
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	ref := shop.Sell(channeltest.Units{Ref: mug, Quantity: 2})
	if held := orderOf(t, s, ref).Lines[0].Held; held != 0 {
		t.Errorf("the store holds %d for an open order, want 0", held)
	}
	shop.Fulfil(ref)
	if held := orderOf(t, s, ref).Lines[0].Held; held != 2 {
		t.Errorf("the store holds %d for a shipped order, want 2", held)
	}
	a, err := s.Check(t.Context())
	must(t, err)
	if said := strings.Join(a.Warnings, " "); !strings.Contains(said, "only when an order is shipped") ||
		!strings.Contains(said, "is edited") || !strings.Contains(said, "cancelled and refunded") {
		t.Errorf("warnings %q", said)
	}
}

// TestEmptyLists: a list without orders comes without a body, or as one without elements (bigcommerce.md, 3.3).
func TestEmptyLists(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusNoContent} {
		_, s, rec := pair(t, practicetest.BigCommerceOptions{})
		rec.Instead = func(r *http.Request, _ string) *http.Response {
			body := "[]"
			if status == http.StatusNoContent {
				body = ""
			}
			return practicetest.Canned(r, status, body, "Date", practicetest.Start.Format(http.TimeFormat))
		}
		var since channel.Cursor
		for page, err := range s.ListOrders(t.Context(), nil) {
			must(t, err)
			since = page.Next
		}
		if at := decode(since, 1); at.Since != practicetest.Start.Unix() {
			t.Errorf("%d: the next reading begins at %d, want where this one began", status, at.Since)
		}
	}
}

// TestLinesByThemselves: where the answer has no lines they are read by another call.
func TestLinesByThemselves(t *testing.T) {
	shop, s, rec := pair(t, practicetest.BigCommerceOptions{})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	ref := shop.Sell(channeltest.Units{Ref: mug, Quantity: 2})
	rec.Instead = func(r *http.Request, _ string) *http.Response {
		if q := r.URL.Query(); q.Has("include") {
			q.Del("include")
			r.URL.RawQuery = q.Encode()
		}
		return nil
	}
	if o := orderOf(t, s, ref); len(o.Lines) != 1 || o.Lines[0].ListingRef != mug.Listing || o.Lines[0].Ordered != 2 {
		t.Errorf("order %+v", o)
	}
}

// TestNoBuyer: nothing about a buyer leaves the connector, though every answer is full of it (product.md, O1).
func TestNoBuyer(t *testing.T) {
	shop := practicetest.NewBigCommerce(t, practicetest.BigCommerceOptions{Direct: true})
	log := &practicetest.Logbook{}
	s := connect(t, shop, pageSize, practicetest.LogTo(log))
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	ref := shop.Sell(channeltest.Units{Ref: mug, Quantity: 2})
	shop.World.Fault(practice.Fault{Call: practice.GetOrders, Kind: practice.Truncate})
	_, broken := s.GetOrders(t.Context(), []string{ref})
	a, err := s.Check(t.Context())
	must(t, err)
	said := fmt.Sprintf("%+v %+v %+v %s", orderOf(t, s, ref), broken, a, log.String())
	for page, err := range s.ListOrders(t.Context(), nil) {
		must(t, err)
		said += fmt.Sprintf("%+v", page)
	}
	for _, canary := range bcface.Canaries {
		if strings.Contains(said, canary) {
			t.Errorf("%q is in what the connector says", canary)
		}
	}
}
