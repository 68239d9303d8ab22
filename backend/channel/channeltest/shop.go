// Package channeltest is the conformance suite every connector passes, and the vendor's side it needs for that.
package channeltest

import (
	"time"

	"evenstock/backend/channel"
)

// Shop is a shop under the test's control, behind a [channel.Store] that reads and writes it: what a customer, the
// merchant and the network do. The practice world, the memory store and a live shop implement it. Methods that cannot
// be carried out panic, so that a scenario never goes on in a state it does not expect.
type Shop interface {
	// AddListing puts goods on sale and returns the listing's ref.
	AddListing(Goods) channel.Ref
	// Remove deletes a listing for good.
	Remove(ref channel.Ref)
	// SetSKU changes the SKU of a listing by hand.
	SetSKU(ref channel.Ref, sku string)
	// SetStatus publishes a listing or takes it off sale.
	SetStatus(ref channel.Ref, status channel.ListingStatus)
	// SetQuantity edits the shop's number by hand.
	SetQuantity(ref channel.Ref, quantity int64)
	// Quantity is the shop's number now.
	Quantity(ref channel.Ref) int64

	// Sell places a paid order; the shop lowers its own number at once. It returns the order's ref.
	Sell(units ...Units) string
	// Fulfil ships everything that is open in the order.
	Fulfil(order string)
	// Cancel cancels the order; the shop gives back what it still holds.
	Cancel(order string)
	// Refund refunds units of the line at index, with or without putting them back on the shelf.
	Refund(order string, line int, units int64, restock bool)
	// EditLine changes the quantity of an open line; 0 removes it.
	EditLine(order string, line int, quantity int64)
	// Trash puts the order where lists no longer show it; the shop gives nothing back.
	Trash(order string)
	// Hide keeps the order out of every answer until the shop's clock has gone on by d; the number is lowered already.
	Hide(order string, d time.Duration)

	// Now is the shop's own time, Advance lets it go on.
	Now() time.Time
	Advance(d time.Duration)

	// Fault makes the next calls of a class fail.
	Fault(Fault)
	// Before runs fn once, before the next call of the class takes effect; it is where a scenario lets a customer buy
	// between a read and a write. fn may call the methods of Shop.
	Before(call Call, fn func())
	// After runs fn once, after the next call of the class has taken effect and before it is answered.
	After(call Call, fn func())
	// Calls counts the calls of a class so far, Written the listings whose number was written by the API.
	Calls(call Call) int
	Written() int
}

// Located is a Shop with a number per location for every listing. Where a Ref names no location, and in Fulfil, Refund
// and the other methods that name none, the location that serves the customer is meant, or the first.
type Located interface {
	Shop
	channel.Locator
	// ShipFrom ships open units of the line at index from a location, whichever had put them aside.
	ShipFrom(order string, line int, units int64, location string)
	// ReturnTo refunds shipped units of the line at index and puts them on the shelf of a location.
	ReturnTo(order string, line int, units int64, location string)
}

// Goods is what a shop sells.
type Goods struct {
	SKU, Title string
	Variant    string // not empty: a variant of the product called Title
	Parent     string // Ref.Parent of an earlier listing whose sibling this is
	Quantity   int64
	Untracked  bool
	Draft      bool
}

// Units is a number of units of one listing.
type Units struct {
	Ref      channel.Ref
	Quantity int64
}

// Call is a class of calls to the shop's API.
type Call string

const (
	AnyCall      Call = "any"
	ReadStock    Call = "read stock"
	ListOrders   Call = "list orders"
	GetOrders    Call = "get orders"
	ListListings Call = "list listings"
	PushStock    Call = "push stock"
)

// FaultKind is one way a call goes wrong.
type FaultKind string

const (
	ServerError   FaultKind = "500"             // answered 500, without effect
	TooMany       FaultKind = "429"             // answered 429 with Retry-After
	Unauthorized  FaultKind = "401"             // answered 401 to every key, without effect: the key was revoked
	TimeoutBefore FaultKind = "timeout_before"  // no answer, without effect
	TimeoutAfter  FaultKind = "timeout_after"   // took effect, no answer
	Truncate      FaultKind = "truncate"        // half a body
	HTML          FaultKind = "html"            // 200 with a page of HTML
	Slow          FaultKind = "slow"            // answered late
	StaleRead     FaultKind = "stale"           // answers what the shop held before the last change (a planted lie)
	IgnoreWrite   FaultKind = "ignore_write"    // answers as if written, writes nothing (a planted lie)
	SkipItem      FaultKind = "skip_item"       // leaves one item out of a page (a planted lie)
	NoRestock     FaultKind = "no_restock_meta" // leaves out what was put back by refunds (a planted lie)
)

// Fault hits the next Times calls of a class.
type Fault struct {
	Call  Call
	Kind  FaultKind
	Times int
	After time.Duration // Retry-After of TooMany (60 s if zero), delay of Slow
}
