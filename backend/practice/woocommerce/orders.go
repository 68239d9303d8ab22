package woocommerce

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"evenstock/backend/practice"
)

// coreStatuses are WooCommerce's own, in the order an error names them.
var coreStatuses = []string{"auto-draft", "pending", "processing", "on-hold", "completed", "cancelled", "refunded",
	"failed", "checkout-draft"}

func (f *Face) statuses() []string { return append(slices.Clone(coreStatuses), f.options.Statuses...) }

// orderArgs checks the query of the order list; the wording for statuses was not recorded (unverified).
func orderArgs(c *call, v *invalid) {
	c.collection(v, orderOrders)
	c.each(v, "status", append([]string{"any", "trash"}, c.face.statuses()...))
}

func orderFields(c *call, v *invalid) {
	c.checkBody(v, []bodyField{{"status", kindString, c.face.statuses()}, {"set_paid", kindBoolean, nil}})
}

var orderSorting = sorting[*practice.Order]{
	id:       func(o *practice.Order) int64 { return o.ID },
	created:  func(o *practice.Order) time.Time { return o.Created },
	modified: func(o *practice.Order) time.Time { return o.Modified },
	title:    func(o *practice.Order) string { return fmt.Sprint(o.ID) },
}

func listOrders(c *call) practice.Response {
	keep := c.orderFilter()
	var list []*practice.Order
	for _, o := range c.s.Orders() {
		if o = c.seen(o); o != nil && keep(o) {
			list = append(list, o)
		}
	}
	arrange(c, list, orderSorting)
	return page(c, list, c.order)
}

// seen is an order as the answer shows it: nil when it is hidden, and as it was before when the answer is stale.
func (c *call) seen(o *practice.Order) *practice.Order {
	if !c.s.Shows(o) {
		return nil
	}
	if c.lie == practice.StaleRead {
		return o.Before()
	}
	return o
}

func (c *call) orderFilter() func(*practice.Order) bool {
	q := c.query
	include, exclude, products := q.ids("include"), q.ids("exclude"), q.ids("product")
	statuses := q.list("status")
	anyStatus := len(statuses) == 0 || slices.Contains(statuses, "any")
	v := c.face.version
	drafts := v.since(draftsInList) && !v.since(draftsOutOfList)
	modified, created := c.cut("modified_after", "modified_before"), c.cut("after", "before")
	return func(o *practice.Order) bool {
		_, wanted := include[o.ID]
		_, unwanted := exclude[o.ID]
		status := statusName(o)
		hidden := status == "trash" || status == "auto-draft" || status == "checkout-draft" && !drafts
		return (include == nil || wanted) && !unwanted &&
			(anyStatus && !hidden || !anyStatus && slices.Contains(statuses, status)) &&
			modified.holds(o.Modified) && created.holds(o.Created) &&
			(products == nil || slices.ContainsFunc(o.Lines, func(l practice.Line) bool { _, ok := products[l.Product]; return ok }))
	}
}

// find returns an order that the shop shows at present.
func (c *call) find(id int64) *practice.Order { return c.seen(c.s.Order(id)) }

func getOrder(c *call) practice.Response {
	o := c.find(c.ids[0])
	if o == nil {
		return c.fail(errReadOrder)
	}
	return c.ok(c.order(o))
}

func createOrder(c *call) practice.Response {
	o, failure := c.newOrder(c.body)
	if failure != nil {
		return c.fail(failure)
	}
	return c.created(fmt.Sprintf("%s%s/wc/v3/orders/%d", c.home, apiRoot, o.ID), c.order(o))
}

func putOrder(c *call) practice.Response {
	o, failure := c.changeOrder(c.ids[0], c.body)
	if failure != nil {
		return c.fail(failure)
	}
	return c.ok(c.order(o))
}

func deleteOrder(c *call) practice.Response {
	was, failure := c.removeOrder(c.ids[0], c.query.flag("force"))
	if failure != nil {
		return c.fail(failure)
	}
	return c.ok(was)
}

func (c *call) newOrder(body map[string]any) (*practice.Order, *apiError) {
	var lines []practice.Line
	for _, entry := range objects(body["line_items"]) {
		lines = append(lines, c.newLine(entry))
	}
	o := c.s.Place(practice.Order{Via: "rest-api", Method: text(body["payment_method"]),
		MethodTitle: text(body["payment_method_title"]), Address: addresses(body)}, lines)
	c.applyStatus(o, body)
	return o, nil
}

// changeOrder applies a body to an order. That a body which changes nothing moves the date as well is unverified.
func (c *call) changeOrder(id int64, body map[string]any) (*practice.Order, *apiError) {
	o := c.s.Order(id)
	if !c.s.Shows(o) {
		return nil, errOrder
	}
	c.s.Change(o)
	for _, entry := range objects(body["line_items"]) {
		line := o.Line(integer(entry["id"]))
		if entry["id"] == nil {
			c.s.AddLine(o, c.newLine(entry))
			continue
		}
		if line == nil { // unverified
			return nil, &apiError{code: "woocommerce_rest_invalid_item_id", status: http.StatusBadRequest,
				message: "Order item ID provided is not associated with order."}
		}
		if v, ok := entry["total"]; ok {
			line.Total = practice.Cents(text(v))
		}
		if v, ok := entry["quantity"]; ok {
			c.s.EditLine(o, line.ID, integer(v))
		}
	}
	c.applyStatus(o, body)
	return o, nil
}

// applyStatus moves an order as a body says. set_paid wins over a status: it leads to processing, or to completed where
// nothing has to be shipped or the customer pays on delivery (j06 to j11).
func (c *call) applyStatus(o *practice.Order, body map[string]any) {
	if truth(body["set_paid"]) {
		stage := practice.Open
		if o.Method == "cod" || len(o.Lines) > 0 && !c.needsProcessing(o) {
			stage = practice.Shipped
		}
		c.s.SetStage(o, stage)
		return
	}
	if status := text(body["status"]); status != "" {
		c.s.SetStage(o, stageOf(status))
	}
}

// newLine is a line of a body. A product can be named by its SKU alone; an unknown one gives a line without a product
// (f24-order-by-sku, f27-order-unknown-product).
func (c *call) newLine(entry map[string]any) practice.Line {
	quantity := int64(1)
	if entry["quantity"] != nil {
		quantity = integer(entry["quantity"])
	}
	id := integer(entry["variation_id"])
	if id == 0 {
		id = integer(entry["product_id"])
	}
	it := c.s.Item(id)
	if sku := text(entry["sku"]); id == 0 && sku != "" {
		if found := c.s.BySKU(sku); len(found) > 0 {
			it = found[0]
		}
	}
	if it == nil {
		return practice.Line{Name: text(entry["name"]), Quantity: quantity}
	}
	line := c.s.LineFor(it, quantity)
	if v, ok := entry["subtotal"]; ok {
		line.Subtotal = practice.Cents(text(v))
	}
	if v, ok := entry["total"]; ok {
		line.Total = practice.Cents(text(v))
	}
	return line
}

// removeOrder trashes or deletes an order; what it holds of the stock is not given back (woocommerce-observed.md).
func (c *call) removeOrder(id int64, force bool) (object, *apiError) {
	o := c.s.Order(id)
	if !c.s.Shows(o) {
		return nil, errReadOrder
	}
	if !force && o.Trashed { // unverified
		return nil, &apiError{code: "woocommerce_rest_already_trashed", status: http.StatusGone,
			message: "The Order has already been deleted."}
	}
	was := c.order(o)
	if force {
		c.s.DeleteOrder(o)
	} else {
		c.s.TrashOrder(o)
	}
	return was, nil
}

func listNotes(c *call) practice.Response {
	o := c.find(c.ids[0])
	if o == nil {
		return c.fail(errRefundOrder)
	}
	list := []object{}
	for _, n := range o.Notes {
		list = append(list, c.note(o, n))
	}
	return c.respond(http.StatusOK, list)
}

// createNote leaves a remark, which does not move the order's date (woocommerce-observed.md).
func createNote(c *call) practice.Response {
	o := c.find(c.ids[0])
	if o == nil {
		return c.fail(errRefundOrder)
	}
	n := c.s.Remark(o, text(c.body["note"]))
	return c.created(fmt.Sprintf("%s%s/wc/v3/orders/%d/notes/%d", c.home, apiRoot, o.ID, n.ID), c.note(o, n))
}

func (c *call) note(o *practice.Order, n practice.Note) object {
	all := fmt.Sprintf("/orders/%d/notes", o.ID)
	body := object{{"id", n.ID}, {"author", "WooCommerce"}, {"date_created", c.localDate(n.At)},
		{"date_created_gmt", c.utcDate(n.At)}, {"note", n.Text}, {"customer_note", false}}
	return c.linked(body, fmt.Sprintf("%s/%d", all, n.ID), all, fmt.Sprintf("/orders/%d", o.ID))
}

func orderTotals(c *call) practice.Response {
	counts := map[string]int{}
	for _, o := range c.s.Orders() {
		counts[statusName(o)]++
	}
	list := []object{}
	for _, status := range c.face.statuses() {
		if status == "auto-draft" {
			continue
		}
		list = append(list, object{{"slug", status}, {"name", statusTitle(status)}, {"total", counts[status]}})
	}
	return c.respond(http.StatusOK, list)
}

func statusTitle(status string) string {
	words := strings.ReplaceAll(status, "-", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

func objects(v any) []map[string]any {
	list, _ := v.([]any)
	var out []map[string]any
	for _, entry := range list {
		if m, ok := entry.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func addresses(body map[string]any) map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, which := range []string{"billing", "shipping"} {
		m, _ := body[which].(map[string]any)
		all[which] = map[string]string{}
		for name, v := range m {
			all[which][name] = text(v)
		}
	}
	return all
}
