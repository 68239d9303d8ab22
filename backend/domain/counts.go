// Package domain is the arithmetic of stock: pure types and functions, no I/O and no clock. It imports nothing of ours.
package domain

// Counts are the five facts a channel states about one order line. They are totals, not events, so reading the same
// page twice changes nothing. All are units and never negative after [Counts.Normal].
type Counts struct{ Ordered, Fulfilled, Released, WrittenOff, Returned int64 }

// Delta is a change of a product's stock in units.
type Delta struct{ OnHand, Booked int64 }

// Plus is the sum of two deltas.
func (d Delta) Plus(e Delta) Delta { return Delta{d.OnHand + e.OnHand, d.Booked + e.Booked} }

// Minus is the difference of two deltas.
func (d Delta) Minus(e Delta) Delta { return Delta{d.OnHand - e.OnHand, d.Booked - e.Booked} }

// Zero reports whether d changes nothing.
func (d Delta) Zero() bool { return d == Delta{} }

// Open is the number of units customers still wait for.
func (c Counts) Open() int64 {
	return max(0, c.Ordered-c.Fulfilled-c.Released-c.WrittenOff)
}

// Effect is what a line with these counts has done to stock in total, the table of product.md O2 in one expression.
func (c Counts) Effect() Delta {
	return Delta{OnHand: -c.Fulfilled - c.WrittenOff + c.Returned, Booked: c.Open()}
}

// Normal returns c within its bounds: nothing negative, what left the order never more than was ordered, returns never
// more than was fulfilled. Shops have been seen to refund nine of one.
func (c Counts) Normal() Counts {
	c.Ordered = max(0, c.Ordered)
	c.Fulfilled = clamp(c.Fulfilled, c.Ordered)
	c.WrittenOff = clamp(c.WrittenOff, c.Ordered-c.Fulfilled)
	c.Released = clamp(c.Released, c.Ordered-c.Fulfilled-c.WrittenOff)
	c.Returned = clamp(c.Returned, c.Fulfilled)
	return c
}

// Closed is c with everything that is still open released: a line that vanished from its order, or an order that is gone.
func (c Counts) Closed() Counts {
	c.Released += c.Open()
	return c
}

func clamp(n, most int64) int64 { return min(max(0, n), max(0, most)) }

// Step is one kind of movement within a change of counts.
type Step struct {
	Kind  Kind
	Delta Delta
}

// Steps explains the change from one state of a line to another as movements, in the order booked, released, fulfilled,
// written off, returned. The deltas sum to to.Effect() minus from.Effect(), always; steps without effect are left out.
func Steps(from, to Counts) []Step {
	var steps []Step
	at := from
	walk := func(kind Kind, set func(*Counts)) {
		before := at.Effect()
		set(&at)
		if d := at.Effect().Minus(before); !d.Zero() {
			steps = append(steps, Step{kindOf(kind, d), d})
		}
	}
	walk(Booked, func(c *Counts) { c.Ordered = to.Ordered })
	walk(Released, func(c *Counts) { c.Released = to.Released })
	walk(Fulfilled, func(c *Counts) { c.Fulfilled = to.Fulfilled })
	walk(WrittenOff, func(c *Counts) { c.WrittenOff = to.WrittenOff })
	walk(Returned, func(c *Counts) { c.Returned = to.Returned })
	return steps
}

// kindOf names the reverse of a step: an order line edited downwards releases, a release taken back books again.
func kindOf(kind Kind, d Delta) Kind {
	switch {
	case kind == Booked && d.Booked < 0:
		return Released
	case kind == Released && d.Booked > 0:
		return Booked
	}
	return kind
}
