package db

import (
	"bytes"
	"fmt"

	"evenstock/backend/domain"
)

// sums are what the movements of one product in one warehouse add up to.
type sums struct {
	stock   Stock
	unsound bool // a balance along the way was wrong: said once
}

// booking names the open units that an order line holds of a product.
type booking struct {
	Place
	LineRef
}

// maxGap is the most missing movements in a row that are counted one by one. More is one damaged key, not a loss.
const maxGap = 100_000

// movements walks the whole ledger once: dense sequence, chain, and every running balance against its own sum.
func (c *checker) movements() error {
	var prev []byte
	return eachRecord(c, tagMovement, "movements", func(k []byte, m Movement) error {
		seq := u64(k[1:])
		if gap := seq - c.last - 1; gap > 0 {
			c.unsound = true
			c.differ("sequence", "Stock changes are missing: number %d follows number %d.", seq, c.last)
			if gap > maxGap {
				return nil
			}
			c.items = append(c.items, make([]uint64, gap)...)
		}
		c.last = seq
		c.report.Movements++
		c.items = append(c.items, m.Item)
		sum, err := chain(prev, m)
		if err != nil {
			return err
		}
		if m.Seq != seq || !bytes.Equal(sum, m.Chain) {
			c.unsound = true
			c.differ("chain", "Stock change number %d, or the one before it, is not as it was written.", seq)
		}
		prev = m.Chain
		c.apply(m)
		return nil
	})
}

// apply adds a movement to its running sums and compares them with what it says about itself.
func (c *checker) apply(m Movement) {
	at := Place{m.Item, m.Loc}
	p := c.place[at]
	if p == nil {
		p = &sums{}
		c.place[at] = p
	}
	s := &p.stock
	first := m.CountedAfter && !s.Counted
	s.OnHand += m.OnHand
	s.Booked += m.Booked
	if (s.OnHand != m.OnHandAfter || s.Booked != m.BookedAfter || first != m.First) && !p.unsound {
		p.unsound = true
		c.differ("balance", "Stock change number %d of product %d leads to %d in stock and %d booked, but says %d and %d.",
			m.Seq, m.Item, s.OnHand, s.Booked, m.OnHandAfter, m.BookedAfter)
	}
	s.Counted, s.LastSeq, s.Changed = m.CountedAfter, m.Seq, m.At
	if m.Establishes() {
		s.CountedAt, s.CopyStore, s.CopyAt = m.At, 0, 0
	}
	if m.Kind == domain.Copied {
		s.CopyStore, s.CopyAt = m.Cause.Store, m.AsOf
	}
	if !s.Counted && s.OnHand != 0 {
		c.differ("balance", "Product %d was never counted, but change number %d leaves %d in stock.", m.Item, m.Seq, s.OnHand)
	}
	if m.Reverses != 0 && (m.Reverses >= m.Seq || c.items[m.Reverses-1] != m.Item || m.Kind != domain.Undone) {
		c.differ("balance", "Stock change number %d undoes number %d, which is not an earlier change of the same product.", m.Seq, m.Reverses)
	}
	if m.Booked == 0 {
		return
	}
	b := booking{at, LineRef{m.Cause.Store, m.Cause.Order, m.Cause.Line}}
	if c.open[b] += m.Booked; c.open[b] == 0 {
		delete(c.open, b)
	}
}

// stock compares the projections with the running sums, byte for byte.
func (c *checker) stock() error {
	want := make(map[string][]byte, len(c.place))
	for at, p := range c.place {
		b, err := encode(p.stock)
		if err != nil {
			return err
		}
		want[string(key(tagStock, at.Item, at.Loc))] = b
	}
	return c.compare("stock", tagStock, want, func(k, has, want []byte) string {
		return fmt.Sprintf("The stock of product %d is kept as %s, but its changes add up to %s.", u64(k[1:]), sayStock(has), sayStock(want))
	})
}

func sayStock(b []byte) string {
	var s Stock
	switch {
	case b == nil:
		return "nothing"
	case decode(b, &s) != nil:
		return "something unreadable"
	case !s.Counted:
		return fmt.Sprintf("never counted, %d booked (change %d)", s.Booked, s.LastSeq)
	}
	return fmt.Sprintf("%d in stock, %d booked (change %d)", s.OnHand, s.Booked, s.LastSeq)
}

// history compares the list of every product's movements with the movements.
func (c *checker) history() error {
	seen := make([]bool, len(c.items))
	for item := range c.tx.walk([]byte{tagHistory}, false) {
		k := item.KeyCopy(nil)
		if !wellFormed(k) {
			continue // reported as a record
		}
		seq := u64(k[9:])
		if seq == 0 || seq > uint64(len(c.items)) || c.items[seq-1] != u64(k[1:]) {
			c.differ("history", "The history of product %d names change number %d, which is not one of its own.", u64(k[1:]), seq)
			c.fixes = append(c.fixes, fix{key: k, drop: true})
			continue
		}
		seen[seq-1] = true
	}
	for i, item := range c.items {
		if !seen[i] && item != 0 {
			c.differ("history", "The history of product %d lacks change number %d.", item, i+1)
			c.fixes = append(c.fixes, fix{key: key(tagHistory, item, uint64(i+1)), value: []byte{}})
		}
	}
	return nil
}

// bookings holds the units that movements booked against the open units of the order lines, line by line.
func (c *checker) bookings() error {
	err := eachRecord(c, tagLine, "bookings", func(k []byte, l Line) error {
		ref := lineRef(k[1:])
		b := booking{Place{l.Item, l.Loc}, ref}
		open := l.Now.Domain().Open()
		if l.Item == 0 {
			open = 0
		}
		if has := c.open[b]; has != open {
			c.differ("booking", "Line %s of order %s in store %d has %d open units of product %d, but %d are booked for it.",
				ref.Line, ref.Order, ref.Store, open, l.Item, has)
		}
		delete(c.open, b)
		return nil
	})
	for b, n := range c.open {
		c.differ("booking", "%d units of product %d are booked for line %s of order %s in store %d, which does not hold them.",
			n, b.Item, b.Line, b.Order, b.LineRef.Store)
	}
	return err
}
