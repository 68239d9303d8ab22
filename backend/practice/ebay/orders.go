package ebay

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/practice"
)

// OrderID is eBay's number of an order.
func OrderID(id int64) string { return fmt.Sprintf("17-%05d-%06d", id/1e6, id%1e6) }

var orderForm = regexp.MustCompile(`^\d{2}-\d{5}-\d{5,}$`)

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

// progress names how much of so many units has left.
func progress(gone, all int64) string {
	switch {
	case gone >= all && all > 0:
		return "FULFILLED"
	case gone > 0:
		return "IN_PROGRESS"
	}
	return "NOT_STARTED"
}

func fulfilment(o *practice.Order) string {
	var gone, all int64
	for i := range o.Lines {
		gone, all = gone+o.ShippedUnits(&o.Lines[i]), all+o.Lines[i].Quantity
	}
	return progress(gone, all)
}

func payment(o *practice.Order) string {
	switch back := o.RefundedTotal(); {
	case o.Stage == practice.Waiting:
		return "PENDING"
	case o.Stage == practice.Failed:
		return "FAILED"
	case back > 0 && back >= o.Total():
		return "FULLY_REFUNDED"
	case back > 0:
		return "PARTIALLY_REFUNDED"
	}
	return "PAID"
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// view is an order, with the fields about its buyer.
func (c *call) view(o *practice.Order) map[string]any {
	address := map[string]any{"addressLine1": Canaries[3], "city": Canaries[4], "postalCode": Canaries[5], "countryCode": "GB"}
	cancel := map[string]any{"cancelState": "NONE_REQUESTED", "cancelRequests": []any{}}
	if o.Stage == practice.Cancelled {
		cancel["cancelState"] = "CANCELED"
	}
	lines, hrefs := []any{}, []string{}
	byEBay := false
	for i := range o.Lines {
		l := &o.Lines[i]
		line := map[string]any{"lineItemId": strconv.FormatInt(l.ID, 10), "legacyItemId": strconv.FormatInt(l.Product, 10), "title": l.Name, "quantity": l.Quantity,
			"lineItemFulfillmentStatus": progress(o.ShippedUnits(l), l.Quantity), "soldFormat": "FIXED_PRICE", "refunds": []any{},
			"lineItemCost": map[string]string{"value": practice.Decimal(l.Total), "currency": c.face.world.Currency()}}
		if it := c.s.Item(l.Item); it != nil {
			line["sku"], byEBay = it.SKU, byEBay || it.Fulfilled
		}
		if l.Product != l.Item {
			line["legacyVariationId"] = strconv.FormatInt(l.Item, 10)
			aspects := []any{}
			for _, option := range l.Options {
				aspects = append(aspects, map[string]string{"name": option.Name, "value": option.Value})
			}
			line["variationAspects"] = aspects
		}
		lines = append(lines, line)
	}
	for _, p := range o.Parcels {
		hrefs = append(hrefs, fmt.Sprintf("https://api.ebay.com/sell/fulfillment/v1/order/%s/shipping_fulfillment/%d", OrderID(o.ID), p.ID))
	}
	out := map[string]any{"orderId": OrderID(o.ID), "creationDate": stamp(o.Created), "lastModifiedDate": stamp(o.Modified),
		"orderFulfillmentStatus": fulfilment(o), "orderPaymentStatus": payment(o), "cancelStatus": cancel, "lineItems": lines, "fulfillmentHrefs": hrefs,
		"sellerId": Canaries[6],
		"buyer":    map[string]any{"username": Canaries[0], "buyerRegistrationAddress": map[string]any{"fullName": Canaries[1], "email": Canaries[2], "contactAddress": address}},
		"fulfillmentStartInstructions": []any{map[string]any{"fulfillmentInstructionsType": "SHIP_TO", "shippingStep": map[string]any{
			"shipTo": map[string]any{"fullName": Canaries[1], "email": Canaries[2], "contactAddress": address, "primaryPhone": map[string]string{"phoneNumber": Canaries[7]}}}}},
		"pricingSummary": map[string]any{"total": map[string]string{"value": practice.Decimal(o.Total()), "currency": c.face.world.Currency()}}}
	if byEBay {
		out["program"] = map[string]any{"fulfillmentProgram": map[string]string{"fulfilledBy": "EBAY"}}
	}
	return out
}

func getOrder(c *call) practice.Response {
	if !orderForm.MatchString(c.parts[0]) {
		return c.fail(http.StatusBadRequest, 32100, "Invalid order ID: "+c.parts[0])
	}
	o := c.order(c.parts[0])
	if o == nil {
		return c.fail(http.StatusNotFound, 32100, "Invalid order ID: "+c.parts[0])
	}
	return c.ok(c.view(o))
}

// The criteria of a list of orders.
var (
	createdFrom  = regexp.MustCompile(`creationdate:\[([^\].]+\.\d{3}Z)\.\.\]`)
	modifiedFrom = regexp.MustCompile(`lastmodifieddate:\[([^\].]+\.\d{3}Z)\.\.\]`)
)

// getOrders lists orders, the newest first (unverified).
func getOrders(c *call) practice.Response {
	if ids := c.query.Get("orderIds"); ids != "" {
		return c.known(strings.Split(ids, ","))
	}
	size, offset, ok := c.page(50)
	if !ok {
		return c.fail(http.StatusBadRequest, 31100, "Invalid limit: "+c.query.Get("limit"))
	}
	filter := c.query.Get("filter")
	date, pattern := func(o *practice.Order) time.Time { return o.Created }, createdFrom
	if !strings.Contains(filter, "creationdate:") && strings.Contains(filter, "lastmodifieddate:") {
		date, pattern = func(o *practice.Order) time.Time { return o.Modified }, modifiedFrom
	}
	from := c.s.Now().Add(-90 * 24 * time.Hour) // without a date (ebay.md, 4.3)
	if strings.Contains(filter, "date:") {
		m := pattern.FindStringSubmatch(filter)
		if m == nil {
			return c.fail(http.StatusBadRequest, 30810, "Invalid date format")
		}
		from, _ = time.Parse(time.RFC3339, m[1])
		if from.After(c.s.Now()) || from.Before(c.s.Now().AddDate(-2, 0, 0)) {
			return c.fail(http.StatusBadRequest, 30850, "Start and end dates can't be in the future")
		}
	}
	var all []*practice.Order
	for _, o := range c.s.Orders() {
		open := fulfilment(o) != "FULFILLED" || !strings.Contains(filter, "orderfulfillmentstatus:{NOT_STARTED|IN_PROGRESS}")
		if c.shows(o) && open && !date(o).Before(from.Truncate(time.Millisecond)) {
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b *practice.Order) int { return int(b.ID - a.ID) })
	return c.orders(all[min(offset, len(all)):], size, offset, len(all))
}

// known are orders by number. One that is none of eBay's makes it refuse all, one that is not there is left out (unverified).
func (c *call) known(ids []string) practice.Response {
	if len(ids) > 50 {
		return c.fail(http.StatusBadRequest, 30900, "Exceeded maximum number of order IDs (the current limit is 50)")
	}
	var all []*practice.Order
	for _, id := range ids {
		if !orderForm.MatchString(id) {
			return c.fail(http.StatusBadRequest, 32100, "Invalid order ID: "+id)
		}
		if o := c.order(id); o != nil {
			all = append(all, o)
		}
	}
	return c.orders(all, len(ids), 0, len(all))
}

func (c *call) orders(some []*practice.Order, size, offset, total int) practice.Response {
	out := map[string]any{"href": c.r.URL.Path, "limit": size, "offset": offset, "total": total}
	list := []any{}
	for i, o := range some[:min(size, len(some))] {
		if c.lie == practice.SkipItem && len(some) > 1 && i == 1 {
			continue
		}
		list = append(list, c.view(o))
	}
	if offset+size < total {
		out["next"] = c.r.URL.Path + "?offset=" + strconv.Itoa(offset+size)
	}
	out["orders"] = list
	return c.ok(out)
}

func getShipping(c *call) practice.Response {
	o := c.order(c.parts[0])
	if o == nil {
		return c.fail(http.StatusBadRequest, 32100, "Invalid order ID: "+c.parts[0])
	}
	list := []any{}
	for _, p := range o.Parcels {
		items := []any{}
		for _, it := range p.Items {
			items = append(items, map[string]any{"lineItemId": strconv.FormatInt(it.Line, 10), "quantity": it.Quantity})
		}
		list = append(list, map[string]any{"fulfillmentId": strconv.FormatInt(p.ID, 10), "shippedDate": stamp(p.Sent), "lineItems": items})
	}
	return c.ok(map[string]any{"fulfillments": list, "total": len(list)})
}

// createShipping ships the units a seller names.
func createShipping(c *call) practice.Response {
	var in struct {
		Items []struct {
			Line     string `json:"lineItemId"`
			Quantity int64  `json:"quantity"`
		} `json:"lineItems"`
	}
	o := c.order(c.parts[0])
	if o == nil || json.Unmarshal(c.body, &in) != nil || len(in.Items) == 0 {
		return c.fail(http.StatusBadRequest, 32100, "Invalid order ID: "+c.parts[0])
	}
	var parcel []practice.ParcelItem
	for _, it := range in.Items {
		id, err := strconv.ParseInt(it.Line, 10, 64)
		if err != nil || o.Line(id) == nil {
			return c.fail(http.StatusBadRequest, 32200, "Invalid line item ID")
		}
		parcel = append(parcel, practice.ParcelItem{Line: id, Quantity: it.Quantity})
	}
	c.s.AddParcel(o, parcel)
	if fulfilment(o) == "FULFILLED" {
		c.s.SetStage(o, practice.Shipped)
	}
	return c.respond(http.StatusCreated, map[string]any{})
}
