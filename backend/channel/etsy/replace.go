package etsy

import (
	"fmt"
	"slices"
	"strings"
)

// with is the whole inventory as it is written, with other numbers. It fails where something could not be written back as
// it was: a price that is no decimal number, or a product with several offerings. three says that a product has a third
// property, which Etsy wants to be told (OpenAPI file, updateListingInventory).
func (inv *inventory) with(numbers []int64) (body newInventory, three, ok bool) {
	body = newInventory{Products: []newProduct{}, PriceOn: list(inv.PriceOn), QuantityOn: list(inv.QuantityOn),
		SKUOn: list(inv.SKUOn), ReadinessOn: list(inv.ReadinessOn)}
	for i, p := range inv.Products {
		if p.Deleted {
			continue
		}
		at := p.live()
		if at < 0 {
			return body, false, false
		}
		price, ok := p.Offerings[at].Price.decimal()
		if !ok {
			return body, false, false
		}
		next := newProduct{SKU: p.SKU, Properties: []newProperty{}, Offerings: []newOffering{{
			Price: price, Quantity: numbers[i], Enabled: p.Offerings[at].Enabled, Readiness: p.Offerings[at].Readiness}}}
		for _, v := range p.Properties {
			next.Properties = append(next.Properties, newProperty{v.ID, v.Name, v.Scale, list(v.ValueIDs), list(v.Values)})
		}
		three = three || len(p.Properties) > 2
		body.Products = append(body.Products, next)
	}
	return body, three, true
}

// list is what a list is written as: an empty one is not the same as none (marketplace-auth-and-gotchas.md, 10).
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// shows says in one line a product what must be so after a write, in no particular order of products: SKU, choices, price
// and number. With numbers it is what these would make of it.
func (inv *inventory) shows(numbers []int64) []string {
	var out []string
	for i, p := range inv.Products {
		if p.Deleted {
			continue
		}
		n := p.quantity()
		if numbers != nil {
			n = numbers[i]
		}
		var price string
		if at := p.live(); at >= 0 {
			amount, _ := p.Offerings[at].Price.decimal()
			price = string(amount)
		}
		out = append(out, fmt.Sprintf("%s %s at %s: %d", strings.TrimSpace(p.SKU), byValues(0, p.Properties), price, n))
	}
	slices.Sort(out)
	return out
}

func sumOf(inv *inventory, numbers []int64) int64 {
	var n int64
	for i, p := range inv.Products {
		if !p.Deleted {
			n += numbers[i]
		}
	}
	return n
}
