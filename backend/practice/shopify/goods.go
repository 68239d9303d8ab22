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

// once carries out a mutation that needs the directive @idempotent: with the key of an earlier one it answers as that did, or
// with mismatch when it asked for something else.
func (v *visit) once(input any, mismatch object, do func() object) any {
	text, err := json.Marshal(input)
	if err != nil || v.run.key == "" {
		v.refused = "The @idempotent directive is required for this mutation but was not provided."
		return nil
	}
	if was, ok := v.face.keys[v.run.key]; ok {
		if was.input != string(text) {
			return mismatch
		}
		return was.answer
	}
	answer := do()
	if v.lie != practice.IgnoreWrite && v.refused == "" {
		v.face.keys[v.run.key] = kept{string(text), answer}
	}
	return answer
}

// setQuantities writes available at locations: all rows or, when one is wrong, none. Shopify does not say which
// of the two it is (shopify.md, 2.5), so a caller must be right with either.
func (v *visit) setQuantities(a args) any {
	return v.quantities(a, "InventorySetQuantities", "quantities", "INVALID_NAME", func(row args) (int64, bool) { return whole(row["quantity"]) })
}

// adjustQuantities is setQuantities by differences.
func (v *visit) adjustQuantities(a args) any {
	return v.quantities(a, "InventoryAdjustQuantities", "changes", "INVALID_QUANTITY_NAME", func(row args) (int64, bool) {
		it := v.sold(row.numbered("inventoryItemId", "InventoryItem"))
		if it == nil {
			return 0, true // refused for that
		}
		return v.s.QuantityAt(it, row.numbered("locationId", "Location")) + row.number("delta"), row["delta"] != nil
	})
}

// write is a number to bring to a location.
type write struct {
	it *practice.Item
	at int64
	n  int64
}

// quantities carries out a mutation of numbers, whose rows stand in a list of the input; to says what a row comes to.
func (v *visit) quantities(a args, kind, list, badName string, to func(row args) (int64, bool)) any {
	input := a.within("input")
	problem := func(code string, row int) object { return problem(kind, list, code, row) }
	return v.once(input, payload(kind, nil, problem("IDEMPOTENCY_KEY_PARAMETER_MISMATCH", -1)), func() object {
		rows := input.each(list)
		if len(rows) > 250 {
			v.refused = "The input array size of " + list + " is greater than the maximum allowed of 250."
			return nil
		}
		var problems []object
		var writes []write
		seen := map[[2]any]bool{}
		for i, row := range rows {
			if _, there := row["changeFromQuantity"]; !there {
				v.refused = "InventoryQuantityInput must include the following argument: changeFromQuantity."
				return nil
			}
			spot := [2]any{row["inventoryItemId"], row["locationId"]}
			w, code := v.check(row, seen[spot], to)
			if code != "" {
				problems = append(problems, problem(code, i))
			}
			seen[spot] = true
			writes = append(writes, w)
		}
		if input["name"] != "available" {
			problems = append(problems, problem(badName, -1))
		}
		if len(problems) > 0 {
			return payload(kind, nil, problems...)
		}
		return payload(kind, v.write(writes))
	})
}

// check reads a row; code says what is wrong with it, "" if nothing is.
func (v *visit) check(row args, twice bool, to func(row args) (int64, bool)) (w write, code string) {
	at := row.numbered("locationId", "Location")
	location := v.place(at)
	it := v.sold(row.numbered("inventoryItemId", "InventoryItem"))
	switch {
	case it == nil:
		return w, "INVALID_INVENTORY_ITEM"
	case at == 0 || location == nil || location.Closed:
		return w, "INVALID_LOCATION"
	case it.Bundle:
		return w, "NON_MUTABLE_INVENTORY_ITEM"
	case twice:
		return w, "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"
	}
	n, ok := to(row)
	switch from, expects := whole(row["changeFromQuantity"]); {
	case !ok || n > mostQuantity:
		return w, "INVALID_QUANTITY_TOO_HIGH"
	case n < -mostQuantity:
		return w, "INVALID_QUANTITY_TOO_LOW"
	case expects && from != v.s.QuantityAt(it, at):
		return w, "CHANGE_FROM_QUANTITY_STALE"
	}
	return write{it, at, n}, ""
}

func (v *visit) write(writes []write) object {
	var changes []object
	for _, w := range writes {
		was := v.s.QuantityAt(w.it, w.at)
		if v.lie != practice.IgnoreWrite {
			v.s.SetQuantityAt(w.it, w.at, w.n)
			v.s.Wrote(w.it.ID)
		}
		if w.n != was {
			changes = append(changes, object{"__typename": "InventoryChange", "name": "available", "delta": w.n - was, "quantityAfterChange": w.n,
				"item": object{"__typename": "InventoryItem", "id": gid("InventoryItem", w.it.ID)}, "location": v.location(w.at)})
		}
	}
	return object{"__typename": "InventoryAdjustmentGroup", "id": gid("InventoryAdjustmentGroup", v.s.NewMetaID()),
		"createdAt": stamp(v.s.Now()), "reason": "correction", "changes": field(func(args) any { return changes })}
}

func payload(kind string, group object, problems ...object) object {
	return payloadOf(kind+"Payload", object{"inventoryAdjustmentGroup": group}, problems...)
}

func problem(kind, list, code string, row int) object {
	path := []string{"input"}
	if row >= 0 {
		path = []string{"input", list, strconv.Itoa(row)}
	}
	return mistake(kind+"UserError", code, "The quantity couldn't be set: "+code, path...)
}
