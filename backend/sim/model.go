package sim

import (
	"fmt"
	"time"
)

// Model is what the books must say, worked out a second time: maps, no I/O, nothing of domain or ledger. It is fed with
// what persons did (acts.go), and of which orders and listings the program was told.
type Model struct {
	heldBack int64 // units of every product that away mode holds back

	Products map[string]*Product // by SKU
	Links    map[string]*Product // by shop and listing
	Lines    map[string][]*Line  // by shop and order
	Shops    map[int]*Books
	Changes  []*Change // of In stock, by persons
}

// Product is Q1: Available = InStock − Booked; while it is not Counted, InStock means nothing (Q5).
type Product struct {
	SKU             string
	Counted         bool
	InStock, Booked int64
	countedAt       time.Time
	copied          int // number of the copy's shop + 1
	copiedAt        time.Time
	heldBack        int64 // units that away mode holds back everywhere (X6)
}

// Books is what the model knows of a shop.
type Books struct {
	On            bool
	Anchor, OffAt time.Time
	turn          int // counts the times sync was turned on
}

// Totals are what has happened to an order line so far, in units.
type Totals struct{ Ordered, Shipped, Released, Lost, Returned int64 }

func (t Totals) open() int64 { return t.Ordered - t.Shipped - t.Released - t.Lost }
func (t Totals) away() int64 { return t.Shipped + t.Lost - t.Returned } // units that are off the shelf for this line

// Line is an order line as the program was told of it last. It keeps its product for ever.
type Line struct {
	Product      *Product
	SKU, Listing string
	Now          Totals
	Taken        int64 // units the shop has taken off its own number
	told         bool
	waits        []away
	Meanwhile    int64 // shipped while sync was off, until the user answers (O7)
	turn         int   // first seen by that turning-on, 0: while sync was on
}

type away struct {
	at    time.Time
	units int64
}

// Told is an order as a shop shows it to the program.
type Told struct {
	Shop            int
	Ref             string
	Placed, Updated time.Time
	Gone            bool
	Lines           []ToldLine
}

// ToldLine is a line of it; Removed ones are shown no more.
type ToldLine struct {
	SKU, Listing string
	Now          Totals
	Taken        int64
	Removed      bool
}

// Tell books an order: the table O2 by difference to what was told before, O6 for what is older than the anchor.
func (m *Model) Tell(o Told) {
	key, shop := fmt.Sprint(o.Shop, "/", o.Ref), m.Shops[o.Shop]
	lines, known := m.Lines[key]
	if o.Gone && !known {
		return
	}
	old := !known && o.Placed.Before(shop.Anchor)
	for len(lines) < len(o.Lines) {
		lines = append(lines, &Line{})
	}
	m.Lines[key] = lines
	for i, l := range lines {
		in, fresh := o.Lines[i], !l.told
		if o.Gone || in.Removed {
			if fresh {
				continue
			}
			in.Now, in.Taken, in.SKU, in.Listing = l.Now, l.Taken, "", ""
			in.Now.Released += in.Now.open()
		}
		if l.told = true; fresh && old {
			l.Now = in.Now
			l.Now.Released += l.Now.open()
			if !shop.On {
				l.turn = shop.turn + 1
			}
			if !shop.OffAt.IsZero() && !o.Placed.Before(shop.OffAt) {
				l.Meanwhile = max(0, in.Now.away())
			}
		}
		if in.SKU != "" {
			l.SKU = in.SKU
		}
		if in.Listing != "" {
			l.Listing = in.Listing
		}
		open, gone := in.Now.open()-l.Now.open(), in.Now.away()-l.Now.away()
		l.Now, l.Taken = in.Now, in.Taken
		owner := m.Links[fmt.Sprint(o.Shop, "/", l.Listing)]
		if owner == nil {
			owner = m.Products[l.SKU]
		}
		switch {
		case l.Product == nil && fresh && owner != nil:
			l.Product = owner
			fallthrough
		case l.Product != nil:
			l.Product.book(open, gone)
		default:
			if l.waits = append(l.waits, away{o.Updated, gone}); owner != nil {
				m.Attach(l, owner)
			}
		}
		if p := l.Product; fresh && p != nil && p.copied == o.Shop+1 && o.Placed.Before(p.copiedAt) { // the copy lacked it
			units := l.Taken
			if old {
				units = min(units, l.Now.open())
			}
			p.book(0, -units)
		}
	}
}

func (p *Product) book(open, gone int64) {
	p.Booked += open
	if p.Counted {
		p.InStock -= gone
	}
}
