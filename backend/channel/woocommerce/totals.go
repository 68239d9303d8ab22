package woocommerce

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// state is what an order's status means for stock.
type state uint8

const (
	booked    state = iota // units wait to be shipped
	fulfilled              // everything left was shipped
	cancelled
	refunded // by status; the refunds say what came back
	failed
	ignored // not an order yet, or by the user's choice
)

// What the user may map a custom status to.
const (
	mapBooked    = "booked"
	mapFulfilled = "fulfilled"
	mapIgnored   = "ignored"
)

// The metadata in which WooCommerce keeps what it did to its own stock for a line. Both are totals as of now.
const (
	metaHeld     = "_reduced_stock"          // units the line holds
	metaRestored = "_restock_refunded_items" // units that refunds put back
)

// stateOf says what an order's status means; note is a sentence for the user when that had to be guessed.
func (s *Store) stateOf(o order) (st state, note string) {
	status := strings.TrimPrefix(string(o.Status), "wc-") // a plugin's may come as the database has it
	switch mapped := s.statuses[status]; {
	case mapped == mapBooked:
		return booked, ""
	case mapped == mapFulfilled:
		return fulfilled, ""
	case mapped == mapIgnored:
		return ignored, ""
	}
	switch status {
	case "processing", "on-hold":
		return booked, ""
	case "completed":
		return fulfilled, ""
	case "cancelled":
		return cancelled, ""
	case "refunded":
		return refunded, ""
	case "failed":
		return failed, ""
	case "pending", "checkout-draft", "auto-draft":
		return ignored, ""
	}
	// A plugin's status that nobody mapped. An order that was completed stays shipped; one whose units the shop has taken
	// off its number waits for shipping.
	holds := slices.ContainsFunc(o.Lines, func(l line) bool { _, ok := metaNumber(l.Meta, metaHeld); return ok })
	switch {
	case !o.Completed.IsZero():
		return fulfilled, unmapped(status, "its units are counted as shipped")
	case holds:
		return booked, unmapped(status, "its units are kept as booked")
	}
	return ignored, unmapped(status, "it is left out")
}

func unmapped(status, taken string) string {
	return fmt.Sprintf("The order has the status %q, which the shop added itself; for now %s. Say in the store's settings what the status means.", status, taken)
}

// lineFacts is what WooCommerce states about one line.
type lineFacts struct {
	ordered  int64
	refunded int64 // units refunded in all
	early    int64 // of those, before the order was completed
	restored int64 // units that refunds put back on the shelf
	held     int64 // units the line holds from the shop's number
	shipped  int64 // by the optional feature Order Fulfillments
	over     bool  // more was refunded than ordered
	untold   bool  // refunded, and the shop does not count stock for it: whether it came back is nowhere
}

// factsOf gathers the facts about a line. Refund lines have negative quantities and name the line in their metadata.
func factsOf(l line, refunds []refund, completed time.Time, shipped int64) lineFacts {
	f := lineFacts{ordered: max(0, l.Quantity.n)}
	for _, r := range refunds {
		for _, back := range r.Lines {
			if of, _ := metaNumber(back.Meta, "_refunded_item_id"); of != l.ID {
				continue
			}
			units := max(back.Quantity.n, -back.Quantity.n)
			f.refunded += units
			if !completed.IsZero() && r.Created.Before(completed) {
				f.early += units
			}
		}
	}
	held, counted := metaNumber(l.Meta, metaHeld)
	f.held = max(0, held)
	f.restored, _ = metaNumber(l.Meta, metaRestored)
	f.over = f.refunded > f.ordered
	f.refunded = min(f.refunded, f.ordered)
	f.restored = min(max(0, f.restored), f.ordered)
	// Units came back though no refund is left: it was deleted again, and they stayed on the shelf.
	f.refunded = max(f.refunded, f.restored)
	f.early = min(f.early, f.refunded)
	f.shipped = min(max(0, shipped), f.ordered)
	f.untold = f.refunded > 0 && f.restored == 0 && !counted
	return f
}

// lineTotals are the totals the contract asks for.
type lineTotals struct{ released, writtenOff, fulfilled, returned int64 }

// total works the totals of a line out. It knows only what the shop states now, so the newest version of an order decides
// alone. unsaid is the number of units that are written off though no refund says so.
func (f lineFacts) total(st state, wasCompleted bool) (t lineTotals, unsaid int64) {
	switch {
	case st == ignored, st == failed && f.shipped == 0:
		// Nothing is open. Before 11.0 WooCommerce keeps the units of a failed order off its number: that is Held's affair.
		return lineTotals{released: f.ordered}, 0
	case st == fulfilled, wasCompleted && (st == cancelled || st == refunded):
		// What was refunded before shipping never left; the rest did, and stays out whatever the status says later.
		t = f.split(f.ordered - f.early)
		return t, 0
	}
	t = f.split(f.shipped)
	switch open := f.ordered - t.fulfilled - t.released - t.writtenOff; st {
	case cancelled, failed:
		t.released += open
	case refunded:
		// The status alone puts nothing back: what the line still holds is gone from the shelf, the rest was never taken.
		unsaid = min(open, max(0, f.held-t.writtenOff))
		t.writtenOff += unsaid
		t.released += open - unsaid
	}
	return t, unsaid
}

// split divides the refunded units among those that were shipped and those that were not, the latter first.
func (f lineFacts) split(shipped int64) lineTotals {
	t := lineTotals{fulfilled: shipped}
	unshipped := min(f.refunded, f.ordered-shipped)
	t.released = min(f.restored, unshipped)
	t.writtenOff = unshipped - t.released
	t.returned = min(f.restored-t.released, f.refunded-unshipped)
	return t
}
