package shopify

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// The structs here are Shopify's answers, reduced to the fields we ask for. A buyer's name, address and e-mail are never
// asked for. Names come from the Admin GraphQL schema of 2026-10.

// connection is a stretch of a list.
type connection[T any] struct {
	Nodes []T      `json:"nodes"`
	Info  pageInfo `json:"pageInfo"`
}

type pageInfo struct {
	More bool   `json:"hasNextPage"`
	End  string `json:"endCursor"`
}

type variant struct {
	ID         string    `json:"id"`
	SKU        string    `json:"sku"`
	Barcode    string    `json:"barcode"`
	Title      string    `json:"title"`
	Updated    time.Time `json:"updatedAt"`
	Total      int64     `json:"inventoryQuantity"` // at all locations
	Components bool      `json:"requiresComponents"`
	Product    product   `json:"product"`
	Item       item      `json:"inventoryItem"`
}

type product struct {
	ID          string    `json:"id"`
	Title       string    `json:"title"`
	Status      string    `json:"status"`
	Updated     time.Time `json:"updatedAt"`
	GiftCard    bool      `json:"isGiftCard"`
	StandsAlone bool      `json:"hasOnlyDefaultVariant"`
}

// item is what Shopify keeps numbers for. An answer without Tracked says it tracks: it is then found out at the write.
type item struct {
	ID       string              `json:"id"`
	Tracked  bool                `json:"tracked"`
	Updated  time.Time           `json:"updatedAt"`
	Level    *level              `json:"inventoryLevel"`
	Variants connection[variant] `json:"variants"`
}

// level is an item's stock at a location, null where it was never stocked.
type level struct {
	Quantities []struct {
		Name     string `json:"name"`
		Quantity int64  `json:"quantity"`
	} `json:"quantities"`
}

// available is what the location has for sale, 0 where the item was never stocked there.
func (i item) available() int64 {
	if i.Level != nil {
		for _, q := range i.Level.Quantities {
			if q.Name == "available" {
				return q.Quantity
			}
		}
	}
	return 0
}

type order struct {
	ID          string               `json:"id"`
	Name        string               `json:"name"`
	Created     time.Time            `json:"createdAt"`
	Updated     time.Time            `json:"updatedAt"`
	Cancelled   *time.Time           `json:"cancelledAt"`
	Test        bool                 `json:"test"`
	Edited      bool                 `json:"edited"`
	Financial   string               `json:"displayFinancialStatus"`
	Fulfillment string               `json:"displayFulfillmentStatus"`
	Return      string               `json:"returnStatus"`
	Lines       connection[lineItem] `json:"lineItems"`

	Parts connection[fulfillmentOrder] `json:"fulfillmentOrders"` // without their lines
	Sent  []fulfillment                `json:"fulfillments"`      // without their lines
}

type lineItem struct {
	ID          string   `json:"id"`
	SKU         string   `json:"sku"`
	Title       string   `json:"title"`
	Quantity    int64    `json:"quantity"`
	Current     int64    `json:"currentQuantity"`
	Unfulfilled int64    `json:"unfulfilledQuantity"` // below 0 after a return
	Variant     *variant `json:"variant"`             // null after it was deleted
}

// detail is what became of the units of an order.
type detail struct {
	Open    connection[fulfillmentOrder] `json:"fulfillmentOrders"`
	Sent    []fulfillment                `json:"fulfillments"`
	Refunds []refund                     `json:"refunds"`
	cut     bool                         // it has more parts than were told
}

type fulfillmentOrder struct {
	ID     string            `json:"id"`
	Status string            `json:"status"`
	Lines  connection[units] `json:"lineItems"`
	At     struct {
		Location *place `json:"location"` // null after it was deleted
	} `json:"assignedLocation"`
}

type fulfillment struct {
	ID       string            `json:"id"`
	Status   string            `json:"status"`
	Location *place            `json:"location"`
	Lines    connection[units] `json:"fulfillmentLineItems"`
}

type refund struct {
	ID    string            `json:"id"`
	Lines connection[units] `json:"refundLineItems"`
}

// units is a part of a line, in whichever list.
type units struct {
	Remaining int64  `json:"remainingQuantity"`
	Quantity  int64  `json:"quantity"`
	Restock   string `json:"restockType"`
	Restocked bool   `json:"restocked"`
	Location  *place `json:"location"` // that refunded units went back to
	Line      struct {
		ID string `json:"id"`
	} `json:"lineItem"`
}

// rest is what follows on the first page of a list inside something.
type rest struct {
	Lines    connection[lineItem] `json:"orderLines"`
	Open     connection[units]    `json:"open"`
	Sent     connection[units]    `json:"sent"`
	Refunded connection[units]    `json:"refunded"`
}

// adjustment is the input of a write. Without a changeFromQuantity, if only null, Shopify refuses a row, so it is never left
// out (shopify.md, 2.5).
type adjustment struct {
	Name       string `json:"name"`
	Reason     string `json:"reason"`
	Quantities []row  `json:"quantities"`
}

type row struct {
	Item     string `json:"inventoryItemId"`
	Location string `json:"locationId"`
	Quantity int64  `json:"quantity"`
	From     *int64 `json:"changeFromQuantity"`
}

type adjusted struct {
	Set struct {
		Group *struct {
			Changes []struct {
				Name  string `json:"name"`
				Delta int64  `json:"delta"`
				After *int64 `json:"quantityAfterChange"`
				Item  struct {
					ID string `json:"id"`
				} `json:"item"`
				Location *place `json:"location"`
			} `json:"changes"`
		} `json:"inventoryAdjustmentGroup"`
		Errors []userError `json:"userErrors"`
	} `json:"inventorySetQuantities"`
}

type userError struct {
	Code    string   `json:"code"`
	Field   []string `json:"field"`
	Message string   `json:"message"`
}

// row is the place of the row the error speaks of, -1 if it speaks of none.
func (e userError) row(of int) int {
	for i := 1; i < len(e.Field); i++ {
		if n, err := strconv.Atoi(e.Field[i]); e.Field[i-1] == "quantities" && err == nil && n >= 0 && n < of {
			return n
		}
	}
	return -1
}

// answer is the envelope of every answer.
type answer struct {
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string `json:"message"`
		Extensions struct {
			Code string `json:"code"`
		} `json:"extensions"`
	} `json:"errors"`
	Extensions struct {
		Cost *cost `json:"cost"`
	} `json:"extensions"`
}

// cost is what a call costs and what is left; numbers come with a decimal point (shopify.md, 2.6).
type cost struct {
	Requested float64 `json:"requestedQueryCost"`
	Throttle  struct {
		Most    float64 `json:"maximumAvailable"`
		Left    float64 `json:"currentlyAvailable"`
		Restore float64 `json:"restoreRate"`
	} `json:"throttleStatus"`
}

// number is the number at the end of a gid, which is how we name things.
func number(gid string) string { return gid[strings.LastIndexByte(gid, '/')+1:] }

// ref is what we call a location, "" where Shopify names none.
func (p *place) ref() string {
	if p == nil {
		return ""
	}
	return number(p.ID)
}

func gid(kind, number string) string { return "gid://shopify/" + kind + "/" + number }

// digits says whether a ref is a number, as all of Shopify's are.
func digits(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	return err == nil && n > 0
}

// refOf names a listing by its variant and its inventory item: orders name the one, numbers belong to the other, and
// neither changes.
func refOf(v *variant) string { return number(v.ID) + ":" + number(v.Item.ID) }

// itemOf is the gid of the inventory item in a ref.
func itemOf(ref string) (string, bool) {
	v, i, found := strings.Cut(ref, ":")
	return gid("InventoryItem", i), found && digits(v) && digits(i)
}
