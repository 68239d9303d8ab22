package shopify

import (
	"slices"

	"evenstock/backend/practice"
)

// edit is a change of an order that was begun and is not yet committed.
type edit struct {
	order int64
	lines []change
}

// change is the new quantity of a line, or a line that is added.
type change struct {
	line, item int64 // one of them
	quantity   int64
	restock    bool
}

// beginEdit begins an edit of an order.
func (v *visit) beginEdit(a args) any {
	const kind = "OrderEditBeginPayload"
	o := v.known(a, "id")
	if o == nil || o.Stage == practice.Cancelled {
		return payloadOf(kind, object{"calculatedOrder": nil, "orderEditSession": nil}, mistake("UserError", "", "The order cannot be edited.", "id"))
	}
	v.face.edits = append(v.face.edits, edit{order: o.ID})
	id := int64(len(v.face.edits))
	return payloadOf(kind, object{"calculatedOrder": v.calculated(id), "orderEditSession": object{"__typename": "OrderEditSession", "id": gid("OrderEditSession", id)}})
}

// editing is the edit that an argument names by its order or its session, nil if there is none or it is over.
func (v *visit) editing(a args) (id int64, e *edit) {
	if id = max(a.numbered("id", "CalculatedOrder"), a.numbered("id", "OrderEditSession")); id < 1 || id > int64(len(v.face.edits)) {
		return 0, nil
	}
	if e = &v.face.edits[id-1]; v.s.Order(e.order) == nil {
		return 0, nil
	}
	return id, e
}

// setEdited changes the quantity of a line.
func (v *visit) setEdited(a args) any {
	const kind = "OrderEditSetQuantityPayload"
	wrong := func(text, path string) object {
		return payloadOf(kind, object{"calculatedOrder": nil, "calculatedLineItem": nil, "orderEditSession": nil}, mistake("UserError", "", text, path))
	}
	id, e := v.editing(a)
	if e == nil {
		return wrong("The edit does not exist.", "id")
	}
	o := v.s.Order(e.order)
	l, n := o.Line(a.numbered("lineItemId", "CalculatedLineItem")), a.number("quantity")
	if l == nil || n < 0 || n < l.Quantity-left(o, l) {
		return wrong("The quantity cannot be less than what was fulfilled or refunded.", "quantity")
	}
	e.lines = slices.DeleteFunc(e.lines, func(x change) bool { return x.line == l.ID })
	e.lines = append(e.lines, change{line: l.ID, quantity: n, restock: a["restock"] == true})
	return payloadOf(kind, object{"calculatedOrder": v.calculated(id), "calculatedLineItem": v.calculatedLine(e, l),
		"orderEditSession": object{"__typename": "OrderEditSession", "id": gid("OrderEditSession", id)}})
}

// addEdited adds a line.
func (v *visit) addEdited(a args) any {
	const kind = "OrderEditAddVariantPayload"
	wrong := func(text, path string) object {
		return payloadOf(kind, object{"calculatedOrder": nil, "calculatedLineItem": nil, "orderEditSession": nil}, mistake("UserError", "", text, path))
	}
	id, e := v.editing(a)
	it := v.sold(a.numbered("variantId", "ProductVariant") - variantOffset)
	switch {
	case e == nil:
		return wrong("The edit does not exist.", "id")
	case it == nil || a.number("quantity") < 1:
		return wrong("The variant does not exist or the quantity is not positive.", "variantId")
	}
	e.lines = append(e.lines, change{item: it.ID, quantity: a.number("quantity")})
	line := v.s.LineFor(it, a.number("quantity"))
	line.ID = v.s.NewMetaID()
	return payloadOf(kind, object{"calculatedOrder": v.calculated(id), "calculatedLineItem": v.calculatedLine(e, &line),
		"orderEditSession": object{"__typename": "OrderEditSession", "id": gid("OrderEditSession", id)}})
}

// commitEdit carries an edit out: units that are taken out of the order come back only where that was asked for.
func (v *visit) commitEdit(a args) any {
	const kind = "OrderEditCommitPayload"
	_, e := v.editing(a)
	if e == nil {
		return payloadOf(kind, object{"order": nil, "successMessages": []string{}}, mistake("UserError", "", "The edit does not exist.", "id"))
	}
	o := v.s.Order(e.order)
	for _, x := range e.lines {
		l := o.Line(x.line)
		switch {
		case l == nil:
			v.s.AddLine(o, v.s.LineFor(v.s.Item(x.item), x.quantity))
		case x.quantity < l.Quantity && !x.restock:
			v.s.RefundLines(o, []practice.RefundLine{{Line: l.ID, Quantity: l.Quantity - x.quantity}})
		case x.quantity != l.Quantity:
			v.s.EditLine(o, l.ID, x.quantity)
		}
	}
	e.order = 0 // it is over
	return payloadOf(kind, object{"order": v.order(o), "successMessages": []string{"Order updated"}})
}

// calculated is an order as an edit would leave it.
func (v *visit) calculated(id int64) object {
	e := &v.face.edits[id-1]
	o := v.s.Order(e.order)
	var lines []object
	for i := range o.Lines {
		lines = append(lines, v.calculatedLine(e, &o.Lines[i]))
	}
	return object{"__typename": "CalculatedOrder", "id": gid("CalculatedOrder", id), "originalOrder": v.order(o),
		"lineItems": field(func(a args) any { return v.connection(lines, a) })}
}

func (v *visit) calculatedLine(e *edit, l *practice.Line) object {
	quantity := l.Quantity
	for _, x := range e.lines {
		if x.line == l.ID {
			quantity = x.quantity
		}
	}
	out := object{"__typename": "CalculatedLineItem", "id": gid("CalculatedLineItem", l.ID), "title": l.Name, "quantity": quantity,
		"editableQuantity": quantity, "editableQuantityBeforeChanges": l.Quantity, "restockable": true, "restocking": false, "sku": nil, "variant": nil}
	if it := v.sold(l.Item); it != nil {
		out["sku"], out["variant"] = it.SKU, v.variant(it)
	}
	return out
}
