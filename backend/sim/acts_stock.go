package sim

import (
	"slices"
	"strings"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/engine"
)

// What the user does to stock.

// change sends a change of stock, again after a crash with the same key, and at times once more for no reason.
func (s *Sim) change(c engine.StockChange) {
	s.keys++
	c.Key = "key " + formatID(int64(s.keys))
	var changed engine.StockChanged
	var err error
	for {
		if s.do(working, func() { changed, err = s.r.Engine.ChangeStock(background, c) }) {
			break
		}
	}
	booked := s.m.Products[c.SKU].Booked
	var n int
	if c.Op == engine.SetStock {
		total := c.Quantity
		if c.Packed {
			total += booked
		}
		n = s.m.Set(c.SKU, total, s.now())
	} else {
		n = s.m.Add(c.SKU, c.Quantity, s.now())
	}
	s.expect(n, changed.Seq, err)
	if !c.Packed && err == nil {
		s.do(working, func() { changed, err = s.r.Engine.ChangeStock(background, c) })
		s.accept(err)
	}
}

// expect holds what the program did against what the model did: -1 is a refusal.
func (s *Sim) expect(n int, seq uint64, err error) {
	switch {
	case n < 0:
		if err == nil {
			s.fail("a change was made that the model refuses")
		}
		s.accept(err, engine.CodeInvalid, engine.CodeUnset)
		s.trace("  refused: %v", err)
	case err != nil:
		s.fail("a change was refused: %v", err)
	default:
		s.seqs = append(s.seqs, seq)
	}
}

func (s *Sim) setStock() {
	sku := one(s, s.skus(), "sku")
	c := engine.StockChange{SKU: sku, Op: engine.SetStock, Quantity: int64(s.draw(0, 30, "quantity")), Packed: s.flip("packed")}
	s.trace("set %s to %d, packed %v", sku, c.Quantity, c.Packed)
	tried := map[*shop]time.Time{}
	for _, sh := range s.holders(s.m.Products[sku]) {
		tried[sh] = sh.tried
		sh.tried = time.Time{}
	}
	s.change(c)
	for sh := range tried {
		if sh.tried.IsZero() {
			s.fail("Q7: %s was set without asking shop %d for orders, which holds bookings of it", sku, sh.i)
		}
	}
	s.perhapsSettle(sku)
}

// holders are the shops that are on, may be called and hold open units of a product.
func (s *Sim) holders(p *Product) []*shop {
	return slices.DeleteFunc(s.on(), func(sh *shop) bool {
		if s.cooling(sh) || s.commits > 0 {
			return true
		}
		open := int64(0)
		s.m.each(sh.i, func(l *Line) {
			if l.Product == p {
				open += l.Now.open()
			}
		})
		return open == 0
	})
}

// cooling reports whether the books say that a shop wants to be left alone.
func (s *Sim) cooling(sh *shop) bool {
	var lane db.Lane
	s.view(func(tx *db.Tx) (err error) { lane, err = tx.Lane(s.id(sh)); return err })
	return lane.CoolUntil > s.r.Now().UnixMilli()
}

func (s *Sim) adjust() {
	sku := one(s, s.skus(), "sku")
	c := engine.StockChange{SKU: sku, Op: engine.AddStock, Quantity: int64(s.draw(-8, 12, "by"))}
	s.trace("add %d to %s", c.Quantity, sku)
	s.change(c)
	s.perhapsSettle(sku)
}

// perhapsSettle waits for the stores, as the window does.
func (s *Sim) perhapsSettle(sku string) {
	if !s.flip("settle") {
		return
	}
	var item uint64
	s.view(func(tx *db.Tx) error {
		it, err := tx.ItemBySKU(sku)
		item = it.ID
		return err
	})
	s.do(working, func() {
		_, err := s.r.Engine.Settle(background, item, 5*time.Second)
		s.accept(err)
	})
}

func (s *Sim) undo() {
	if len(s.seqs) == 0 {
		s.t.Skip("nothing to undo")
	}
	i := s.draw(0, len(s.seqs)-1, "change")
	s.trace("undo change %d", i)
	var changed engine.StockChanged
	var err error
	if !s.do(working, func() { changed, err = s.r.Engine.Undo(background, s.seqs[i], "") }) {
		return
	}
	s.expect(s.m.Undo(i, s.now()), changed.Seq, err)
}

// empty sets many products that are right everywhere to 0 at once, the way a wrong import does, and approves or drops
// what the safety catch holds (T4).
func (s *Sim) empty() {
	var quiet []string
	for _, sku := range s.skus() {
		if p := s.m.Products[sku]; p.Counted && p.Booked == 0 && target(p) > 0 && s.isQuiet(p) {
			quiet = append(quiet, sku)
		}
	}
	if len(quiet) < 6 || s.commits > 0 || !s.jumped.IsZero() {
		s.t.Skip("too few products are at rest")
	}
	s.trace("set %s to 0", strings.Join(quiet, ", "))
	var on []*shop
	for _, sh := range s.on() {
		if !s.paused(s.store(sh.i)) {
			on = append(on, sh)
		}
	}
	before := map[*listing]int64{}
	for _, sh := range on {
		for _, l := range sh.onSale() {
			before[l] = sh.Quantity(l.ref)
		}
	}
	for _, sku := range quiet {
		s.change(engine.StockChange{SKU: sku, Op: engine.SetStock, Quantity: 0})
	}
	s.do(working, func() { s.r.Cycle(40 * time.Second) })
	for _, sh := range on {
		s.checkHeld(sh, quiet, before)
	}
}

// checkHeld checks that rows which a person's mistake would have set to 0 stand as they did, then decides about them.
func (s *Sim) checkHeld(sh *shop, quiet []string, before map[*listing]int64) {
	var rows []*listing
	for _, l := range sh.onSale() {
		p := s.m.Links[s.key(sh, l)]
		if p != nil && p.Booked == 0 && slices.Contains(quiet, p.SKU) && before[l] > 0 && !s.drafts[s.key(sh, l)] && !l.draft && !s.approved(sh, l) {
			rows = append(rows, l)
		}
	}
	if len(rows) <= 5 {
		return
	}
	zeros := 0
	for _, l := range rows {
		if sh.Quantity(l.ref) == 0 {
			zeros++
		}
	}
	if zeros > 5 {
		s.fail("T4: %d of %d listings of shop %d went to 0 unseen", zeros, len(rows), sh.i)
	}
	if s.flip("approve") {
		s.trace("approve what is held in shop %d", sh.i)
		s.do(working, func() {
			_, err := s.r.Engine.Approve(background, s.id(sh), nil)
			s.accept(err, engine.CodeThrottled)
		})
	} else {
		s.trace("drop what is held in shop %d", sh.i)
		s.do(working, func() {
			_, err := s.r.Engine.Drop(background, s.id(sh), nil)
			s.accept(err)
		})
	}
}

// approved reports whether a listing passes the safety catch.
func (s *Sim) approved(sh *shop, l *listing) (yes bool) {
	s.view(func(tx *db.Tx) error {
		known, err := tx.Listing(s.id(sh), l.ref.Listing)
		if err != nil {
			return nil
		}
		until, err := tx.Approval(s.id(sh), known.SKU)
		yes = until > s.r.Now().UnixMilli()
		return err
	})
	return yes
}

// isQuiet reports whether a product has nothing on its way anywhere and shows everywhere what it should.
func (s *Sim) isQuiet(p *Product) bool {
	for _, sh := range s.shops {
		for _, l := range sh.listings {
			if s.m.Links[s.key(sh, l)] != p || l.gone {
				continue
			}
			dirty := false
			s.view(func(tx *db.Tx) error {
				_, err := tx.Dirty(s.id(sh), s.spot(sh, l))
				dirty = err == nil
				return nil
			})
			if dirty || l.drift || (s.store(sh.i).On() && sh.Quantity(l.ref) != target(p)) {
				return false
			}
		}
		for _, o := range sh.orders {
			for _, line := range o.lines {
				if !o.gone && !o.toldAt.Equal(o.changed) && s.m.Links[s.key(sh, line.of)] == p {
					return false
				}
			}
		}
	}
	return true
}

// spot is what a listing's number is called in the books: where a shop has locations, that of the only one.
func (s *Sim) spot(sh *shop, l *listing) string {
	for _, where := range s.store(sh.i).Where() {
		return db.Spot(l.ref.Listing, where)
	}
	return l.ref.Listing
}

func (s *Sim) key(sh *shop, l *listing) string { return formatID(int64(sh.i)) + "/" + l.ref.Listing }
