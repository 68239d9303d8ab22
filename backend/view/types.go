// Package view is what people and scripts are shown: rows computed from the books, with the JSON names of the command
// line. Times are Unix milliseconds UTC or null, quantities are integers, unset is null.
package view

import "evenstock/backend/db"

// StockRow is one product of the stock list.
type StockRow struct {
	ID        uint64 `json:"id"`
	SKU       string `json:"sku"`
	Title     string `json:"title"`
	Variant   string `json:"variant"`
	InStock   *int64 `json:"inStock"`
	Booked    int64  `json:"booked"`
	Available *int64 `json:"available"`
	Counted   bool   `json:"counted"`
	Oversold  int64  `json:"oversold"`
	Listings  int    `json:"listings"`
	Changed   *int64 `json:"changed"`
	// Stores has one entry per listing: the store and the state of the listing there.
	Stores []StoreCell `json:"stores"`
}

// StoreCell is one square of the store matrix.
type StoreCell struct {
	Store uint32 `json:"store"`
	State string `json:"state"`
}

// StockQuery asks for a window of the stock list.
type StockQuery struct {
	Query  string `json:"query"`  // terms that must all appear in SKU, title or variant
	Store  uint32 `json:"store"`  // only products with a listing there, 0 for all
	Filter string `json:"filter"` // "", oversold, unset, zero
	Sort   string `json:"sort"`   // sku, title, inStock, booked, available, changed; "-" in front reverses
	Offset int    `json:"offset"`
	Limit  int    `json:"limit"` // at most MaxRows
}

// MaxRows is the most rows one answer holds.
const MaxRows = 200

// StockWindow is the answer: rows of the window, how many match in all, and the version it was read at.
type StockWindow struct {
	Total   int        `json:"total"`
	Version uint64     `json:"version"`
	Rows    []StockRow `json:"rows"`
}

// Listing states, in the words of the command line.
const (
	Even    = "even"
	Due     = "due"
	Held    = "held"
	Refused = "refused"
	Left    = "left"
	Off     = "off"
)

// Listing is one listing with what the shop has, what it should have and why.
type Listing struct {
	Store     string `json:"store"`
	StoreID   uint32 `json:"storeId"`
	Channel   string `json:"channel"`
	Ref       string `json:"ref"`
	ParentRef string `json:"parentRef"`
	SKU       string `json:"sku"`
	Title     string `json:"title"`
	Variant   string `json:"variant"`
	Status    string `json:"status"` // active, draft, gone, untracked, no_sku, shared
	Linked    bool   `json:"linked"`
	StoreHas  *int64 `json:"storeHas"`
	ReadAt    *int64 `json:"readAt"`
	Number
	State     string      `json:"state"`
	Reason    string      `json:"reason"`
	Locations []ListingAt `json:"locations"` // where the store has some
}

// Number is what a shop should show and was sent last.
type Number struct {
	Target       *int64 `json:"target"`
	LastPushed   *int64 `json:"lastPushed"`
	LastPushedAt *int64 `json:"lastPushedAt"`
	Away         int64  `json:"away,omitempty"` // units that away mode holds back of Target
}

// ListingAt is a listing's number at one location of its store.
type ListingAt struct {
	Ref       string `json:"ref"`
	Name      string `json:"name"`
	Warehouse string `json:"warehouse"` // code, "" for none
	Number
	State  string `json:"state"`
	Reason string `json:"reason"`
}

// Warehouse is a place where stock lies.
type Warehouse struct {
	Code     string   `json:"code"`
	Name     string   `json:"name"`
	Priority int64    `json:"priority"` // 1 is where orders are booked first
	Main     bool     `json:"main"`
	Products int      `json:"products"` // counted in it
	Units    int64    `json:"units"`    // in stock
	Booked   int64    `json:"booked"`
	Stores   []string `json:"stores"` // that sell from it
}

// WarehouseStock is a product in one warehouse.
type WarehouseStock struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	InStock   *int64 `json:"inStock"`
	Booked    int64  `json:"booked"`
	Available *int64 `json:"available"`
	Counted   bool   `json:"counted"`
}

// StoreLocations are the places of a store and the warehouses they are. Of a store without locations they are the
// warehouses themselves, linked or not.
type StoreLocations struct {
	Store     string          `json:"store"`
	Located   bool            `json:"located"` // the shop has a number per location
	Locations []StoreLocation `json:"locations"`
}

// StoreLocation is one of them.
type StoreLocation struct {
	Ref       string `json:"ref"`
	Name      string `json:"name"`
	Active    bool   `json:"active"`
	Fulfils   bool   `json:"fulfils"`
	Warehouse string `json:"warehouse"` // code, "" for none
}

// Product is a stock row with its online listings.
type Product struct {
	StockRow
	Online     []Listing        `json:"online"`
	Warehouses []WarehouseStock `json:"warehouses"` // in the order of their priority
}

// Store is one connected shop with its freshness.
type Store struct {
	ID                uint32            `json:"id"`
	Name              string            `json:"name"`
	Channel           string            `json:"channel"`
	URL               string            `json:"url"`
	AccountID         string            `json:"accountId"`
	Sync              string            `json:"sync"` // off, rehearsing, on
	Paused            bool              `json:"paused"`
	Needs             *string           `json:"needs"`
	NeedsText         string            `json:"needsText"`
	IncludeDrafts     bool              `json:"includeDrafts"`
	Every             int64             `json:"every"`        // ms, of orders
	ListingEvery      int64             `json:"listingEvery"` // ms, of changed listings
	LastOrderPull     *int64            `json:"lastOrderPull"`
	LastInventorySync *int64            `json:"lastInventorySync"`
	LastListingSync   *int64            `json:"lastListingSync"`
	Cooldown          Cooldown          `json:"cooldown"`
	Counts            StoreCounts       `json:"counts"`
	Warnings          []string          `json:"warnings"`
	LastError         string            `json:"lastError"` // why the last cycle failed, "" when it did not
	RetryAt           *int64            `json:"retryAt"`
	Practice          bool              `json:"practice"`
	Statuses          []string          `json:"statuses"`
	StatusMap         map[string]string `json:"statusMap"`
	Activity          *Progress         `json:"activity"` // what it is doing now
	Located           bool              `json:"located"`  // it has a number per location
	Quota             *Quota            `json:"quota"`    // of the vendor's day, null where none is known
	Unlinked          bool              `json:"unlinked"` // and none of them is linked to a warehouse
	KeyEnd            *KeyEnd           `json:"keyEnd"`   // null where no credential ends, or that is not known
}

// KeyEnd is when a credential ends at the latest.
type KeyEnd struct {
	Field string `json:"field"` // clientSecret, refreshToken
	At    int64  `json:"at"`
	Soon  bool   `json:"soon"`  // it is time to tell
	Renew string `json:"renew"` // what to do, a sentence
}

// Quota is what is left of a vendor's allowance of calls for a day.
type Quota struct {
	Left    int    `json:"left"`
	Most    int    `json:"most"`
	ResetAt *int64 `json:"resetAt"` // when all of it is there again, null when none was used
}

// Cooldown is the time left before a hard refresh is possible again, in seconds.
type Cooldown struct {
	Inventory int64 `json:"inventory"`
	Listings  int64 `json:"listings"`
}

// StoreCounts sums up a store's listings.
type StoreCounts struct {
	Listings  int `json:"listings"`
	Linked    int `json:"linked"`
	NoSKU     int `json:"noSku"`
	Untracked int `json:"untracked"`
	Due       int `json:"due"`
	Held      int `json:"held"`
}

// Progress is a piece of work under way.
type Progress struct {
	Store     uint32 `json:"store"`
	Kind      string `json:"kind"`  // of the run, or turn_off, remove
	Phase     string `json:"phase"` // read listings, read orders, read numbers, copy numbers, compare numbers, send …
	Done      int64  `json:"done"`
	Total     int64  `json:"total"` // 0 when unknown
	StartedAt int64  `json:"startedAt"`
	LeftMs    *int64 `json:"leftMs"` // an honest estimate, null for the first 5 s
	Seq       uint64 `json:"seq"`
}

// Order is an order with what it did to stock.
type Order struct {
	Store       string `json:"store"`
	StoreID     uint32 `json:"storeId"`
	Ref         string `json:"ref"`
	Number      string `json:"number"`
	PlacedAt    *int64 `json:"placedAt"`
	UpdatedAt   *int64 `json:"updatedAt"`
	StoreStatus string `json:"storeStatus"`
	State       string `json:"state"` // open, part, closed, ignored
	Notice      string `json:"notice"`
	Lines       []Line `json:"lines"`
}

// Line is one order line with its totals.
type Line struct {
	ID         string  `json:"id"` // names it in `orders link`: store/order/line
	Ref        string  `json:"ref"`
	Listing    string  `json:"listing"`
	SKU        string  `json:"sku"`
	Title      string  `json:"title"`
	Product    *string `json:"product"` // the SKU of the product it is booked on
	Ordered    int64   `json:"ordered"`
	Fulfilled  int64   `json:"fulfilled"`
	Released   int64   `json:"released"`
	WrittenOff int64   `json:"writtenOff"`
	Returned   int64   `json:"returned"`
	Booked     int64   `json:"booked"`
	Baseline   bool    `json:"baseline"` // what had happened to it before sync was turned on has no effect
}

// OrderQuery asks for a window of the orders.
type OrderQuery struct {
	Store  uint32 `json:"store"`
	Open   bool   `json:"open"`
	Number string `json:"number"`
	Offset int    `json:"offset"`
	Limit  int    `json:"limit"`
}

// OrderWindow is the answer.
type OrderWindow struct {
	Total  int     `json:"total"`
	Orders []Order `json:"orders"`
}

// Explanation says how the numbers of a product came about. The terms sum to them.
type Explanation struct {
	SKU       string    `json:"sku"`
	InStock   *int64    `json:"inStock"`
	Booked    int64     `json:"booked"`
	Available *int64    `json:"available"`
	Terms     []Term    `json:"terms"`
	Pushes    []PushLog `json:"pushes"`
}

// Term is one movement.
type Term struct {
	Seq          uint64 `json:"seq"`
	At           int64  `json:"at"`
	Kind         string `json:"kind"`
	Warehouse    string `json:"warehouse,omitempty"` // code, where there are several
	InStock      int64  `json:"inStock"`
	Booked       int64  `json:"booked"`
	InStockAfter *int64 `json:"inStockAfter"`
	BookedAfter  int64  `json:"bookedAfter"`
	Actor        string `json:"actor"`
	Reason       string `json:"reason"`
	Note         string `json:"note"`
	Cause        *Cause `json:"cause"`
	Reverses     uint64 `json:"reverses,omitempty"`
	Undone       bool   `json:"undone"`
}

// Cause names the order line behind a movement.
type Cause struct {
	Store string `json:"store"`
	Order string `json:"order"`
	Line  string `json:"line"`
}

// PushLog is one number that was sent.
type PushLog struct {
	Store   string `json:"store"`
	Listing string `json:"listing"`
	Place   string `json:"place,omitempty"` // name of the store's location, where it has some
	Target  int64  `json:"target"`
	Away    int64  `json:"away,omitempty"` // units that away mode held back of Target
	At      int64  `json:"at"`
	Outcome string `json:"outcome"`
}

// OverTime is how the numbers of a product changed.
type OverTime struct {
	SKU    string  `json:"sku"`
	Moved  int     `json:"moved"` // movements in all
	Points []Point `json:"points"`
}

// Point is what the numbers of a product were from a moment on.
type Point struct {
	At        int64  `json:"at"`
	InStock   *int64 `json:"inStock"`
	Booked    int64  `json:"booked"`
	Available *int64 `json:"available"`
}

// Health lists what a person should look at in the catalogue.
type Health struct {
	NoSKU          []Listing    `json:"noSku"`
	DuplicateSKU   []Duplicate  `json:"duplicateSku"`
	NearSKU        []NearPair   `json:"nearSku"`
	UnmatchedLines []Unmatched  `json:"unmatchedLines"`
	Untracked      []Listing    `json:"untracked"`
	Shared         []Listing    `json:"shared"`
	Marketplace    []Listing    `json:"marketplace"` // sent by the marketplace from its own stock: for information
	Unset          []StockRow   `json:"unset"`
	Held           []Listing    `json:"held"`
	Renamed        []Listing    `json:"renamed"`
	Review         []ReviewItem `json:"review"`
}

// Duplicate is a SKU that stands on several listings of one store.
type Duplicate struct {
	SKU      string    `json:"sku"`
	Store    string    `json:"store"`
	Listings []Listing `json:"listings"`
}

// NearPair are two SKUs a person may have meant to be one.
type NearPair struct {
	A string `json:"a"`
	B string `json:"b"`
}

// Unmatched is an order line without a product, with a suggestion.
type Unmatched struct {
	Line
	Store     string  `json:"store"`
	Order     string  `json:"order"`
	Number    string  `json:"number"`
	Suggested *string `json:"suggested"`
}

// ReviewItem is a question about an order.
type ReviewItem struct {
	Store    string `json:"store"`
	Order    string `json:"order"`
	Number   string `json:"number"`
	Question string `json:"question"`
}

// RunWindow is a window of the activity.
type RunWindow struct {
	Runs []db.Run `json:"runs"`
}
