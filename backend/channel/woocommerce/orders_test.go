package woocommerce

import (
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
)

// move puts an order into a status of a plugin.
func move(shop *practicetest.WooCommerce, ref, status string) {
	shop.World.Do(func(s *practice.State) {
		for _, o := range s.Orders() {
			if formatID(o.ID) == ref {
				s.SetStage(o, practice.Stage(status))
			}
		}
	})
}

// TestCustomStatuses: the first reading finds open orders of any age in statuses that plugins added, by what the user
// says about them.
func TestCustomStatuses(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true, Statuses: []string{"packed", "quote", "handed-over", "on-the-shelf"}})
	s, _ := connect(t, shop, 3, func(c *channel.Settings) {
		// "gone" is mapped although its plugin was removed: asking for it would refuse the whole question.
		c.StatusMap = map[string]string{"packed": mapBooked, "quote": mapIgnored, "handed-over": mapFulfilled, "gone": mapBooked}
	})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 100})
	refs := map[string]string{}
	for _, status := range []string{"packed", "quote", "handed-over", "on-the-shelf"} {
		refs[status] = shop.Sell(channeltest.Units{Ref: mug, Quantity: 2})
		move(shop, refs[status], status)
	}
	got, _ := listedOrders(t, s, nil)
	for status, want := range map[string]channel.Line{
		"packed":       {Ordered: 2},
		"quote":        {Ordered: 2, Released: 2},
		"handed-over":  {Ordered: 2, Fulfilled: map[string]int64{"": 2}},
		"on-the-shelf": {Ordered: 2},
	} {
		o := got[refs[status]]
		if len(o.Lines) != 1 || o.Lines[0].Released != want.Released || o.Lines[0].Fulfilled[""] != want.Fulfilled[""] {
			t.Errorf("%s: %+v", status, o)
		}
		if o.Ignored != (status == "quote") || (o.Notice != "") != (status == "on-the-shelf") {
			t.Errorf("%s: ignored %v, notice %q", status, o.Ignored, o.Notice)
		}
	}

	shop.Advance(100 * 24 * time.Hour)
	got, _ = listedOrders(t, s, nil)
	for status, ref := range refs {
		if _, ok := got[ref]; ok != (status == "packed" || status == "on-the-shelf") {
			t.Errorf("%s, 100 days old: listed %v", status, ok)
		}
	}
}

// TestFulfillmentsFeature: where it is off it is asked about once; where it is on, parcels count as shipped.
func TestFulfillmentsFeature(t *testing.T) {
	for _, on := range []bool{false, true} {
		shop := practicetest.New(t, practicetest.Options{Direct: true, Fulfillments: on})
		s, _ := connect(t, shop, 10, nil)
		mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 100})
		var refs []string
		for range 5 {
			refs = append(refs, shop.Sell(channeltest.Units{Ref: mug, Quantity: 4}))
		}
		practicetest.Parcels{Shop: shop.Shop}.Ship(refs[0], 0, 3)
		got, _ := listedOrders(t, s, nil)
		if n := got[refs[0]].Lines[0].Fulfilled[""]; on && n != 3 || !on && n != 0 {
			t.Errorf("feature on %v: %d units shipped", on, n)
		}
		asked := 0
		for _, e := range shop.World.Log() {
			if strings.HasSuffix(e.Path, "/fulfillments") {
				asked++
			}
		}
		if !on && asked != 1 {
			t.Errorf("asked %d times for a feature that is off", asked)
		}
	}
}

// TestShipmentOfDocumentation is the answer in the vendor's documentation of the feature, which was not recorded.
func TestShipmentOfDocumentation(t *testing.T) {
	d, s := openDesk(t, nil)
	d.say("GET /orders/723/fulfillments", 200, `[
		{"id":1,"entity_type":"WC_Order","entity_id":"723","status":"fulfilled","is_fulfilled":true,"date_updated":"2024-01-15T10:30:00Z","date_deleted":null,
		 "meta_data":[{"id":1,"key":"_items","value":[{"item_id":456,"qty":2}]},{"id":2,"key":"_tracking_number","value":"1Z999AA1234567890"}]},
		{"id":2,"is_fulfilled":false,"date_deleted":null,"meta_data":[{"id":3,"key":"_items","value":[{"item_id":456,"qty":5}]}]},
		{"id":3,"is_fulfilled":true,"date_deleted":"2024-01-16T10:30:00Z","meta_data":[{"id":4,"key":"_items","value":[{"item_id":456,"qty":7}]}]}]`)
	_, got, err := s.shipments(t.Context(), "try", 723)
	if err != nil || len(got) != 1 || got[456] != 2 {
		t.Errorf("shipped %v, %v", got, err)
	}
}

// TestAmountOnlyRefund of an open order changes nothing: no unit is named in it (woocommerce.md, "Decisions").
func TestAmountOnlyRefund(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true})
	s, _ := connect(t, shop, 10, nil)
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 100})
	ref := shop.Sell(channeltest.Units{Ref: mug, Quantity: 4})
	shop.World.Do(func(st *practice.State) {
		if _, err := st.Refund(st.Order(mustID(t, ref)), practice.Refund{Amount: 100}, true); err != nil {
			t.Error(err)
		}
	})
	got, err := s.GetOrders(t.Context(), []string{ref})
	if err != nil {
		t.Fatal(err)
	}
	if l := got[0].Lines[0]; l.Released != 0 || l.WrittenOff != 0 || l.Held != 4 || got[0].Notice != "" {
		t.Errorf("order %+v", got[0])
	}
}

// TestRefundOfUncountedGoods: whether they came back is said nowhere, so the user is asked.
func TestRefundOfUncountedGoods(t *testing.T) {
	shop := practicetest.New(t, practicetest.Options{Direct: true})
	s, _ := connect(t, shop, 10, nil)
	book := shop.AddListing(channeltest.Goods{SKU: "BOOK", Title: "Book", Untracked: true})
	ref := shop.Sell(channeltest.Units{Ref: book, Quantity: 4})
	shop.Refund(ref, 0, 1, true)
	got, err := s.GetOrders(t.Context(), []string{ref})
	if err != nil {
		t.Fatal(err)
	}
	if l := got[0].Lines[0]; l.WrittenOff != 1 || !strings.Contains(got[0].Notice, "does not count stock") {
		t.Errorf("order %+v", got[0])
	}
}
