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

// Waiting returns lines that wait for a SKU, at most so many.
func Waiting(tx *db.Tx, sku string, most int) (refs []db.LineRef) {
	if sku == "" {
		return nil
	}
	for ref := range tx.Unmatched(sku) {
		if len(refs) == most {
			break
		}
		refs = append(refs, ref)
	}
	return refs
}

// LinkWaiting books lines that waited for the SKU of a product.
func LinkWaiting(tx *db.Tx, waiting []db.LineRef, item uint64) error {
	for _, ref := range waiting {
		if err := LinkLine(tx, ref, item); err != nil {
			return err
		}
	}
	return nil
}

// OpenOrders are the orders of a store that hold open units.
func OpenOrders(tx *db.Tx, store db.Store) (refs []string) {
	for o := range tx.Orders(store.ID) {
		if o.Open != 0 {
			refs = append(refs, o.Ref)
		}
	}
	return refs
}

// Release ends the open bookings of an order, when its store is removed and the user says so.
func Release(tx *db.Tx, store db.Store, order string) error {
	o, err := tx.Order(store.ID, order)
	if err != nil || o.Open == 0 {
		return err
	}
	for _, line := range tx.Lines(store.ID, o.Ref) {
		if err := releaseLine(tx, store, line); err != nil {
			return err
		}
	}
	o.Open = 0
	return tx.PutOrder(o)
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

// shippedWhileOff marks an order whose units were placed and shipped while a store's sync was off.
const shippedWhileOff = "shipped_while_off"

// AskedShipped are the orders of a store about which [AnswerShipped] is asked.
func AskedShipped(tx *db.Tx, store db.Store) (refs []string) {
	for o := range tx.Orders(store.ID) {
		if o.Review == shippedWhileOff {
			refs = append(refs, o.Ref)
		}
	}
	return refs
}

// AnswerShipped settles the units of an order that were placed and shipped while its store's sync was off: takeOut lowers
// In stock by them, else they count as seen by the last count (product.md O7).
func AnswerShipped(tx *db.Tx, store db.Store, order string, takeOut bool) error {
	o, err := tx.Order(store.ID, order)
	if err != nil || o.Review != shippedWhileOff {
		return err
	}
	for _, line := range tx.Lines(store.ID, o.Ref) {
		if line.Meanwhile == 0 {
			continue
		}
		if takeOut && line.Item != 0 {
			m := db.Movement{Item: line.Item, Loc: line.Loc, Kind: domain.Fulfilled, Actor: "you",
				Cause: db.Cause{Store: store.ID, Order: o.Ref, Line: line.Ref}, Note: "shipped while sync was off"}
			if _, _, err := move(tx, m, domain.Delta{OnHand: -line.Meanwhile}); err != nil {
				return err
			}
		}
		line.Meanwhile = 0
		if err := tx.PutLine(line); err != nil {
			return err
		}
	}
	o.Review = ""
	return tx.PutOrder(o)
}

// Kept are the units of a product in a warehouse that stay booked for a store that was removed.
type Kept struct {
	db.Place
	Units int64
}

// Bookings are the units a store holds.
func Bookings(tx *db.Tx, store db.Store) []Kept {
	units := map[db.Place]int64{}
	for line := range tx.LinesOf(store.ID) {
		if open := line.Now.Domain().Open(); line.Item != 0 && open > 0 {
			units[db.Place{Item: line.Item, Loc: line.Loc}] += open
		}
	}
	var out []Kept
	for _, at := range slices.SortedFunc(maps.Keys(units), comparePlaces) {
		out = append(out, Kept{Place: at, Units: units[at]})
	}
	return out
}

// KeepBooked notes that the user keeps the bookings of a product when a store is removed, once for each removal. The
// movement changes no number: it stands in the history so that the bookings explain themselves.
func KeepBooked(tx *db.Tx, store db.Store, k Kept) error {
	mint := fmt.Sprintf("kept %d %d %d %d", store.ID, store.Removals, k.Item, k.Loc)
	if _, used, err := tx.Mint(mint, mint); err != nil || used {
		return err
	}
	s, err := tx.Stock(k.Item, k.Loc)
	if err != nil {
		return err
	}
	m, err := tx.Append(db.Movement{Item: k.Item, Loc: k.Loc, Kind: domain.Booked, Actor: "you", Cause: db.Cause{Store: store.ID},
		Note: fmt.Sprintf("%s was removed; its %d booked units are kept", store.Name, k.Units)}, s.Counted)
	if err != nil {
		return err
	}
	return tx.PutMint(mint, mint, m.Seq)
}

func comparePlaces(a, b db.Place) int {
	return cmp.Or(cmp.Compare(a.Item, b.Item), cmp.Compare(a.Loc, b.Loc))
}
