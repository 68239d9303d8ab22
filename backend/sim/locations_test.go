package sim

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/engine"
)

var floorAndDepot = []channel.Location{{Ref: "floor", Name: "Shop floor", Active: true, Fulfils: true},
	{Ref: "depot", Name: "Depot", Active: true, Fulfils: true}, {Ref: "fair", Name: "Trade fair", Active: true}}

// located is a rig of shops with three locations, of which the first two are the warehouses MAIN and DEPOT.
func located(t *testing.T, kind Kind, n int) *Rig {
	t.Helper()
	kinds := make([]Kind, n)
	for i := range kinds {
		kinds[i] = kind
	}
	r := Build(t, Setup{Kinds: kinds, Memory: memory.Options{Locations: floorAndDepot}})
	r.warehouse("DEPOT")
	return r
}

func (r *Rig) warehouse(code string) {
	r.T.Helper()
	if _, err := r.Engine.AddWarehouse(ctx, code, code); err != nil {
		r.T.Fatalf("add warehouse %s: %v", code, err)
	}
}

func (r *Rig) link(i int, codes map[string]string) {
	r.T.Helper()
	if err := r.Engine.SetStore(ctx, r.Stores[i], engine.StorePatch{Locations: codes}); err != nil {
		r.T.Fatalf("link %v: %v", codes, err)
	}
}

func (r *Rig) setIn(warehouse, sku string, n int64) {
	r.T.Helper()
	r.change(engine.StockChange{SKU: sku, Op: engine.SetStock, Quantity: n, Warehouse: warehouse}, time.Minute)
}

// wantIn compares In stock and Booked of a SKU by warehouse number.
func (r *Rig) wantIn(sku string, want map[uint32]domain.Stock) {
	r.T.Helper()
	got := map[uint32]domain.Stock{}
	err := r.DB.View(func(tx *db.Tx) error {
		it, err := tx.ItemBySKU(sku)
		if err != nil {
			return err
		}
		for at, s := range tx.Stocks() {
			if at.Item == it.ID {
				got[at.Loc] = s.Domain()
			}
		}
		return nil
	})
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		r.T.Errorf("%s by warehouse, %v (-want +got):\n%s", sku, err, diff)
	}
}

// wantAt compares what a shop shows at the floor, the depot and the fair.
func (r *Rig) wantAt(i int, ref channel.Ref, want ...int64) {
	r.T.Helper()
	var got []int64
	for _, l := range floorAndDepot {
		got = append(got, r.Shops[i].Quantity(channel.Ref{Listing: ref.Listing, Location: l.Ref}))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		r.T.Errorf("shop %d shows at its locations (-want +got):\n%s", i, diff)
	}
}

func in(onHand, booked int64) domain.Stock {
	return domain.Stock{OnHand: onHand, Booked: booked, Counted: true}
}

var bothLinked = map[string]string{"floor": "MAIN", "depot": "DEPOT"}

// TestEveryLocationShowsItsWarehouse: counted in two warehouses, sent to their locations, never to one that is unlinked.
func TestEveryLocationShowsItsWarehouse(t *testing.T) {
	for _, kind := range []Kind{Memory, MemoryDelta, MemoryCAS} {
		t.Run(string(kind), func(t *testing.T) {
			r := located(t, kind, 2)
			refs := r.Goods("MUG", 3)
			r.Shops[0].SetQuantity(channel.Ref{Listing: refs[0].Listing, Location: "fair"}, 99)
			r.setIn("", "MUG", 10)
			r.setIn("DEPOT", "MUG", 20)
			r.link(0, map[string]string{"floor": ""})
			if _, err := r.Engine.TurnOn(ctx, r.Stores[0], engine.TurnOn{Push: engine.PushAll}); err != nil {
				t.Fatal(err)
			}
			r.wantAt(0, refs[0], 3, 0, 99) // nothing is linked, so the turn-on failed and nothing was sent
			r.link(0, bothLinked)
			r.link(1, map[string]string{"depot": "depot", "floor": ""})
			r.On(0, 1)
			r.wantAt(0, refs[0], 10, 20, 99)
			r.wantAt(1, refs[1], 3, 20, 0)
			r.setIn("DEPOT", "MUG", 7)
			r.wantAt(0, refs[0], 10, 7, 99)
			r.wantAt(1, refs[1], 3, 7, 0)
			r.link(0, map[string]string{"fair": "DEPOT", "floor": ""})
			r.Cycle(time.Minute)
			r.setIn("", "MUG", 4)
			r.wantAt(0, refs[0], 10, 7, 7)
			r.Verify()
		})
	}
}

// TestFirstLocationSellsTheMainWarehouse: a store is turned on without a word about its locations. The one that the vendor means
// where none is named has the main warehouse's numbers, as a store without locations has; the others keep theirs.
func TestFirstLocationSellsTheMainWarehouse(t *testing.T) {
	for _, kind := range []Kind{Memory, OverShopify, OverBigCommerce} {
		t.Run(string(kind), func(t *testing.T) {
			r := located(t, kind, 1)
			ref := r.Goods("MUG", 3)[0]
			shop := r.Shops[0].(channeltest.Located)
			told, err := shop.Locations(ctx)
			r.must(err)
			at := func(i int) channel.Ref { return channel.Ref{Listing: ref.Listing, Location: told[i].Ref} }
			shop.SetQuantity(at(1), 9)
			r.setIn("DEPOT", "MUG", 20)
			r.TurnOn(0, engine.TurnOn{Copy: true, Push: engine.PushAll})
			r.wantIn("MUG", map[uint32]domain.Stock{1: in(3, 0), 2: in(20, 0)})
			r.setIn("", "MUG", 12)
			if first, second := shop.Quantity(at(0)), shop.Quantity(at(1)); first != 12 || second != 9 {
				t.Errorf("the first location shows %d, the second %d; want 12 and 9", first, second)
			}
			r.Verify()
		})
	}
}

// TestBookedByPriorityTakenWhereItShips: an order is booked in the first warehouse that has enough, and leaves the one it
// was shipped from.
func TestBookedByPriorityTakenWhereItShips(t *testing.T) {
	r := located(t, MemoryCAS, 2)
	refs := r.Goods("MUG", 3)
	r.setIn("", "MUG", 10)
	r.setIn("DEPOT", "MUG", 20)
	r.link(0, bothLinked)
	r.link(1, bothLinked)
	r.On(0, 1)

	large := r.Shops[0].Sell(channeltest.Units{Ref: refs[0], Quantity: 12})
	r.Sync()
	r.wantIn("MUG", map[uint32]domain.Stock{1: in(10, 0), 2: in(20, 12)})
	small := r.Shops[0].Sell(channeltest.Units{Ref: refs[0], Quantity: 4})
	r.Sync()
	r.wantIn("MUG", map[uint32]domain.Stock{1: in(10, 4), 2: in(20, 12)})
	r.wantAt(0, refs[0], 6, 8, 0)
	r.wantAt(1, refs[1], 6, 8, 0)

	shop := r.Shops[0].(channeltest.Located)
	shop.ShipFrom(small, 0, 4, "depot")
	shop.ShipFrom(large, 0, 2, "fair") // linked to no warehouse: taken where it was booked
	r.Sync()
	r.wantIn("MUG", map[uint32]domain.Stock{1: in(10, 0), 2: in(14, 10)})
	r.Cycle(20 * time.Minute)
	r.wantAt(0, refs[0], 10, 4, shop.Quantity(channel.Ref{Listing: refs[0].Listing, Location: "fair"}))
	r.wantAt(1, refs[1], 10, 4, 0)

	shop.ReturnTo(small, 0, 3, "floor")
	r.Sync()
	r.wantIn("MUG", map[uint32]domain.Stock{1: in(13, 0), 2: in(14, 10)})
	r.link(0, map[string]string{"depot": "MAIN"}) // what has left stays taken where it was
	shop.Cancel(large)
	r.Sync()
	r.wantIn("MUG", map[uint32]domain.Stock{1: in(13, 0), 2: in(14, 0)})
	r.Cycle(20 * time.Minute)
	r.wantAt(1, refs[1], 13, 14, 0)
	r.Verify()
}

// TestPriorityDecides: the other way round, the depot is first.
func TestPriorityDecides(t *testing.T) {
	r := located(t, Memory, 1)
	refs := r.Goods("MUG", 3)
	r.setIn("", "MUG", 10)
	r.setIn("DEPOT", "MUG", 20)
	r.link(0, bothLinked)
	first := 1
	if _, err := r.Engine.SetWarehouse(ctx, "depot", engine.WarehousePatch{Priority: &first}); err != nil {
		t.Fatal(err)
	}
	r.On(0)
	r.Shops[0].Sell(channeltest.Units{Ref: refs[0], Quantity: 2})
	r.Shops[0].Sell(channeltest.Units{Ref: refs[0], Quantity: 40}) // nobody has enough: the first
	r.Sync()
	r.wantIn("MUG", map[uint32]domain.Stock{1: in(10, 0), 2: in(20, 42)})
	r.Verify()
}

// TestCopyByLocation: copied per location and then pushed, no number changes (T2), orders included.
func TestCopyByLocation(t *testing.T) {
	for _, kind := range []Kind{Memory, MemoryDelta, MemoryCAS} {
		t.Run(string(kind), func(t *testing.T) {
			r := located(t, kind, 1)
			ref := r.Goods("MUG", 6)[0]
			shop := r.Shops[0].(channeltest.Located)
			shop.SetQuantity(channel.Ref{Listing: ref.Listing, Location: "depot"}, 9)
			shop.Sell(channeltest.Units{Ref: ref, Quantity: 2})
			shop.Sell(channeltest.Units{Ref: ref, Quantity: 7}) // only the depot has so many
			half := shop.Sell(channeltest.Units{Ref: ref, Quantity: 3})
			shop.ShipFrom(half, 0, 1, "depot")
			r.link(0, bothLinked)
			before := []int64{2, 1, 0}
			r.wantAt(0, ref, before...)
			run := r.TurnOn(0, engine.TurnOn{Copy: true, Push: engine.PushAll})
			if run.Written != 0 {
				t.Errorf("%d numbers were written", run.Written)
			}
			r.wantAt(0, ref, before...)
			r.wantIn("MUG", map[uint32]domain.Stock{1: in(6, 4), 2: in(8, 7)})
			r.Verify()
		})
	}
}

// TestSumWithoutLocations: a shop without locations gets the sum of the warehouses linked to it.
func TestSumWithoutLocations(t *testing.T) {
	r := New(t, MemoryCAS, 2)
	refs := r.Goods("MUG", 3)
	r.warehouse("DEPOT")
	r.setIn("", "MUG", 10)
	r.On(0, 1)
	r.setIn("DEPOT", "MUG", 20)
	r.WantShops(refs, 10, 10) // not linked, so not sold
	r.link(1, map[string]string{"depot": "DEPOT"})
	r.Cycle(time.Minute)
	r.WantShops(refs, 10, 30)
	order := r.Shops[1].Sell(channeltest.Units{Ref: refs[1], Quantity: 15})
	r.Sync()
	r.wantIn("MUG", map[uint32]domain.Stock{1: in(10, 0), 2: in(20, 15)})
	r.WantShops(refs, 10, 15)
	r.Shops[1].Fulfil(order)
	r.Sync()
	r.wantIn("MUG", map[uint32]domain.Stock{1: in(10, 0), 2: in(5, 0)})
	r.link(1, map[string]string{"MAIN": ""})
	r.Cycle(time.Minute)
	r.WantShops(refs, 10, 5)
	if err := r.Engine.RemoveWarehouse(ctx, "DEPOT"); err == nil {
		t.Error("a warehouse in use was removed")
	}
	r.Verify()
}

// TestUnsetByWarehouse: a product counted where the shop does not sell from is unset for it (Q5).
func TestUnsetByWarehouse(t *testing.T) {
	r := located(t, Memory, 1)
	ref := r.Goods("MUG", 3)[0]
	r.setIn("DEPOT", "MUG", 20)
	r.link(0, bothLinked)
	r.On(0)
	r.wantAt(0, ref, 3, 20, 0)
	order := r.Shops[0].Sell(channeltest.Units{Ref: ref, Quantity: 1})
	r.Shops[0].(channeltest.Located).ShipFrom(order, 0, 1, "floor") // never counted there: In stock is left alone
	r.Sync()
	r.wantIn("MUG", map[uint32]domain.Stock{2: in(20, 0)})
	r.setIn("", "MUG", 8)
	r.wantAt(0, ref, 8, 20, 0)
	r.Verify()
}
