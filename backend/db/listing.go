package db

import (
	"iter"
	"slices"
)

// Listing returns a listing of a store.
func (tx *Tx) Listing(store uint32, ref string) (Listing, error) {
	l, err := get[Listing](tx, key(tagListing, store, ref))
	l.Store = store
	return l, err
}

// PutListing writes a listing. Links are written by [Tx.Link].
func (tx *Tx) PutListing(l Listing) error {
	tx.touched.Listings[Link{l.Store, l.Ref}] = true
	if l.Item != 0 {
		tx.touched.Items[l.Item] = true
	}
	return tx.put(key(tagListing, l.Store, l.Ref), l)
}

// Listings yields the listings of a store by ref.
func (tx *Tx) Listings(store uint32) iter.Seq[Listing] {
	return func(yield func(Listing) bool) {
		for _, l := range each[Listing](tx, key(tagListing, store), nil) {
			l.Store = store
			if !yield(l) {
				return
			}
		}
	}
}

// Links returns the listings of a product in stores that are connected. Those of a removed store are kept for the day it is
// connected again.
func (tx *Tx) Links(item uint64) ([]Link, error) {
	all, err := tx.links(item)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(l Link) bool { return tx.isRemoved(l.Store) }), nil
}

func (tx *Tx) links(item uint64) ([]Link, error) {
	rec, err := getOr[Links](tx, key(tagLinks, item))
	return rec.Links, err
}

// Link adds a listing to a product's links, Unlink takes it away.
func (tx *Tx) Link(item uint64, l Link) error {
	links, err := tx.links(item)
	if err != nil || slices.Contains(links, l) {
		return err
	}
	tx.touched.Items[item] = true
	return tx.put(key(tagLinks, item), Links{append(links, l)})
}

// Unlink takes a listing away from a product's links.
func (tx *Tx) Unlink(item uint64, l Link) error {
	links, err := tx.links(item)
	if err != nil {
		return err
	}
	tx.touched.Items[item] = true
	return tx.put(key(tagLinks, item), Links{slices.DeleteFunc(links, func(x Link) bool { return x == l })})
}

// Dirty returns the mark of a spot; ErrNotFound when it is clean.
func (tx *Tx) Dirty(store uint32, spot string) (Dirty, error) {
	return get[Dirty](tx, key(tagDirty, store, spot))
}

// PutDirty writes a mark.
func (tx *Tx) PutDirty(store uint32, spot string, d Dirty) error {
	tx.touchSpot(store, spot)
	return tx.put(key(tagDirty, store, spot), d)
}

// Clean removes a mark.
func (tx *Tx) Clean(store uint32, spot string) error {
	tx.touchSpot(store, spot)
	return tx.del(key(tagDirty, store, spot))
}

// DirtyOf yields the marks of a store by spot.
func (tx *Tx) DirtyOf(store uint32) iter.Seq2[string, Dirty] {
	return func(yield func(string, Dirty) bool) {
		for k, d := range each[Dirty](tx, key(tagDirty, store), nil) {
			if !yield(string(k[5:]), d) {
				return
			}
		}
	}
}

// Pushed returns what a store last accepted for a spot; ErrNotFound when nothing is known.
func (tx *Tx) Pushed(store uint32, spot string) (Pushed, error) {
	return get[Pushed](tx, key(tagPushed, store, spot))
}

// PutPushed writes what a store accepted.
func (tx *Tx) PutPushed(store uint32, spot string, p Pushed) error {
	return tx.put(key(tagPushed, store, spot), p)
}

// ForgetPushed removes what is known about a spot's number.
func (tx *Tx) ForgetPushed(store uint32, spot string) error {
	k := key(tagPushed, store, spot)
	if there, err := tx.has(k); err != nil || !there {
		return err // a deletion counts as a write, also of nothing
	}
	return tx.del(k)
}

// PutWrite appends to a product's push history.
func (tx *Tx) PutWrite(item uint64, w Write) error {
	return tx.put(key(tagWrite, item, newest(w.At), w.Store, Spot(w.Ref, w.Where)), w)
}

// Writes yields a product's push history, newest first.
func (tx *Tx) Writes(item uint64) iter.Seq[Write] {
	return func(yield func(Write) bool) {
		for _, w := range each[Write](tx, key(tagWrite, item), nil) {
			if !yield(w) {
				return
			}
		}
	}
}

// NextGen returns a generation for a new mark. It starts at a value no earlier mark of the listing can have had, so an
// acknowledgement of a removed mark never removes a later one.
func (tx *Tx) NextGen() (uint64, error) {
	seq, err := tx.next("next/gen")
	return seq << 20, err
}
