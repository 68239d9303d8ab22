package cli

import (
	"context"
	"flag"
	"fmt"
	"io"

	"evenstock/backend/db"
	"evenstock/backend/view"
)

func backup(*flag.FlagSet) action {
	return func(ctx context.Context, c *Call) error {
		file := c.path(c.Args[0])
		if err := c.App.DB.Backup(ctx, file, c.now()); err != nil {
			return err
		}
		info, err := db.ReadBackupInfo(file)
		if err != nil {
			return err
		}
		out := struct {
			File    string `json:"file"`
			Bytes   int64  `json:"bytes"`
			Created int64  `json:"created"`
		}{file, info.Size, info.Created.UnixMilli()}
		return c.show(out, func(w io.Writer) {
			fmt.Fprintf(w, "All books are in %s, %d bytes. The stores' keys are in it too, sealed; another computer cannot read them.\n",
				clean(file), info.Size)
		})
	}
}

func restore(*flag.FlagSet) action {
	return func(ctx context.Context, c *Call) error {
		done, err := c.program.Restore(ctx, c.path(c.Args[0]), c.globals.folder)
		if err != nil {
			return err
		}
		out := struct {
			Folder  string    `json:"folder"`
			Created int64     `json:"created"`
			Before  *string   `json:"before"` // where the books lie that were there, null when there were none
			Report  db.Report `json:"report"`
		}{Folder: c.globals.folder, Created: done.Backup.Created.UnixMilli(), Report: done.Report}
		if done.Before != "" {
			out.Before = &done.Before
		}
		return c.show(out, func(w io.Writer) {
			created := done.Backup.Created.UnixMilli()
			fmt.Fprintf(w, "The books of %s are back in %s: %s, %s, %s. They add up.\n", when(&created), clean(c.globals.folder),
				count(done.Report.Products, "product"), count(done.Report.Listings, "listing"), count(done.Report.Movements, "movement"))
			if done.Before != "" {
				fmt.Fprintf(w, "Those that were there before are in %s.\n", clean(done.Before))
			}
		})
	}
}

func verify(*flag.FlagSet) action { return checking((*db.DB).Verify) }

func rebuild(*flag.FlagSet) action {
	return checking(func(d *db.DB, p db.Progress) (db.Report, error) {
		report, err := d.Rebuild(p)
		return report, err
	})
}

// verified is the answer of verify and rebuild.
type verified struct {
	OK bool `json:"ok"`
	db.Report
}

func checking(do func(*db.DB, db.Progress) (db.Report, error)) action {
	return func(_ context.Context, c *Call) error {
		report, err := do(c.App.DB, nil)
		if err != nil {
			return err
		}
		err = c.show(verified{report.OK(), report}, func(w io.Writer) { printReport(w, report) })
		if err == nil && !report.OK() {
			err = outcome(exitFailed)
		}
		return err
	}
}

func printReport(w io.Writer, r db.Report) {
	fmt.Fprintf(w, "%s, %s, %s, %s and %s read.\n", count(r.Movements, "movement"), count(r.Products, "product"),
		count(r.Listings, "listing"), count(r.Orders, "order"), count(r.Lines, "order line"))
	if r.OK() {
		fmt.Fprintln(w, "The books add up.")
		return
	}
	for _, d := range r.Differences {
		fmt.Fprintln(w, clean(d.Message))
	}
	fmt.Fprintf(w, "%s found. \"evenstock rebuild\" works out again what follows from the movements.\n", count(r.Total, "difference"))
}

func dump(*flag.FlagSet) action {
	return func(_ context.Context, c *Call) error { return c.App.DB.Dump(c.Out) }
}

func health(*flag.FlagSet) action {
	return func(_ context.Context, c *Call) error {
		h, err := c.App.View.Health()
		if err != nil {
			return err
		}
		return c.show(h, func(w io.Writer) { printHealth(w, h) })
	}
}

func printHealth(w io.Writer, h view.Health) {
	empty := true
	section := func(title string, t *table) {
		if t.empty() {
			return
		}
		if !empty {
			fmt.Fprintln(w)
		}
		empty = false
		fmt.Fprintf(w, "%s: %d\n", title, len(t.rows)-1)
		t.write(w)
	}
	section("Order lines that match no product", unmatchedTable(h.UnmatchedLines))
	section("Orders with a question", reviewTable(h.Review))
	section("Held by the safety catch", listingTable(h.Held))
	section("Listings with a new SKU: renamed, or another product?", listingTable(h.Renamed))
	section("Products that need a first count", stockTable(h.Unset))
	section("Listings without a SKU", listingTable(h.NoSKU))
	section("Listings without stock tracking in the shop", listingTable(h.Untracked))
	section("Listings that share one stock", listingTable(h.Shared))
	section("SKUs on several listings of one store", duplicateTable(h.DuplicateSKU))
	section("SKUs that are nearly the same", nearTable(h.NearSKU))
	if empty {
		fmt.Fprintln(w, "Nothing needs a look.")
		empty = len(h.Marketplace) == 0
	}
	section("Sent by the marketplace itself, from its own stock", marketplaceTable(h.Marketplace))
}

func unmatchedTable(lines []view.Unmatched) *table {
	t := newTable("Line", "Store", "Order", "SKU", "Title", ">Ordered", ">Shipped", "Perhaps")
	for _, l := range lines {
		perhaps := ""
		if l.Suggested != nil {
			perhaps = *l.Suggested
		}
		t.add(l.ID, l.Store, l.Number, l.SKU, l.Title, l.Ordered, l.Fulfilled, perhaps)
	}
	return t
}

func reviewTable(items []view.ReviewItem) *table {
	t := newTable("Store", "Order", "Question")
	for _, i := range items {
		t.add(i.Store, i.Number, i.Question)
	}
	return t
}

func listingTable(listings []view.Listing) *table {
	t := newTable("Store", "Listing", "SKU", "Title", "Status", "Why")
	for _, l := range listings {
		t.add(l.Store, l.Ref, l.SKU, titled(l.Title, l.Variant), l.Status, l.Reason)
	}
	return t
}

// marketplaceTable shows listings whose numbers are no part of the seller's stock.
func marketplaceTable(listings []view.Listing) *table {
	t := newTable("Store", "Listing", "SKU", "Title", ">There")
	for _, l := range listings {
		t.add(l.Store, l.Ref, l.SKU, titled(l.Title, l.Variant), units(l.StoreHas))
	}
	return t
}

func stockTable(rows []view.StockRow) *table {
	t := newTable("SKU", "Title", ">Booked", ">Listings")
	for _, r := range rows {
		t.add(r.SKU, titled(r.Title, r.Variant), r.Booked, r.Listings)
	}
	return t
}

func duplicateTable(duplicates []view.Duplicate) *table {
	t := newTable("SKU", "Store", ">Listings")
	for _, d := range duplicates {
		t.add(d.SKU, d.Store, len(d.Listings))
	}
	return t
}

func nearTable(pairs []view.NearPair) *table {
	t := newTable("SKU", "SKU")
	for _, p := range pairs {
		t.add(p.A, p.B)
	}
	return t
}
