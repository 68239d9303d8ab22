package practice

import (
	"sync"
	"testing"
	"time"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func newWorld() *World {
	return New(Options{Name: "Fernhill Home", Now: func() time.Time { return monday },
		Rules: Rules{FailedGivesBack: true, EditsFollow: true, AddedFollow: true}})
}

func (w *World) put1(quantity int64) (id int64) {
	w.Do(func(s *State) {
		id = s.Add(Item{Name: "Mug", SKU: "MUG", Price: "12.50", Counted: true, Quantity: &quantity}).ID
	})
	return id
}

func TestOrderLifeChangesTheShopsNumber(t *testing.T) {
	steps := []struct {
		name string
		do   func(w *World, item, order, line int64)
		want int64
	}{
		{"sold", func(*World, int64, int64, int64) {}, 6},
		{"shipped", func(w *World, _, order, _ int64) { w.Ship(order) }, 6},
		{"cancelled", func(w *World, _, order, _ int64) { w.Cancel(order) }, 10},
		{"refunded and put back", func(w *World, _, order, line int64) { w.RefundUnits(order, line, 1, true) }, 7},
		{"refunded and not put back", func(w *World, _, order, line int64) { w.RefundUnits(order, line, 1, false) }, 6},
		{"refunded in part, then cancelled", func(w *World, _, order, line int64) {
			w.RefundUnits(order, line, 1, true)
			w.Cancel(order)
		}, 10},
		{"line lowered", func(w *World, _, order, line int64) { w.EditLine(order, line, 1) }, 9},
		{"line removed", func(w *World, _, order, line int64) { w.EditLine(order, line, 0) }, 10},
		{"counted by hand", func(w *World, item, _, _ int64) { w.Count(item, 33) }, 33},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			w := newWorld()
			item := w.put1(10)
			order := w.Sell(Units{item, 4})
			step.do(w, item, order, w.Lines(order)[0])
			if got := w.Quantity(item); got != step.want {
				t.Errorf("the shop shows %d, want %d", got, step.want)
			}
		})
	}
}

func TestRefundOfEverythingEndsTheOrder(t *testing.T) {
	w := newWorld()
	item := w.put1(10)
	order := w.Sell(Units{item, 3})
	line := w.Lines(order)[0]
	w.RefundUnits(order, line, 1, true)
	w.RefundUnits(order, line, 2, false)
	w.Do(func(s *State) {
		o := s.Order(order)
		if o.Stage != Refunded || o.RefundedTotal() != o.Total() || len(o.Refunds) != 2 {
			t.Errorf("stage %s, %d of %d paid back in %d refunds", o.Stage, o.RefundedTotal(), o.Total(), len(o.Refunds))
		}
	})
}

func TestSKUIndexFollowsChanges(t *testing.T) {
	w := newWorld()
	item := w.put1(1)
	w.Do(func(s *State) {
		s.Add(Item{Name: "Copy", SKU: "mug"})
		if n := len(s.BySKU("Mug")); n != 2 {
			t.Errorf("%d items with the duplicate SKU, want 2", n)
		}
		s.SetSKU(s.Item(item), "CUP")
		if len(s.BySKU("MUG")) != 1 || len(s.BySKU("cup")) != 1 {
			t.Errorf("after the change: %d MUG, %d CUP", len(s.BySKU("MUG")), len(s.BySKU("cup")))
		}
		s.Delete(item)
		if len(s.BySKU("cup")) != 0 || s.Item(item) != nil {
			t.Error("the deleted item is still found")
		}
	})
}

func TestConcurrentSalesLoseNone(t *testing.T) {
	w := newWorld()
	item := w.put1(1000)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				w.Sell(Units{item, 1})
			}
		})
	}
	all.Wait()
	if got := w.Quantity(item); got != 600 {
		t.Errorf("the shop shows %d, want 600", got)
	}
}

func TestClock(t *testing.T) {
	w := newWorld()
	w.Advance(4 * time.Hour)
	if got := w.Now(); !got.Equal(monday.Add(4 * time.Hour)) {
		t.Errorf("advanced: %v", got)
	}
	w.SetOffset(-20 * time.Minute)
	if got := w.Now(); !got.Equal(monday.Add(-20 * time.Minute)) {
		t.Errorf("offset: %v", got)
	}
	w.SetNow(monday.Add(time.Hour))
	if got := w.Now(); !got.Equal(monday.Add(time.Hour)) {
		t.Errorf("set: %v", got)
	}
}

func TestCatalogue(t *testing.T) {
	const n = 12000
	a, b := Catalogue(n, 7), Catalogue(n, 7)
	count, odd, seen := 0, map[Oddity]int{}, map[string]bool{}
	for i, g := range a {
		if g.Name != b[i].Name || g.Quantity != b[i].Quantity || g.Barcode != b[i].Barcode {
			t.Fatalf("two catalogues of one seed differ at %d: %+v and %+v", i, g, b[i])
		}
		count += max(1, len(g.Choices))
		odd[g.Oddity]++
		skus := []string{g.SKU}
		for _, c := range g.Choices {
			skus = append(skus, c.SKU)
		}
		for _, sku := range skus {
			if sku != "" && seen[sku] {
				t.Fatalf("SKU %s stands on two goods, the second is %s", sku, g.Name)
			}
			seen[sku] = true
		}
	}
	if count < n {
		t.Errorf("%d listings, want at least %d", count, n)
	}
	for _, o := range []Oddity{IsDraft, NoSKU, Uncounted, Shared} {
		if odd[o] == 0 {
			t.Errorf("no goods are %s", o)
		}
	}
	if c := Catalogue(n, 8); c[5].Quantity == a[5].Quantity && c[6].Quantity == a[6].Quantity && c[8].Quantity == a[8].Quantity {
		t.Error("another seed gives the same numbers")
	}
}

func TestDemoIsTheSameForTheSameSeedAndKeepsNumbersAboveZero(t *testing.T) {
	play := func() []Event {
		w := newWorld()
		w.Stock(Catalogue(40, 3))
		d := NewDemo(3, w)
		d.Live(w)
		var events []Event
		for i := range 600 {
			events = append(events, d.Step(monday.Add(time.Duration(i)*15*time.Second))...)
		}
		w.Do(func(s *State) {
			for _, it := range append(s.Products(), s.AllVariants()...) {
				if it.Quantity != nil && *it.Quantity < 0 {
					t.Errorf("%s was sold down to %d", it.FullName(), *it.Quantity)
				}
			}
		})
		return events
	}
	first, second := play(), play()
	if len(first) < 60 {
		t.Fatalf("%d events in two and a half hours", len(first))
	}
	for i := range first {
		if first[i] != second[i] {
			t.Fatalf("event %d: %v and %v", i, first[i], second[i])
		}
	}
}

func TestDemoDoesNotCatchUpAfterSleep(t *testing.T) {
	w := newWorld()
	w.Stock(Catalogue(40, 3))
	d := NewDemo(3, w)
	d.Step(monday)
	if events := d.Step(monday.Add(9 * time.Hour)); len(events) != 1 {
		t.Errorf("%d events after nine hours of sleep, want 1", len(events))
	}
}
