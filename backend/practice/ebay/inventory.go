package ebay

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"evenstock/backend/practice"
)

// top is the product of an item.
func (c *call) top(it *practice.Item) *practice.Item {
	if it.Kind == practice.Variant {
		return c.s.Item(it.Parent)
	}
	return it
}

// listingID is eBay's number of what an item is listed as: variants have that of their product.
func (c *call) listingID(it *practice.Item) int64 { return c.top(it).ID }

// listed says whether an item is on sale.
func (c *call) listed(it *practice.Item) bool {
	return it.Kind != practice.Parent && it.Status == practice.Published && c.top(it).Status == practice.Published
}

// legacy says whether an item is kept in the Trading API. What has no SKU cannot be kept elsewhere.
func (c *call) legacy(it *practice.Item) bool {
	top := c.top(it)
	for _, id := range top.Variants {
		if c.s.Item(id).SKU == "" {
			return true
		}
	}
	return top.Kind != practice.Parent && top.SKU == "" || c.face.options.Legacy != nil && c.face.options.Legacy(top)
}

// all are the items of the Inventory API, the simple ones first.
func (c *call) all() (out []*practice.Item) {
	for _, list := range [][]*practice.Item{c.s.Products(), c.s.AllVariants()} {
		for _, it := range list {
			if it.Kind != practice.Parent && it.Status != practice.Trashed && !c.legacy(it) {
				out = append(out, it)
			}
		}
	}
	return out
}

// bySKU is the item of the Inventory API with exactly this SKU, nil if there is none.
func (c *call) bySKU(sku string) *practice.Item {
	for _, it := range c.s.BySKU(sku) {
		if it.SKU == sku && it.Kind != practice.Parent && it.Status != practice.Trashed && !c.legacy(it) {
			return it
		}
	}
	return nil
}

// number is what customers see.
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

func (c *call) item(it *practice.Item) map[string]any {
	out := map[string]any{"sku": it.SKU, "locale": "en_GB", "condition": "NEW",
		"availability": map[string]any{"shipToLocationAvailability": map[string]any{"quantity": c.number(it) + c.face.spare[it.ID][0]}},
		"product":      map[string]any{"title": it.FullName(), "imageUrls": []string{}}}
	if it.Kind == practice.Variant {
		out["inventoryItemGroupKeys"] = []string{"group-" + strconv.FormatInt(it.Parent, 10)}
	}
	return out
}

func offerID(it *practice.Item) string { return "8" + strconv.FormatInt(it.ID, 10) + "010" }

func (c *call) offer(it *practice.Item) map[string]any {
	out := map[string]any{"offerId": offerID(it), "sku": it.SKU, "marketplaceId": c.face.options.Site, "format": "FIXED_PRICE", "listingDuration": "GTC",
		"availableQuantity": c.number(it) + c.face.spare[it.ID][1], "status": "UNPUBLISHED",
		"pricingSummary": map[string]any{"price": map[string]string{"value": it.Price, "currency": c.face.world.Currency()}}}
	if c.listed(it) {
		out["status"] = "PUBLISHED"
		out["listing"] = map[string]any{"listingId": strconv.FormatInt(c.listingID(it), 10), "listingStatus": "ACTIVE", "soldQuantity": it.Sold}
	}
	return out
}

// page reads limit and offset, which counts pages or items.
func (c *call) page(standard int) (size, number int, ok bool) {
	size, number = standard, 0
	var err1, err2 error
	if text := c.query.Get("limit"); text != "" {
		size, err1 = strconv.Atoi(text)
	}
	if text := c.query.Get("offset"); text != "" {
		number, err2 = strconv.Atoi(text)
	}
	return size, number, err1 == nil && err2 == nil && size >= 1 && size <= 200 && number >= 0
}

func getItems(c *call) practice.Response {
	size, number, ok := c.page(25)
	if !ok {
		return c.fail(http.StatusBadRequest, 25706, "You have provided invalid pagination values.")
	}
	all := c.all()
	out := map[string]any{"href": c.r.URL.RequestURI(), "limit": size, "total": len(all)}
	from, after := size*number, number+1 // a number of pages (OpenAPI file)
	if c.face.options.Skips {
		from, after = number, number+size
	}
	from = min(from, len(all))
	to := min(from+size, len(all))
	list := []any{}
	for _, it := range all[from:to] {
		list = append(list, c.item(it))
	}
	out["inventoryItems"], out["size"] = list, len(list)
	if to < len(all) {
		out["next"] = c.r.URL.Path + "?limit=" + strconv.Itoa(size) + "&offset=" + strconv.Itoa(after)
	}
	return c.ok(out)
}

func getOffers(c *call) practice.Response {
	it := c.bySKU(c.query.Get("sku"))
	if it == nil {
		return c.fail(http.StatusNotFound, 25713, "This Offer is not available.") // unverified
	}
	return c.ok(map[string]any{"total": 1, "size": 1, "limit": 100, "offers": []any{c.offer(it)}})
}

func bulkGet(c *call) practice.Response {
	var in struct {
		Requests []struct {
			SKU string `json:"sku"`
		} `json:"requests"`
	}
	if json.Unmarshal(c.body, &in) != nil || len(in.Requests) == 0 {
		return c.fail(http.StatusBadRequest, 25709, "Invalid request.")
	}
	if len(in.Requests) > 25 {
		return c.fail(http.StatusBadRequest, 25727, "The number of InventoryItems in the request cannot exceed 25.")
	}
	list, seen := []any{}, map[string]bool{}
	for _, r := range in.Requests {
		if seen[r.SKU] {
			return c.fail(http.StatusBadRequest, 25734, "SKU should be unique in the request.")
		}
		seen[r.SKU] = true
		if it := c.bySKU(r.SKU); it != nil {
			list = append(list, map[string]any{"sku": r.SKU, "statusCode": 200, "inventoryItem": c.item(it)})
		} else {
			list = append(list, map[string]any{"sku": r.SKU, "statusCode": 404, "errors": []any{flaw(25702, "SKU is not available in the system")}})
		}
	}
	return c.ok(map[string]any{"responses": list})
}

// updates are what a bulk update asks for.
type updates struct {
	Requests []struct {
		SKU  string `json:"sku"`
		Ship *struct {
			Quantity *int64 `json:"quantity"`
		} `json:"shipToLocationAvailability"`
		Offers []struct {
			ID        string `json:"offerId"`
			Available *int64 `json:"availableQuantity"`
			Price     any    `json:"price"`
		} `json:"offers"`
	} `json:"requests"`
}

// bulkUpdate writes numbers. Of each SKU there is one answer for the item and one for each offer (unverified).
func bulkUpdate(c *call) practice.Response {
	var in updates
	if json.Unmarshal(c.body, &in) != nil || len(in.Requests) == 0 || len(in.Requests) > 25 {
		return c.fail(http.StatusBadRequest, 25709, "Invalid value for requests.")
	}
	if c.face.options.Single && len(in.Requests) > 1 {
		return c.fail(http.StatusBadRequest, 25002, "Only one SKU can be updated per call.")
	}
	list := []any{}
	for _, r := range in.Requests {
		it := c.bySKU(r.SKU)
		if it == nil {
			list = append(list, map[string]any{"sku": r.SKU, "statusCode": 404, "errors": []any{flaw(25702, "SKU is not available in the system")}})
			continue
		}
		n := c.number(it)
		numbers := [2]int64{n + c.face.spare[it.ID][0], n + c.face.spare[it.ID][1]}
		if r.Ship != nil && r.Ship.Quantity != nil {
			numbers[0] = *r.Ship.Quantity
		}
		why, status := "", 200
		for _, o := range r.Offers {
			if o.ID != offerID(it) || !c.listed(it) {
				why, status = "This Offer is not available.", 404
			}
			if o.Available != nil {
				numbers[1] = *o.Available
			}
		}
		switch low := min(numbers[0], numbers[1]); {
		case why != "":
		case low < 0:
			why, status = "Invalid value for quantity.", 400
		case low == 0 && !c.face.control && it.Kind != practice.Variant:
			why, status = "The quantity must be 1 or more.", 400 // unverified
		case !c.revise(c.listingID(it)):
			why, status = "The listing has reached its limit of revisions.", 400 // wording unverified
		default:
			c.write(it, numbers)
		}
		answer := map[string]any{"sku": r.SKU, "statusCode": status}
		if why != "" {
			id := map[bool]int{true: 25713, false: 25709}[status == 404]
			answer["errors"] = []any{flaw(id, why)}
		}
		list = append(list, answer)
		for _, o := range r.Offers {
			if why == "" {
				list = append(list, map[string]any{"sku": r.SKU, "offerId": o.ID, "statusCode": 200})
			}
		}
	}
	return c.ok(map[string]any{"responses": list})
}

// write sets an item's and its offer's number. Customers see the lower one (OpenAPI file).
func (c *call) write(it *practice.Item, numbers [2]int64) {
	if c.lie == practice.IgnoreWrite {
		return
	}
	low := min(numbers[0], numbers[1])
	it.Counted = true
	c.s.SetQuantity(it, low)
	c.s.Wrote(it.ID)
	c.face.spare[it.ID] = [2]int64{numbers[0] - low, numbers[1] - low}
}

// Spread sets how far an item's and its offer's number are above what customers see.
func (f *Face) Spread(item, of, offer int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.spare[item] = [2]int64{of, offer}
}

// Name is what a connector calls an item: eBay's number of the listing and the SKU, which is all that an order's line has.
func Name(it *practice.Item) (listing, parent string) {
	listing = strconv.FormatInt(it.ID, 10)
	if it.Kind == practice.Variant {
		parent = strconv.FormatInt(it.Parent, 10)
		listing = parent
	}
	if it.SKU != "" {
		return listing + "/" + it.SKU, parent
	}
	if parent != "" {
		chosen := make([]string, len(it.Options))
		for i, o := range it.Options {
			chosen[i] = o.Name + "=" + o.Value
		}
		slices.Sort(chosen)
		listing += "?" + strings.Join(chosen, "&")
	}
	return listing, parent
}
