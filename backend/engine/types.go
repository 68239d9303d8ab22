package engine

import (
	"fmt"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
)

// Codes of refusals and failures, as the command line prints them.
const (
	CodeCooldown     = "cooldown"
	CodeSyncOff      = "sync_off"
	CodeHeld         = "held"
	CodeUnset        = "unset"
	CodeAuth         = "auth"
	CodeWrongShop    = "wrong_shop"
	CodeUnreachable  = "unreachable"
	CodeRefusedHTTP  = "http_refused"
	CodeReadOnly     = "read_only_key"
	CodeClockSkew    = "clock_skew"
	CodeThrottled    = "throttled"
	CodeInvalid      = "invalid"
	CodeNotFound     = "not_found"
	CodeBusy         = "busy"
	CodeUnconfirmed  = "unconfirmed"   // nothing was stored: the user has to confirm what was shown
	CodeChangedSince = "changed_since" // an undo left it as it is
)

// Error is what every method of the engine reports: a code for programs and a sentence for people.
type Error struct {
	Code    string
	Message string
	Store   string // name of the store concerned, if any
	RetryAt time.Time
	Err     error
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s (%v)", e.Message, e.Err)
	}
	return e.Message
}

func (e *Error) Unwrap() error { return e.Err }

// NewStore is what is needed to connect a store.
type NewStore struct {
	Channel, Name string
	Fields        map[string]string // secrets included
	AllowHTTP     bool
	Endpoint      string
	Practice      bool
	Browser       channel.Browser // for channels with a login page of their own; nil: there is none
}

// StorePatch changes settings of a store; nil fields stay as they are.
type StorePatch struct {
	Name          *string
	IncludeDrafts *bool
	Every         *time.Duration    // 1 minute to 10 minutes
	MapStatus     map[string]string // custom status → booked | fulfilled | ignored; laid over what is there
	Fields        map[string]string // new credentials; checked before they are kept
	Browser       channel.Browser   // as in NewStore
	Locations     map[string]string // location → code of the warehouse it is, "" for none; see SetLocations
}

// PushChoice says which rows of a rehearsal are pushed when sync is turned on.
type PushChoice string

const (
	PushTicked PushChoice = ""     // all rows but those that go to zero
	PushAll    PushChoice = "all"  // every row that differs
	PushNone   PushChoice = "none" // every row that differs is left as it is
	PushSome   PushChoice = "some" // the rows named in TurnOn.Push rows
)

// TurnOn are the answers of the turn-on wizard.
type TurnOn struct {
	Copy  bool // copy the store's numbers to products that were never counted
	OnTop bool // this store's open units of products already counted come on top of the counted stock; else they are inside
	Push  PushChoice
	Rows  []string // with PushSome: SKUs, listing refs, or names of rows
}

// Rehearsal is what a push would do. Its JSON form is the command line's.
type Rehearsal struct {
	Store  string         `json:"store"`
	Rows   []RehearsalRow `json:"rows"`
	Totals Totals         `json:"totals"`
}

// RehearsalRow is one number of a rehearsal: that of a listing, where the store has locations at one of them.
type RehearsalRow struct {
	Listing    string   `json:"listing"`
	Location   string   `json:"location,omitempty"` // ref of the store's location, where it has some
	Place      string   `json:"place,omitempty"`    // its name
	SKU        string   `json:"sku"`
	Title      string   `json:"title"`
	Has        *int64   `json:"has"`
	Target     *int64   `json:"target"`
	Difference *int64   `json:"difference"`
	Why        string   `json:"why"`
	Because    *Because `json:"because,omitempty"` // what Why says, where it is a sum
	Flags      []string `json:"flags"`             // zero, halved, unset, duplicate, negative, not_deducted
	Ticked     bool     `json:"ticked"`
	Since      *int64   `json:"since,omitempty"` // of a drift report: since when it differs
}

// Flags of a rehearsal row.
const (
	FlagZero        = "zero"         // goes to zero
	FlagHalved      = "halved"       // falls by more than half
	FlagUnset       = "unset"        // never counted: nothing is sent
	FlagDuplicate   = "duplicate"    // the SKU stands on another listing of this store too
	FlagNegative    = "negative"     // the shop's number is below zero
	FlagNotDeducted = "not_deducted" // open units the shop has not taken off its own number
)

// Totals sum a rehearsal up.
type Totals struct {
	Rows       int   `json:"rows"`
	Changes    int   `json:"changes"`
	Same       int   `json:"same"`
	Zero       int   `json:"zero"`
	Halved     int   `json:"halved"`
	Unset      int   `json:"unset"`
	Ticked     int   `json:"ticked"`
	OpenOrders int   `json:"openOrders"`
	OpenUnits  int64 `json:"openUnits"` // units of open orders that will be booked
}

// StockOp says how a quantity changes In stock.
type StockOp string

const (
	SetStock StockOp = "set"
	AddStock StockOp = "add"
)

// StockChange is a person's change of In stock.
type StockChange struct {
	SKU       string
	Op        StockOp
	Quantity  int64
	Packed    bool // set: the booked units are packed and gone, so Quantity + Booked is stored
	Reason    string
	Note      string
	Warehouse string // code; empty: the default one
	Key       string // minted by whoever asks; the same key is never applied twice
	Actor     string // "you" when empty
}

// StockChanged is what a change came to.
type StockChanged struct {
	Seq     uint64
	Item    uint64
	Notices []string // sentences: a store could not be asked first, add counted from 0
}

// PushOutcome is what became of one number after a change.
type PushOutcome struct {
	Store    string `json:"store"`
	Listing  string `json:"listing"`
	Location string `json:"location,omitempty"` // name of the store's location, where it has some
	Target   *int64 `json:"target"`
	Outcome  string `json:"outcome"` // written, alreadyRight, pending, held, refused, skipped
	Message  string `json:"message"`
}

// Outcomes of a push.
const (
	OutWritten      = "written"
	OutAlreadyRight = "alreadyRight"
	OutPending      = "pending"
	OutHeld         = "held"
	OutRefused      = "refused"
	OutSkipped      = "skipped"
)

// Event is something a listener of the engine may want to show at once.
type Event struct {
	Kind string  // cycle, listings, error
	Run  *db.Run // what was done
}
