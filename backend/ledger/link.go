package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

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
	store, err := tx.Store(ref.Store)
	if err != nil {
		return err
	}
	s := settling{tx: tx, store: store}
	if line.Loc, err = s.bookAt(line); err != nil {
		return err
	}
	if err := bookLinked(tx, &line, db.Cause(ref)); err != nil {
		return err
	}
	return tx.PutLine(line)
}

// bookLinked gives a line that just got its product the effect it has waited with.
func bookLinked(tx *db.Tx, line *db.Line, cause db.Cause) error {
	now := line.Now.Domain()
	steps := placed(line.Loc, domain.Steps(now.Closed(), now), nil)
	for _, sh := range line.Shipped {
		loc := cmp.Or(sh.Loc, line.Loc)
		s, err := tx.Stock(line.Item, loc)
		if err != nil {
			return err
		}
		if sh.At <= s.CountedAt {
			continue
		}
		kind := domain.Fulfilled
		if sh.OnHand > 0 {
			kind = domain.Returned
		}
		steps = append(steps, step{Step: domain.Step{Kind: kind, Delta: domain.Delta{OnHand: sh.OnHand}}, loc: loc})
	}
	line.Shipped = nil
	for _, st := range steps {
		m := db.Movement{Item: line.Item, Loc: st.loc, Kind: st.Kind, Cause: cause, Actor: "sync"}
		if _, _, err := move(tx, m, st.Delta); err != nil {
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

// KeepBooked notes, for every product a removed store holds bookings of, that the user keeps them. The movement changes
// no number: it stands in the history so that the bookings explain themselves.
func KeepBooked(tx *db.Tx, store db.Store) error {
	kept := map[db.Place]int64{}
	for _, o := range slices.Collect(tx.Orders(store.ID)) {
		if o.Open == 0 {
			continue
		}
		for _, line := range tx.Lines(store.ID, o.Ref) {
			if open := line.Now.Domain().Open(); line.Item != 0 && open > 0 {
				kept[db.Place{Item: line.Item, Loc: line.Loc}] += open
			}
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(kept), comparePlaces) {
		s, err := tx.Stock(at.Item, at.Loc)
		if err != nil {
			return err
		}
		m := db.Movement{Item: at.Item, Loc: at.Loc, Kind: domain.Booked, Actor: "you", Cause: db.Cause{Store: store.ID},
			Note: fmt.Sprintf("%s was removed; its %d booked units are kept", store.Name, kept[at])}
		if _, err := tx.Append(m, s.Counted); err != nil {
			return err
		}
	}
	return nil
}

func comparePlaces(a, b db.Place) int {
	return cmp.Or(cmp.Compare(a.Item, b.Item), cmp.Compare(a.Loc, b.Loc))
}
