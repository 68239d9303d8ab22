package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/ledger"
)

// preview is what is known about a store before it is turned on: what it shows, and what its orders would do.
type preview struct {
	has    map[string]*int64 // by listing
	orders map[uint64]ledger.Foreseen
	open   int // open orders
	units  int64
}

// Rehearse reads the store and computes what turning on would do, or what a push would do where sync is on. Listings
// are brought up to date; nothing else is stored, nothing is written to the store.
func (e *Engine) Rehearse(ctx context.Context, id uint32, t TurnOn) (Rehearsal, error) {
	l, err := e.laneOf(id)
	if err != nil {
		return Rehearsal{}, err
	}
	if err := l.acquire(ctx, acquireWait); err != nil {
		return Rehearsal{}, err
	}
	defer l.release()
	s, err := l.ready(false)
	if err != nil {
		return Rehearsal{}, err
	}
	ctx, end := l.work(ctx)
	defer end()
	l.rehearsing.Store(true)
	defer l.rehearsing.Store(false)
	v, err := l.visit(s, db.RunTurnOn)
	if err != nil {
		return Rehearsal{}, explain(s, err)
	}
	defer l.progress.end()
	if err := l.pullListings(ctx, v); err != nil {
		return Rehearsal{}, l.noted(s, err)
	}
	look, err := v.look(ctx)
	if err != nil {
		return Rehearsal{}, l.noted(s, err)
	}
	return v.rehearsal(look, t)
}

// visit opens the store for work whose run is not kept.
func (l *lane) visit(s db.Store, kind string) (*visit, error) {
	shop, err := l.open(s)
	if err != nil {
		return nil, err
	}
	now := l.e.now()
	l.progress.begin(s.ID, kind, now)
	return &visit{l: l, store: s, shop: shop, caps: shop.Capabilities(),
		run: &db.Run{Store: s.ID, StoreName: s.Name, Kind: kind, StartedAt: now.UnixMilli(), Errors: []db.RunError{}}}, nil
}

// look reads numbers and orders and keeps neither.
func (v *visit) look(ctx context.Context) (preview, error) {
	p := preview{orders: map[uint64]ledger.Foreseen{}}
	rows, err := v.linkedRows()
	if err != nil {
		return p, err
	}
	if p.has, err = v.read(ctx, rows); err != nil {
		return p, err
	}
	if v.store.On() {
		return p, nil
	}
	if err := v.learnStatuses(ctx); err != nil {
		return p, err
	}
	seen := map[string]bool{}
	for page, err := range v.shop.ListOrders(ctx, nil) {
		if err != nil {
			return p, err
		}
		err := v.view(func(tx *db.Tx) error {
			for _, o := range page.Items {
				if seen[o.Ref] {
					continue
				}
				seen[o.Ref] = true
				if err := p.foresee(tx, v.store, o); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return p, err
		}
		v.l.progress.step(phaseOrders, int64(len(seen)), int64(page.Total), v.l.e.now())
	}
	return p, nil
}

// learnStatuses keeps the names of the shop's own order statuses, so that the user can say what they mean.
func (v *visit) learnStatuses(ctx context.Context) error {
	lister, ok := v.shop.(channel.StatusLister)
	if !ok {
		return nil
	}
	names, err := lister.Statuses(ctx)
	if err != nil || slices.Equal(names, v.store.Statuses) {
		return err
	}
	return v.update(func(tx *db.Tx) error {
		s, err := tx.Store(v.l.id)
		if err != nil {
			return err
		}
		s.Statuses = names
		v.store, err = tx.PutStore(s)
		return err
	})
}

func (p *preview) foresee(tx *db.Tx, s db.Store, o channel.Order) error {
	foreseen, err := ledger.Preview(tx, s, o)
	if err != nil {
		return err
	}
	open := false
	for item, f := range foreseen {
		sum := p.orders[item]
		sum.Delta, sum.Open = sum.Delta.Plus(f.Delta), sum.Open+f.Open
		sum.Held, sum.Brought = sum.Held+f.Held, sum.Brought+f.Brought
		p.orders[item] = sum
		open = open || f.Open > 0
		p.units += f.Open
	}
	if open {
		p.open++
	}
	return nil
}

// linkedRows returns the listings whose number the shop can tell: linked, tracked, on sale.
func (v *visit) linkedRows() ([]row, error) {
	var rows []row
	err := v.view(func(tx *db.Tx) error {
		for l := range tx.Listings(v.l.id) {
			if ok, _ := db.Pushable(v.store, l, true); ok {
				rows = append(rows, row{listing: l})
			}
		}
		return nil
	})
	return rows, err
}

// rehearsal computes the rows from what was read.
func (v *visit) rehearsal(p preview, t TurnOn) (Rehearsal, error) {
	out := Rehearsal{Store: v.store.Name, Rows: []RehearsalRow{}}
	err := v.view(func(tx *db.Tx) error {
		listings := slices.Collect(tx.Listings(v.l.id))
		byItem := map[uint64][]db.Listing{}
		for _, l := range listings {
			if _, read := p.has[l.Ref]; read {
				byItem[l.Item] = append(byItem[l.Item], l)
			}
		}
		for _, l := range listings {
			has, read := p.has[l.Ref]
			if !read {
				continue
			}
			s, err := tx.Stock(l.Item, db.DefaultLoc)
			if err != nil {
				return err
			}
			out.Rows = append(out.Rows, v.rehearseRow(l, *has, s, p, t, byItem[l.Item]))
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	slices.SortStableFunc(out.Rows, func(a, b RehearsalRow) int {
		return cmp.Or(cmp.Compare(b.risk(), a.risk()), cmp.Compare(a.SKU, b.SKU))
	})
	out.Totals = total(out.Rows)
	out.Totals.OpenOrders, out.Totals.OpenUnits = p.open, p.units
	return out, nil
}

// risk grades a row: the worst come first.
func (r RehearsalRow) risk() int {
	for i, flag := range []string{FlagZero, FlagHalved, FlagDuplicate, FlagNotDeducted, FlagNegative} {
		if slices.Contains(r.Flags, flag) && r.changes() {
			return 10 - i
		}
	}
	switch {
	case r.changes():
		return 3
	case slices.Contains(r.Flags, FlagUnset):
		return 2
	}
	return 1
}

func (r RehearsalRow) changes() bool { return r.Difference != nil && *r.Difference != 0 }

func (v *visit) rehearseRow(l db.Listing, has int64, s db.Stock, p preview, t TurnOn, siblings []db.Listing) RehearsalRow {
	r := RehearsalRow{Listing: l.Ref, SKU: l.SKU, Title: fullTitle(l), Has: &has, Flags: []string{}}
	orders := p.orders[l.Item]
	stock, why := s.Domain().Apply(orders.Delta), "counted"
	switch {
	case !stock.Counted && t.Copy && agree(p.has, siblings):
		stock.OnHand, stock.Counted = max(0, has+orders.Held), true
		why = "copied from this store"
	case s.Counted && t.OnTop && !v.store.On():
		stock.OnHand += orders.Brought
	}
	flag := func(on bool, name string) {
		if on {
			r.Flags = append(r.Flags, name)
		}
	}
	flag(len(siblings) > 1, FlagDuplicate)
	flag(has < 0, FlagNegative)
	flag(orders.Open > orders.Held, FlagNotDeducted)
	available, ok := stock.Available()
	if !ok {
		flag(true, FlagUnset)
		r.Why = "Needs a first count. The shop keeps its own number until then."
		return r
	}
	want := domain.Target(available, l.Rule.Over(v.store.Rule), v.caps.MaxQuantity)
	diff := want - max(0, has)
	r.Target, r.Difference = &want, &diff
	r.Why = fmt.Sprintf("%d %s − %d booked = %d", stock.OnHand, why, stock.Booked, available)
	flag(diff != 0 && want == 0, FlagZero)
	flag(want > 0 && want*2 < has, FlagHalved)
	r.Ticked = diff != 0 && want != 0
	return r
}

// fullTitle is a listing's title with its variant.
func fullTitle(l db.Listing) string {
	if l.Variant == "" {
		return l.Title
	}
	return l.Title + ", " + l.Variant
}

// agree reports whether all listings of a product in the store show the same number, so that it can be copied. Nobody
// can say which of two different numbers is right.
func agree(has map[string]*int64, siblings []db.Listing) bool {
	for _, l := range siblings {
		if *has[l.Ref] != *has[siblings[0].Ref] {
			return false
		}
	}
	return true
}

func total(rows []RehearsalRow) Totals {
	t := Totals{Rows: len(rows)}
	for _, r := range rows {
		switch {
		case r.changes():
			t.Changes++
		case r.Target != nil:
			t.Same++
		}
		if slices.Contains(r.Flags, FlagZero) {
			t.Zero++
		}
		if slices.Contains(r.Flags, FlagHalved) {
			t.Halved++
		}
		if slices.Contains(r.Flags, FlagUnset) {
			t.Unset++
		}
		if r.Ticked {
			t.Ticked++
		}
	}
	return t
}
