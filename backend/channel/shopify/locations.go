package shopify

import (
	"context"
	"slices"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const opLocations = "read locations"

type place struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Active bool   `json:"isActive"`
	Theirs bool   `json:"isFulfillmentService"`
	Ships  bool   `json:"fulfillsOnlineOrders"`
}

// Locations implements [channel.Locator]. Numbers at a location of a fulfilment service are that service's own to write
// (shopify.md, 2.5).
func (s *Store) Locations(ctx context.Context) ([]channel.Location, error) {
	out, err := s.places(ctx)
	if err != nil || len(out) < 2 {
		return out, err
	}
	first, err := s.location(ctx)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(out, func(l channel.Location) bool { return gid("Location", l.Ref) == first }); i > 0 {
		out = slices.Concat(out[i:i+1], out[:i], out[i+1:])
	}
	return out, nil
}

// places are the locations as Shopify lists them.
func (s *Store) places(ctx context.Context) ([]channel.Location, error) {
	var out []channel.Location
	after := ""
	for range mostPages {
		var got struct {
			Locations connection[place] `json:"locations"`
		}
		if _, err := s.ask(ctx, opLocations, "locations", variables{"after": nullable(after)}, 15, &got); err != nil {
			return nil, err
		}
		for _, p := range got.Locations.Nodes {
			out = append(out, channel.Location{Ref: p.ref(), Name: httpx.Plain(p.Name), Active: p.Active && !p.Theirs, Fulfils: p.Ships})
		}
		if after = got.Locations.Info.next(); after == "" {
			return out, nil
		}
	}
	return nil, channel.BadAnswer(opLocations, errEndless)
}

// location is the gid of the primary location, which is meant where none is named.
func (s *Store) location(ctx context.Context) (string, error) {
	s.mu.Lock()
	known := s.primary
	s.mu.Unlock()
	if known != "" {
		return known, nil
	}
	var got struct {
		Location *place `json:"location"`
	}
	if _, err := s.ask(ctx, opLocations, "primary", nil, 3, &got); err != nil {
		return "", err
	}
	first := ""
	if got.Location != nil {
		first = got.Location.ID
	}
	if first == "" { // the shop names none: the first that is its own
		all, err := s.places(ctx)
		if err != nil {
			return "", err
		}
		i := slices.IndexFunc(all, func(l channel.Location) bool { return l.Active })
		if i < 0 {
			return "", channel.BadAnswer(opLocations, errNoLocation)
		}
		first = gid("Location", all[i].Ref)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.primary = first
	return first, nil
}

// at is the gid of the location a number belongs to; ok is false for a ref that is none of Shopify's.
func (s *Store) at(ctx context.Context, ref string) (id string, ok bool, err error) {
	if ref == "" {
		id, err = s.location(ctx)
		return id, true, err
	}
	return gid("Location", ref), digits(ref), nil
}
