package view

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// sheetColumns are the columns a stock list may be written with: text that somebody chose is made safe, numbers stay
// numbers. An unset quantity is an empty cell.
var sheetColumns = map[string]func(StockRow) string{
	"sku":       func(r StockRow) string { return Cell(r.SKU) },
	"title":     func(r StockRow) string { return Cell(r.Title) },
	"variant":   func(r StockRow) string { return Cell(r.Variant) },
	"inStock":   func(r StockRow) string { return numberCell(r.InStock) },
	"booked":    func(r StockRow) string { return strconv.FormatInt(r.Booked, 10) },
	"available": func(r StockRow) string { return numberCell(r.Available) },
	"listings":  func(r StockRow) string { return strconv.Itoa(r.Listings) },
	"changed": func(r StockRow) string {
		if r.Changed == nil {
			return ""
		}
		return time.UnixMilli(*r.Changed).UTC().Format(time.RFC3339)
	},
}

// Cell is text as a cell of a sheet: what a spreadsheet would take for a formula gets an apostrophe before it
// (reliability.md S17). A sheet that is read back loses it again there and nowhere else.
func Cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func numberCell(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// StockSheet writes all rows a query matches as CSV, in its order and with its columns; heads are their names. It returns
// how many rows there are. Offset and Limit choose a part; Limit 0 is all, and only the first part has the heads.
func (v *View) StockSheet(w io.Writer, q StockQuery, columns, heads []string) (int, error) {
	if len(columns) == 0 || len(columns) != len(heads) {
		return 0, fmt.Errorf("%d columns with %d names: %w", len(columns), len(heads), ErrQuery)
	}
	for _, c := range columns {
		if sheetColumns[c] == nil {
			return 0, fmt.Errorf("column %q: %w", c, ErrQuery)
		}
	}
	rows, total, err := v.stockPart(q)
	if err != nil {
		return 0, err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	record := make([]string, len(columns))
	if q.Offset == 0 {
		for i, h := range heads {
			record[i] = Cell(h)
		}
		if err := out.Write(record); err != nil {
			return total, err
		}
	}
	for _, r := range rows {
		for i, c := range columns {
			record[i] = sheetColumns[c](r)
		}
		if err := out.Write(record); err != nil {
			return total, err
		}
	}
	out.Flush()
	return total, out.Error()
}

// stockPart is what a query matches at one moment, however many rows it is.
func (v *View) stockPart(q StockQuery) (rows []StockRow, total int, err error) {
	if err := q.check(); err != nil {
		return nil, 0, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.refresh(); err != nil {
		return nil, 0, err
	}
	all := v.match(q)
	from := min(max(0, q.Offset), len(all))
	to := len(all)
	if q.Limit > 0 {
		to = min(from+q.Limit, to)
	}
	rows = make([]StockRow, 0, to-from)
	for _, r := range all[from:to] {
		rows = append(rows, r.shown(v.model.shops))
	}
	return rows, len(all), nil
}
