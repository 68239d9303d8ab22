package shopify

import (
	"maps"
	"slices"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

// placed are units by the ref of a location, "" for one that Shopify does not name.
type placed map[string]int64

func (p placed) sum() (n int64) {
	for _, units := range p {
		n += units
	}
	return n
}

// upTo are n of the units, those at the first refs; what there is not is at "".
func (p placed) upTo(n int64) placed {
	out := placed{}
	for _, ref := range slices.Sorted(maps.Keys(p)) {
		if units := min(n, p[ref]); units > 0 {
			out[ref] = units
			n -= units
		}
	}
	if n > 0 {
		out[""] += n
	}
	return out
}

// state is what became of the units of a line.
type state struct {
	listed                          bool   // it stands in a fulfilment order we may see
	home                            string // the location of that order, "" where there are several or nobody tells
	open, sent, cancelled, returned placed
	kept, restored                  int64 // refunded as NO_RESTOCK and LEGACY_RESTOCK
}

// refund counts units by what the refund says of them (shopify.md, 2.3).
func (st *state) refund(u units) {
	switch {
	case u.Restock == "CANCEL":
		st.cancelled[u.Location.ref()] += u.Quantity
	case u.Restock == "RETURN":
		st.returned[u.Location.ref()] += u.Quantity
	case u.Restock == "NO_RESTOCK", u.Restock == "LEGACY_RESTOCK" && !u.Restocked:
		st.kept += u.Quantity
	default:
		st.restored += u.Quantity
	}
}

// listedAt notes a fulfilment order that the line stands in.
func (st *state) listedAt(ref string) {
	if st.listed && st.home != ref {
		ref = ""
	}
	st.listed, st.home = true, ref
}

// states adds up the parts of an order by line.
func (d detail) states() map[string]*state {
	out := map[string]*state{}
	of := func(u units) *state {
		st := out[u.Line.ID]
		if st == nil {
			st = &state{open: placed{}, sent: placed{}, cancelled: placed{}, returned: placed{}}
			out[u.Line.ID] = st
		}
		return st
	}
	for _, part := range d.Open.Nodes {
		for _, u := range part.Lines.Nodes {
			of(u).listedAt(part.At.Location.ref())
			if part.going() {
				of(u).open[part.At.Location.ref()] += max(0, u.Remaining)
			}
		}
	}
	for _, part := range d.Sent {
		for _, u := range part.Lines.Nodes {
			if part.Status == "SUCCESS" {
				of(u).sent[part.Location.ref()] += u.Quantity
			}
		}
	}
	for _, part := range d.Refunds {
		for _, u := range part.Lines.Nodes {
			of(u).refund(u)
		}
	}
	return out
}

// going says whether a fulfilment order has units that customers wait for (shopify.md, 2.3).
func (p fulfillmentOrder) going() bool { return p.Status != "CLOSED" && p.Status != "CANCELLED" }

// from is the one location that an order is sent from, or was, "" where Shopify names none. There may be several.
func (o *order) from() (ref string, several bool) {
	var refs []string
	if o.Fulfillment == "FULFILLED" {
		several = len(o.Sent) >= sentOfPage
		for _, p := range o.Sent {
			if p.Status == "SUCCESS" {
				refs = append(refs, p.Location.ref())
			}
		}
	} else {
		several = o.Parts.Info.More
		for _, p := range o.Parts.Nodes {
			if p.going() {
				refs = append(refs, p.At.Location.ref())
			}
		}
	}
	for _, r := range refs {
		several = several || r != refs[0]
		ref = r
	}
	return ref, several
}

// complex says whether it takes a second call to know what became of the units (shopify.md, 2.3): an order that is as it
// was placed, or shipped as a whole, from one location, says everything itself.
func (o *order) complex() bool {
	if o.Fulfillment != "UNFULFILLED" && o.Fulfillment != "FULFILLED" || o.Cancelled != nil || o.Edited || o.Return != "NO_RETURN" ||
		strings.HasSuffix(o.Financial, "REFUNDED") {
		return true
	}
	if _, several := o.from(); several {
		return true
	}
	for _, l := range o.Lines.Nodes {
		if l.Current != l.Quantity || l.Unfulfilled < 0 || o.Fulfillment == "FULFILLED" && l.Unfulfilled != 0 {
			return true
		}
	}
	return false
}

// simple is the state of a line of an order that is not complex.
func (o *order) simple(l *lineItem) *state {
	ref, _ := o.from()
	if o.Fulfillment == "FULFILLED" {
		return &state{sent: placed{ref: l.Quantity}}
	}
	return &state{open: placed{ref: l.Current}, home: ref}
}

// unlisted keeps the units of a line booked that stands in no fulfilment order we may see: without all scopes Shopify shows
// some of them only (shopify.md, 2.3).
func (o *order) unlisted(l *lineItem, st *state) *state {
	if st == nil {
		st = &state{}
	}
	if !st.listed && o.Cancelled == nil {
		st.open = placed{"": max(0, min(l.Unfulfilled, l.Current))}
	}
	return st
}

// untold counts the units of a line that nothing we were told accounts for as sent: those are off the shelf, whatever a
// refund we do not see said of them, so none is sold twice.
func (l *lineItem) untold(st *state) {
	if more := l.Quantity - st.open.sum() - st.cancelled.sum() - st.sent.sum(); more > 0 {
		if st.sent == nil {
			st.sent = placed{}
		}
		st.sent[""] += more
	}
}

// line translates a line. What is neither open nor sent has left the order: what a refund does not say was written off goes
// back for sale. unfulfilledQuantity is not used: it is below 0 after a return and hides units that are still open
// (shopify.md, 2.3).
func (l *lineItem) line(st *state) channel.Line {
	out := channel.Line{Ref: number(l.ID), SKU: strings.TrimSpace(l.SKU), Title: httpx.Plain(l.Title), Ordered: l.Quantity}
	sent := st.sent.sum()
	left := max(0, l.Quantity-st.open.sum()-sent)
	released := min(left, st.cancelled.sum())
	out.WrittenOff = min(left-released, st.kept)
	out.Released = left - out.WrittenOff
	back := min(sent, st.returned.sum()+max(0, st.restored-(out.Released-released)))
	if sent > 0 {
		out.Fulfilled = st.sent
	}
	if back > 0 {
		out.Returned = st.returned.upTo(back)
	}
	if l.Variant != nil {
		out.ListingRef = refOf(l.Variant)
		out.HeldAt = map[string]int64{}
		if l.Variant.Item.Tracked {
			out.Held = l.Quantity - out.Released - back
			out.HeldAt = st.heldAt(out)
		}
	}
	return out
}

// heldAt is off whose numbers Shopify has the units of a line: those of the location they wait at or left; units that
// came back went to where the refund says. It is nil where Shopify does not name every location.
func (st *state) heldAt(l channel.Line) map[string]int64 {
	at := placed{}
	for ref, n := range st.open {
		at[ref] += n
	}
	for ref, n := range l.Fulfilled {
		at[ref] += n
	}
	for ref, n := range l.Returned {
		at[ref] -= n
	}
	at[st.home] += l.WrittenOff
	for ref, n := range st.cancelled {
		if ref != "" {
			at[ref] -= n
			at[st.home] += n
		}
	}
	if at[""] != 0 || at.sum() != l.Held {
		return nil
	}
	maps.DeleteFunc(at, func(_ string, n int64) bool { return n == 0 })
	return at
}
