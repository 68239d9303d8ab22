package shopify

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"evenstock/backend/practice"
)

// variantOffset is between the number of an item's variant and that of its inventory item, which are never the same.
const variantOffset = 40_000_000

// Name is the ref of an item, and the number of its product where it is one of several variants.
func Name(it *practice.Item) (ref, parent string) {
	if it.Kind == practice.Variant {
		parent = strconv.FormatInt(it.Parent, 10)
	}
	return fmt.Sprintf("%d:%d", it.ID+variantOffset, it.ID), parent
}

// sold is an item that has a variant of its own: everything but the parents.
func (v *visit) sold(id int64) *practice.Item {
	it := v.s.Item(id)
	if it == nil || it.Kind != practice.Simple && it.Kind != practice.Variant {
		return nil
	}
	return it
}

// all are the items that have a variant, by ascending id.
func (v *visit) all() []*practice.Item {
	var out []*practice.Item
	for _, it := range v.s.Products() {
		if it.Kind == practice.Simple {
			out = append(out, it)
		}
	}
	out = append(out, v.s.AllVariants()...)
	slices.SortFunc(out, func(a, b *practice.Item) int { return int(a.ID - b.ID) })
	return out
}

// productOf is the product an item belongs to: itself, if it is its only variant.
func (v *visit) productOf(it *practice.Item) *practice.Item {
	if p := v.s.Item(it.Parent); p != nil {
		return p
	}
	return it
}

// status of a product. That of a variant alone does not exist: a variant taken off sale takes its product along.
func (v *visit) status(it *practice.Item) string {
	switch it.Status {
	case practice.Published:
		return "ACTIVE"
	case practice.Unlisted:
		return "UNLISTED"
	case practice.Trashed:
		return "ARCHIVED"
	}
	return "DRAFT"
}

func (v *visit) productVariants(a args) any {
	var out []object
	for _, it := range v.matching(a) {
		out = append(out, object{"id": gid("ProductVariant", it.ID+variantOffset), "item": it})
	}
	return v.filled(v.connection(out, a), v.variant)
}

// matching are the items whose variants a search is for.
func (v *visit) matching(a args) (out []*practice.Item) {
	f := parseFilter(a.text("query"))
	statuses, byStatus := f["product_status"]
	products, byProduct := f["product_ids"]
	for _, it := range v.all() {
		p := v.productOf(it)
		switch {
		case !f.passes(it.ID+variantOffset, it.Edited):
		case byStatus && !slices.Contains(strings.Split(statuses, ","), v.status(p)):
		case byProduct && !slices.Contains(strings.Split(products, ","), strconv.FormatInt(p.ID, 10)):
		default:
			out = append(out, it)
		}
	}
	return out
}

// filled completes the objects of a page, so that a page of a large shop does not cost the whole shop.
func (v *visit) filled(page object, fill func(*practice.Item) object) object {
	nodes, _ := page["nodes"].([]object)
	for i, o := range nodes {
		nodes[i] = fill(o["item"].(*practice.Item))
	}
	return page
}

func (v *visit) products(a args) any {
	f := parseFilter(a.text("query"))
	var out []object
	for _, p := range v.s.Products() {
		if f.passes(p.ID, p.Edited) {
			out = append(out, object{"id": gid("Product", p.ID), "item": p})
		}
	}
	return v.filled(v.connection(out, a), v.product)
}

func (v *visit) inventoryItems(a args) any {
	f := parseFilter(a.text("query"))
	var out []object
	for _, it := range v.all() {
		if f.passes(it.ID, it.Modified) {
			out = append(out, object{"id": gid("InventoryItem", it.ID), "item": it})
		}
	}
	return v.filled(v.connection(out, a), v.inventoryItem)
}

// product moves its date when it is edited, not at a sale (shopify.md, 2.2).
func (v *visit) product(p *practice.Item) object {
	return object{"__typename": "Product", "id": gid("Product", p.ID), "title": p.Name, "handle": strconv.FormatInt(p.ID, 10),
		"status": v.status(p), "updatedAt": stamp(p.Edited), "isGiftCard": p.GiftCard, "hasOnlyDefaultVariant": p.Kind == practice.Simple}
}

func (v *visit) variant(it *practice.Item) object {
	title := "Default Title"
	if it.Kind == practice.Variant {
		title = strings.ReplaceAll(it.OptionText(), ", ", " / ")
	}
	item := v.inventoryItem(it)
	return object{"__typename": "ProductVariant", "id": gid("ProductVariant", it.ID+variantOffset), "sku": it.SKU, "barcode": it.Barcode,
		"title": title, "displayName": it.FullName(), "updatedAt": stamp(it.Edited), "createdAt": stamp(it.Created),
		"inventoryQuantity": v.s.QuantityOf(it), "requiresComponents": it.Bundle, "product": v.product(v.productOf(it)), "inventoryItem": item}
}

// inventoryItem has a level at every location.
func (v *visit) inventoryItem(it *practice.Item) object {
	return object{"__typename": "InventoryItem", "id": gid("InventoryItem", it.ID), "sku": it.SKU, "tracked": it.Counted,
		"updatedAt": stamp(it.Modified), "duplicateSkuCount": int64(max(0, len(v.s.BySKU(it.SKU))-1)),
		"variants": field(func(a args) any { return v.connection([]object{v.bare(it)}, a) }),
		"inventoryLevel": field(func(a args) any {
			_, n := ungid(a["locationId"])
			l := v.place(n)
			if l == nil || n == 0 {
				return nil
			}
			available := v.s.QuantityAt(it, n)
			if v.lie == practice.StaleRead {
				available = v.s.BeforeAt(it, n)
			}
			return object{"__typename": "InventoryLevel", "id": gid("InventoryLevel", n) + "?inventory_item_id=" + strconv.FormatInt(it.ID, 10),
				"isActive": !l.Closed, "updatedAt": stamp(it.Modified), "location": v.location(n),
				"quantities": field(func(a args) any { return quantities(a, available) })}
		})}
}

// bare is a variant without what leads back to its inventory item.
func (v *visit) bare(it *practice.Item) object {
	return object{"__typename": "ProductVariant", "id": gid("ProductVariant", it.ID+variantOffset), "sku": it.SKU}
}

func quantities(a args, available int64) []object {
	names, _ := a["names"].([]any)
	var out []object
	for _, name := range names {
		if name == "available" {
			out = append(out, object{"__typename": "InventoryQuantity", "name": name, "quantity": available})
		}
	}
	return out
}

// mostQuantity is the largest number (shopify.md, 2.5).
const mostQuantity = 1_000_000_000

// setQuantities writes available at locations: all rows or, when one is wrong, none. Shopify does not say which
// of the two it is (shopify.md, 2.5), so a caller must be right with either.
func (v *visit) setQuantities(a args) any {
	input, _ := a["input"].(map[string]any)
	rows, _ := input["quantities"].([]any)
	text, err := json.Marshal(input)
	switch {
	case err != nil || v.run.key == "":
		v.refused = "The @idempotent directive is required for this mutation but was not provided."
		return nil
	case len(rows) > 250:
		v.refused = "The input array size of quantities is greater than the maximum allowed of 250."
		return nil
	}
	if was, ok := v.face.keys[v.run.key]; ok {
		if was.input != string(text) {
			return payload(nil, problem("IDEMPOTENCY_KEY_PARAMETER_MISMATCH", -1))
		}
		return was.answer
	}
	var problems []object
	seen := map[[2]any]bool{}
	for i, r := range rows {
		row, _ := r.(map[string]any)
		if _, there := row["changeFromQuantity"]; !there {
			v.refused = "InventoryQuantityInput must include the following argument: changeFromQuantity."
			return nil
		}
		spot := [2]any{row["inventoryItemId"], row["locationId"]}
		if code := v.check(row, seen[spot]); code != "" {
			problems = append(problems, problem(code, i))
		}
		seen[spot] = true
	}
	if input["name"] != "available" {
		problems = append(problems, problem("INVALID_NAME", -1))
	}
	answer := payload(nil, problems...)
	if len(problems) == 0 {
		answer = v.write(rows)
	}
	if v.lie != practice.IgnoreWrite {
		v.face.keys[v.run.key] = kept{string(text), answer}
	}
	return answer
}

// check is the code of what is wrong with a row, "" if nothing is.
func (v *visit) check(row map[string]any, twice bool) string {
	_, id := ungid(row["inventoryItemId"])
	_, at := ungid(row["locationId"])
	location := v.place(at)
	n, ok := whole(row["quantity"])
	it := v.sold(id)
	switch {
	case it == nil:
		return "INVALID_INVENTORY_ITEM"
	case at == 0 || location == nil || location.Closed:
		return "INVALID_LOCATION"
	case it.Bundle:
		return "NON_MUTABLE_INVENTORY_ITEM"
	case twice:
		return "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"
	case !ok || n > mostQuantity:
		return "INVALID_QUANTITY_TOO_HIGH"
	case n < -mostQuantity:
		return "INVALID_QUANTITY_TOO_LOW"
	}
	if from, ok := whole(row["changeFromQuantity"]); ok && from != v.s.QuantityAt(it, at) {
		return "CHANGE_FROM_QUANTITY_STALE"
	}
	return ""
}

func (v *visit) write(rows []any) object {
	var changes []object
	for _, r := range rows {
		row := r.(map[string]any)
		_, id := ungid(row["inventoryItemId"])
		_, at := ungid(row["locationId"])
		n, _ := whole(row["quantity"])
		it := v.s.Item(id)
		was := v.s.QuantityAt(it, at)
		if v.lie != practice.IgnoreWrite {
			v.s.SetQuantityAt(it, at, n)
			v.s.Wrote(it.ID)
		}
		if n != was {
			changes = append(changes, object{"__typename": "InventoryChange", "name": "available", "delta": n - was, "quantityAfterChange": n,
				"item": object{"__typename": "InventoryItem", "id": gid("InventoryItem", id)}, "location": v.location(at)})
		}
	}
	return payload(object{"__typename": "InventoryAdjustmentGroup", "id": gid("InventoryAdjustmentGroup", v.s.NewMetaID()),
		"createdAt": stamp(v.s.Now()), "reason": "correction", "changes": field(func(args) any { return changes })})
}

func payload(group object, problems ...object) object {
	if problems == nil {
		problems = []object{}
	}
	return object{"__typename": "InventorySetQuantitiesPayload", "inventoryAdjustmentGroup": group, "userErrors": problems}
}

func problem(code string, row int) object {
	path := []string{"input"}
	if row >= 0 {
		path = []string{"input", "quantities", strconv.Itoa(row)}
	}
	return object{"__typename": "InventorySetQuantitiesUserError", "code": code, "message": "The quantity couldn't be set: " + code, "field": path}
}
