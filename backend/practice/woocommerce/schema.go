package woocommerce

import (
	"encoding/json"
	"slices"
	"strconv"
)

// kinds of body fields as the schema names them.
const (
	kindInteger = "integer"
	kindBoolean = "boolean"
	kindString  = "string"
)

// bodyField is one field of a body that WordPress checks before a single write. Null passes every check.
type bodyField struct {
	name, kind string
	choices    []string
}

var productSchema = []bodyField{
	{"name", kindString, nil},
	{"type", kindString, productTypes},
	{"status", kindString, []string{"draft", "pending", "private", "publish", "future", "auto-draft", "trash"}},
	{"sku", kindString, nil},
	{"regular_price", kindString, nil},
	{"manage_stock", kindBoolean, nil},
	{"stock_quantity", kindInteger, nil},
	{"stock_status", kindString, stockStatuses},
	{"backorders", kindString, []string{"no", "notify", "yes"}},
	{"virtual", kindBoolean, nil},
	{"downloadable", kindBoolean, nil},
	{"global_unique_id", kindString, nil},
}

func productFields(c *call, v *invalid) { c.checkBody(v, productSchema) }

// variationFields differs from productFields in manage_stock, which takes "parent" from 11.0.1 on.
func variationFields(c *call, v *invalid) {
	schema := slices.Clone(productSchema)
	if c.body["manage_stock"] == "parent" && c.face.version.since(writeParentString) {
		schema = slices.DeleteFunc(schema, func(f bodyField) bool { return f.name == "manage_stock" })
	}
	c.checkBody(v, slices.DeleteFunc(schema, func(f bodyField) bool { return f.name == "type" }))
}

func (c *call) checkBody(v *invalid, schema []bodyField) {
	for _, f := range schema {
		value, ok := c.body[f.name]
		if !ok || value == nil {
			continue
		}
		if !fits(value, f.kind) {
			v.wrongType(f.name, f.kind)
			continue
		}
		if text, isText := value.(string); f.choices != nil && isText && !slices.Contains(f.choices, text) {
			v.notIn(f.name, f.name, f.choices)
		}
	}
}

// fits reports whether a JSON value passes for a kind; numbers may come as text.
func fits(value any, kind string) bool {
	switch value := value.(type) {
	case json.Number:
		return kind == kindInteger && whole(value.String()) ||
			kind == kindBoolean && (value == "0" || value == "1")
	case string:
		return kind == kindString || kind == kindInteger && whole(value) ||
			kind == kindBoolean && slices.Contains([]string{"true", "false", "0", "1"}, value)
	case bool:
		return kind == kindBoolean
	}
	return false
}

func whole(text string) bool {
	f, err := strconv.ParseFloat(text, 64)
	return err == nil && f == float64(int64(f))
}

func productArgs(c *call, v *invalid) {
	c.collection(v, productOrders)
	c.each(v, "status", postStatuses)
	if c.face.version.since(typeArguments) {
		c.each(v, "include_types", productTypes)
		c.each(v, "exclude_types", productTypes)
		c.each(v, "include_status", postStatuses)
		c.each(v, "exclude_status", postStatuses)
	}
	c.oneOf(v, "type", productTypes)
	c.oneOf(v, "stock_status", stockStatuses)
}

func variationArgs(c *call, v *invalid) {
	c.collection(v, productOrders)
	c.each(v, "status", postStatuses)
	c.oneOf(v, "stock_status", stockStatuses)
}
