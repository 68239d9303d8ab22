package woocommerce

import (
	"fmt"
	"regexp"
	"strings"

	"evenstock/backend/practice"
)

var tags = regexp.MustCompile(`<[^>]*>`)

// cleanSKU trims a SKU and strips HTML, as the shop does when it is saved (j13-sku-space, j16-sku-html).
func cleanSKU(sku string) string { return strings.TrimSpace(tags.ReplaceAllString(sku, "")) }

// checkSKU refuses a SKU that another item has. it is nil for a new one. The SKU of a trashed item is free in older
// versions; later it is taken under another code (c29-sku-of-trashed).
func (c *call) checkSKU(it *practice.Item, body map[string]any) *apiError {
	sku := cleanSKU(text(body["sku"]))
	if sku == "" || it != nil && strings.EqualFold(it.SKU, sku) {
		return nil
	}
	for _, other := range c.s.BySKU(sku) {
		if other.Status != practice.Trashed {
			return errDuplicateSKU(other.ID, c.freeSKU(sku))
		}
		if c.face.version.since(trashKeepsSKU) {
			return errTrashedSKU(sku)
		}
	}
	return nil
}

// freeSKU is the SKU that the shop suggests instead.
func (c *call) freeSKU(sku string) string {
	for n := 1; ; n++ {
		if free := fmt.Sprintf("%s-%d", sku, n); len(c.s.BySKU(free)) == 0 {
			return free
		}
	}
}
