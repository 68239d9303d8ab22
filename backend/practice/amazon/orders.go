package amazon

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/practice"
)

// OrderID is Amazon's number of an order.
func OrderID(id int64) string { return fmt.Sprintf("701-%07d-%07d", id/1e7, id%1e7) }

func (c *call) order(ref string) *practice.Order {
	for _, o := range c.s.Orders() {
		if OrderID(o.ID) == ref && c.shows(o) {
			return o
		}
	}
	return nil
}

func (c *call) shows(o *practice.Order) bool {
	return c.s.Shows(o) && !o.Trashed && o.Stage != practice.Unpaid
}

// status is the fulfilment status of an order. A refund is an affair of money and changes none.
func status(o *practice.Order) string {
	switch {
	case o.Stage == practice.Cancelled || o.Stage == practice.Failed:
		return "CANCELLED"
	case !o.Completed.IsZero():
		return "SHIPPED"
	case o.Stage == practice.Waiting:
		return "PENDING"
	case len(o.Parcels) > 0:
		return "PARTIALLY_SHIPPED"
	}
	return "UNSHIPPED"
}

// fulfilledBy says who sends an order: Amazon, when it holds what was bought.
func (c *call) fulfilledBy(o *practice.Order) string {
	for _, l := range o.Lines {
		if it := c.s.Item(l.Item); it != nil && it.Fulfilled {
			return "AMAZON"
		}
	}
	return "MERCHANT"
}

// view is an order. The fields about the buyer are there whatever was asked for, so that a connector which keeps one is found
// out; Amazon sends them only when includedData asks (amazon.md, 1.3).
func (c *call) view(o *practice.Order) map[string]any {
	lines := []any{}
	for i := range o.Lines {
		l := &o.Lines[i]
		product := map[string]any{"title": l.Name, "asin": fmt.Sprintf("B0%08d", l.Item)}
		if it := c.s.Item(l.Item); it != nil {
			product["sellerSku"] = it.SKU
		}
		gone, open := o.ShippedUnits(l), l.Quantity-o.ShippedUnits(l)
		if status(o) == "CANCELLED" || status(o) == "PENDING" {
			open = 0 // of a pending order, Amazon's own example says 0 (channels/README.md, test fixtures)
		}
		lines = append(lines, map[string]any{"orderItemId": strconv.FormatInt(l.ID, 10), "quantityOrdered": l.Quantity, "product": product,
			"fulfillment": map[string]any{"quantityFulfilled": gone, "quantityUnfulfilled": open}})
	}
	return map[string]any{"orderId": OrderID(o.ID), "createdTime": stamp(o.Created), "lastUpdatedTime": stamp(o.Modified),
		"salesChannel": map[string]any{"channelName": "AMAZON", "marketplaceId": c.face.options.Marketplace},
		"buyer":        map[string]any{"buyerName": Canaries[0], "buyerEmail": Canaries[1]},
		"recipient": map[string]any{"deliveryAddress": map[string]any{"name": Canaries[0], "addressLine1": Canaries[2], "city": Canaries[3],
			"postalCode": Canaries[4], "countryCode": "GB"}},
		"fulfillment": map[string]any{"fulfillmentStatus": status(o), "fulfilledBy": c.fulfilledBy(o)}, "orderItems": lines}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func getOrder(c *call) practice.Response {
	o := c.order(c.parts[0])
	if o == nil {
		return c.fail(http.StatusNotFound, "NotFound", "The order does not exist.") // unverified
	}
	return c.ok(map[string]any{"order": c.view(o)})
}

// searchOrders lists orders by the time they were asked for, each page after the last order of the one before (unverified).
func searchOrders(c *call) practice.Response {
	created, err1 := time.Parse(time.RFC3339, c.query.Get("createdAfter"))
	updated, err2 := time.Parse(time.RFC3339, c.query.Get("lastUpdatedAfter"))
	size, err3 := strconv.Atoi(c.query.Get("maxResultsPerPage"))
	if (err1 == nil) == (err2 == nil) || err3 != nil || size < 1 || size > 100 || !c.here() {
		return c.fail(http.StatusBadRequest, "InvalidInput", "Invalid Input")
	}
	date := func(o *practice.Order) time.Time { return o.Modified }
	since := updated
	if err1 == nil {
		date, since = func(o *practice.Order) time.Time { return o.Created }, created
	}
	asked := func(name, value string) bool {
		return c.query.Get(name) == "" || slices.Contains(strings.Split(c.query.Get(name), ","), value)
	}
	key := func(o *practice.Order) string { return fmt.Sprintf("%020d-%020d", date(o).UnixNano(), o.ID) }
	var all []*practice.Order
	for _, o := range c.s.Orders() {
		if c.shows(o) && !date(o).Before(since) && asked("fulfilledBy", c.fulfilledBy(o)) && asked("fulfillmentStatuses", status(o)) &&
			key(o) > c.query.Get("paginationToken") {
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b *practice.Order) int { return strings.Compare(key(a), key(b)) })
	out, list := map[string]any{"lastUpdatedBefore": stamp(c.s.Now())}, []any{}
	if len(all) > size {
		all = all[:size]
		out["pagination"] = map[string]string{"nextToken": key(all[size-1])}
	}
	for i, o := range all {
		if c.lie == practice.SkipItem && len(all) > 1 && i == 1 {
			continue
		}
		list = append(list, c.view(o))
	}
	out["orders"] = list
	return c.ok(out)
}

// confirmShipment ships the units a seller names; it stays in version 0 of the API (amazon.md, 5.3).
func confirmShipment(c *call) practice.Response {
	var in struct {
		Package struct {
			Items []struct {
				Line     string `json:"orderItemId"`
				Quantity int64  `json:"quantity"`
			} `json:"orderItems"`
		} `json:"packageDetail"`
	}
	o := c.order(c.parts[0])
	if o == nil || json.Unmarshal(c.body, &in) != nil || len(in.Package.Items) == 0 {
		return c.fail(http.StatusBadRequest, "InvalidInput", "Invalid Input")
	}
	var parcel []practice.ParcelItem
	for _, it := range in.Package.Items {
		id, err := strconv.ParseInt(it.Line, 10, 64)
		if err != nil || o.Line(id) == nil {
			return c.fail(http.StatusBadRequest, "InvalidInput", "Invalid Input")
		}
		parcel = append(parcel, practice.ParcelItem{Line: id, Quantity: it.Quantity})
	}
	c.s.AddParcel(o, parcel)
	for i := range o.Lines {
		if o.ShippedUnits(&o.Lines[i]) < o.Lines[i].Quantity {
			return practice.Response{Status: http.StatusNoContent, Header: c.header}
		}
	}
	c.s.SetStage(o, practice.Shipped)
	return practice.Response{Status: http.StatusNoContent, Header: c.header}
}
