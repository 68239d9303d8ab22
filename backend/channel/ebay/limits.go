package ebay

import (
	"time"

	"evenstock/backend/channel"
)

// The budgets, one for each API.
const (
	forInventory   = "Inventory"
	forFulfillment = "Fulfillment"
	forTrading     = "Trading"
)

// midnight is when eBay's day begins: at midnight in California (ebay.md, rate limits), taken as winter time all year. In
// summer the count so begins anew an hour late, which breaks no limit.
const midnight = 8 * time.Hour

// budgets are the published limits of a keyset for one day (ebay.md, rate limits).
var budgets = []channel.Budget{
	{Name: forInventory, DailyMax: 2_000_000, DayBegins: channel.DayAt(midnight)},
	{Name: forFulfillment, DailyMax: 100_000, DayBegins: channel.DayAt(midnight)},
	{Name: forTrading, DailyMax: 5_000, DayBegins: channel.DayAt(midnight)},
}
