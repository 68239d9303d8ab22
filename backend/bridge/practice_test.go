package bridge_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"evenstock/backend/bridge"
	"evenstock/backend/engine"
	"evenstock/backend/practice"
)

// panel is the practice panel over one shop.
type panel struct {
	*bridge.Practice
	t     *testing.T
	world *practice.World
}

const shopNumber = 7

func newPanel(t *testing.T) panel {
	t.Helper()
	at := time.Date(2026, 8, 17, 9, 0, 0, 0, time.UTC)
	w := practice.New(practice.Options{Name: "Fernhill", Now: func() time.Time { return at }})
	demo := practice.NewDemo(1, w)
	var l log
	b := bridge.New(bridge.About{Log: l.logger()})
	b.Attach(bridge.Deps{Context: t.Context(), Practice: func() (*practice.Demo, map[uint32]*practice.World) {
		return demo, map[uint32]*practice.World{shopNumber: w}
	}})
	p := panel{practiceOf(b), t, w}
	p.ok(p.Offer("APPLES", "Apples", 50))
	return p
}

func practiceOf(b *bridge.Bridge) *bridge.Practice {
	services := b.Services()
	i := slices.IndexFunc(services, func(s any) bool { _, is := s.(*bridge.Practice); return is })
	return services[i].(*bridge.Practice)
}

func (p panel) ok(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p panel) shop() bridge.PracticeShop {
	p.t.Helper()
	all, err := p.Shops()
	p.ok(err)
	if len(all.Shops) != 1 || all.Shops[0].Store != shopNumber {
		p.t.Fatalf("%+v", all)
	}
	return all.Shops[0]
}

func (p panel) apples() bridge.PracticeItem {
	p.t.Helper()
	items := p.shop().Items
	i := slices.IndexFunc(items, func(it bridge.PracticeItem) bool { return it.SKU == "APPLES" })
	if i < 0 {
		p.t.Fatalf("%+v", items)
	}
	return items[i]
}

func (p panel) order(units int64) bridge.PracticeOrder {
	p.t.Helper()
	id, err := p.Order(shopNumber, p.apples().ID, units)
	p.ok(err)
	o := p.shop().Orders[0]
	if o.ID != id || o.Stage != "open" || len(o.Lines) != 1 || o.Lines[0].SKU != "APPLES" || o.Lines[0].Left != units {
		p.t.Fatalf("%+v", o)
	}
	return o
}

func TestPracticeOrdersMoveTheShopsNumber(t *testing.T) {
	cases := []struct {
		name string
		act  func(panel, bridge.PracticeOrder) error
		want int64 // of 50, after an order of 4
	}{
		{"shipped", func(p panel, o bridge.PracticeOrder) error { return p.Ship(shopNumber, o.ID) }, 46},
		{"cancelled", func(p panel, o bridge.PracticeOrder) error { return p.Cancel(shopNumber, o.ID) }, 50},
		{"refund before shipping, no restock", refund(false, false), 46},
		{"refund before shipping, restock", refund(false, true), 47},
		{"refund after shipping, no restock", refund(true, false), 46},
		{"refund after shipping, restock", refund(true, true), 47},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := newPanel(t)
			o := p.order(4)
			if n := p.apples().Quantity; n != 46 {
				t.Fatalf("after the order: %d", n)
			}
			p.ok(c.act(p, o))
			if n := p.apples().Quantity; n != c.want {
				t.Errorf("the shop shows %d, want %d", n, c.want)
			}
		})
	}
}

func refund(shipped, restock bool) func(panel, bridge.PracticeOrder) error {
	return func(p panel, o bridge.PracticeOrder) error {
		if shipped {
			p.ok(p.Ship(shopNumber, o.ID))
		}
		err := p.Refund(shopNumber, bridge.PracticeRefund{Order: o.ID, Line: o.Lines[0].ID, Units: 1, Restock: restock})
		if left := p.shop().Orders[0].Lines[0].Left; left != 3 {
			p.t.Errorf("%d units can still be refunded, want 3", left)
		}
		return err
	}
}

func TestPracticeRefusesWhatCannotHappen(t *testing.T) {
	p := newPanel(t)
	o := p.order(4)
	line := o.Lines[0].ID
	apples := p.apples().ID
	_, none := p.Order(shopNumber, 9999, 1)
	_, nothing := p.Order(shopNumber, apples, 0)
	refused := map[string]error{
		"unknown item": none, "no units": nothing,
		"unknown order":   p.Ship(shopNumber, 9999),
		"unknown shop":    p.Ship(99, o.ID),
		"too many units":  p.Refund(shopNumber, bridge.PracticeRefund{Order: o.ID, Line: line, Units: 5}),
		"unknown line":    p.Refund(shopNumber, bridge.PracticeRefund{Order: o.ID, Line: 9999, Units: 1}),
		"below zero":      p.Count(shopNumber, apples, -1),
		"unknown fault":   p.Break(shopNumber, "fire", 1),
		"broken for ever": p.Break(shopNumber, "500", 1<<40),
		"back in time":    p.Jump(shopNumber, -10),
		"no name":         p.Offer("X", " ", 1),
	}
	for name, err := range refused {
		var f *bridge.Failure
		if !errors.As(err, &f) || f.Code != engine.CodeInvalid && f.Code != engine.CodeNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	p.ok(p.Cancel(shopNumber, o.ID))
	if p.Ship(shopNumber, o.ID) == nil {
		t.Error("a cancelled order was shipped")
	}
	if n := p.apples().Quantity; n != 50 {
		t.Errorf("the shop shows %d after what was refused, want 50", n)
	}
}

func TestPracticeShopBreaksHidesAndJumps(t *testing.T) {
	p := newPanel(t)
	p.ok(p.Break(shopNumber, "html", 3))
	if s := p.shop(); s.Broken != "html" || s.Left != 3 {
		t.Errorf("broken: %q %d", s.Broken, s.Left)
	}
	p.ok(p.Heal(shopNumber))
	if s := p.shop(); s.Broken != "" || s.Left != 0 {
		t.Errorf("well again: %q %d", s.Broken, s.Left)
	}

	p.ok(p.HideNew(shopNumber))
	if o := p.order(1); !o.Hidden || p.shop().Hiding != 60_000 {
		t.Errorf("hidden: %+v, %d ms", o, p.shop().Hiding)
	}
	p.ok(p.Jump(shopNumber, 10))
	if s := p.shop(); s.Orders[0].Hidden || s.Hiding != 0 || s.Ahead != 600_000 {
		t.Errorf("ten minutes later: %+v", s)
	}

	p.ok(p.Count(shopNumber, p.apples().ID, 12))
	p.ok(p.Offer("APPLES", "Apples", 50)) // is there already
	if n := p.apples().Quantity; n != 12 {
		t.Errorf("the shop shows %d, want 12", n)
	}
	p.ok(p.Live(false))
	if all, _ := p.Shops(); all.Live {
		t.Error("customers still come by themselves")
	}
}

func TestPracticeNeedsPracticeBooks(t *testing.T) {
	var l log
	b := bridge.New(bridge.About{Log: l.logger()})
	b.Attach(bridge.Deps{Context: t.Context()})
	var f *bridge.Failure
	if _, err := practiceOf(b).Shops(); !errors.As(err, &f) || f.Code != engine.CodeNotFound {
		t.Errorf("real books have practice stores: %v", err)
	}
}
