package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/ledger"
)

const (
	// askBookedWithin is how long a count waits for the stores that hold bookings of the product (product.md Q7).
	askBookedWithin = 5 * time.Second
	// settlePoll is how often Settle looks whether the lanes have done it.
	settlePoll = 25 * time.Millisecond
	// settleGrace lets a wait end after a second look that is due within it.
	settleGrace = 5 * time.Second
)

// ChangeStock changes In stock by hand. Setting a product that has bookings first asks the stores that hold them for
// their orders, so that no unit just shipped is counted twice (Q7).
func (e *Engine) ChangeStock(ctx context.Context, c StockChange) (StockChanged, error) {
	var out StockChanged
	it, loc, err := e.findItem(c.SKU, c.Warehouse)
	if err != nil {
		return out, err
	}
	var notices []string
	if c.Op == SetStock {
		notices = e.askHolders(ctx, []uint64{it.ID})
	}
	err = e.o.DB.Update(e.now(), func(tx *db.Tx) (err error) { out, err = changeStock(tx, c, it, loc); return err })
	out.Notices = append(notices, out.Notices...)
	return out, refused(err)
}

// changeStock books a change whose holders were asked.
func changeStock(tx *db.Tx, c StockChange, it db.Item, loc uint32) (StockChanged, error) {
	out := StockChanged{Item: it.ID}
	if c.Actor == "" {
		c.Actor = "you"
	}
	action := ledger.Action{Item: it.ID, Loc: loc, Quantity: c.Quantity, Reason: c.Reason, Note: c.Note, Actor: c.Actor, Key: c.Key}
	s, err := tx.Stock(it.ID, loc)
	if err != nil {
		return out, err
	}
	var m db.Movement
	if c.Op == AddStock {
		if !s.Counted {
			out.Notices = append(out.Notices, countedFrom0(tx, it.SKU, loc))
		}
		action.Kind = domain.Adjusted
		m, err = ledger.Add(tx, action)
	} else {
		action.Kind = domain.Counted
		if c.Packed && c.Quantity >= 0 {
			action.Quantity += s.Booked
		}
		m, err = ledger.Set(tx, action)
	}
	out.Seq = m.Seq
	return out, err
}

// countedFrom0 says that an addition was a first count. The warehouse is named where there are several.
func countedFrom0(tx *db.Tx, sku string, loc uint32) string {
	if w, err := tx.Warehouse(loc); err == nil && len(tx.Ranked()) > 1 {
		return fmt.Sprintf("%s was never counted in %s, so it is counted from 0 there.", sku, w.Name)
	}
	return fmt.Sprintf("%s was never counted, so it is counted from 0.", sku)
}

// refused turns a refusal of the books into an Error.
func refused(err error) error {
	var r *ledger.Refusal
	if errors.As(err, &r) {
		return &Error{Code: r.Code, Message: r.Message}
	}
	return err
}

func (e *Engine) findItem(sku, warehouse string) (it db.Item, loc uint32, err error) {
	err = e.o.DB.View(func(tx *db.Tx) error { it, loc, err = findItem(tx, sku, warehouse); return err })
	return it, loc, err
}

func findItem(tx *db.Tx, sku, warehouse string) (db.Item, uint32, error) {
	it, err := tx.ItemBySKU(domain.TrimSKU(sku))
	if errors.Is(err, db.ErrNotFound) {
		err = &Error{Code: CodeNotFound, Message: fmt.Sprintf("There is no product with the SKU %q. Products come from the listings of your stores.", sku)}
	}
	if err != nil || warehouse == "" {
		return it, db.DefaultLoc, err
	}
	w, err := findWarehouse(tx, warehouse)
	return it, w.Loc, err
}

// askHolders pulls the orders of every store that holds bookings of one of the products, once, within five seconds, and says which
// could not be asked.
func (e *Engine) askHolders(ctx context.Context, items []uint64) []string {
	holders := map[uint32]db.Store{}
	err := e.o.DB.View(func(tx *db.Tx) error {
		for _, item := range items {
			for _, ref := range tx.BookedLines(item) {
				s, err := tx.Store(ref.Store)
				if err != nil {
					return err
				}
				if s.On() {
					holders[s.ID] = s
				}
			}
		}
		return nil
	})
	if err != nil {
		return []string{"The stores could not be asked for new orders first."}
	}
	ctx, cancel := context.WithTimeout(ctx, askBookedWithin)
	defer cancel()
	var notices []string
	for _, l := range e.allLanes() {
		s, ok := holders[l.id]
		if !ok {
			continue
		}
		if !e.pullNow(ctx, l, s) {
			notices = append(notices, fmt.Sprintf("%s could not be asked for new orders first. If something was shipped just now, count again after the next sync.", s.Name))
		}
	}
	return notices
}

// pullNow pulls a store's orders and reports whether that worked.
func (e *Engine) pullNow(ctx context.Context, l *lane, s db.Store) bool {
	if l.acquire(ctx, askBookedWithin) != nil {
		return false
	}
	defer l.release()
	if _, err := l.ready(true); err != nil {
		return false
	}
	run := l.perform(ctx, s, db.RunSync, false, func(ctx context.Context, v *visit) error { return v.pullOrders(ctx, false) })
	return run.Outcome == db.Done
}

// MaxQuantity is the largest number a store's channel takes, 0 for no limit.
func (e *Engine) MaxQuantity(id uint32) int64 { return e.facts(id).MaxQuantity }

// ListingEvery is how often a store's changed listings are asked for.
func (e *Engine) ListingEvery(id uint32) time.Duration { return listingEvery(e.facts(id)) }

// facts are the capabilities of a store's channel. While the store is not open they are what its type says.
func (e *Engine) facts(id uint32) channel.Capabilities {
	l, err := e.laneOf(id)
	if err != nil {
		return channel.Capabilities{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shop == nil {
		return channel.Capabilities{ListingEvery: l.typ.ListingEvery, MaxQuantity: l.typ.MaxQuantity}
	}
	return l.shop.Capabilities()
}

// Undo reverses a movement by a counter-entry.
func (e *Engine) Undo(_ context.Context, seq uint64, actor string) (StockChanged, error) {
	var m db.Movement
	err := e.o.DB.Update(e.now(), func(tx *db.Tx) (err error) { m, err = undo(tx, seq, actor); return err })
	return StockChanged{Seq: m.Seq, Item: m.Item}, refused(err)
}

func undo(tx *db.Tx, seq uint64, actor string) (db.Movement, error) {
	return ledger.Undo(tx, seq, cmp.Or(actor, "you"))
}

// LinkLine books an unmatched order line on the product with the SKU.
func (e *Engine) LinkLine(_ context.Context, line db.LineRef, sku string) error {
	it, _, err := e.findItem(sku, "")
	if err != nil {
		return err
	}
	return refused(e.o.DB.Update(e.now(), func(tx *db.Tx) error { return ledger.LinkLine(tx, line, it.ID) }))
}

// AnswerShipped says whether units that a store shipped while sync was off are to be taken out of In stock, or were
// counted already (O7). Each order is settled for itself: one that an error left out still asks.
func (e *Engine) AnswerShipped(ctx context.Context, id uint32, takeOut bool) error {
	s, err := e.storeOf(id)
	if err != nil {
		return err
	}
	var asked []string
	if err := e.o.DB.View(func(tx *db.Tx) error { asked = ledger.AskedShipped(tx, s); return nil }); err != nil {
		return err
	}
	return inPieces(ctx, e, asked, func(tx *db.Tx, order string) error { return ledger.AnswerShipped(tx, s, order, takeOut) })
}

// AnswerRenamed says what a listing's new SKU means: the product was renamed, or the listing is another product now (L9).
// A product is not renamed to a SKU that another one has: two products never become one.
func (e *Engine) AnswerRenamed(_ context.Context, link db.Link, renamed bool) error {
	err := e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		l, err := tx.Listing(link.Store, link.Ref)
		if err != nil {
			return err
		}
		s, err := tx.Store(link.Store)
		if err != nil {
			return err
		}
		if l.Renamed == "" || l.Item == 0 || s.Removed {
			return &ledger.Refusal{Code: CodeInvalid, Message: "The SKU of this listing has not changed."}
		}
		it, err := tx.ItemBySKU(l.Renamed)
		known := err == nil
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		switch {
		case renamed && known:
			return &ledger.Refusal{Code: CodeInvalid,
				Message: fmt.Sprintf("There is another product with the SKU %s by now, so this one cannot have it too. Say that the listing is another product.", it.SKU)}
		case renamed:
			return rename(tx, l)
		case !known:
			it, err = tx.PutItem(db.Item{SKU: l.Renamed, Title: l.Title, Variant: l.Variant, Barcode: l.Barcode, Image: l.Image})
			if err != nil {
				return err
			}
		}
		return move(tx, l, it)
	})
	if err != nil {
		return refused(err)
	}
	return e.linkRest()
}

// move links a listing to another product, whose waiting order lines are booked if it is new.
func move(tx *db.Tx, l db.Listing, it db.Item) error {
	if err := disconnect(tx, &l, it.SKU); err != nil {
		return err
	}
	if err := errors.Join(connect(tx, &l, it.ID), tx.PutListing(l)); err != nil {
		return err
	}
	if err := ledger.LinkWaiting(tx, ledger.Waiting(tx, it.SKU, linkedPerTx), it.ID); err != nil {
		return err
	}
	return ledger.MarkListing(tx, db.Link{Store: l.Store, Ref: l.Ref}, db.ByLink)
}

// rename gives a product the SKU its listing has now.
func rename(tx *db.Tx, l db.Listing) error {
	it, err := tx.Item(l.Item)
	if err != nil {
		return err
	}
	it.SKU = l.Renamed
	l.SKU, l.Renamed = it.SKU, ""
	if _, err := tx.PutItem(it); err != nil {
		return err
	}
	return errors.Join(tx.PutListing(l), ledger.LinkWaiting(tx, ledger.Waiting(tx, it.SKU, linkedPerTx), it.ID))
}
