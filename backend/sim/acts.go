package sim

import (
	"fmt"
	"time"
)

// NewModel returns the books of so many shops that have never been on.
func NewModel(shops int) *Model {
	m := &Model{Products: map[string]*Product{}, Links: map[string]*Product{}, Lines: map[string][]*Line{}, Shops: map[int]*Books{}}
	for i := range shops {
		m.Shops[i] = &Books{}
	}
	return m
}

// Change is what a person did to In stock once.
type Change struct {
	product *Product
	by      int64
	first   bool // it made an unset product counted
	unset   bool // it made a counted product unset
	sets    bool // it says what lies on the shelf
	undone  bool
}

// Available is what customers can still buy, false while the product is unset.
func (p *Product) Available() (int64, bool) { return p.InStock - p.Booked, p.Counted }

// Set is a count: In stock is n from now on. It returns the number of the change.
func (m *Model) Set(sku string, n int64, now time.Time) int {
	p := m.Products[sku]
	c := &Change{product: p, by: n - p.InStock, first: !p.Counted, sets: true}
	p.InStock, p.Counted, p.countedAt, p.copied = n, true, now, 0
	return m.keep(c)
}

// Add is a change by n, from 0 where the product was never counted. It is refused, −1, where it would take away more
// than there is.
func (m *Model) Add(sku string, n int64, now time.Time) int {
	p := m.Products[sku]
	if n < 0 && p.InStock+n < 0 {
		return -1
	}
	c := &Change{product: p, by: n, first: !p.Counted, sets: !p.Counted}
	p.InStock += n
	if !p.Counted {
		p.Counted, p.countedAt, p.copied = true, now, 0
	}
	return m.keep(c)
}

func (m *Model) keep(c *Change) int {
	m.Changes = append(m.Changes, c)
	return len(m.Changes) - 1
}

// Undo reverses a change once. Undoing the first count makes the product unset again, never 0 (Q5), unless it was
// counted anew meanwhile; then, as for everything about an unset product, there is nothing to undo: −1.
func (m *Model) Undo(n int, now time.Time) int {
	c := m.Changes[n]
	p := c.product
	if c.undone || (!p.Counted && !c.unset) || (p.Counted && c.unset) {
		return -1
	}
	for _, later := range m.Changes[n+1:] {
		if c.first && later.product == p && later.sets && !later.undone {
			return -1
		}
	}
	back := &Change{product: p, by: -c.by, first: c.unset, sets: c.unset}
	if c.first {
		back.by, back.unset = -p.InStock, true
	}
	c.undone = true
	p.InStock += back.by
	p.Counted = !back.unset
	if back.first {
		p.countedAt, p.copied = now, 0
	}
	return m.keep(back)
}

// Copied is the one-time copy at turn-on: it fills an unset product only.
func (m *Model) Copied(shop int, sku string, n int64, now time.Time) {
	p := m.Products[sku]
	m.Set(sku, max(0, n), now)
	p.copied, p.copiedAt = shop+1, now.Truncate(time.Second)
}

// OnTop adds the open units a store brings along at its turning-on to a product that was counted before. A turning-on that
// breaks off after that is taken up from there.
func (m *Model) OnTop(shop int, p *Product) {
	m.each(shop, func(l *Line) {
		if l.Product == p && l.turn == m.Shops[shop].turn+1 && l.Now.open() > 0 {
			p.InStock += l.Now.open()
			l.turn = 0
		}
	})
}

// Attach is O4: open units are booked, shipped ones lower In stock only if they shipped after the last count.
func (m *Model) Attach(l *Line, p *Product) {
	l.Product = p
	p.book(l.Now.open(), 0)
	for _, w := range l.waits {
		if w.at.After(p.countedAt) {
			p.book(0, w.units)
		}
	}
	l.waits = nil
}

// Release ends every open booking of a shop that is removed.
func (m *Model) Release(shop int) {
	m.each(shop, func(l *Line) {
		open := l.Now.open()
		l.Now.Released += open
		if l.Product != nil {
			l.Product.book(-open, 0)
		}
	})
}

// Answer settles the units a shop shipped while it was off (O7).
func (m *Model) Answer(shop int, takeOut bool) {
	m.each(shop, func(l *Line) {
		if takeOut && l.Product != nil {
			l.Product.book(0, l.Meanwhile)
		}
		l.Meanwhile = 0
	})
}

func (m *Model) each(shop int, do func(*Line)) {
	for key, lines := range m.Lines {
		var s int
		if _, err := fmt.Sscanf(key, "%d/", &s); err != nil || s != shop {
			continue
		}
		for _, l := range lines {
			if l.told {
				do(l)
			}
		}
	}
}

// ToldListing is a listing as a shop shows it: L2, L4, L8, L9. A SKU that nobody has is held until somebody answers.
func (m *Model) ToldListing(key, sku string, active bool) {
	p := m.Links[key]
	switch {
	case p != nil && sku == p.SKU, p == nil && (sku == "" || !active):
	case p != nil && sku == "":
		delete(m.Links, key)
	case m.Products[sku] != nil:
		m.Links[key] = m.Products[sku]
	case p == nil:
		m.Links[key] = m.product(sku)
	}
}

// product makes a product, and every line that waited for its SKU belongs to it.
func (m *Model) product(sku string) *Product {
	p := &Product{SKU: sku, heldBack: m.heldBack}
	m.Products[sku] = p
	m.attachWaiting(p)
	return p
}

func (m *Model) attachWaiting(p *Product) {
	for _, lines := range m.Lines {
		for _, l := range lines {
			if l.told && l.Product == nil && l.SKU == p.SKU {
				m.Attach(l, p)
			}
		}
	}
}

// Renamed is the answer to a held SKU: the product was renamed, or the listing is another product now. It is refused,
// false, where another product has that SKU already.
func (m *Model) Renamed(key, sku string, renamed bool) bool {
	p := m.Links[key]
	if renamed && m.Products[sku] != nil {
		return false
	}
	if renamed {
		delete(m.Products, p.SKU)
		p.SKU = sku
		m.Products[sku] = p
		m.attachWaiting(p)
		return true
	}
	if m.Products[sku] == nil {
		m.product(sku)
	}
	m.Links[key] = m.Products[sku]
	return true
}
