package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"evenstock/backend/db"
)

// mostWarehouses bounds the warehouses in use: every one is looked at for every line that is booked.
const mostWarehouses = 60

// WarehousePatch changes a warehouse; nil fields stay as they are.
type WarehousePatch struct {
	Name     *string
	Priority *int // 1 is where orders are booked first
}

// findWarehouse returns a warehouse in use by its code, in any case.
func findWarehouse(tx *db.Tx, code string) (db.Warehouse, error) {
	for _, w := range tx.Warehouses() {
		if !w.Archived && strings.EqualFold(w.Code, strings.TrimSpace(code)) {
			return w, nil
		}
	}
	return db.Warehouse{}, &Error{Code: CodeNotFound, Message: fmt.Sprintf("There is no warehouse with the code %q.", code)}
}

// Warehouses returns the warehouses in use in the order in which orders are booked.
func (e *Engine) Warehouses() (out []db.Warehouse, err error) {
	err = e.o.DB.View(func(tx *db.Tx) error { out = tx.Ranked(); return nil })
	return out, err
}

// AddWarehouse adds a warehouse, last in priority and linked to no store. One that was removed comes back with its history.
func (e *Engine) AddWarehouse(_ context.Context, code, name string) (w db.Warehouse, err error) {
	code, name = strings.TrimSpace(code), strings.TrimSpace(name)
	if code == "" || len(code) > 20 || strings.ContainsFunc(code, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '=' }) {
		return w, &Error{Code: CodeInvalid, Message: "A warehouse needs a code of 1 to 20 letters or digits, without spaces."}
	}
	if name == "" {
		name = code
	}
	err = e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		all, used := tx.Warehouses(), len(tx.Ranked())
		if used >= mostWarehouses {
			return &Error{Code: CodeInvalid, Message: fmt.Sprintf("There are %d warehouses already. Remove one first.", used)}
		}
		w = db.Warehouse{Loc: all[len(all)-1].Loc + 1}
		for _, old := range all {
			if !strings.EqualFold(old.Code, code) {
				continue
			}
			if !old.Archived {
				return &Error{Code: CodeInvalid, Message: fmt.Sprintf("There is a warehouse with the code %s already.", old.Code)}
			}
			w = old
		}
		w.Code, w.Name, w.Archived, w.Priority = code, name, false, int64(used+1)
		return tx.PutWarehouse(w)
	})
	return w, err
}

// SetWarehouse renames a warehouse or gives it another place in the order of priority. Orders that are booked stay where
// they are.
func (e *Engine) SetWarehouse(_ context.Context, code string, p WarehousePatch) (w db.Warehouse, err error) {
	err = e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		if w, err = findWarehouse(tx, code); err != nil {
			return err
		}
		if p.Name != nil {
			if w.Name = strings.TrimSpace(*p.Name); w.Name == "" {
				return &Error{Code: CodeInvalid, Message: "A warehouse needs a name."}
			}
			if err := tx.PutWarehouse(w); err != nil {
				return err
			}
		}
		if p.Priority == nil {
			return nil
		}
		if w.Priority, err = rank(tx, w, *p.Priority); err != nil {
			return err
		}
		return nil
	})
	return w, err
}

// rank moves a warehouse to a place in the order of priority, from 1.
func rank(tx *db.Tx, w db.Warehouse, place int) (int64, error) {
	all := tx.Ranked()
	if place < 1 || place > len(all) {
		return 0, &Error{Code: CodeInvalid, Message: fmt.Sprintf("The priority of a warehouse is a number from 1 to %d.", len(all))}
	}
	all = slices.DeleteFunc(all, func(o db.Warehouse) bool { return o.Loc == w.Loc })
	all = slices.Insert(all, place-1, w)
	return int64(place), putRanked(tx, all)
}

func putRanked(tx *db.Tx, all []db.Warehouse) error {
	for i, w := range all {
		w.Priority = int64(i + 1)
		if err := tx.PutWarehouse(w); err != nil {
			return err
		}
	}
	return nil
}

// RemoveWarehouse takes a warehouse out of use. It has to be empty: nothing in stock, nothing booked, linked to no store.
// Its history stays.
func (e *Engine) RemoveWarehouse(_ context.Context, code string) error {
	return e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		w, err := findWarehouse(tx, code)
		if err != nil {
			return err
		}
		if w.Loc == db.DefaultLoc {
			return &Error{Code: CodeInvalid, Message: fmt.Sprintf("%s is the main warehouse and cannot be removed. Give it another name instead.", w.Name)}
		}
		for _, s := range tx.Stores() {
			if !s.Removed && slices.Contains(s.Linked(), w.Loc) {
				return &Error{Code: CodeInvalid, Store: s.Name, Message: fmt.Sprintf("%s still sells from %s. Unlink it there first.", s.Name, w.Name)}
			}
		}
		for at, s := range tx.Stocks() {
			if at.Loc == w.Loc && (s.OnHand != 0 || s.Booked != 0) {
				it, err := tx.Item(at.Item)
				if err != nil && !errors.Is(err, db.ErrNotFound) {
					return err
				}
				return &Error{Code: CodeInvalid, Message: fmt.Sprintf("%s is not empty: it has %d of %s in stock and %d booked. Set them to 0 or move them first.", w.Name, s.OnHand, it.SKU, s.Booked)}
			}
		}
		w.Archived = true
		if err := tx.PutWarehouse(w); err != nil {
			return err
		}
		return putRanked(tx, tx.Ranked())
	})
}
