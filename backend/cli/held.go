package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"

	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/view"
)

// words collects a flag that may be given several times.
type words []string

func (w *words) String() string { return "" }

func (w *words) Set(s string) error {
	if s == "" {
		return usagef("it is empty")
	}
	*w = append(*w, s)
	return nil
}

// chosen are the SKUs of a command that works on some rows or on all.
type chosen struct {
	skus words
	all  *bool
}

func chosenFlags(fs *flag.FlagSet) *chosen {
	c := &chosen{all: fs.Bool("all", false, "all rows")}
	fs.Var(&c.skus, "sku", "only this `SKU`; may be given several times")
	return c
}

// read returns the SKUs, nil for all. One of --sku and --all is needed.
func (c *chosen) read() ([]string, error) {
	if *c.all == (len(c.skus) > 0) {
		return nil, usagef("Give either --sku or --all: which rows?")
	}
	return c.skus, nil
}

// listed checks that a store has a listing with each of the SKUs: a mistyped one is told, not passed over.
func (c *Call) listed(s view.Store, skus []string) error {
	for _, sku := range skus {
		p, err := c.product(sku)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(p.Online, func(l view.Listing) bool { return l.StoreID == s.ID }) {
			return notFoundf("%s has no listing with the SKU %q.", s.Name, sku)
		}
	}
	return nil
}

func heldList(*flag.FlagSet) action {
	return func(_ context.Context, c *Call) error {
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		r, err := c.App.Engine.Held(s.ID)
		if err != nil {
			return err
		}
		return c.show(r, func(w io.Writer) {
			if len(r.Rows) == 0 {
				fmt.Fprintf(w, "The safety catch holds nothing of %s.\n", clean(s.Name))
				return
			}
			printRows(w, r)
			fmt.Fprintf(w, "%s held. \"evenstock held approve\" sends them, \"evenstock held drop\" leaves them.\n", areIs(len(r.Rows), "row"))
		})
	}
}

func heldApprove(fs *flag.FlagSet) action {
	var skus words
	fs.Var(&skus, "sku", "only this `SKU`; may be given several times")
	return func(ctx context.Context, c *Call) error {
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		if err := c.listed(s, skus); err != nil {
			return err
		}
		run, err := c.App.Engine.Approve(ctx, s.ID, skus)
		if err != nil {
			return err
		}
		return c.showRuns([]db.Run{run}, nil)
	}
}

func heldDrop(fs *flag.FlagSet) action {
	var skus words
	fs.Var(&skus, "sku", "only this `SKU`; may be given several times")
	return func(ctx context.Context, c *Call) error {
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		if err := c.listed(s, skus); err != nil {
			return err
		}
		n, err := c.App.Engine.Drop(ctx, s.ID, skus)
		if err != nil {
			return err
		}
		out := struct {
			Store   string `json:"store"`
			Dropped int    `json:"dropped"`
		}{s.Name, n}
		return c.show(out, func(w io.Writer) {
			fmt.Fprintf(w, "%s left as they are in %s until their next change.\n", areIs(n, "row"), clean(s.Name))
		})
	}
}

func drift(fs *flag.FlagSet) action {
	fix := fs.Bool("fix", false, "send our number to the rows named by --sku or --all")
	which := chosenFlags(fs)
	return func(ctx context.Context, c *Call) error {
		if !*fix && (*which.all || len(which.skus) > 0) {
			return usagef("--sku and --all go with --fix.")
		}
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		if *fix {
			skus, err := which.read()
			if err != nil {
				return err
			}
			if err := c.listed(s, skus); err != nil {
				return err
			}
			run, err := c.App.Engine.FixDrift(ctx, s.ID, skus)
			if err != nil {
				return err
			}
			return c.showRuns([]db.Run{run}, nil)
		}
		r, err := c.App.Engine.Drift(ctx, s.ID)
		if err != nil {
			return err
		}
		return c.show(r, func(w io.Writer) { printDrift(w, r) })
	}
}

func printDrift(w io.Writer, r engine.Rehearsal) {
	if len(r.Rows) == 0 {
		fmt.Fprintf(w, "Every number in %s is as it should be.\n", clean(r.Store))
		return
	}
	t := newTable("SKU", "Listing", "Title", ">Shop has", ">Should have", "Since")
	for _, row := range r.Rows {
		t.add(row.SKU, row.Listing, row.Title, row.Has, row.Target, when(row.Since))
	}
	t.write(w)
	fmt.Fprintf(w, "\n%s differ in the shop. Evenstock keeps its own number; --fix sends it.\n", count(len(r.Rows), "listing"))
}
