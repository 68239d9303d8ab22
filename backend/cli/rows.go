package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"evenstock/backend/engine"
)

// printRows is a rehearsal, a drift report or a list of held rows for people. Rows that are already right are counted,
// not shown.
func printRows(w io.Writer, r engine.Rehearsal) {
	t := newTable("SKU", "Listing", "Title", ">Shop has", ">Target", ">Difference", "Send", "Notes")
	same := 0
	for _, row := range r.Rows {
		if row.Difference != nil && *row.Difference == 0 && len(row.Flags) == 0 {
			same++
			continue
		}
		difference := "–"
		if row.Difference != nil {
			difference = signed(*row.Difference)
		}
		t.add(row.SKU, at(row.Listing, row.Place), row.Title, row.Has, row.Target, difference, row.Ticked, notes(row))
	}
	if !t.empty() {
		t.write(w)
		fmt.Fprintln(w)
	}
	if same > 0 {
		fmt.Fprintf(w, "%s already right.\n", areIs(same, "listing"))
	}
}

func areIs(n int, one string) string {
	if n == 1 {
		return count(n, one) + " is"
	}
	return count(n, one) + " are"
}

var flagWords = map[string]string{
	engine.FlagZero:        "goes to zero",
	engine.FlagHalved:      "falls by more than half",
	engine.FlagUnset:       "needs a first count",
	engine.FlagDuplicate:   "SKU stands on several listings",
	engine.FlagNegative:    "below zero in the shop",
	engine.FlagNotDeducted: "open units not taken off by the shop",
}

func notes(row engine.RehearsalRow) string {
	var parts []string
	for _, f := range row.Flags {
		if f != engine.FlagUnset || row.Why == "" { // why says it already
			parts = append(parts, flagWords[f])
		}
	}
	if row.Why != "" {
		parts = append(parts, row.Why)
	}
	return strings.Join(parts, "; ")
}

func printTotals(w io.Writer, r engine.Rehearsal) {
	t := r.Totals
	fmt.Fprintf(w, "%s: %s, %d to change, %d already right, %d to zero, %d by more than half, %d without a first count.\n",
		clean(r.Store), count(t.Rows, "listing"), t.Changes, t.Same, t.Zero, t.Halved, t.Unset)
	if t.OpenOrders > 0 {
		fmt.Fprintf(w, "%s with %s will be booked.\n", count(t.OpenOrders, "open order"), count(t.OpenUnits, "unit"))
	}
}

// The columns of an exported rehearsal. They are what --push FILE reads again.
var rowColumns = []string{"listing", "sku", "title", "has", "target", "difference", "why", "flags", "push"}

// exportRows is a rehearsal as CSV.
func exportRows(r engine.Rehearsal) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(rowColumns) // a buffer refuses nothing
	for _, row := range r.Rows {
		push := "no"
		if row.Ticked {
			push = "yes"
		}
		w.Write([]string{guard(row.Name()), guard(row.SKU), guard(row.Title), number(row.Has), number(row.Target),
			number(row.Difference), guard(row.Why), strings.Join(row.Flags, " "), push})
	}
	w.Flush()
	return b.Bytes()
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

// formulaStarts are the characters a spreadsheet takes for the beginning of a formula.
const formulaStarts = "=+-@\t\r"

// guard keeps a spreadsheet from computing a text cell; unguard takes the mark away again.
func guard(s string) string {
	if s != "" && strings.ContainsRune(formulaStarts, rune(s[0])) {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune(formulaStarts, rune(s[1])) {
		return s[1:]
	}
	return s
}

// importRows reads which rows to push: the listings, or where a row has none the SKUs, of every row whose column "push"
// says so; of every row where there is no such column.
func importRows(b []byte) ([]string, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	records, err := r.ReadAll()
	if err != nil {
		return nil, invalidf("The list of rows is not CSV: %v.", err)
	}
	if len(records) == 0 {
		return nil, invalidf("The list of rows is empty.")
	}
	column := func(name string) int {
		return slices.IndexFunc(records[0], func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
	}
	listing, sku, push := column("listing"), column("sku"), column("push")
	if listing < 0 && sku < 0 {
		return nil, invalidf("The list of rows has neither a column \"listing\" nor a column \"sku\".")
	}
	rows := []string{}
	for i, rec := range records[1:] {
		at := func(n int) string {
			if n < 0 || n >= len(rec) {
				return ""
			}
			return strings.TrimSpace(unguard(rec[n]))
		}
		yes, err := yesNo(at(push), push < 0)
		if err != nil {
			return nil, invalidf("Line %d of the list of rows: %v.", i+2, err)
		}
		if name := first(at(listing), at(sku)); yes && name != "" {
			rows = append(rows, name)
		}
	}
	return rows, nil
}

func yesNo(s string, unsaid bool) (bool, error) {
	switch strings.ToLower(s) {
	case "yes", "y", "true", "1", "x":
		return true, nil
	case "no", "n", "false", "0":
		return false, nil
	case "":
		return unsaid, nil
	}
	return false, fmt.Errorf("push is yes or no, not %q", s)
}

// readRows is importRows of a file of the terminal.
func (c *Call) readRows(file string) ([]string, error) {
	b, err := c.Read(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, usagef("There is no file %s.", file)
	}
	if err != nil {
		return nil, fmt.Errorf("list of rows %s: %w", file, err)
	}
	return importRows(b)
}

// showRows answers with a rehearsal.
func (c *Call) showRows(r engine.Rehearsal) error {
	return c.show(r, func(w io.Writer) {
		printRows(w, r)
		printTotals(w, r)
	})
}

func rehearse(fs *flag.FlagSet) action {
	file := fs.String("csv", "", "also write the rows to this `file`")
	answers := turnOnFlags(fs)
	return func(ctx context.Context, c *Call) error {
		t, err := answers.read(c)
		if err != nil {
			return err
		}
		s, err := c.store(c.Args[0])
		if err != nil {
			return err
		}
		r, err := c.App.Engine.Rehearse(ctx, s.ID, t)
		if err != nil {
			return err
		}
		if *file != "" {
			if err := c.Write(*file, exportRows(r)); err != nil {
				return fmt.Errorf("rows as CSV: %w", err)
			}
			c.say("%s written to %s.", count(len(r.Rows), "row"), *file)
		}
		return c.showRows(r)
	}
}
