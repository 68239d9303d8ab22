package view

import (
	"errors"
	"fmt"

	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// Explain says how the numbers of a product came about: every movement, and what the shops were told, newest first. The
// terms sum to InStock and Booked, always; while the product is unset they sum to an In stock of nothing.
func (v *View) Explain(sku string) (Explanation, error) {
	var out Explanation
	err := v.db.View(func(tx *db.Tx) error {
		it, err := itemBySKU(tx, domain.TrimSKU(sku))
		if err != nil {
			return err
		}
		r, err := readRow(tx, it.ID, locations(tx))
		if err != nil {
			return err
		}
		shown := r.shown(nil)
		out = Explanation{SKU: it.SKU, InStock: shown.InStock, Booked: shown.Booked, Available: shown.Available}
		names := newNames(tx)
		if out.Terms, err = terms(tx, it.ID, names); err != nil {
			return err
		}
		out.Pushes, err = pushes(tx, it.ID, names)
		return err
	})
	return out, err
}

// terms are the movements of a product in order. The After numbers are sums over all warehouses.
func terms(tx *db.Tx, item uint64, names *names) ([]Term, error) {
	codes := codesOf(tx)
	history, err := tx.History(item)
	if err != nil {
		return nil, fmt.Errorf("history of product %d: %w", item, err)
	}
	out := make([]Term, 0, len(history))
	at := map[uint64]int{} // sequence number → index
	counted := map[uint32]bool{}
	var inStock, booked int64
	for i, m := range history {
		inStock += m.OnHand
		booked += m.Booked
		counted[m.Loc] = m.CountedAfter
		t := Term{Seq: m.Seq, At: m.At, Kind: string(m.Kind), InStock: m.OnHand, Booked: m.Booked, BookedAfter: booked,
			Actor: m.Actor, Reason: m.Reason, Note: m.Note, Reverses: m.Reverses}
		if len(codes) > 1 {
			t.Warehouse = codes[m.Loc]
		}
		if anyTrue(counted) {
			after := inStock
			t.InStockAfter = &after
		}
		if t.Cause, err = names.cause(m.Cause); err != nil {
			return nil, err
		}
		if r, known := at[m.Reverses]; known {
			out[r].Undone = true
		}
		at[m.Seq] = i
		out = append(out, t)
	}
	return out, nil
}

func anyTrue(m map[uint32]bool) bool {
	for _, on := range m {
		if on {
			return true
		}
	}
	return false
}

// pushes are the last [MaxRows] numbers that were sent for a product.
func pushes(tx *db.Tx, item uint64, names *names) ([]PushLog, error) {
	out := []PushLog{}
	for w := range tx.Writes(item) {
		if len(out) == MaxRows {
			break
		}
		store, err := names.store(w.Store)
		if err != nil {
			return nil, err
		}
		out = append(out, PushLog{Store: store, Listing: w.Ref, Place: names.place(w.Store, w.Where), Target: w.Sent, Away: w.Away, At: w.At, Outcome: w.Outcome})
	}
	return out, nil
}

// names looks up what stores and orders are called, each once.
type names struct {
	tx     *db.Tx
	stores map[uint32]string
	orders map[db.OrderRef]string
}

func newNames(tx *db.Tx) *names {
	return &names{tx, map[uint32]string{}, map[db.OrderRef]string{}}
}

func (n *names) store(id uint32) (string, error) {
	if name, known := n.stores[id]; known {
		return name, nil
	}
	s, err := n.tx.Store(id)
	if err != nil {
		return "", fmt.Errorf("store %d: %w", id, err)
	}
	n.stores[id] = s.Name
	return s.Name, nil
}

// place is what a location of a store is called, "" for none.
func (n *names) place(id uint32, location string) string {
	if location == "" {
		return ""
	}
	if s, err := n.tx.Store(id); err == nil {
		if p, ok := s.Place(location); ok {
			return or(p.Name, location)
		}
	}
	return location
}

// order is an order's number, or its ref where the shop gave it none.
func (n *names) order(ref db.OrderRef) (string, error) {
	if number, known := n.orders[ref]; known {
		return number, nil
	}
	o, err := n.tx.Order(ref.Store, ref.Ref)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return "", fmt.Errorf("order %s of store %d: %w", ref.Ref, ref.Store, err)
	}
	n.orders[ref] = or(o.Number, ref.Ref)
	return n.orders[ref], nil
}

// cause is nil for what a person did.
func (n *names) cause(c db.Cause) (*Cause, error) {
	if c == (db.Cause{}) {
		return nil, nil
	}
	store, err := n.store(c.Store)
	if err != nil {
		return nil, err
	}
	order := ""
	if c.Order != "" {
		if order, err = n.order(db.OrderRef{Store: c.Store, Ref: c.Order}); err != nil {
			return nil, err
		}
	}
	return &Cause{Store: store, Order: order, Line: c.Line}, nil
}
