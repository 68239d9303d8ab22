package ledger

import (
	"errors"
	"fmt"

	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// Action is a person's change of one product's In stock in one warehouse.
type Action struct {
	Item     uint64
	Loc      uint32
	Quantity int64
	Kind     domain.Kind // Counted, Adjusted, Imported, Received, Copied, OnTop
	Reason   string
	Note     string
	Actor    string
	Key      string // minted by whoever asked; the same key and input is applied once
	Store    uint32 // with Copied: the store whose number it is
	AsOf     int64  // with Copied: orders placed before this time of the store's clock are part of that number
}

func (a Action) input(op string) string {
	return fmt.Sprintf("%s %d %d %d %s", op, a.Item, a.Loc, a.Quantity, a.Kind)
}

// Set makes In stock a quantity. An unset product becomes counted by it.
func Set(tx *db.Tx, a Action) (db.Movement, error) {
	if a.Quantity < 0 || a.Quantity > domain.MaxQuantity {
		return db.Movement{}, refuse("invalid", "In stock must be a whole number from 0 to %d.", domain.MaxQuantity)
	}
	return apply(tx, a, "set", func(s db.Stock) (int64, error) { return a.Quantity - s.OnHand, nil })
}

// Copy sets a product that was never counted to what a store showed; a counted one is left alone.
func Copy(tx *db.Tx, a Action) error {
	s, err := tx.Stock(a.Item, a.Loc)
	if err != nil || s.Counted {
		return err
	}
	_, err = Set(tx, a)
	return err
}

// Add adds a quantity to In stock, or takes it away when it is negative. An unset product is counted from 0 by it.
func Add(tx *db.Tx, a Action) (db.Movement, error) {
	if a.Quantity < -domain.MaxQuantity || a.Quantity > domain.MaxQuantity {
		return db.Movement{}, refuse("invalid", "A change must be a whole number from −%d to %d.", domain.MaxQuantity, domain.MaxQuantity)
	}
	return apply(tx, a, "add", func(s db.Stock) (int64, error) {
		after := s.OnHand + a.Quantity
		if a.Quantity < 0 && after < 0 {
			return 0, refuse("invalid", "Only %d are in stock, so %d cannot be taken away.", max(0, s.OnHand), -a.Quantity)
		}
		if after > domain.MaxQuantity {
			return 0, refuse("invalid", "In stock cannot be more than %d.", domain.MaxQuantity)
		}
		return a.Quantity, nil
	})
}

// OnTop adds units that a store brought along to what was counted before. The caller sees to it that it is done once.
func OnTop(tx *db.Tx, a Action) error {
	m := db.Movement{Item: a.Item, Loc: a.Loc, Kind: domain.OnTop, Actor: a.Actor, Note: a.Note}
	_, _, err := move(tx, m, domain.Delta{OnHand: a.Quantity})
	return err
}

// apply appends the movement of an action once per key.
func apply(tx *db.Tx, a Action, op string, delta func(db.Stock) (int64, error)) (db.Movement, error) {
	if a.Key == "" {
		panic("ledger: an action without a key")
	}
	seq, used, err := tx.Mint(a.Key, a.input(op))
	if errors.Is(err, db.ErrKeyReused) {
		return db.Movement{}, refuse("invalid", "This change was sent before with other numbers. Nothing was changed.")
	}
	if err != nil {
		return db.Movement{}, err
	}
	if used {
		return tx.Movement(seq)
	}
	s, err := tx.Stock(a.Item, a.Loc)
	if err != nil {
		return db.Movement{}, err
	}
	d, err := delta(s)
	if err != nil {
		return db.Movement{}, err
	}
	m, err := tx.Append(db.Movement{Item: a.Item, Loc: a.Loc, Kind: a.Kind, OnHand: d, Reason: a.Reason, Note: a.Note,
		Actor: a.Actor, Cause: db.Cause{Store: a.Store}, AsOf: a.AsOf}, true)
	if err != nil {
		return m, err
	}
	if err := tx.PutMint(a.Key, a.input(op), m.Seq); err != nil {
		return m, err
	}
	return m, MarkItem(tx, a.Item, db.ByUser)
}

// Undo reverses a person's movement, or an earlier undo, by a counter-entry. Undoing the count that first set a product
// makes it unset again, never 0 (product.md Q5). Each movement can be reversed once.
func Undo(tx *db.Tx, seq uint64, actor string) (db.Movement, error) {
	m, err := tx.Movement(seq)
	if errors.Is(err, db.ErrNotFound) {
		return m, refuse("not_found", "There is no stock change number %d.", seq)
	}
	if err != nil {
		return m, err
	}
	switch m.Kind {
	case domain.Booked, domain.Released, domain.Fulfilled, domain.WrittenOff, domain.Returned:
		return m, refuse("invalid", "Change %d came from an order. It follows the order and cannot be undone by hand.", seq)
	}
	mint := fmt.Sprintf("undo %d", seq)
	if _, used, err := tx.Mint(mint, mint); err != nil {
		return m, err
	} else if used {
		return m, refuse("invalid", "Change %d is undone already.", seq)
	}
	s, err := tx.Stock(m.Item, m.Loc)
	if err != nil {
		return m, err
	}
	undo := db.Movement{Item: m.Item, Loc: m.Loc, Kind: domain.Undone, Actor: actor, Reverses: seq, OnHand: -m.OnHand}
	isCounted := s.Counted
	switch {
	case m.First:
		if later, err := countedLater(tx, m); err != nil || later {
			if err == nil {
				err = refuse("invalid", "The product was counted again after change %d, so undoing it would change nothing that is known now.", seq)
			}
			return m, err
		}
		undo.OnHand, isCounted = -s.OnHand, false
	case m.Kind == domain.Undone && !m.CountedAfter:
		if s.Counted {
			return m, refuse("invalid", "The product was counted again after change %d, so undoing it would change nothing that is known now.", seq)
		}
		isCounted = true // an unset product gets its first count back
	case !s.Counted:
		return m, refuse("unset", "The product was never counted, so there is nothing to undo.")
	}
	if undo, err = tx.Append(undo, isCounted); err != nil {
		return undo, err
	}
	if err := tx.PutMint(mint, mint, undo.Seq); err != nil {
		return undo, err
	}
	return undo, MarkItem(tx, m.Item, db.ByUser)
}

// countedLater reports whether a count or copy after m, not undone itself, says what the product's stock is.
func countedLater(tx *db.Tx, m db.Movement) (bool, error) {
	history, err := tx.History(m.Item)
	if err != nil {
		return false, err
	}
	undone := map[uint64]bool{}
	for _, h := range history {
		undone[h.Reverses] = true
	}
	for _, h := range history {
		if h.Seq > m.Seq && h.Loc == m.Loc && h.Kind != domain.Undone && h.Establishes() && !undone[h.Seq] {
			return true, nil
		}
	}
	return false, nil
}
