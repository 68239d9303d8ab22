package cli

import (
	"strings"
	"testing"

	"evenstock/backend/view"
)

// TestHealthOfFBA: what the marketplace sends itself stands in its own place, and is nothing that needs a look.
func TestHealthOfFBA(t *testing.T) {
	three := int64(3)
	fba := view.Listing{Store: "Direct", Ref: "MUG-FBA", SKU: "MUG-FBA", Title: "Mug", StoreHas: &three}
	for _, c := range []struct {
		h    view.Health
		says string
	}{
		{view.Health{}, "Nothing needs a look.\n"},
		{view.Health{Marketplace: []view.Listing{fba}}, "Nothing needs a look.\n\nSent by the marketplace itself, from its own stock: 1\n"},
		{view.Health{NoSKU: []view.Listing{{Store: "Direct", Ref: "9"}}, Marketplace: []view.Listing{fba}}, "Listings without a SKU: 1\n"},
	} {
		var b strings.Builder
		printHealth(&b, c.h)
		got := b.String()
		if !strings.HasPrefix(got, c.says) || len(c.h.Marketplace) > 0 && !strings.Contains(got, "MUG-FBA") {
			t.Errorf("says\n%s", got)
		}
	}
}
