package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"evenstock/backend/engine"
	"evenstock/backend/view"
)

func warehouseList(*flag.FlagSet) action {
	return func(_ context.Context, c *Call) error { return c.showWarehouses("") }
}

// showWarehouses is the answer of all commands about warehouses; done is a sentence about what was done.
func (c *Call) showWarehouses(done string) error {
	all, err := c.App.View.Warehouses()
	if err != nil {
		return err
	}
	return c.show(map[string][]view.Warehouse{"warehouses": all}, func(w io.Writer) {
		if done != "" {
			fmt.Fprintln(w, clean(done))
		}
		t := newTable(">Priority", "Code", "Name", ">Products", ">In stock", ">Booked", "Sold by")
		for _, h := range all {
			t.add(h.Priority, h.Code, h.Name, h.Products, h.Units, h.Booked, strings.Join(h.Stores, ", "))
		}
		t.write(w)
	})
}

func warehouseAdd(fs *flag.FlagSet) action {
	name := fs.String("name", "", "its `name`, else the code")
	return func(ctx context.Context, c *Call) error {
		w, err := c.App.Engine.AddWarehouse(ctx, c.Args[0], *name)
		if err != nil {
			return err
		}
		return c.showWarehouses(fmt.Sprintf("%s is there. No store sells from it yet: \"evenstock store set STORE --location REF=%s\" links it.", w.Name, w.Code))
	}
}

func warehouseSet(fs *flag.FlagSet) action {
	name := fs.String("name", "", "another `name`")
	priority := fs.Int("priority", 0, "its place, from 1: where orders are booked first")
	return func(ctx context.Context, c *Call) error {
		var p engine.WarehousePatch
		fs.Visit(func(f *flag.Flag) {
			switch f.Name {
			case "name":
				p.Name = name
			case "priority":
				p.Priority = priority
			}
		})
		if p == (engine.WarehousePatch{}) {
			return usagef("Give --name or --priority: what is to change?")
		}
		w, err := c.App.Engine.SetWarehouse(ctx, c.Args[0], p)
		if err != nil {
			return err
		}
		return c.showWarehouses(fmt.Sprintf("%s is kept.", w.Name))
	}
}

func warehouseRemove(*flag.FlagSet) action {
	return func(ctx context.Context, c *Call) error {
		if err := c.App.Engine.RemoveWarehouse(ctx, c.Args[0]); err != nil {
			return err
		}
		return c.showWarehouses(fmt.Sprintf("%s is removed. Its history stays.", c.Args[0]))
	}
}

func storeLocations(*flag.FlagSet) action {
	return func(ctx context.Context, c *Call) error {
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		if s.Located {
			if _, err := c.App.Engine.Locations(ctx, s.ID); err != nil {
				c.say("%s could not be asked, so these are the locations as they were known last. %v", s.Name, err)
			}
		}
		return c.showLocations(s.ID)
	}
}

func (c *Call) showLocations(id uint32) error {
	out, err := c.App.View.Locations(id)
	if err != nil {
		return err
	}
	return c.show(out, func(w io.Writer) {
		t := newTable("Location", "Name", "Warehouse", "Notes")
		for _, l := range out.Locations {
			note := ""
			switch {
			case !l.Active:
				note = "not active in the shop"
			case l.Warehouse == "" && out.Located:
				note = "not linked, so nothing is sent"
			case l.Warehouse == "":
				note = "not sold by this store"
			case out.Located && l.Fulfils:
				note = "the shop ships orders from here"
			}
			t.add(l.Ref, l.Name, l.Warehouse, note)
		}
		if t.empty() {
			fmt.Fprintf(w, "The locations of %s are not known yet. \"evenstock listings sync %s\" reads them.\n", clean(out.Store), typed(out.Store))
			return
		}
		if !out.Located {
			fmt.Fprintf(w, "%s has one number per listing: the sum of the warehouses linked to it.\n", clean(out.Store))
		}
		t.write(w)
	})
}

// sayLocations says where the numbers of a store go that has several locations, which is asked nowhere.
func (c *Call) sayLocations(s view.Store) error {
	all, err := c.App.View.Locations(s.ID)
	if err != nil || !all.Located {
		return err
	}
	var linked, rest []string
	for _, l := range all.Locations {
		switch {
		case l.Warehouse != "":
			linked = append(linked, fmt.Sprintf("%s (warehouse %s)", clean(l.Name), l.Warehouse))
		case l.Active:
			rest = append(rest, fmt.Sprintf("%s (%s)", clean(l.Name), l.Ref))
		}
	}
	if len(linked)+len(rest) < 2 {
		return nil
	}
	where := "none of its locations yet"
	if len(linked) > 0 {
		where = strings.Join(linked, ", ")
	}
	if len(rest) > 0 {
		where += "; nothing is sent to " + strings.Join(rest, ", ")
	}
	c.say("%s has several locations. Numbers go to %s. \"evenstock store set %s --location REF=WAREHOUSE\" changes that.", s.Name, where, typed(s.Name))
	return nil
}

// printWarehouses is a product by warehouse, where there are several.
func printWarehouses(w io.Writer, all []view.WarehouseStock) {
	if len(all) < 2 {
		return
	}
	t := newTable("Warehouse", "Name", ">In stock", ">Booked", ">Available", "Notes")
	for _, h := range all {
		note := ""
		if !h.Counted {
			note = "needs a first count"
		}
		t.add(h.Code, h.Name, h.InStock, h.Booked, h.Available, note)
	}
	fmt.Fprintln(w)
	t.write(w)
}
