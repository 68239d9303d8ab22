package amazon

import (
	"strconv"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

// The budgets, one for each operation.
const (
	forSearch    = "searchOrders"
	forOrder     = "getOrder"
	forListing   = "getListingsItem"
	forListings  = "searchListingsItems"
	forPatch     = "patchListingsItem"
	forNewReport = "createReport"
	forReport    = "getReport"
	forReportDoc = "getReportDocument"
	forUpload    = "createFeedDocument"
	forNewFeed   = "createFeed"
	forAnyFeed   = "JSON_LISTINGS_FEED"
	forFeed      = "getFeed"
	forFeedDoc   = "getFeedDocument"
	forSummaries = "getInventorySummaries"
	forSellers   = "getMarketplaceParticipations"
)

// budgets are the published limits of each operation, for one seller and one app (amazon.md, rate limits). An answer may
// say another rate, see [learn].
var budgets = []channel.Budget{
	{Name: forSearch, Every: 179 * time.Second, Burst: 20},
	{Name: forOrder, Every: 2 * time.Second, Burst: 30},
	{Name: forListing, Every: time.Second / 5, Burst: 10},
	{Name: forListings, Every: time.Second / 5, Burst: 5},
	{Name: forPatch, Every: time.Second / 5, Burst: 5},
	{Name: forNewReport, Every: 60 * time.Second, Burst: 15},
	{Name: forReport, Every: time.Second / 2, Burst: 15},
	{Name: forReportDoc, Every: 60 * time.Second, Burst: 15},
	{Name: forUpload, Every: 2 * time.Second, Burst: 15},
	{Name: forNewFeed, Every: 121 * time.Second, Burst: 15, Of: forAnyFeed},
	{Name: forAnyFeed, Every: 5 * time.Minute, Burst: 5}, // five in five minutes, whoever sends them (performance.md)
	{Name: forFeed, Every: time.Second / 2, Burst: 15},
	{Name: forFeedDoc, Every: 46 * time.Second, Burst: 10},
	{Name: forSummaries, Every: time.Second / 2, Burst: 2},
	{Name: forSellers, Every: 63 * time.Second, Burst: 15},
}

// slowest is the lowest rate that an answer is believed to mean.
const slowest = 1.0 / 3600

// learn reads the rate that Amazon gives this seller and app at present: calls in a second, neither what is left nor how
// many may come at once (amazon.md, rate limits).
func learn(r *httpx.Response) []httpx.Allowance {
	rate, err := strconv.ParseFloat(r.Header.Get("x-amzn-RateLimit-Limit"), 64)
	if err != nil || r.Budget == "" || !(rate >= slowest && rate <= 1000) {
		return nil
	}
	return []httpx.Allowance{{Budget: r.Budget, Left: httpx.Unsaid, Every: time.Duration(float64(time.Second) / rate)}}
}
