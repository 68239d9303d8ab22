package view_test

import (
	"errors"
	"strings"
	"testing"

	"evenstock/backend/db"
	"evenstock/backend/view"
)

func TestStockSheet(t *testing.T) {
	b := open(t)
	apple := b.item("=APPLE", "@SUM(1)")
	b.count(apple, 3)
	b.book(apple, db.Cause{}, 8)
	b.item("PEAR", "Pears, \"large\"\r\n=1")
	columns, heads := []string{"sku", "title", "inStock", "available"}, []string{"SKU", "=Product", "In stock", "Available"}
	write := func(q view.StockQuery) string {
		t.Helper()
		var out strings.Builder
		total, err := b.StockSheet(&out, q, columns, heads)
		if err != nil || total != 2 {
			t.Fatalf("%d rows, %v", total, err)
		}
		return out.String()
	}
	head := "SKU,'=Product,In stock,Available\r\n"
	first, second := "'=APPLE,'@SUM(1),3,-5\r\n", "PEAR,\"Pears, \"\"large\"\"\r\n=1\",,\r\n"
	if got := write(view.StockQuery{}); got != head+first+second {
		t.Errorf("the sheet is\n%q", got)
	}
	if got := write(view.StockQuery{Offset: 1, Limit: 1}); got != second {
		t.Errorf("the second part is\n%q", got)
	}
	for _, c := range [][]string{{}, {"sku", "secret"}} {
		if _, err := b.StockSheet(&strings.Builder{}, view.StockQuery{}, c, c); !errors.Is(err, view.ErrQuery) {
			t.Errorf("columns %v: %v", c, err)
		}
	}
}

func TestCellsAreNoFormulas(t *testing.T) {
	for in, want := range map[string]string{"": "", "MUG": "MUG", "=1+1": "'=1+1", "+1": "'+1", "-5": "'-5", "@A1": "'@A1",
		"\t=1": "'\t=1", "\r=1": "'\r=1", "a=1": "a=1", "'=1": "'=1"} {
		if got := view.Cell(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
