package engine

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/ledger"
)

// preview is what is known about a store before it is turned on: what it shows, and what its orders would do.
type preview struct {
	has    map[string]*int64 // by spot
	orders map[db.Place]ledger.Foreseen
	open   int // open orders
	units  int64
}

// Rehearse reads the store and computes what turning on would do, or what a push would do where sync is on. Listings
// are brought up to date; nothing else is stored, nothing is written to the store.
func (e *Engine) Rehearse(ctx context.Context, id uint32, t TurnOn) (out Rehearsal, err error) {
	err = e.inspect(ctx, id, db.RunTurnOn, func(ctx context.Context, v *visit) error {
		v.l.rehearsing.Store(true)
		defer v.l.rehearsing.Store(false)
		if err := v.l.freshListings(ctx, v); err != nil {
			return err
		}
		if err := v.linkedSomewhere(ctx); err != nil {
			return err
		}
		look, err := v.look(ctx)
		if err != nil {
			return err
		}
		out, err = v.rehearsal(ctx, look, t)
		return err
	})
	return out, err
}

// visit opens the store for work whose run is not kept.
func (l *lane) visit(s db.Store, kind string) (*visit, error) {
	shop, err := l.open(s)
	if err != nil {
		return nil, err
	}
	now := l.e.now()
	l.progress.begin(s.ID, kind, now)
	return &visit{l: l, store: s, shop: shop, caps: shop.Capabilities(), doubtful: map[string]bool{},
		run: &db.Run{Store: s.ID, StoreName: s.Name, Kind: kind, StartedAt: now.UnixMilli(), Errors: []db.RunError{}}}, nil
}

// look reads numbers and orders and keeps neither.
func (v *visit) look(ctx context.Context) (preview, error) {
	p := preview{orders: map[db.Place]ledger.Foreseen{}}
	rows, err := v.linkedRows()
	if err != nil {
		return p, err
	}
	if p.has, err = v.readAll(ctx, rows); err != nil {
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
	for at, f := range foreseen {
		p.orders[at] = p.orders[at].Plus(f)
		open = open || f.Open > 0
		p.units += f.Open
	}
	if open {
		p.open++
	}
	return nil
}

// readRows yields the numbers that were read.
func (v *visit) readRows(tx *db.Tx, p preview) iter.Seq[row] {
	return func(yield func(row) bool) {
		for l := range tx.Listings(v.l.id) {
			for _, location := range v.store.Where() {
				if r := (row{listing: l, location: location}); p.has[r.spot()] != nil && !yield(r) {
					return
				}
			}
		}
	}
}

// linkedRows returns the numbers the shop can tell: of listings that are linked, tracked and on sale.
func (v *visit) linkedRows() ([]row, error) {
	var rows []row
	err := v.view(func(tx *db.Tx) error {
		for l := range tx.Listings(v.l.id) {
			if ok, _ := db.Pushable(v.store, l, true); ok {
				l := db.Listing{Store: l.Store, Ref: l.Ref, Parent: l.Parent, SKU: l.SKU, Item: l.Item, Pool: l.Pool} // the rest is as old as this
				for _, location := range v.store.Where() {
					rows = append(rows, row{listing: l, location: location})
				}
			}
		}
		return nil
	})
	return rows, err
}

// rehearsal computes the rows from what was read.
func (v *visit) rehearsal(ctx context.Context, p preview, t TurnOn) (Rehearsal, error) {
	out := Rehearsal{Store: v.store.Name, Rows: make([]RehearsalRow, 0, len(p.has))}
	err := v.view(func(tx *db.Tx) error {
		copies, err := v.copiesOf(tx)
		if err != nil {
			return err
		}
		together := map[db.Place]siblings{}
		alike := func(r row) siblings { return together[copies.at(r)] }
		for r := range v.readRows(tx, p) {
			at := copies.at(r)
			s := together[at]
			s.add(r, *p.has[r.spot()])
			together[at] = s
		}
		for r := range v.readRows(tx, p) {
			if i := len(out.Rows); i%stepEvery == 0 {
				v.l.progress.step(phaseCompare, int64(i), int64(len(p.has)), v.l.e.now())
				if err := ctx.Err(); err != nil {
					return err
				}
			}
			shown, err := v.rehearseRow(tx, r, p, t, alike)
			if err != nil {
				return err
			}
			out.Rows = append(out.Rows, shown)
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	slices.SortStableFunc(out.Rows, func(a, b RehearsalRow) int {
		return cmp.Or(cmp.Compare(b.risk(), a.risk()), cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Location, b.Location))
	})
	out.Totals = total(out.Rows)
	out.Totals.OpenOrders, out.Totals.OpenUnits = p.open, p.units
	return out, nil
}

// risk grades a row: the worst come first.
func (r RehearsalRow) risk() int {
	for i, flag := range []string{FlagZero, FlagHalved, FlagDuplicate, FlagNotDeducted, FlagNegative} {
		if slices.Contains(r.Flags, flag) && r.Changes() {
			return 10 - i
		}
	}
	switch {
	case r.Changes():
		return 3
	case slices.Contains(r.Flags, FlagUnset):
		return 2
	}
	return 1
}

// Name is how a row is chosen in [TurnOn].Rows: the listing, and its location behind an @ where the store has some.
func (r RehearsalRow) Name() string {
	if r.Location == "" {
		return r.Listing
	}
	return r.Listing + "@" + r.Location
}

func (r RehearsalRow) spot() string { return db.Spot(r.Listing, r.Location) }

// Changes reports whether the row would be sent: its number is another one.
func (r RehearsalRow) Changes() bool { return r.Difference != nil && *r.Difference != 0 }

// foresee is the stock behind a number after the orders that were read, and what they do to it.
func (v *visit) foresee(tx *db.Tx, r row, p preview) (stock domain.Stock, orders ledger.Foreseen, err error) {
	for _, loc := range v.store.Behind(r.location) {
		s, err := tx.Stock(r.listing.Item, loc)
		if err != nil {
			return stock, orders, err
		}
		f := p.orders[db.Place{Item: r.listing.Item, Loc: loc}]
		stock, orders = stock.Plus(s.Domain().Apply(f.Delta)), orders.Plus(f)
	}
	return stock, orders, nil
}

// rehearseRow says what a push would do to one number. alike are the rows of the same product.
func (v *visit) rehearseRow(tx *db.Tx, of row, p preview, t TurnOn, alike func(row) siblings) (RehearsalRow, error) {
	l, has := of.listing, *p.has[of.spot()]
	r := rowFor(v.store, l, of.location)
	r.Has = &has
	with := alike(of)
	stock, orders, from, err := v.settledOn(tx, of, p, t, with)
	if err != nil {
		return r, err
	}
	flag := func(on bool, name string) {
		if on {
			r.Flags = append(r.Flags, name)
		}
	}
	flag(with.more, FlagDuplicate)
	flag(has < 0, FlagNegative)
	flag(orders.Open > orders.Held, FlagNotDeducted)
	available, ok := stock.Available()
	if !ok {
		flag(true, FlagUnset)
		r.Why = "Needs a first count. The shop keeps its own number until then."
		return r, nil
	}
	want, ok, why, err := v.leastOfMates(tx, of, p, t, alike, v.store.Target(l, available, v.caps.MaxQuantity))
	if err != nil {
		return r, err
	}
	if !ok {
		flag(true, FlagUnset)
		r.Why = why
		return r, nil
	}
	r.becomes(has, want)
	r.because(Because{From: from, InStock: stock.OnHand, Booked: stock.Booked, Available: available,
		Away: v.store.HeldBack(l, available, v.caps.MaxQuantity)})
	r.Ticked = r.Changes() && want != 0
	return r, nil
}

// rowFor names a number of a store.
func rowFor(s db.Store, l db.Listing, location string) RehearsalRow {
	return RehearsalRow{Listing: l.Ref, Location: location, Place: placeName(s, location), SKU: l.SKU, Title: fullTitle(l), Flags: []string{}}
}

// becomes says what a row's number would be changed to, and flags a fall to zero or by more than half.
func (r *RehearsalRow) becomes(has, want int64) {
	diff := want - max(0, has)
	r.Has, r.Target, r.Difference = &has, &want, &diff
	switch {
	case diff != 0 && want == 0:
		r.Flags = append(r.Flags, FlagZero)
	case want > 0 && want*2 < has:
		r.Flags = append(r.Flags, FlagHalved)
	}
}

// fullTitle is a listing's title with its variant.
func fullTitle(l db.Listing) string {
	if l.Variant == "" {
		return l.Title
	}
	return l.Title + ", " + l.Variant
}

func total(rows []RehearsalRow) Totals {
	t := Totals{Rows: len(rows)}
	for _, r := range rows {
		switch {
		case r.Changes():
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
