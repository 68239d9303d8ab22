package db

import (
	"evenstock/backend/domain"
)

// Records are stored as one version byte and CBOR with integer keys. The numbers are never reused and never change their
// meaning; unknown ones are ignored on reading. Times are Unix milliseconds UTC, 0 for never. Quantities are units.

// Item is a product: everything with one SKU.
type Item struct {
	ID      uint64 `cbor:"-"`
	SKU     string `cbor:"1,keyasint"`
	Title   string `cbor:"2,keyasint,omitempty"`
	Variant string `cbor:"3,keyasint,omitempty"`
	Barcode string `cbor:"4,keyasint,omitempty"`
	Image   string `cbor:"5,keyasint,omitempty"`
	Own     bool   `cbor:"6,keyasint,omitempty"` // the title is the user's own and no longer follows the first listing
	Created int64  `cbor:"7,keyasint,omitempty"`
	Low     int64  `cbor:"8,keyasint,omitempty"` // low-stock level, 0 for none
}

// Stock is the projection of one product's movements in one warehouse.
type Stock struct {
	OnHand    int64  `cbor:"1,keyasint,omitempty"`
	Booked    int64  `cbor:"2,keyasint,omitempty"`
	Counted   bool   `cbor:"3,keyasint,omitempty"`
	LastSeq   uint64 `cbor:"4,keyasint,omitempty"`
	CountedAt int64  `cbor:"5,keyasint,omitempty"` // time of the last count, copy or first receipt
	Changed   int64  `cbor:"6,keyasint,omitempty"`
	CopyStore uint32 `cbor:"7,keyasint,omitempty"` // the store whose number was copied last, while no count came after
	CopyAt    int64  `cbor:"8,keyasint,omitempty"` // by the store's clock: orders placed before are part of that number
}

// Domain is s as the arithmetic sees it.
func (s Stock) Domain() domain.Stock {
	return domain.Stock{OnHand: s.OnHand, Booked: s.Booked, Counted: s.Counted}
}

// Cause says why a movement happened. Order lines name all three; a person's action names none.
type Cause struct {
	Store uint32 `cbor:"1,keyasint,omitempty"`
	Order string `cbor:"2,keyasint,omitempty"`
	Line  string `cbor:"3,keyasint,omitempty"`
}

// Movement is one change of stock. It is never changed and never deleted; the two After fields let every row of a
// history explain itself and are checked against the running sum by Verify.
type Movement struct {
	Seq          uint64      `cbor:"1,keyasint"`
	Item         uint64      `cbor:"2,keyasint"`
	Loc          uint32      `cbor:"3,keyasint"`
	Kind         domain.Kind `cbor:"4,keyasint"`
	OnHand       int64       `cbor:"5,keyasint,omitempty"` // change of In stock
	Booked       int64       `cbor:"6,keyasint,omitempty"` // change of Booked
	OnHandAfter  int64       `cbor:"7,keyasint,omitempty"`
	BookedAfter  int64       `cbor:"8,keyasint,omitempty"`
	CountedAfter bool        `cbor:"9,keyasint,omitempty"`
	First        bool        `cbor:"10,keyasint,omitempty"` // it made an unset product counted; its undo unsets it again
	Cause        Cause       `cbor:"11,keyasint,omitempty"`
	Actor        string      `cbor:"12,keyasint,omitempty"` // "you", "sync", "copy"
	Reason       string      `cbor:"13,keyasint,omitempty"`
	Note         string      `cbor:"14,keyasint,omitempty"`
	At           int64       `cbor:"15,keyasint"`
	Reverses     uint64      `cbor:"16,keyasint,omitempty"`
	AsOf         int64       `cbor:"18,keyasint,omitempty"` // of a copy: by the store's clock, orders placed before are part of it
	Chain        []byte      `cbor:"17,keyasint,omitempty"` // sha256 over the previous Chain and this record without it, 16 bytes
}

// Establishes reports whether m says what lies on the shelf, whatever was known before.
func (m Movement) Establishes() bool {
	return m.First || m.Kind == domain.Counted || m.Kind == domain.Copied
}

// Minted remembers that a key was used, and for what.
type Minted struct {
	Seq   uint64 `cbor:"1,keyasint"`
	Input []byte `cbor:"2,keyasint"` // first 8 bytes of the hash of what was asked
}

// Listing is one sellable variant in a store and what is known about it.
type Listing struct {
	Store       uint32      `cbor:"-"`
	Ref         string      `cbor:"1,keyasint"`
	Parent      string      `cbor:"2,keyasint,omitempty"`
	SKU         string      `cbor:"3,keyasint,omitempty"`
	Title       string      `cbor:"4,keyasint,omitempty"`
	Variant     string      `cbor:"5,keyasint,omitempty"`
	Status      string      `cbor:"6,keyasint,omitempty"` // channel.ListingStatus
	Tracked     bool        `cbor:"7,keyasint,omitempty"`
	Shared      bool        `cbor:"8,keyasint,omitempty"`
	Marketplace bool        `cbor:"9,keyasint,omitempty"` // fulfilled by the marketplace itself
	Quantity    *int64      `cbor:"10,keyasint,omitempty"`
	ReadAt      int64       `cbor:"11,keyasint,omitempty"`
	Item        uint64      `cbor:"12,keyasint,omitempty"` // 0: linked to no product
	Gone        bool        `cbor:"13,keyasint,omitempty"`
	Sweep       uint64      `cbor:"14,keyasint,omitempty"` // the last full pull that saw it
	Rule        domain.Rule `cbor:"15,keyasint,omitempty"`
	Renamed     string      `cbor:"16,keyasint,omitempty"` // the SKU it has now, held until the user says what it means
	Updated     int64       `cbor:"17,keyasint,omitempty"`
	Barcode     string      `cbor:"18,keyasint,omitempty"`
	Image       string      `cbor:"19,keyasint,omitempty"`
	DriftSince  int64       `cbor:"20,keyasint,omitempty"` // since when the shop's number differs from what it should show
	Pool        string      `cbor:"21,keyasint,omitempty"` // channel.Listing.Pool
}

// Link names a listing.
type Link struct {
	Store uint32 `cbor:"1,keyasint"`
	Ref   string `cbor:"2,keyasint"`
}

// Links are the listings of one product.
type Links struct {
	Links []Link `cbor:"1,keyasint"`
}

// Order is the header of an order.
type Order struct {
	Store       uint32 `cbor:"-"`
	Ref         string `cbor:"1,keyasint"`
	Number      string `cbor:"2,keyasint,omitempty"`
	Status      string `cbor:"3,keyasint,omitempty"` // the store's own word
	Placed      int64  `cbor:"4,keyasint,omitempty"`
	Updated     int64  `cbor:"5,keyasint,omitempty"`
	Gone        bool   `cbor:"6,keyasint,omitempty"`
	Ignored     bool   `cbor:"7,keyasint,omitempty"`
	Marketplace bool   `cbor:"8,keyasint,omitempty"`
	Notice      string `cbor:"9,keyasint,omitempty"`
	Open        int64  `cbor:"10,keyasint,omitempty"` // open units over all lines
	Units       int64  `cbor:"11,keyasint,omitempty"`
	Review      string `cbor:"12,keyasint,omitempty"` // a question to the user; empty when answered or none
}

// Counts is domain.Counts as stored.
type Counts struct {
	Ordered    int64 `cbor:"1,keyasint,omitempty"`
	Fulfilled  int64 `cbor:"2,keyasint,omitempty"`
	Released   int64 `cbor:"3,keyasint,omitempty"`
	WrittenOff int64 `cbor:"4,keyasint,omitempty"`
	Returned   int64 `cbor:"5,keyasint,omitempty"`
}

// Domain is c as the arithmetic sees it.
func (c Counts) Domain() domain.Counts { return domain.Counts(c) }

// Shipped is a change of In stock that a line without a product would have made, and when.
type Shipped struct {
	At     int64  `cbor:"1,keyasint"`
	OnHand int64  `cbor:"2,keyasint"`
	Loc    uint32 `cbor:"3,keyasint,omitempty"` // the warehouse, 0: the one the line is booked in
}

// Away are units of an order line that left, or came back, at a location of the store.
type Away struct {
	Where     string `cbor:"1,keyasint"`
	Loc       uint32 `cbor:"2,keyasint"` // the warehouse that location was then
	Fulfilled int64  `cbor:"3,keyasint,omitempty"`
	Returned  int64  `cbor:"4,keyasint,omitempty"`
}

// Line is one order line. It keeps the product it was first booked on for ever.
type Line struct {
	Store     uint32           `cbor:"-"`
	Order     string           `cbor:"-"`
	Ref       string           `cbor:"1,keyasint"`
	Listing   string           `cbor:"2,keyasint,omitempty"`
	SKU       string           `cbor:"3,keyasint,omitempty"`
	Title     string           `cbor:"4,keyasint,omitempty"`
	Item      uint64           `cbor:"5,keyasint,omitempty"`
	Loc       uint32           `cbor:"6,keyasint,omitempty"` // the warehouse it was booked in
	Base      Counts           `cbor:"7,keyasint,omitempty"` // state at the anchor: what happened before has no effect
	Now       Counts           `cbor:"8,keyasint,omitempty"`
	Held      int64            `cbor:"9,keyasint,omitempty"`  // units the store has taken off its own number
	Shipped   []Shipped        `cbor:"10,keyasint,omitempty"` // only while the line has no product
	Meanwhile int64            `cbor:"11,keyasint,omitempty"` // units shipped while sync was off, waiting for the user's answer
	Baseline  bool             `cbor:"12,keyasint,omitempty"` // Base was taken from a state that was already moving
	Turn      int64            `cbor:"13,keyasint,omitempty"` // the turn-on that brought it along, 0: it was placed while sync was on, or is part of the count since
	HeldAt    map[string]int64 `cbor:"14,keyasint,omitempty"` // Held by location, where the store tells
	Away      []Away           `cbor:"15,keyasint,omitempty"` // fulfilled and returned units by location, where the store has some
}

// Why a listing is dirty, as bits.
const (
	ByOrder  uint8 = 1 << iota // an order line changed
	ByUser                     // a person changed stock
	ByRule                     // a rule or a switch changed
	ByLink                     // a listing was linked, came back, or sync was turned on
	ByShop                     // the shop's number was seen to differ and the user asked to mend it
	ByForced                   // hard refresh: look at it whatever is known
	ByAway                     // away mode began or ended
)

// Dirty marks a listing that has to be looked at and, if its number differs, written.
type Dirty struct {
	Gen       uint64 `cbor:"1,keyasint"` // grows with every mark; an acknowledgement removes only the mark it saw
	Cause     uint8  `cbor:"2,keyasint,omitempty"`
	Since     int64  `cbor:"3,keyasint,omitempty"`
	Fails     int64  `cbor:"4,keyasint,omitempty"`
	NotBefore int64  `cbor:"5,keyasint,omitempty"`
	Code      string `cbor:"6,keyasint,omitempty"`
	Message   string `cbor:"7,keyasint,omitempty"`
	Held      string `cbor:"8,keyasint,omitempty"`  // why the safety catch holds it; empty: it does not
	Left      bool   `cbor:"9,keyasint,omitempty"`  // left as it is by the user until its next change
	LowAt     int64  `cbor:"10,keyasint,omitempty"` // when a number lower than expected was first read
	LowValue  int64  `cbor:"11,keyasint,omitempty"`
	Want      int64  `cbor:"12,keyasint,omitempty"` // of a held or refused row: what it would be brought to
	Has       int64  `cbor:"13,keyasint,omitempty"`
	Unknown   bool   `cbor:"14,keyasint,omitempty"` // the outcome of the last write is unknown: read before anything else
	Handle    string `cbor:"15,keyasint,omitempty"` // Want was taken and is not applied yet; the connector's name for that
	HandleGen uint64 `cbor:"16,keyasint,omitempty"` // Gen of the mark that Want was sent for
	HandleAt  int64  `cbor:"17,keyasint,omitempty"`
}

// Pushed is what the store last accepted, and what it should show since.
type Pushed struct {
	Value  int64 `cbor:"1,keyasint,omitempty"`
	At     int64 `cbor:"2,keyasint,omitempty"`
	Expect int64 `cbor:"4,keyasint,omitempty"` // Value − units the store took off itself since + units it gave back
	Seen   bool  `cbor:"5,keyasint,omitempty"` // Expect rests on a reading, nothing was ever written
}

// Write is one number that was sent, for explaining and undoing.
type Write struct {
	At      int64  `cbor:"1,keyasint"`
	Store   uint32 `cbor:"2,keyasint"`
	Ref     string `cbor:"3,keyasint"`
	Before  *int64 `cbor:"4,keyasint,omitempty"`
	Sent    int64  `cbor:"5,keyasint,omitempty"`
	Outcome string `cbor:"6,keyasint,omitempty"` // written, refused, unknown, pending
	Where   string `cbor:"8,keyasint,omitempty"` // location, where the store has some
	Away    int64  `cbor:"9,keyasint,omitempty"` // units that away mode held back of it
}

// RunError is one listing that could not be brought to its number.
type RunError struct {
	SKU     string `cbor:"1,keyasint,omitempty" json:"sku"`
	Listing string `cbor:"2,keyasint,omitempty" json:"listing"`
	Code    string `cbor:"3,keyasint,omitempty" json:"code"`
	Message string `cbor:"4,keyasint,omitempty" json:"message"`
}

// Kinds and outcomes of a run, as the command line prints them.
const (
	RunSync             = "sync"
	RunInventoryRefresh = "inventory_refresh"
	RunListingsSync     = "listings_sync"
	RunListingsRefresh  = "listings_refresh"
	RunTurnOn           = "turn_on"
	RunUndoPush         = "undo_push"

	Done      = "done"
	Partly    = "partly"
	Failed    = "failed"
	Refused   = "refused"
	Held      = "held"
	Cancelled = "cancelled"
)

// Run is one piece of work on one store and what came of it. Its JSON form is the command line's.
type Run struct {
	ID             uint64     `cbor:"1,keyasint" json:"id"`
	Store          uint32     `cbor:"2,keyasint" json:"-"`
	StoreName      string     `cbor:"3,keyasint" json:"store"`
	Kind           string     `cbor:"4,keyasint" json:"kind"`
	StartedAt      int64      `cbor:"5,keyasint" json:"startedAt"`
	FinishedAt     int64      `cbor:"6,keyasint,omitempty" json:"finishedAt"`
	Outcome        string     `cbor:"7,keyasint,omitempty" json:"outcome"`
	OrdersRead     int64      `cbor:"8,keyasint,omitempty" json:"ordersRead"`
	OrdersChanged  int64      `cbor:"9,keyasint,omitempty" json:"ordersChanged"`
	ListingsRead   int64      `cbor:"10,keyasint,omitempty" json:"listingsRead"`
	UnitsBooked    int64      `cbor:"11,keyasint,omitempty" json:"unitsBooked"`
	UnitsFulfilled int64      `cbor:"12,keyasint,omitempty" json:"unitsFulfilled"`
	UnitsReleased  int64      `cbor:"13,keyasint,omitempty" json:"unitsReleased"`
	Checked        int64      `cbor:"14,keyasint,omitempty" json:"checked"`
	Written        int64      `cbor:"15,keyasint,omitempty" json:"written"`
	AlreadyRight   int64      `cbor:"16,keyasint,omitempty" json:"alreadyRight"`
	Refused        int64      `cbor:"17,keyasint,omitempty" json:"refused"`
	Pending        int64      `cbor:"18,keyasint,omitempty" json:"pending"`
	HeldRows       int64      `cbor:"19,keyasint,omitempty" json:"held"`
	Errors         []RunError `cbor:"20,keyasint,omitempty" json:"errors"`
	Note           string     `cbor:"21,keyasint,omitempty" json:"note,omitempty"` // a sentence: why it failed, was refused or held
	Code           string     `cbor:"22,keyasint,omitempty" json:"code,omitempty"`
}

// HardRefresh remembers one manual hard refresh of one action.
type HardRefresh struct {
	Local  int64  `cbor:"1,keyasint,omitempty"` // accepted at, by this computer's clock
	Store  int64  `cbor:"2,keyasint,omitempty"` // accepted at, by the store's own clock; 0 if it was not asked
	Cursor string `cbor:"3,keyasint,omitempty"` // where it broke off
	Broken bool   `cbor:"4,keyasint,omitempty"` // it broke off and may be resumed
}

// Lane is what a store's lane must not forget over a restart.
type Lane struct {
	OrderPull     int64       `cbor:"1,keyasint,omitempty"` // last good order pull
	OrderTry      int64       `cbor:"2,keyasint,omitempty"` // last attempt
	InventorySync int64       `cbor:"3,keyasint,omitempty"` // last push or hard refresh that finished
	ListingSync   int64       `cbor:"4,keyasint,omitempty"` // last good listing pull
	ListingTry    int64       `cbor:"5,keyasint,omitempty"`
	Sweep         int64       `cbor:"6,keyasint,omitempty"` // last good full listing pull
	SweepID       uint64      `cbor:"7,keyasint,omitempty"`
	BookedRead    int64       `cbor:"8,keyasint,omitempty"` // last re-reading of booked orders
	CoolUntil     int64       `cbor:"9,keyasint,omitempty"` // the store asked to be left alone until then
	Fails         int64       `cbor:"10,keyasint,omitempty"`
	NotBefore     int64       `cbor:"11,keyasint,omitempty"` // back-off after a failure
	LastError     string      `cbor:"12,keyasint,omitempty"`
	LastCode      string      `cbor:"13,keyasint,omitempty"`
	Skew          int64       `cbor:"14,keyasint,omitempty"` // the store's clock minus ours, ms
	Inventory     HardRefresh `cbor:"15,keyasint,omitempty"`
	Listings      HardRefresh `cbor:"16,keyasint,omitempty"`
	Recheck       int64       `cbor:"17,keyasint,omitempty"` // read again then: a number was lower than expected
	LastWoken     int64       `cbor:"18,keyasint,omitempty"`
	Stopped       int64       `cbor:"19,keyasint,omitempty"` // when the back-off or the cool-down began
	OrderWait     int64       `cbor:"20,keyasint,omitempty"` // the shop prepares its orders until then
	ListingWait   int64       `cbor:"21,keyasint,omitempty"` // the same of changed listings,
	SweepWait     int64       `cbor:"22,keyasint,omitempty"` // and of all listings
	Prepared      int64       `cbor:"23,keyasint,omitempty"` // last full listing pull that was read in several goes: the shop had to prepare it
}

// Notice is something a person was told of: a condition that began, in a store or in none.
type Notice struct {
	Seq       uint64 `cbor:"-"`
	Kind      string `cbor:"1,keyasint"`
	Store     uint32 `cbor:"2,keyasint,omitempty"`
	StoreName string `cbor:"3,keyasint,omitempty"` // as it was called when it began
	Count     int64  `cbor:"4,keyasint,omitempty"` // the latest
	Text      string `cbor:"5,keyasint,omitempty"` // what the shop or the system said
	At        int64  `cbor:"6,keyasint"`           // when it was told: when it began, or has grown since
	Ended     int64  `cbor:"7,keyasint,omitempty"` // when it was over, 0 while it is true
	Read      bool   `cbor:"8,keyasint,omitempty"`
	Muted     bool   `cbor:"9,keyasint,omitempty"`  // it began while such notices were not wanted
	By        int64  `cbor:"10,keyasint,omitempty"` // until when something is to be done, 0 for no such time
}

// Warehouse is a place where stock lies.
type Warehouse struct {
	Loc      uint32 `cbor:"-"`
	Code     string `cbor:"1,keyasint"`
	Name     string `cbor:"2,keyasint"`
	Priority int64  `cbor:"3,keyasint,omitempty"` // 1 is where an order is booked first
	Archived bool   `cbor:"4,keyasint,omitempty"` // taken away by the user; its history stays
}
