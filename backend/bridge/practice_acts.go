package bridge

import (
	"fmt"
	"strings"
	"time"

	"evenstock/backend/engine"
	"evenstock/backend/practice"
)

// PracticeRefund is a refund of units of one line, with or without putting them back on the shelf.
type PracticeRefund struct {
	Order   int64 `json:"order"`
	Line    int64 `json:"line"`
	Units   int64 `json:"units"`
	Restock bool  `json:"restock"`
}

// Bounds of what a person can let happen in one go.
const (
	mostUnits   = 1_000_000
	mostFaults  = 1000
	mostMinutes = 7 * 24 * 60
	hideFor     = time.Minute
)

// applePrice is what goods cost that a person puts on sale; nothing depends on it.
const applePrice = "3.50"

// breaks are the ways to break a shop, by the name the page gives them.
var breaks = map[string]practice.FaultKind{
	"500": practice.ServerError, "none": practice.TimeoutBefore, "html": practice.HTML, "slow": practice.TooMany,
}

func nameOf(kind practice.FaultKind) string {
	for name, k := range breaks {
		if k == kind {
			return name
		}
	}
	return "other"
}

// Offer puts goods on sale in every practice store that does not have their SKU yet.
func (p *Practice) Offer(sku, name string, quantity int64) error {
	return do(p.b, "Practice.Offer", func(d *Deps) error {
		_, worlds, err := playing(d)
		if err != nil {
			return err
		}
		if strings.TrimSpace(sku) == "" || strings.TrimSpace(name) == "" || quantity < 0 || quantity > mostUnits {
			return invalid("New goods need a name, a SKU and a number of units.")
		}
		for _, w := range worlds {
			w.Do(func(s *practice.State) {
				if len(s.BySKU(sku)) == 0 {
					s.SetQuantity(s.Add(practice.Item{Name: name, SKU: sku, Price: applePrice, Counted: true}), quantity)
				}
			})
		}
		return nil
	})
}

// Order lets a customer order units of an item and returns the order's number. The shop lowers its own number at once.
func (p *Practice) Order(store uint32, item, units int64) (int64, error) {
	return call(p.b, "Practice.Order", func(d *Deps) (id int64, err error) {
		err = inShop(d, store, func(s *practice.State) error {
			it := s.Item(item)
			if it == nil || !onSale(s, it) {
				return gone("product")
			}
			if units < 1 || units > mostUnits {
				return invalid("A customer orders at least one unit.")
			}
			id = s.Sell(practice.Units{Item: item, Quantity: units}).ID
			return nil
		})
		return id, err
	})
}

// Ship marks an order as shipped.
func (p *Practice) Ship(store uint32, order int64) error {
	return p.move("Practice.Ship", store, order, practice.Shipped)
}

// Cancel cancels an order that is not shipped; the shop gives back what it holds.
func (p *Practice) Cancel(store uint32, order int64) error {
	return p.move("Practice.Cancel", store, order, practice.Cancelled)
}

func (p *Practice) move(name string, store uint32, order int64, to practice.Stage) error {
	return do(p.b, name, func(d *Deps) error {
		return inShop(d, store, func(s *practice.State) error {
			o := s.Order(order)
			if o == nil {
				return gone("order")
			}
			if o.Stage != practice.Open {
				return invalid(fmt.Sprintf("Order #%d is %s, so it stays as it is.", order, o.Stage))
			}
			s.SetStage(o, to)
			return nil
		})
	})
}

// Refund refunds units of a line, before or after it was shipped.
func (p *Practice) Refund(store uint32, refund PracticeRefund) error {
	return do(p.b, "Practice.Refund", func(d *Deps) error {
		return inShop(d, store, func(s *practice.State) error {
			o := s.Order(refund.Order)
			if o == nil {
				return gone("order")
			}
			l := o.Line(refund.Line)
			if l == nil || o.Stage != practice.Open && o.Stage != practice.Shipped {
				return invalid(fmt.Sprintf("Nothing of order #%d can be refunded any more.", o.ID))
			}
			if left := l.Quantity - o.RefundedUnits(l.ID); refund.Units < 1 || refund.Units > left {
				return invalid(fmt.Sprintf("Between 1 and %d units of this line can be refunded.", left))
			}
			s.RefundUnits(o, l.ID, refund.Units, refund.Restock)
			return nil
		})
	})
}

// Count edits an item's number by hand in the shop.
func (p *Practice) Count(store uint32, item, quantity int64) error {
	return do(p.b, "Practice.Count", func(d *Deps) error {
		return inShop(d, store, func(s *practice.State) error {
			it := s.Item(item)
			if it == nil || !onSale(s, it) {
				return gone("product")
			}
			if quantity < 0 || quantity > mostUnits {
				return invalid(fmt.Sprintf("The shop takes whole numbers from 0 to %d.", mostUnits))
			}
			s.SetQuantity(it, quantity)
			return nil
		})
	})
}

// HideNew keeps orders of the next minute out of the shop's answers until that minute is over.
func (p *Practice) HideNew(store uint32) error {
	return do(p.b, "Practice.HideNew", func(d *Deps) error {
		return inShop(d, store, func(s *practice.State) error {
			s.HideNewUntil = s.Now().Add(hideFor)
			return nil
		})
	})
}

// Break makes the shop's next answers go wrong, so many times: how is 500, none, html or slow. It replaces how the shop
// was broken before.
func (p *Practice) Break(store uint32, how string, times int) error {
	return do(p.b, "Practice.Break", func(d *Deps) error {
		kind, known := breaks[how]
		if !known || times < 1 || times > mostFaults {
			return invalid(fmt.Sprintf("A shop breaks for 1 to %d answers, in one of the ways offered.", mostFaults))
		}
		return withWorld(d, store, func(w *practice.World) {
			w.ClearFaults()
			w.Fault(practice.Fault{Kind: kind, Times: times})
		})
	})
}

// Heal makes the shop answer as it should.
func (p *Practice) Heal(store uint32) error {
	return do(p.b, "Practice.Heal", func(d *Deps) error { return withWorld(d, store, (*practice.World).ClearFaults) })
}

// Jump puts the shop's clock forward, at most a week at a time. The computer's own clock stays.
func (p *Practice) Jump(store uint32, minutes int) error {
	return do(p.b, "Practice.Jump", func(d *Deps) error {
		if minutes < 1 || minutes > mostMinutes {
			return invalid("A shop's clock is put forward by at most a week.")
		}
		return withWorld(d, store, func(w *practice.World) { w.Advance(time.Duration(minutes) * time.Minute) })
	})
}

// Live lets customers come by themselves, or keeps them away.
func (p *Practice) Live(on bool) error {
	return do(p.b, "Practice.Live", func(d *Deps) error {
		demo, _, err := playing(d)
		if err == nil {
			demo.Pause(!on)
		}
		return err
	})
}

func withWorld(d *Deps, store uint32, fn func(*practice.World)) error {
	_, worlds, err := playing(d)
	if err != nil {
		return err
	}
	w := worlds[store]
	if w == nil {
		return &Failure{Code: engine.CodeNotFound, Message: fmt.Sprintf("There is no practice store number %d.", store)}
	}
	fn(w)
	return nil
}

func inShop(d *Deps, store uint32, fn func(*practice.State) error) (err error) {
	if missing := withWorld(d, store, func(w *practice.World) { w.Do(func(s *practice.State) { err = fn(s) }) }); missing != nil {
		return missing
	}
	return err
}

func gone(what string) error {
	return &Failure{Code: engine.CodeNotFound, Message: "The shop has no such " + what + " any more."}
}
