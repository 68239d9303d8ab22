package woocommerce

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"evenstock/backend/practice"
)

var itemSorting = sorting[*practice.Item]{
	id:       func(it *practice.Item) int64 { return it.ID },
	created:  func(it *practice.Item) time.Time { return it.Created },
	modified: func(it *practice.Item) time.Time { return it.Modified },
	title:    func(it *practice.Item) string { return it.FullName() },
}

// listProducts lists products. Variations are found by their SKU only, or a part of it (d14-variation-sku-query,
// c23-by-sku-partial).
func listProducts(c *call) practice.Response {
	if skus := c.query.list("sku"); skus != nil {
		return c.items(c.bySKU(skus, func(*practice.Item) bool { return true }), c.product)
	}
	if c.query.get("search_sku") != "" {
		both := slices.Concat(c.s.Products(), c.s.AllVariants())
		slices.SortFunc(both, func(a, b *practice.Item) int { return cmp.Compare(a.ID, b.ID) })
		return c.items(both, c.product)
	}
	return c.items(c.s.Products(), c.product)
}

func listVariations(c *call) practice.Response {
	var list []*practice.Item
	if parent := c.s.Item(c.ids[0]); parent != nil {
		for _, id := range parent.Variants {
			list = append(list, c.s.Item(id))
		}
	}
	return c.items(list, c.variation)
}

func listAllVariations(c *call) practice.Response {
	if skus := c.query.list("sku"); skus != nil {
		return c.items(c.bySKU(skus, func(it *practice.Item) bool { return it.Kind == practice.Variant }), c.anyVariation)
	}
	return c.items(c.s.AllVariants(), c.anyVariation)
}

// items filters, sorts and pages a list of items that comes by ascending id.
func (c *call) items(all []*practice.Item, render func(*practice.Item) object) practice.Response {
	keep := c.itemFilter()
	all = c.named(all)
	list := make([]*practice.Item, 0, len(all))
	for _, it := range all {
		if keep(it) {
			list = append(list, it)
		}
	}
	arrange(c, list, itemSorting)
	return page(c, list, render)
}

// named cuts a list down to the ids in "include", so that reading a hundred of ten thousand is quick.
func (c *call) named(all []*practice.Item) []*practice.Item {
	include := c.query.ids("include")
	if include == nil {
		return all
	}
	list := make([]*practice.Item, 0, len(include))
	for _, id := range slices.Sorted(maps.Keys(include)) {
		if i, found := slices.BinarySearchFunc(all, id, func(it *practice.Item, id int64) int { return cmp.Compare(it.ID, id) }); found {
			list = append(list, all[i])
		}
	}
	return list
}

func (c *call) itemFilter() func(*practice.Item) bool {
	q := c.query
	exclude := q.ids("exclude")
	statuses := q.list("status")
	if c.face.version.since(typeArguments) && q.get("include_status") != "" {
		statuses = q.list("include_status")
	}
	anyStatus := len(statuses) == 0 || slices.Contains(statuses, "any")
	modified, created := c.cut("modified_after", "modified_before"), c.cut("after", "before")
	kind, stock, search := q.get("type"), q.get("stock_status"), strings.ToLower(q.get("search"))
	part := strings.ToLower(q.get("search_sku"))
	var types, otherTypes, without []string
	if c.face.version.since(typeArguments) {
		types, otherTypes, without = q.list("include_types"), q.list("exclude_types"), q.list("exclude_status")
	}
	return func(it *practice.Item) bool {
		_, unwanted := exclude[it.ID]
		switch {
		case unwanted,
			anyStatus && it.Status == practice.Trashed,
			!anyStatus && !slices.Contains(statuses, string(it.Status)),
			slices.Contains(without, string(it.Status)),
			kind != "" && kind != string(it.Kind),
			types != nil && !slices.Contains(types, string(it.Kind)),
			slices.Contains(otherTypes, string(it.Kind)),
			!modified.holds(it.Modified), !created.holds(it.Created),
			part != "" && !strings.Contains(strings.ToLower(it.SKU), part),
			search != "" && !strings.Contains(strings.ToLower(it.FullName()), search):
			return false
		}
		return stock == "" || stock == string(c.s.Available(it))
	}
}

// bySKU finds the items of a comma-separated list of SKUs, letter case set aside. A SKU that holds a comma itself is
// found as well (j12-sku-comma).
func (c *call) bySKU(skus []string, keep func(*practice.Item) bool) []*practice.Item {
	var list []*practice.Item
	for _, sku := range append(slices.Clone(skus), strings.Join(skus, ",")) {
		for _, it := range c.s.BySKU(sku) {
			if keep(it) && !slices.Contains(list, it) {
				list = append(list, it)
			}
		}
	}
	slices.SortFunc(list, func(a, b *practice.Item) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

func getProduct(c *call) practice.Response {
	it := c.s.Item(c.ids[0])
	if it == nil {
		return c.fail(errProduct)
	}
	return c.ok(c.product(it))
}

func createProduct(c *call) practice.Response {
	it, failure := c.newProduct(c.body)
	if failure != nil {
		return c.fail(failure)
	}
	return c.created(fmt.Sprintf("%s%s/wc/v3/products/%d", c.home, apiRoot, it.ID), c.product(it))
}

func putProduct(c *call) practice.Response {
	it, failure := c.changeProduct(c.ids[0], c.body)
	if failure != nil {
		return c.fail(failure)
	}
	return c.ok(c.product(it))
}

func deleteProduct(c *call) practice.Response {
	o, failure := c.removeProduct(c.ids[0], c.query.flag("force"))
	if failure != nil {
		return c.fail(failure)
	}
	return c.ok(o)
}

func (c *call) newProduct(body map[string]any) (*practice.Item, *apiError) {
	if failure := c.checkSKU(nil, body); failure != nil {
		return nil, failure
	}
	kind := practice.Kind(text(body["type"]))
	it := c.s.Add(practice.Item{Kind: kind, Name: text(body["name"]), Status: practice.Status(text(body["status"]))})
	c.write(it, body)
	return it, nil
}

func (c *call) changeProduct(id int64, body map[string]any) (*practice.Item, *apiError) {
	it := c.s.Item(id)
	if it == nil {
		return nil, errProduct.with(http.StatusBadRequest)
	}
	if it.Kind == practice.Variant {
		return nil, errUseVariations
	}
	if failure := c.checkSKU(it, body); failure != nil {
		return nil, failure
	}
	c.write(it, body)
	return it, nil
}

// removeProduct answers with the product as it was, also when it only goes to the trash (c27-trash).
func (c *call) removeProduct(id int64, force bool) (object, *apiError) {
	it := c.s.Item(id)
	if it == nil {
		return nil, errProduct
	}
	if it.Kind == practice.Variant {
		return nil, errUseVariations
	}
	if !force && it.Status == practice.Trashed {
		return nil, errTrashed
	}
	was := c.product(it)
	if force {
		c.s.Delete(id)
	} else {
		c.s.Trash(it)
	}
	return was, nil
}

// write applies a body to an item. Every write moves its date, also one that changes nothing.
func (c *call) write(it *practice.Item, body map[string]any) {
	c.s.Touch(it)
	if v, ok := body["name"].(string); ok {
		it.Name = v
	}
	if v, ok := body["type"].(string); ok && it.Kind != practice.Variant {
		it.Kind = practice.Kind(v)
		if it.Kind == practice.Parent { // j26-type-change
			it.Virtual, it.Downloadable = false, false
		}
	}
	if v, ok := body["status"].(string); ok {
		it.Status = practice.Status(v)
	}
	if v, ok := body["sku"]; ok && v != nil {
		if sku := cleanSKU(text(v)); sku != it.SKU {
			c.s.SetSKU(it, sku)
		}
	}
	if v, ok := body["regular_price"]; ok {
		it.Price = strings.ReplaceAll(text(v), ",", "")
	}
	if v, ok := body["global_unique_id"].(string); ok {
		it.Barcode = v
	}
	if v, ok := body["virtual"]; ok {
		it.Virtual = truth(v)
	}
	if v, ok := body["downloadable"]; ok {
		it.Downloadable = truth(v)
	}
	if v, ok := body["low_stock_amount"]; ok && v != nil {
		amount := integer(v)
		it.LowAt = &amount
	}
	c.writeAttributes(it, body)
	c.writeStock(it, body)
}

func (c *call) writeAttributes(it *practice.Item, body map[string]any) {
	list, ok := body["attributes"].([]any)
	if !ok {
		return
	}
	it.Attributes, it.Options = nil, nil
	for _, entry := range list {
		a, ok := entry.(map[string]any)
		if !ok {
			continue
		}
		if it.Kind == practice.Variant {
			it.Options = append(it.Options, practice.Option{Name: text(a["name"]), Value: text(a["option"])})
			continue
		}
		attribute := practice.Attribute{Name: text(a["name"]), Values: []string{}, Varies: truth(a["variation"]), Visible: truth(a["visible"])}
		values, _ := a["options"].([]any)
		for _, v := range values {
			attribute.Values = append(attribute.Values, text(v))
		}
		it.Attributes = append(it.Attributes, attribute)
	}
}

// text is a JSON value as PHP would print it; null is empty.
func text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
