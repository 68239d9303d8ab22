package etsy

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// The structs here are Etsy's answers, reduced to the fields we use; what they lack reads as zero. A buyer's name, address
// and e-mail, which receipts carry, are not among them. Field names come from Etsy's OpenAPI 3.0.2 file.

// page is a stretch of a list.
type page[T any] struct {
	Count   int `json:"count"` // items of the whole list
	Results []T `json:"results"`
}

type listing struct {
	ID        int64      `json:"listing_id"`
	State     string     `json:"state"`
	Title     string     `json:"title"`
	Kind      string     `json:"listing_type"`
	Quantity  int64      `json:"quantity"`
	SKUs      []string   `json:"skus"`
	Updated   int64      `json:"updated_timestamp"`
	Modified  int64      `json:"last_modified_timestamp"`
	Inventory *inventory `json:"inventory"`
}

// The states of a listing.
const (
	stateActive   = "active"
	stateInactive = "inactive"
	stateSoldOut  = "sold_out"
	stateDraft    = "draft"
	stateExpired  = "expired"
)

// inventory is what a listing sells. One that was never edited with Etsy's inventory tools has no products (etsy.md, 3.1).
type inventory struct {
	Products    []product `json:"products"`
	PriceOn     []int64   `json:"price_on_property"`
	QuantityOn  []int64   `json:"quantity_on_property"`
	SKUOn       []int64   `json:"sku_on_property"`
	ReadinessOn []int64   `json:"readiness_state_on_property"`
	Listing     *listing  `json:"listing"`
}

// product is one variant. Its id is not read: it changes with every write (etsy.md, 3.2).
type product struct {
	SKU        string     `json:"sku"`
	Deleted    bool       `json:"is_deleted"`
	Offerings  []offering `json:"offerings"`
	Properties []property `json:"property_values"`
}

type offering struct {
	Quantity  int64  `json:"quantity"`
	Enabled   bool   `json:"is_enabled"`
	Deleted   bool   `json:"is_deleted"`
	Price     money  `json:"price"`
	Readiness *int64 `json:"readiness_state_id"`
}

type property struct {
	ID       int64    `json:"property_id"`
	Name     string   `json:"property_name"`
	Scale    *int64   `json:"scale_id"`
	ValueIDs []int64  `json:"value_ids"`
	Values   []string `json:"values"`
}

// money is an amount as Etsy answers it: amount / divisor.
type money struct {
	Amount  int64 `json:"amount"`
	Divisor int64 `json:"divisor"`
}

// decimal writes the amount as the decimal number that an inventory is written with. It never goes through a float, so a
// price is neither rounded nor lost. It fails when the divisor is no power of ten.
func (m money) decimal() (json.Number, bool) {
	digits := 0
	for d := m.Divisor; d > 1; d /= 10 {
		if d%10 != 0 {
			return "", false
		}
		digits++
	}
	if m.Divisor < 1 || m.Amount < 0 {
		return "", false
	}
	text := strconv.FormatInt(m.Amount, 10)
	if digits == 0 {
		return json.Number(text), true
	}
	if missing := digits + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	return json.Number(text[:len(text)-digits] + "." + text[len(text)-digits:]), true
}

// receipt is an order.
type receipt struct {
	ID           int64         `json:"receipt_id"`
	Status       string        `json:"status"`
	Shipped      bool          `json:"is_shipped"`
	Created      int64         `json:"created_timestamp"`
	CreatedOld   int64         `json:"create_timestamp"`
	Updated      int64         `json:"updated_timestamp"`
	UpdatedOld   int64         `json:"update_timestamp"`
	Transactions []transaction `json:"transactions"`
}

func (r receipt) created() time.Time { return stamp(cmp.Or(r.Created, r.CreatedOld)) }
func (r receipt) updated() time.Time {
	return stamp(cmp.Or(r.Updated, r.UpdatedOld, r.Created, r.CreatedOld))
}

// transaction is a line of an order.
type transaction struct {
	ID         int64      `json:"transaction_id"`
	Title      string     `json:"title"`
	Quantity   int64      `json:"quantity"`
	Digital    bool       `json:"is_digital"`
	Shipped    int64      `json:"shipped_timestamp"`
	Listing    int64      `json:"listing_id"`
	SKU        string     `json:"sku"`
	Properties []property `json:"product_data"`
	Variations []struct {
		Property int64  `json:"property_id"`
		Value    int64  `json:"value_id"` // 0 for a personalisation, which makes no variant
		Text     string `json:"formatted_value"`
	} `json:"variations"`
}

func (l listing) id() int64 { return l.ID }
func (r receipt) id() int64 { return r.ID }

func (l listing) updated() time.Time { return stamp(max(l.Updated, l.Modified)) }

// stamp is a time in whole seconds, as Etsy writes all of them; 0 is none.
func stamp(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// problem is a refusal; the token endpoint adds a description.
type problem struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// The structs below are what is written. Every field of the schema that a listing has is copied back: what is left out of
// an inventory is deleted by Etsy (etsy.md, 3.2).

type newInventory struct {
	Products    []newProduct `json:"products"`
	PriceOn     []int64      `json:"price_on_property"`
	QuantityOn  []int64      `json:"quantity_on_property"`
	SKUOn       []int64      `json:"sku_on_property"`
	ReadinessOn []int64      `json:"readiness_state_on_property"`
}

type newProduct struct {
	SKU        string        `json:"sku"`
	Properties []newProperty `json:"property_values"`
	Offerings  []newOffering `json:"offerings"`
}

type newProperty struct {
	ID       int64    `json:"property_id"`
	Name     string   `json:"property_name"`
	Scale    *int64   `json:"scale_id"`
	ValueIDs []int64  `json:"value_ids"`
	Values   []string `json:"values"`
}

type newOffering struct {
	Price     json.Number `json:"price"`
	Quantity  int64       `json:"quantity"`
	Enabled   bool        `json:"is_enabled"`
	Readiness *int64      `json:"readiness_state_id"`
}
