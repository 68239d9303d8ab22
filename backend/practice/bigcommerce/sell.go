package bigcommerce

import (
	"encoding/json"
	"net/http"
	"slices"

	"evenstock/backend/practice"
)

// sold is a product of an order as it is written.
type sold struct {
	ID       int64  `json:"id"`
	Product  int64  `json:"product_id"`
	Variant  int64  `json:"variant_id"`
	Quantity *int64 `json:"quantity"`
}

type written struct {
	Status       *int   `json:"status_id"`
	Products     []sold `json:"products"`
	Consignments *struct {
		Pickups []struct {
			Method int64  `json:"pickup_method_id"`
			Lines  []sold `json:"line_items"`
		} `json:"pickups"`
	} `json:"consignments"`
}

func (c *call) written() (written, bool) {
	var in written
	ok := json.Unmarshal(c.body, &in) == nil && (in.Status == nil || *in.Status >= 0 && *in.Status < len(statuses))
	return in, ok
}

func (c *call) bad(text string) practice.Response { return c.fail(http.StatusBadRequest, text) }

// postOrder places an order, awaiting fulfilment unless it says otherwise. It is sent, or picked up at one place (OpenAPI file,
// createOrder).
func postOrder(c *call) practice.Response {
	in, ok := c.written()
	order := practice.Order{Via: "api", Method: "manual"}
	if ok && in.Consignments != nil {
		if len(in.Products) > 0 || len(in.Consignments.Pickups) != 1 {
			return c.bad("An order is either sent or picked up at one place")
		}
		pickup := in.Consignments.Pickups[0]
		i := slices.IndexFunc(places(c.s), func(l practice.Location) bool { return l.ID == pickup.Method && !l.Closed })
		if i < 0 {
			return c.bad("The pickup method is unknown")
		}
		order.Pickup, in.Products = pickup.Method, pickup.Lines
	}
	if !ok || len(in.Products) == 0 {
		return c.bad("The order needs products")
	}
	var lines []practice.Line
	for _, p := range in.Products {
		it := c.variant(p.Product, p.Variant)
		if it == nil || p.Quantity == nil || *p.Quantity < 1 {
			return c.bad("A product is unknown or has no quantity")
		}
		lines = append(lines, c.s.LineFor(it, *p.Quantity))
	}
	status := 11
	if in.Status != nil {
		status = *in.Status
	}
	o := c.s.Place(order, lines)
	c.setStatus(o, status)
	return c.respond(http.StatusCreated, "application/json", c.order(o))
}

func (c *call) setStatus(o *practice.Order, status int) {
	c.s.SetStage(o, stages[status])
	c.s.Change(o)
	c.face.marks[o.ID] = mark{status, o.Stage}
}

// putOrder changes an order: its status by hand, the quantity of lines (0 removes one), or new lines (bigcommerce.md, 3.3).
func putOrder(c *call) practice.Response {
	o := c.known()
	if o == nil {
		return c.unknown()
	}
	in, ok := c.written()
	if !ok {
		return c.bad("The body cannot be read")
	}
	for _, p := range in.Products {
		switch it := c.variant(p.Product, p.Variant); {
		case p.Quantity == nil:
			return c.bad("A product has no quantity")
		case p.ID != 0 && o.Line(p.ID) == nil, p.ID == 0 && it == nil:
			return c.bad("A product is unknown")
		case p.ID != 0:
			c.s.EditLine(o, p.ID, *p.Quantity)
		default:
			c.s.AddLine(o, c.s.LineFor(it, *p.Quantity))
		}
	}
	if in.Status != nil {
		c.setStatus(o, *in.Status)
	}
	return c.ok(c.order(o))
}

// deleteOrder archives an order (bigcommerce.md, 3.3).
func deleteOrder(c *call) practice.Response {
	o := c.known()
	if o == nil {
		return c.unknown()
	}
	c.s.TrashOrder(o)
	return c.empty()
}

// postShipment sends a parcel; the order is shipped when nothing is left.
func postShipment(c *call) practice.Response {
	o := c.known()
	if o == nil {
		return c.unknown()
	}
	var in struct {
		Items []struct {
			Line     int64 `json:"order_product_id"`
			Quantity int64 `json:"quantity"`
		} `json:"items"`
	}
	if json.Unmarshal(c.body, &in) != nil || len(in.Items) == 0 {
		return c.bad("The shipment needs items")
	}
	var items []practice.ParcelItem
	for _, item := range in.Items {
		l := o.Line(item.Line)
		if l == nil || item.Quantity < 1 || o.ParcelUnits(l.ID)+item.Quantity > l.Quantity {
			return c.bad("An item is unknown or more than is left")
		}
		items = append(items, practice.ParcelItem{Line: item.Line, Quantity: item.Quantity})
	}
	p := c.s.AddParcel(o, items)
	delete(c.face.marks, o.ID)
	left := int64(0)
	for _, l := range o.Lines {
		left += max(0, l.Quantity-o.ParcelUnits(l.ID)-o.RefundedUnits(l.ID))
	}
	if left == 0 {
		c.s.SetStage(o, practice.Shipped)
	}
	return c.respond(http.StatusCreated, "application/json", map[string]any{"id": p.ID, "order_id": o.ID, "date_created": date(p.Sent), "items": in.Items})
}

// postRefund pays units back. It does not say what became of them: nothing goes back on the shelf until the whole order is
// refunded (bigcommerce.md, 3.4).
func postRefund(c *call) practice.Response {
	o := c.known()
	if o == nil {
		return c.unknown()
	}
	var in struct {
		Items []struct {
			Kind     string `json:"item_type"`
			ID       int64  `json:"item_id"`
			Quantity int64  `json:"quantity"`
		} `json:"items"`
	}
	if json.Unmarshal(c.body, &in) != nil || len(in.Items) == 0 {
		return c.fail(http.StatusUnprocessableEntity, "The refund needs items")
	}
	for _, item := range in.Items {
		l := o.Line(item.ID)
		if item.Kind != "PRODUCT" || l == nil || item.Quantity < 1 || o.RefundedUnits(item.ID)+item.Quantity > l.Quantity {
			return c.fail(http.StatusUnprocessableEntity, "An item is unknown or more than is left")
		}
	}
	for _, item := range in.Items {
		delete(c.face.marks, o.ID)
		c.s.RefundUnits(o, item.ID, item.Quantity, false)
	}
	return c.respond(http.StatusCreated, "application/json", map[string]any{"data": map[string]any{"order_id": o.ID, "items": in.Items},
		"meta": map[string]any{}})
}
