package sim

import (
	"bytes"
	"fmt"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// orderGap is how far apart two order pulls of a healthy store may be (I10).
const orderGap = 11 * time.Minute

// seen is what the checks have seen of the ledger so far.
type seen struct {
	seq   uint64
	chain []byte
	sums  map[uint64]domain.Delta // by product
	from  time.Time               // of the gap between order pulls: the program is awake since
}

// check is what holds after every action, whatever happened (V1, V3, V4, V7, V8, V11, V24).
func (s *Sim) check() {
	s.view(func(tx *db.Tx) error {
		s.checkLedger(tx)
		s.checkProducts(tx)
		s.checkLines(tx)
		s.checkMarks(tx)
		return nil
	})
	s.checkLimits()
	s.checkSentForUs()
}

// checkLedger checks that movements were only added, without a gap, and add up to the stock.
func (s *Sim) checkLedger(tx *db.Tx) {
	last, err := tx.LastSeq()
	if err != nil || last < s.seen.seq {
		s.fail("V4: the ledger ends at %d after %d, %v", last, s.seen.seq, err)
	}
	if s.seen.seq > 0 {
		if m, err := tx.Movement(s.seen.seq); err != nil || !bytes.Equal(m.Chain, s.seen.chain) {
			s.fail("V4: movement %d has changed, %v", s.seen.seq, err)
		}
	} else {
		s.seen.sums = map[uint64]domain.Delta{}
	}
	for seq := s.seen.seq + 1; seq <= last; seq++ {
		m, err := tx.Movement(seq)
		if err != nil {
			s.fail("V4: movement %d: %v", seq, err)
		}
		s.trace("  %d: %s of product %d, in stock %+d, booked %+d", seq, m.Kind, m.Item, m.OnHand, m.Booked)
		sum := s.seen.sums[m.Item]
		s.seen.sums[m.Item] = domain.Delta{OnHand: sum.OnHand + m.OnHand, Booked: sum.Booked + m.Booked}
		s.seen.seq, s.seen.chain = seq, m.Chain
	}
	for place, stock := range tx.Stocks() {
		if sum := s.seen.sums[place.Item]; sum.OnHand != stock.OnHand || sum.Booked != stock.Booked {
			s.fail("V1: product %d has %+v, its movements add up to %+v", place.Item, stock, sum)
		}
	}
}

// checkProducts compares the products with the model.
func (s *Sim) checkProducts(tx *db.Tx) {
	n := 0
	for it := range tx.Items() {
		n++
		p := s.m.Products[it.SKU]
		if p == nil {
			s.fail("V11: the books have product %s, the model has not", it.SKU)
		}
		stock, err := tx.Stock(it.ID, db.DefaultLoc)
		if err != nil {
			s.fail("stock of %s: %v", it.SKU, err)
		}
		if stock.Counted != p.Counted || stock.Booked != p.Booked || (p.Counted && stock.OnHand != p.InStock) {
			s.fail("V11: %s has %d in stock, %d booked, counted %v; the model has %d, %d, %v", it.SKU,
				stock.OnHand, stock.Booked, stock.Counted, p.InStock, p.Booked, p.Counted)
		}
		got, ok := stock.Domain().Available()
		if want, counted := p.Available(); ok != counted || (ok && got != want) {
			s.fail("V3: %s has %d available, the model %d", it.SKU, got, want)
		}
	}
	if n != len(s.m.Products) {
		s.fail("V11: the books have %d products, the model %d", n, len(s.m.Products))
	}
}

// checkLines compares the order lines with the model.
func (s *Sim) checkLines(tx *db.Tx) {
	for _, sh := range s.shops {
		if sh.i >= len(s.r.Stores) {
			continue
		}
		for _, o := range sh.orders {
			for i, want := range s.m.Lines[fmt.Sprint(sh.i, "/", o.ref)] {
				if !want.told {
					continue
				}
				l, err := tx.Line(db.LineRef{Store: s.id(sh), Order: o.ref, Line: o.lines[i].ref})
				if err != nil {
					s.fail("V12: line %d of order %d/%s: %v", i+1, sh.i, o.ref, err)
				}
				s.checkLine(tx, fmt.Sprintf("%d/%s-%d", sh.i, o.ref, i+1), l, want)
			}
		}
	}
}

func (s *Sim) checkLine(tx *db.Tx, name string, l db.Line, want *Line) {
	c := l.Now
	open := c.Ordered - c.Fulfilled - c.Released - c.WrittenOff
	if open < 0 || open != want.Now.open() || c.Fulfilled+c.WrittenOff-c.Returned != want.Now.away() {
		s.fail("V8: line %s is %+v, the model says %+v", name, c, want.Now)
	}
	switch {
	case want.Product == nil && l.Item != 0:
		s.fail("V10: line %s is booked on product %d, the model says on none", name, l.Item)
	case want.Product != nil:
		if it, err := tx.Item(l.Item); err != nil || it.SKU != want.Product.SKU {
			s.fail("V10: line %s is booked on %q, the model says on %s", name, it.SKU, want.Product.SKU)
		}
	}
}

// checkMarks checks that only listings of stores that are on are marked, and links are those of the model.
func (s *Sim) checkMarks(tx *db.Tx) {
	for _, sh := range s.shops {
		if sh.i >= len(s.r.Stores) {
			continue
		}
		for spot := range tx.DirtyOf(s.id(sh)) {
			ref, _ := db.SplitSpot(spot)
			if _, err := tx.Listing(s.id(sh), ref); err != nil {
				s.fail("V24: %d/%s is marked and is no listing", sh.i, ref)
			}
		}
		for l := range tx.Listings(s.id(sh)) {
			p := s.m.Links[fmt.Sprint(sh.i, "/", l.Ref)]
			it, _ := tx.Item(l.Item)
			if (p == nil) != (l.Item == 0) || (p != nil && p.SKU != it.SKU) {
				s.fail("L4: listing %d/%s is linked to %q, the model says %+v", sh.i, l.Ref, it.SKU, p)
			}
		}
	}
}

// checkGaps checks that no healthy store was left without an order pull for long while the program was awake (V27).
func (s *Sim) checkGaps() {
	for _, sh := range s.on() {
		var lane db.Lane
		s.view(func(tx *db.Tx) (err error) { lane, err = tx.Lane(s.id(sh)); return err })
		gap := s.now().Sub(later(sh.tried, s.seen.from, sh.cool))
		if sh.sound && lane.Fails == 0 && gap > orderGap {
			s.fail("V27: shop %d was not asked for orders for %s", sh.i, gap)
		}
	}
}

// mark is one that may be served at once, as it stood.
type mark struct {
	store uint32
	spot  string
	gen   uint64
}

// waiting are the marks that nothing stands in the way of.
func (s *Sim) waiting() []mark {
	var out []mark
	s.view(func(tx *db.Tx) error {
		for _, sh := range s.on() {
			if s.paused(s.store(sh.i)) {
				continue
			}
			for spot, d := range tx.DirtyOf(s.id(sh)) {
				if d.Held == "" && !d.Left && d.Handle == "" && d.Fails == 0 && d.NotBefore <= s.r.Now().UnixMilli() {
					out = append(out, mark{s.id(sh), spot, d.Gen})
				}
			}
		}
		return nil
	})
	return out
}

// checkServed checks that within the time since began every mark was served of those that were waiting then, in shops that
// answered all the time: whatever becomes of other shops and other listings, they wait for one period (V28).
func (s *Sim) checkServed(began time.Time, waiting []mark) {
	if s.now().Sub(began) < orderGap || !s.jumped.IsZero() || !s.lost.Before(began) && !s.lost.IsZero() {
		return
	}
	for _, sh := range s.on() {
		if !sh.sound || !sh.failed.Before(began) || sh.cool.After(began) {
			continue
		}
		for _, m := range waiting {
			if m.store == s.id(sh) && s.stands(sh, m) {
				s.fail("V28: %s of shop %d was not sent since %s", m.spot, sh.i, began.Format(time.TimeOnly))
			}
		}
	}
}

// stands reports whether a mark is as it was, for no reason that is its own.
func (s *Sim) stands(sh *shop, m mark) bool {
	var d db.Dirty
	s.view(func(tx *db.Tx) error {
		d, _ = tx.Dirty(m.store, m.spot)
		return nil
	})
	ref, _ := db.SplitSpot(m.spot)
	if d.Gen != m.gen || d.Held != "" || d.Left || d.Handle != "" || (sh.poison != nil && sh.poison.ref.Listing == ref) {
		return false
	}
	return d.Fails > 0 || d.NotBefore <= s.r.Now().UnixMilli()
}

// checkLimits checks that no shop had to refuse a call because of its limits (V25). A program cannot know that its clock was
// set forward, and takes it for time that has passed.
func (s *Sim) checkLimits() {
	for _, sh := range s.shops {
		if n := throttled(sh.Shop); n > 0 && s.jumped.IsZero() {
			s.fail("V25: shop %d refused %d calls that its limits did not allow", sh.i, n)
		}
	}
}

func later(times ...time.Time) (t time.Time) {
	for _, other := range times {
		if other.After(t) {
			t = other
		}
	}
	return t
}
