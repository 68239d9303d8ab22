package bridge

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strings"

	"evenstock/backend/view"
)

// SheetRequest is a stock list as it is to be written: what is shown, in its order, with its columns.
type SheetRequest struct {
	Query   view.StockQuery `json:"query"` // its offset and limit choose a part for StockSheet.Text
	Columns []string        `json:"columns"`
	Heads   []string        `json:"heads"` // the names of the columns, in the language of the page
	Name    string          `json:"name"`  // of the file, as the dialog offers it
}

// StockSheet is a stock list as CSV.
type StockSheet struct {
	File string `json:"file"` // where it was written; "" when the person closed the dialog
	Text string `json:"text"` // the asked part, where there is no dialog and the page saves it
	Rows int    `json:"rows"` // rows in all
	Next int    `json:"next"` // the offset of the next part, 0 when nothing is left to ask for
}

// sheetPart is how many rows one answer holds: a part of a long list stays below what a page takes in one message.
const sheetPart = 2_000

// Sheet writes a stock list to a file that the person chooses. Where no dialog can be shown it returns the list in parts
// instead, beginning at the query's offset.
func (s *Stock) Sheet(q SheetRequest) (StockSheet, error) {
	return call(s.b, "Stock.Sheet", func(d *Deps) (StockSheet, error) {
		if d.SaveAs == nil {
			return sheetText(d, q)
		}
		home, err := os.UserHomeDir()
		if err != nil {
			home = ""
		}
		w := chosenWords(d.looks())
		file, err := d.SaveAs(FileQuestion{home, filepath.Base(q.Name), w.Say("Save the list"), w.Say("Comma separated values")})
		if err != nil || file == "" {
			return StockSheet{}, err
		}
		q.Query.Offset, q.Query.Limit = 0, 0
		rows, err := writeSheet(file, func(w io.Writer) (int, error) { return d.View.StockSheet(w, q.Query, q.Columns, q.Heads) })
		return StockSheet{File: file, Rows: rows}, err
	})
}

func sheetText(d *Deps, q SheetRequest) (StockSheet, error) {
	q.Query.Limit = sheetPart
	var text strings.Builder
	rows, err := d.View.StockSheet(&text, q.Query, q.Columns, q.Heads)
	out := StockSheet{Text: text.String(), Rows: rows}
	if next := q.Query.Offset + sheetPart; next < rows {
		out.Next = next
	}
	return out, err
}

// writeSheet writes a file beside the asked one and puts it in its place once it is whole. It begins with the mark by
// which spreadsheets know UTF-8.
func writeSheet(file string, write func(io.Writer) (int, error)) (rows int, err error) {
	f, err := os.CreateTemp(filepath.Dir(file), ".evenstock-*.csv")
	if err != nil {
		return 0, cannotWrite(file)
	}
	defer os.Remove(f.Name()) // gone already when all went well
	out := bufio.NewWriter(f)
	out.WriteString("\ufeff") // an error stays with the writer until Flush
	if rows, err = write(out); err != nil {
		f.Close()
		return 0, err
	}
	if err := out.Flush(); err != nil {
		f.Close()
		return 0, cannotWrite(file)
	}
	if f.Close() != nil || os.Rename(f.Name(), file) != nil {
		return 0, cannotWrite(file)
	}
	return rows, nil
}

func cannotWrite(file string) error {
	return &Failure{Code: CodeSystem, Message: "The file " + file + " could not be written. Choose another folder, or make room on the disk."}
}
