package memory

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
)

// listing is one thing on sale.
type listing struct {
	ref                 channel.Ref
	sku, title, variant string
	status              channel.ListingStatus
	tracked             bool
	levels              map[string]*level // by location, "" where there are none
	changed             time.Time
	seq                 int64
}

// AddListing implements [channeltest.Shop].
func (s *Store) AddListing(g channeltest.Goods) channel.Ref {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &listing{
		sku: strings.TrimSpace(g.SKU), title: g.Title, variant: g.Variant,
		status: channel.Active, tracked: !g.Untracked, levels: map[string]*level{},
	}
	for i, at := range s.places() {
		l.levels[at] = &level{}
		if i == 0 {
			l.ref.Location = at
			l.levels[at] = &level{g.Quantity, g.Quantity}
		}
	}
	if g.Draft {
		l.status = channel.Draft
	}
	switch {
	case g.Parent != "":
		l.ref.Parent = g.Parent
	case g.Variant != "":
		l.ref.Parent = s.newRef()
	}
	l.ref.Listing = s.newRef()
	s.listings = append(s.listings, l)
	s.byRef[l.ref.Listing] = l
	s.changedListing(l)
	return l.ref
}

// Remove implements [channeltest.Shop].
func (s *Store) Remove(ref channel.Ref) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.mustFind(ref.Listing)
	delete(s.byRef, ref.Listing)
	s.listings = slices.DeleteFunc(s.listings, func(x *listing) bool { return x == l })
}

// SetSKU implements [channeltest.Shop].
func (s *Store) SetSKU(ref channel.Ref, sku string) {
	s.edit(ref, func(l *listing) { l.sku = strings.TrimSpace(sku) })
}

// SetStatus implements [channeltest.Shop].
func (s *Store) SetStatus(ref channel.Ref, status channel.ListingStatus) {
	s.edit(ref, func(l *listing) { l.status = status })
}

// SetQuantity implements [channeltest.Shop].
func (s *Store) SetQuantity(ref channel.Ref, quantity int64) {
	s.edit(ref, func(l *listing) { l.levels[s.placeOf(ref.Location)].set(quantity) })
}

// Quantity implements [channeltest.Shop].
func (s *Store) Quantity(ref channel.Ref) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mustFind(ref.Listing).levels[s.placeOf(ref.Location)].quantity
}

// Now implements [channeltest.Shop].
func (s *Store) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// Advance implements [channeltest.Shop].
func (s *Store) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
}

func (s *Store) edit(ref channel.Ref, change func(*listing)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.mustFind(ref.Listing)
	change(l)
	s.changedListing(l)
}

// take moves a listing's number at a location down by units, up if negative; s.mu is held.
func (s *Store) take(l *listing, at string, units int64) {
	l.levels[at].set(l.levels[at].quantity - units)
	s.changedListing(l)
}

func (s *Store) changedListing(l *listing) {
	l.changed = s.now()
	l.seq = s.touch()
}

func (s *Store) newRef() string {
	s.lastRef++
	return strconv.Itoa(s.lastRef)
}

// find returns the listing, nil if there is none; s.mu is held.
func (s *Store) find(ref string) *listing { return s.byRef[ref] }

func (s *Store) mustFind(ref string) *listing {
	l := s.find(ref)
	if l == nil {
		panic(fmt.Sprintf("memory: no listing %q", ref))
	}
	return l
}

// state is the listing as the contract describes it.
func (l *listing) state() channel.Listing {
	out := channel.Listing{
		Ref: l.ref.Listing, Parent: l.ref.Parent,
		SKU: l.sku, Title: l.title, Variant: l.variant,
		Status: l.status, Tracked: l.tracked, Updated: l.changed,
	}
	if l.tracked {
		out.Quantity = new(int64)
		for _, v := range l.levels {
			*out.Quantity += v.quantity
		}
	}
	return out
}
