package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/view"
)

func stockList(fs *flag.FlagSet) action {
	query := fs.String("query", "", "`words` that all appear in SKU or title")
	store := fs.String("store", "", "only products with a listing in this `store`")
	filter := fs.String("filter", "", "`oversold|unset|zero`")
	order := fs.String("sort", "sku", "`column`: sku, title, inStock, booked, available, changed; - in front reverses")
	limit := fs.Int("limit", 0, "at most so many products, 0 for all")
	offset := fs.Int("offset", 0, "leave out so many of the first")
	return func(_ context.Context, c *Call) error {
		if *limit < 0 || *offset < 0 {
			return usagef("--limit and --offset are at least 0.")
		}
		q := view.StockQuery{Query: *query, Filter: *filter, Sort: *order, Offset: *offset}
		if *store != "" {
			s, err := c.store(*store)
			if err != nil {
				return err
			}
			q.Store = s.ID
		}
		out, err := c.stockRows(q, *limit)
		if err != nil {
			return err
		}
		return c.show(out, func(w io.Writer) { printStock(w, out) })
	}
}

// stockRows reads all windows of a query up to limit rows, 0 for all.
func (c *Call) stockRows(q view.StockQuery, limit int) (view.StockWindow, error) {
	var out view.StockWindow
	for {
		q.Limit = view.MaxRows
		if limit > 0 {
			q.Limit = min(view.MaxRows, limit-len(out.Rows))
		}
		win, err := c.App.View.Stock(q)
		if err != nil {
			return out, err
		}
		out.Total, out.Version = win.Total, win.Version
		out.Rows = append(out.Rows, win.Rows...)
		q.Offset += len(win.Rows)
		if len(win.Rows) == 0 || q.Offset >= win.Total || limit > 0 && len(out.Rows) >= limit {
			return out, nil
		}
	}
}

func printStock(w io.Writer, s view.StockWindow) {
	t := newTable("SKU", "Title", ">In stock", ">Booked", ">Available", ">Listings", "Notes")
	for _, r := range s.Rows {
		t.add(r.SKU, titled(r.Title, r.Variant), r.InStock, r.Booked, r.Available, r.Listings, stockNote(r))
	}
	if t.empty() {
		fmt.Fprintln(w, "There is no such product.")
		return
	}
	t.write(w)
	if len(s.Rows) < s.Total {
		fmt.Fprintf(w, "\n%d of %s shown.\n", len(s.Rows), count(s.Total, "product"))
	}
}

func stockNote(r view.StockRow) string {
	switch {
	case !r.Counted:
		return "needs a first count"
	case r.Oversold > 0:
		return fmt.Sprintf("oversold by %d", r.Oversold)
	}
	return ""
}

func (c *Call) product(sku string) (view.Product, error) {
	p, err := c.App.View.Product(sku)
	if errors.Is(err, db.ErrNotFound) {
		return p, notFoundf("There is no product with the SKU %q.", sku)
	}
	return p, err
}

func stockShow(*flag.FlagSet) action {
	return func(_ context.Context, c *Call) error {
		p, err := c.product(c.Args[0])
		if err != nil {
			return err
		}
		return c.show(p, func(w io.Writer) { printProduct(w, p) })
	}
}

func printProduct(w io.Writer, p view.Product) {
	fmt.Fprintf(w, "%s  %s\n", clean(p.SKU), clean(titled(p.Title, p.Variant)))
	fmt.Fprintf(w, "In stock %s, booked %d, available %s", units(p.InStock), p.Booked, units(p.Available))
	if note := stockNote(p.StockRow); note != "" {
		fmt.Fprintf(w, " (%s)", note)
	}
	fmt.Fprintln(w)
	printWarehouses(w, p.Warehouses)
	fmt.Fprintf(w, "\n%s online\n", count(len(p.Online), "listing"))
	if len(p.Online) > 0 {
		printListings(w, p.Online)
	}
}

func stockExplain(*flag.FlagSet) action {
	return func(_ context.Context, c *Call) error {
		e, err := c.App.View.Explain(c.Args[0])
		if errors.Is(err, db.ErrNotFound) {
			return notFoundf("There is no product with the SKU %q.", c.Args[0])
		}
		if err != nil {
			return err
		}
		return c.show(e, func(w io.Writer) { printExplanation(w, e) })
	}
}

func printExplanation(w io.Writer, e view.Explanation) {
	fmt.Fprintf(w, "%s: in stock %s, booked %d, available %s\n\n", clean(e.SKU), units(e.InStock), e.Booked, units(e.Available))
	t := newTable(">Entry", "At", "What", ">In stock", ">Booked", ">In stock then", ">Booked then", "By", "Why")
	for _, term := range e.Terms {
		t.add(term.Seq, time.UnixMilli(term.At), term.Kind, signed(term.InStock), signed(term.Booked), term.InStockAfter,
			term.BookedAfter, term.Actor, why(term))
	}
	if !t.empty() {
		t.write(w)
	}
	sent := newTable("Sent at", "Store", "Listing", ">Number", "Outcome")
	for _, p := range e.Pushes {
		sent.add(time.UnixMilli(p.At), p.Store, at(p.Listing, p.Place), p.Target, p.Outcome)
	}
	if !sent.empty() {
		fmt.Fprintln(w)
		sent.write(w)
	}
}

// at names a number: a listing, where the store has locations at one of them.
func at(listing, place string) string {
	if place == "" {
		return listing
	}
	return listing + " at " + place
}

func why(t view.Term) string {
	text := t.Reason
	if t.Warehouse != "" {
		text = strings.TrimSuffix(t.Warehouse+", "+text, ", ")
	}
	if t.Cause != nil && t.Cause.Order != "" {
		text = strings.TrimPrefix(fmt.Sprintf("%s, %s, order %s", t.Warehouse, t.Cause.Store, t.Cause.Order), ", ")
	}
	if t.Note != "" {
		text = strings.TrimPrefix(text+": "+t.Note, ": ")
	}
	if t.Reverses != 0 {
		text += fmt.Sprintf(" reverses entry %d", t.Reverses)
	}
	if t.Undone {
		text += " (undone)"
	}
	return text
}

// maxWait bounds --wait: longer than this nothing a shop does is worth a waiting terminal.
const maxWait = time.Hour

// changeWait is how long a change waits for the stores unless told otherwise.
const changeWait = time.Minute

func stockSet(fs *flag.FlagSet) action {
	packed := fs.Bool("packed", false, "booked units are packed and gone: they come on top of N")
	change := changeFlags(fs)
	return func(ctx context.Context, c *Call) error {
		if strings.HasPrefix(c.Args[1], "+") {
			return usagef("%q reads as if units came on top: \"evenstock stock add\" adds them, \"stock set\" takes how many there are.", c.Args[1])
		}
		return change.carryOut(ctx, c, engine.SetStock, *packed)
	}
}

func stockAdd(fs *flag.FlagSet) action {
	change := changeFlags(fs)
	return func(ctx context.Context, c *Call) error { return change.carryOut(ctx, c, engine.AddStock, false) }
}

type stockFlags struct {
	reason, note, warehouse *string
	wait                    *time.Duration
	noWait                  *bool
	typed                   func(name string) bool
}

func changeFlags(fs *flag.FlagSet) stockFlags {
	return stockFlags{
		reason:    fs.String("reason", "", "why, in one word"),
		note:      fs.String("note", "", "anything to remember"),
		warehouse: fs.String("warehouse", "", "`code` of the warehouse, else the default one"),
		wait:      fs.Duration("wait", changeWait, "wait so long for the stores"),
		noWait:    fs.Bool("no-wait", false, "do not wait for the stores"),
		typed:     func(name string) bool { return given(fs, name) },
	}
}

func (f stockFlags) carryOut(ctx context.Context, c *Call, op engine.StockOp, packed bool) error {
	n, err := quantity(c.Args[1])
	if err != nil {
		return err
	}
	if op == engine.SetStock && n < 0 {
		return usagef("In stock cannot be set to %d: nobody has less than nothing.", n)
	}
	if op == engine.AddStock && n == 0 {
		return usagef("Adding 0 changes nothing. \"evenstock stock set\" counts a product, also as 0.")
	}
	if *f.wait < 0 || *f.wait > maxWait {
		return usagef("--wait is between 0s and %v.", maxWait)
	}
	if *f.noWait {
		if f.typed("wait") {
			return usagef("Give either --wait or --no-wait, not both.")
		}
		*f.wait = 0
	}
	p, err := c.product(c.Args[0])
	if err != nil {
		return err
	}
	done, err := c.App.Engine.ChangeStock(ctx, engine.StockChange{SKU: p.SKU, Op: op, Quantity: n, Packed: packed,
		Reason: *f.reason, Note: *f.note, Warehouse: *f.warehouse, Key: ulid.Make().String()})
	if err != nil {
		return err
	}
	return c.changed(ctx, done, p.SKU, *f.wait)
}

// stockChanged is the answer of commands that change stock.
type stockChanged struct {
	Stock   view.StockRow        `json:"stock"`
	Pushes  []engine.PushOutcome `json:"pushes"`
	Notices []string             `json:"notices"`
}

// changed waits for the stores of a product whose stock has changed and answers.
func (c *Call) changed(ctx context.Context, done engine.StockChanged, sku string, wait time.Duration) error {
	for _, n := range done.Notices {
		c.say("%s", n)
	}
	pushes, err := c.App.Engine.Settle(ctx, done.Item, wait)
	if err != nil {
		return err
	}
	p, err := c.product(sku)
	if err != nil {
		return err
	}
	out := stockChanged{p.StockRow, pushes, done.Notices}
	if err := c.show(out, func(w io.Writer) { printChanged(w, p.StockRow, pushes) }); err != nil {
		return err
	}
	for _, p := range pushes {
		switch p.Outcome {
		case engine.OutPending, engine.OutHeld, engine.OutRefused:
			return outcome(exitPartly)
		}
	}
	return nil
}

func printChanged(w io.Writer, r view.StockRow, pushes []engine.PushOutcome) {
	fmt.Fprintf(w, "%s: in stock %s, booked %d, available %s.\n", clean(r.SKU), units(r.InStock), r.Booked, units(r.Available))
	t := newTable("Store", "Listing", ">Number", "Outcome", "")
	for _, p := range pushes {
		t.add(p.Store, at(p.Listing, p.Location), p.Target, pushWords[p.Outcome], p.Message)
	}
	if !t.empty() {
		t.write(w)
	}
}

var pushWords = map[string]string{
	engine.OutWritten:      "sent and accepted",
	engine.OutAlreadyRight: "already right",
	engine.OutPending:      "still to be sent",
	engine.OutHeld:         "held by the safety catch",
	engine.OutRefused:      "refused by the shop",
	engine.OutSkipped:      "not sent",
}
