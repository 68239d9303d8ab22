package shopify

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"evenstock/backend/practice"
)

// recent is how far back an app sees orders without read_all_orders (shopify.md, 2.1).
const recent = 60 * 24 * time.Hour

// Canaries are what the fields about a buyer hold: none of them may leave the connector.
var Canaries = []string{"canary@buyer.example", "canary remark", "Canaryville"}

func (v *visit) visible(o *practice.Order) bool {
	return v.s.Shows(o) && !o.Trashed && (v.face.may("read_all_orders") || v.s.Now().Sub(o.Created) <= recent)
}

// orders by their id or their last change.
func (v *visit) orders(a args) any {
	f := parseFilter(a.text("query"))
	var found []*practice.Order
	for _, o := range v.s.Orders() {
		if v.visible(o) && f.passes(o.ID, o.Modified) && (f["status"] != "open" || closedAt(o) == nil) {
			found = append(found, o)
		}
	}
	slices.SortStableFunc(found, func(a, b *practice.Order) int { return a.Modified.Compare(b.Modified) })
	out := make([]object, len(found))
	for i, o := range found {
		out[i] = v.order(o)
		if a.text("sortKey") != "ID" {
			out[i]["~key"] = fmt.Sprintf("%020d.%020d", o.Modified.UnixMilli(), o.ID)
		}
	}
	slices.SortFunc(out, func(a, b object) int { return cmp.Compare(cursorOf(a), cursorOf(b)) })
	return v.connection(out, a)
}

// closedAt is when an order was archived: at once when there is nothing left to do, as shops are set from the start.
func closedAt(o *practice.Order) any {
	switch o.Stage {
	case practice.Shipped, practice.Cancelled, practice.Refunded:
		return stamp(o.Modified)
	}
	return nil
}

func (v *visit) order(o *practice.Order) object {
	var lines []object
	for i := range o.Lines {
		lines = append(lines, v.line(o, &o.Lines[i]))
	}
	out := object{"__typename": "Order", "id": gid("Order", o.ID), "name": "#" + strconv.FormatInt(o.ID, 10), "createdAt": stamp(o.Created),
		"updatedAt": stamp(o.Modified), "cancelledAt": nil, "closedAt": closedAt(o), "test": v.face.tests[o.ID], "edited": edited(o),
		"displayFinancialStatus": "PAID", "displayFulfillmentStatus": fulfilment(o), "returnStatus": "NO_RETURN",
		"email": Canaries[0], "note": Canaries[1], "shippingAddress": object{"__typename": "MailingAddress", "city": Canaries[2]},
		"lineItems":         field(func(a args) any { return v.connection(lines, a) }),
		"fulfillmentOrders": field(func(a args) any { return v.connection(v.fulfilmentOrders(o), a) }),
		"fulfillments":      field(func(a args) any { return head(v.fulfilments(o), a) }),
		"refunds":           field(func(a args) any { return head(v.refunds(o), a) })}
	if o.Stage == practice.Cancelled {
		out["cancelledAt"] = stamp(o.Modified)
	}
	if len(o.Refunds) > 0 {
		out["displayFinancialStatus"] = "PARTIALLY_REFUNDED"
	}
	return out
}

// head is the beginning of a list that has no cursors.
func head(all []object, a args) []object { return all[:min(int(a.number("first")), len(all))] }

func edited(o *practice.Order) bool {
	return slices.ContainsFunc(o.Lines, func(l practice.Line) bool { return l.Most != l.Quantity })
}

// left is how many units of a line are neither shipped nor taken out of the order.
func left(o *practice.Order, l *practice.Line) int64 {
	if o.Stage == practice.Cancelled || o.Stage == practice.Refunded {
		return 0
	}
	return max(0, l.Quantity-o.SentUnits(l)-unsent(o, l))
}

// unsent is how many units of a line were refunded before they left the house.
func unsent(o *practice.Order, l *practice.Line) int64 {
	var n int64
	for _, r := range o.Refunds {
		for _, part := range r.Lines {
			if part.Line == l.ID {
				n += part.Quantity - part.Sent
			}
		}
	}
	return n
}

func fulfilment(o *practice.Order) string {
	var sent, open int64
	for i := range o.Lines {
		sent += o.SentUnits(&o.Lines[i])
		open += left(o, &o.Lines[i])
	}
	switch {
	case sent > 0 && open > 0:
		return "PARTIALLY_FULFILLED"
	case sent > 0:
		return "FULFILLED"
	}
	return "UNFULFILLED"
}

// line is a line of an order. Its quantity stays as the customer ordered it; one that was removed by an edit is left out
// here, where Shopify goes on listing it with a current quantity of 0.
func (v *visit) line(o *practice.Order, l *practice.Line) object {
	current := l.Quantity - o.RefundedUnits(l.ID)
	if o.Stage == practice.Cancelled {
		current = o.SentUnits(l) - (o.RefundedUnits(l.ID) - unsent(o, l))
	}
	out := object{"__typename": "LineItem", "id": gid("LineItem", l.ID), "title": l.Name, "sku": "", "quantity": l.Most, "currentQuantity": current,
		"unfulfilledQuantity": l.Quantity - o.RefundedUnits(l.ID) - o.SentUnits(l), // below 0 after a return (shopify.md, 2.3)
		"variant":             nil}
	if it := v.sold(l.Item); it != nil {
		out["sku"], out["variant"] = it.SKU, v.variant(it)
	}
	return out
}

// placesOfOrder is how many fulfilment orders an order can have, by their numbers.
const placesOfOrder = 100

// fulfilmentOrders are one for each location that an order's lines are shipped from.
func (v *visit) fulfilmentOrders(o *practice.Order) []object {
	var out []object
	for i, l := range v.places() {
		if part := v.fulfilmentOrder(o, l, i == 0); part != nil {
			part["id"] = gid("FulfillmentOrder", o.ID*placesOfOrder+int64(i))
			out = append(out, part)
		}
	}
	return out
}

// fulfilmentOrder is the part of an order that a location serves, nil if it is none. Lines that nobody counts are the first
// location's.
func (v *visit) fulfilmentOrder(o *practice.Order, at practice.Location, first bool) object {
	var items []object
	open := int64(0)
	for i := range o.Lines {
		l := &o.Lines[i]
		if !v.serves(at, first, l) {
			continue
		}
		items = append(items, object{"__typename": "FulfillmentOrderLineItem", "id": gid("FulfillmentOrderLineItem", l.ID), "totalQuantity": l.Quantity,
			"remainingQuantity": left(o, l), "lineItem": v.line(o, l)})
		open += left(o, l)
	}
	if len(items) == 0 {
		return nil
	}
	status := "OPEN"
	switch {
	case o.Stage == practice.Cancelled:
		status = "CANCELLED"
	case open == 0:
		status = "CLOSED"
	case fulfilment(o) == "PARTIALLY_FULFILLED":
		status = "IN_PROGRESS"
	}
	return object{"__typename": "FulfillmentOrder", "status": status,
		"assignedLocation": object{"__typename": "FulfillmentOrderAssignedLocation", "name": at.Name, "location": v.location(at.ID)},
		"lineItems":        field(func(a args) any { return v.connection(items, a) })}
}

// fulfilments are an order's parcels, and what was shipped without one.
func (v *visit) fulfilments(o *practice.Order) []object {
	var out []object
	packed := map[int64]int64{}
	add := func(id int64, items []practice.ParcelItem, from int64) {
		var lines []object
		for _, item := range items {
			if l := o.Line(item.Line); l != nil && item.Quantity > 0 {
				lines = append(lines, object{"__typename": "FulfillmentLineItem", "id": gid("FulfillmentLineItem", id*100+l.ID),
					"quantity": item.Quantity, "lineItem": v.line(o, l)})
			}
		}
		if len(lines) == 0 {
			return
		}
		out = append(out, object{"__typename": "Fulfillment", "id": gid("Fulfillment", id), "status": "SUCCESS", "location": v.location(from),
			"fulfillmentLineItems": field(func(a args) any { return v.connection(lines, a) })})
	}
	for _, p := range o.Parcels {
		from := p.From
		if l := o.Line(p.Items[0].Line); from == 0 && l != nil {
			from = l.At
		}
		add(p.ID, p.Items, from)
		for _, item := range p.Items {
			packed[item.Line] += item.Quantity
		}
	}
	if o.Completed.IsZero() {
		return out
	}
	rest := map[int64][]practice.ParcelItem{}
	for i := range o.Lines {
		l := &o.Lines[i]
		rest[l.At] = append(rest[l.At], practice.ParcelItem{Line: l.ID, Quantity: o.SentUnits(l) - packed[l.ID]})
	}
	for i, at := range slices.Sorted(maps.Keys(rest)) {
		add(o.ID*placesOfOrder+int64(i), rest[at], at)
	}
	return out
}

// refunds say of every unit what became of it. Cancelling an order makes one as well, of all that was not shipped.
func (v *visit) refunds(o *practice.Order) []object {
	var out []object
	add := func(id int64, lines []object) {
		out = append(out, object{"__typename": "Refund", "id": gid("Refund", id),
			"refundLineItems": field(func(a args) any { return v.connection(lines, a) })})
	}
	part := func(l *practice.Line, n int64, kind string, at int64) object {
		var location any
		if kind != "NO_RESTOCK" {
			location = v.location(cmp.Or(at, l.At))
		}
		return object{"__typename": "RefundLineItem", "id": gid("RefundLineItem", v.s.NewMetaID()), "quantity": n, "restockType": kind,
			"restocked": kind != "NO_RESTOCK", "location": location, "lineItem": v.line(o, l)}
	}
	for _, r := range o.Refunds {
		var lines []object
		for _, piece := range r.Lines {
			l := o.Line(piece.Line)
			if l == nil || v.lie == practice.NoRestock {
				continue
			}
			for n, kind := range map[int64]string{piece.Quantity - piece.Sent: "CANCEL", -piece.Sent: "RETURN"} {
				if !piece.Restock {
					kind = "NO_RESTOCK"
				}
				if n != 0 {
					lines = append(lines, part(l, max(n, -n), kind, piece.At))
				}
			}
		}
		add(r.ID, lines)
	}
	if o.Stage == practice.Cancelled {
		var lines []object
		for i := range o.Lines {
			l := &o.Lines[i]
			if n := l.Quantity - o.SentUnits(l) - unsent(o, l); n > 0 {
				lines = append(lines, part(l, n, "CANCEL", 0))
			}
		}
		add(o.ID, lines)
	}
	return out
}
