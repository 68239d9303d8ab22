package cli

import (
	"context"
	"flag"
	"fmt"
	"io"

	"evenstock/backend/db"
	"evenstock/backend/engine"
	"evenstock/backend/view"
)

func listingsList(fs *flag.FlagSet) action {
	store := fs.String("store", "", "only of this `store`")
	sku := fs.String("sku", "", "only with this `SKU`")
	return func(_ context.Context, c *Call) error {
		var id uint32
		if *store != "" {
			s, err := c.store(*store)
			if err != nil {
				return err
			}
			id = s.ID
		}
		listings, err := c.App.View.Listings(id, *sku)
		if err != nil {
			return err
		}
		return c.show(map[string][]view.Listing{"listings": listings}, func(w io.Writer) {
			if len(listings) == 0 {
				fmt.Fprintln(w, "There is no such listing.")
				return
			}
			printListings(w, listings)
		})
	}
}

func printListings(w io.Writer, listings []view.Listing) {
	t := newTable("Store", "Listing", "SKU", "Title", "Status", ">Shop has", ">Target", ">Last sent", "State", "Why")
	for _, l := range listings {
		t.add(l.Store, l.Ref, l.SKU, titled(l.Title, l.Variant), l.Status, l.StoreHas, l.Target, l.LastPushed, l.State, l.Reason)
	}
	t.write(w)
}

func titled(title, variant string) string {
	if variant == "" {
		return title
	}
	return title + ", " + variant
}

func listingsTrack(fs *flag.FlagSet) action {
	which := chosenFlags(fs)
	yes := fs.Bool("yes", false, "the shop may be changed")
	return func(ctx context.Context, c *Call) error {
		skus, err := which.read()
		if err != nil {
			return err
		}
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		if err := c.listed(s, skus); err != nil {
			return err
		}
		if !*yes {
			what := fmt.Sprintf("the %s named", count(len(skus), "SKU"))
			if skus == nil {
				what = count(s.Counts.Untracked, "listing") + " without it"
			}
			return &engine.Error{Code: engine.CodeUnconfirmed, Store: s.Name,
				Message: fmt.Sprintf("Stock tracking would be switched on in %s for %s. This changes the shop; give --yes to do it.", s.Name, what)}
		}
		run, err := c.App.Engine.Track(ctx, s.ID, skus)
		if err != nil {
			return err
		}
		return c.showRuns([]db.Run{run}, nil)
	}
}
