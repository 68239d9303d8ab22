package ebay

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// The structs here are eBay's answers, reduced to the fields we use; what they lack reads as zero. Buyers, their addresses and
// user names, which orders carry, are not among them. Field names come from eBay's OpenAPI files.

// items is a page of the seller's items. What is sold of them stands in offers.
type items struct {
	Items []item `json:"inventoryItems"`
	Total int    `json:"total"`
	Next  string `json:"next"`
}

type item struct {
	SKU          string       `json:"sku"`
	Availability availability `json:"availability"`
	Product      struct {
		Title   string          `json:"title"`
		Aspects json.RawMessage `json:"aspects"` // the file calls it a string; it is an object of lists
		EAN     []string        `json:"ean"`
		UPC     []string        `json:"upc"`
		Images  []string        `json:"imageUrls"`
	} `json:"product"`
	Groups []string `json:"inventoryItemGroupKeys"`
}

type availability struct {
	Ship struct {
		Quantity *int64     `json:"quantity"`
		Spread   []struct{} `json:"availabilityDistributions"` // by warehouse
	} `json:"shipToLocationAvailability"`
}

// offers are what is sold of one SKU.
type offers struct {
	Offers []offer `json:"offers"`
}

type offer struct {
	ID        string `json:"offerId"`
	SKU       string `json:"sku"`
	Status    string `json:"status"`
	Format    string `json:"format"`
	Available *int64 `json:"availableQuantity"`
	Listing   struct {
		ID     string `json:"listingId"`
		Status string `json:"listingStatus"`
	} `json:"listing"`
}

// on says whether customers may buy by an offer, now or when it has stock again.
func (o offer) on() bool {
	return o.Status == "PUBLISHED" && o.Listing.ID != "" && o.Listing.Status != "ENDED" && o.Listing.Status != "EBAY_ENDED"
}

// fixed says whether an offer has a price; an auction's number is never touched (ebay.md, 4.4).
func (o offer) fixed() bool { return o.Format != "AUCTION" }

// shown is the number that customers see: the lower of the item's and the offer's (OpenAPI file); nil where it is spread over
// warehouses, which are not written.
func shown(it item, o offer) *int64 {
	if len(it.Availability.Ship.Spread) > 0 || !o.fixed() {
		return nil
	}
	var n int64
	switch {
	case it.Availability.Ship.Quantity == nil && o.Available == nil:
	case it.Availability.Ship.Quantity == nil:
		n = *o.Available
	case o.Available == nil:
		n = *it.Availability.Ship.Quantity
	default:
		n = min(*it.Availability.Ship.Quantity, *o.Available)
	}
	return &n
}

// choices are the aspects of an item that could make it one of several, such as "Red, M"; "" if they cannot be read.
func (it item) choices() string {
	var all map[string][]string
	if len(it.Groups) == 0 || json.Unmarshal(it.Product.Aspects, &all) != nil {
		return ""
	}
	var out []string
	for _, name := range []string{"Size", "Color", "Colour", "Style", "Material"} {
		if len(all[name]) == 1 {
			out = append(out, all[name][0])
		}
	}
	return strings.Join(out, ", ")
}

func first(lists ...[]string) string {
	for _, l := range lists {
		if i := slices.IndexFunc(l, func(s string) bool { return s != "" }); i >= 0 {
			return l[i]
		}
	}
	return ""
}

// results are the answers to each part of a bulk call. An answer of 200 with parts that failed is normal
// (marketplace-auth-and-gotchas.md, 8).
type results struct {
	Responses []result `json:"responses"`
}

type result struct {
	SKU    string    `json:"sku"`
	Offer  string    `json:"offerId"`
	Status int       `json:"statusCode"`
	Errors []trouble `json:"errors"`
}

// gotItems are the answers to a bulk reading.
type gotItems struct {
	Responses []struct {
		SKU    string    `json:"sku"`
		Status int       `json:"statusCode"`
		Item   item      `json:"inventoryItem"`
		Errors []trouble `json:"errors"`
	} `json:"responses"`
}

// found is a page of orders.
type found struct {
	Orders []order `json:"orders"`
	Total  int     `json:"total"`
}

type order struct {
	ID         string    `json:"orderId"`
	Created    time.Time `json:"creationDate"`
	Modified   time.Time `json:"lastModifiedDate"`
	Fulfilment string    `json:"orderFulfillmentStatus"`
	Payment    string    `json:"orderPaymentStatus"`
	Cancel     struct {
		State string `json:"cancelState"`
	} `json:"cancelStatus"`
	Program struct {
		Fulfilment struct {
			By string `json:"fulfilledBy"`
		} `json:"fulfillmentProgram"`
	} `json:"program"`
	Items []orderItem `json:"lineItems"`
}

type orderItem struct {
	ID         string `json:"lineItemId"`
	Listing    string `json:"legacyItemId"`
	Variation  string `json:"legacyVariationId"`
	SKU        string `json:"sku"`
	Title      string `json:"title"`
	Quantity   int64  `json:"quantity"`
	Fulfilment string `json:"lineItemFulfillmentStatus"`
	Aspects    []pair `json:"variationAspects"`
}

type pair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// parcels are what was sent of an order.
type parcels struct {
	Parcels []struct {
		Items []struct {
			Line     string `json:"lineItemId"`
			Quantity int64  `json:"quantity"`
		} `json:"lineItems"`
	} `json:"fulfillments"`
}

// The structs below are what is written. A price is never among them.

type update struct {
	SKU    string `json:"sku"`
	Ship   number `json:"shipToLocationAvailability"`
	Offers []part `json:"offers"`
}

type number struct {
	Quantity int64 `json:"quantity"`
}

type part struct {
	Offer     string `json:"offerId"`
	Available int64  `json:"availableQuantity"`
}
