package bigcommerce

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The structs here are BigCommerce's answers, reduced to the fields we use; what they lack reads as zero. A buyer's name,
// address and e-mail, which orders carry, are not among them. Field names come from BigCommerce's OpenAPI files.

// whole is a number that V2 may write as a string (bigcommerce.md, 3.3).
type whole int64

// UnmarshalJSON implements json.Unmarshaler.
func (n *whole) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if text == "" || text == "null" {
		*n = 0
		return nil
	}
	text, rest, _ := strings.Cut(text, ".")
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strings.Trim(rest, "0") != "" {
		return fmt.Errorf("%s is no whole number", b)
	}
	*n = whole(v)
	return nil
}

// stamp is a time as V2 (RFC 2822) or V3 (ISO 8601) writes it.
type stamp struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (t *stamp) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if text == "" || text == "null" {
		t.Time = time.Time{}
		return nil
	}
	for _, layout := range []string{"Mon, _2 Jan 2006 15:04:05 -0700", "Mon, _2 Jan 2006 15:04:05 GMT", time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			t.Time = at.UTC()
			return nil
		}
	}
	return fmt.Errorf("%s is no time", b)
}

// list is a page of V3.
type list[T any] struct {
	Data []T `json:"data"`
	Meta struct {
		Pagination struct {
			Total whole `json:"total"`
		} `json:"pagination"`
	} `json:"meta"`
}

// full says whether items follow on a page that begins after so many and was asked for with so many rows. A store may put fewer
// on a page than it is asked for, so its own count decides where there is one.
func (l list[T]) full(before, rows int) bool {
	if total := int(l.Meta.Pagination.Total); total > 0 {
		return len(l.Data) > 0 && before+len(l.Data) < total
	}
	return len(l.Data) >= rows
}

type product struct {
	ID           int64     `json:"id"`
	Name         string    `json:"name"`
	SKU          string    `json:"sku"`
	Visible      bool      `json:"is_visible"`
	Availability string    `json:"availability"`
	Tracking     string    `json:"inventory_tracking"`
	Level        whole     `json:"inventory_level"`
	Modified     stamp     `json:"date_modified"`
	Variants     []variant `json:"variants"`
}

// Who keeps the number of a product.
const (
	trackNone    = "none"
	trackProduct = "product"
	trackVariant = "variant"
)

type variant struct {
	ID     int64  `json:"id"`
	SKU    string `json:"sku"`
	UPC    string `json:"upc"`
	Level  whole  `json:"inventory_level"`
	Image  string `json:"image_url"`
	Values []struct {
		Label string `json:"label"`
	} `json:"option_values"`
}

// stocked is an item of the inventory.
type stocked struct {
	Identity struct {
		Variant int64 `json:"variant_id"`
		Product int64 `json:"product_id"`
	} `json:"identity"`
	Locations []struct {
		ID     int64 `json:"location_id"`
		OnHand whole `json:"total_inventory_onhand"`
	} `json:"locations"`
}

// adjustment is what is written.
type adjustment struct {
	Reason string `json:"reason"`
	Items  []row  `json:"items"`
}

// row names an item by its variant or its product, never both.
type row struct {
	Location int64 `json:"location_id"`
	Variant  int64 `json:"variant_id,omitempty"`
	Product  int64 `json:"product_id,omitempty"`
	Quantity int64 `json:"quantity"`
}

type location struct {
	ID      int64  `json:"id"`
	Label   string `json:"label"`
	Enabled bool   `json:"enabled"`
}

// settings say what the store itself does to its numbers.
type settings struct {
	Update  string `json:"update_stock_behavior"`
	Edits   bool   `json:"edit_order_stock_adjustment"`
	Refunds bool   `json:"refund_order_stock_adjustment"`
}

// updateLate is the choice to lower numbers only when an order is shipped.
const updateLate = "order_completed_or_shipped"

type order struct {
	ID       whole           `json:"id"`
	StatusID whole           `json:"status_id"`
	Status   string          `json:"status"`
	Custom   string          `json:"custom_status"`
	Created  stamp           `json:"date_created"`
	Modified stamp           `json:"date_modified"`
	Shipped  stamp           `json:"date_shipped"`
	Total    whole           `json:"items_total"`
	Gone     bool            `json:"is_deleted"`
	Parts    json.RawMessage `json:"consignments"`
}

func (o order) id() int64 { return int64(o.ID) }

// line is a product of an order.
type line struct {
	ID       whole  `json:"id"`
	Product  whole  `json:"product_id"`
	Variant  whole  `json:"variant_id"`
	Name     string `json:"name"`
	SKU      string `json:"sku"`
	Kind     string `json:"type"`
	Quantity whole  `json:"quantity"`
	Shipped  whole  `json:"quantity_shipped"`
	Refunded whole  `json:"quantity_refunded"`
	at       int64  // the location where it is picked up, 0 for goods that are sent
}

// consignment is a way a part of an order is delivered.
type consignment struct {
	Lines []line `json:"line_items"`
	At    struct {
		ID int64 `json:"id"`
	} `json:"location"` // of a pickup
}

// told says whether the lines came with the order.
func (o order) told() bool {
	raw := bytes.TrimSpace(o.Parts)
	return len(raw) > 0 && raw[0] == '{'
}

// lines are what was ordered, over all the ways it is delivered. Gift certificates have no stock.
func (o order) lines() ([]line, error) {
	var parts struct{ Shipping, Pickups, Downloads []consignment }
	if !o.told() {
		return nil, nil
	}
	if err := json.Unmarshal(o.Parts, &parts); err != nil {
		return nil, fmt.Errorf("consignments of order %d: %w", o.ID, err)
	}
	var out []line
	for _, part := range slices.Concat(parts.Shipping, parts.Pickups, parts.Downloads) {
		for _, l := range part.Lines {
			if l.ID == 0 {
				return nil, fmt.Errorf("order %d has a line without a number", o.ID)
			}
			l.at = part.At.ID
			out = append(out, l)
		}
	}
	return out, nil
}
