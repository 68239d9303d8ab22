package woocommerce

import (
	"fmt"
	"net/http"

	"evenstock/backend/practice"
)

// The optional feature Order Fulfillments was never recorded. Its items follow woocommerce-v3-addenda-2026; what the
// shop checks, whether an order's date moves with a parcel and how a list is wrapped are unverified.

func listFulfillments(c *call) practice.Response {
	o := c.find(c.ids[0])
	if o == nil {
		return c.fail(errReadOrder)
	}
	list := []object{}
	for _, p := range o.Parcels {
		list = append(list, c.fulfillment(o, p))
	}
	return c.respond(http.StatusOK, list)
}

func createFulfillment(c *call) practice.Response {
	o := c.find(c.ids[0])
	if o == nil {
		return c.fail(errReadOrder)
	}
	var items []practice.ParcelItem
	for _, meta := range objects(c.body["meta_data"]) {
		if meta["key"] != "_items" {
			continue
		}
		for _, item := range objects(meta["value"]) {
			items = append(items, practice.ParcelItem{Line: integer(item["item_id"]), Quantity: integer(item["qty"])})
		}
	}
	p := c.s.AddParcel(o, items)
	return c.created(fmt.Sprintf("%s%s/wc/v3/orders/%d/fulfillments/%d", c.home, apiRoot, o.ID, p.ID), c.fulfillment(o, p))
}

func (c *call) fulfillment(o *practice.Order, p practice.Parcel) object {
	items := []object{}
	for _, item := range p.Items {
		items = append(items, object{{"item_id", item.Line}, {"qty", item.Quantity}})
	}
	return object{{"id", p.ID}, {"entity_type", "WC_Order"}, {"entity_id", fmt.Sprint(o.ID)}, {"status", "fulfilled"},
		{"is_fulfilled", true}, {"date_updated", c.utcDate(p.Sent)}, {"date_deleted", nil},
		{"meta_data", []object{{{"id", 1}, {"key", "_items"}, {"value", items}}}}}
}
