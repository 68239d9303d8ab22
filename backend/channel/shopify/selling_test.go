package shopify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
	face "evenstock/backend/practice/shopify"
)

// vendor sells, ships and refunds through Shopify's own calls, each checked against the schema.
type vendor struct {
	t    *testing.T
	shop *practicetest.Shopify
}

// answered is the answer of a call.
type answered map[string]any

func (v *vendor) call(document string, vars map[string]any) (data answered, problem string) {
	v.t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": vars})
	must(v.t, err)
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.shop.URL+"/admin/api/"+apiVersion+"/graphql.json", bytes.NewReader(body))
	must(v.t, err)
	r.Header.Set("X-Shopify-Access-Token", practicetest.ShopifyToken)
	res, err := v.shop.Client.Do(r)
	must(v.t, err)
	defer res.Body.Close()
	var out struct {
		Data   answered
		Errors []struct{ Message string }
	}
	must(v.t, json.NewDecoder(res.Body).Decode(&out))
	if len(out.Errors) > 0 {
		return nil, out.Errors[0].Message
	}
	return out.Data, ""
}

// does is a call that has to succeed, at the fields of a path.
func (v *vendor) does(document string, vars map[string]any, path string) any {
	v.t.Helper()
	data, problem := v.call(document, vars)
	if problem != "" {
		v.t.Fatal(problem)
	}
	for _, payload := range data {
		for _, list := range []string{"userErrors", "orderCancelUserErrors"} {
			if mistakes, _ := payload.(map[string]any)[list].([]any); len(mistakes) > 0 {
				v.t.Fatal(mistakes)
			}
		}
	}
	return data.at(path)
}

// mistake is the code of a call that is refused, or its words where it has none.
func (v *vendor) mistake(document string, vars map[string]any) string {
	v.t.Helper()
	data, problem := v.call(document, vars)
	if problem != "" {
		return problem
	}
	for _, payload := range data {
		for _, list := range []string{"orderCancelUserErrors", "userErrors"} {
			if mistakes, _ := payload.(map[string]any)[list].([]any); len(mistakes) > 0 {
				first := answered(mistakes[0].(map[string]any))
				if code, _ := first["code"].(string); code != "" {
					return code
				}
				return first.at("message").(string)
			}
		}
	}
	return ""
}

// at is the value at a path of fields and places in lists.
func (a answered) at(path string) any {
	var v any = map[string]any(a)
	for part := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[part]
		case []any:
			var i int
			if _, err := fmt.Sscan(part, &i); err != nil || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

type vars = map[string]any

const (
	createOrder = `mutation Sell($order: OrderCreateOrderInput!, $options: OrderCreateOptionsInput) {
		orderCreate(order: $order, options: $options) { order { id name lineItems(first: 5) { nodes { id quantity } } } userErrors { code field message } } }`
	partsOf = `query Parts($id: ID!) { order(id: $id) { fulfillmentOrders(first: 5) { nodes {
		id status assignedLocation { location { id name } } lineItems(first: 5) { nodes { id totalQuantity remainingQuantity } } } } } }`
	ship = `mutation Ship($fulfillment: FulfillmentInput!) { fulfillmentCreate(fulfillment: $fulfillment) {
		fulfillment { id status location { id } fulfillmentLineItems(first: 5) { nodes { quantity } } } userErrors { field message } } }`
	move = `mutation Move($id: ID!, $to: ID!) { fulfillmentOrderMove(id: $id, newLocationId: $to) {
		movedFulfillmentOrder { id assignedLocation { location { id } } } userErrors { code field message } } }`
	refundUnits = `mutation Refund($input: RefundInput!, $key: String!) { refundCreate(input: $input) @idempotent(key: $key) {
		refund { id refundLineItems(first: 5) { nodes { quantity restockType restocked location { id } } } } userErrors { field message } } }`
	refundBare = `mutation Refund($input: RefundInput!) { refundCreate(input: $input) { refund { id } userErrors { field message } } }`
	cancel     = `mutation Cancel($id: ID!, $restock: Boolean!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: $restock) {
		job { id done } orderCancelUserErrors { code field message } } }`
	remove    = `mutation Delete($id: ID!) { orderDelete(orderId: $id) { deletedId userErrors { code field message } } }`
	editBegin = `mutation Begin($id: ID!) { orderEditBegin(id: $id) {
		calculatedOrder { id lineItems(first: 5) { nodes { id quantity title sku } } } userErrors { field message } } }`
	editSet = `mutation Edit($id: ID!, $line: ID!, $n: Int!, $restock: Boolean) {
		orderEditSetQuantity(id: $id, lineItemId: $line, quantity: $n, restock: $restock) { calculatedLineItem { id quantity } userErrors { field message } } }`
	editAdd = `mutation Add($id: ID!, $variant: ID!, $n: Int!) {
		orderEditAddVariant(id: $id, variantId: $variant, quantity: $n) { calculatedLineItem { id quantity } userErrors { field message } } }`
	editCommit = `mutation Commit($id: ID!) { orderEditCommit(id: $id) { order { id edited } successMessages userErrors { field message } } }`
	adjust     = `mutation Adjust($input: InventoryAdjustQuantitiesInput!, $key: String!) { inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
		inventoryAdjustmentGroup { changes(quantityNames: ["available"]) { name delta quantityAfterChange } } userErrors { code field message } } }`
	subscribe = `mutation Hook($topic: WebhookSubscriptionTopic!, $hook: WebhookSubscriptionInput!) {
		webhookSubscriptionCreate(topic: $topic, webhookSubscription: $hook) { webhookSubscription { id topic uri format } userErrors { field message } } }`
)

// sell places an order of a variant that takes its units, and returns its gid.
func (v *vendor) sell(ref channel.Ref, n int) string {
	v.t.Helper()
	return v.does(createOrder, v.of(ref, n, "DECREMENT_OBEYING_POLICY"), "orderCreate.order.id").(string)
}

func (v *vendor) of(ref channel.Ref, n int, behaviour string) vars {
	return vars{"order": vars{"lineItems": []any{vars{"variantId": variantOf(ref), "quantity": n}}}, "options": vars{"inventoryBehaviour": behaviour}}
}

func variantOf(ref channel.Ref) string {
	variant, _, _ := strings.Cut(ref.Listing, ":")
	return gid("ProductVariant", variant)
}

// part is the first fulfilment order of an order, and its first line, which are open.
func (v *vendor) part(order string) (part, line string) {
	v.t.Helper()
	nodes := v.does(partsOf, vars{"id": order}, "order.fulfillmentOrders.nodes").([]any)
	for _, n := range nodes {
		if p := answered(n.(map[string]any)); p["status"] == "OPEN" || p["status"] == "IN_PROGRESS" {
			return p.at("id").(string), p.at("lineItems.nodes.0.id").(string)
		}
	}
	v.t.Fatal("nothing is open")
	return "", ""
}

// ship sends n units of what is open, all if n is 0.
func (v *vendor) ship(order string, n int) any {
	v.t.Helper()
	part, line := v.part(order)
	some := vars{"fulfillmentOrderId": part}
	if n > 0 {
		some["fulfillmentOrderLineItems"] = []any{vars{"id": line, "quantity": n}}
	}
	return v.does(ship, vars{"fulfillment": vars{"lineItemsByFulfillmentOrder": []any{some}}}, "fulfillmentCreate.fulfillment.location.id")
}

// refund refunds n units of an order's first line.
func (v *vendor) refund(order string, n int, how, at, key string) vars {
	v.t.Helper()
	line := v.does(`query Lines($id: ID!) { order(id: $id) { lineItems(first: 1) { nodes { id } } } }`, vars{"id": order}, "order.lineItems.nodes.0.id")
	r := vars{"lineItemId": line, "quantity": n, "restockType": how}
	if at != "" {
		r["locationId"] = gid("Location", at)
	}
	return vars{"input": vars{"orderId": order, "refundLineItems": []any{r}}, "key": key}
}

// TestSellingThroughTheVendorsCalls: what is sold, shipped, moved, refunded, cancelled and edited through Shopify's own
// mutations is what the connector reads, and the shop's numbers follow.
func TestSellingThroughTheVendorsCalls(t *testing.T) {
	type by = map[string]int64
	for name, c := range map[string]struct {
		do             func(v *vendor, pot channel.Ref) (order string)
		ordered, open  int64
		sent, back     by
		released, lost int64
		left           by // in the shop, of 9 at 61 and 4 at 62
	}{
		"sold": {func(v *vendor, pot channel.Ref) string { return v.sell(pot, 3) }, 3, 3, nil, nil, 0, 0, by{"61": 6, "62": 4}},
		"sent in part": {func(v *vendor, pot channel.Ref) string {
			o := v.sell(pot, 3)
			v.ship(o, 1)
			return o
		}, 3, 2, by{"61": 1}, nil, 0, 0, by{"61": 6, "62": 4}},
		"sent in two parcels": {func(v *vendor, pot channel.Ref) string {
			o := v.sell(pot, 3)
			v.ship(o, 1)
			v.ship(o, 0)
			return o
		}, 3, 0, by{"61": 3}, nil, 0, 0, by{"61": 6, "62": 4}},
		"sent from another location": {func(v *vendor, pot channel.Ref) string {
			o := v.sell(pot, 3)
			part, _ := v.part(o)
			v.does(move, vars{"id": part, "to": gid("Location", "62")}, "")
			if from := v.ship(o, 0); from != gid("Location", "62") {
				v.t.Errorf("sent from %v", from)
			}
			return o
		}, 3, 0, by{"62": 3}, nil, 0, 0, by{"61": 9, "62": 1}},
		"the rest sent from another location": {func(v *vendor, pot channel.Ref) string {
			o := v.sell(pot, 3)
			v.ship(o, 1)
			part, _ := v.part(o)
			v.does(move, vars{"id": part, "to": gid("Location", "62")}, "")
			v.ship(o, 0)
			return o
		}, 3, 0, by{"61": 1, "62": 2}, nil, 0, 0, by{"61": 8, "62": 2}},
		"cancelled": {func(v *vendor, pot channel.Ref) string {
			o := v.sell(pot, 3)
			v.does(cancel, vars{"id": o, "restock": true}, "")
			return o
		}, 3, 0, nil, nil, 3, 0, by{"61": 9, "62": 4}},
		"cancelled without restock": {func(v *vendor, pot channel.Ref) string {
			o := v.sell(pot, 3)
			v.does(cancel, vars{"id": o, "restock": false}, "")
			return o
		}, 3, 0, nil, nil, 0, 3, by{"61": 6, "62": 4}},
		"lost, then cancelled": {func(v *vendor, pot channel.Ref) string {
			o := v.sell(pot, 3)
			v.does(refundUnits, v.refund(o, 1, "NO_RESTOCK", "", "k"), "")
			v.does(cancel, vars{"id": o, "restock": true}, "")
			return o
		}, 3, 0, nil, nil, 2, 1, by{"61": 8, "62": 4}},
		"taken out and put back": {func(v *vendor, pot channel.Ref) string {
			o := v.sell(pot, 3)
			v.does(refundUnits, v.refund(o, 1, "CANCEL", "61", "k"), "")
			return o
		}, 3, 2, nil, nil, 1, 0, by{"61": 7, "62": 4}},
		"returned elsewhere": {func(v *vendor, pot channel.Ref) string {
			o := v.sell(pot, 3)
			v.ship(o, 0)
			v.does(refundUnits, v.refund(o, 2, "RETURN", "62", "k"), "")
			return o
		}, 3, 0, by{"61": 3}, by{"62": 2}, 0, 0, by{"61": 6, "62": 6}},
		"edited": {func(v *vendor, pot channel.Ref) string {
			o := v.sell(pot, 3)
			edit := v.does(editBegin, vars{"id": o}, "orderEditBegin.calculatedOrder").(map[string]any)
			line := answered(edit).at("lineItems.nodes.0.id")
			v.does(editSet, vars{"id": edit["id"], "line": line, "n": 1, "restock": true}, "")
			v.does(editAdd, vars{"id": edit["id"], "variant": variantOf(pot), "n": 1}, "")
			v.does(editCommit, vars{"id": edit["id"]}, "")
			if says := v.mistake(editCommit, vars{"id": edit["id"]}); !strings.Contains(says, "does not exist") {
				v.t.Errorf("committed twice: %q", says)
			}
			return o
		}, 3, 1, nil, nil, 2, 0, by{"61": 7, "62": 4}},
		"edited without restock": {func(v *vendor, pot channel.Ref) string {
			o := v.sell(pot, 3)
			edit := v.does(editBegin, vars{"id": o}, "orderEditBegin.calculatedOrder").(map[string]any)
			v.does(editSet, vars{"id": edit["id"], "line": answered(edit).at("lineItems.nodes.0.id"), "n": 1}, "")
			v.does(editCommit, vars{"id": edit["id"]}, "")
			return o
		}, 3, 1, nil, nil, 0, 2, by{"61": 6, "62": 4}},
	} {
		t.Run(name, func(t *testing.T) {
			v, s := newVendor(t, face.Options{})
			watch(t, v.shop)
			pot := v.stocked()
			order := c.do(v, pot)
			got, err := s.GetOrders(t.Context(), []string{number(order)})
			must(t, err)
			l := got[0].Lines[0]
			if diff := cmp.Diff([]by{c.sent, c.back}, []by{l.Fulfilled, l.Returned}); diff != "" {
				t.Error(diff)
			}
			if open := l.Ordered - l.Released - l.WrittenOff - sum(l.Fulfilled); l.Ordered != c.ordered || open != c.open || l.Released != c.released || l.WrittenOff != c.lost {
				t.Errorf("the line is %+v, %d open", l, open)
			}
			for at, want := range c.left {
				if n := v.shop.Quantity(channel.Ref{Listing: pot.Listing, Location: at}); n != want {
					t.Errorf("the shop holds %d at %s, want %d", n, at, want)
				}
			}
		})
	}
}

func newVendor(t *testing.T, o face.Options) (*vendor, *Store) {
	t.Helper()
	shop := practicetest.NewShopify(t, practicetest.ShopifyOptions{Options: o, Direct: true, Permanent: true, Places: []string{"Shop floor", "Depot"}})
	return &vendor{t, shop}, connect(t, shop, 20, nil)
}

// stocked is a listing with 9 at the first location and 4 at the second.
func (v *vendor) stocked() channel.Ref {
	pot := v.shop.AddListing(channeltest.Goods{SKU: "POT", Title: "Pot", Quantity: 9})
	v.shop.SetQuantity(channel.Ref{Listing: pot.Listing, Location: "62"}, 4)
	return pot
}

// TestWhatTheVendorRefuses: mistakes are answered as Shopify does, and change nothing.
func TestWhatTheVendorRefuses(t *testing.T) {
	v, s := newVendor(t, face.Options{})
	watch(t, v.shop)
	pot := v.stocked()
	order := v.sell(pot, 3)
	part, line := v.part(order)
	tooMany := vars{"fulfillment": vars{"lineItemsByFulfillmentOrder": []any{
		vars{"fulfillmentOrderId": part, "fulfillmentOrderLineItems": []any{vars{"id": line, "quantity": 4}}}}}}
	for name, c := range map[string]struct {
		document string
		vars     vars
		says     string
	}{
		"more than there is":        {createOrder, v.of(pot, 10, "DECREMENT_OBEYING_POLICY"), "INVENTORY_CLAIM_FAILED"},
		"none":                      {createOrder, v.of(pot, 0, "BYPASS"), "INVALID"},
		"a variant nobody has":      {createOrder, v.of(channel.Ref{Listing: "7:7"}, 1, "BYPASS"), "INVALID"},
		"more than is open":         {ship, tooMany, "Invalid fulfillment order line item quantity requested."},
		"a location nobody has":     {move, vars{"id": part, "to": gid("Location", "99")}, "The location does not exist or is not active."},
		"more than was bought":      {refundUnits, v.refund(order, 4, "CANCEL", "61", "a"), "Quantity cannot refund more items than were purchased"},
		"back before it was sent":   {refundUnits, v.refund(order, 1, "RETURN", "61", "b"), "Quantity is more than can be restocked this way"},
		"an order nobody placed":    {cancel, vars{"id": gid("Order", "5"), "restock": true}, "NOT_FOUND"},
		"an order nobody placed, 2": {remove, vars{"id": gid("Order", "5")}, "NOT_FOUND"},
		"stale":                     {adjust, v.less(pot, 2, 99, "c"), "CHANGE_FROM_QUANTITY_STALE"},
	} {
		if says := v.mistake(c.document, c.vars); says != c.says {
			t.Errorf("%s: %q, want %q", name, says, c.says)
		}
	}
	if l := line1(t, s, order); l.Held != 3 || v.shop.Quantity(pot) != 6 {
		t.Errorf("something changed: %+v, the shop holds %d", l, v.shop.Quantity(pot))
	}
	v.does(adjust, v.less(pot, 2, 6, "d"), "")
	v.does(adjust, v.less(pot, 2, 6, "d"), "") // the same once more
	if n := v.shop.Quantity(pot); n != 4 {
		t.Errorf("6 less 2 is %d", n)
	}
	v.does(remove, vars{"id": order}, "")
	got, err := s.GetOrders(t.Context(), []string{number(order)})
	must(t, err)
	if !got[0].Gone {
		t.Errorf("deleted: %+v", got[0])
	}
}

func line1(t *testing.T, s *Store, order string) channel.Line {
	t.Helper()
	return line(t, s, number(order))
}

func (v *vendor) less(ref channel.Ref, n, from int, key string) vars {
	_, item, _ := strings.Cut(ref.Listing, ":")
	return vars{"key": key, "input": vars{"name": "available", "reason": "correction", "changes": []any{vars{
		"inventoryItemId": gid("InventoryItem", item), "locationId": gid("Location", "61"), "delta": -n, "changeFromQuantity": from}}}}
}

// TestNoNumberIsTakenUnlessAsked: an order that is created takes nothing off the numbers unless it is told to
// (OrderCreateOptionsInput), and a refund repeats under its key and is refused without one.
func TestNoNumberIsTakenUnlessAsked(t *testing.T) {
	v, s := newVendor(t, face.Options{})
	pot := v.stocked()
	order := v.does(createOrder, vars{"order": vars{"lineItems": []any{vars{"variantId": variantOf(pot), "quantity": 2}}}}, "orderCreate.order.id").(string)
	if n := v.shop.Quantity(pot); n != 9 {
		t.Errorf("the shop holds %d", n)
	}
	if l := line1(t, s, order); l.Ordered != 2 {
		t.Errorf("%+v", l)
	}
	sold := v.sell(pot, 3)
	once := v.refund(sold, 1, "CANCEL", "61", "key")
	v.does(refundUnits, once, "")
	v.does(refundUnits, once, "")
	if n := v.shop.Quantity(pot); n != 7 {
		t.Errorf("9 less 3 and one back is %d", n)
	}
	if says := v.mistake(refundUnits, v.refund(sold, 2, "CANCEL", "61", "key")); !strings.Contains(says, "idempotency key") {
		t.Errorf("another refund under the same key: %q", says)
	}
	delete(once, "key")
	if says := v.mistake(refundBare, once); !strings.Contains(says, "@idempotent") {
		t.Errorf("without a key: %q", says)
	}
	test := v.does(createOrder, vars{"order": vars{"test": true, "lineItems": []any{vars{"variantId": variantOf(pot), "quantity": 2}}}}, "orderCreate.order.id").(string)
	got, err := s.GetOrders(t.Context(), []string{number(test)})
	must(t, err)
	if !got[0].Ignored {
		t.Errorf("a test: %+v", got[0])
	}
}

// TestAnAppThatOnlyReads: it sells nothing.
func TestAnAppThatOnlyReads(t *testing.T) {
	v, _ := newVendor(t, face.Options{Scopes: face.Scopes})
	pot := v.stocked()
	for document, in := range map[string]vars{createOrder: v.of(pot, 1, "BYPASS"), cancel: {"id": gid("Order", "5"), "restock": true}, editBegin: {"id": gid("Order", "5")}} {
		if says := v.mistake(document, in); !strings.Contains(says, "Access denied") {
			t.Errorf("%q", says)
		}
	}
	v.shop.World.Do(func(st *practice.State) {
		if len(st.Orders()) != 0 {
			t.Error("an order was placed")
		}
	})
}

// TestSubscribing: an app makes its own webhooks.
func TestSubscribing(t *testing.T) {
	v, s := newVendor(t, face.Options{})
	watch(t, v.shop)
	pot := v.stocked()
	var called []string
	v.shop.Face.CallOut(&http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		called = append(called, r.URL.String()+" "+r.Header.Get("X-Shopify-Topic"))
		return practicetest.Canned(r, 200, ""), nil
	})})
	v.does(subscribe, vars{"topic": "ORDERS_CREATE", "hook": vars{"uri": "http://127.0.0.1:9/hooks/1", "format": "JSON"}}, "")
	v.sell(pot, 1)
	if len(called) != 1 || called[0] != "http://127.0.0.1:9/hooks/1 orders/create" {
		t.Errorf("called %q", called)
	}
	if _, err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
