package shopify

import (
	"cmp"

	"evenstock/backend/practice"
)

// createRefund refunds units of an order, and says of each line what becomes of them.
func (v *visit) createRefund(a args) any {
	in := a.within("input")
	return v.once(in, payloadOf("RefundCreatePayload", object{"refund": nil, "order": nil},
		mistake("UserError", "", "The idempotency key was used with other input.", "input")), func() object { return v.refundUnits(in) })
}

func (v *visit) refundUnits(in args) object {
	const kind = "RefundCreatePayload"
	wrong := func(text string, path ...string) object {
		return payloadOf(kind, object{"refund": nil, "order": nil}, mistake("UserError", "", text, append([]string{"input"}, path...)...))
	}
	o := v.known(in, "orderId")
	if o == nil {
		return wrong("Order does not exist", "orderId")
	}
	var lines []practice.RefundLine
	for _, r := range in.each("refundLineItems") {
		l := o.Line(r.numbered("lineItemId", "LineItem"))
		how, n := cmp.Or(r.text("restockType"), "NO_RESTOCK"), r.number("quantity")
		at := v.place(r.numbered("locationId", "Location"))
		switch {
		case l == nil || n < 1 || n > l.Quantity-o.RefundedUnits(l.ID):
			return wrong("Quantity cannot refund more items than were purchased", "refundLineItems")
		case how == "LEGACY_RESTOCK" || how != "NO_RESTOCK" && at == nil:
			return wrong("Restock type or location is invalid", "refundLineItems")
		case how == "CANCEL" && n > left(o, l), how == "RETURN" && n > o.SentUnits(l)-(o.RefundedUnits(l.ID)-unsent(o, l)):
			return wrong("Quantity is more than can be restocked this way", "refundLineItems")
		}
		line := practice.RefundLine{Line: l.ID, Quantity: n, Restock: how != "NO_RESTOCK"}
		if how == "RETURN" {
			line.At = at.ID
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return wrong("The practice shop refunds units only", "refundLineItems")
	}
	r := v.s.RefundLines(o, lines)
	return payloadOf(kind, object{"refund": withID(v.refunds(o), gid("Refund", r.ID)), "order": v.order(o)})
}

// cancelOrder cancels what has not been sent. Without restock those units do not come back.
func (v *visit) cancelOrder(a args) any {
	const kind = "OrderCancelPayload"
	wrong := func(code, text string) object {
		return payloadOf(kind, object{"job": nil, "orderCancelUserErrors": []object{mistake("OrderCancelUserError", code, text, "orderId")}},
			mistake("UserError", "", text, "orderId"))
	}
	o := v.known(a, "orderId")
	switch {
	case o == nil:
		return wrong("NOT_FOUND", "Order does not exist")
	case o.Stage == practice.Cancelled || fulfilment(o) == "FULFILLED":
		return wrong("INVALID", "The order cannot be cancelled")
	}
	if a["restock"] != true {
		var lost []practice.RefundLine
		for i := range o.Lines {
			if n := left(o, &o.Lines[i]); n > 0 {
				lost = append(lost, practice.RefundLine{Line: o.Lines[i].ID, Quantity: n})
			}
		}
		if len(lost) > 0 {
			v.s.RefundLines(o, lost)
		}
	}
	v.s.SetStage(o, practice.Cancelled)
	return payloadOf(kind, object{"job": object{"__typename": "Job", "id": gid("Job", v.s.NewMetaID()), "done": true}, "orderCancelUserErrors": []object{}})
}
