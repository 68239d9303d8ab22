package view

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"evenstock/backend/db"
)

// States of an order, in the words of the command line.
const (
	OrderOpen    = "open"    // nothing has left yet
	OrderPart    = "part"    // some units were fulfilled, customers wait for others
	OrderClosed  = "closed"  // nobody waits for anything
	OrderIgnored = "ignored" // the books take no notice of it
)

// Orders returns a window of the orders, newest first. Limit 0 means [MaxRows].
func (v *View) Orders(q OrderQuery) (OrderWindow, error) {
	out := OrderWindow{Orders: []Order{}}
	err := v.db.View(func(tx *db.Tx) error {
		shops, err := readShops(tx)
		if err != nil {
			return err
		}
		refs, err := matchingOrders(tx, q)
		if err != nil {
			return err
		}
		out.Total = len(refs)
		from, to := window(len(refs), q.Offset, q.Limit)
		for _, ref := range refs[from:to] {
			o, err := tx.Order(ref.Store, ref.Ref)
			if err != nil {
				return fmt.Errorf("order %s of store %d: %w", ref.Ref, ref.Store, err)
			}
			shown, err := shownOrder(tx, shops[ref.Store], o)
			if err != nil {
				return err
			}
			out.Orders = append(out.Orders, shown)
		}
		return nil
	})
	return out, err
}

// matchingOrders reads headers only where the query asks for what they say. Orders of removed stores are history and
// stay in the list.
func matchingOrders(tx *db.Tx, q OrderQuery) ([]db.OrderRef, error) {
	number := bareNumber(q.Number)
	var refs []db.OrderRef
	for ref := range tx.Placed() {
		if q.Store != 0 && ref.Store != q.Store {
			continue
		}
		if q.Open || number != "" {
			o, err := tx.Order(ref.Store, ref.Ref)
			if err != nil {
				return nil, fmt.Errorf("order %s of store %d: %w", ref.Ref, ref.Store, err)
			}
			if q.Open && (o.Open == 0 || o.Ignored) || number != "" && bareNumber(o.Number) != number {
				continue
			}
		}
		refs = append(refs, ref)
	}
	return refs, nil
}

// bareNumber is an order number as it is compared: people write #1001 and 1001.
func bareNumber(s string) string { return strings.TrimPrefix(strings.TrimSpace(s), "#") }

// Order returns the newest order of a store with a number.
func (v *View) Order(store uint32, number string) (Order, error) {
	w, err := v.Orders(OrderQuery{Store: store, Number: number, Limit: 1})
	if err != nil {
		return Order{}, err
	}
	if len(w.Orders) == 0 || bareNumber(number) == "" {
		return Order{}, notFound("There is no order with the number %q in this store.", number)
	}
	return w.Orders[0], nil
}

func shownOrder(tx *db.Tx, s shop, o db.Order) (Order, error) {
	out := Order{Store: s.Name, StoreID: o.Store, Ref: o.Ref, Number: o.Number, PlacedAt: orNull(o.Placed),
		UpdatedAt: orNull(o.Updated), StoreStatus: o.Status, Notice: o.Notice, Lines: []Line{}}
	if o.Review != "" {
		out.Notice = strings.TrimSpace(o.Review + " " + o.Notice)
	}
	var open, left int64
	for _, l := range tx.Lines(o.Store, o.Ref) {
		shown, err := shownLine(tx, l)
		if err != nil {
			return out, fmt.Errorf("line %s of order %s: %w", l.Ref, o.Ref, err)
		}
		out.Lines = append(out.Lines, shown)
		open += l.Now.Domain().Open()
		left += l.Now.Fulfilled
	}
	switch {
	case o.Ignored || o.Marketplace:
		out.State = OrderIgnored
	case open > 0 && left > 0:
		out.State = OrderPart
	case open > 0:
		out.State = OrderOpen
	default:
		out.State = OrderClosed
	}
	return out, nil
}

func shownLine(tx *db.Tx, l db.Line) (Line, error) {
	out := Line{ID: LineID(db.LineRef{Store: l.Store, Order: l.Order, Line: l.Ref}), Ref: l.Ref, Listing: l.Listing,
		SKU: l.SKU, Title: l.Title, Ordered: l.Now.Ordered, Fulfilled: l.Now.Fulfilled, Released: l.Now.Released,
		WrittenOff: l.Now.WrittenOff, Returned: l.Now.Returned, Baseline: l.Baseline}
	if l.Item == 0 {
		return out, nil
	}
	it, err := tx.Item(l.Item)
	if err != nil {
		return out, err
	}
	out.Product = &it.SKU
	out.Booked = l.Now.Domain().Open()
	return out, nil
}

// LineID names an order line in one word: store/order/line, with the shop's own refs percent-encoded.
func LineID(ref db.LineRef) string {
	return fmt.Sprintf("%d/%s/%s", ref.Store, url.PathEscape(ref.Order), url.PathEscape(ref.Line))
}

// errLineID says that a text is not what LineID makes.
var errLineID = errors.New("not the id of an order line")

// ParseLineID is the reverse of [LineID].
func ParseLineID(id string) (db.LineRef, error) {
	parts := strings.Split(id, "/")
	if len(parts) != 3 {
		return db.LineRef{}, errLineID
	}
	store, err := strconv.ParseUint(parts[0], 10, 32)
	if err != nil {
		return db.LineRef{}, errLineID
	}
	order, err := url.PathUnescape(parts[1])
	if err != nil || order == "" {
		return db.LineRef{}, errLineID
	}
	line, err := url.PathUnescape(parts[2])
	if err != nil || line == "" {
		return db.LineRef{}, errLineID
	}
	return db.LineRef{Store: uint32(store), Order: order, Line: line}, nil
}
