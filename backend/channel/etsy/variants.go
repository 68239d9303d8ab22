package etsy

import (
	"cmp"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// variant is what a listing sells under one number: a ref of ours and the products of Etsy's that have it.
type variant struct {
	ref, parent string
	sku, text   string
	products    []int  // places in inventory.Products
	pool        string // names the number where products with other SKUs have it too
	quantity    int64
}

// variantsOf sorts the products of a listing by what names them for good. Product ids change with every write, so a
// variant is named by the listing and its SKU, and by its property values where it has no SKU or one that stands for
// several numbers (etsy.md, 3.1 and 3.2). A listing without variations is named by its id alone.
func variantsOf(id int64, inv *inventory) []variant {
	parent := formatID(id)
	var out []variant
	for i, p := range inv.Products {
		if p.Deleted {
			continue
		}
		v := variant{ref: parent, sku: strings.TrimSpace(p.SKU), text: p.text(), products: []int{i}, quantity: p.quantity()}
		if len(p.Properties) == 0 {
			return []variant{v}
		}
		v.parent, v.ref = parent, byValues(id, p.Properties)
		if v.sku != "" && inv.oneNumber(v.sku) {
			v.ref = bySKU(id, v.sku)
		}
		if inv.sharesNumber(i) {
			v.pool = parent + "?" + inv.group(i)
		}
		if at := slices.IndexFunc(out, func(o variant) bool { return o.ref == v.ref }); at >= 0 {
			out[at].products = append(out[at].products, i)
			continue
		}
		out = append(out, v)
	}
	return out
}

// bySKU and byValues name a variant. What follows the listing's id is escaped, so that neither looks like the other.
func bySKU(id int64, sku string) string { return formatID(id) + "/" + url.QueryEscape(sku) }

func byValues(id int64, properties []property) string {
	pairs := make([]string, len(properties))
	for i, p := range properties {
		pairs[i] = formatID(p.ID) + "=" + url.QueryEscape(strings.Join(p.Values, ", "))
	}
	slices.Sort(pairs)
	return formatID(id) + "/?" + strings.Join(pairs, "&")
}

// listingOf is the listing a ref belongs to.
func listingOf(ref string) (int64, bool) {
	number, _, _ := strings.Cut(ref, "/")
	id, err := strconv.ParseInt(number, 10, 64)
	return id, err == nil && id > 0
}

func (p product) text() string {
	values := make([]string, len(p.Properties))
	for i, v := range p.Properties {
		values[i] = html.UnescapeString(strings.Join(v.Values, ", "))
	}
	return strings.Join(values, ", ")
}

// live is the place of the offering that is for sale; a product has one in practice (etsy.md, 3.1), -1 if it has not
// exactly one.
func (p product) live() int {
	found := -1
	for i, o := range p.Offerings {
		if o.Deleted {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

func (p product) quantity() int64 {
	var sum int64
	for _, o := range p.Offerings {
		if !o.Deleted {
			sum += o.Quantity
		}
	}
	return sum
}

// group names the products that share one number: those with the same values of the properties that quantities depend
// on. Without such properties all products of a listing share one (etsy.md, 3.1).
func (inv *inventory) group(i int) string {
	var pairs []string
	for _, v := range inv.Products[i].Properties {
		if slices.Contains(inv.QuantityOn, v.ID) {
			pairs = append(pairs, formatID(v.ID)+"="+strings.Join(v.Values, ","))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// oneNumber says whether all products with a SKU share one number.
func (inv *inventory) oneNumber(sku string) bool {
	first := -1
	for i, p := range inv.Products {
		if p.Deleted || strings.TrimSpace(p.SKU) != sku {
			continue
		}
		if first < 0 {
			first = i
		} else if inv.group(i) != inv.group(first) {
			return false
		}
	}
	return true
}

// sharesNumber says whether a product shares its number with one that has another SKU.
func (inv *inventory) sharesNumber(i int) bool {
	for j, p := range inv.Products {
		if j != i && !p.Deleted && inv.group(j) == inv.group(i) &&
			cmp.Compare(strings.TrimSpace(p.SKU), strings.TrimSpace(inv.Products[i].SKU)) != 0 {
			return true
		}
	}
	return false
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }

func joinIDs(ids []int64) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = formatID(id)
	}
	return strings.Join(out, ",")
}
