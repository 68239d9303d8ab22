package engine

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/ledger"
)

// copiedAtOnce is how many products are copied in one transaction, each with the marks of all its listings elsewhere: a
// hundred numbers for every product would still fit.
const copiedAtOnce = 250

// copyNumbers sets products that were never counted to what the store shows plus the open units it has taken off for
// them. It takes only numbers that were the same before and after the orders; what keeps selling goes round again, and
// after five rounds stays unset and is listed.
func (t *turningOn) copyNumbers(ctx context.Context, rows []row) error {
	if !t.answers.Copy {
		return nil
	}
	left := slices.DeleteFunc(slices.Clone(rows), func(r row) bool {
		return t.wasCounted(r) || t.has[r.spot()] == nil || r.listing.Pool != "" // whose the shared units are nobody can say
	})
	for range copyRounds {
		if len(left) == 0 {
			return nil
		}
		asOf := t.storeSecond()
		again, err := t.readAll(ctx, left)
		if err != nil {
			return err
		}
		if left, err = t.copyAgreed(ctx, left, again, asOf); err != nil || len(left) == 0 {
			return err
		}
		if err := t.pullAllOrders(ctx); err != nil {
			return err
		}
	}
	for _, r := range left {
		t.refuse(r.listing.SKU, r.listing.Ref, CodeUnset,
			fmt.Sprintf("%s kept changing while it was read, so it was not copied. It needs a first count.", r.listing.SKU))
	}
	return nil
}

// copyAgreed copies the products whose readings agree and returns the rows that do not.
func (t *turningOn) copyAgreed(ctx context.Context, rows []row, again map[string]*int64, asOf int64) ([]row, error) {
	groups := map[db.Place][]int{} // of rows
	for i, r := range rows {
		at := t.copies.at(r)
		groups[at] = append(groups[at], i)
	}
	var agreed []db.Place
	var left []row
	for at, group := range groups {
		stable, equal := true, true
		first := again[rows[group[0]].spot()]
		for _, i := range group {
			before, now := t.has[rows[i].spot()], again[rows[i].spot()]
			stable = stable && before != nil && now != nil && *before == *now
			equal = equal && now != nil && first != nil && *now == *first
		}
		switch {
		case stable && equal:
			agreed = append(agreed, at)
		case stable:
			r := rows[group[0]].listing
			t.refuse(r.SKU, r.Ref, CodeUnset, fmt.Sprintf("%s stands on %d listings that show different numbers, so none was copied. It needs a first count.", r.SKU, len(group)))
		default:
			for _, i := range group {
				left = append(left, rows[i])
			}
		}
	}
	for spot, q := range again {
		t.has[spot] = q
	}
	slices.SortFunc(agreed, comparePlaces)
	done := 0
	for chunk := range slices.Chunk(agreed, copiedAtOnce) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		t.l.progress.step(phaseCopy, int64(done), int64(len(agreed)), t.l.e.now())
		done += len(chunk)
		err := t.update(func(tx *db.Tx) error {
			held, err := t.heldOf(tx, chunk)
			if err != nil {
				return err
			}
			for _, at := range chunk {
				if err := t.copyOne(tx, at, max(0, *again[rows[groups[at][0]].spot()]+held[at]), asOf); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return left, nil
}

// storeSecond is the present second by the store's clock: shops state when an order was placed in whole seconds.
func (t *turningOn) storeSecond() int64 {
	return t.l.e.now().Add(t.skew).Truncate(time.Second).UnixMilli()
}

func (t *turningOn) copyOne(tx *db.Tx, at db.Place, inStock, asOf int64) error {
	return ledger.Copy(tx, ledger.Action{Item: at.Item, Loc: at.Loc, Quantity: inStock, Kind: domain.Copied,
		Actor: "copy", Note: "copied from " + t.store.Name, Store: t.l.id, AsOf: asOf,
		Key: fmt.Sprintf("copy %d %d %d %d", t.l.id, t.store.Anchor, at.Item, at.Loc)})
}

// copies says into which warehouse a store's numbers are copied: that of the location, or the first of those linked.
type copies struct {
	store db.Store
	first uint32
}

func (v *visit) copiesOf(tx *db.Tx) (copies, error) {
	ranked, err := tx.RankedOf(v.store)
	if err != nil || len(ranked) == 0 {
		return copies{v.store, db.DefaultLoc}, err
	}
	return copies{v.store, ranked[0]}, nil
}

// at is the place a number would be copied to.
func (c copies) at(r row) db.Place {
	if p, ok := c.store.Place(r.location); ok && p.Loc != 0 {
		return db.Place{Item: r.listing.Item, Loc: p.Loc}
	}
	return db.Place{Item: r.listing.Item, Loc: c.first}
}

// wasCounted reports whether the product was counted behind that number before the store was turned on.
func (t *turningOn) wasCounted(r row) bool {
	return slices.ContainsFunc(t.store.Behind(r.location), func(loc uint32) bool {
		return t.counted[db.Place{Item: r.listing.Item, Loc: loc}]
	})
}

func comparePlaces(a, b db.Place) int {
	return cmp.Or(cmp.Compare(a.Item, b.Item), cmp.Compare(a.Loc, b.Loc))
}

// heldOf sums, for each place, the units of open lines that the store has taken off its own number behind it.
func (t *turningOn) heldOf(tx *db.Tx, places []db.Place) (map[db.Place]int64, error) {
	out := map[db.Place]int64{}
	done := map[uint64]bool{}
	for _, at := range places {
		if done[at.Item] {
			continue
		}
		done[at.Item] = true
		for _, ref := range tx.BookedLines(at.Item) {
			if ref.Store != t.l.id {
				continue
			}
			line, err := tx.Line(ref)
			if err != nil {
				return nil, err
			}
			for _, h := range ledger.HeldIn(t.store, line) {
				loc := h.Loc
				if !t.store.Located { // one number for all warehouses, copied into one of them
					loc = t.copies.first
				}
				out[db.Place{Item: at.Item, Loc: loc}] += h.Open
			}
		}
	}
	return out, nil
}

// mostLines is how many lines of one product are added in one step.
const mostLines = 1_000

// brought are lines of one product that this turn-on brought along.
type brought struct {
	item  uint64
	lines []db.LineRef
}

// onTop adds the open units this turn-on brought along to what was counted before, where the user said that they are not
// part of it. What was booked before, or is ordered from now on, is none of them. A line that was added is brought along no
// more, so that a turn-on which broke off goes on from there.
func (t *turningOn) onTop(ctx context.Context) error {
	if !t.answers.OnTop {
		return nil
	}
	lines := map[uint64][]db.LineRef{}
	err := t.view(func(tx *db.Tx) error {
		for l := range tx.LinesOf(t.l.id) {
			if l.Turn == t.store.Turns+1 && l.Item != 0 && l.Now.Domain().Open() > 0 {
				lines[l.Item] = append(lines[l.Item], db.LineRef{Store: l.Store, Order: l.Order, Line: l.Ref})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var all []brought
	for _, item := range slices.Sorted(maps.Keys(lines)) {
		for some := range slices.Chunk(lines[item], mostLines) {
			all = append(all, brought{item, some})
		}
	}
	return inSteps(ctx, t.l, phaseOnTop, all, t.putOnTop)
}

func (t *turningOn) putOnTop(tx *db.Tx, b brought) error {
	open := map[uint32]int64{}
	for _, ref := range b.lines {
		line, err := tx.Line(ref)
		if err != nil {
			return err
		}
		loc := t.countedNear(b.item, line.Loc)
		if loc == 0 {
			continue
		}
		open[loc] += line.Now.Domain().Open()
		line.Turn = 0
		if err := tx.PutLine(line); err != nil {
			return err
		}
	}
	for _, loc := range slices.Sorted(maps.Keys(open)) {
		err := ledger.OnTop(tx, ledger.Action{Item: b.item, Loc: loc, Quantity: open[loc], Actor: "you",
			Note: "open orders of " + t.store.Name + " were not part of the counted stock"})
		if err != nil {
			return err
		}
	}
	return nil
}

// countedNear is the warehouse a line is booked in if the product was counted there, else one linked to the store where
// it was, 0 for none.
func (t *turningOn) countedNear(item uint64, loc uint32) uint32 {
	for _, at := range append([]uint32{loc}, t.store.Linked()...) {
		if t.counted[db.Place{Item: item, Loc: at}] {
			return at
		}
	}
	return 0
}
