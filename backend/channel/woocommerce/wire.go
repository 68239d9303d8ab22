package woocommerce

import (
	"encoding/json"
	"html"
	"math"
	"strconv"
	"strings"
	"time"
)

// The structs here are WooCommerce's answers, reduced to the fields we ask for. Their types take in what real shops were
// seen to send in one field (woocommerce-observed.md, "Types that bite a strict decoder"): one odd value of a plugin
// must not make a page of a hundred unreadable. No buyer's name, address or e-mail is among them.

// product is a product, or a variation on the routes of variations.
type product struct {
	ID         int64     `json:"id"`
	Parent     int64     `json:"parent_id"`
	Name       text      `json:"name"`
	SKU        text      `json:"sku"`
	Type       text      `json:"type"`
	Status     text      `json:"status"`
	Managed    managed   `json:"manage_stock"`
	Quantity   number    `json:"stock_quantity"`
	Modified   stamp     `json:"date_modified_gmt"`
	Barcode    text      `json:"global_unique_id"`
	Variations ids       `json:"variations"`
	Attributes attribute `json:"attributes"`
}

const (
	productFields   = "id,parent_id,name,sku,type,status,manage_stock,stock_quantity,date_modified_gmt,global_unique_id,variations"
	variationFields = "id,parent_id,name,sku,status,manage_stock,stock_quantity,date_modified_gmt,global_unique_id,attributes"
	stockFields     = "id,manage_stock,stock_quantity"
)

// order is an order without everything that says who bought.
type order struct {
	ID        int64    `json:"id"`
	Number    text     `json:"number"`
	Status    text     `json:"status"`
	Created   stamp    `json:"date_created_gmt"`
	Modified  stamp    `json:"date_modified_gmt"`
	Completed stamp    `json:"date_completed_gmt"`
	Lines     []line   `json:"line_items"`
	Refunds   []object `json:"refunds"`
}

const orderFields = "id,number,status,date_created_gmt,date_modified_gmt,date_completed_gmt,line_items,refunds"

// line is a line of an order or, with a negative quantity, of a refund.
type line struct {
	ID        int64  `json:"id"`
	Product   number `json:"product_id"`
	Variation number `json:"variation_id"`
	Quantity  number `json:"quantity"`
	Name      text   `json:"name"`
	SKU       text   `json:"sku"`
	Meta      []meta `json:"meta_data"`
}

// refund is a refund of an order.
type refund struct {
	ID      int64  `json:"id"`
	Created stamp  `json:"date_created_gmt"`
	Lines   []line `json:"line_items"`
}

const refundFields = "id,date_created_gmt,line_items"

// fulfillment is a shipment of the optional feature Order Fulfillments.
type fulfillment struct {
	Fulfilled bool   `json:"is_fulfilled"`
	Deleted   stamp  `json:"date_deleted"`
	Meta      []meta `json:"meta_data"`
}

// items are the units in a shipment. They stand in its metadata.
func (f fulfillment) items() []shippedItem {
	for _, m := range f.Meta {
		var items []shippedItem
		if m.Key == "_items" && json.Unmarshal(m.Value, &items) == nil {
			return items
		}
	}
	return nil
}

type shippedItem struct {
	Line     number `json:"item_id"`
	Quantity number `json:"qty"`
}

type meta struct {
	Key   text            `json:"key"`
	Value json.RawMessage `json:"value"`
}

// object is something of which only the presence counts.
type object struct{}

func (*object) UnmarshalJSON([]byte) error { return nil }

// problem is a refusal. Its data is an object, a bare number or null, so only what we need of it is read.
type problem struct {
	Code    text `json:"code"`
	Message text `json:"message"`
}

func (p product) id() int64 { return p.ID }
func (o order) id() int64   { return o.ID }
func (r refund) id() int64  { return r.ID }

// number is a whole number that may be missing. It comes as a number, with a fraction where a plugin allows one, as a
// string, or null.
type number struct {
	n   int64
	set bool
}

// largest bounds what is believed: beyond it a float has no exact whole numbers.
const largest = 1 << 53

func (n *number) UnmarshalJSON(b []byte) error {
	*n = number{}
	s := strings.TrimSpace(strings.Trim(string(b), `"`))
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		*n = number{min(max(i, -largest), largest), true}
		return nil
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && f == f {
		*n = number{int64(math.Trunc(min(max(f, -largest), largest))), true}
	}
	return nil
}

// text is a string where null and numbers occur.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) != nil {
		var n json.Number
		if json.Unmarshal(b, &n) == nil {
			s = n.String()
		}
	}
	*t = text(strings.TrimSpace(s))
	return nil
}

// title is a text as people read it: names come as HTML.
func (t text) title() string { return html.UnescapeString(string(t)) }

// stamp is a time in UTC without zone and in whole seconds, "2006-01-02T15:04:05", or null.
type stamp struct{ time.Time }

const stampLayout = "2006-01-02T15:04:05"

func (s *stamp) UnmarshalJSON(b []byte) error {
	s.Time = time.Time{}
	var v string
	if json.Unmarshal(b, &v) != nil {
		return nil
	}
	for _, layout := range []string{stampLayout, time.RFC3339, "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, v); err == nil {
			s.Time = t.UTC()
			return nil
		}
	}
	return nil
}

func (s stamp) MarshalJSON() ([]byte, error) {
	if s.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(s.String())
}

func (s stamp) String() string { return s.UTC().Format(stampLayout) }

// managed says whose number a listing's stock is.
type managed uint8

const (
	unmanaged managed = iota // nobody counts
	own
	parents // a variation that shares its parent's number
)

func (m *managed) UnmarshalJSON(b []byte) error {
	switch strings.ToLower(strings.Trim(string(b), `"`)) {
	case "true", "yes", "1":
		*m = own
	case "parent":
		*m = parents
	default:
		*m = unmanaged
	}
	return nil
}

// ids is a list of ids; anything else reads as empty.
type ids []int64

func (l *ids) UnmarshalJSON(b []byte) error {
	*l = nil
	var numbers []number
	if json.Unmarshal(b, &numbers) != nil {
		return nil
	}
	for _, n := range numbers {
		if n.set {
			*l = append(*l, n.n)
		}
	}
	return nil
}

// attribute is what a variation differs in, such as "M, Red". On a product the same field lists choices, which are not
// asked for.
type attribute string

func (a *attribute) UnmarshalJSON(b []byte) error {
	*a = ""
	var list []struct {
		Option text `json:"option"`
	}
	if json.Unmarshal(b, &list) != nil {
		return nil
	}
	var options []string
	for _, x := range list {
		if x.Option != "" {
			options = append(options, string(x.Option))
		}
	}
	*a = attribute(strings.Join(options, ", "))
	return nil
}

// metaNumber returns the number under key, and whether there is one.
func metaNumber(list []meta, key string) (int64, bool) {
	for _, m := range list {
		if string(m.Key) == key {
			var n number
			_ = n.UnmarshalJSON(m.Value) // never fails
			return n.n, n.set
		}
	}
	return 0, false
}
