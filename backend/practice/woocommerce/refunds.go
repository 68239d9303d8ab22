package woocommerce

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"evenstock/backend/practice"
)

func refundArgs(c *call, v *invalid) { c.collection(v, orderOrders) }

var refundSorting = sorting[*practice.Refund]{
	id:       func(r *practice.Refund) int64 { return r.ID },
	created:  func(r *practice.Refund) time.Time { return r.Created },
	modified: func(r *practice.Refund) time.Time { return r.Created },
	title:    func(r *practice.Refund) string { return fmt.Sprint(r.ID) },
}

func listOrderRefunds(c *call) practice.Response {
	o := c.find(c.ids[0])
	if o == nil {
		return c.fail(errRefundOrder)
	}
	list := slices.Clone(o.Refunds)
	arrange(c, list, refundSorting)
	return page(c, list, func(r *practice.Refund) object { return c.refund(r, false) })
}

func listRefunds(c *call) practice.Response {
	modified, created := c.cut("modified_after", "modified_before"), c.cut("after", "before")
	include := c.query.ids("include")
	var list []*practice.Refund
	for _, r := range c.s.Refunds() {
		_, wanted := include[r.ID]
		if c.s.Shows(c.s.Order(r.Order)) && (include == nil || wanted) && modified.holds(r.Created) && created.holds(r.Created) {
			list = append(list, r)
		}
	}
	arrange(c, list, refundSorting)
	return page(c, list, func(r *practice.Refund) object { return c.refund(r, true) })
}

func (c *call) findRefund() (*practice.Order, *practice.Refund) {
	o := c.find(c.ids[0])
	if o == nil {
		return nil, nil
	}
	i := slices.IndexFunc(o.Refunds, func(r *practice.Refund) bool { return r.ID == c.ids[1] })
	if i < 0 {
		return o, nil
	}
	return o, o.Refunds[i]
}

func getRefund(c *call) practice.Response {
	_, r := c.findRefund()
	if r == nil {
		return c.fail(errRefund)
	}
	return c.ok(c.refund(r, false))
}

// deleteRefund takes a refund back; the stock it put back stays there (unverified).
func deleteRefund(c *call) practice.Response {
	o, r := c.findRefund()
	if r == nil {
		return c.fail(errRefund)
	}
	was := c.refund(r, false)
	c.s.DropRefund(o, r)
	return c.ok(was)
}

// createRefund refunds lines, or an amount alone. Units go back on the shelf unless api_restock is false, as many as
// the body says even where fewer were sold; api_refund defaults to true and wants a payment gateway, which there is
// none of here (f10 to f18).
func createRefund(c *call) practice.Response {
	o := c.find(c.ids[0])
	if o == nil {
		return c.fail(errRefundOrder)
	}
	r := practice.Refund{Reason: text(c.body["reason"])}
	var sum int64
	for _, entry := range objects(c.body["line_items"]) {
		l := practice.RefundLine{Line: integer(entry["id"]), Quantity: integer(entry["quantity"]), Amount: cents(entry["refund_total"])}
		sum += l.Amount
		r.Lines = append(r.Lines, l)
	}
	r.Amount = sum
	if v, ok := c.body["amount"]; ok {
		r.Amount = cents(v)
	}
	if r.Amount < 0 { // unverified
		return c.fail(&apiError{code: "woocommerce_rest_invalid_order_refund", status: http.StatusBadRequest,
			message: "Refund amount must be greater than zero."})
	}
	if r.Amount > o.Total()-o.RefundedTotal() {
		return c.fail(errRefusedRefund("Invalid refund amount."))
	}
	if v, ok := c.body["api_refund"]; !ok || truth(v) {
		return c.fail(errRefusedRefund("The payment gateway for this order does not exist."))
	}
	restock := true
	if v, ok := c.body["api_restock"]; ok {
		restock = truth(v)
	}
	made, err := c.s.Refund(o, r, restock)
	if err != nil {
		return c.fail(errRefusedRefund("Invalid refund amount."))
	}
	// The address in the Location header is the route's own pattern (f10-refund-one-default).
	location := fmt.Sprintf(`%s%s/wc/v3/orders/(?P<order_id>[\d]+)/refunds/%d`, c.home, apiRoot, made.ID)
	return c.created(location, c.refund(made, false))
}

// cents reads an amount that may be a number or text.
func cents(v any) int64 {
	f, err := strconv.ParseFloat(text(v), 64)
	if err != nil {
		return 0
	}
	return int64(math.Round(f * 100))
}
