package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/domain"
	"evenstock/backend/ledger"
)

// pullListings reads the listings changed since the last pull (M3, L6). Where the channel cannot tell what changed, it
// reads all.
func (l *lane) pullListings(ctx context.Context, v *visit) error {
	var cursor []byte
	err := v.view(func(tx *db.Tx) (err error) { cursor, err = tx.Cursor(l.id, streamListings); return err })
	if err != nil {
		return err
	}
	if cursor == nil || !v.caps.DeltaListings {
		return l.sweepListings(ctx, v)
	}
	if err := v.stamp(func(x *db.Lane) { x.ListingTry, x.ListingWait = l.e.now().UnixMilli(), 0 }); err != nil {
		return err
	}
	for page, err := range v.shop.ListListings(ctx, cursor) {
		if err != nil {
			return err
		}
		if err := v.applyListings(page, streamListings, cursor, 0); err != nil {
			return err
		}
		cursor = page.Next
		if !page.Wait.IsZero() {
			return v.wait(page.Wait, "listings", listingWait)
		}
	}
	return v.stamp(func(x *db.Lane) { x.ListingSync = l.e.now().UnixMilli() })
}

// sweepListings reads all listings (M4, the nightly sweep, the first pull); one that is not seen is gone (L9). A sweep
// that broke off goes on where it stopped.
func (l *lane) sweepListings(ctx context.Context, v *visit) error {
	if err := v.learnLocations(ctx); err != nil {
		return err
	}
	sweep, cursor, err := v.beginSweep()
	if err != nil {
		return err
	}
	resumed := cursor != nil
	for page, err := range v.shop.ListListings(ctx, cursor) {
		if err != nil {
			return err
		}
		if err := v.applyListings(page, streamSweep, cursor, sweep); err != nil {
			return err
		}
		cursor = page.Next
		if !page.Wait.IsZero() {
			return v.wait(page.Wait, "listings", sweepWait)
		}
	}
	if err := v.endSweep(sweep, cursor); err != nil {
		return err
	}
	return v.stamp(func(x *db.Lane) {
		x.ListingSync = l.e.now().UnixMilli()
		x.Sweep = x.ListingSync
		if resumed {
			x.Prepared = x.ListingSync
		}
	})
}

// preparedLasts is how long listings that the shop had to prepare are up to date enough for a person who was told to come back
// when they are there.
const preparedLasts = 15 * time.Minute

// freshListings brings the listings up to date for a person who is about to decide something. Those that the shop has prepared
// for him are not asked for anew: it would prepare them once more, and he would wait for ever.
func (l *lane) freshListings(ctx context.Context, v *visit) error {
	var lane db.Lane
	if err := v.view(func(tx *db.Tx) (err error) { lane, err = tx.Lane(l.id); return err }); err != nil {
		return err
	}
	if lane.Prepared != 0 && !passed(l.e.now(), lane.Prepared, preparedLasts) {
		return nil
	}
	return l.pullListings(ctx, v)
}

// beginSweep resumes a sweep that broke off, or begins a new one.
func (v *visit) beginSweep() (sweep uint64, cursor []byte, err error) {
	err = v.update(func(tx *db.Tx) error {
		lane, err := tx.Lane(v.l.id)
		if err != nil {
			return err
		}
		if cursor, err = tx.Cursor(v.l.id, streamSweep); err != nil {
			return err
		}
		if cursor == nil {
			lane.SweepID++
		}
		sweep, lane.ListingTry, lane.SweepWait = lane.SweepID, tx.Now(), 0
		return tx.PutLane(v.l.id, lane)
	})
	return sweep, cursor, err
}

// endSweep marks what the sweep did not see as gone and lets the next pull go on from its end. A shop that suddenly has
// nothing at all is not believed: that is what a broken plugin looks like.
func (v *visit) endSweep(sweep uint64, cursor []byte) error {
	var missing []db.Listing
	seen := 0
	err := v.view(func(tx *db.Tx) error {
		for l := range tx.Listings(v.l.id) {
			if l.Sweep == sweep {
				seen++
			} else if !l.Gone {
				missing = append(missing, l)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if seen == 0 && len(missing) > 0 {
		v.run.Note = fmt.Sprintf("%s answered with no listings at all. The %d known ones are kept until a later pull says the same of some of them.", v.store.Name, len(missing))
		missing = nil
	}
	if err := each(v, missing, vanish); err != nil {
		return err
	}
	return v.update(func(tx *db.Tx) error {
		if err := tx.PutCursor(v.l.id, streamSweep, nil); err != nil {
			return err
		}
		return tx.PutCursor(v.l.id, streamListings, cursor)
	})
}

// vanish marks a listing as gone; its product, stock and history stay.
func vanish(tx *db.Tx, l db.Listing) error {
	l.Gone, l.Quantity = true, nil
	if err := tx.ForgetListing(l.Store, l.Ref); err != nil {
		return err
	}
	if err := tx.PutListing(l); err != nil {
		return err
	}
	for _, m := range tx.Mates(l)[1:] { // the number they shared may be larger without it
		return ledger.MarkListing(tx, db.Link{Store: m.Store, Ref: m.Ref}, db.ByLink)
	}
	return nil
}

const (
	// listingsPerTx is how many listings of a page are kept in one transaction, each with a mark for every location.
	listingsPerTx = 100
	// linkedPerTx is how many order lines that waited for one of their products are booked there too.
	linkedPerTx = 200
)

// applyListings keeps one page. Its cursor is kept with the last of it: a crash in between reads the page again, which
// changes nothing.
func (v *visit) applyListings(page channel.Page[channel.Listing], stream string, before []byte, sweep uint64) error {
	for _, l := range page.Items {
		if l.Ref == "" || strings.ContainsRune(l.Ref, 0) {
			return &channel.Error{Kind: channel.Transient, Op: "read listings", Code: channel.CodeBadAnswer,
				Message: v.store.Name + " has a listing without a usable id."}
		}
	}
	for rest, last := page.Items, false; !last; {
		some := rest[:min(len(rest), listingsPerTx)]
		rest = rest[len(some):]
		last = len(rest) == 0
		more := false
		err := v.update(func(tx *db.Tx) (err error) {
			if more, err = v.applySome(tx, some, sweep); err != nil || !last || bytes.Equal(before, page.Next) {
				return err
			}
			return tx.PutCursor(v.l.id, stream, page.Next)
		})
		if err == nil && more {
			err = v.l.e.linkRest()
		}
		if err != nil {
			return err
		}
	}
	if v.firstAnswer != nil {
		first := v.firstAnswer
		v.firstAnswer = nil
		if err := first(); err != nil {
			return err
		}
	}
	v.run.ListingsRead += int64(len(page.Items))
	v.l.progress.step(phaseListings, v.run.ListingsRead, int64(page.Total), v.l.e.now())
	return nil
}

// applySome keeps some listings, and books the order lines that waited for products they bring. It reports whether there
// may be more of those than go into one transaction.
func (v *visit) applySome(tx *db.Tx, some []channel.Listing, sweep uint64) (more bool, err error) {
	waiting, left := map[string][]db.LineRef{}, linkedPerTx
	for _, l := range some { // before anything is written: an iterator copies what was
		sku := domain.TrimSKU(l.SKU)
		waiting[sku] = ledger.Waiting(tx, sku, left)
		left -= len(waiting[sku])
	}
	v.born = map[string]uint64{}
	for _, l := range some {
		if err := v.applyListing(tx, l, sweep); err != nil {
			return false, fmt.Errorf("listing %s: %w", l.Ref, err)
		}
	}
	for _, sku := range slices.Sorted(maps.Keys(v.born)) {
		if err := ledger.LinkWaiting(tx, waiting[sku], v.born[sku]); err != nil {
			return false, err
		}
	}
	return left == 0, nil
}

// applyListing brings what is known about one listing up to date, and its link to a product.
func (v *visit) applyListing(tx *db.Tx, in channel.Listing, sweep uint64) error {
	old, err := tx.Listing(v.l.id, in.Ref)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	known := err == nil
	l := old
	l.Store, l.Ref, l.Parent, l.Title, l.Variant = v.l.id, in.Ref, in.Parent, in.Title, in.Variant
	l.Barcode, l.Image, l.Status = in.Barcode, in.Image, string(in.Status)
	l.Tracked, l.Shared, l.Marketplace, l.Gone = in.Tracked, in.Shared, in.Fulfilled, false
	l.Pool = in.Pool
	l.Updated = in.Updated.UnixMilli()
	l.Quantity, l.ReadAt = in.Quantity, tx.Now()
	if sweep != 0 {
		l.Sweep = sweep
	}
	if err := v.relink(tx, &l, domain.TrimSKU(in.SKU)); err != nil {
		return err
	}
	if known && same(old, l) {
		return nil
	}
	if l.DriftSince, err = driftSince(tx, l); err != nil {
		return err
	}
	if err := tx.PutListing(l); err != nil {
		return err
	}
	if wakes(v.store, old, l) || l.Pool != "" && old.Item != l.Item { // one that left a shared number bounds it no longer
		return ledger.MarkListing(tx, db.Link{Store: l.Store, Ref: l.Ref}, db.ByLink)
	}
	return nil
}

// same reports whether nothing but the time of reading differs.
func same(a, b db.Listing) bool {
	if a.Sweep != b.Sweep || (a.Quantity == nil) != (b.Quantity == nil) {
		return false
	}
	if a.Quantity != nil && *a.Quantity != *b.Quantity {
		return false
	}
	a.ReadAt, a.Quantity, b.Quantity = b.ReadAt, nil, nil
	return a == b
}

// wakes reports whether a listing can be sent a number now and could not before, or belongs to another product now.
func wakes(s db.Store, old, now db.Listing) bool {
	ok, _ := db.Pushable(s, now, true)
	before, _ := db.Pushable(s, old, true)
	return ok && (!before || old.Item != now.Item || old.Pool != now.Pool)
}

// driftSince is since when a listing's number differs from what it should show; 0 while it does not or nobody knows.
func driftSince(tx *db.Tx, l db.Listing) (int64, error) {
	p, err := tx.Pushed(l.Store, l.Ref)
	if errors.Is(err, db.ErrNotFound) || l.Quantity == nil {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if max(0, *l.Quantity) == max(0, p.Expect) {
		return 0, nil
	}
	if l.DriftSince != 0 {
		return l.DriftSince, nil
	}
	return tx.Now(), nil
}

// relink decides which product a listing belongs to. The rules, in this order:
// a listing keeps its product while its SKU stays; a SKU that another product has moves the listing there; a SKU that
// nobody has is held until the user says whether the product was renamed (L9); a SKU taken away ends the link.
// A listing that never had a product gets the one with its SKU, made if need be, unless it is left out (L2, L3).
func (v *visit) relink(tx *db.Tx, l *db.Listing, sku string) error {
	if l.Item != 0 {
		return v.keepLink(tx, l, sku)
	}
	l.SKU, l.Renamed = sku, ""
	included := l.Status == db.ListingActive || (l.Status == db.ListingDraft && v.store.IncludeDrafts)
	if sku == "" || !included || l.Marketplace {
		return nil
	}
	it, err := v.productFor(tx, *l)
	if err != nil {
		return err
	}
	return connect(tx, l, it.ID)
}

func (v *visit) keepLink(tx *db.Tx, l *db.Listing, sku string) error {
	it, err := tx.Item(l.Item)
	if err != nil {
		return err
	}
	switch {
	case sku == it.SKU:
		l.SKU, l.Renamed = sku, ""
		return errors.Join(connect(tx, l, it.ID), follow(tx, it, *l))
	case sku == "":
		return disconnect(tx, l, "")
	}
	other, err := tx.ItemBySKU(sku)
	if errors.Is(err, db.ErrNotFound) {
		if l.Renamed != sku {
			l.Renamed = sku
			v.refuse(it.SKU, l.Ref, "renamed", fmt.Sprintf("%s has the SKU %s in the shop now. It stays linked to %s until you say what that means.", l.Title, sku, it.SKU))
		}
		return nil
	}
	if err != nil {
		return err
	}
	if err := disconnect(tx, l, sku); err != nil {
		return err
	}
	return connect(tx, l, other.ID)
}

// productFor is the product with a listing's SKU; a new one takes title and image from the listing (L11), and, at the end
// of the page, every order line that waited for the SKU.
func (v *visit) productFor(tx *db.Tx, l db.Listing) (db.Item, error) {
	it, err := tx.ItemBySKU(l.SKU)
	if !errors.Is(err, db.ErrNotFound) {
		return it, err
	}
	it, err = tx.PutItem(db.Item{SKU: l.SKU, Title: l.Title, Variant: l.Variant, Barcode: l.Barcode, Image: l.Image})
	v.born[l.SKU] = it.ID
	return it, err
}

// follow lets a product's title and image follow its first listing until the user sets his own (L11).
func follow(tx *db.Tx, it db.Item, l db.Listing) error {
	if it.Own || (it.Title == l.Title && it.Variant == l.Variant && it.Image == l.Image) {
		return nil
	}
	links, err := tx.Links(it.ID)
	if err != nil || len(links) == 0 || links[0] != (db.Link{Store: l.Store, Ref: l.Ref}) {
		return err
	}
	it.Title, it.Variant, it.Image = l.Title, l.Variant, l.Image
	_, err = tx.PutItem(it)
	return err
}

// connect links a listing to a product.
func connect(tx *db.Tx, l *db.Listing, item uint64) error {
	l.Item = item
	return tx.Link(item, db.Link{Store: l.Store, Ref: l.Ref})
}

// disconnect ends a listing's link; the product, its stock and history stay.
func disconnect(tx *db.Tx, l *db.Listing, sku string) error {
	link := db.Link{Store: l.Store, Ref: l.Ref}
	if err := tx.Unlink(l.Item, link); err != nil {
		return err
	}
	if err := tx.ForgetListing(l.Store, l.Ref); err != nil {
		return err
	}
	l.Item, l.SKU, l.Renamed = 0, sku, ""
	return nil
}
