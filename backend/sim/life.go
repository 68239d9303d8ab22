package sim

import (
	"slices"
	"time"

	"evenstock/backend/engine"
)

// action is something that happens, and how often compared with the others.
type action struct {
	weight int
	do     func()
}

func (s *Sim) actions() map[string]action {
	return map[string]action{
		"sell": {6, s.sell}, "sell hidden": {2, s.sellHidden}, "pay": {1, s.pay}, "ship": {4, s.ship}, "cancel": {2, s.cancel},
		"refund": {4, s.refund}, "edit": {2, s.edit}, "trash": {1, s.trash}, "hand edit": {2, s.handEdit},
		"new listing": {1, s.newListing}, "change SKU": {1, s.changeSKU}, "restore SKU": {1, s.restoreSKU},
		"remove listing": {1, s.removeListing}, "draft": {1, s.draft},
		"adjust": {4, s.adjust}, "set": {3, s.setStock}, "undo": {1, s.undo}, "empty": {2, s.empty},
		"button": {3, s.button}, "turn": {2, s.turn}, "pause": {1, s.pause}, "away": {1, s.away}, "look": {1, s.look},
		"fix drift":   {1, func() { s.fixDrift(one(s, s.connected(), "shop")) }},
		"marketplace": {2, s.sendForUs}, "disconnect": {1, s.disconnect}, "answer": {2, s.answer},
		"fault": {4, s.fault}, "dead": {1, s.dead}, "poison": {1, s.poison}, "race": {4, s.race}, "duel": {7, s.duel}, "crash": {2, s.crash}, "outage": {1, s.outage}, "restart": {1, s.restartNow}, "jump": {1, s.jump},
		"wait": {9, s.wait}, "sleep": {1, s.sleep}, "old page": {1, s.oldPage}, "rest": {1, s.rest},
	}
}

// begin pulls the listings, and for most runs counts some goods and turns stores on, so that the interesting part
// begins at once.
func (s *Sim) begin() {
	s.tick()
	for _, sh := range s.shops {
		s.do(working, func() { _, err := s.r.Engine.SyncListings(background, s.id(sh)); s.accept(err) })
	}
	if slices.ContainsFunc(s.r.Kinds, Kind.later) {
		s.pass(s.r.setup.Delay + time.Minute) // until the listings are prepared
	}
	s.check()
	if s.draw(0, 3, "from scratch") == 0 {
		return
	}
	for _, sh := range s.shops {
		for range s.draw(0, 2, "history") {
			s.tick()
			o := s.buy(sh)
			if s.trace("history: order %s", o.ref); s.flip("shipped") {
				s.tick()
				sh.shipAll(o, s.now())
			}
		}
		s.tick()
		s.turnOn(sh, engine.TurnOn{Copy: s.draw(0, 3, "copy") > 0, Push: engine.PushAll})
	}
}

// step lets a moment pass and does one thing.
func (s *Sim) step(do func()) {
	s.tick()
	do()
}

// tick lets some seconds pass, so that what follows one another has different times even by clocks that know seconds.
func (s *Sim) tick() {
	s.r.Clock.Advance(s.now().Truncate(time.Second).Add(time.Duration(1+s.draw(0, 2, "tick")) * time.Second).Sub(s.now()))
}
