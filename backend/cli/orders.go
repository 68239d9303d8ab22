package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"

	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/view"
)

func ordersList(fs *flag.FlagSet) action {
	store := fs.String("store", "", "only of this `store`")
	open := fs.Bool("open", false, "only with units customers wait for")
	number := fs.String("number", "", "only with this order `number`")
	limit := fs.Int("limit", 0, "at most so many orders, 0 for all")
	offset := fs.Int("offset", 0, "leave out so many of the newest")
	return func(_ context.Context, c *Call) error {
		if *limit < 0 || *offset < 0 {
			return usagef("--limit and --offset are at least 0.")
		}
		q := view.OrderQuery{Open: *open, Number: *number, Offset: *offset}
		if *store != "" {
			s, err := c.store(*store)
			if err != nil {
				return err
			}
			q.Store = s.ID
		}
		out, err := c.orderRows(q, *limit)
		if err != nil {
			return err
		}
		return c.show(out, func(w io.Writer) { printOrders(w, out) })
	}
}

func (c *Call) orderRows(q view.OrderQuery, limit int) (view.OrderWindow, error) {
	var out view.OrderWindow
	for {
		q.Limit = view.MaxRows
		if limit > 0 {
			q.Limit = min(view.MaxRows, limit-len(out.Orders))
		}
		win, err := c.App.View.Orders(q)
		if err != nil {
			return out, err
		}
		out.Total = win.Total
		out.Orders = append(out.Orders, win.Orders...)
		q.Offset += len(win.Orders)
		if len(win.Orders) == 0 || q.Offset >= win.Total || limit > 0 && len(out.Orders) >= limit {
			return out, nil
		}
	}
}

func printOrders(w io.Writer, out view.OrderWindow) {
	t := newTable("Store", "Order", "Placed", "Status there", "State", ">Units", ">Booked", "Notes")
	for _, o := range out.Orders {
		var ordered, booked int64
		for _, l := range o.Lines {
			ordered, booked = ordered+l.Ordered, booked+l.Booked
		}
		t.add(o.Store, o.Number, when(o.PlacedAt), o.StoreStatus, o.State, ordered, booked, o.Notice)
	}
	if t.empty() {
		fmt.Fprintln(w, "There is no such order.")
		return
	}
	t.write(w)
}

func ordersShow(*flag.FlagSet) action {
	return func(_ context.Context, c *Call) error {
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		o, err := c.App.View.Order(s.ID, c.Args[1])
		if errors.Is(err, db.ErrNotFound) {
			return notFoundf("%s has no order %s, or it was not read yet.", s.Name, c.Args[1])
		}
		if err != nil {
			return err
		}
		return c.show(o, func(w io.Writer) { printOrder(w, o) })
	}
}

func printOrder(w io.Writer, o view.Order) {
	fmt.Fprintf(w, "%s, order %s, placed %s, %s there, %s here\n", clean(o.Store), clean(o.Number), when(o.PlacedAt),
		clean(o.StoreStatus), o.State)
	if o.Notice != "" {
		fmt.Fprintln(w, clean(o.Notice))
	}
	fmt.Fprintln(w)
	t := newTable("Line", "SKU", "Product", ">Ordered", ">Shipped", ">Released", ">Written off", ">Returned", ">Booked", "Notes")
	for _, l := range o.Lines {
		product, note := "none", ""
		if l.Product != nil {
			product = *l.Product
		}
		if l.Baseline {
			note = "what happened before sync was turned on has no effect"
		}
		t.add(l.ID, l.SKU, product, l.Ordered, l.Fulfilled, l.Released, l.WrittenOff, l.Returned, l.Booked, note)
	}
	t.write(w)
}

// lineRef reads the name of a line as lists print it: the store's id or name, the order's and the line's own reference. The
// line's own reference is enough where a single unmatched line has it.
func (c *Call) lineRef(text string) (db.LineRef, error) {
	parts := strings.SplitN(text, "/", 3)
	if len(parts) == 1 {
		full, err := c.unmatchedLine(text)
		if err != nil {
			return db.LineRef{}, err
		}
		parts = strings.SplitN(full, "/", 3)
	}
	if len(parts) < 3 || parts[1] == "" || parts[2] == "" {
		return db.LineRef{}, usagef("%q names no order line. Lines are named like 1/1001/7, as \"evenstock health\" prints them.", text)
	}
	if id, err := strconv.ParseUint(parts[0], 10, 32); err == nil {
		if _, err := c.storeByID(uint32(id)); err == nil {
			return db.LineRef{Store: uint32(id), Order: parts[1], Line: parts[2]}, nil
		}
	}
	s, err := c.store(parts[0])
	return db.LineRef{Store: s.ID, Order: parts[1], Line: parts[2]}, err
}

// unmatchedLine is the whole name of the unmatched line with a reference of its own, empty if there is none or several.
func (c *Call) unmatchedLine(ref string) (full string, err error) {
	h, err := c.App.View.Health()
	if err != nil {
		return "", err
	}
	for _, l := range h.UnmatchedLines {
		if l.Ref == ref && full != "" {
			return "", nil
		}
		if l.Ref == ref {
			full = l.ID
		}
	}
	return full, nil
}

func ordersLink(fs *flag.FlagSet) action {
	sku := fs.String("sku", "", "the product's `SKU`")
	return func(ctx context.Context, c *Call) error {
		if *sku == "" {
			return usagef("--sku is missing: which product is it?")
		}
		ref, err := c.lineRef(c.Args[0])
		if err != nil {
			return err
		}
		p, err := c.product(*sku)
		if err != nil {
			return err
		}
		if err := c.App.Engine.LinkLine(ctx, ref, p.SKU); err != nil {
			return err
		}
		if p, err = c.product(*sku); err != nil {
			return err
		}
		out := struct {
			Linked string        `json:"linked"`
			Stock  view.StockRow `json:"stock"`
		}{c.Args[0], p.StockRow}
		return c.show(out, func(w io.Writer) {
			fmt.Fprintf(w, "The line is booked on %s: in stock %s, booked %d, available %s.\n", clean(p.SKU), units(p.InStock),
				p.Booked, units(p.Available))
		})
	}
}

func ordersSettle(fs *flag.FlagSet) action {
	takeOut := fs.Bool("take-out", false, "they are still in the counted stock: take them out")
	counted := fs.Bool("counted", false, "they were gone when stock was counted: leave it")
	return func(ctx context.Context, c *Call) error {
		if *takeOut == *counted {
			return usagef("Give either --take-out or --counted: are the units that shipped while sync was off still in the counted stock?")
		}
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		if err := c.App.Engine.AnswerShipped(ctx, s.ID, *takeOut); err != nil {
			return err
		}
		return c.showStore(s.ID, "The units %s shipped while sync was off are settled.")
	}
}

func undo(fs *flag.FlagSet) action {
	wait := fs.Duration("wait", changeWait, "wait so long for the stores")
	noWait := fs.Bool("no-wait", false, "do not wait for the stores")
	run := fs.Uint64("run", 0, "take back what this run of the activity sent; sending to its store is paused")
	return func(ctx context.Context, c *Call) error {
		if (*run != 0) == (len(c.Args) == 1) {
			return usagef("Name the entry to undo, or the run with --run. \"evenstock activity --json\" prints the runs' numbers.")
		}
		if *run != 0 {
			done, err := c.App.Engine.UndoPush(ctx, *run)
			if err != nil {
				return err
			}
			return c.showRuns([]db.Run{done}, nil)
		}
		seq, err := strconv.ParseUint(c.Args[0], 10, 64)
		if err != nil || seq == 0 {
			return usagef("%q is no entry. \"evenstock stock explain\" prints their numbers.", c.Args[0])
		}
		if *wait < 0 || *wait > maxWait {
			return usagef("--wait is between 0s and %v.", maxWait)
		}
		if *noWait {
			*wait = 0
		}
		done, err := c.App.Engine.Undo(ctx, seq, "")
		if err != nil {
			return err
		}
		sku, err := c.skuOf(done)
		if err != nil {
			return err
		}
		return c.changed(ctx, done, sku, *wait)
	}
}

func (c *Call) skuOf(done engine.StockChanged) (sku string, err error) {
	err = c.App.DB.View(func(tx *db.Tx) error {
		item, err := tx.Item(done.Item)
		sku = item.SKU
		return err
	})
	return sku, err
}
