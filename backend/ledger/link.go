package ledger

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// LinkLine books an unmatched order line on a product. Its open units become Booked; units that have shipped lower
// In stock only if they shipped after the product's last count, because a count has seen them gone (product.md O4).
func LinkLine(tx *db.Tx, ref db.LineRef, item uint64) error {
	line, err := tx.Line(ref)
	if errors.Is(err, db.ErrNotFound) {
		return refuse("not_found", "There is no such order line.")
	}
	if err != nil {
		return err
	}
	if line.Item == item {
		return nil
	}
	if line.Item != 0 {
		return refuse("invalid", "This order line is booked on a product already. A line keeps the product it was first booked on.")
	}
	line.Item = item
	if err := bookLinked(tx, &line, db.Cause(ref)); err != nil {
		return err
	}
	return tx.PutLine(line)
}

// bookLinked gives a line that just got its product the effect it has waited with.
func bookLinked(tx *db.Tx, line *db.Line, cause db.Cause) error {
	now := line.Now.Domain()
	s, err := tx.Stock(line.Item, line.Loc)
	if err != nil {
		return err
	}
	steps := domain.Steps(now.Closed(), now)
	for _, sh := range line.Shipped {
		if sh.At <= s.CountedAt {
			continue
		}
		kind := domain.Fulfilled
		if sh.OnHand > 0 {
			kind = domain.Returned
		}
		steps = append(steps, domain.Step{Kind: kind, Delta: domain.Delta{OnHand: sh.OnHand}})
	}
	line.Shipped = nil
	for _, step := range steps {
		m := db.Movement{Item: line.Item, Loc: line.Loc, Kind: step.Kind, Cause: cause, Actor: "sync"}
		if _, _, err := move(tx, m, step.Delta); err != nil {
			return err
		}
	}
	return MarkItem(tx, line.Item, db.ByOrder)
}

// LinkWaiting books the unmatched lines whose SKU has just come to be a product's; born maps such SKUs to products. It
// walks all unmatched lines once, because an iterator for each product would copy the transaction's writes every time.
func LinkWaiting(tx *db.Tx, born map[string]uint64) error {
	if len(born) == 0 {
		return nil
	}
	for _, ref := range slices.Collect(tx.Unmatched("")) {
		line, err := tx.Line(ref)
		if err != nil {
			return err
		}
		if item, ok := born[line.SKU]; ok {
			if err := LinkLine(tx, ref, item); err != nil {
				return err
			}
		}
	}
	return nil
}

// Release ends every open booking of a store, when the store is removed and the user says so.
func Release(tx *db.Tx, store db.Store) error {
	for _, o := range slices.Collect(tx.Orders(store.ID)) {
		if o.Open == 0 {
			continue
		}
		for _, line := range tx.Lines(store.ID, o.Ref) {
			if err := releaseLine(tx, store, line); err != nil {
				return err
			}
		}
		o.Open = 0
		if err := tx.PutOrder(o); err != nil {
			return err
		}
	}
	return nil
}

func releaseLine(tx *db.Tx, store db.Store, line db.Line) error {
	from := line.Now.Domain()
	to := from.Closed()
	if from == to {
		return nil
	}
	line.Now = db.Counts(to)
	if line.Item != 0 {
		for _, step := range domain.Steps(from, to) {
			m := db.Movement{Item: line.Item, Loc: line.Loc, Kind: step.Kind, Actor: "you",
				Cause: db.Cause{Store: store.ID, Order: line.Order, Line: line.Ref}, Note: store.Name + " was removed"}
			if _, _, err := move(tx, m, step.Delta); err != nil {
				return err
			}
		}
	}
	return tx.PutLine(line)
}

// AnswerShipped settles units that were placed and shipped while a store's sync was off: takeOut lowers In stock by
// them, else they count as seen by the last count (product.md O7). It returns the number of units settled.
func AnswerShipped(tx *db.Tx, store db.Store, takeOut bool) (int64, error) {
	var units int64
	for _, o := range slices.Collect(tx.Orders(store.ID)) {
		if o.Review != "shipped_while_off" {
			continue
		}
		for _, line := range tx.Lines(store.ID, o.Ref) {
			if line.Meanwhile == 0 {
				continue
			}
			if takeOut && line.Item != 0 {
				m := db.Movement{Item: line.Item, Loc: line.Loc, Kind: domain.Fulfilled, Actor: "you",
					Cause: db.Cause{Store: store.ID, Order: o.Ref, Line: line.Ref}, Note: "shipped while sync was off"}
				if _, _, err := move(tx, m, domain.Delta{OnHand: -line.Meanwhile}); err != nil {
					return units, err
				}
			}
			units += line.Meanwhile
			line.Meanwhile = 0
			if err := tx.PutLine(line); err != nil {
				return units, err
			}
		}
		o.Review = ""
		if err := tx.PutOrder(o); err != nil {
			return units, err
		}
	}
	return units, nil
}

// Preview says what [Settle] would do to the stock of each product, without doing it. The store's anchor is taken to be
// now: orders that are not known yet are baseline.
func Preview(tx *db.Tx, store db.Store, o channel.Order) (map[uint64]Foreseen, error) {
	out := map[uint64]Foreseen{}
	if o.Fulfilled {
		return out, nil
	}
	old, err := tx.Order(store.ID, o.Ref)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return nil, err
	}
	if err == nil && !o.Gone && o.Updated.UnixMilli() < old.Updated {
		return out, nil
	}
	s := settling{tx: tx, store: store, order: o, known: err == nil}
	for _, l := range o.Lines {
		line, err := tx.Line(db.LineRef{Store: store.ID, Order: o.Ref, Line: l.Ref})
		known := err == nil
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return nil, err
		}
		now := countsOf(l)
		if o.Gone {
			now = now.Closed()
		}
		from := now.Closed()
		if known {
			from = line.Now.Domain()
		}
		line.Store, line.Listing, line.SKU = store.ID, l.ListingRef, domain.TrimSKU(l.SKU)
		if _, err := s.link(&line); err != nil {
			return nil, err
		}
		if line.Item == 0 {
			continue
		}
		f := out[line.Item]
		f.Delta = f.Delta.Plus(now.Effect().Minus(from.Effect()))
		f.Open += now.Open()
		if !known {
			f.Brought += now.Open()
		}
		f.Held += min(l.Held, now.Open())
		out[line.Item] = f
	}
	return out, nil
}

// Foreseen is what one order does to one product.
type Foreseen struct {
	Delta domain.Delta
	Open  int64 // units customers wait for
	Held  int64 // those of them the shop has taken off its own number
	// Brought are those of them that turning sync on brings along; the others were booked before.
	Brought int64
}

// KeepBooked notes, for every product a removed store holds bookings of, that the user keeps them. The movement changes
// no number: it stands in the history so that the bookings explain themselves.
func KeepBooked(tx *db.Tx, store db.Store) error {
	kept := map[uint64]int64{}
	for _, o := range slices.Collect(tx.Orders(store.ID)) {
		if o.Open == 0 {
			continue
		}
		for _, line := range tx.Lines(store.ID, o.Ref) {
			if open := line.Now.Domain().Open(); line.Item != 0 && open > 0 {
				kept[line.Item] += open
			}
		}
	}
	for _, item := range slices.Sorted(maps.Keys(kept)) {
		s, err := tx.Stock(item, db.DefaultLoc)
		if err != nil {
			return err
		}
		m := db.Movement{Item: item, Loc: db.DefaultLoc, Kind: domain.Booked, Actor: "you", Cause: db.Cause{Store: store.ID},
			Note: fmt.Sprintf("%s was removed; its %d booked units are kept", store.Name, kept[item])}
		if _, err := tx.Append(m, s.Counted); err != nil {
			return err
		}
	}
	return nil
}
