package practicetest

import (
	"context"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
)

// Places is a shop whose software knows parcels, and locations with numbers of their own; it implements channeltest.Located.
// A location's ref is its id.
type Places struct{ Parcels }

var _ channeltest.Located = Places{}

// Locations implements channel.Locator.
func (p Places) Locations(context.Context) (out []channel.Location, _ error) {
	p.World.Do(func(st *practice.State) {
		for _, l := range st.Locations() {
			out = append(out, channel.Location{Ref: format(l.ID), Name: l.Name, Active: !l.Closed, Fulfils: l.Fulfils})
		}
	})
	return out, nil
}

// SetQuantity implements channeltest.Shop.
func (p Places) SetQuantity(ref channel.Ref, quantity int64) {
	p.World.CountAt(p.find(ref.Listing), location(ref.Location), quantity)
}

// Quantity implements channeltest.Shop.
func (p Places) Quantity(ref channel.Ref) int64 {
	return p.World.QuantityAt(p.find(ref.Listing), location(ref.Location))
}

// ShipFrom implements channeltest.Located.
func (p Places) ShipFrom(order string, line int, units int64, at string) {
	p.World.ShipFrom(parse(order), p.line(order, line), units, location(at))
}

// ReturnTo implements channeltest.Located.
func (p Places) ReturnTo(order string, line int, units int64, at string) {
	p.World.ReturnTo(parse(order), p.line(order, line), units, location(at))
}

// SellPickup is Sell of an order that the customer fetches at a location.
func (p Places) SellPickup(at string, units ...channeltest.Units) (order string) {
	order = p.Sell()
	p.World.Do(func(st *practice.State) {
		o := st.Order(parse(order))
		o.Pickup = location(at)
		for _, u := range units {
			st.AddLine(o, st.LineFor(st.Item(p.find(u.Ref.Listing)), u.Quantity))
		}
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines[order] = p.World.Lines(parse(order))
	return order
}

// location is the id behind a ref, 0 for none.
func location(ref string) int64 {
	if ref == "" {
		return 0
	}
	return parse(ref)
}
