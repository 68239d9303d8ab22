package sim

import (
	"maps"
	"slices"
)

// yardModel is what the books of several warehouses must say, worked out a second time with nothing of ledger or domain.
type yardModel struct {
	rank  []string                    // codes of the warehouses in the order in which orders are booked
	piles map[string]map[string]*pile // by SKU and warehouse
	links []map[string]string         // by shop: location → warehouse, where it is one
	known map[*yardLine]*bookedLine
}

// pile is a product in a warehouse.
type pile struct {
	counted         bool
	inStock, booked int64
}

// bookedLine is an order line as it was told last.
type bookedLine struct {
	house   string // where its open units are booked
	open    int64
	lost    int64
	parcels []parcel
}

// parcel are units that left a location, or came back there, and the warehouse it was then.
type parcel struct {
	at, house string
	gone      int64 // negative: came back
}

func newYardModel(skus, codes []string, shops int) *yardModel {
	m := &yardModel{rank: codes, piles: map[string]map[string]*pile{}, known: map[*yardLine]*bookedLine{}}
	for _, sku := range skus {
		m.piles[sku] = map[string]*pile{}
		for _, code := range codes {
			m.piles[sku][code] = &pile{}
		}
	}
	for range shops {
		m.links = append(m.links, map[string]string{})
	}
	return m
}

// houses are the warehouses a shop sells from, first the one where orders are booked first.
func (m *yardModel) houses(shop int) []string {
	linked := slices.Collect(maps.Values(m.links[shop]))
	return slices.DeleteFunc(slices.Clone(m.rank), func(code string) bool { return !slices.Contains(linked, code) })
}

// tell books a line as the shop states it now.
func (m *yardModel) tell(shop int, l *yardLine) {
	b := m.known[l]
	if b == nil {
		b = &bookedLine{house: m.choose(shop, l.sku, l.open())}
		m.known[l] = b
	}
	m.piles[l.sku][b.house].booked += l.open() - b.open
	b.open = l.open()
	if p := m.piles[l.sku][b.house]; p.counted {
		p.inStock -= l.lost - b.lost
	}
	b.lost = l.lost
	for _, at := range slices.Sorted(maps.Keys(l.shipped)) {
		m.move(shop, l, b, at, l.shipped[at], func(p parcel) bool { return p.gone > 0 })
	}
	for _, at := range slices.Sorted(maps.Keys(l.returned)) {
		m.move(shop, l, b, at, -l.returned[at], func(p parcel) bool { return p.gone < 0 })
	}
}

// choose is the first warehouse that has enough, else the first.
func (m *yardModel) choose(shop int, sku string, units int64) string {
	houses := m.houses(shop)
	for _, code := range houses {
		if p := m.piles[sku][code]; p.counted && p.inStock-p.booked >= units {
			return code
		}
	}
	return houses[0]
}

// move takes what is new at a location out of the warehouse it is now, or puts it there.
func (m *yardModel) move(shop int, l *yardLine, b *bookedLine, at string, total int64, same func(parcel) bool) {
	for _, p := range b.parcels {
		if p.at == at && same(p) {
			total -= p.gone
		}
	}
	if total == 0 {
		return
	}
	house := b.house
	if code := m.links[shop][at]; code != "" {
		house = code
	}
	b.parcels = append(b.parcels, parcel{at, house, total})
	if p := m.piles[l.sku][house]; p.counted {
		p.inStock -= total
	}
}

// target is what a location shows, or with "" a shop without locations; false where nothing may be sent.
func (m *yardModel) target(shop int, sku, location string) (n int64, ok bool) {
	from := []string{m.links[shop][location]}
	if location == "" {
		from = m.houses(shop)
	}
	for _, code := range from {
		p := m.piles[sku][code]
		if p == nil {
			return 0, false
		}
		n, ok = n-p.booked, ok || p.counted
		if p.counted {
			n += p.inStock
		}
	}
	return max(0, n), ok
}
