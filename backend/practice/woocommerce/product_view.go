package woocommerce

import (
	"fmt"
	"strings"

	"evenstock/backend/practice"
)

// field is one member of an answer and the version it came with.
type field[T any] struct {
	name  string
	since version
	value func(c *call, v T) any
}

// render makes an object of the fields that are wanted and that this version has.
func render[T any](c *call, fields []field[T], v T) object {
	o := make(object, 0, len(fields))
	for _, f := range fields {
		if c.pick.has(f.name) && c.face.version.since(f.since) {
			o = append(o, member{f.name, f.value(c, v)})
		}
	}
	return o
}

type item = *practice.Item

// constant is a field whose value no part of the practice shop changes.
func constant[T any](name string, value any) field[T] {
	return field[T]{name: name, value: func(*call, T) any { return value }}
}

var noDimensions = object{{"length", ""}, {"width", ""}, {"height", ""}}

// datesOfItem are the four dates of products and variations.
var datesOfItem = []field[item]{
	{name: "date_created", value: func(c *call, it item) any { return c.localDate(it.Created) }},
	{name: "date_created_gmt", value: func(c *call, it item) any { return c.utcDate(it.Created) }},
	{name: "date_modified", value: func(c *call, it item) any { return c.localDate(it.Modified) }},
	{name: "date_modified_gmt", value: func(c *call, it item) any { return c.utcDate(it.Modified) }},
}

var pricesOfItem = []field[item]{
	{name: "price", value: func(c *call, it item) any { return c.price(it) }},
	{name: "regular_price", value: func(_ *call, it item) any { return regularPrice(it) }},
	constant[item]("sale_price", ""),
	constant[item]("date_on_sale_from", nil), constant[item]("date_on_sale_from_gmt", nil),
	constant[item]("date_on_sale_to", nil), constant[item]("date_on_sale_to_gmt", nil),
	constant[item]("on_sale", false),
}

var stockOfItem = []field[item]{
	{name: "backorders", value: func(_ *call, it item) any { return it.Backorders }},
	{name: "backorders_allowed", value: func(_ *call, it item) any { return it.Backorders != "no" }},
	{name: "backordered", value: func(c *call, it item) any { return c.backordered(it) }},
	{name: "low_stock_amount", value: func(_ *call, it item) any { return it.LowAt }},
}

var downloadsOfItem = []field[item]{
	{name: "virtual", value: func(_ *call, it item) any { return it.Virtual }},
	{name: "downloadable", value: func(_ *call, it item) any { return it.Downloadable }},
	constant[item]("downloads", []any{}), constant[item]("download_limit", -1), constant[item]("download_expiry", -1),
}

// productView is a product, or a variation as the products route shows it.
var productView = concat(
	[]field[item]{
		{name: "id", value: func(_ *call, it item) any { return it.ID }},
		{name: "name", value: func(_ *call, it item) any { return it.FullName() }},
		{name: "slug", value: func(_ *call, it item) any { return itemSlug(it) }},
		{name: "permalink", value: func(c *call, it item) any { return c.permalink(it) }},
	},
	datesOfItem,
	[]field[item]{
		{name: "type", value: func(_ *call, it item) any { return string(it.Kind) }},
		{name: "status", value: func(_ *call, it item) any { return string(it.Status) }},
		constant[item]("featured", false), constant[item]("catalog_visibility", "visible"),
		constant[item]("description", ""), constant[item]("short_description", ""),
		{name: "sku", value: func(c *call, it item) any { return c.sku(it) }},
	},
	pricesOfItem,
	[]field[item]{
		{name: "purchasable", value: func(c *call, it item) any { return c.purchasable(it) }},
		{name: "total_sales", value: func(_ *call, it item) any { return totalSales(it) }},
	},
	downloadsOfItem,
	[]field[item]{
		constant[item]("external_url", ""), constant[item]("button_text", ""),
		constant[item]("tax_status", "taxable"), constant[item]("tax_class", ""),
		{name: "manage_stock", value: func(c *call, it item) any { return c.managed(it) }},
		{name: "stock_quantity", value: func(c *call, it item) any { return c.quantity(it) }},
	},
	stockOfItem,
	[]field[item]{
		constant[item]("sold_individually", false), constant[item]("weight", ""), constant[item]("dimensions", noDimensions),
		{name: "shipping_required", value: func(_ *call, it item) any { return !it.Virtual }},
		{name: "shipping_taxable", value: func(_ *call, it item) any { return !it.Virtual }},
		constant[item]("shipping_class", ""), constant[item]("shipping_class_id", 0),
		{name: "reviews_allowed", value: func(_ *call, it item) any { return it.Kind != practice.Variant }},
		{name: "average_rating", value: func(c *call, _ item) any { return c.rating() }},
		constant[item]("rating_count", 0), constant[item]("upsell_ids", []any{}), constant[item]("cross_sell_ids", []any{}),
		{name: "parent_id", value: func(_ *call, it item) any { return it.Parent }},
		constant[item]("purchase_note", ""),
		{name: "categories", value: func(_ *call, it item) any { return categories(it) }},
		{name: "brands", value: func(*call, item) any { return []any{} }}, // unverified before 11.0.1
		constant[item]("tags", []any{}), constant[item]("images", []any{}),
		{name: "attributes", value: func(_ *call, it item) any { return attributes(it) }},
		constant[item]("default_attributes", []any{}),
		{name: "variations", value: func(_ *call, it item) any { return append([]int64{}, it.Variants...) }},
		constant[item]("grouped_products", []any{}), constant[item]("menu_order", 0),
		{name: "price_html", value: func(c *call, it item) any { return c.priceHTML(it) }},
		constant[item]("related_ids", []any{}),
		{name: "meta_data", value: func(c *call, it item) any {
			return trashMeta(string(it.WasStatus), it.TrashedAt.Unix(), it.Status == practice.Trashed)
		}},
		{name: "stock_status", value: func(c *call, it item) any { return string(c.s.Available(it)) }},
		{name: "has_options", value: func(_ *call, it item) any { return it.Kind == practice.Parent }},
		constant[item]("post_password", ""),
		{name: "global_unique_id", since: productBarcode, value: func(_ *call, it item) any { return it.Barcode }},
	},
)

// productEnd are the members that only the answer to a write has.
var productEnd = []field[item]{
	{name: "permalink_template", value: func(c *call, _ item) any { return c.home + "/product/%pagename%/" }},
	{name: "generated_slug", value: func(_ *call, it item) any { return slug(it.Name) }},
}

// variationView is a variation on its own routes.
var variationView = concat(
	[]field[item]{
		{name: "id", value: func(_ *call, it item) any { return it.ID }},
		constant[item]("type", "variation"),
	},
	datesOfItem,
	[]field[item]{
		constant[item]("description", ""),
		{name: "permalink", value: func(c *call, it item) any { return c.permalink(it) }},
		{name: "sku", value: func(c *call, it item) any { return c.sku(it) }},
		{name: "global_unique_id", since: productBarcode, value: func(_ *call, it item) any { return it.Barcode }},
	},
	pricesOfItem,
	[]field[item]{
		{name: "status", value: func(_ *call, it item) any { return string(it.Status) }},
		{name: "purchasable", value: func(c *call, it item) any { return c.purchasable(it) }},
	},
	downloadsOfItem,
	[]field[item]{
		constant[item]("tax_status", "taxable"),
		{name: "tax_class", value: func(c *call, _ item) any { return c.taxClass() }},
		{name: "manage_stock", value: func(c *call, it item) any { return c.managed(it) }},
		{name: "stock_quantity", value: func(c *call, it item) any { return c.quantity(it) }},
		{name: "stock_status", value: func(c *call, it item) any { return string(c.s.Available(it)) }},
	},
	stockOfItem,
	[]field[item]{
		constant[item]("weight", ""), constant[item]("dimensions", noDimensions),
		constant[item]("shipping_class", ""), constant[item]("shipping_class_id", 0),
		constant[item]("image", nil),
		{name: "gallery_image_ids", value: func(*call, item) any { return []any{} }}, // unverified before 11.0.1
		{name: "attributes", value: func(_ *call, it item) any { return attributes(it) }},
		constant[item]("menu_order", 0), constant[item]("meta_data", []any{}),
		{name: "name", value: func(_ *call, it item) any { return it.OptionText() }},
		{name: "parent_id", value: func(_ *call, it item) any { return it.Parent }},
	},
)

func concat[T any](parts ...[]T) []T {
	var all []T
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// product renders an item as the products route shows it.
func (c *call) product(it *practice.Item) object {
	o := render(c, productView, it)
	if it.Kind != practice.Variant && c.edit {
		o = append(o, render(c, productEnd, it)...)
	}
	up := ""
	if it.Parent != 0 {
		up = fmt.Sprintf("/products/%d", it.Parent)
	}
	return c.linked(o, fmt.Sprintf("/products/%d", it.ID), "/products", up)
}

// variation renders a variation as its own routes show it.
func (c *call) variation(it *practice.Item) object {
	all := fmt.Sprintf("/products/%d/variations", it.Parent)
	return c.linked(render(c, variationView, it), fmt.Sprintf("%s/%d", all, it.ID), all, fmt.Sprintf("/products/%d", it.Parent))
}

// anyVariation renders a variation as the list over all products shows it, with links that lead nowhere
// (d17-all-variations).
func (c *call) anyVariation(it *practice.Item) object {
	o := render(c, variationView, it)
	if !c.pick.has("_links") {
		return o
	}
	return append(o, member{"_links", c.linksOf(nil, fmt.Sprintf("/variations/%d", it.ID), "/variations", "/products/0")})
}

var everyMethod = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}

// linked adds the links of a thing; up is empty when nothing is above it.
func (c *call) linked(o object, self, collection, up string, more ...member) object {
	if !c.pick.has("_links") {
		return o
	}
	return append(o, member{"_links", c.linksOf(everyMethod, self, collection, up, more...)})
}

func (c *call) linksOf(allow []string, self, collection, up string, more ...member) object {
	href := func(path string) object { return object{{"href", c.home + apiRoot + "/wc/v3" + path}} }
	this := href(self)
	if allow != nil {
		this = append(this, member{"targetHints", object{{"allow", allow}}})
	}
	links := object{
		{"self", []object{this}},
		{"collection", []object{href(collection)}},
	}
	if up != "" {
		links = append(links, member{"up", []object{href(up)}})
	}
	return append(links, more...)
}

func (c *call) price(it *practice.Item) string {
	if it.Kind != practice.Parent {
		return it.Price
	}
	lowest, price := int64(0), it.Price
	for _, id := range it.Variants {
		v := c.s.Item(id)
		if cents := practice.Cents(v.Price); v.Price != "" && (lowest == 0 || cents < lowest) {
			lowest, price = cents, v.Price
		}
	}
	return price
}

// regularPrice is empty for a parent, whose variants have prices.
func regularPrice(it *practice.Item) string {
	if it.Kind == practice.Parent {
		return ""
	}
	return it.Price
}

func (c *call) purchasable(it *practice.Item) bool {
	return it.Status == practice.Published && c.price(it) != ""
}

func (c *call) priceHTML(it *practice.Item) string {
	price := c.price(it)
	if price == "" {
		return ""
	}
	return fmt.Sprintf(`<span class="woocommerce-Price-amount amount"><bdi><span class="woocommerce-Price-currencySymbol" translate="no">%s</span>%s</bdi></span>`,
		htmlEscape(c.currencySymbol()), practice.Decimal(practice.Cents(price)))
}

// sku is an item's SKU; a variation without one reads as its parent's, but not in the answer to a write (unverified).
func (c *call) sku(it *practice.Item) string {
	if parent := c.s.Item(it.Parent); it.SKU == "" && parent != nil && !c.edit {
		return parent.SKU
	}
	return it.SKU
}

// rating and taxClass differ between reading and the answer to a write (d02-variations-batch-create, d04-variations-list).
func (c *call) rating() string {
	if c.edit {
		return "0"
	}
	return "0.00"
}

func (c *call) taxClass() string {
	if c.edit {
		return "parent"
	}
	return ""
}

func (c *call) permalink(it *practice.Item) string {
	address := c.home + "/product/" + slug(it.Name) + "/"
	if it.Kind != practice.Variant {
		return address
	}
	var pairs []string
	for _, o := range it.Options {
		pairs = append(pairs, "attribute_"+slug(o.Name)+"="+escape(o.Value))
	}
	return address + "?" + strings.Join(pairs, "&")
}

func totalSales(it *practice.Item) any {
	if it.Kind == practice.Variant {
		return "0"
	}
	return it.Sold
}

func categories(it *practice.Item) any {
	if it.Kind == practice.Variant {
		return []any{}
	}
	return []object{{{"id", 15}, {"name", "Uncategorized"}, {"slug", "uncategorized"}}}
}

func attributes(it *practice.Item) []object {
	list := []object{}
	for _, o := range it.Options {
		list = append(list, object{{"id", 0}, {"name", o.Name}, {"slug", slug(o.Name)}, {"option", o.Value}})
	}
	for i, a := range it.Attributes {
		list = append(list, object{{"id", 0}, {"name", a.Name}, {"slug", a.Name}, {"position", i},
			{"visible", a.Visible}, {"variation", a.Varies}, {"options", a.Values}})
	}
	return list
}

// itemSlug is the last part of an item's address. A draft has none yet, and the trash adds to it (c27-trash).
func itemSlug(it *practice.Item) string {
	status, end := it.Status, ""
	if status == practice.Trashed {
		status, end = it.WasStatus, "__trashed"
	}
	if status == practice.Draft {
		return end
	}
	return slug(it.FullName()) + end
}

// slug is a name as WordPress puts it into addresses.
func slug(name string) string {
	return strings.Trim(strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	}), "-"), "-")
}

// trashMeta is what a trashed thing carries; its numbers are not those of the real shop.
func trashMeta(status string, at int64, trashed bool) []object {
	if !trashed {
		return []object{}
	}
	return []object{
		{{"id", 1}, {"key", "_wp_trash_meta_status"}, {"value", status}},
		{{"id", 2}, {"key", "_wp_trash_meta_time"}, {"value", fmt.Sprint(at)}},
	}
}
