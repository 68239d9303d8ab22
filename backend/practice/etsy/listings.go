package etsy

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"evenstock/backend/practice"
)

// What a practice item's status is on Etsy. Etsy has no trash.
const (
	inactive = practice.Draft
	draft    = practice.Pending
	expired  = practice.Private
)

// state is the state of a listing.
func (c *call) state(it *practice.Item) string {
	switch it.Status {
	case inactive:
		return "inactive"
	case draft:
		return "draft"
	case expired:
		return "expired"
	}
	if c.face.soldOut[it.ID] || c.total(it) == 0 {
		return "sold_out"
	}
	return "active"
}

// variants are the items that are sold under a listing.
func (c *call) variants(it *practice.Item) []*practice.Item {
	if it.Kind != practice.Parent {
		return []*practice.Item{it}
	}
	var out []*practice.Item
	for _, id := range it.Variants {
		out = append(out, c.s.Item(id))
	}
	return out
}

// shared says whether the choices of a listing share one number.
func shared(it *practice.Item) bool { return it.Kind == practice.Parent && it.Counted }

// digitalStock is what Etsy shows for a file, of which any number can be sold (unverified).
const digitalStock = 999

// quantity is the number of what a customer chooses.
func (c *call) quantity(it *practice.Item) int64 {
	holder := c.s.Holder(it)
	if holder == nil {
		return digitalStock
	}
	n := holder.Quantity
	if c.lie == practice.StaleRead && holder.Before() != nil {
		n = holder.Before()
	}
	if n == nil {
		return 0
	}
	return max(0, *n)
}

func (c *call) total(it *practice.Item) int64 {
	if shared(it) {
		return c.quantity(it)
	}
	var sum int64
	for _, v := range c.variants(it) {
		sum += c.quantity(v)
	}
	return sum
}

func (c *call) digital(it *practice.Item) bool {
	for _, v := range c.variants(it) {
		if c.s.Holder(v) != nil {
			return false
		}
	}
	return len(c.variants(it)) > 0
}

// listing is a ShopListing.
func (c *call) listing(it *practice.Item) map[string]any {
	skus := []string{}
	for _, v := range c.variants(it) {
		if v.SKU != "" && !slices.Contains(skus, v.SKU) {
			skus = append(skus, v.SKU)
		}
	}
	kind := "physical"
	if c.digital(it) {
		kind = "download"
	}
	return map[string]any{"listing_id": it.ID, "user_id": UserID, "shop_id": c.face.options.Shop, "title": it.Name, "state": c.state(it),
		"listing_type": kind, "quantity": c.total(it), "has_variations": it.Kind == practice.Parent, "skus": skus,
		"created_timestamp": it.Created.Unix(), "updated_timestamp": it.Modified.Unix(), "last_modified_timestamp": it.Modified.Unix()}
}

// offered are the listings of the shop, newest first.
func (c *call) offered() []*practice.Item {
	var out []*practice.Item
	for _, it := range slices.Backward(c.s.Products()) {
		if it.Status != practice.Trashed && (it.Kind == practice.Simple || it.Kind == practice.Parent && len(it.Variants) > 0) {
			out = append(out, it)
		}
	}
	return out
}

func (c *call) item(id int64) *practice.Item {
	it := c.s.Item(id)
	if it == nil || it.Kind == practice.Variant || it.Status == practice.Trashed || it.Kind == practice.Parent && len(it.Variants) == 0 {
		return nil
	}
	return it
}

func getListings(c *call) practice.Response {
	with := c.query.Get("includes") == "Inventory"
	if with && c.face.options.PlainLists {
		return c.fail(http.StatusBadRequest, "includes: Inventory is not supported")
	}
	state := c.query.Get("state")
	if state == "" {
		state = "active"
	}
	var all []*practice.Item
	for _, it := range c.offered() {
		if c.state(it) == state {
			all = append(all, it)
		}
	}
	part, ok := stretch(c, all)
	if !ok {
		return c.fail(http.StatusBadRequest, "Invalid limit or offset")
	}
	out := list{Count: len(all), Results: []any{}}
	for _, it := range part {
		l := c.listing(it)
		if with {
			l["inventory"] = c.inventory(it)
		}
		out.Results = append(out.Results, l)
	}
	return c.ok(out)
}

// getInventories answers for up to a hundred listings; one it does not know makes it refuse all (etsy.md, 3.1).
func getInventories(c *call) practice.Response {
	ids := strings.Split(c.query.Get("listing_ids"), ",")
	if len(ids) > 100 {
		return c.fail(http.StatusBadRequest, "listing_ids: at most 100")
	}
	out := list{Results: []any{}}
	for _, text := range ids {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return c.fail(http.StatusBadRequest, "listing_ids: not a number")
		}
		it := c.item(id)
		if it == nil {
			return c.fail(http.StatusNotFound, "Resource not found")
		}
		l := c.listing(it)
		l["inventory"] = c.inventory(it)
		out.Results = append(out.Results, l)
	}
	out.Count = len(out.Results)
	return c.ok(out)
}

// patchListing changes the state of a listing, which is all that the face takes of updateListing. It takes a form, not JSON
// (etsy.md, 3).
func patchListing(c *call) practice.Response {
	it := c.item(c.ids[1])
	if it == nil {
		return c.fail(http.StatusNotFound, "Resource not found")
	}
	form, err := url.ParseQuery(string(c.body))
	if err != nil || !strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return c.fail(http.StatusBadRequest, "Expected application/x-www-form-urlencoded")
	}
	was := c.state(it)
	switch form.Get("state") {
	case "inactive":
		it.Status = inactive
		c.face.rested[it.ID] = true
	case "active":
		it.Status = practice.Published
		delete(c.face.rested, it.ID)
		c.renew(it, was)
	default:
		return c.fail(http.StatusBadRequest, "state: must be active or inactive")
	}
	c.s.Touch(it)
	return c.ok(c.listing(it))
}

// renew puts a listing that ended back on sale for a fee, with one unit if it has none.
func (c *call) renew(it *practice.Item, was string) {
	if was != "sold_out" && was != "expired" {
		return
	}
	c.face.renewed++
	delete(c.face.soldOut, it.ID)
	if c.total(it) > 0 && !(c.face.options.RenewResets && was == "sold_out") {
		return
	}
	for i, v := range c.variants(it) {
		if holder := c.s.Holder(v); holder != nil && i == 0 {
			c.s.SetQuantity(holder, 1)
		} else if holder != nil && holder == v {
			c.s.SetQuantity(holder, 0)
		}
	}
}
