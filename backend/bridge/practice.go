package bridge

import (
	"cmp"
	"maps"
	"slices"

	"evenstock/backend/engine"
	"evenstock/backend/practice"
)

// Practice is the panel of the practice stores: what a person lets happen in them, and what they show. Every call fails
// with a sentence when the books are not practice books.
type Practice struct{ b *Bridge }

// PracticeShops are the practice stores as they are inside, whatever Evenstock knows of it.
type PracticeShops struct {
	Live  bool           `json:"live"` // customers come by themselves
	Shops []PracticeShop `json:"shops"`
}

// PracticeShop is one practice store.
type PracticeShop struct {
	Store  uint32          `json:"store"`
	Now    int64           `json:"now"`    // the shop's own clock, Unix ms
	Ahead  int64           `json:"ahead"`  // how far it is ahead of the computer's, ms
	Broken string          `json:"broken"` // 500, none, html, slow, other, or empty when the shop is well
	Left   int             `json:"left"`   // calls that will still go wrong
	Hiding int64           `json:"hiding"` // ms until the orders it hides appear, 0 when it hides none
	Items  []PracticeItem  `json:"items"`
	Orders []PracticeOrder `json:"orders"` // the latest, newest first
}

// PracticeItem is something a customer can order.
type PracticeItem struct {
	ID       int64  `json:"id"`
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Quantity int64  `json:"quantity"` // what customers see
}

// PracticeOrder is an order as the shop has it.
type PracticeOrder struct {
	ID     int64          `json:"id"`
	Stage  string         `json:"stage"` // open, shipped, cancelled, refunded
	Hidden bool           `json:"hidden"`
	Lines  []PracticeLine `json:"lines"`
}

// PracticeLine is one line of an order; Left are its units that were not refunded.
type PracticeLine struct {
	ID       int64  `json:"id"`
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Quantity int64  `json:"quantity"`
	Left     int64  `json:"left"`
}

// practiceOrders is how many orders of a shop the panel offers: more than anybody plays with in a sitting.
const practiceOrders = 40

// Shops says what the practice stores show now.
func (p *Practice) Shops() (PracticeShops, error) {
	return call(p.b, "Practice.Shops", func(d *Deps) (PracticeShops, error) {
		demo, worlds, err := playing(d)
		if err != nil {
			return PracticeShops{}, err
		}
		out := PracticeShops{Live: !demo.Paused()}
		for _, id := range slices.Sorted(maps.Keys(worlds)) {
			out.Shops = append(out.Shops, shopOf(id, worlds[id]))
		}
		return out, nil
	})
}

// playing returns the practice stores of the books.
func playing(d *Deps) (*practice.Demo, map[uint32]*practice.World, error) {
	if d.Practice != nil {
		if demo, worlds := d.Practice(); demo != nil {
			return demo, worlds, nil
		}
	}
	return nil, nil, &Failure{Code: engine.CodeNotFound, Message: "These are no practice stores, so nothing was done."}
}

func shopOf(id uint32, w *practice.World) PracticeShop {
	shop := PracticeShop{Store: id, Ahead: w.Offset().Milliseconds()}
	if faults := w.Faults(); len(faults) > 0 {
		shop.Broken = nameOf(faults[0].Kind)
		for _, f := range faults {
			shop.Left += f.Times
		}
	}
	w.Do(func(s *practice.State) {
		shop.Now = s.Now().UnixMilli()
		shop.Hiding = max(0, s.HideNewUntil.Sub(s.Now())).Milliseconds()
		for _, it := range append(slices.Clone(s.Products()), s.AllVariants()...) {
			if holder := s.Holder(it); onSale(s, it) {
				shop.Items = append(shop.Items, PracticeItem{ID: it.ID, SKU: it.SKU, Name: it.FullName(), Quantity: *holder.Quantity})
			}
		}
		orders := s.Orders()
		for _, o := range orders[max(0, len(orders)-practiceOrders):] {
			shop.Orders = append(shop.Orders, orderOf(s, o))
		}
	})
	slices.SortStableFunc(shop.Items, func(a, b PracticeItem) int { return cmp.Compare(a.Name, b.Name) })
	slices.Reverse(shop.Orders)
	return shop
}

// onSale reports whether the panel offers an item: customers can order it, and its number is one that Evenstock follows.
func onSale(s *practice.State, it *practice.Item) bool {
	holder := s.Holder(it)
	return it.Kind != practice.Parent && it.Status == practice.Published && it.SKU != "" &&
		holder == it && it.Quantity != nil
}

func orderOf(s *practice.State, o *practice.Order) PracticeOrder {
	out := PracticeOrder{ID: o.ID, Stage: string(o.Stage), Hidden: !s.Shows(o)}
	for _, l := range o.Lines {
		line := PracticeLine{ID: l.ID, Name: l.Name, Quantity: l.Quantity, Left: l.Quantity - o.RefundedUnits(l.ID)}
		if it := s.Item(l.Item); it != nil {
			line.SKU = it.SKU
		}
		out.Lines = append(out.Lines, line)
	}
	return out
}
