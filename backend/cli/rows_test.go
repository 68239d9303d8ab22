package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/engine"
	"evenstock/backend/view"
)

func TestRowsComeBackFromTheirExport(t *testing.T) {
	n := func(n int64) *int64 { return &n }
	r := engine.Rehearsal{Rows: []engine.RehearsalRow{
		{Listing: "11", SKU: "A-1", Title: `Mug "navy", 2 pieces`, Has: n(5), Target: n(-0), Difference: n(-5), Flags: []string{engine.FlagZero}},
		{Listing: "12", SKU: "=HYPERLINK(\"x\")", Title: "+1", Has: n(-2), Target: n(7), Difference: n(9), Ticked: true},
		{Listing: "13", SKU: "-minus", Ticked: true},
	}}
	b := exportRows(r)
	for _, want := range []string{`"'=HYPERLINK(""x"")"`, "'+1", ",-2,7,9,", "'-minus"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the export has no %s:\n%s", want, b)
		}
	}
	got, err := importRows(b)
	if err != nil || !cmp.Equal(got, []string{"12", "13"}) {
		t.Errorf("import = %q, %v", got, err)
	}
}

func TestImportRows(t *testing.T) {
	tests := []struct {
		name, file string
		want       []string
	}{
		{"SKUs alone", "sku\nA-1\n'=B\n", []string{"A-1", "=B"}},
		{"a spreadsheet's mark and line ends", "\ufeffSKU,Push\r\nA-1,YES\r\nA-2,no\r\n", []string{"A-1"}},
		{"the listing wins over the SKU", "sku,listing\nA-1,11\n", []string{"11"}},
		{"an empty push is no", "sku,push\nA-1,\n", []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := importRows([]byte(tt.file)); err != nil || !cmp.Equal(got, tt.want) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	for _, file := range []string{"", "name\nx\n", "sku,push\nA-1,perhaps\n", "sku\n\"A"} {
		if got, err := importRows([]byte(file)); err == nil {
			t.Errorf("import of %q = %q", file, got)
		}
	}
}

func TestStoreListTellsOfKeysThatEnd(t *testing.T) {
	at := time.Date(2027, time.March, 12, 12, 0, 0, 0, time.UTC)
	end := func(soon bool) *view.KeyEnd {
		return &view.KeyEnd{Field: "clientSecret", At: at.UnixMilli(), Soon: soon, Renew: "Make another."}
	}
	var out strings.Builder
	listStores(&out, []view.Store{{Name: "A", KeyEnd: end(true)}, {Name: "B", KeyEnd: end(false)},
		{Name: "C", KeyEnd: end(true), Needs: new("auth"), NeedsText: "C refused the key."}}, at)
	_, said, _ := strings.Cut(out.String(), "A: ")
	if want := "The client secret ends on 12 March 2027 at the latest. Make another.\nC: C refused the key.\n"; said != want {
		t.Errorf("%q, want %q", said, want)
	}
}

func TestCleanTakesWhatATerminalObeys(t *testing.T) {
	if got := clean("red\x1b[31m \u202eevil\nnew\x00"); got != "red[31m evil new" {
		t.Errorf("%q", got)
	}
}
