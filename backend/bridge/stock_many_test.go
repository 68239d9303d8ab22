package bridge_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/bridge"
	"evenstock/backend/db"
	"evenstock/backend/view"
)

// products puts counted products into the books of a desk.
func (d *desk) products(skus ...string) {
	d.t.Helper()
	err := d.books.Update(d.deps.Now(), func(tx *db.Tx) error {
		for _, sku := range skus {
			if _, err := tx.PutItem(db.Item{SKU: sku, Title: "A " + sku}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) inStock(sku string) int64 {
	d.t.Helper()
	p, err := d.stock.Product(sku)
	if err != nil {
		d.t.Fatal(err)
	}
	if p.InStock == nil {
		return -1
	}
	return *p.InStock
}

func TestManyChangesAtOnce(t *testing.T) {
	d := newDesk(t)
	d.products("APPLE", "PEAR", "PLUM")
	changes := []bridge.StockChange{
		{SKU: "APPLE", Op: "set", Quantity: 10, Key: key()},
		{SKU: "NONE", Op: "set", Quantity: 3, Key: key()},
		{SKU: "PEAR", Op: "add", Quantity: 4, Reason: "Received", Key: key()},
		{SKU: "PLUM", Op: "set", Quantity: -1, Key: key()},
	}
	for range 2 { // the same list is applied once
		got, err := d.stock.ChangeMany(changes)
		if err != nil || len(got.Rows) != 4 {
			t.Fatalf("%+v %v", got, err)
		}
		var applied, refused []string
		for _, r := range got.Rows {
			if (r.Seq == 0) != (r.Refused != "") {
				t.Errorf("%s has movement %d and %q", r.SKU, r.Seq, r.Refused)
			}
			if r.Seq != 0 {
				applied = append(applied, r.SKU)
			} else {
				refused = append(refused, r.SKU)
			}
		}
		if diff := cmp.Diff([]string{"APPLE", "PEAR"}, applied); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"NONE", "PLUM"}, refused); diff != "" {
			t.Error(diff)
		}
		if d.inStock("APPLE") != 10 || d.inStock("PEAR") != 4 || d.inStock("PLUM") != -1 {
			t.Errorf("in stock are %d, %d and %d", d.inStock("APPLE"), d.inStock("PEAR"), d.inStock("PLUM"))
		}
	}
	again, err := d.stock.ChangeMany(changes[:1])
	if err != nil {
		t.Fatal(err)
	}
	undone, err := d.stock.UndoMany([]uint64{again.Rows[0].Seq, 9_999})
	if err != nil || undone.Undone != 1 || len(undone.Refused) != 1 || d.inStock("APPLE") != -1 {
		t.Errorf("%+v %v, APPLE has %d", undone, err, d.inStock("APPLE"))
	}
	if _, err := d.stock.ChangeMany(make([]bridge.StockChange, 201)); !refused(err, "invalid") {
		t.Errorf("201 changes: %v", err)
	}
	if _, err := d.stock.ChangeMany([]bridge.StockChange{{SKU: "PEAR", Op: "add", Quantity: 1}}); !refused(err, "invalid") {
		t.Errorf("without a key: %v", err)
	}
}

func TestStockSheetGoesToAFileOrToThePage(t *testing.T) {
	d := newDesk(t)
	d.products("=APPLE", "PEAR")
	q := bridge.SheetRequest{Query: view.StockQuery{Sort: "-sku"}, Columns: []string{"sku", "title"}, Heads: []string{"SKU", "Product"}, Name: "stock.csv"}
	want := "SKU,Product\r\nPEAR,A PEAR\r\n'=APPLE,A =APPLE\r\n"
	got, err := d.stock.Sheet(q)
	if err != nil || got.Text != want || got.Rows != 2 || got.Next != 0 || got.File != "" {
		t.Errorf("%+v %v", got, err)
	}
	q.Query.Offset = 1
	if got, err := d.stock.Sheet(q); err != nil || got.Text != "'=APPLE,A =APPLE\r\n" {
		t.Errorf("the rest is %q, %v", got.Text, err)
	}

	file := filepath.Join(t.TempDir(), "stock.csv")
	saved := bridge.New(bridge.About{Log: new(log).logger()})
	deps := d.deps
	answer := file
	deps.SaveAs = func(bridge.FileQuestion) (string, error) { return answer, nil }
	saved.Attach(deps)
	stock := saved.Services()[2].(*bridge.Stock)
	if got, err := stock.Sheet(q); err != nil || got.File != file || got.Rows != 2 || got.Text != "" {
		t.Errorf("%+v %v", got, err)
	}
	text, err := os.ReadFile(file)
	if err != nil || string(text) != "\ufeff"+want {
		t.Errorf("the file holds %q, %v", text, err)
	}
	answer = ""
	if got, err := stock.Sheet(q); err != nil || got.File != "" || got.Text != "" {
		t.Errorf("closed: %+v %v", got, err)
	}
	answer = filepath.Join(file, "below", "a-file.csv")
	if _, err := stock.Sheet(q); !refused(err, "system") || !strings.Contains(err.Error(), "could not be written") {
		t.Errorf("where nothing can be written: %v", err)
	}
}

func TestALongSheetComesInParts(t *testing.T) {
	d := newDesk(t)
	skus := make([]string, 2_001)
	for i := range skus {
		skus[i] = fmt.Sprintf("SKU-%04d", i)
	}
	d.products(skus...)
	q := bridge.SheetRequest{Columns: []string{"sku"}, Heads: []string{"SKU"}}
	first, err := d.stock.Sheet(q)
	if err != nil || first.Next != 2_000 || first.Rows != 2_001 || strings.Count(first.Text, "\r\n") != 2_001 {
		t.Fatalf("%d rows, next %d, %v", first.Rows, first.Next, err)
	}
	q.Query.Offset = first.Next
	if last, err := d.stock.Sheet(q); err != nil || last.Next != 0 || last.Text != "SKU-2000\r\n" {
		t.Errorf("%+v %v", last, err)
	}
}
