package view

import (
	"fmt"

	"evenstock/backend/db"
)

// Statuses of a listing, in the words of the command line.
const (
	StatusActive    = "active"
	StatusDraft     = "draft"
	StatusGone      = "gone"
	StatusUntracked = "untracked"
	StatusNoSKU     = "no_sku"
	StatusShared    = "shared"
)

// RefusedAfter is how often a listing's number may be refused before the user is told (product.md I9).
const RefusedAfter = 5

// shop is a store as the state of its listings depends on it.
type shop struct {
	db.Store
	paused bool // all stores, or this one
}

// statusOf is the one word for what a listing is in its shop. An archived one is shown as a draft: nobody can buy it.
func statusOf(l db.Listing) string {
	switch {
	case l.Gone:
		return StatusGone
	case l.SKU == "":
		return StatusNoSKU
	case l.Shared || l.Pool != "":
		return StatusShared
	case !l.Tracked && !l.Marketplace: // the seller has no stock of what the marketplace sends
		return StatusUntracked
	case l.Status == db.ListingDraft || l.Status == db.ListingArchived:
		return StatusDraft
	}
	return StatusActive
}

// stateOf says how far a listing is from its number, and why, as a sentence for the seller; even listings need none.
// d is the listing's mark, nil when it has none; counted says whether its product was ever counted.
func stateOf(s shop, l db.Listing, counted bool, d *db.Dirty) (state, reason string) {
	ok, why := db.Pushable(s.Store, l, counted)
	switch {
	case !ok:
		return Off, why
	case !s.On():
		return Off, fmt.Sprintf("Inventory sync is off for %s, so no orders are read and nothing is sent.", s.Name)
	case d == nil && l.DriftSince != 0:
		return Even, "The number was changed in the shop. Evenstock keeps its own and sends it at the next change or hard refresh."
	case d == nil:
		return Even, ""
	case d.Held != "":
		return Held, d.Held
	case d.Left:
		return Left, "Left as it is by you until its next change or a hard refresh."
	case d.Fails >= RefusedAfter:
		return Refused, or(d.Message, "The shop keeps refusing this number. It is tried again by itself.")
	}
	return Due, dueBecause(s, d)
}

func dueBecause(s shop, d *db.Dirty) string {
	switch {
	case s.Needs != "":
		return or(s.NeedsText, fmt.Sprintf("Nothing is sent to %s until you connect again.", s.Name))
	case s.paused:
		return "Sending is paused. It goes on when you resume."
	case d.Fails > 0 && d.Message != "":
		return d.Message
	case d.Unknown:
		return "The shop did not confirm the last number. It is read again and sent if it differs; that does no harm."
	case d.LowAt != 0:
		return "The shop shows less than expected and no order explains it. It is read once more before anything is sent."
	}
	return "Waiting to be sent."
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// facts is all that the state of a listing depends on, small enough to keep for every listing.
type facts uint16

const (
	isGone facts = 1 << iota
	isNoSKU
	isDraft
	isArchived
	isMarketplace
	isShared
	isUntracked
	isNotPushed // by its own rule
	isMarked    // has a Dirty record; one of the next three, or due
	isHeld
	isLeft
	isRefused
	isRenamed // its SKU changed in the shop; it is asked what that means
)

func factsOf(l db.Listing, d *db.Dirty) facts {
	var f facts
	set := func(on bool, bit facts) {
		if on {
			f |= bit
		}
	}
	set(l.Gone, isGone)
	set(l.SKU == "", isNoSKU)
	set(l.Status == db.ListingDraft, isDraft)
	set(l.Status == db.ListingArchived, isArchived)
	set(l.Marketplace, isMarketplace)
	set(l.Shared, isShared)
	set(!l.Tracked, isUntracked)
	set(l.Rule.DoNotPush, isNotPushed)
	set(l.Renamed != "", isRenamed)
	if d != nil {
		set(true, isMarked)
		set(d.Held != "", isHeld)
		set(d.Left, isLeft)
		set(d.Fails >= RefusedAfter, isRefused)
	}
	return f
}

// state is stateOf without the sentence, from facts alone.
func (f facts) state(s shop, item uint64, counted bool) string {
	state, _ := stateOf(s, f.listing(item), counted, f.dirty())
	return state
}

// listing is a record with the same facts.
func (f facts) listing(item uint64) db.Listing {
	l := db.Listing{Item: item, SKU: "-", Status: db.ListingActive, Gone: f&isGone != 0, Marketplace: f&isMarketplace != 0,
		Shared: f&isShared != 0, Tracked: f&isUntracked == 0}
	l.Rule.DoNotPush = f&isNotPushed != 0
	if f&isNoSKU != 0 {
		l.SKU = ""
	}
	if f&isDraft != 0 {
		l.Status = db.ListingDraft
	}
	if f&isArchived != 0 {
		l.Status = db.ListingArchived
	}
	return l
}

// dirty is a mark with the same facts, nil when there is none.
func (f facts) dirty() *db.Dirty {
	if f&isMarked == 0 {
		return nil
	}
	d := &db.Dirty{Left: f&isLeft != 0}
	if f&isHeld != 0 {
		d.Held = "-"
	}
	if f&isRefused != 0 {
		d.Fails = RefusedAfter
	}
	return d
}
