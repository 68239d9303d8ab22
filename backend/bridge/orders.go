package bridge

import "evenstock/backend/view"

// Orders is the list of orders with what they did to stock.
type Orders struct{ b *Bridge }

// Rows returns a window of the orders, newest first.
func (o *Orders) Rows(q view.OrderQuery) (view.OrderWindow, error) {
	return call(o.b, "Orders.Rows", func(d *Deps) (view.OrderWindow, error) { return d.View.Orders(q) })
}

// Link books an order line without a product on the product with the SKU; line is the ID of a [view.Line].
func (o *Orders) Link(line, sku string) error {
	return do(o.b, "Orders.Link", func(d *Deps) error {
		ref, err := view.ParseLineID(line)
		if err != nil {
			return invalid("That is not the id of an order line.")
		}
		return d.Engine.LinkLine(d.Context, ref, sku)
	})
}
