package bridge

import (
	"time"

	"github.com/oklog/ulid/v2"

	"evenstock/backend/engine"
	"evenstock/backend/view"
)

// Stock is the grid, a product and its explained numbers.
type Stock struct{ b *Bridge }

// maxWait is the longest Stock.Settle waits, like the command line's --wait.
const maxWait = time.Minute

// StockChange is a person's change of In stock.
type StockChange struct {
	SKU       string `json:"sku"`
	Op        string `json:"op"` // set, add
	Quantity  int64  `json:"quantity"`
	Packed    bool   `json:"packed"` // set: the booked units are packed and gone
	Reason    string `json:"reason"`
	Note      string `json:"note"`
	Warehouse string `json:"warehouse"` // code; empty: the default one
	Key       string `json:"key"`       // a ULID made where the user pressed Save; the same key is never applied twice
}

// StockChanged is what a change came to.
type StockChanged struct {
	Seq     uint64        `json:"seq"`
	Item    uint64        `json:"item"`
	Notices []string      `json:"notices"` // sentences: a store could not be asked first, add counted from 0
	Stock   view.StockRow `json:"stock"`
}

// asked is the change as the engine takes it.
func (c StockChange) asked() engine.StockChange {
	return engine.StockChange{SKU: c.SKU, Op: engine.StockOp(c.Op), Quantity: c.Quantity, Packed: c.Packed, Reason: c.Reason,
		Note: c.Note, Warehouse: c.Warehouse, Key: c.Key}
}

// PushList is what became of the listings of a product.
type PushList struct {
	Pushes []engine.PushOutcome `json:"pushes"`
}

// Rows returns a window of the stock list.
func (s *Stock) Rows(q view.StockQuery) (view.StockWindow, error) {
	return call(s.b, "Stock.Rows", func(d *Deps) (view.StockWindow, error) { return d.View.Stock(q) })
}

// Change sets In stock or adds to it.
func (s *Stock) Change(c StockChange) (StockChanged, error) {
	return call(s.b, "Stock.Change", func(d *Deps) (StockChanged, error) {
		if _, err := ulid.ParseStrict(c.Key); err != nil {
			return StockChanged{}, invalid("The change came without a valid key, so it could be applied twice. Nothing was changed.")
		}
		changed, err := d.Engine.ChangeStock(d.Context, c.asked())
		return changedStock(d, changed, err)
	})
}

// Product returns a product with its online listings.
func (s *Stock) Product(sku string) (view.Product, error) {
	return call(s.b, "Stock.Product", func(d *Deps) (view.Product, error) { return d.View.Product(sku) })
}

// Explain says how the numbers of a product came about.
func (s *Stock) Explain(sku string) (view.Explanation, error) {
	return call(s.b, "Stock.Explain", func(d *Deps) (view.Explanation, error) { return d.View.Explain(sku) })
}

// OverTime says what the numbers of a product were, for a chart.
func (s *Stock) OverTime(sku string) (view.OverTime, error) {
	return call(s.b, "Stock.OverTime", func(d *Deps) (view.OverTime, error) { return d.View.OverTime(sku) })
}

// Undo reverses a change by a counter-entry.
func (s *Stock) Undo(seq uint64) (StockChanged, error) {
	return call(s.b, "Stock.Undo", func(d *Deps) (StockChanged, error) {
		changed, err := d.Engine.Undo(d.Context, seq, "you")
		return changedStock(d, changed, err)
	})
}

// Settle waits until every listing of a product is settled, at most waitMs milliseconds and never over a minute.
func (s *Stock) Settle(item uint64, waitMs int64) (PushList, error) {
	return call(s.b, "Stock.Settle", func(d *Deps) (PushList, error) {
		wait := min(max(0, time.Duration(waitMs)*time.Millisecond), maxWait)
		pushes, err := d.Engine.Settle(d.Context, item, wait)
		return PushList{Pushes: pushes}, err
	})
}

func changedStock(d *Deps, c engine.StockChanged, err error) (StockChanged, error) {
	if err != nil {
		return StockChanged{}, err
	}
	row, err := d.View.Row(c.Item)
	return StockChanged{Seq: c.Seq, Item: c.Item, Notices: c.Notices, Stock: row}, err
}
