package all_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// page says what happens to orders, channel by channel, and which tests hold it.
const page = "../../../docs/orders.md"

// shops are one of every channel.
func shops(t *testing.T) map[string]channeltest.Shop {
	t.Helper()
	return map[string]channeltest.Shop{
		"woocommerce": practicetest.New(t, practicetest.Options{Direct: true}),
		"shopify":     practicetest.NewShopify(t, practicetest.ShopifyOptions{Direct: true}),
		"bigcommerce": practicetest.NewBigCommerce(t, practicetest.BigCommerceOptions{Direct: true}),
		"etsy":        practicetest.NewEtsy(t, practicetest.EtsyOptions{Direct: true}),
		"ebay":        practicetest.NewEBay(t, practicetest.EBayOptions{Direct: true}),
		"amazon":      practicetest.NewAmazon(t, practicetest.AmazonOptions{Direct: true}),
	}
}

// TestOrdersPage holds every cell of the page against the tests: where it names the suite, the suite has the rule and the
// practice store can express what it is about; every other test that it names exists.
func TestOrdersPage(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	all, named := shops(t), regexp.MustCompile("`(Test[A-Za-z0-9]+)`")
	var columns []string
	cells := 0
	for line := range strings.Lines(string(text)) {
		row := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		switch {
		case !strings.HasPrefix(line, "|"):
			columns = nil
			continue
		case row[0] == "case":
			columns = row
			continue
		case strings.HasPrefix(row[0], "---"):
			continue
		case len(row) != len(columns):
			t.Fatalf("a row of %d cells in a table of %d: %s", len(row), len(columns), line)
		}
		for i, cell := range row {
			shop, ok := all[columns[i]]
			if !ok {
				continue
			}
			cells++
			if cell == "suite" || strings.HasPrefix(cell, "suite;") {
				runs(t, row[0], columns[i], shop)
			}
			for _, name := range named.FindAllStringSubmatch(cell, -1) {
				if !declared(t, columns[i], name[1]) {
					t.Errorf("%s: backend/channel/%s has no %s", row[0], columns[i], name[1])
				}
			}
		}
	}
	if want := 13 * len(all); cells != want {
		t.Errorf("%d cells, want %d", cells, want)
	}
}

// runs fails unless the suite has a rule and runs it for a channel.
func runs(t *testing.T, rule, channel string, shop channeltest.Shop) {
	t.Helper()
	needs, ok := channeltest.Needs(rule)
	if !ok {
		t.Errorf("the suite has no rule %q", rule)
	}
	limited, _ := shop.(channeltest.Limited)
	for _, need := range needs {
		if limited != nil && limited.Cannot(need) != "" {
			t.Errorf("%s: the suite leaves the rule out for %s: it cannot %s", rule, channel, need)
		}
	}
	if _, parcels := shop.(channeltest.Shipper); strings.Contains(rule, "partly") && !parcels {
		t.Errorf("%s: the suite leaves the rule out for %s, which knows no parcels", rule, channel)
	}
}

// declared says whether a channel's package has a test.
func declared(t *testing.T, channel, test string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", channel, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s: %v", channel, err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		return err == nil && strings.Contains(string(text), "func "+test+"(t *testing.T)")
	})
}
