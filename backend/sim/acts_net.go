package sim

import (
	"fmt"
	"time"

	"evenstock/backend/channel/channeltest"
	"evenstock/backend/engine"
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

// manyCalls is more than any shop gets while it is out of reach.
const manyCalls = 1000

// dead leaves one shop without an answer while others have something to do, and looks that they do it (V28).
func (s *Sim) dead() {
	sh := s.anyShop()
	s.trace("shop %d is out of reach", sh.i)
	sh.Fault(channeltest.Fault{Call: channeltest.AnyCall, Kind: channeltest.TimeoutBefore, Times: manyCalls})
	s.adjust()
	s.pass(s.served())
	sh.Shop.(clearing).ClearFaults()
}

// clearing is a shop whose faults can be ended.
type clearing interface{ ClearFaults() }

// poison has a shop refuse every batch with a certain listing in it, and looks that the others of it are sent (V28).
func (s *Sim) poison() {
	sh := one(s, s.on(), "shop")
	sh.poison = one(s, sh.onSale(), "listing")
	s.trace("shop %d refuses %s", sh.i, sh.poison.ref.Listing)
	for range 2 {
		s.adjust()
	}
	s.pass(s.served())
}

// served is a time within which a mark is served whatever happens elsewhere.
func (s *Sim) served() time.Duration {
	return orderGap + time.Duration(s.draw(0, 5, "more"))*time.Minute
}

// race is something that happens in the middle of the engine's work.
type race struct {
	shop   *shop
	call   channeltest.Call
	before bool // the call takes effect
	what   int
	goods  *listing
	hot    bool // to the goods whose number is being read or written, not to the drawn ones
	units  int64
	by     int64
	hide   time.Duration
}

// race plants a sale or a change of stock.
func (s *Sim) race() { s.plant(s.anyShop()) }

// duel plants something in a store that is on and gives it a reason to work at once.
func (s *Sim) duel() {
	sh := one(s, s.on(), "shop")
	for range s.draw(1, 2, "races") {
		s.plant(sh)
	}
	p := s.m.Links[s.key(sh, one(s, sh.onSale(), "listing"))]
	if p == nil {
		return
	}
	c := engine.StockChange{SKU: p.SKU, Op: engine.AddStock, Quantity: int64(s.draw(-2, 6, "by"))}
	s.trace("add %d to %s", c.Quantity, p.SKU)
	s.change(c)
	s.pass(one(s, []time.Duration{time.Second, 40 * time.Second, 2 * time.Minute}, "time"))
}

func (s *Sim) plant(sh *shop) {
	r := race{shop: sh, call: one(s, calls[:3], "call"), before: s.flip("before"), what: s.draw(0, 6, "what"),
		goods: one(s, sh.onSale(), "listing"), hot: s.draw(0, 3, "hot") > 0, units: int64(s.draw(1, 3, "units")),
		by: int64(s.draw(-3, 5, "by")), hide: time.Duration(s.draw(30, 120, "seconds")) * time.Second}
	s.trace("shop %d: something happens at %q, before it: %v", sh.i, r.call, r.before)
	if r.before {
		sh.Before(r.call, func() { s.happen(r) })
	} else {
		sh.After(r.call, func() { s.happen(r) })
	}
}

func (s *Sim) happen(r race) {
	if r.hot && len(r.shop.hot) > 0 {
		r.goods = r.shop.hot[int(r.units)%len(r.shop.hot)]
	}
	switch {
	case s.calm || r.goods.gone:
	case r.what >= 5:
		s.raceStock(s.m.Links[s.key(r.shop, r.goods)], r.by)
	default:
		s.raceSale(r)
	}
}

// raceSale sells in the middle of the engine's work; some such orders hide, some are cancelled before anybody sees them.
func (s *Sim) raceSale(r race) {
	sh := r.shop
	if sh.sells(r.goods) < r.units {
		return
	}
	if r.call == channeltest.ListOrders && !r.before {
		sh.freeze()
	}
	o := sh.place(s.now(), map[*listing]int64{r.goods: r.units}, []*listing{r.goods})
	o.afterRead = r.call == channeltest.PushStock || r.call == channeltest.ReadStock && !r.before
	s.trace("    order %s is placed: %d of %s", o.ref, r.units, r.goods.ref.Listing)
	switch {
	case r.what == 3 && s.mode != turning:
		s.hide(sh, o, r.hide)
		s.trace("    and hidden until %s", o.hidden.Format(time.TimeOnly))
	case r.what == 4 && r.call == channeltest.PushStock && r.before:
		sh.After(r.call, func() {
			if !o.gone && isOpen(o) && !o.cancelled {
				s.trace("    order %s is cancelled", o.ref)
				sh.cancel(o, s.now())
			}
		})
	}
}

// raceStock changes stock by hand in the middle of the engine's work.
func (s *Sim) raceStock(p *Product, by int64) {
	if p == nil || !p.Counted || (by < 0 && p.InStock+by < 0) || s.mode != working || s.commits > 0 {
		return
	}
	s.recent[p] = append(s.recent[p], target(p))
	s.keys++
	s.trace("    %s changes by %d", p.SKU, by)
	changed, err := s.r.Engine.ChangeStock(background, engine.StockChange{SKU: p.SKU, Op: engine.AddStock, Quantity: by,
		Key: fmt.Sprint("race ", s.keys)})
	s.expect(s.m.Add(p.SKU, by, s.now()), changed.Seq, err)
}

// gapLimit is the silence after which all stores are asked for orders before any is pushed (product.md I6).
const gapLimit = 10 * time.Minute

// crash lets a commit soon be the last thing the program does, or be refused.
func (s *Sim) crash() {
	s.commits, s.kill = s.draw(1, 20, "commits"), s.flip("kill")
	s.trace("commit %d is refused, kill %v", s.commits, s.kill)
}

// outage is a crash while orders are pulled that were placed a while ago.
func (s *Sim) outage() {
	s.sell()
	s.asleep(time.Duration(s.draw(6, 30, "minutes")) * time.Minute)
	s.commits, s.kill = s.draw(1, 12, "commits"), s.flip("kill")
	s.trace("outage: commit %d is refused, kill %v", s.commits, s.kill)
	s.pass(11 * time.Minute)
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
	began, waiting := s.now(), s.waiting()
	if s.do(working, func() { s.r.Cycle(d) }) {
		s.checkGaps()
		s.checkServed(began, waiting)
	}
	s.worked = s.now()
}

func (s *Sim) sleep() {
	d := time.Duration(s.draw(1, 9, "hours")) * time.Hour
	s.trace("sleep %s", d)
	s.asleep(d)
}

func (s *Sim) asleep(d time.Duration) {
	s.r.Clock.Advance(d)
	s.seen.from = s.now()
	if d > gapLimit && !s.jumped.After(s.worked) { // else a program cannot know how long it slept
		s.wake()
	}
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
		sh.Shop.(clearing).ClearFaults()
		sh.replays, sh.poison = false, nil
	}
}
