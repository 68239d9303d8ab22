package etsy

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"evenstock/backend/practice"
)

func escape(s string) string { return url.QueryEscape(s) }

// status is the status of a receipt.
func status(o *practice.Order) string {
	switch o.Stage {
	case practice.Cancelled, practice.Failed:
		return "canceled"
	case practice.Refunded:
		return "fully refunded"
	}
	switch {
	case len(o.Refunds) > 0:
		return "partially refunded"
	case o.Stage == practice.Shipped:
		return "completed"
	case o.Stage == practice.Waiting:
		return "payment processing"
	}
	return "paid"
}

// updated is when a receipt changed as Etsy tells it: a refund does not move its date (etsy.md, 3.3).
func updated(o *practice.Order) time.Time {
	if n := len(o.Refunds); n > 0 && o.Before() != nil && len(o.Before().Refunds) < n && o.Refunds[n-1].Created.Equal(o.Modified) {
		return o.Before().Modified
	}
	return o.Modified
}

// receipt is a ShopReceipt, with invented words in every field about the buyer.
func (c *call) receipt(o *practice.Order) map[string]any {
	lines := []any{}
	for i := range o.Lines {
		lines = append(lines, c.transaction(o, &o.Lines[i]))
	}
	refunds := []any{}
	for _, r := range o.Refunds {
		refunds = append(refunds, map[string]any{"amount": c.face.money(r.Amount), "created_timestamp": r.Created.Unix(), "reason": nil,
			"note_from_issuer": nil, "status": "completed"})
	}
	shipments := []any{}
	if !o.Completed.IsZero() {
		shipments = append(shipments, map[string]any{"receipt_shipping_id": o.ID + 1, "shipment_notification_timestamp": o.Completed.Unix(),
			"carrier_name": "other", "tracking_code": "PRACTICE"})
	}
	return map[string]any{"receipt_id": o.ID, "receipt_type": 0, "seller_user_id": UserID, "buyer_user_id": 424242,
		"name": Canaries[0], "buyer_email": Canaries[1], "first_line": Canaries[2], "city": Canaries[3], "zip": Canaries[4],
		"gift_message": Canaries[5], "message_from_buyer": Canaries[5], "status": status(o), "is_paid": !o.Paid.IsZero(),
		"is_shipped": !o.Completed.IsZero(), "created_timestamp": o.Created.Unix(), "create_timestamp": o.Created.Unix(),
		"updated_timestamp": updated(o).Unix(), "update_timestamp": updated(o).Unix(), "grandtotal": c.face.money(o.Total()),
		"transactions": lines, "refunds": refunds, "shipments": shipments}
}

// transaction is a line. The SKU is the item's present one; whether Etsy keeps that of the sale is unverified.
func (c *call) transaction(o *practice.Order, l *practice.Line) map[string]any {
	out := map[string]any{"transaction_id": l.ID, "title": l.Name, "quantity": l.Quantity, "receipt_id": o.ID, "listing_id": l.Product,
		"product_id": nil, "sku": nil, "is_digital": false, "shipped_timestamp": nil, "product_data": properties(l.Options),
		"variations": []any{}, "price": c.face.money(l.Total / max(1, l.Quantity)), "created_timestamp": o.Created.Unix()}
	if l.ParentName != "" {
		out["title"] = l.ParentName
	}
	if it := c.s.Item(l.Item); it != nil {
		out["product_id"] = c.productID(l.Product, it.ID)
		if it.SKU != "" {
			out["sku"] = it.SKU
		}
		out["is_digital"] = c.s.Holder(it) == nil
	}
	if at := shippedAt(o, l); !at.IsZero() {
		out["shipped_timestamp"] = at.Unix()
	}
	return out
}

// shippedAt is when all units of a line had left: a line is shipped whole or not at all (etsy.md, 3.3).
func shippedAt(o *practice.Order, l *practice.Line) time.Time {
	if !o.Completed.IsZero() {
		return o.Completed
	}
	var units int64
	for _, p := range o.Parcels {
		for _, item := range p.Items {
			if item.Line == l.ID {
				units += item.Quantity
			}
		}
		if units >= l.Quantity {
			return p.Sent
		}
	}
	return time.Time{}
}

// shows says whether receipts know an order: a cart that was never paid is none.
func (c *call) shows(o *practice.Order) bool {
	return c.s.Shows(o) && !o.Trashed && o.Stage != practice.Unpaid
}

// getReceipts lists receipts. Cancelled ones are left out unless they are asked for (etsy.md, 3.3).
func getReceipts(c *call) practice.Response {
	from, to := c.number("min_last_modified", 0), c.number("max_last_modified", 1<<62)
	wants := func(name string, is bool) bool {
		v := c.query.Get(name)
		return v == "" || v == strconv.FormatBool(is)
	}
	var all []*practice.Order
	for _, o := range c.s.Orders() {
		at := updated(o).Unix()
		canceled := status(o) == "canceled"
		if !c.shows(o) || at < from || at > to || canceled != (c.query.Get("was_canceled") == "true") ||
			!wants("was_paid", !o.Paid.IsZero()) || !wants("was_shipped", !o.Completed.IsZero()) {
			continue
		}
		all = append(all, o)
	}
	key := func(o *practice.Order) int64 {
		switch c.query.Get("sort_on") {
		case "updated":
			return updated(o).Unix()
		case "receipt_id":
			return o.ID
		}
		return o.Created.Unix()
	}
	slices.SortStableFunc(all, func(a, b *practice.Order) int {
		if c.query.Get("sort_order") == "asc" {
			return int(key(a) - key(b))
		}
		return int(key(b) - key(a))
	})
	part, ok := stretch(c, all)
	if !ok {
		return c.fail(http.StatusBadRequest, "Invalid limit or offset")
	}
	out := list{Count: len(all), Results: []any{}}
	for _, o := range part {
		out.Results = append(out.Results, c.receipt(o))
	}
	return c.ok(out)
}

func (c *call) order() *practice.Order {
	if o := c.s.Order(c.ids[1]); c.shows(o) {
		return o
	}
	return nil
}

func getReceipt(c *call) practice.Response {
	o := c.order()
	if o == nil {
		return c.fail(http.StatusNotFound, "Receipt not found")
	}
	return c.ok(c.receipt(o))
}

// putReceipt marks a receipt as shipped, which is what the face takes of updateShopReceipt.
func putReceipt(c *call) practice.Response {
	o := c.order()
	if o == nil {
		return c.fail(http.StatusNotFound, "Receipt not found")
	}
	if form, err := url.ParseQuery(string(c.body)); err == nil && form.Get("was_shipped") == "true" {
		c.s.SetStage(o, practice.Shipped)
	}
	return c.ok(c.receipt(o))
}

// postTracking ships the whole receipt: shipments name no units.
func postTracking(c *call) practice.Response {
	o := c.order()
	if o == nil {
		return c.fail(http.StatusNotFound, "Receipt not found")
	}
	c.s.SetStage(o, practice.Shipped)
	return c.ok(c.receipt(o))
}
