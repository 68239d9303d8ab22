package view

import "evenstock/backend/db"

// View answers what people and scripts ask, from memory where it must be fast.
type View struct{}

// Open builds the read models from the books. The caller feeds [View.Update] from db.OnCommit.
func Open(d *db.DB) (*View, error) { panic("soon") }

// Update brings the read models up to date after a commit.
func (v *View) Update(t db.Touched) { panic("soon") }

func (v *View) Stock(q StockQuery) (StockWindow, error)              { panic("soon") }
func (v *View) Product(sku string) (Product, error)                  { panic("soon") }
func (v *View) Explain(sku string) (Explanation, error)              { panic("soon") }
func (v *View) Listings(store uint32, sku string) ([]Listing, error) { panic("soon") }

// Stores returns the connected stores; now decides the cooldowns.
func (v *View) Stores(now int64) ([]Store, error)                      { panic("soon") }
func (v *View) Orders(q OrderQuery) (OrderWindow, error)               { panic("soon") }
func (v *View) Order(store uint32, number string) (Order, error)       { panic("soon") }
func (v *View) Health() (Health, error)                                { panic("soon") }
func (v *View) Runs(store uint32, offset, limit int) ([]db.Run, error) { panic("soon") }
