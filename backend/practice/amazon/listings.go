package amazon

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/practice"
)

// write is a number that was accepted and is not applied yet.
type write struct {
	at       time.Time
	item     int64
	quantity int64
}

// Apply lets what was accepted take effect once its time has come. A number is absolute: one that arrives after a sale does
// not know of it (unverified).
func (f *Face) Apply() {
	f.world.Do(func(s *practice.State) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.apply(s)
	})
}

func (f *Face) apply(s *practice.State) {
	f.writes = slices.DeleteFunc(f.writes, func(w write) bool {
		if s.Now().Before(w.at) {
			return false
		}
		if it := s.Item(w.item); it != nil {
			s.SetQuantity(it, w.quantity)
			s.Wrote(it.ID)
		}
		return true
	})
}

// listing is the item with exactly this SKU, nil if there is none on sale.
func (c *call) listing(sku string) *practice.Item {
	for _, it := range c.s.BySKU(sku) {
		if it.SKU == sku && sells(it) {
			return it
		}
	}
	return nil
}

// sells says whether an item is a SKU, which everything on Amazon has (amazon.md, 5.1).
func sells(it *practice.Item) bool { return it.SKU != "" && it.Status != practice.Trashed }

// offered says whether customers can buy a SKU. A parent only holds its variations together (amazon.md, 5.1).
func offered(it *practice.Item) bool { return it.Kind != practice.Parent }

func asin(it *practice.Item) string { return fmt.Sprintf("B0%08d", it.ID) }

// item is a listing as the API shows it.
func (c *call) item(it *practice.Item) map[string]any {
	status := []string{"DISCOVERABLE"}
	n := c.number(it)
	if n > 0 || it.Fulfilled {
		status = append(status, "BUYABLE")
	}
	available := map[string]any{"fulfillmentChannelCode": "DEFAULT", "quantity": n}
	if it.Fulfilled {
		available = map[string]any{"fulfillmentChannelCode": "AMAZON_EU"}
	}
	availability := []any{available}
	if !offered(it) {
		status, availability = []string{}, []any{}
	}
	return map[string]any{"sku": it.SKU, "summaries": []any{map[string]any{"marketplaceId": c.face.options.Marketplace, "asin": asin(it),
		"productType": "PRODUCT", "conditionType": "new_new", "status": status, "itemName": it.FullName(),
		"createdDate": it.Created.UTC().Format(time.RFC3339), "lastUpdatedDate": it.Modified.UTC().Format(time.RFC3339)}},
		"fulfillmentAvailability": availability}
}

func (c *call) number(it *practice.Item) int64 {
	n := it.Quantity
	if c.lie == practice.StaleRead && it.Before() != nil {
		n = it.Before()
	}
	if n == nil {
		return 0
	}
	return max(0, *n)
}

func (c *call) here() bool {
	return slices.Contains(strings.Split(c.query.Get("marketplaceIds"), ","), c.face.options.Marketplace)
}

func searchListings(c *call) practice.Response {
	size, err := strconv.Atoi(c.query.Get("pageSize"))
	if c.query.Get("pageSize") == "" {
		size, err = 10, nil
	}
	var skus []string
	if text := c.query.Get("identifiers"); text != "" {
		skus = strings.Split(text, ",")
	}
	if err != nil || size < 1 || size > 20 || !c.here() || len(skus) > 20 || len(skus) > 0 && c.query.Get("identifiersType") != "SKU" {
		return c.fail(http.StatusBadRequest, "InvalidInput", "Invalid parameters provided.")
	}
	found := []any{}
	for _, sku := range skus {
		if it := c.listing(sku); it != nil {
			found = append(found, c.item(it))
		}
	}
	if len(skus) == 0 {
		for _, it := range c.items() {
			found = append(found, c.item(it))
		}
	}
	return c.ok(map[string]any{"numberOfResults": len(found), "items": found[:min(size, len(found))]})
}

// items are all listings of the account, by ascending id.
func (c *call) items() (all []*practice.Item) {
	for _, it := range slices.Concat(c.s.Products(), c.s.AllVariants()) {
		if sells(it) {
			all = append(all, it)
		}
	}
	slices.SortFunc(all, func(a, b *practice.Item) int { return int(a.ID - b.ID) })
	return all
}

func getListing(c *call) practice.Response {
	it := c.listing(c.parts[1])
	if it == nil {
		return c.fail(http.StatusNotFound, "NOT_FOUND", "SKU not found.")
	}
	return c.ok(c.item(it))
}

// patch is the part of a patch that the face understands.
type patch struct {
	ProductType string `json:"productType"`
	Patches     []struct {
		Op    string `json:"op"`
		Path  string `json:"path"`
		Value []struct {
			Code     string `json:"fulfillment_channel_code"`
			Quantity *int64 `json:"quantity"`
		} `json:"value"`
	} `json:"patches"`
}

// invalid says what is wrong with a patch, "" for nothing (amazon.md, 5.2).
func (p patch) invalid() string {
	if p.ProductType == "" || len(p.Patches) != 1 || len(p.Patches[0].Value) != 1 {
		return "The request has missing or invalid parameters."
	}
	op, value := p.Patches[0], p.Patches[0].Value[0]
	switch {
	case op.Op != "merge" && op.Op != "replace":
		return "The operation is not supported."
	case op.Path != "/attributes/fulfillment_availability":
		return "The attributes are invalid."
	case value.Code == "" || value.Quantity == nil || *value.Quantity < 0:
		return "'fulfillment_channel_code' and 'quantity' are required."
	}
	return ""
}

// accept takes a patch in. One for what Amazon fulfils adds an offer of the seller's own (channels/README.md, marketplaces, 3).
func (c *call) accept(it *practice.Item, p patch) {
	if c.lie == practice.IgnoreWrite {
		return
	}
	it.Fulfilled = false
	it.Counted = true
	c.face.writes = append(c.face.writes, write{c.s.Now().Add(c.face.options.Delay), it.ID, *p.Patches[0].Value[0].Quantity})
	if c.face.options.Delay == 0 {
		c.face.apply(c.s)
	}
}

// changed is the listing that a patch is for, and why it is refused, "" if it is not.
func (c *call) changed(sku string, p patch) (it *practice.Item, why string) {
	it = c.listing(sku)
	switch {
	case it == nil || !offered(it):
		return it, "The SKU does not exist." // unverified: the Swagger file has no 404 for the call that writes one
	case slices.Contains(c.face.options.Locked, sku):
		return it, "The listing is suppressed."
	}
	return it, p.invalid()
}

func patchListing(c *call) practice.Response {
	var p patch
	if json.Unmarshal(c.body, &p) != nil || !c.here() {
		return c.fail(http.StatusBadRequest, "InvalidInput", "The request body is malformed.")
	}
	c.face.next++
	out := map[string]any{"sku": c.parts[1], "status": "ACCEPTED", "submissionId": fmt.Sprintf("submission-%d", c.face.next), "issues": []any{}}
	it, why := c.changed(c.parts[1], p)
	if why != "" {
		out["status"] = "INVALID"
		out["issues"] = []any{map[string]any{"code": "90000900", "message": why, "severity": "ERROR", "categories": []string{"INVALID_ATTRIBUTE"}}}
		return c.ok(out)
	}
	c.accept(it, p)
	return c.ok(out)
}
