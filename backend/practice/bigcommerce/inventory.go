package bigcommerce

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/practice"
)

// largest is the largest number; more is not saved (bigcommerce.md, 3.5).
const largest = 1<<31 - 1

// mostRows is how many rows an adjustment may have (bigcommerce.md, 3.5).
const mostRows = 2000

// getItems lists numbers: those of variants where variants keep them, else those of products. Whether a product's own number
// is found by its variant, too, is unverified; here it is not.
func getItems(c *call) practice.Response {
	byVariant, byProduct := c.numbers("variant_id:in"), c.numbers("product_id:in")
	asked := c.numbers("location_id:in")
	type entry struct{ product, holder *practice.Item }
	var all []entry
	for _, it := range c.s.Products() {
		if !c.offered(it) {
			continue
		}
		switch tracking(c.s, it) {
		case "product":
			if byVariant == nil && (byProduct == nil || byProduct[it.ID]) && it.Quantity != nil {
				all = append(all, entry{it, it})
			}
		case "variant":
			for _, v := range variants(c.s, it) {
				if (byVariant == nil || byVariant[v.ID]) && (byProduct == nil || byProduct[it.ID]) && v.Counted && v.Quantity != nil {
					all = append(all, entry{it, v})
				}
			}
		}
	}
	data := []any{}
	for _, e := range stretch(c, all, 1000) {
		identity := map[string]any{"sku": e.holder.SKU, "product_id": e.product.ID}
		if e.holder != e.product {
			identity["variant_id"] = e.holder.ID
		}
		locations := []any{}
		for _, l := range places(c.s) {
			if asked == nil || asked[l.ID] {
				n := c.shown(e.holder, l.ID)
				locations = append(locations, map[string]any{"location_id": l.ID, "location_code": code(l.ID), "location_name": l.Name,
					"available_to_sell": n, "total_inventory_onhand": n, "location_enabled": !l.Closed})
			}
		}
		data = append(data, map[string]any{"identity": identity, "locations": locations})
	}
	return c.page(data, len(all))
}

// shown is an item's number at a location as a reading tells it.
func (c *call) shown(it *practice.Item, location int64) int64 {
	if w, ok := c.face.wrote[spot{it.ID, location}]; ok && c.s.Now().Sub(w.at) < c.face.options.Lag {
		return w.before
	}
	if c.lie == practice.StaleRead {
		return c.s.BeforeAt(it, location)
	}
	return c.s.QuantityAt(it, location)
}

// row is a row of an adjustment.
type row struct {
	Location int64  `json:"location_id"`
	Variant  int64  `json:"variant_id"`
	Product  int64  `json:"product_id"`
	SKU      string `json:"sku"`
	Quantity int64  `json:"quantity"`
}

// named is a row's own way of naming its item.
func (r row) named() string {
	if r.Variant != 0 {
		return "variant_id " + strconv.FormatInt(r.Variant, 10)
	}
	return "product_id " + strconv.FormatInt(r.Product, 10)
}

// holder is the item whose number a row changes, or why it changes none. The refusals of an item that is unknown or not
// tracked are unverified; that of the wrong number is how the OpenAPI file's
// begins.
func (c *call) holder(r row) (*practice.Item, string) {
	it := c.s.Item(max(r.Variant, r.Product))
	if r.SKU != "" {
		if found := c.s.BySKU(r.SKU); len(found) == 1 {
			it = found[0]
		}
	}
	product := it
	if it != nil && it.Kind == practice.Variant {
		product = c.s.Item(it.Parent)
	}
	if it == nil || !c.offered(product) || r.Product != 0 && it.Kind == practice.Variant || r.Variant != 0 && it.Kind == practice.Parent {
		return nil, fmt.Sprintf("Items with identity: [%s] not found", r.named())
	}
	switch track := tracking(c.s, product); {
	case track == "none":
		return nil, fmt.Sprintf("[Item with %s is not tracked]", r.named())
	case track == "product" && r.Variant != 0:
		return nil, fmt.Sprintf("[Item with %s is tracked by product]", r.named())
	case track == "variant" && r.Product != 0:
		return nil, fmt.Sprintf("[Item with %s is tracked by variant]", r.named())
	case track == "product":
		return product, ""
	}
	return it, ""
}

// adjust checks every row before it writes any: a call is refused as a whole (whether it is, is unverified).
func (c *call) adjust(check func(*practice.Item, row) string, write func(*practice.Item, row)) practice.Response {
	var in struct {
		Items []row `json:"items"`
	}
	if err := json.Unmarshal(c.body, &in); err != nil {
		return c.fail(http.StatusUnprocessableEntity, "The body is not JSON")
	}
	if len(in.Items) == 0 || len(in.Items) > mostRows {
		return c.fail(http.StatusUnprocessableEntity, "The number of items must be from 1 to 2000")
	}
	holders := make([]*practice.Item, len(in.Items))
	var wrong []string
	for i, r := range in.Items {
		var said string
		if !slices.ContainsFunc(places(c.s), func(l practice.Location) bool { return l.ID == r.Location && !l.Closed }) {
			said = fmt.Sprintf("Location with id %d not found", r.Location)
		} else if holders[i], said = c.holder(r); said == "" {
			said = check(holders[i], r)
		}
		if said != "" {
			wrong = append(wrong, said)
		}
	}
	if len(wrong) > 0 {
		return c.fail(http.StatusUnprocessableEntity, strings.Join(wrong, ", "))
	}
	for i, r := range in.Items {
		if c.lie != practice.IgnoreWrite {
			c.face.wrote[spot{holders[i].ID, r.Location}] = wrote{c.s.Now(), c.s.QuantityAt(holders[i], r.Location)}
			write(holders[i], r)
		}
	}
	c.face.writes++
	return c.ok(map[string]any{"transaction_id": fmt.Sprintf("practice-%d", c.face.writes)})
}

// wrote is the number before an adjustment. A reading right after one may still tell it (bigcommerce.md, 3.5).
type wrote struct {
	at     time.Time
	before int64
}

// spot is an item at a location.
type spot struct{ item, location int64 }

func putAbsolute(c *call) practice.Response {
	return c.adjust(func(*practice.Item, row) string { return "" }, func(it *practice.Item, r row) {
		if r.Quantity >= 0 && r.Quantity <= largest {
			c.s.SetQuantityAt(it, r.Location, r.Quantity)
			c.s.Wrote(it.ID)
		}
	})
}

// postRelative refuses what would go below the safety stock, which is 0 here (bigcommerce.md, 3.5; wording unverified).
func postRelative(c *call) practice.Response {
	return c.adjust(func(it *practice.Item, r row) string {
		switch {
		case it.Quantity == nil:
			return fmt.Sprintf("Items with identity: [%s] requires absolute adjustment before relative", r.named())
		case c.s.QuantityAt(it, r.Location)+r.Quantity < 0:
			return fmt.Sprintf("Items with identity: [%s] would cross the safety stock", r.named())
		}
		return ""
	}, func(it *practice.Item, r row) {
		c.s.SetQuantityAt(it, r.Location, c.s.QuantityAt(it, r.Location)+r.Quantity)
		c.s.Wrote(it.ID)
	})
}
