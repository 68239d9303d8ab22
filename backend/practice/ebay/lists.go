package ebay

import (
	"encoding/xml"
	"slices"
	"time"

	"evenstock/backend/practice"
)

// onSale says whether a product is an active listing, of either world: lists show both.
func (c *call) onSale(top *practice.Item) bool {
	if top.Kind != practice.Parent {
		return c.listed(top)
	}
	return slices.ContainsFunc(top.Variants, func(id int64) bool { return c.listed(c.s.Item(id)) })
}

// active are the products that are active listings and that match.
func (c *call) active(match func(*practice.Item) bool) (all []*practice.Item) {
	for _, top := range c.s.Products() {
		if c.onSale(top) && match(top) {
			all = append(all, top)
		}
	}
	return all
}

// xmlPage asks for a page; pages are counted from 1.
type xmlPage struct {
	Size   int `xml:"EntriesPerPage"`
	Number int `xml:"PageNumber"`
}

func (p xmlPage) valid() bool { return p.Size >= 1 && p.Size <= 200 && p.Number >= 1 }

// xmlPages is how long a list is.
type xmlPages struct {
	Pages int `xml:"TotalNumberOfPages"`
	Items int `xml:"TotalNumberOfEntries"`
}

// of returns the part of a list that a page has, and how long the list is.
func (p xmlPage) of(all []*practice.Item) ([]*practice.Item, xmlPages) {
	from := min(p.Size*(p.Number-1), len(all))
	return all[from:min(from+p.Size, len(all))], xmlPages{(len(all) + p.Size - 1) / p.Size, len(all)}
}

func getSelling(c *call) practice.Response {
	var in struct {
		Page xmlPage `xml:"ActiveList>Pagination"`
	}
	if xml.Unmarshal(c.body, &in) != nil || !in.Page.valid() {
		return c.failure("37", "Input data is invalid.", "RequestError")
	}
	part, long := in.Page.of(c.active(func(*practice.Item) bool { return true }))
	var list []xmlItem
	for _, top := range part {
		list = append(list, c.listing(top, true))
	}
	return c.xml(struct {
		answerHead
		Items []xmlItem `xml:"ActiveList>ItemArray>Item"`
		Pages xmlPages  `xml:"ActiveList>PaginationResult"`
	}{c.head("Success"), list, long})
}

// rangeMost is how far apart the two times may be that a list is asked for by (ebay.md, 4.2).
const rangeMost = 120 * 24 * time.Hour

// getSellerList shows active listings by when they end, all of them or those with a SKU. Here every listing ends within a month,
// as those do that go on until they are cancelled. That it is asked by the SKUs of listings and not of variants is unverified.
func getSellerList(c *call) practice.Response {
	var in struct {
		From     time.Time `xml:"EndTimeFrom"`
		To       time.Time `xml:"EndTimeTo"`
		Variants bool      `xml:"IncludeVariations"`
		Page     xmlPage   `xml:"Pagination"`
		SKUs     []string  `xml:"SKUArray>SKU"`
	}
	if xml.Unmarshal(c.body, &in) != nil || !in.Page.valid() || !in.To.After(in.From) || in.To.Sub(in.From) > rangeMost ||
		c.face.options.NoSKUArray && len(in.SKUs) > 0 {
		return c.failure("37", "Input data is invalid.", "RequestError")
	}
	part, long := in.Page.of(c.active(func(top *practice.Item) bool {
		return len(in.SKUs) == 0 || top.Kind != practice.Parent && slices.Contains(in.SKUs, top.SKU)
	}))
	var list []xmlItem
	for _, top := range part {
		l := c.listing(top, false)
		if !in.Variants {
			l.Variants = nil
		}
		list = append(list, l)
	}
	return c.xml(struct {
		answerHead
		Items []xmlItem `xml:"ItemArray>Item"`
		Pages xmlPages  `xml:"PaginationResult"`
	}{c.head("Success"), list, long})
}
