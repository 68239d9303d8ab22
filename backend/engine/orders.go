package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/ledger"
)

const (
	streamOrders   = "orders"
	streamListings = "listings"
	streamSweep    = "sweep"

	// ordersPerTx and linesPerTx keep a transaction below Badger's limit of 26,214 entries: a line is about 10, and two marks
	// for every number its product has, of which a seller with six stores of five locations has thirty.
	ordersPerTx = 100
	linesPerTx  = 200
	// maxPages stops a shop that pages for ever: a hundred million orders at one hundred a page.
	maxPages = 1_000_000
	// getOrdersBatch is how many known orders are asked for in one call of the connector.
	getOrdersBatch = 100
)

// pullAllOrders is pullOrders for a person who waits for its end: where the shop has to prepare its orders first, it waits
// too.
func (v *visit) pullAllOrders(ctx context.Context) error {
	for {
		var later *waiting
		err := v.pullOrders(ctx, true)
		if !errors.As(err, &later) {
			return err
		}
		v.l.progress.step(phaseWait, 0, 0, v.l.e.now())
		if err := v.l.e.o.Sleep(ctx, later.at.Sub(v.l.e.now())); err != nil {
			return err
		}
	}
}

// pullOrders reads every order changed since the last pull and has the ledger book it, page by page, each page in one
// transaction with its cursor.
func (v *visit) pullOrders(ctx context.Context, turningOn bool) error {
	began := v.l.e.now()
	defer v.l.e.barrier.asked(v.l.id)
	if err := v.stamp(func(l *db.Lane) { l.OrderTry, l.OrderWait = began.UnixMilli(), 0 }); err != nil {
		return err
	}
	var cursor []byte
	err := v.view(func(tx *db.Tx) (err error) { cursor, err = tx.Cursor(v.l.id, streamOrders); return err })
	if err != nil {
		return err
	}
	pages := 0
	for page, err := range v.shop.ListOrders(ctx, cursor) {
		if err != nil {
			return err
		}
		if pages++; pages > maxPages {
			return &channel.Error{Kind: channel.Transient, Op: "read orders", Code: channel.CodeBadAnswer,
				Message: v.store.Name + " pages its orders without end, so they could not be read."}
		}
		if err := v.bookPage(page.Items, cursor, page.Next, turningOn); err != nil {
			return err
		}
		cursor = page.Next
		v.run.OrdersRead += int64(len(page.Items))
		v.l.progress.step(phaseOrders, v.run.OrdersRead, int64(page.Total), v.l.e.now())
		if !page.Wait.IsZero() {
			return v.wait(page.Wait, "orders", orderWait)
		}
	}
	v.l.mu.Lock()
	v.l.lastPull = began
	v.l.mu.Unlock()
	return v.stamp(func(l *db.Lane) { l.OrderPull, l.Recheck = v.l.e.now().UnixMilli(), 0 })
}

// bookPage books one page in chunks; the cursor travels with the last one, so that a crash in between reads the page
// again, which changes nothing.
func (v *visit) bookPage(orders []channel.Order, before, next []byte, turningOn bool) error {
	for {
		chunk, rest := splitOrders(orders)
		last := len(rest) == 0
		if last && len(chunk) == 0 && bytes.Equal(before, next) {
			return nil
		}
		err := v.update(func(tx *db.Tx) error {
			for _, o := range chunk {
				if err := v.book(tx, o, turningOn); err != nil {
					return err
				}
			}
			if last && !bytes.Equal(before, next) {
				return tx.PutCursor(v.l.id, streamOrders, next)
			}
			return nil
		})
		if err != nil || last {
			return err
		}
		orders = rest
	}
}

func (v *visit) book(tx *db.Tx, o channel.Order, turningOn bool) error {
	settled, err := ledger.Settle(tx, v.store, o, turningOn)
	if err != nil {
		return fmt.Errorf("book order %s: %w", o.Ref, err)
	}
	if settled.Changed {
		v.run.OrdersChanged++
	}
	v.run.UnitsBooked += settled.UnitsBooked
	v.run.UnitsFulfilled += settled.UnitsFulfilled
	v.run.UnitsReleased += settled.UnitsReleased
	return nil
}

// splitOrders takes as many orders as fit into one transaction.
func splitOrders(orders []channel.Order) (chunk, rest []channel.Order) {
	lines := 0
	for i, o := range orders {
		lines += len(o.Lines)
		if i > 0 && (i >= ordersPerTx || lines > linesPerTx) {
			return orders[:i], orders[i:]
		}
	}
	return orders, nil
}

// rereadBooked reads every order that holds bookings again by its id: one that is gone or trashed is released, which no
// list would ever tell (product.md O8).
func (l *lane) rereadBooked(ctx context.Context, v *visit) error {
	var refs []string
	if err := v.view(func(tx *db.Tx) error { refs = tx.BookedOrders(l.id); return nil }); err != nil {
		return err
	}
	for start := 0; start < len(refs); start += getOrdersBatch {
		batch := refs[start:min(len(refs), start+getOrdersBatch)]
		orders, err := v.shop.GetOrders(ctx, batch)
		if err != nil {
			return err
		}
		if err := v.bookPage(orders, nil, nil, false); err != nil {
			return err
		}
		v.run.OrdersRead += int64(len(orders))
		v.l.progress.step(phaseOrders, int64(start+len(batch)), int64(len(refs)), l.e.now())
	}
	return v.stamp(func(x *db.Lane) { x.BookedRead = l.e.now().UnixMilli() })
}

// pulledWithin reports whether the store's orders were read in this process no longer ago than d.
func (l *lane) pulledWithin(d time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	age := l.e.now().Sub(l.lastPull)
	return !l.lastPull.IsZero() && age >= 0 && age <= d
}
