// Package practicetest puts a practice shop behind the contract of the conformance suite.
package practicetest

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
)

// Shop is a practice world as a channeltest.Shop. Ref.Parent is set for variants only.
type Shop struct {
	World *practice.World
	// Name is the ref a face gives an item; nil names it by its id. A face's refs, of listings as of orders, end in the
	// world's id, behind a "/", ":" or "-" if anything stands before it.
	Name func(*practice.State, *practice.Item) channel.Ref
	// Find is the item behind a listing's ref; nil reads it as Name says.
	Find func(ref string) int64
	// Order is the ref a face gives an order; nil names it by its id.
	Order func(id int64) string
	// Unable says what the vendor's software cannot express, and why.
	Unable map[channeltest.Ability]string
	clock  *Clock

	mu    sync.Mutex
	lines map[string][]int64 // of each order as it was placed: a test names a line by its place even if others go
}

var (
	_ channeltest.Shop    = (*Shop)(nil)
	_ channeltest.Limited = (*Shop)(nil)
)

// Cannot implements channeltest.Limited.
func (s *Shop) Cannot(a channeltest.Ability) string { return s.Unable[a] }

// Over wraps a world whose Options.Now is clock.Now.
func Over(w *practice.World, clock *Clock) *Shop {
	return &Shop{World: w, clock: clock, lines: map[string][]int64{}}
}

// AddListing implements channeltest.Shop.
func (s *Shop) AddListing(g channeltest.Goods) (ref channel.Ref) {
	s.World.Do(func(st *practice.State) {
		it := practice.Item{Name: g.Title, SKU: g.SKU, Price: "10.00"}
		if g.Draft {
			it.Status = practice.Draft
		}
		if !g.Untracked {
			it.Counted, it.Quantity = true, &g.Quantity
		}
		if g.Variant != "" || g.Parent != "" {
			parent := s.parent(st, g)
			it.Kind, it.Parent = practice.Variant, parent.ID
			it.Name, it.Options = parent.Name, []practice.Option{{Name: "Choice", Value: g.Variant}}
		}
		ref = s.ref(st, st.Add(it))
	})
	return ref
}

// ref is what the face calls an item.
func (s *Shop) ref(st *practice.State, it *practice.Item) channel.Ref {
	if s.Name != nil {
		return s.Name(st, it)
	}
	ref := channel.Ref{Listing: format(it.ID)}
	if it.Kind == practice.Variant {
		ref.Parent = format(it.Parent)
	}
	return ref
}

// parent is the product a variant belongs to, made when it is the first of its title.
func (s *Shop) parent(st *practice.State, g channeltest.Goods) *practice.Item {
	if g.Parent != "" {
		return st.Item(parse(g.Parent))
	}
	for _, p := range st.Products() {
		if p.Kind == practice.Parent && p.Name == g.Title {
			return p
		}
	}
	return st.Add(practice.Item{Kind: practice.Parent, Name: g.Title,
		Attributes: []practice.Attribute{{Name: "Choice", Varies: true, Visible: true, Values: []string{}}}})
}

// Remove implements channeltest.Shop.
func (s *Shop) Remove(ref channel.Ref) {
	s.item(ref, func(st *practice.State, it *practice.Item) { st.Delete(it.ID) })
}

// SetSKU implements channeltest.Shop.
func (s *Shop) SetSKU(ref channel.Ref, sku string) {
	s.item(ref, func(st *practice.State, it *practice.Item) { st.SetSKU(it, sku) })
}

// SetStatus implements channeltest.Shop.
func (s *Shop) SetStatus(ref channel.Ref, status channel.ListingStatus) {
	known := map[channel.ListingStatus]practice.Status{channel.Active: practice.Published, channel.Draft: practice.Draft,
		channel.Archived: practice.Trashed}
	s.item(ref, func(st *practice.State, it *practice.Item) {
		it.Status = known[status]
		st.Touch(it)
	})
}

// SetQuantity implements channeltest.Shop.
func (s *Shop) SetQuantity(ref channel.Ref, quantity int64) {
	s.World.Count(s.find(ref.Listing), quantity)
}

// Quantity implements channeltest.Shop.
func (s *Shop) Quantity(ref channel.Ref) int64 { return s.World.Quantity(s.find(ref.Listing)) }

func (s *Shop) item(ref channel.Ref, fn func(*practice.State, *practice.Item)) {
	s.World.Do(func(st *practice.State) {
		it := st.Item(s.find(ref.Listing))
		if it == nil {
			panic("practicetest: there is no listing " + ref.Listing)
		}
		fn(st, it)
	})
}

// Sell implements channeltest.Shop.
func (s *Shop) Sell(units ...channeltest.Units) string {
	var sold []practice.Units
	for _, u := range units {
		sold = append(sold, practice.Units{Item: s.find(u.Ref.Listing), Quantity: u.Quantity})
	}
	id := s.World.Sell(sold...)
	order := format(id)
	if s.Order != nil {
		order = s.Order(id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines[order] = s.World.Lines(id)
	return order
}

func (s *Shop) line(order string, index int) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lines[order][index]
}

// Lines are the ids of an order's lines, as they are now.
func (s *Shop) Lines(order string) []int64 { return s.World.Lines(parse(order)) }

// Throttled counts the calls that the vendor's limits did not allow.
func (s *Shop) Throttled() int { return s.World.Throttled() }

// ClearFaults ends what was made to go wrong.
func (s *Shop) ClearFaults() { s.World.ClearFaults() }

// Await has an order wait for its payment. What was ordered stays off the shop's number.
func (s *Shop) Await(order string) {
	s.World.Do(func(st *practice.State) {
		o := st.Order(parse(order))
		st.SetStage(o, practice.Waiting)
		o.Paid = time.Time{}
	})
}

// Pay has the payment of an order arrive.
func (s *Shop) Pay(order string) {
	s.World.Do(func(st *practice.State) { st.SetStage(st.Order(parse(order)), practice.Open) })
}

// Fulfil implements channeltest.Shop.
func (s *Shop) Fulfil(order string) { s.World.Ship(parse(order)) }

// Cancel implements channeltest.Shop.
func (s *Shop) Cancel(order string) { s.World.Cancel(parse(order)) }

// Refund implements channeltest.Shop.
func (s *Shop) Refund(order string, line int, units int64, restock bool) {
	s.World.RefundUnits(parse(order), s.line(order, line), units, restock)
}

// EditLine implements channeltest.Shop.
func (s *Shop) EditLine(order string, line int, quantity int64) {
	s.World.EditLine(parse(order), s.line(order, line), quantity)
}

// Trash implements channeltest.Shop.
func (s *Shop) Trash(order string) {
	s.World.Do(func(st *practice.State) { st.TrashOrder(st.Order(parse(order))) })
}

// Hide implements channeltest.Shop.
func (s *Shop) Hide(order string, d time.Duration) {
	s.World.Do(func(st *practice.State) { st.Hide(st.Order(parse(order)), d) })
}

// Now implements channeltest.Shop.
func (s *Shop) Now() time.Time { return s.World.Now() }

// Advance implements channeltest.Shop. The clock is the test's own, so that a connector which is given it as well
// stays in step with the shop.
func (s *Shop) Advance(d time.Duration) { s.clock.Advance(d) }

// Fault implements channeltest.Shop.
func (s *Shop) Fault(f channeltest.Fault) {
	s.World.Fault(practice.Fault{Call: practice.Call(f.Call), Kind: practice.FaultKind(f.Kind), Times: f.Times, After: f.After})
}

// Before implements channeltest.Shop.
func (s *Shop) Before(call channeltest.Call, fn func()) { s.World.Before(practice.Call(call), fn) }

// After implements channeltest.Shop.
func (s *Shop) After(call channeltest.Call, fn func()) { s.World.After(practice.Call(call), fn) }

// Calls implements channeltest.Shop.
func (s *Shop) Calls(call channeltest.Call) int { return s.World.Calls(practice.Call(call)) }

// Written implements channeltest.Shop.
func (s *Shop) Written() int { return s.World.Written() }

func (s *Shop) find(ref string) int64 {
	if s.Find != nil {
		return s.Find(ref)
	}
	return parse(ref)
}

func format(id int64) string { return strconv.FormatInt(id, 10) }

// parse reads a ref; what stands before the last "/", ":" or "-" is a parent's or a vendor's own.
func parse(ref string) int64 {
	id, err := strconv.ParseInt(ref[strings.LastIndexAny(ref, "/:-")+1:], 10, 64)
	if err != nil {
		panic(fmt.Sprintf("practicetest: ref %q: %v", ref, err))
	}
	return id
}

// Parcels is a shop whose software knows parcels; it implements channeltest.Shipper as well.
type Parcels struct{ *Shop }

var _ channeltest.Shipper = Parcels{}

// Ship implements channeltest.Shipper.
func (p Parcels) Ship(order string, line int, units int64) {
	p.World.ShipUnits(parse(order), p.line(order, line), units)
}
