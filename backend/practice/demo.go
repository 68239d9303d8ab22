package practice

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Demo lets shops live: customers buy now and then, the merchant ships, refunds and miscounts. It does nothing by
// itself; whoever owns it calls Step from time to time.
type Demo struct {
	shops  []*World
	next   []time.Time
	rand   *rand.Rand
	paused atomic.Bool
}

// Event is one thing that happened in a shop, told as a sentence.
type Event struct{ Shop, Text string }

// NewDemo returns a demo over shops, the same for the same seed and the same steps.
func NewDemo(seed uint64, shops ...*World) *Demo {
	return &Demo{shops: shops, next: make([]time.Time, len(shops)), rand: rand.New(rand.NewPCG(seed, seedStream))}
}

// Pause between two things in one shop.
const (
	demoPause  = 25 * time.Second
	demoSpread = 50 * time.Second
)

// Pause stops customers from coming by themselves, or lets them come again. It is safe while Step is called.
func (d *Demo) Pause(on bool) { d.paused.Store(on) }

// Paused reports whether customers stay away.
func (d *Demo) Paused() bool { return d.paused.Load() }

// Step lets happen what is due at now: at most one thing in each shop, however long nobody called, and nothing while
// the demo is paused.
func (d *Demo) Step(now time.Time) []Event {
	if d.Paused() {
		return nil
	}
	var events []Event
	for i, w := range d.shops {
		if now.Before(d.next[i]) {
			continue
		}
		first := d.next[i].IsZero()
		d.next[i] = now.Add(demoPause + time.Duration(d.rand.Int64N(int64(demoSpread))))
		if first {
			continue // a shop that was just opened gets a moment to be looked at
		}
		if text := d.act(w); text != "" {
			events = append(events, Event{Shop: w.Name(), Text: text})
		}
	}
	return events
}

func (d *Demo) act(w *World) (text string) {
	dice := d.rand.IntN(100)
	w.Do(func(s *State) {
		switch open := s.openOrders(); {
		case dice < 60 || len(open) == 0:
			text = d.sell(s)
		case dice < 88:
			o := open[0]
			s.SetStage(o, Shipped)
			text = fmt.Sprintf("Order %d was shipped.", o.ID)
		case dice < 93:
			o := open[d.rand.IntN(len(open))]
			s.SetStage(o, Cancelled)
			text = fmt.Sprintf("Order %d was cancelled.", o.ID)
		case dice < 97:
			o := open[d.rand.IntN(len(open))]
			l := o.Lines[0]
			s.RefundUnits(o, l.ID, 1, true)
			text = fmt.Sprintf("One of %s in order %d was refunded and put back.", l.Name, o.ID)
		default:
			text = d.miscount(s)
		}
	})
	return text
}

// openOrders are the orders that wait to be shipped and have something left to refund, oldest first.
func (s *State) openOrders() []*Order {
	var open []*Order
	for _, o := range s.orders {
		if o.Stage == Open && !o.Trashed && len(o.Lines) > 0 && o.RefundedTotal() < o.Total() {
			open = append(open, o)
		}
	}
	return open
}

func (d *Demo) sell(s *State) string {
	it := d.pick(s)
	if it == nil {
		return ""
	}
	units := min(1+int64(d.rand.IntN(3)), *s.Holder(it).Quantity)
	o := s.Sell(Units{it.ID, units})
	return fmt.Sprintf("A customer ordered %d × %s (order %d).", units, it.FullName(), o.ID)
}

func (d *Demo) miscount(s *State) string {
	it := d.pick(s)
	if it == nil || !it.Counted {
		return ""
	}
	now := *it.Quantity + 1
	s.SetQuantity(it, now)
	return fmt.Sprintf("Somebody set %s to %d in the shop itself.", it.FullName(), now)
}

// tries is how often an item that cannot be sold is passed over before the shop is taken for sold out.
const tries = 20

// pick chooses something that is on sale and there.
func (d *Demo) pick(s *State) *Item {
	all := len(s.products) + len(s.variants)
	for range min(tries, all) {
		i := d.rand.IntN(all)
		var it *Item
		if i < len(s.products) {
			it = s.products[i]
		} else {
			it = s.variants[i-len(s.products)]
		}
		holder := s.Holder(it)
		if it.Kind != Parent && it.Status == Published && holder != nil && holder.Quantity != nil && *holder.Quantity > 0 {
			return it
		}
	}
	return nil
}

// orderHistory is how far back the orders of a shop go that was just opened, and historyStep one every how long.
const (
	orderHistory = 10 * 24 * time.Hour
	historyStep  = 7 * time.Hour
)

// Live gives a new shop a past: orders of the last ten days, the older ones shipped, the younger ones mostly open.
func (d *Demo) Live(w *World) {
	w.Do(func(s *State) {
		now := s.now
		defer func() { s.now = now }()
		for ago := orderHistory; ago > historyStep; ago -= historyStep {
			s.now = now.Add(-ago)
			it := d.pick(s)
			if it == nil {
				continue
			}
			o := s.Sell(Units{it.ID, 1})
			if ago > 4*historyStep || d.rand.IntN(3) == 0 {
				s.now = s.now.Add(historyStep / 2)
				s.SetStage(o, Shipped)
			}
		}
	})
}
