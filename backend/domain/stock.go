package domain

// Stock is what the books say about one product in one warehouse, in units.
type Stock struct {
	OnHand, Booked int64
	Counted        bool // false: never counted. Unset is not zero: nothing is pushed and OnHand means nothing
}

// Available is In stock minus Booked, and false while the product is unset. It may be negative: oversold.
func (s Stock) Available() (int64, bool) { return s.OnHand - s.Booked, s.Counted }

// Oversold is the number of units promised to customers that are not there, 0 while the product is unset.
func (s Stock) Oversold() int64 {
	if a, ok := s.Available(); ok && a < 0 {
		return -a
	}
	return 0
}

// Apply returns s after a movement of d. While s is unset only the booking counts: fulfilments and restocks leave
// In stock alone, because nobody has said what it is (product.md Q5).
func (s Stock) Apply(d Delta) Stock {
	s.Booked += d.Booked
	if s.Counted {
		s.OnHand += d.OnHand
	}
	return s
}

// Plus is what two warehouses have together. What was never counted adds no known units, but its bookings are promised.
func (s Stock) Plus(t Stock) Stock {
	sum := Stock{Booked: s.Booked + t.Booked, Counted: s.Counted || t.Counted}
	for _, at := range []Stock{s, t} {
		if at.Counted {
			sum.OnHand += at.OnHand
		}
	}
	return sum
}

// Rule is what the user decided for a store or one listing. The zero Rule changes nothing.
type Rule struct {
	Buffer    int64 // units held back, never negative
	Percent   int64 // share of Available offered, 1–100; 0 means 100
	Maximum   int64 // most units offered, 0 for no limit
	DoNotPush bool
}

// Over returns the rule of a listing laid over the rule of its store: what the listing leaves open, the store decides.
func (r Rule) Over(store Rule) Rule {
	if r.Buffer == 0 {
		r.Buffer = store.Buffer
	}
	if r.Percent == 0 {
		r.Percent = store.Percent
	}
	if r.Maximum == 0 {
		r.Maximum = store.Maximum
	}
	r.DoNotPush = r.DoNotPush || store.DoNotPush
	return r
}

// Target is the number a listing is brought to:
// max(0, min(limit, maximum, floor(available × percent) − buffer)), see product.md Q8.
// limit is the channel's largest quantity, 0 for none. The result is never negative.
func Target(available int64, r Rule, limit int64) int64 {
	n := max(0, available)
	if r.Percent > 0 && r.Percent < 100 {
		n = n/100*r.Percent + n%100*r.Percent/100
	}
	n -= r.Buffer
	if r.Maximum > 0 {
		n = min(n, r.Maximum)
	}
	if limit > 0 {
		n = min(n, limit)
	}
	return max(0, n)
}

// Kind names a movement. The words are shown to users and stored: they never change their meaning.
type Kind string

const (
	Counted    Kind = "count"       // the number was set: a count, or the first one
	Adjusted   Kind = "adjustment"  // units added or subtracted by a person
	Imported   Kind = "import"      //
	Received   Kind = "receipt"     //
	Moved      Kind = "transfer"    //
	Copied     Kind = "copy"        // the one-time copy at turn-on
	OnTop      Kind = "on_top"      // open units of a store that were not part of the counted stock
	Booked     Kind = "booked"      // a customer ordered
	Released   Kind = "released"    // cancelled, or refunded and restocked before shipping
	Fulfilled  Kind = "fulfilled"   // shipped
	WrittenOff Kind = "written_off" // refunded before shipping and not restocked
	Returned   Kind = "returned"    // refunded after shipping and restocked
	Undone     Kind = "undo"        // reverses an earlier movement
)

// MaxQuantity bounds every quantity a person or a file may enter, in units. Larger numbers are typing mistakes, and
// sums of them stay far from the end of int64.
const MaxQuantity = 1_000_000_000
