package bigcommerce

import (
	"fmt"
	"slices"
	"time"

	"evenstock/backend/practice"
)

func getStore(c *call) practice.Response {
	w := c.face.world
	return c.ok(map[string]any{"id": c.face.options.Hash, "name": w.Name(), "domain": "store-" + c.face.options.Hash + ".example",
		"secure_url": "https://store-" + c.face.options.Hash + ".example", "status": "live", "currency": w.Currency(), "plan_name": "Plus",
		"first_name": Canaries[0], "last_name": Canaries[1], "admin_email": Canaries[2]})
}

func getTime(c *call) practice.Response { return c.ok(map[string]any{"time": c.s.Now().Unix()}) }

func getSettings(c *call) practice.Response {
	set := c.face.options.Settings
	update := "order_placed"
	if set.LowersWhenShipped {
		update = "order_completed_or_shipped"
	}
	return c.ok(map[string]any{"data": map[string]any{"update_stock_behavior": update, "edit_order_stock_adjustment": !set.KeepsOnEdit,
		"refund_order_stock_adjustment": !set.KeepsOnRefund}, "meta": map[string]any{}})
}

func getLocations(c *call) practice.Response {
	var out []any
	for i, l := range places(c.s) {
		if i == 0 || c.query.Get("is_default") != "true" {
			out = append(out, map[string]any{"id": l.ID, "code": code(l.ID), "label": l.Name, "enabled": !l.Closed,
				"type_id": "PHYSICAL", "storefront_visibility": i == 0})
		}
	}
	return c.page(out, len(out))
}

// Sites are locations for a practice store, the first of which is the default one. The storefront sells no other
// (bigcommerce.md, 3.5).
func Sites(names ...string) []practice.Location {
	out := make([]practice.Location, len(names))
	for i, name := range names {
		out[i] = practice.Location{ID: Location + int64(i), Name: name, Fulfils: i == 0}
	}
	return out
}

// places are the world's locations, or the one that every store has.
func places(s *practice.State) []practice.Location {
	if all := s.Locations(); len(all) > 0 {
		return all
	}
	return Sites("Default location")
}

func code(location int64) string { return "BC-LOCATION-" + formatID(location) }

// variants are what a product is sold as. One without options has a base variant, which here has the product's own number.
func variants(s *practice.State, it *practice.Item) []*practice.Item {
	if it.Kind != practice.Parent {
		return []*practice.Item{it}
	}
	var out []*practice.Item
	for _, id := range it.Variants {
		if v := s.Item(id); v.Status != practice.Trashed {
			out = append(out, v)
		}
	}
	return out
}

// tracking says who keeps the number of a product.
func tracking(s *practice.State, it *practice.Item) string {
	switch {
	case it.Counted:
		return "product"
	case slices.ContainsFunc(variants(s, it), func(v *practice.Item) bool { return v.Counted }):
		return "variant"
	}
	return "none"
}

func (c *call) offered(it *practice.Item) bool {
	return it != nil && it.Status != practice.Trashed && (it.Kind == practice.Simple || it.Kind == practice.Parent && len(variants(c.s, it)) > 0)
}

// level is a number as the catalogue shows it: never below 0 (OpenAPI file).
func level(it *practice.Item) int64 {
	if !it.Counted || it.Quantity == nil {
		return 0
	}
	return max(0, *it.Quantity)
}

func (c *call) product(it *practice.Item) map[string]any {
	// Taken off sale: hidden. Something that waits to be published is shown and cannot be bought.
	availability := "available"
	if it.Status == practice.Pending {
		availability = "disabled"
	}
	out := map[string]any{"id": it.ID, "name": it.Name, "type": "physical", "sku": it.SKU, "is_visible": it.Status == practice.Published || it.Status == practice.Pending,
		"availability": availability, "inventory_tracking": tracking(c.s, it), "inventory_level": level(it),
		"date_modified": it.Modified.UTC().Format(time.RFC3339), "base_variant_id": it.ID}
	all := []any{}
	for _, v := range variants(c.s, it) {
		row := map[string]any{"id": v.ID, "product_id": it.ID, "sku": v.SKU, "upc": v.Barcode, "inventory_level": level(v), "option_values": []any{}}
		if it.Kind == practice.Parent {
			delete(out, "base_variant_id")
			values := []any{}
			for i, o := range v.Options {
				values = append(values, map[string]any{"id": int64(i) + v.ID, "label": o.Value, "option_display_name": o.Name})
			}
			row["option_values"] = values
		}
		all = append(all, row)
	}
	if c.query.Get("include") == "variants" {
		out["variants"] = all
	}
	if it.Kind == practice.Parent && !it.Counted {
		var sum int64
		for _, v := range variants(c.s, it) {
			sum += level(v)
		}
		out["inventory_level"] = sum
	}
	return out
}

func getProducts(c *call) practice.Response {
	named := c.numbers("id:in")
	after := c.number("id:greater", 0)
	var since time.Time
	if text := c.query.Get("date_modified:min"); text != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, text); err != nil {
			return c.fail(422, fmt.Sprintf("date_modified:min %q is no time", text))
		}
	}
	var all []*practice.Item
	for _, it := range c.s.Products() {
		if c.offered(it) && (named == nil || named[it.ID]) && it.ID > after && !it.Modified.Truncate(time.Second).Before(since) {
			all = append(all, it)
		}
	}
	data := []any{}
	for _, it := range stretch(c, all, 250) {
		data = append(data, c.product(it))
	}
	return c.page(data, len(all))
}
