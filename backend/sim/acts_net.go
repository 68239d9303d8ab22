package sim

import (
	"fmt"
	"time"

	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/engine"
	"evenstock/backend/practice/practicetest"
)

// What the network, the computer and its clock do.

var (
	calls = []channeltest.Call{channeltest.ListOrders, channeltest.ReadStock, channeltest.PushStock, channeltest.ListListings,
		channeltest.GetOrders, channeltest.AnyCall}
	faults = []channeltest.FaultKind{channeltest.ServerError, channeltest.TooMany, channeltest.TimeoutBefore,
		channeltest.TimeoutAfter, channeltest.Truncate, channeltest.HTML}
)

// fault makes the next calls of one class go wrong.
func (s *Sim) fault() {
	sh := s.anyShop()
	f := channeltest.Fault{Call: one(s, calls, "call"), Kind: one(s, faults, "kind"), Times: s.draw(1, 3, "times"),
		After: time.Duration(s.draw(1, 15, "minutes")) * time.Minute}
	s.trace("shop %d: %q answers %s, %d times", sh.i, f.Call, f.Kind, f.Times)
	sh.Fault(f)
}

// race plants something that happens in the middle of the engine's work: a sale, or a change of stock.
func (s *Sim) race() {
	sh := s.anyShop()
	call := one(s, calls[:3], "call")
	before, what := s.flip("before"), s.draw(0, 5, "what")
	goods, units := one(s, sh.onSale(), "listing"), int64(s.draw(1, 3, "units"))
	hide := time.Duration(s.draw(30, 120, "seconds")) * time.Second
	sku, by := one(s, products, "sku"), int64(s.draw(-3, 5, "by"))
	act := func() {
		switch {
		case s.calm || goods.gone:
		case what == 5:
			s.raceStock(sku, by)
		default:
			s.raceSale(sh, call, before, what, goods, units, hide)
		}
	}
	s.trace("shop %d: something happens at %q, before it: %v", sh.i, call, before)
	if before {
		sh.Before(call, act)
	} else {
		sh.After(call, act)
	}
}

// raceSale sells in the middle of the engine's work; some such orders hide, some are cancelled before anybody sees them.
func (s *Sim) raceSale(sh *shop, call channeltest.Call, before bool, what int, goods *listing, units int64, hide time.Duration) {
	if call == channeltest.ListOrders && !before {
		sh.freeze()
	}
	o := sh.place(s.now(), map[*listing]int64{goods: units}, []*listing{goods})
	o.afterRead = call == channeltest.PushStock || call == channeltest.ReadStock && !before
	s.trace("    order %s is placed: %d of %s", o.ref, units, goods.ref.Listing)
	switch {
	case what == 3 && s.mode != turning:
		s.hide(sh, o, hide)
		s.trace("    and hidden until %s", o.hidden.Format(time.TimeOnly))
	case what == 4 && call == channeltest.PushStock && before:
		sh.After(call, func() {
			if !o.gone && isOpen(o) && !o.cancelled {
				s.trace("    order %s is cancelled", o.ref)
				sh.cancel(o, s.now())
			}
		})
	}
}

// raceStock changes stock by hand in the middle of the engine's work.
func (s *Sim) raceStock(sku string, by int64) {
	p := s.m.Products[sku]
	if p == nil || !p.Counted || (by < 0 && p.InStock+by < 0) || s.mode != working || s.commits > 0 {
		return
	}
	s.recent[p] = append(s.recent[p], target(p))
	s.keys++
	s.trace("    %s changes by %d", sku, by)
	changed, err := s.r.Engine.ChangeStock(background, engine.StockChange{SKU: sku, Op: engine.AddStock, Quantity: by,
		Key: fmt.Sprint("race ", s.keys)})
	s.expect(s.m.Add(sku, by, s.now()), changed.Seq, err)
}

// crash lets a commit soon be the last thing the program does, or be refused.
func (s *Sim) crash() {
	s.commits, s.kill = s.draw(1, 20, "commits"), s.flip("kill")
	s.trace("commit %d is refused, kill %v", s.commits, s.kill)
}

func (s *Sim) restartNow() {
	s.trace("restart")
	s.restart()
}

// jump sets the computer's clock; the shops' clocks and true time go on as they did.
func (s *Sim) jump() {
	by := one(s, []time.Duration{-24 * time.Hour, -5 * time.Hour, -time.Hour, -7 * time.Minute, -40 * time.Second,
		40 * time.Second, 7 * time.Minute, time.Hour, 5 * time.Hour, 24 * time.Hour}, "by")
	s.trace("the computer's clock is set by %s", by)
	s.r.skewed += by
	s.jumped, s.seen.from = s.now(), s.now()
	for _, sh := range s.shops {
		if by > 0 {
			sh.cool = time.Time{} // a program cannot know that its clock went forward
		}
	}
}

// wait lets time pass with the program awake, sleep with the computer asleep.
func (s *Sim) wait() {
	d := one(s, []time.Duration{time.Second, 5 * time.Second, 31 * time.Second, 65 * time.Second, 3 * time.Minute, 11 * time.Minute, 40 * time.Minute}, "time")
	s.trace("wait %s", d)
	s.pass(d)
}

func (s *Sim) pass(d time.Duration) {
	if s.do(working, func() { s.r.Cycle(d) }) {
		s.checkGaps()
	}
}

func (s *Sim) sleep() {
	d := time.Duration(s.draw(1, 9, "hours")) * time.Hour
	s.trace("sleep %s", d)
	s.asleep(d)
}

func (s *Sim) asleep(d time.Duration) {
	s.r.Clock.Advance(d)
	s.wake()
}

// oldPage lets a shop show old states of its orders once more.
func (s *Sim) oldPage() {
	sh := s.anyShop()
	s.trace("shop %d repeats itself", sh.i)
	sh.replays = true
}

// mend ends all faults and races.
func (s *Sim) mend() {
	s.calm, s.commits = true, 0
	for _, sh := range s.shops {
		switch shop := sh.Shop.(type) {
		case *memory.Store:
			shop.ClearFaults()
		case *practicetest.Shop:
			shop.World.ClearFaults()
		}
		sh.replays = false
	}
}
