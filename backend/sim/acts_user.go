package sim

import (
	"slices"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/engine"
)

// What the user does to stores.

// whereBusy are the refusals a healthy program may answer a button with.
var whereBusy = []string{engine.CodeThrottled, engine.CodeSyncOff}

// hardEvery is how long a hard refresh waits for the next (product.md M5).
const hardEvery = 4 * time.Hour

// hardRefresh is when one was accepted last, in true time, and the stamp the books keep of it.
type hardRefresh struct {
	at      time.Time
	stamp   int64
	byStore bool // the store told its own time
}

func (s *Sim) button() {
	sh := one(s, s.connected(), "shop")
	id := s.id(sh)
	switch s.draw(0, 4, "button") {
	case 0:
		s.trace("sync shop %d", sh.i)
		s.do(working, func() { _, err := s.r.Engine.Sync(background, id); s.accept(err, whereBusy...) })
	case 1:
		s.trace("sync all")
		s.do(working, func() { _, _, err := s.r.Engine.SyncAll(background); s.accept(err, whereBusy...) })
	case 2:
		s.trace("sync listings of shop %d", sh.i)
		s.do(working, func() { _, err := s.r.Engine.SyncListings(background, id); s.accept(err, whereBusy...) })
	case 3:
		s.refresh(sh, "listings")
	default:
		s.refresh(sh, "inventory")
	}
}

// refresh presses a hard refresh and holds the answer against the four hours (M5, V26).
func (s *Sim) refresh(sh *shop, what string) {
	s.trace("hard refresh of the %s of shop %d", what, sh.i)
	h := sh.hard[what]
	if h == nil {
		h = &hardRefresh{}
		sh.hard[what] = h
	}
	began := s.now()
	var err error
	calls := sh.Calls("any")
	s.do(working, func() {
		if what == "listings" {
			_, err = s.r.Engine.RefreshListings(background, s.id(sh))
		} else {
			_, err = s.r.Engine.RefreshInventory(background, s.id(sh))
		}
	})
	s.accept(err, append(whereBusy, engine.CodeCooldown)...)
	stamps := s.stamps(sh, what)
	exact := s.jumped.IsZero() || (h.byStore && sh.Calls("any") > calls && sh.sound) // the store told its time then and now
	waited := began.Sub(h.at)
	var e *engine.Error
	if refusal(err, &e) && e.Code == engine.CodeCooldown {
		left := e.RetryAt.Sub(s.r.Now())
		off := left - (hardEvery - waited)
		if h.at.IsZero() || left <= 0 || left > hardEvery || (exact && off.Abs() > time.Second) {
			s.fail("V26: a hard refresh of the %s was refused for %s, %s after the last", what, left, waited)
		}
	}
	if stamps.Local == h.stamp {
		return
	}
	byStore := stamps.Store != 0
	if !h.at.IsZero() && waited < hardEvery && (s.jumped.IsZero() || (h.byStore && byStore)) {
		s.fail("V26: a hard refresh of the %s was accepted %s after the last", what, waited)
	}
	*h = hardRefresh{began, stamps.Local, byStore}
}

func (s *Sim) stamps(sh *shop, what string) (h db.HardRefresh) {
	s.view(func(tx *db.Tx) error {
		lane, err := tx.Lane(s.id(sh))
		if h = lane.Inventory; what == "listings" {
			h = lane.Listings
		}
		return err
	})
	return h
}

func refusal(err error, e **engine.Error) bool {
	own, ok := err.(*engine.Error)
	*e = own
	return ok
}

// turn switches a store's sync on or off.
func (s *Sim) turn() {
	sh := one(s, s.connected(), "shop")
	if s.store(sh.i).On() {
		s.trace("turn shop %d off", sh.i)
		s.do(working, func() { s.accept(s.r.Engine.TurnOff(background, s.id(sh))) })
		s.noteOff(sh)
		return
	}
	s.turnOn(sh, engine.TurnOn{Copy: s.flip("copy"), OnTop: s.flip("on top"),
		Push: one(s, []engine.PushChoice{engine.PushAll, engine.PushTicked, engine.PushNone}, "push")})
}

// noteOff tells the model that a store is off, if it is.
func (s *Sim) noteOff(sh *shop) {
	b := s.m.Shops[sh.i]
	if b.On && !s.store(sh.i).On() {
		b.On, b.OffAt = false, s.now()
	}
}

// turning is a turn-on under way.
type turningOn struct {
	shop  *shop
	copy  bool
	onTop map[*Product]bool // products this store's open units are to be added to
	seq   uint64            // last movement looked at
	at    time.Time
}

func (s *Sim) turnOn(sh *shop, t engine.TurnOn) {
	s.trace("turn shop %d on: copy %v, on top %v, push %q", sh.i, t.Copy, t.OnTop, t.Push)
	b := s.m.Shops[sh.i]
	b.Anchor = s.now()
	on := &turningOn{shop: sh, copy: t.Copy, onTop: map[*Product]bool{}, seq: s.lastSeq(), at: s.now()}
	for _, p := range s.m.Products {
		on.onTop[p] = t.OnTop && p.Counted
	}
	s.turning = on
	s.do(turning, func() {
		runs, err := s.r.Engine.TurnOn(background, s.id(sh), t)
		s.accept(err, whereBusy...)
		if len(runs) == 1 && runs[0].Code == engine.CodeInvalid && !s.refused {
			s.fail("shop %d cannot be turned on: %s", sh.i, runs[0].Note)
		}
	})
	s.turning = nil
	if !s.store(sh.i).On() {
		return
	}
	for p := range on.onTop {
		s.bringAlong(on, p)
	}
	b.On, s.seen.from = true, s.now()
	b.turn++
}

// noteTurn tells the model of numbers that were copied and units that were added in the midst of a turn-on, the moment
// the books have them. How many they must be is the model's affair.
func (s *Sim) noteTurn() {
	on := s.turning
	if on == nil {
		return
	}
	var kept []db.Movement
	skus := map[uint64]string{}
	s.view(func(tx *db.Tx) error {
		for m := range tx.Movements(on.seq + 1) {
			it, err := tx.Item(m.Item)
			if err != nil {
				return err
			}
			kept, skus[m.Item] = append(kept, m), it.SKU
		}
		return nil
	})
	for _, m := range kept {
		on.seq = m.Seq
		switch {
		case m.Kind == domain.Copied:
			s.noteCopy(on, skus[m.Item], m.Seq)
		case m.Kind == domain.OnTop && m.Cause == (db.Cause{}):
			s.bringAlong(on, s.m.Products[skus[m.Item]])
		}
	}
}

func (s *Sim) bringAlong(on *turningOn, p *Product) {
	if on.onTop[p] {
		on.onTop[p] = false
		s.m.OnTop(on.shop.i, p)
	}
}

// noteCopy works out what was to be copied: In stock is the shop's number and the open units it has taken off (T2), those
// of orders that no answer shows left out.
func (s *Sim) noteCopy(on *turningOn, sku string, seq uint64) {
	p, sh := s.m.Products[sku], on.shop
	if p.Counted || !on.copy {
		s.fail("T2: %s was copied, counted before %v, copy asked for %v", sku, p.Counted, on.copy)
	}
	n, found := int64(0), false
	for _, l := range sh.onSale() {
		if s.m.Links[s.key(sh, l)] == p && !l.draft {
			n, found = sh.Quantity(l.ref), true
			break
		}
	}
	if !found {
		s.fail("T2: %s was copied from a shop that does not sell it", sku)
	}
	for _, o := range sh.orders {
		for _, line := range o.lines {
			if s.m.Links[s.key(sh, line.of)] == p && !o.hidden.After(s.now()) && !o.gone {
				n += min(line.taken, line.now.open())
			}
		}
	}
	s.m.Copied(sh.i, sku, n, on.at)
	s.seqs = append(s.seqs, seq)
}

// pause stops or allows writes, to one store or all.
func (s *Sim) pause() {
	id := uint32(0)
	if s.flip("one store") {
		id = s.id(one(s, s.connected(), "shop"))
	}
	pause := s.draw(0, 2, "pause") == 0
	s.trace("pause %d: %v", id, pause)
	s.do(working, func() {
		if pause {
			s.accept(s.r.Engine.Pause(background, id))
		} else {
			s.accept(s.r.Engine.Resume(background, id))
		}
	})
}

// away holds some units back in every shop, or ends that (X6).
func (s *Sim) away() {
	units := s.draw(0, 3, "away")
	s.trace("away: %d units are held back", units)
	for _, p := range s.m.Products {
		s.recent[p] = append(s.recent[p], target(p))
		p.heldBack = int64(units)
	}
	s.do(working, func() {
		if units > 0 {
			s.accept(s.r.Engine.StartAway(background, domain.Away{Units: int64(units)}, time.Time{}, false))
		} else {
			s.accept(s.r.Engine.EndAway(background))
		}
	})
	s.noteAway()
}

// noteAway tells the model what is held back: a crash may have come before the choice was kept.
func (s *Sim) noteAway() {
	a, err := s.r.Engine.Away()
	s.accept(err)
	s.m.heldBack = 0
	if a.On {
		s.m.heldBack = a.Hold.Units
	}
	for _, p := range s.m.Products {
		p.heldBack = s.m.heldBack
	}
}

// look reads without effect: a rehearsal or a drift report.
func (s *Sim) look() {
	sh := one(s, s.connected(), "shop")
	s.do(looking, func() {
		var err error
		if s.flip("drift") {
			s.trace("drift of shop %d", sh.i)
			_, err = s.r.Engine.Drift(background, s.id(sh))
		} else {
			s.trace("rehearse shop %d", sh.i)
			_, err = s.r.Engine.Rehearse(background, s.id(sh), engine.TurnOn{Copy: true})
		}
		if err != nil {
			s.trace("  %v", err)
		}
	})
}

// fixDrift writes our numbers where the user has seen them differ.
func (s *Sim) fixDrift(sh *shop) {
	s.trace("fix the drift of shop %d", sh.i)
	s.do(working, func() { _, err := s.r.Engine.FixDrift(background, s.id(sh), nil); s.accept(err, whereBusy...) })
}

// disconnect removes a store, or connects a removed one again.
func (s *Sim) disconnect() {
	sh := s.anyShop()
	if s.store(sh.i).Removed {
		s.trace("connect shop %d again", sh.i)
		s.do(connecting, func() {
			if id, err := s.r.connect(sh.i); err == nil && id != s.id(sh) {
				s.fail("C1: shop %d came back as another store", sh.i)
			} else if err != nil {
				s.trace("  %v", err)
			}
		})
		return
	}
	release := s.flip("release")
	s.trace("remove shop %d, release %v", sh.i, release)
	s.do(working, func() { s.accept(s.r.Engine.RemoveStore(background, s.id(sh), release)) })
	s.noteOff(sh)
	if release && s.store(sh.i).Removed {
		s.m.Release(sh.i)
	}
}

// answer answers one of the questions the program asks: about a line without a product, a SKU that changed, units
// shipped while sync was off.
func (s *Sim) answer() {
	switch s.draw(0, 2, "question") {
	case 0:
		s.linkLine()
	case 1:
		s.answerRenamed()
	default:
		sh := s.anyShop()
		takeOut := s.flip("take out")
		s.trace("shipped meanwhile by shop %d: take out %v", sh.i, takeOut)
		if s.do(working, func() { s.accept(s.r.Engine.AnswerShipped(background, s.id(sh), takeOut)) }) {
			s.m.Answer(sh.i, takeOut)
		}
	}
}

func (s *Sim) linkLine() {
	type waiting struct {
		line *Line
		ref  db.LineRef
	}
	var all []waiting
	for _, sh := range s.shops {
		for _, o := range sh.orders {
			for i, l := range s.m.Lines[formatID(int64(sh.i))+"/"+o.ref] {
				if l.told && l.Product == nil && (s.jumped.IsZero() || l.Now.away() == 0) {
					all = append(all, waiting{l, db.LineRef{Store: s.id(sh), Order: o.ref, Line: o.lines[i].ref}})
				}
			}
		}
	}
	w, sku := one(s, all, "line"), one(s, s.skus(), "sku")
	s.trace("link line %s-%s to %s", w.ref.Order, w.ref.Line, sku)
	if s.do(working, func() { s.accept(s.r.Engine.LinkLine(background, w.ref, sku)) }) {
		s.m.Attach(w.line, s.m.Products[sku])
	}
}

func (s *Sim) answerRenamed() {
	var held []db.Listing
	s.view(func(tx *db.Tx) error {
		for _, sh := range s.connected() {
			for l := range tx.Listings(s.id(sh)) {
				if l.Renamed != "" && l.Item != 0 {
					held = append(held, l)
				}
			}
		}
		return nil
	})
	l, renamed := one(s, held, "listing"), s.flip("renamed")
	i := slices.Index(s.r.Stores, l.Store)
	s.trace("listing %d/%s has SKU %s now: renamed %v", i, l.Ref, l.Renamed, renamed)
	var err error
	if !s.do(working, func() { err = s.r.Engine.AnswerRenamed(background, db.Link{Store: l.Store, Ref: l.Ref}, renamed) }) {
		return
	}
	ok := s.m.Renamed(formatID(int64(i))+"/"+l.Ref, l.Renamed, renamed)
	if ok != (err == nil) {
		s.fail("L9: the answer was accepted %v, the model says %v: %v", err == nil, ok, err)
	}
	s.accept(err, engine.CodeInvalid)
}
