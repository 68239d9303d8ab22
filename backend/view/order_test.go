package view_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/db"
	"evenstock/backend/view"
)

func (b *books) order(o db.Order, lines ...db.Line) {
	b.t.Helper()
	b.write(func(tx *db.Tx) error {
		for _, l := range lines {
			l.Store, l.Order = o.Store, o.Ref
			o.Open += l.Now.Domain().Open()
			if err := tx.PutLine(l); err != nil {
				return err
			}
		}
		return tx.PutOrder(o)
	})
}

func (b *books) orders(q view.OrderQuery) view.OrderWindow {
	b.t.Helper()
	w, err := b.Orders(q)
	if err != nil {
		b.t.Fatal(err)
	}
	return w
}

func numbers(w view.OrderWindow) []string {
	out := []string{}
	for _, o := range w.Orders {
		out = append(out, o.Number+" "+o.State)
	}
	return out
}

func TestOrders(t *testing.T) {
	b := open(t)
	home, trade := b.store(db.Store{Name: "Home"}), b.store(db.Store{Name: "Trade"})
	mug := b.item("MUG", "Mug")
	line := func(c db.Counts) db.Line { return db.Line{Ref: "1", SKU: "MUG", Item: mug.ID, Now: c} }
	b.order(db.Order{Store: home.ID, Ref: "a", Number: "1001", Placed: 10}, line(db.Counts{Ordered: 4}))
	b.order(db.Order{Store: home.ID, Ref: "b", Number: "1002", Placed: 20}, line(db.Counts{Ordered: 4, Fulfilled: 1}))
	b.order(db.Order{Store: trade.ID, Ref: "c", Number: "1001", Placed: 30}, line(db.Counts{Ordered: 4, Fulfilled: 4}))
	b.order(db.Order{Store: trade.ID, Ref: "d", Number: "#7", Placed: 40, Ignored: true}, line(db.Counts{Ordered: 4}))
	b.order(db.Order{Store: trade.ID, Ref: "e", Number: "8", Placed: 5, Gone: true}, line(db.Counts{Ordered: 4, Released: 4}))
	b.order(db.Order{Store: trade.ID, Ref: "f", Number: "9", Placed: 4}, line(db.Counts{Ordered: 4, Released: 1}))

	for _, tc := range []struct {
		name  string
		q     view.OrderQuery
		want  []string
		total int
	}{
		{"newest first", view.OrderQuery{}, []string{"#7 ignored", "1001 closed", "1002 part", "1001 open", "8 closed", "9 open"}, 6},
		{"a window", view.OrderQuery{Offset: 1, Limit: 2}, []string{"1001 closed", "1002 part"}, 6},
		{"a store", view.OrderQuery{Store: home.ID}, []string{"1002 part", "1001 open"}, 2},
		{"open ones", view.OrderQuery{Open: true}, []string{"1002 part", "1001 open", "9 open"}, 3},
		{"a number", view.OrderQuery{Number: "1001"}, []string{"1001 closed", "1001 open"}, 2},
		{"a number with and without its sign", view.OrderQuery{Number: " 7"}, []string{"#7 ignored"}, 1},
		{"a number of a store", view.OrderQuery{Number: "#1001", Store: home.ID}, []string{"1001 open"}, 1},
		{"none", view.OrderQuery{Number: "100"}, []string{}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := b.orders(tc.q)
			if diff := cmp.Diff(tc.want, numbers(w)); diff != "" || w.Total != tc.total {
				t.Errorf("total %d\n%s", w.Total, diff)
			}
		})
	}
}

func TestOrderLines(t *testing.T) {
	b := open(t)
	home := b.store(db.Store{Name: "Home"})
	mug := b.item("MUG", "Mug")
	b.order(db.Order{Store: home.ID, Ref: "12", Number: "#1001", Status: "processing", Placed: 10, Updated: 20,
		Notice: "The shop states no quantity."},
		db.Line{Ref: "1", Listing: "55", SKU: "MUG-OLD", Title: "Mug", Item: mug.ID, Baseline: true,
			Now: db.Counts{Ordered: 9, Fulfilled: 3, Released: 1, WrittenOff: 2, Returned: 1}},
		db.Line{Ref: "2/x", SKU: "CUP", Now: db.Counts{Ordered: 2}})
	got, err := b.Order(home.ID, "1001")
	want := view.Order{Store: "Home", StoreID: home.ID, Ref: "12", Number: "#1001", PlacedAt: p[int64](10), UpdatedAt: p[int64](20),
		StoreStatus: "processing", State: "part", Notice: "The shop states no quantity.", Lines: []view.Line{
			{ID: "1/12/1", Ref: "1", Listing: "55", SKU: "MUG-OLD", Title: "Mug", Product: p("MUG"), Ordered: 9, Fulfilled: 3,
				Released: 1, WrittenOff: 2, Returned: 1, Booked: 3, Baseline: true},
			{ID: "1/12/2%2Fx", Ref: "2/x", SKU: "CUP", Ordered: 2},
		}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	for _, number := range []string{"", "#", "2002"} {
		if _, err := b.Order(home.ID, number); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("order %q: %v", number, err)
		}
	}
}

func TestLineID(t *testing.T) {
	for _, ref := range []db.LineRef{{Store: 1, Order: "12", Line: "3"}, {Store: 4294967295, Order: "a/b %2F", Line: "gid://shop/Line/1"},
		{Store: 2, Order: "ü", Line: "100%"}} {
		got, err := view.ParseLineID(view.LineID(ref))
		if err != nil || got != ref {
			t.Errorf("%+v came back as %+v, %v", ref, got, err)
		}
	}
	for _, id := range []string{"", "1", "1/2", "1/2/3/4", "x/2/3", "-1/2/3", "4294967296/2/3", "1//3", "1/2/", "1/%zz/3", "1/2/%"} {
		if ref, err := view.ParseLineID(id); err == nil {
			t.Errorf("%q was read as %+v", id, ref)
		}
	}
}
