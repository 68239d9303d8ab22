package woocommerce

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"evenstock/backend/practice"
)

type order = *practice.Order

// statusOf maps the shop's stages to WooCommerce's names; a stage that is not listed is a plugin's own status.
var statusOf = map[practice.Stage]string{
	practice.Unpaid: "pending", practice.Waiting: "on-hold", practice.Open: "processing", practice.Shipped: "completed",
	practice.Cancelled: "cancelled", practice.Refunded: "refunded", practice.Failed: "failed",
}

func stageOf(status string) practice.Stage {
	for stage, name := range statusOf {
		if name == status {
			return stage
		}
	}
	return practice.Stage(status)
}

func statusName(o *practice.Order) string {
	if o.Trashed {
		return "trash"
	}
	if name, ok := statusOf[o.Stage]; ok {
		return name
	}
	return string(o.Stage)
}

var (
	billingNames = []string{"first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode",
		"country", "email", "phone"}
	shippingNames = []string{"first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode",
		"country", "phone"}
)

var orderView = []field[order]{
	{name: "id", value: func(_ *call, o order) any { return o.ID }},
	constant[order]("parent_id", 0),
	{name: "status", value: func(_ *call, o order) any { return statusName(o) }},
	{name: "currency", value: func(c *call, _ order) any { return c.face.world.Currency() }},
	{name: "version", value: func(c *call, _ order) any { return c.face.options.Version }},
	constant[order]("prices_include_tax", false),
	{name: "date_created", value: func(c *call, o order) any { return c.localDate(o.Created) }},
	{name: "date_modified", value: func(c *call, o order) any { return c.localDate(o.Modified) }},
	constant[order]("discount_total", "0.00"), constant[order]("discount_tax", "0.00"),
	constant[order]("shipping_total", "0.00"), constant[order]("shipping_tax", "0.00"),
	constant[order]("cart_tax", "0.00"),
	{name: "total", value: func(_ *call, o order) any { return practice.Decimal(o.Total()) }},
	constant[order]("total_tax", "0.00"), constant[order]("customer_id", 0),
	{name: "order_key", value: func(_ *call, o order) any { return o.Key }},
	{name: "billing", value: func(_ *call, o order) any { return address(o.Address["billing"], billingNames) }},
	{name: "shipping", value: func(_ *call, o order) any { return address(o.Address["shipping"], shippingNames) }},
	{name: "payment_method", value: func(_ *call, o order) any { return o.Method }},
	{name: "payment_method_title", value: func(_ *call, o order) any { return o.MethodTitle }},
	constant[order]("transaction_id", ""), constant[order]("customer_ip_address", ""),
	constant[order]("customer_user_agent", ""),
	{name: "created_via", value: func(_ *call, o order) any { return o.Via }},
	constant[order]("customer_note", ""),
	{name: "date_completed", value: func(c *call, o order) any { return c.localDate(o.Completed) }},
	{name: "date_paid", value: func(c *call, o order) any { return c.localDate(o.Paid) }},
	constant[order]("cart_hash", ""),
	{name: "number", value: func(_ *call, o order) any { return strconv.FormatInt(o.ID, 10) }},
	{name: "meta_data", value: func(_ *call, o order) any {
		return trashMeta("wc-"+string(statusOf[o.Stage]), o.TrashedAt.Unix(), o.Trashed)
	}},
	{name: "line_items", value: func(c *call, o order) any { return c.lines(o) }},
	constant[order]("tax_lines", []any{}), constant[order]("shipping_lines", []any{}),
	constant[order]("fee_lines", []any{}), constant[order]("coupon_lines", []any{}),
	{name: "refunds", value: func(c *call, o order) any { return c.refundsInOrder(o) }},
	{name: "payment_url", value: func(c *call, o order) any {
		return fmt.Sprintf("%s/checkout/order-pay/%d/?pay_for_order=true&key=%s", c.home, o.ID, o.Key)
	}},
	{name: "is_editable", value: func(_ *call, o order) any { return o.Stage == practice.Unpaid || o.Stage == practice.Waiting }},
	{name: "needs_payment", value: func(_ *call, o order) any {
		return (o.Stage == practice.Unpaid || o.Stage == practice.Failed) && o.Total() > 0
	}},
	{name: "needs_processing", value: func(c *call, o order) any { return c.needsProcessing(o) }},
	{name: "date_created_gmt", value: func(c *call, o order) any { return c.utcDate(o.Created) }},
	{name: "date_modified_gmt", value: func(c *call, o order) any { return c.utcDate(o.Modified) }},
	{name: "date_completed_gmt", value: func(c *call, o order) any { return c.utcDate(o.Completed) }},
	{name: "date_paid_gmt", value: func(c *call, o order) any { return c.utcDate(o.Paid) }},
	{name: "currency_symbol", value: func(c *call, _ order) any { return c.currencySymbol() }},
}

// order renders an order.
func (c *call) order(o *practice.Order) object {
	self := fmt.Sprintf("/orders/%d", o.ID)
	var more []member
	if c.face.version.since(emailLinks) {
		more = append(more, member{"email_templates", []object{{{"embeddable", true},
			{"href", c.home + apiRoot + "/wc/v3" + self + "/actions/email_templates"}}}})
	}
	return c.linked(render(c, orderView, o), self, "/orders", "", more...)
}

func (c *call) lines(o *practice.Order) []object {
	list := make([]object, 0, len(o.Lines))
	for i := range o.Lines {
		l := &o.Lines[i]
		list = append(list, c.line(l, l.ID, l.Quantity, l.Subtotal, l.Total, c.lineMeta(l)))
	}
	return list
}

// line renders a line of an order or of a refund, where quantity and amounts are negative.
func (c *call) line(l *practice.Line, id, quantity, subtotal, total int64, meta []object) object {
	it := c.s.Item(l.Item)
	var sku, barcode, parentName any
	var image any = 0
	variant := int64(0)
	product := l.Product
	switch {
	case it == nil: // unknown or deleted since: the line keeps its name only
		product = 0
	default:
		sku, barcode, image = c.plainSKU(it), it.Barcode, ""
		if it.Kind == practice.Variant {
			variant, parentName, image = it.ID, l.ParentName, 0
		}
	}
	o := object{{"id", id}, {"name", l.Name}, {"product_id", product}, {"variation_id", variant}, {"quantity", quantity},
		{"tax_class", ""}, {"subtotal", practice.Decimal(subtotal)}, {"subtotal_tax", "0.00"},
		{"total", practice.Decimal(total)}, {"total_tax", "0.00"}, {"taxes", []any{}}, {"meta_data", meta}, {"sku", sku}}
	if c.face.version.since(lineBarcode) {
		o = append(o, member{"global_unique_id", barcode})
	}
	return append(o, member{"price", price(total, quantity)}, member{"image", object{{"id", image}, {"src", ""}}},
		member{"parent_name", parentName})
}

func (c *call) plainSKU(it *practice.Item) string {
	if parent := c.s.Item(it.Parent); it.SKU == "" && parent != nil {
		return parent.SKU // unverified
	}
	return it.SKU
}

// price is the price of one unit as a number.
func price(total, quantity int64) any {
	if quantity == 0 {
		return 0
	}
	return float64(total) / 100 / float64(quantity)
}

// lineMeta is what a line notes about its options and about stock.
func (c *call) lineMeta(l *practice.Line) []object {
	list := []object{}
	add := func(key, value, shown string) {
		id := int64(0)
		if n := len(list); n < len(l.MetaIDs) {
			id = l.MetaIDs[n]
		}
		list = append(list, object{{"id", id}, {"key", key}, {"value", value}, {"display_key", shown}, {"display_value", value}})
	}
	for _, option := range l.Options {
		add(slug(option.Name), option.Value, option.Name)
	}
	if l.Holding {
		add("_reduced_stock", strconv.FormatInt(l.Held, 10), "_reduced_stock")
	}
	if l.PutBack != 0 && c.lie != practice.NoRestock {
		add("_restock_refunded_items", strconv.FormatInt(l.PutBack, 10), "_restock_refunded_items")
	}
	return list
}

func (c *call) refundsInOrder(o *practice.Order) []object {
	list := []object{}
	for _, r := range o.Refunds {
		refund := object{{"id", r.ID}, {"reason", r.Reason}, {"total", practice.Decimal(-r.Amount)}}
		if c.face.version.since(refundTax) {
			refund = append(refund, member{"total_tax", "0.00"})
		}
		list = append(list, refund)
	}
	return list
}

// needsProcessing is whether anything in the order has to be shipped.
func (c *call) needsProcessing(o *practice.Order) bool {
	return slices.ContainsFunc(o.Lines, func(l practice.Line) bool {
		it := c.s.Item(l.Item)
		return it != nil && !(it.Virtual && it.Downloadable)
	})
}

func address(values map[string]string, names []string) object {
	o := object{}
	for _, name := range names {
		o = append(o, member{name, values[name]})
	}
	return o
}

// currencySymbol is how prices are shown.
func (c *call) currencySymbol() string {
	switch c.face.world.Currency() {
	case "GBP":
		return "£"
	case "EUR":
		return "€"
	case "JPY":
		return "¥"
	}
	return "$"
}

// refundView renders a refund; the list over all orders names the order as parent_id (f14b-refunds-global).
func (c *call) refund(r *practice.Refund, withParent bool) object {
	o := object{}
	add := func(name string, value any) {
		if c.pick.has(name) {
			o = append(o, member{name, value})
		}
	}
	add("id", r.ID)
	if withParent {
		add("parent_id", r.Order)
	}
	add("date_created", c.localDate(r.Created))
	add("date_created_gmt", c.utcDate(r.Created))
	add("amount", practice.Decimal(r.Amount))
	add("reason", r.Reason)
	add("refunded_by", 1)
	add("refunded_payment", false)
	kind := "partial"
	if r.Full {
		kind = "full"
	}
	// unverified before 11.0.1
	add("meta_data", []object{{{"id", r.MetaID}, {"key", "_refund_type"}, {"value", kind}}})
	add("line_items", c.refundLines(r))
	for _, name := range []string{"shipping_lines", "tax_lines", "fee_lines"} {
		add(name, []any{})
	}
	if c.pick.has("_links") {
		all := fmt.Sprintf("/orders/%d/refunds", r.Order)
		o = append(o, member{"_links", c.linksOf([]string{"GET", "DELETE"}, fmt.Sprintf("%s/%d", all, r.ID), all,
			strings.TrimSuffix(all, "/refunds"))})
	}
	return o
}

func (c *call) refundLines(r *practice.Refund) []object {
	list := []object{}
	for i := range r.Lines {
		l := &r.Lines[i]
		of := strconv.FormatInt(l.Line, 10)
		meta := []object{{{"id", l.MetaID}, {"key", "_refunded_item_id"}, {"value", of},
			{"display_key", "_refunded_item_id"}, {"display_value", of}}}
		list = append(list, c.line(&l.Of, l.ID, -l.Quantity, -l.Amount, -l.Amount, meta))
	}
	return list
}
