package bigcommerce

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"evenstock/backend/practice"
)

// statuses are BigCommerce's own, in the order of their numbers (bigcommerce.md, 3.3).
var statuses = []string{"Incomplete", "Pending", "Shipped", "Partially Shipped", "Refunded", "Cancelled", "Declined", "Awaiting Payment",
	"Awaiting Pickup", "Awaiting Shipment", "Completed", "Awaiting Fulfillment", "Manual Verification Required", "Disputed", "Partially Refunded"}

// stages are what a status means for the shop's number.
var stages = []practice.Stage{practice.Unpaid, practice.Unpaid, practice.Shipped, practice.Open, practice.Refunded, practice.Cancelled, practice.Failed,
	practice.Waiting, practice.Open, practice.Open, practice.Shipped, practice.Open, practice.Open, practice.Open, practice.Open}

// mark is a status that was set by its number; it holds as long as the order stays in its stage.
type mark struct {
	status int
	stage  practice.Stage
}

// status is the number of an order's status. A refund of a part puts it to Partially Refunded, wherever it stood.
func (c *call) status(o *practice.Order) int {
	if m, ok := c.face.marks[o.ID]; ok && m.stage == o.Stage {
		return m.status
	}
	refunded := len(o.Refunds) > 0
	switch o.Stage {
	case practice.Unpaid:
		return 1
	case practice.Waiting:
		return 7
	case practice.Cancelled:
		return 5
	case practice.Refunded:
		return 4
	case practice.Failed:
		return 6
	case practice.Shipped:
		if refunded && !o.Refunds[len(o.Refunds)-1].Created.Before(o.Completed) {
			return 14
		}
		return 2
	}
	switch {
	case refunded:
		return 14
	case len(o.Parcels) > 0:
		return 3
	}
	return 11
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC1123Z)
}

// order is an order, with invented words in every field about the buyer.
func (c *call) order(o *practice.Order) map[string]any {
	var total, sent int64
	lines := []any{}
	for i := range o.Lines {
		l := &o.Lines[i]
		total, sent = total+l.Quantity, sent+o.ParcelUnits(l.ID)
		lines = append(lines, c.line(o, l))
	}
	status := c.status(o)
	buyer := func() map[string]any {
		return map[string]any{"first_name": Canaries[0], "last_name": Canaries[1], "email": Canaries[2], "street_1": Canaries[3],
			"city": Canaries[4], "zip": Canaries[5]}
	}
	out := map[string]any{"id": o.ID, "customer_id": 0, "date_created": date(o.Created), "date_modified": date(o.Modified),
		"date_shipped": date(o.Completed), "status_id": status, "status": statuses[status], "custom_status": statuses[status],
		"items_total": total, "items_shipped": sent, "is_deleted": o.Trashed, "customer_message": Canaries[6], "billing_address": buyer(),
		"total_inc_tax": practice.Decimal(o.Total()), "refunded_amount": practice.Decimal(o.RefundedTotal())}
	if c.query.Get("include") == "consignments.line_items" && c.query.Get("consignment_structure") == "object" {
		pickups, shipping := []any{}, []any{}
		if o.Pickup != 0 {
			pickups = append(pickups, c.pickup(o, lines))
		} else {
			to := buyer()
			to["id"], to["line_items"], to["items_total"], to["items_shipped"] = o.ID, lines, total, sent
			shipping = append(shipping, to)
		}
		out["consignments"] = map[string]any{"pickups": pickups, "shipping": shipping, "downloads": []any{},
			"email": map[string]any{"gift_certificates": []any{}}}
	}
	return out
}

// pickup is how an order is fetched. The method has the number of its location here; with BigCommerce it has one of its own.
func (c *call) pickup(o *practice.Order, lines []any) map[string]any {
	at := map[string]any{"id": o.Pickup, "name": "", "email": Canaries[2], "phone": Canaries[5], "address_line_1": Canaries[3], "city": Canaries[4]}
	for _, l := range places(c.s) {
		if l.ID == o.Pickup {
			at["name"], at["code"] = l.Name, "LOCATION-"+formatID(l.ID)
		}
	}
	return map[string]any{"id": o.ID, "pickup_method_id": o.Pickup, "pickup_method_display_name": "Pick up", "collection_instructions": Canaries[6],
		"collection_time_description": "", "location": at, "line_items": lines}
}

// line is a product of an order. Goods that were deleted keep their numbers there (unverified).
func (c *call) line(o *practice.Order, l *practice.Line) map[string]any {
	refunded := o.RefundedUnits(l.ID)
	name, sku := l.Name, ""
	if l.ParentName != "" {
		name = l.ParentName
	}
	if it := c.s.Item(l.Item); it != nil {
		sku = it.SKU
	}
	return map[string]any{"id": l.ID, "order_id": o.ID, "product_id": l.Product, "variant_id": l.Item, "name": name, "sku": sku, "type": "physical",
		"order_pickup_method_id": pickedUp(o), "quantity": l.Quantity, "quantity_shipped": o.ParcelUnits(l.ID), "quantity_refunded": refunded, "is_refunded": refunded >= l.Quantity,
		"total_inc_tax": practice.Decimal(l.Total), "is_bundled_product": false, "parent_order_product_id": nil}
}

// pickedUp is the number of an order's pickup, 0 for one that is sent.
func pickedUp(o *practice.Order) int64 {
	if o.Pickup == 0 {
		return 0
	}
	return o.ID
}

func getStatuses(c *call) practice.Response {
	out := make([]any, len(statuses))
	for i, name := range statuses {
		out[i] = map[string]any{"id": i, "name": name, "system_label": name, "custom_label": name}
	}
	return c.ok(out)
}

// getOrders lists orders by number. Archived ones are in no list that does not ask for them; no order at all is answered
// without a body (bigcommerce.md, 3.3).
func getOrders(c *call) practice.Response {
	var since time.Time
	if text := c.query.Get("min_date_modified"); text != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, text); err != nil {
			return c.fail(http.StatusBadRequest, "min_date_modified is no time")
		}
	}
	from, to, status := c.number("min_id", 0), c.number("max_id", math.MaxInt64), c.number("status_id", -1)
	var all []*practice.Order
	for _, o := range c.s.Orders() {
		if c.s.Shows(o) && o.ID >= from && o.ID <= to && (status < 0 || int64(c.status(o)) == status) && o.Trashed == (c.query.Get("is_deleted") == "true") &&
			!o.Modified.Truncate(time.Second).Before(since) {
			all = append(all, o)
		}
	}
	part := stretch(c, all, 250)
	if len(part) == 0 {
		return c.empty()
	}
	out := []any{}
	for _, o := range part {
		out = append(out, c.order(o))
	}
	return c.ok(out)
}

func (c *call) known() *practice.Order {
	if o := c.s.Order(c.ids[0]); c.s.Shows(o) {
		return o
	}
	return nil
}

func (c *call) unknown() practice.Response {
	return c.fail(http.StatusNotFound, "The requested resource was not found.")
}

func getOrder(c *call) practice.Response {
	if o := c.known(); o != nil {
		return c.ok(c.order(o))
	}
	return c.unknown()
}

func getOrderProducts(c *call) practice.Response {
	o := c.known()
	if o == nil {
		return c.unknown()
	}
	out := []any{}
	for i := range o.Lines {
		out = append(out, c.line(o, &o.Lines[i]))
	}
	if out = stretch(c, out, 250); len(out) == 0 {
		return c.empty()
	}
	return c.ok(out)
}

// variant is the item of a product that is sold, nil if there is none.
func (c *call) variant(product, variant int64) *practice.Item {
	it := c.s.Item(product)
	if !c.offered(it) {
		return nil
	}
	all := variants(c.s, it)
	if variant == 0 && len(all) == 1 {
		return all[0]
	}
	if i := slices.IndexFunc(all, func(v *practice.Item) bool { return v.ID == variant }); i >= 0 {
		return all[i]
	}
	return nil
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }

// Name is the ref of a listing or variant as a stock tool names it for good: by product and variant, since both are counted
// apart; a product whose variants share its number by the product alone.
func Name(it *practice.Item) (listing, parent string) {
	switch it.Kind {
	case practice.Variant:
		return formatID(it.Parent) + "/" + formatID(it.ID), formatID(it.Parent)
	case practice.Parent:
		return formatID(it.ID), ""
	}
	return formatID(it.ID) + "/" + formatID(it.ID), ""
}
