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
	has    map[string]*int64 // by spot
	orders map[db.Place]ledger.Foreseen
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
	if err := l.freshListings(ctx, v); err != nil {
		return Rehearsal{}, l.noted(s, err)
	}
	if err := v.linkedSomewhere(ctx); err != nil {
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
	p := preview{orders: map[db.Place]ledger.Foreseen{}}
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

// linkedRows returns the numbers the shop can tell: of listings that are linked, tracked and on sale.
func (v *visit) linkedRows() ([]row, error) {
	var rows []row
	err := v.view(func(tx *db.Tx) error {
		for l := range tx.Listings(v.l.id) {
			if ok, _ := db.Pushable(v.store, l, true); ok {
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
func (v *visit) rehearsal(p preview, t TurnOn) (Rehearsal, error) {
	out := Rehearsal{Store: v.store.Name, Rows: []RehearsalRow{}}
	err := v.view(func(tx *db.Tx) error {
		listings := slices.Collect(tx.Listings(v.l.id))
		copies, err := v.copiesOf(tx)
		if err != nil {
			return err
		}
		siblings := map[db.Place][]row{}
		alike := func(r row) []row { return siblings[copies.at(r)] }
		var rows []row
		for _, l := range listings {
			for _, location := range v.store.Where() {
				r := row{listing: l, location: location}
				if p.has[r.spot()] == nil {
					continue
				}
				rows = append(rows, r)
				at := copies.at(r)
				siblings[at] = append(siblings[at], r)
			}
		}
		for _, r := range rows {
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

// Name is how a row is chosen in [TurnOn].Rows: the listing, and its location behind an @ where the store has some.
func (r RehearsalRow) Name() string {
	if r.Location == "" {
		return r.Listing
	}
	return r.Listing + "@" + r.Location
}

func (r RehearsalRow) spot() string { return db.Spot(r.Listing, r.Location) }

func (r RehearsalRow) changes() bool { return r.Difference != nil && *r.Difference != 0 }

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

// settledOn is foresee with what the answers of the wizard do to it: a copy, and units that come on top. own are the numbers
// in the store that are the product's alone; only those are copied.
func (v *visit) settledOn(tx *db.Tx, of row, p preview, t TurnOn, own []row) (stock domain.Stock, orders ledger.Foreseen, from string, err error) {
	if stock, orders, err = v.foresee(tx, of, p); err != nil {
		return stock, orders, from, err
	}
	from = FromCount
	switch {
	case !stock.Counted && t.Copy && len(own) > 0 && agree(p.has, own):
		stock.OnHand, stock.Counted = max(0, *p.has[own[0].spot()]+orders.Held), true
		from = FromStore
	case stock.Counted && t.OnTop && !v.store.On():
		stock.OnHand += orders.Brought
	}
	return stock, orders, from, nil
}

// ownNumbers leaves out those that are shared with other products: nobody can say how much of it is whose.
func ownNumbers(rows []row) []row {
	return slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.listing.Pool != "" })
}

// leastOfMates brings want down to the least of the listings that share the number of a row; false, with the reason, where one
// of them may be sent none.
func (v *visit) leastOfMates(tx *db.Tx, of row, p preview, t TurnOn, alike func(row) []row, want int64) (least int64, ok bool, why string, err error) {
	for _, m := range tx.Mates(of.listing)[1:] {
		if m.Item == 0 {
			continue
		}
		mate := row{listing: m, location: of.location}
		stock, _, _, err := v.settledOn(tx, mate, p, t, ownNumbers(alike(mate)))
		if err != nil {
			return want, false, "", err
		}
		available, counted := stock.Available()
		if ok, why := db.Pushable(v.store, m, counted); !ok {
			return want, false, fmt.Sprintf("%s This is about %s, which shares one number with it.", why, m.SKU), nil
		}
		want = min(want, v.store.Target(m, available, v.caps.MaxQuantity))
	}
	return want, true, "", nil
}

// rehearseRow says what a push would do to one number. alike are the rows of the same product.
func (v *visit) rehearseRow(tx *db.Tx, of row, p preview, t TurnOn, alike func(row) []row) (RehearsalRow, error) {
	l, has := of.listing, *p.has[of.spot()]
	r := rowFor(v.store, l, of.location)
	r.Has = &has
	siblings := alike(of)
	stock, orders, from, err := v.settledOn(tx, of, p, t, ownNumbers(siblings))
	if err != nil {
		return r, err
	}
	flag := func(on bool, name string) {
		if on {
			r.Flags = append(r.Flags, name)
		}
	}
	flag(slices.ContainsFunc(siblings, func(s row) bool { return s.listing.Ref != l.Ref }), FlagDuplicate)
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
	r.Ticked = r.changes() && want != 0
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

// agree reports whether all numbers of a product in a warehouse are the same in the store, so that it can be copied.
// Nobody can say which of two different numbers is right.
func agree(has map[string]*int64, siblings []row) bool {
	for _, r := range siblings {
		if *has[r.spot()] != *has[siblings[0].spot()] {
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
