package woocommerce

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"evenstock/backend/practice"
)

// quantity is the stock_quantity an item shows: its own or its parent's, nothing when none is counted. While the shop
// counts no stock at all, the old number is still shown (i03-product-while-off).
func (c *call) quantity(it *practice.Item) any {
	shown := it
	if holder := c.s.Holder(it); holder != nil {
		shown = holder
	} else if !it.Counted {
		return nil
	}
	value := shown.Quantity
	if c.lie == practice.StaleRead && shown.Before() != nil {
		value = shown.Before()
	}
	if value == nil {
		return nil
	}
	return *value
}

// managed is the manage_stock an item shows: true, false, or "parent" for a variation on its parent's stock. The last
// was recorded on the variations routes only (unverified on /products/<variation id>).
func (c *call) managed(it *practice.Item) any {
	holder := c.s.Holder(it)
	switch {
	case holder == nil:
		return false
	case holder != it:
		return "parent"
	}
	return true
}

func (c *call) backordered(it *practice.Item) bool {
	return c.s.Available(it) == practice.Backorder
}

// writeStock applies the stock fields of a body in the order WooCommerce does: manage_stock first, then the quantity if
// the item is managed after that. A quantity for an unmanaged item is ignored, and so is everything while the shop
// counts no stock (woocommerce-observed.md).
func (c *call) writeStock(it *practice.Item, body map[string]any) {
	if !c.s.CountsStock {
		return
	}
	if v, ok := body["manage_stock"]; ok && v != nil {
		if counted := truth(v); counted != it.Counted {
			c.s.SetCounted(it, counted)
		}
	}
	if v, ok := body["backorders"].(string); ok {
		it.Backorders = v
		c.refresh(it)
	}
	if !it.Counted {
		if v, ok := body["stock_status"].(string); ok {
			it.Availability = practice.Availability(v)
		}
		return
	}
	if number, ok := c.wantedQuantity(it, body); ok {
		c.s.SetQuantity(it, number)
		if c.lie != practice.IgnoreWrite {
			c.s.Wrote(it.ID)
		}
	}
}

// refresh lets what is said to customers follow a change other than that of the number.
func (c *call) refresh(it *practice.Item) { it.Availability = c.s.Available(it) }

// wantedQuantity is the number a body asks for. Null counts as 0 in a single call, where the schema turns it into a
// number, and as absent in a batch, where nothing does (c15-qty-null, j03-batch-qty-null).
func (c *call) wantedQuantity(it *practice.Item, body map[string]any) (int64, bool) {
	if v, ok := body["stock_quantity"]; ok && (v != nil || !c.batch) {
		return integer(v), true
	}
	if v := body["inventory_delta"]; v != nil {
		base := int64(0)
		switch {
		case c.base != nil:
			base = *c.base
		case it.Quantity != nil:
			base = *it.Quantity
		}
		return base + integer(v), true
	}
	return 0, false
}

// integer is PHP's intval: what is no number is 0, fractions are cut off.
func integer(v any) int64 {
	var text string
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = strings.TrimSpace(v)
	case bool:
		if v {
			return 1
		}
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return int64(math.Trunc(f))
}

// truth is WordPress' reading of a boolean; "parent" means that the variation itself counts nothing.
func truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return v == "true" || v == "1" || v == "yes"
	case json.Number:
		return v.String() == "1"
	}
	return false
}
