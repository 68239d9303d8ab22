// Package channel is the contract between the engine and the shops.
//
// A connector translates; it decides nothing. It makes one attempt per request, never sleeps, never writes to the
// database, and reports failure as an [Error] whose Kind tells the engine what to do next. The rules every connector
// must obey are the tests in channel/channeltest.
package channel

import (
	"context"
	"iter"
	"time"
)

// OrderHistory is how far back the zero [Cursor] of ListOrders reaches for orders that are no longer open. A return of
// goods shipped before that is not seen as a change of a known line.
const OrderHistory = 90 * 24 * time.Hour

// Store is one connected shop account. Its methods may be called from several goroutines.
type Store interface {
	// Capabilities never does I/O and always returns the same value.
	Capabilities() Capabilities

	// Check proves that the credentials work for reading and, as far as the vendor can be asked without writing, for
	// writing, and describes the account behind them. Its ID stays the same when the account is connected again.
	Check(ctx context.Context) (Account, error)

	// ListListings yields every listing changed since the cursor, one vendor page at a time. The zero Cursor asks for
	// all of them. Order is not defined and a listing may be yielded twice; none that changed may be skipped.
	// After an error the sequence ends.
	ListListings(ctx context.Context, since Cursor) iter.Seq2[Page[Listing], error]

	// ListOrders yields every order changed since the cursor. The zero Cursor asks for all open orders of any age and
	// every order changed within [OrderHistory]. Each order carries all its lines with their totals as of now, so a
	// reader may apply a page any number of times.
	ListOrders(ctx context.Context, since Cursor) iter.Seq2[Page[Order], error]

	// ReadStock returns what the store holds now for at most Capabilities.ReadBatch listings, one Reading per ref and
	// in the same order. It bypasses caches and is never older than the call, unless it is Doubtful.
	ReadStock(ctx context.Context, refs []Ref) ([]Reading, error)

	// GetOrders returns the present state of known orders, in any order; one that is gone or trashed comes back with
	// Gone set. An order that is missing from the answer is an error of the connector.
	GetOrders(ctx context.Context, refs []string) ([]Order, error)

	// PushStock sets absolute quantities; len(batch) is at most Capabilities.PushBatch. It returns one Result per
	// element, in order, when err is nil. When err is not nil the outcome of every element is unknown: the caller
	// reads before it pushes again. A connector may send a difference, but only from Expect.
	PushStock(ctx context.Context, batch []StockLevel) ([]Result, error)
}

// Cursor is a connector's own bookmark. It is stored in the same transaction as the page it came with.
type Cursor []byte

// Page is the unit of work and of recovery: the engine applies Items and stores Next in one transaction.
// Resuming from Next must not skip an item that changed after this page was read.
type Page[T any] struct {
	Items []T
	Next  Cursor
	Total int       // items the vendor announced for the whole sequence, 0 if unknown; for progress only
	Wait  time.Time // not zero: nothing yet (report, bulk operation); come back with Next then
}

// Capabilities are facts about the vendor, not settings of the user.
type Capabilities struct {
	PushBatch       int           // most StockLevels in one PushStock
	ReadBatch       int           // most refs in one ReadStock
	Slice           int           // listings that are read twice and written between two looks at orders, 0 for as many as usual
	OrderFreshness  time.Duration // a push needs an order pull no older than this
	PushWholeParent bool          // all listings of a parent must travel in one batch
	CompareAndSet   bool          // StockLevel.Expect is honoured as a precondition: Stale when it does not hold
	DeltaListings   bool          // ListListings honours since; otherwise every call is a full sweep
	DeltaOrders     bool          // ListOrders honours since
	Locations       bool          // StockLevel.Location is honoured; otherwise it is always empty
	MaxQuantity     int64         // largest accepted quantity, 0 for none
	ListingEvery    time.Duration // how often asking for changed listings makes sense
	Budgets         []Budget
}

// Budget is a vendor's allowance for one class of calls; httpx enforces it, the engine never sees it. A call takes one
// token, or as many as the vendor counts for it: points, for instance.
type Budget struct {
	Name     string        // "orders", "listings", "push"
	Every    time.Duration // one token per Every
	Burst    int
	DailyMax int // 0 for none, or for a number that the vendor's answers tell
	// DayBegins says when the count of DailyMax begins anew: [DayAt] a time of day or, with the zero value [SlidingDay],
	// never: every call counts for 24 hours.
	DayBegins DayStart
	// Of names a budget that this one's calls are charged to as well, "" for none: the allowance that all calls share.
	Of string
	// Keep is how much of DailyMax is left to the budgets that are Urgent. No more than a fifth is kept, so that apps with
	// few calls still push.
	Keep   int
	Urgent bool // its calls may use up what the budget it is Of keeps: order pulls
}

// DayStart is when a vendor's day begins.
type DayStart time.Duration

// SlidingDay has every call count for 24 hours.
const SlidingDay DayStart = 0

// DayAt is a vendor's day that begins so long after midnight UTC.
func DayAt(afterMidnight time.Duration) DayStart { return DayStart(24*time.Hour + afterMidnight) }

// Account describes the shop behind a set of credentials.
type Account struct {
	ID       string // stable: the same shop connected twice has the same ID
	Name     string // as the shop calls itself
	URL      string
	Version  string // of the shop's software, if it tells
	Time     time.Time
	Currency string
	Warnings []string // full sentences a seller understands, e.g. stock management is switched off in the shop
}

// ListingStatus says whether customers can buy a listing.
type ListingStatus string

const (
	Active   ListingStatus = "active"
	Draft    ListingStatus = "draft"    // draft, pending, private: shown only when the store includes drafts
	Archived ListingStatus = "archived" // never synced
)

// Listing is one sellable variant in a store.
type Listing struct {
	Ref, Parent    string // Parent is empty for a listing that stands alone
	SKU            string // as the shop has it, trimmed; empty when the variant has none of its own
	Title, Variant string // Variant such as "Size M", empty for a simple listing
	Barcode, Image string
	Status         ListingStatus
	Tracked        bool // the shop counts stock for it; false = a quantity cannot be pushed
	Shared         bool // its number belongs to its parent and is shared with siblings that have other SKUs
	// Pool names the one number that it shares with siblings that have other SKUs: what is written for one shows on all of
	// them, so they are sent the least of theirs. Empty where the number is its own, and where it is Shared. The refs of a
	// pool begin with Parent and a slash.
	Pool      string
	Fulfilled bool   // the marketplace itself fulfils it (FBA): shown, never pushed, no own stock
	Quantity  *int64 // what the shop held when the listing was read, nil if unknown
	Updated   time.Time
}

// Order is the present state of one order with all its lines. It never carries a buyer's name, address or e-mail.
type Order struct {
	Ref, Number, Status string
	Placed, Updated     time.Time // an order with Updated older than the stored one is ignored
	Gone                bool      // trashed or deleted: open units are released, Lines may be empty
	Ignored             bool      // the books take no notice of it (an unpaid draft, a status the user maps to ignored)
	Fulfilled           bool      // the marketplace itself fulfils it: never touches own stock
	Lines               []Line    // a stored line absent from a newer order is settled as released
	Notice              string    // a sentence for a review item when the vendor stated no quantity, else empty
}

// Line totals are facts stated by the store, see domain.Counts. They are totals as of now, never events.
type Line struct {
	Ref, ListingRef, SKU, Title string
	Ordered                     int64
	Released                    int64            // cancelled or refunded with restock before shipping
	WrittenOff                  int64            // refunded without restock before shipping
	Held                        int64            // units the store has taken off its own number for this line right now
	HeldAt                      map[string]int64 // Held by location Ref; below 0 where units came back that were not taken there; nil if nobody tells
	Fulfilled, Returned         map[string]int64 // by location Ref; the key "" where there are no locations
}

// Location is a place in the store that has numbers of its own.
type Location struct {
	Ref, Name string
	Active    bool // numbers can be written there
	Fulfils   bool // online orders are shipped from there
}

// Ref names a number in the store.
type Ref struct{ Listing, Parent, Location string }

// Reading is what the store holds now. Err is nil or an *Error of kind Missing or Invalid for this listing alone.
type Reading struct {
	Ref      Ref
	Quantity *int64 // nil when the shop does not track the listing
	Doubtful bool   // it may be from before a write of a moment ago, so that it proves no number right
	Err      error
}

// StockLevel is one number to bring to the store.
type StockLevel struct {
	Listing, Parent, Location string
	Available                 int64  // never negative
	Expect                    *int64 // what the channel should hold now, nil if unknown
	Key                       string // same key = same write
}

// Result is the channel's answer for one StockLevel. A nil Err means the channel accepted the value.
type Result struct {
	Was     *int64 // quantity before the write, if the channel tells
	Pending string // accepted but not applied yet (feeds): a handle for Settle; only of an absolute number, since a newer one is sent over it
	Err     error  // *Error of kind Invalid, Missing or Stale
}

// Settler is the ability to tell what became of pushes that apply later.
type Settler interface {
	Settle(ctx context.Context, handles []string) ([]Result, error)
}

// Clock is the ability to tell the store's own time, by one cheap request that the store really answers.
type Clock interface {
	StoreTime(ctx context.Context) (time.Time, error)
}

// Quota is what is left of a vendor's allowance for a day.
type Quota struct {
	Left, Most int       // calls
	Reset      time.Time // when nothing spent so far counts any more; zero when nothing was spent
}

// Quoter is the ability to tell what is left of the scarcest allowance for a day, without asking the vendor; false where
// none is known.
type Quoter interface {
	Quota() (Quota, bool)
}

// KeyEnd is when the vendor stops accepting one of the credentials, at the latest.
type KeyEnd struct {
	Field string // of the Type's Fields
	At    time.Time
	Warn  time.Time // from when on the user is told
	Renew string    // what the user is to do, one sentence
}

// KeyEnder is the ability to tell of the credential that ends, without asking the vendor; false where that is not known
// yet. A store whose credentials last for ever does not have it.
type KeyEnder interface {
	KeyEnd() (KeyEnd, bool)
}

// StatusLister is the ability to name the order statuses beyond the vendor's own, which the user may map.
type StatusLister interface {
	Statuses(ctx context.Context) ([]string, error)
}

// Tracker is the ability to switch stock tracking on for listings, after the user's explicit consent. It sets the
// quantity with the same call, since a shop that starts to track without a number shows zero.
type Tracker interface {
	Track(ctx context.Context, level StockLevel) error
}

// Locator is the ability to name the places that have numbers of their own. Every store whose Capabilities say Locations
// has it. The first is the one the vendor means where none is named.
type Locator interface {
	Locations(ctx context.Context) ([]Location, error)
}
