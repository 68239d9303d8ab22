package amazon

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/spectest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
)

// TestSpecification holds every request of the connector, and every answer of the practice account, against Amazon's Swagger
// files. Login with Amazon and presigned documents are in none.
func TestSpecification(t *testing.T) {
	files := map[string][]string{
		"listingsItems_2021-08-01": {"searchListingsItems", "getListingsItem", "patchListingsItem"},
		"orders_2026-01-01":        {"searchOrders", "getOrder"},
		"reports_2021-06-30":       {"createReport", "getReport", "getReportDocument"},
		"feeds_2021-06-30":         {"createFeedDocument", "createFeed", "getFeed", "getFeedDocument"},
		"sellers":                  {"getMarketplaceParticipations"},
		"fbaInventory":             {"getInventorySummaries"},
	}
	others := []string{"POST /auth/o2/token", "GET /documents/", "PUT /documents/"}
	for _, api := range []string{"/listings/", "/orders/", "/reports/", "/feeds/", "/sellers/", "/fba/"} {
		others = append(others, "GET "+api, "POST "+api, "PATCH "+api)
	}
	for name, operations := range files {
		t.Run(name, func(t *testing.T) {
			spec := spectest.Open(t, "amazon/"+name+".json", "")
			shop := practicetest.NewAmazon(t, practicetest.AmazonOptions{Direct: true})
			shop.Client = &http.Client{Transport: spec.Transport(shop.Client.Transport)}
			everyCall(t, shop, connect(t, shop, 3, nil))
			spec.Demand(operations, others)
		})
	}
}

// everyCall makes the connector send everything it can send.
func everyCall(t *testing.T, shop *practicetest.Amazon, store *opened) {
	t.Helper()
	ctx := t.Context()
	_, err := store.Check(ctx)
	must(t, err)
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	comma := shop.AddListing(channeltest.Goods{SKU: "A, B/ü", Title: "Comma", Quantity: 5})
	fba := shop.AddListing(channeltest.Goods{SKU: "FBA", Title: "Sent by Amazon", Quantity: 5})
	shop.ByAmazon(fba)
	orders := []string{shop.Sell(channeltest.Units{Ref: mug, Quantity: 3}), shop.Sell(channeltest.Units{Ref: fba, Quantity: 1}),
		shop.Sell(channeltest.Units{Ref: mug, Quantity: 2}), shop.Sell(channeltest.Units{Ref: mug, Quantity: 2}), practicetestNone}
	shop.Ship(orders[0], 0, 1)
	shop.Cancel(orders[2])
	for _, err := range store.ListListings(ctx, nil) {
		must(t, err)
	}
	for _, err := range store.ListOrders(ctx, nil) {
		must(t, err)
	}
	_, err = store.GetOrders(ctx, orders)
	must(t, err)
	_, err = store.ReadStock(ctx, []channel.Ref{mug, comma, fba})
	must(t, err)
	must(t, push(t, store, mug, 7).Err)
	must(t, push(t, store, comma, 7).Err)
	shop.World.Stock(practice.Catalogue(400, 1))
	results := pushMany(t, store, shop, patchMost+1)
	_, err = store.Settle(ctx, []string{results[0].Pending, results[patchMost].Pending})
	must(t, err)
}

// practicetestNone is the number of an order that is none.
const practicetestNone = "701-9999999-9999999"

// TestWireFields holds the names of the fields that are read against the Swagger files: a misspelt one reads as zero for ever.
func TestWireFields(t *testing.T) {
	spec := func(name string) *spectest.Spec { return spectest.Open(t, "amazon/"+name+".json", "") }
	type feedJob struct {
		Status string `json:"processingStatus"`
		Result string `json:"resultFeedDocumentId"`
	}
	type reportJob struct {
		Status string `json:"processingStatus"`
		Result string `json:"reportDocumentId"`
	}
	type reportAddress struct {
		URL         string `json:"url"`
		Compression string `json:"compressionAlgorithm"`
	}
	type submitted struct {
		SKU    string `json:"sku"`
		Status string `json:"status"`
		Issues []struct {
			Code     string `json:"code"`
			Text     string `json:"message"`
			Severity string `json:"severity"`
		} `json:"issues"`
	}
	spec("listingsItems_2021-08-01").Knows("searchListingsItems", 200, items{})
	spec("listingsItems_2021-08-01").Knows("getListingsItem", 200, item{})
	spec("listingsItems_2021-08-01").Knows("patchListingsItem", 200, submitted{})
	spec("orders_2026-01-01").Knows("searchOrders", 200, found{})
	spec("orders_2026-01-01").Knows("getOrder", 200, oneOrder{})
	spec("reports_2021-06-30").Knows("getReport", 200, reportJob{})
	spec("reports_2021-06-30").Knows("getReportDocument", 200, reportAddress{})
	spec("feeds_2021-06-30").Knows("getFeed", 200, feedJob{})
	spec("feeds_2021-06-30").Knows("createFeedDocument", 201, document{}.written())
	spec("fbaInventory").Knows("getInventorySummaries", 200, summaries{})
	spec("sellers").Knows("getMarketplaceParticipations", 200, participations{})
}

// written is what the answer to createFeedDocument has of a document.
func (d document) written() any {
	return struct {
		ID  string `json:"feedDocumentId"`
		URL string `json:"url"`
	}{d.FeedDocument, d.URL}
}

// TestFixtures reads Amazon's own examples: each has to come out as it says.
func TestFixtures(t *testing.T) {
	folder := os.Getenv("EVENSTOCK_SPECS")
	if folder == "" {
		t.Skip("EVENSTOCK_SPECS does not name the folder with the vendors' specifications, so no example is read")
	}
	read := func(name string, v any) {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(folder, "amazon", "fixtures", name+".json"))
		must(t, err)
		var f struct {
			Response json.RawMessage `json:"response"`
		}
		must(t, json.Unmarshal(b, &f))
		must(t, json.Unmarshal(f.Response, v))
	}
	var page found
	read("orders_2026-01-01__searchOrders__200__0", &page)
	if o := page.Orders[0].order(); !o.Fulfilled || o.Ref != "250-1234567-8901234" || len(o.Lines) != 2 || o.Lines[1].Fulfilled[""] != 2 || page.Pagination.Next == "" {
		t.Errorf("an order that Amazon sends reads %+v", o)
	}
	page = found{}
	read("orders_2026-01-01__searchOrders__200__example", &page)
	if o := page.Orders[0].order(); o.Fulfilled || o.Status != statusShipped || o.Lines[0].SKU != "ECHO-DOT-4-CHARCOAL" || o.Lines[0].Ordered != 2 || o.Updated.IsZero() {
		t.Errorf("an order that the seller sends reads %+v", o)
	}
	var some items
	read("listingsItems_2021-08-01__searchListingsItems__200__0", &some)
	if n := some.Items[0].own(); some.Items[0].SKU != "GM-ZDPI-9B4E" || n == nil || *n != 100 {
		t.Errorf("a listing reads %+v", some.Items[0])
	}
	var no patched
	read("listingsItems_2021-08-01__patchListingsItem__200__2", &no)
	if err := refusedBy(no.Issues); no.Status != "INVALID" || !strings.Contains(err.Error(), "The attributes are invalid.") {
		t.Errorf("a refusal reads %+v", no)
	}
	var in participations
	read("sellers__getMarketplaceParticipations__200__0", &in)
	if p := in.Payload[0]; p.Marketplace.ID != "ATVPDKIKX0DER" || !p.Participation.Takes || p.Store != "BestSellerStore" {
		t.Errorf("participations read %+v", in)
	}
	var j job
	read("feeds_2021-06-30__getFeed__200__0", &j)
	if j.Status != jobCancelled {
		t.Errorf("a feed reads %+v", j)
	}
}
