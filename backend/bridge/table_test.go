package bridge_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/bridge"
	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/engine"
)

// rehearsed is a store with goods of every kind, and its rehearsal without a copy: one row goes to zero, one falls by more than
// half, three change a little, one stays, one was never counted.
func rehearsed(t *testing.T) (*desk, uint32, []channel.Ref, bridge.Table) {
	t.Helper()
	d := newDesk(t)
	var refs []channel.Ref
	for i, shows := range []int64{6, 90, 11, 12, 13, 10, 7} {
		refs = append(refs, d.shop.AddListing(channeltest.Goods{SKU: fmt.Sprint("SKU-", i), Title: "Goods", Quantity: shows}))
	}
	added, err := d.stores.Add(bridge.StoreForm{Channel: "memory", Name: "Fernhill", Fields: map[string]string{"id": "fernhill"}})
	if err != nil {
		t.Fatal(err)
	}
	id := added.Store.ID
	must(t)(d.stores.SyncListings(id))
	for i, n := range []int64{0, 10, 10, 10, 10, 10} {
		if _, err := d.stock.Change(bridge.StockChange{SKU: fmt.Sprint("SKU-", i), Op: "set", Quantity: n, Key: key()}); err != nil {
			t.Fatal(err)
		}
	}
	table, err := d.stores.Rehearse(id, bridge.Answers{})
	if err != nil {
		t.Fatal(err)
	}
	return d, id, refs, table
}

func (d *desk) rows(q bridge.TableQuery) (total int, skus []string) {
	d.t.Helper()
	w, err := d.stores.TableRows(q)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, r := range w.Rows {
		skus = append(skus, r.SKU)
	}
	return w.Total, skus
}

// TestARehearsalIsShownInParts: worst rows first, by risk, never more than asked for.
func TestARehearsalIsShownInParts(t *testing.T) {
	d, _, _, table := rehearsed(t)
	want := []bridge.TableRisk{{Risk: "zero", Rows: 1, Changes: 1}, {Risk: "halved", Rows: 1, Changes: 1, Ticked: 1},
		{Risk: "small", Rows: 3, Changes: 3, Ticked: 3}, {Risk: "unset", Rows: 1}, {Risk: "same", Rows: 1}}
	if diff := cmp.Diff(want, table.Risks); diff != "" || table.Totals.Rows != 7 || table.Store != "Fernhill" {
		t.Fatalf("%+v %s", table, diff)
	}
	for _, c := range []struct {
		q     bridge.TableQuery
		total int
		skus  []string
	}{
		{bridge.TableQuery{Limit: 3}, 7, []string{"SKU-0", "SKU-1", "SKU-2"}},
		{bridge.TableQuery{Offset: 5, Limit: 3}, 7, []string{"SKU-6", "SKU-5"}},
		{bridge.TableQuery{Risk: "small", Offset: 1, Limit: 1}, 3, []string{"SKU-3"}},
		{bridge.TableQuery{Risk: "negative", Limit: 10}, 0, nil},
		{bridge.TableQuery{Risk: "nonsense", Offset: -4, Limit: 10}, 0, nil},
		{bridge.TableQuery{Offset: 100, Limit: 10}, 7, nil},
		{bridge.TableQuery{Limit: -1}, 7, nil},
	} {
		c.q.Table = table.ID
		if total, skus := d.rows(c.q); total != c.total || !slices.Equal(skus, c.skus) {
			t.Errorf("%+v: %q of %d", c.q, skus, total)
		}
	}
}

// TestTicksChooseWhatIsSent (product.md T3): rows one by one, a risk at once, all, none.
func TestTicksChooseWhatIsSent(t *testing.T) {
	for _, c := range []struct {
		name  string
		ticks []bridge.TableTick
		sent  []int
	}{
		{"as it was", nil, []int{1, 2, 3, 4}},
		{"one less", []bridge.TableTick{{Risk: "small", Row: "3"}}, []int{1, 2, 4}},
		{"also to zero", []bridge.TableTick{{Risk: "zero", On: true}}, []int{0, 1, 2, 3, 4}},
		{"only the small", []bridge.TableTick{{}, {Risk: "small", On: true}}, []int{2, 3, 4}},
		{"all", []bridge.TableTick{{On: true}}, []int{0, 1, 2, 3, 4}},
		{"none", []bridge.TableTick{{}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, id, refs, table := rehearsed(t)
			risks := table.Risks
			for _, tick := range c.ticks {
				if tick.Table = table.ID; tick.Row != "" {
					tick.Row = refs[3].Listing
				}
				var err error
				if risks, err = d.stores.Tick(tick); err != nil {
					t.Fatal(err)
				}
			}
			ticked := 0
			for _, r := range risks {
				ticked += r.Ticked
			}
			if ticked != len(c.sent) {
				t.Errorf("%d are ticked: %+v", ticked, risks)
			}
			runs, err := d.stores.TurnOn(id, bridge.Answers{Table: table.ID})
			if err != nil || len(runs.Runs) != 1 || runs.Runs[0].Written != int64(len(c.sent)) {
				t.Fatalf("%+v %v", runs, err)
			}
			for i, was := range []int64{6, 90, 11, 12, 13, 10, 7} {
				want := was
				if slices.Contains(c.sent, i) {
					want = []int64{0, 10, 10, 10, 10}[i]
				}
				if got := d.shop.Quantity(refs[i]); got != want {
					t.Errorf("listing %d shows %d, want %d", i, got, want)
				}
			}
		})
	}
}

// TestATableThatIsGone says so: what was asked twice more, or by other answers, is not sent by the old ticks.
func TestATableThatIsGone(t *testing.T) {
	d, id, _, table := rehearsed(t)
	if _, err := d.stores.TurnOn(id+1, bridge.Answers{Table: table.ID}); err == nil {
		t.Error("the rows of one store were taken for another's")
	}
	if _, err := d.stores.Rehearse(id, bridge.Answers{Copy: true}); err != nil {
		t.Fatal(err)
	}
	_, rows := d.stores.TableRows(bridge.TableQuery{Table: table.ID, Limit: 1})
	_, tick := d.stores.Tick(bridge.TableTick{Table: table.ID})
	_, on := d.stores.TurnOn(id, bridge.Answers{Table: table.ID})
	for _, err := range []error{rows, tick, on} {
		var f *bridge.Failure
		if !errors.As(err, &f) || f.Code != engine.CodeNotFound {
			t.Errorf("%v", err)
		}
	}
	held, err := d.stores.Held(id)
	if err != nil || held.Totals.Rows != 0 || held.Risks == nil {
		t.Errorf("%+v %v", held, err)
	}
	for range 3 {
		if _, err := d.stores.Held(id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.stores.TableRows(bridge.TableQuery{Table: held.ID}); err == nil {
		t.Error("what is held is kept for ever")
	}
	if _, err := d.stores.Approve(id, held.ID+3); err == nil {
		t.Error("nothing was approved without a word")
	}
}
