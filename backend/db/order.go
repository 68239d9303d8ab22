package db

import "iter"

// Order returns the header of an order.
func (tx *Tx) Order(store uint32, ref string) (Order, error) {
	o, err := get[Order](tx, key(tagOrder, store, ref))
	o.Store = store
	return o, err
}

// PutOrder writes a header and its place in the list by date. Placed must not change.
func (tx *Tx) PutOrder(o Order) error {
	tx.touched.Orders = true
	if err := tx.set(key(tagPlaced, newest(o.Placed), o.Store, o.Ref), nil); err != nil {
		return err
	}
	return tx.put(key(tagOrder, o.Store, o.Ref), o)
}

// DeletePlaced removes an order's place in the list by date, when the shop states another date.
func (tx *Tx) DeletePlaced(o Order) error {
	return tx.del(key(tagPlaced, newest(o.Placed), o.Store, o.Ref))
}

// OrderRef names an order.
type OrderRef struct {
	Store uint32
	Ref   string
}

// Placed yields orders by the time they were placed, newest first.
func (tx *Tx) Placed() iter.Seq[OrderRef] {
	return func(yield func(OrderRef) bool) {
		for k := range tx.scan(key(tagPlaced), nil, false) {
			if !yield(OrderRef{u32(k[9:]), string(k[13:])}) {
				return
			}
		}
	}
}

// Orders yields the orders of a store by ref.
func (tx *Tx) Orders(store uint32) iter.Seq[Order] {
	return func(yield func(Order) bool) {
		for _, o := range each[Order](tx, key(tagOrder, store), nil) {
			o.Store = store
			if !yield(o) {
				return
			}
		}
	}
}

// Lines returns the lines of an order by ref.
func (tx *Tx) Lines(store uint32, order string) []Line {
	var out []Line
	prefix := key(tagLine, store, closed(order))
	for _, l := range each[Line](tx, prefix, nil) {
		l.Store, l.Order = store, order
		out = append(out, l)
	}
	return out
}

// LinesOf yields all order lines of a store.
func (tx *Tx) LinesOf(store uint32) iter.Seq[Line] {
	return func(yield func(Line) bool) {
		for k, l := range each[Line](tx, key(tagLine, store), nil) {
			ref := lineRef(k[1:])
			l.Store, l.Order = ref.Store, ref.Order
			if !yield(l) {
				return
			}
		}
	}
}

// LineRef names an order line.
type LineRef struct {
	Store       uint32
	Order, Line string
}

// Line returns one order line.
func (tx *Tx) Line(ref LineRef) (Line, error) {
	l, err := get[Line](tx, key(tagLine, ref.Store, closed(ref.Order), ref.Line))
	l.Store, l.Order = ref.Store, ref.Order
	return l, err
}

// PutLine writes a line with its indexes: unmatched while it has no product, booked while it holds open units.
func (tx *Tx) PutLine(l Line) error {
	tx.touched.Orders = true
	if err := tx.index(l.Item == 0, key(tagUnmatched, closed(l.SKU), l.Store, closed(l.Order), l.Ref)); err != nil {
		return err
	}
	if l.Item != 0 {
		open := l.Now.Domain().Open() > 0
		if err := tx.index(open, key(tagBooked, l.Item, l.Store, closed(l.Order), l.Ref)); err != nil {
			return err
		}
	}
	return tx.put(key(tagLine, l.Store, closed(l.Order), l.Ref), l)
}

// DropUnmatched removes a line from the unmatched ones under a SKU it no longer has.
func (tx *Tx) DropUnmatched(l Line) error {
	return tx.del(key(tagUnmatched, closed(l.SKU), l.Store, closed(l.Order), l.Ref))
}

// index makes an empty key be there or not, without a write where nothing changes.
func (tx *Tx) index(want bool, k []byte) error {
	have, err := tx.has(k)
	if err != nil || have == want {
		return err
	}
	if want {
		return tx.set(k, nil)
	}
	return tx.del(k)
}

// Unmatched yields the lines without a product, by SKU. With a SKU only those.
func (tx *Tx) Unmatched(sku string) iter.Seq[LineRef] {
	prefix := key(tagUnmatched)
	if sku != "" {
		prefix = key(tagUnmatched, closed(sku))
	}
	return func(yield func(LineRef) bool) {
		for k := range tx.scan(prefix, nil, false) {
			rest := k[1:]
			rest = rest[indexZero(rest)+1:]
			if !yield(lineRef(rest)) {
				return
			}
		}
	}
}

// BookedLines returns the lines that hold open units of a product.
func (tx *Tx) BookedLines(item uint64) []LineRef {
	var out []LineRef
	for k := range tx.scan(key(tagBooked, item), nil, false) {
		out = append(out, lineRef(k[9:]))
	}
	return out
}

// BookedOrders returns the orders of a store that hold open units of any product.
func (tx *Tx) BookedOrders(store uint32) []string {
	var out []string
	seen := map[string]bool{}
	for k := range tx.scan(key(tagBooked), nil, false) {
		ref := lineRef(k[9:])
		if ref.Store == store && !seen[ref.Order] {
			seen[ref.Order] = true
			out = append(out, ref.Order)
		}
	}
	return out
}

func lineRef(b []byte) LineRef {
	order := b[4:]
	i := indexZero(order)
	return LineRef{u32(b), string(order[:i]), string(order[i+1:])}
}

func indexZero(b []byte) int {
	for i, c := range b {
		if c == 0 {
			return i
		}
	}
	return len(b) - 1
}
