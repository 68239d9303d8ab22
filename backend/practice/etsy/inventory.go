package etsy

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"evenstock/backend/practice"
)

// firstProperty is the id of the first property that sellers name themselves; the next follow it.
const firstProperty = 513

// money is an amount in hundredths.
func (f *Face) money(cents int64) map[string]any {
	return map[string]any{"amount": cents, "divisor": 100, "currency_code": f.world.Currency()}
}

// properties are the choices of a variant.
func properties(options []practice.Option) []any {
	out := []any{}
	for i, o := range options {
		out = append(out, map[string]any{"property_id": firstProperty + i, "property_name": o.Name, "scale_id": nil,
			"value_ids": []int64{valueID(o.Value)}, "values": []string{o.Value}})
	}
	return out
}

func valueID(value string) int64 {
	h := fnv.New32a()
	h.Write([]byte(value))
	return int64(h.Sum32()) + 1
}

// productID is the id of a product until the next write of its listing.
func (c *call) productID(listing, item int64) int64 {
	return item*100_000 + c.face.churn[listing]%100_000 + 1
}

// inventory is a ListingInventory.
func (c *call) inventory(it *practice.Item) map[string]any {
	products := []any{}
	for _, v := range c.variants(it) {
		id := c.productID(it.ID, v.ID)
		products = append(products, map[string]any{"product_id": id, "sku": v.SKU, "is_deleted": false, "property_values": properties(v.Options),
			"offerings": []any{map[string]any{"offering_id": id + 1, "quantity": c.quantity(v), "is_enabled": true, "is_deleted": false,
				"price": c.face.money(practice.Cents(v.Price)), "readiness_state_id": 9001}}})
	}
	on := []int{}
	if it.Kind == practice.Parent {
		for i := range c.variants(it)[0].Options {
			on = append(on, firstProperty+i)
		}
	}
	quantityOn := on
	if shared(it) {
		quantityOn = []int{}
	}
	return map[string]any{"products": products, "price_on_property": on, "quantity_on_property": quantityOn, "sku_on_property": on,
		"readiness_state_on_property": []int{}}
}

func getInventory(c *call) practice.Response {
	it := c.item(c.ids[0])
	if it == nil {
		return c.fail(http.StatusNotFound, "Resource not found")
	}
	out := c.inventory(it)
	if c.query.Get("includes") == "Listing" {
		out["listing"] = c.listing(it)
	}
	return c.ok(out)
}

// written is the body of updateListingInventory.
type written struct {
	Products []struct {
		SKU        string
		Properties []struct {
			ID     int64 `json:"property_id"`
			Name   string
			Values []string
		} `json:"property_values"`
		Offerings []struct {
			Price     json.Number
			Quantity  *int64
			Enabled   *bool           `json:"is_enabled"`
			Readiness json.RawMessage `json:"readiness_state_id"`
		}
	}
	QuantityOn []int64 `json:"quantity_on_property"`
}

// putInventory replaces the inventory of a listing: a product that is left out is deleted, and so are all choices when
// property values are left out (etsy.md, 3.2).
func putInventory(c *call) practice.Response {
	it := c.item(c.ids[0])
	if it == nil {
		return c.fail(http.StatusNotFound, "Resource not found")
	}
	var body written
	if err := json.Unmarshal(c.body, &body); err != nil || !strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/json") {
		return c.fail(http.StatusBadRequest, "Expected a JSON object")
	}
	if text := body.faults(); text != "" {
		return c.fail(http.StatusBadRequest, text)
	}
	restore := func() {}
	if c.lie == practice.IgnoreWrite {
		ids := []int64{it.ID}
		for _, v := range c.variants(it) {
			ids = append(ids, v.ID)
		}
		restore = c.s.Keep(ids)
	}
	if it.Status == practice.Published && c.total(it) == 0 {
		c.face.soldOut[it.ID] = true // it is not renewed by a quantity alone
	}
	c.face.churn[it.ID]++
	c.write(it, body)
	out := c.inventory(it)
	restore()
	return c.ok(out)
}

// faults is what Etsy refuses a body for, "" for nothing.
func (w *written) faults() string {
	var sum int64
	first := int64(-1)
	for _, p := range w.Products {
		if len(p.Offerings) == 0 {
			return "products: offerings are required"
		}
		for _, o := range p.Offerings {
			price, err := strconv.ParseFloat(string(o.Price), 64)
			switch {
			case err != nil || price <= 0 || o.Quantity == nil || o.Enabled == nil || o.Readiness == nil:
				return "offerings: price, quantity, is_enabled and readiness_state_id are required"
			case *o.Quantity < 0 || *o.Quantity > 999:
				return "offerings: quantity must be between 0 and 999"
			case len(w.QuantityOn) == 0 && first >= 0 && *o.Quantity != first:
				return "quantity must be consistent across products unless quantity_on_property is set" // wording unverified
			}
			first = *o.Quantity
			sum += *o.Quantity
		}
	}
	if sum == 0 {
		return "one offering must have quantity greater than 0"
	}
	return ""
}

func (c *call) write(it *practice.Item, body written) {
	if it.Kind != practice.Parent {
		p := body.Products[0]
		c.writeItem(it, p.SKU, p.Offerings[0].Price, *p.Offerings[0].Quantity)
		return
	}
	var kept []int64
	for _, p := range body.Products {
		var values []string
		for _, v := range p.Properties {
			values = append(values, strings.Join(v.Values, ", "))
		}
		for _, v := range c.variants(it) {
			if v.OptionText() == strings.Join(values, ", ") {
				kept = append(kept, v.ID)
				c.writeItem(v, p.SKU, p.Offerings[0].Price, *p.Offerings[0].Quantity)
			}
		}
	}
	for _, v := range c.variants(it) {
		if !slices.Contains(kept, v.ID) {
			c.s.Delete(v.ID)
		}
	}
}

func (c *call) writeItem(it *practice.Item, sku string, price json.Number, quantity int64) {
	if it.SKU != sku {
		c.s.SetSKU(it, sku)
	}
	it.Price = practice.Decimal(practice.Cents(string(price)))
	if holder := c.s.Holder(it); holder != nil {
		c.s.SetQuantity(holder, quantity)
		c.s.Wrote(it.ID)
	}
}

// Name is the ref of a listing or variant as a stock tool names it for good: by the listing and the SKU, or the choices
// (etsy.md, 3.2).
func Name(it *practice.Item) (listing, parent string) {
	if it.Kind != practice.Variant {
		return strconv.FormatInt(it.ID, 10), ""
	}
	parent = strconv.FormatInt(it.Parent, 10)
	if it.SKU != "" {
		return parent + "/" + escape(it.SKU), parent
	}
	pairs := make([]string, len(it.Options))
	for i, o := range it.Options {
		pairs[i] = fmt.Sprintf("%d=%s", firstProperty+i, escape(o.Value))
	}
	return parent + "/?" + strings.Join(pairs, "&"), parent
}
