package amazon

import (
	"strings"
	"time"
)

// The structs here are Amazon's answers, reduced to the fields we use; what they lack reads as zero. Buyer, recipient and
// packages are asked for by no call (amazon.md, 1.3), and are not among them. Field names come from Amazon's Swagger files.

// item is one SKU of a seller.
type item struct {
	SKU       string `json:"sku"`
	Summaries []struct {
		Status []string `json:"status"`
	} `json:"summaries"`
	Available []availability `json:"fulfillmentAvailability"`
}

// availability is a number and who fulfils it: DEFAULT is the seller, AMAZON_… a warehouse of Amazon's (amazon.md, 5.1).
type availability struct {
	Code     string `json:"fulfillmentChannelCode"`
	Quantity *int64 `json:"quantity"`
}

const codeSeller = "DEFAULT"

func byAmazon(code string) bool { return strings.HasPrefix(code, "AMAZON") }

// items is the answer to a search.
type items struct {
	Total int    `json:"numberOfResults"`
	Items []item `json:"items"`
}

// patched is the answer to a write: ACCEPTED is not applied yet (amazon.md, 5.2).
type patched struct {
	SKU        string  `json:"sku"`
	Status     string  `json:"status"`
	Submission string  `json:"submissionId"`
	Issues     []issue `json:"issues"`
}

type issue struct {
	Message  int    `json:"messageId"`
	Code     string `json:"code"`
	Text     string `json:"message"`
	Severity string `json:"severity"`
}

// job is a report or a feed. Its result is a document.
type job struct {
	Status     string    `json:"processingStatus"`
	Document   string    `json:"reportDocumentId"`
	FeedResult string    `json:"resultFeedDocumentId"`
	Created    time.Time `json:"createdTime"`
}

// madeReport and madeFeed are the answers to a wish for one.
type madeReport struct {
	Report string `json:"reportId"`
}

type madeFeed struct {
	Feed string `json:"feedId"`
}

// The states of a job. Any other is on its way.
const (
	jobDone      = "DONE"
	jobCancelled = "CANCELLED"
	jobFatal     = "FATAL"
)

// document is an address that is good for five minutes (amazon.md, 5.1).
type document struct {
	FeedDocument string `json:"feedDocumentId"`
	URL          string `json:"url"`
	Compression  string `json:"compressionAlgorithm"`
}

// found is a page of orders.
type found struct {
	Orders     []order `json:"orders"`
	Pagination struct {
		Next string `json:"nextToken"`
	} `json:"pagination"`
}

type order struct {
	ID      string    `json:"orderId"`
	Created time.Time `json:"createdTime"`
	Updated time.Time `json:"lastUpdatedTime"`
	Sales   struct {
		Channel string `json:"channelName"`
	} `json:"salesChannel"`
	Fulfilment struct {
		Status string `json:"fulfillmentStatus"`
		By     string `json:"fulfilledBy"`
	} `json:"fulfillment"`
	Items []orderItem `json:"orderItems"`
}

// oneOrder is the answer about an order.
type oneOrder struct {
	Order order `json:"order"`
}

type orderItem struct {
	ID       string `json:"orderItemId"`
	Quantity int64  `json:"quantityOrdered"`
	Product  struct {
		Title string `json:"title"`
		SKU   string `json:"sellerSku"`
	} `json:"product"`
	Fulfilment struct {
		Done *int64 `json:"quantityFulfilled"`
		Open *int64 `json:"quantityUnfulfilled"`
	} `json:"fulfillment"`
	Cancellation struct {
		Execution *struct{} `json:"cancellationExecution"` // a request alone changes nothing (amazon.md, 5.3)
	} `json:"cancellation"`
}

// participations are the marketplaces an account sells in.
type participations struct {
	Payload []struct {
		Marketplace struct {
			ID       string `json:"id"`
			Name     string `json:"name"`
			Currency string `json:"defaultCurrencyCode"`
			Domain   string `json:"domainName"`
		} `json:"marketplace"`
		Store         string `json:"storeName"`
		Participation struct {
			Takes     bool `json:"isParticipating"`
			Suspended bool `json:"hasSuspendedListings"`
		} `json:"participation"`
	} `json:"payload"`
}

// The structs below are what is written.

type patch struct {
	ProductType string      `json:"productType"`
	Patches     []operation `json:"patches"`
}

type operation struct {
	Op    string     `json:"op"`
	Path  string     `json:"path"`
	Value []quantity `json:"value"`
}

type quantity struct {
	Code     string `json:"fulfillment_channel_code"`
	Quantity int64  `json:"quantity"`
}

// set is the write of one number. merge keeps what else stands there, such as the lead time, which replace would wipe;
// PRODUCT does for a write of nothing but a quantity (amazon.md, 5.1 and 5.2).
func set(n int64) patch {
	return patch{"PRODUCT", []operation{{"merge", "/attributes/fulfillment_availability", []quantity{{codeSeller, n}}}}}
}

type feed struct {
	Header   feedHeader `json:"header"`
	Messages []message  `json:"messages"`
}

type feedHeader struct {
	Seller  string `json:"sellerId"`
	Version string `json:"version"`
	Locale  string `json:"issueLocale"`
}

type message struct {
	ID        int    `json:"messageId"`
	SKU       string `json:"sku"`
	Operation string `json:"operationType"`
	patch
}
