package bigcommerce

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const opLocations = "read locations"

// spot is a number of the inventory: of a product or of a variant, at a location.
type spot struct {
	item
	location int64
}

// Locations implements [channel.Locator]. The storefront sells from the default location and no other, unless BigCommerce has
// switched that on for the store (bigcommerce.md, 3.5).
func (s *Store) Locations(ctx context.Context) ([]channel.Location, error) {
	first, err := s.askDefault(ctx)
	if err != nil {
		return nil, err
	}
	var out []channel.Location
	const most = 250 // of a page; plans allow 100 locations (bigcommerce.md, 3.5)
	var all list[location]
	if _, err := s.read(ctx, opLocations, "v3/inventory/locations", url.Values{"limit": {strconv.Itoa(most)}}, &all); err != nil {
		return nil, listError(err)
	}
	for _, l := range all.Data {
		out = append(out, channel.Location{Ref: formatID(l.ID), Name: httpx.Plain(l.Label), Active: l.Enabled, Fulfils: l.ID == first})
	}
	slices.SortStableFunc(out, func(a, b channel.Location) int { // the default location first
		switch {
		case a.Fulfils == b.Fulfils:
			return 0
		case a.Fulfils:
			return -1
		}
		return 1
	})
	return out, nil
}

// placeWarnings say what BigCommerce does not tell of a store with several locations.
func placeWarnings(places []channel.Location) []string {
	n, first := 0, ""
	for _, p := range places {
		if p.Active {
			n++
		}
		if p.Fulfils {
			first = p.Name
		}
	}
	if n < 2 {
		return nil
	}
	return []string{fmt.Sprintf("The store has %d locations. BigCommerce says where an order is picked up, but not from where one is sent. So orders that are "+
		"sent count at %s, the default location, and at the warehouse it is linked to; the others where they are picked up.", n, first)}
}

// askDefault asks for the default location. BigCommerce tells it by a filter only.
func (s *Store) askDefault(ctx context.Context) (int64, error) {
	var found list[location]
	if _, err := s.read(ctx, opLocations, "v3/inventory/locations", url.Values{"is_default": {"true"}}, &found); err != nil {
		return 0, listError(err)
	}
	i := slices.IndexFunc(found.Data, func(l location) bool { return l.ID != 0 })
	if i < 0 {
		return 0, channel.BadAnswer(opLocations, errors.New("a store without a default location"))
	}
	s.learn(func(f *facts) { f.location = found.Data[i].ID })
	return found.Data[i].ID, nil
}

// defaultLocation is the location that is meant where none is named, asked for once.
func (s *Store) defaultLocation(ctx context.Context) (id int64, err error) {
	if s.learn(func(f *facts) { id = f.location }); id != 0 {
		return id, nil
	}
	return s.askDefault(ctx)
}

// at is the location a number belongs to; ok is false for a ref that is none of BigCommerce's.
func (s *Store) at(ctx context.Context, ref string) (id int64, ok bool, err error) {
	if ref == "" {
		id, err = s.defaultLocation(ctx)
		return id, true, err
	}
	id, wrong := strconv.ParseInt(ref, 10, 64)
	return id, wrong == nil && id > 0, nil
}

func (s *Store) isDefault(location int64) (is bool) {
	s.learn(func(f *facts) { is = f.location == location })
	return is
}

func noLocation(op string) error {
	return &channel.Error{Kind: channel.Invalid, Op: op, Code: channel.CodeInvalid,
		Message: "The store has no such location any more, or it is switched off. Read the store's locations again and link another one."}
}
