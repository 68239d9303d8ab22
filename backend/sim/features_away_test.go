package sim

import (
	"testing"
	"time"

	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/engine"
)

var twoUnits = domain.Away{Units: 2}

func (r *Rig) away(hold domain.Away, until time.Time, atStart bool) {
	r.T.Helper()
	if err := r.Engine.StartAway(ctx, hold, until, atStart); err != nil {
		r.T.Fatal(err)
	}
}

func TestAwayHoldsBackUntilTheUserIsBack(t *testing.T) {
	both(t, 2, func(t *testing.T, r *Rig) {
		tea, jam := r.Goods("TEA", 9), r.Goods("JAM", 1)
		r.On(0, 1)
		r.Set("TEA", 9)
		r.Set("JAM", 1)
		r.Cycle(10 * time.Minute)
		shown, err := r.Engine.AwayPreview(twoUnits)
		if err != nil || len(shown) != 2 || shown[0].Totals.Changes != 2 || shown[0].Totals.Zero != 1 || shown[0].Rows[0].SKU != "JAM" ||
			*shown[0].Rows[1].Target != 7 || shown[0].Rows[1].Why != "9 available, away: −2" {
			t.Fatalf("%+v %v", shown, err)
		}
		r.WantShops(tea, 9, 9)
		r.away(twoUnits, time.Time{}, false)
		r.Cycle(time.Minute)
		r.WantShops(tea, 7, 7)
		r.WantShops(jam, 0, 0)
		r.WantStock("TEA", 9, 0)
		r.Shops[0].Sell(units(tea[0], 3))
		r.Cycle(11 * time.Minute)
		r.WantStock("TEA", 9, 3)
		r.WantShops(tea, 4, 4)
		r.StartEngine() // a restart changes nothing
		r.Cycle(11 * time.Minute)
		r.WantShops(tea, 4, 4)
		if err := r.Engine.EndAway(ctx); err != nil {
			t.Fatal(err)
		}
		r.Cycle(time.Minute)
		r.WantShops(tea, 6, 6)
		r.WantShops(jam, 1, 1)
	})
}

// TestAwayWhileANumberIsOnItsWay: what the shop is about to show counts, not what it shows.
func TestAwayWhileANumberIsOnItsWay(t *testing.T) {
	r := Build(t, Setup{Kinds: []Kind{Memory}, Memory: memory.Options{Feeds: 150 * time.Second}})
	tea := r.Goods("TEA", 9)
	r.On(0)
	r.Set("TEA", 9)
	r.Cycle(10 * time.Minute)
	r.Set("TEA", 11)
	r.WantShops(tea, 9)
	r.away(twoUnits, time.Time{}, false)
	r.Cycle(30 * time.Minute)
	r.WantShops(tea, 9)
}

// TestAwayPassesTheSafetyCatch: every number of a store changes, and the user has seen that.
func TestAwayPassesTheSafetyCatch(t *testing.T) {
	r := New(t, Memory, 1)
	for i := range 40 {
		r.Goods(string(rune('A'+i/10))+string(rune('0'+i%10)), 2)
	}
	r.TurnOn(0, engine.TurnOn{Copy: true})
	r.away(twoUnits, time.Time{}, false)
	r.Cycle(time.Minute)
	held, err := r.Engine.Held(r.Stores[0])
	if err != nil || len(held.Rows) != 0 {
		t.Fatalf("%d rows are held: %v", len(held.Rows), err)
	}
	again, err := r.Engine.AwayPreview(twoUnits)
	if err != nil || again[0].Totals.Changes != 0 || again[0].Totals.Same != 40 {
		t.Errorf("%+v %v", again[0].Totals, err)
	}
}

// TestAwayAtQuit: the program ends with larger buffers and comes back: all orders first, then each listing once.
func TestAwayAtQuit(t *testing.T) {
	both(t, 3, func(t *testing.T, r *Rig) {
		tea := r.Goods("TEA", 20)
		r.On(0, 1, 2)
		r.Set("TEA", 20)
		r.Cycle(10 * time.Minute)
		r.away(twoUnits, time.Time{}, true)
		r.Cycle(time.Minute)
		r.WantShops(tea, 18, 18, 18)
		r.Clock.Advance(9 * time.Hour)
		r.Shops[1].Sell(units(tea[1], 5))
		before := [3]int{}
		for i, s := range r.Shops {
			before[i] = s.Calls(channeltest.PushStock)
		}
		r.StartEngine()
		r.Cycle(5 * time.Minute)
		r.WantStock("TEA", 20, 5)
		r.WantShops(tea, 15, 15, 15)
		for i, s := range r.Shops {
			if n := s.Calls(channeltest.PushStock) - before[i]; n != 1 {
				t.Errorf("shop %d was written to %d times", i, n)
			}
		}
		if a, err := r.Engine.Away(); err != nil || a.On || a.AtStart {
			t.Errorf("%+v %v", a, err)
		}
	})
}

// TestAwayByPlan: two nights are slept through. What was missed is made up for once, not once a night.
func TestAwayByPlan(t *testing.T) {
	r := New(t, Memory, 1)
	tea := r.Goods("TEA", 20)
	r.On(0)
	r.Set("TEA", 20)
	r.Cycle(time.Minute)
	var nights []db.AwayDay
	for day := range 7 {
		nights = append(nights, db.AwayDay{Weekday: day, From: 20 * 60, To: 8 * 60})
	}
	if err := r.Engine.PlanAway(ctx, domain.Away{Percent: 25}, nights); err != nil {
		t.Fatal(err)
	}
	at := func(hour int) {
		now := r.Now()
		next := time.Date(now.Year(), now.Month(), now.Day(), hour, 1, 0, 0, now.Location())
		if !next.After(now) {
			next = next.AddDate(0, 0, 1)
		}
		r.Clock.Advance(next.Sub(now))
		r.Cycle(2 * time.Minute)
	}
	at(21)
	r.WantShops(tea, 15)
	at(9)
	r.WantShops(tea, 20)
	at(21)
	r.WantShops(tea, 15)
	pushed := r.Shops[0].Calls(channeltest.PushStock)
	r.Clock.Advance(2 * 24 * time.Hour) // to the night after the next
	at(9)
	r.WantShops(tea, 20)
	if n := r.Shops[0].Calls(channeltest.PushStock) - pushed; n != 1 {
		t.Errorf("%d writes after two nights", n)
	}
	at(21)
	if err := r.Engine.EndAway(ctx); err != nil { // back early: the rest of the night counts no more
		t.Fatal(err)
	}
	r.Cycle(time.Hour)
	r.WantShops(tea, 20)
	at(21)
	r.WantShops(tea, 15)
}

func TestAwayEndsByTheClock(t *testing.T) {
	r := New(t, Memory, 1)
	tea := r.Goods("TEA", 20)
	r.On(0)
	r.Set("TEA", 20)
	r.Cycle(time.Minute)
	r.away(twoUnits, r.Now().Add(time.Hour), false)
	r.Cycle(50 * time.Minute)
	r.WantShops(tea, 18)
	r.Cycle(15 * time.Minute)
	r.WantShops(tea, 20)

	refusedWith(t, r.Engine.StartAway(ctx, twoUnits, r.Now(), false), engine.CodeInvalid)
	for _, hold := range []domain.Away{{}, {Units: -1}, {Percent: 101}, {Units: domain.MaxQuantity + 1}} {
		refusedWith(t, r.Engine.StartAway(ctx, hold, time.Time{}, false), engine.CodeInvalid)
	}
	refusedWith(t, r.Engine.PlanAway(ctx, twoUnits, []db.AwayDay{{Weekday: 7, From: 0, To: 60}}), engine.CodeInvalid)
	refusedWith(t, r.Engine.PlanAway(ctx, twoUnits, make([]db.AwayDay, 15)), engine.CodeInvalid)
	if _, err := r.Engine.AwayPreview(domain.Away{Percent: -1}); err == nil {
		t.Error("a share below nothing is shown")
	}
}

// TestAwayLeavesWhatTheUserLeft: a row that was left as it is at turn-on is not sent because the user goes away.
func TestAwayLeavesWhatTheUserLeft(t *testing.T) {
	r := New(t, Memory, 1)
	tea := r.Goods("TEA", 20)
	r.Set("TEA", 9)
	r.TurnOn(0, engine.TurnOn{Push: engine.PushNone})
	r.Cycle(time.Minute)
	r.WantShops(tea, 20)
	r.away(twoUnits, time.Time{}, false)
	r.Cycle(time.Minute)
	r.WantShops(tea, 20)
}
