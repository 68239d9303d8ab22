package shopify

import (
	"slices"
	"strings"

	"evenstock/backend/practice"
)

// What follows is what whoever sells and ships through the API does: none of it is needed by a stock tool.

// Selling are the scopes of an app that sells, ships, refunds and edits.
var Selling = []string{"write_orders", "write_order_edits", "write_merchant_managed_fulfillment_orders"}

// payload is the answer of a mutation: what it made, null when it made nothing, and the mistakes.
func payloadOf(kind string, made object, mistakes ...object) object {
	made = mergedInto(object{"__typename": kind, "userErrors": mistakes}, made)
	if mistakes == nil {
		made["userErrors"] = []object{}
	}
	return made
}

func mergedInto(out, more object) object {
	for name, v := range more {
		out[name] = v
	}
	return out
}

// mistake is an error of a kind, with a code unless its kind has none.
func mistake(kind, code, text string, path ...string) object {
	o := object{"__typename": kind, "message": text, "field": path}
	switch {
	case code != "":
		o["code"] = code
	case kind != "UserError":
		o["code"] = nil
	}
	return o
}

// within is the object in an argument, empty when it is missing.
func (a args) within(name string) args {
	in, _ := a[name].(map[string]any)
	return args(in)
}

// each are the objects of a list.
func (a args) each(name string) (out []args) {
	list, _ := a[name].([]any)
	for _, item := range list {
		in, _ := item.(map[string]any)
		out = append(out, args(in))
	}
	return out
}

// numbered is the number in a gid of a kind, 0 for anything else.
func (a args) numbered(name, kind string) int64 {
	if is, n := ungid(a[name]); is == kind {
		return n
	}
	return 0
}

// known is the order that an argument names, nil if the app sees none.
func (v *visit) known(a args, name string) *practice.Order {
	if o := v.s.Order(a.numbered(name, "Order")); o != nil && v.visible(o) {
		return o
	}
	return nil
}

// createOrder places an order. Unless the options say otherwise it takes nothing off the numbers (OrderCreateOptionsInput).
func (v *visit) createOrder(a args) any {
	const kind = "OrderCreatePayload"
	in, behaviour := a.within("order"), a.within("options").text("inventoryBehaviour")
	wrong := func(code, text string, path ...string) object {
		return payloadOf(kind, object{"order": nil}, mistake("OrderCreateUserError", code, text, append([]string{"order"}, path...)...))
	}
	var lines []practice.Line
	for _, l := range in.each("lineItems") {
		n := l.number("quantity")
		it := v.sold(l.numbered("variantId", "ProductVariant") - variantOffset)
		switch {
		case n < 1:
			return wrong("INVALID", "Quantity must be greater than 0", "lineItems")
		case l["variantId"] == nil && l.text("title") != "": // a custom line, of no variant
			lines = append(lines, practice.Line{Name: l.text("title"), Quantity: n})
			continue
		case it == nil:
			return wrong("INVALID", "The variant does not exist", "lineItems")
		case behaviour == "DECREMENT_OBEYING_POLICY" && it.Counted && v.most(it) < n: // variants deny to sell what is not there
			return wrong("INVENTORY_CLAIM_FAILED", "Unable to reserve inventory", "lineItems")
		}
		line := v.s.LineFor(it, n)
		line.Holding = behaviour == "" || behaviour == "BYPASS" // nothing more is taken
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return wrong("INVALID", "Line items can't be blank", "lineItems")
	}
	o := v.s.Place(practice.Order{Via: "api", Method: "manual"}, lines)
	v.face.tests[o.ID] = in["test"] == true
	v.s.SetStage(o, practice.Open)
	if in.text("fulfillmentStatus") == "FULFILLED" {
		v.s.SetStage(o, practice.Shipped)
	}
	return payloadOf(kind, object{"order": v.order(o)})
}

// most is how much of an item the location has that has the most of those that ship.
func (v *visit) most(it *practice.Item) (most int64) {
	for _, l := range v.places() {
		if l.Fulfils && !l.Closed {
			most = max(most, v.s.QuantityAt(it, l.ID))
		}
	}
	return most
}

// deleteOrder takes an order out of everything.
func (v *visit) deleteOrder(a args) any {
	const kind = "OrderDeletePayload"
	o := v.known(a, "orderId")
	if o == nil {
		return payloadOf(kind, object{"deletedId": nil}, mistake("OrderDeleteUserError", "NOT_FOUND", "Order does not exist", "orderId"))
	}
	v.s.TrashOrder(o)
	return payloadOf(kind, object{"deletedId": gid("Order", o.ID)})
}

// part is a fulfilment order: the lines of an order that are sent from one location.
type part struct {
	order *practice.Order
	from  practice.Location
	lines []*practice.Line // with units left
}

// part is the fulfilment order that an argument names, without an order if there is none.
func (v *visit) part(a args, name string) (p part) {
	n := a.numbered(name, "FulfillmentOrder")
	o, place := v.s.Order(n/placesOfOrder), int(n%placesOfOrder)
	if all := v.places(); o != nil && v.visible(o) && place < len(all) && v.fulfilmentOrder(o, all[place], place == 0) != nil {
		p.order, p.from = o, all[place]
		for i := range o.Lines {
			if l := &o.Lines[i]; v.serves(p.from, place == 0, l) && left(o, l) > 0 {
				p.lines = append(p.lines, l)
			}
		}
	}
	return p
}

// serves reports whether a location serves a line. Lines that nobody counts are the first location's.
func (v *visit) serves(at practice.Location, first bool, l *practice.Line) bool {
	return l.At == at.ID || first && l.At == 0
}

// createFulfilment sends units of fulfilment orders of one order and one location in a parcel.
func (v *visit) createFulfilment(a args) any {
	const kind = "FulfillmentCreatePayload"
	wrong := func(text string) object {
		return payloadOf(kind, object{"fulfillment": nil}, mistake("UserError", "", text, "fulfillment", "lineItemsByFulfillmentOrder"))
	}
	var o *practice.Order
	var from int64
	var items []practice.ParcelItem
	for _, some := range a.within("fulfillment").each("lineItemsByFulfillmentOrder") {
		p := v.part(some, "fulfillmentOrderId")
		if p.order == nil || o != nil && (p.order != o || p.from.ID != from) {
			return wrong("The fulfillment orders do not exist, or are not of one order and one location.")
		}
		o, from = p.order, p.from.ID
		wanted, text := p.take(some)
		if text != "" {
			return wrong(text)
		}
		items = append(items, wanted...)
	}
	if len(items) == 0 {
		return wrong("There is nothing left to fulfill.")
	}
	id := v.s.AddParcel(o, items).ID
	if fulfilment(o) == "FULFILLED" {
		v.s.SetStage(o, practice.Shipped) // archived at once, as shops are set from the start
	}
	return payloadOf(kind, object{"fulfillment": withID(v.fulfilments(o), gid("Fulfillment", id))})
}

// take are the units that a call asks for of a fulfilment order: all that are left where it names none. Otherwise text says
// what is wrong.
func (p part) take(some args) (items []practice.ParcelItem, text string) {
	named := some.each("fulfillmentOrderLineItems")
	for _, l := range p.lines {
		n := left(p.order, l)
		if len(named) > 0 {
			i := slices.IndexFunc(named, func(x args) bool { return x.numbered("id", "FulfillmentOrderLineItem") == l.ID })
			if i < 0 {
				continue
			}
			if n = named[i].number("quantity"); n < 1 || n > left(p.order, l) {
				return nil, "Invalid fulfillment order line item quantity requested."
			}
		}
		items = append(items, practice.ParcelItem{Line: l.ID, Quantity: n})
	}
	if len(named) > len(items) {
		return nil, "A fulfillment order line item does not exist, or nothing of it is left."
	}
	return items, ""
}

// moveFulfilmentOrder has another location send what is left of a fulfilment order. Of a line all is moved that is left, where
// Shopify would also move a part of it.
func (v *visit) moveFulfilmentOrder(a args) any {
	const kind = "FulfillmentOrderMovePayload"
	wrong := func(text string) object {
		return payloadOf(kind, object{"movedFulfillmentOrder": nil, "originalFulfillmentOrder": nil, "remainingFulfillmentOrder": nil},
			mistake("FulfillmentOrderMoveFulfillmentOrderMoveUserError", "", text, "id"))
	}
	p, to := v.part(a, "id"), v.place(a.numbered("newLocationId", "Location"))
	switch {
	case p.order == nil || len(p.lines) == 0:
		return wrong("The fulfillment order is closed or does not exist.")
	case a.numbered("newLocationId", "Location") == 0 || to == nil || to.Closed:
		return wrong("The location does not exist or is not active.")
	}
	items, text := p.take(a)
	if text != "" {
		return wrong(text)
	}
	for _, item := range items {
		if item.Quantity != left(p.order, p.order.Line(item.Line)) {
			return wrong("The practice shop moves all that is left of a line.")
		}
	}
	for _, item := range items {
		v.s.MoveLine(p.order, item.Line, to.ID)
	}
	at := func(place int64) object {
		i := int64(slices.IndexFunc(v.places(), func(l practice.Location) bool { return l.ID == place }))
		return withID(v.fulfilmentOrders(p.order), gid("FulfillmentOrder", p.order.ID*placesOfOrder+i))
	}
	return payloadOf(kind, object{"movedFulfillmentOrder": at(to.ID), "originalFulfillmentOrder": at(p.from.ID), "remainingFulfillmentOrder": at(p.from.ID)})
}

// subscribe makes a webhook of the app.
func (v *visit) subscribe(a args) any {
	in := a.within("webhookSubscription")
	kind, event, _ := strings.Cut(strings.ToLower(a.text("topic")), "_")
	uri := in.text("uri")
	if !strings.HasPrefix(uri, "http") {
		return payloadOf("WebhookSubscriptionCreatePayload", object{"webhookSubscription": nil},
			mistake("UserError", "", "Address for this topic has already been taken or is invalid", "webhookSubscription", "uri"))
	}
	v.face.subscribed = append(v.face.subscribed, subscription{kind + "/" + event, uri, v.face.options.ClientSecret})
	return payloadOf("WebhookSubscriptionCreatePayload", object{"webhookSubscription": object{"__typename": "WebhookSubscription",
		"id": gid("WebhookSubscription", int64(len(v.face.subscribed))), "topic": a["topic"], "uri": uri, "format": "JSON",
		"createdAt": stamp(v.s.Now()), "updatedAt": stamp(v.s.Now())}})
}
