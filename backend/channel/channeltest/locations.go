package channeltest

import (
	"slices"

	"evenstock/backend/channel"
)

// locationRules are for connectors whose vendor keeps a number per location; for others there is nothing to check.
func locationRules() []rule {
	return []rule{
		{"locations: named once each, the same every time", nil, withLocations(namedLocations)},
		{"locations: a number is read where it lies", nil, withLocations(readByLocation)},
		{"locations: a number is written where it belongs and nowhere else", nil, withLocations(pushByLocation)},
		{"locations: units are taken where the shop took them", nil, withLocations(heldByLocation)},
		{"locations: a parcel is stated at the location it left", []Ability{Whence}, withLocations(fulfilByLocation)},
		{"locations: a return is stated at the location it went to", []Ability{Whence}, withLocations(returnByLocation)},
	}
}

// withLocations runs a rule on a shop that has at least two active locations.
func withLocations(check func(*scene, Located, []string)) func(*scene) {
	return func(s *scene) {
		if !s.store.Capabilities().Locations {
			s.t.Skip("this shop has no locations")
		}
		shop, ok := s.shop.(Located)
		if !ok {
			s.t.Skip("the test cannot act at a location of this shop")
		}
		locator, ok := s.store.(channel.Locator)
		if !ok {
			s.t.Fatal("the capabilities say Locations, and the store cannot name them")
		}
		all, err := locator.Locations(s.t.Context())
		s.must(err)
		var active []string
		for _, l := range all {
			if l.Active {
				active = append(active, l.Ref)
			}
		}
		if len(active) < 2 {
			s.t.Fatalf("the rule needs two active locations, the shop names %+v", all)
		}
		check(s, shop, active)
	}
}

func namedLocations(s *scene, _ Located, active []string) {
	again, err := s.store.(channel.Locator).Locations(s.t.Context())
	s.must(err)
	seen := map[string]bool{}
	for _, l := range again {
		if l.Ref == "" || l.Name == "" || seen[l.Ref] {
			s.t.Errorf("location %+v has no ref or name of its own", l)
		}
		seen[l.Ref] = true
	}
	for _, ref := range active {
		if !seen[ref] {
			s.t.Errorf("location %s was named once and not again", ref)
		}
	}
}

// at is a listing's number at a location.
func at(ref channel.Ref, location string) channel.Ref {
	ref.Location = location
	return ref
}

// spread puts a listing on sale that holds 10 at the first location and 20 at the second.
func (s *scene) spread(shop Located, active []string) (channel.Ref, channel.Ref) {
	ref := s.stock(1)[0]
	first, second := at(ref, active[0]), at(ref, active[1])
	shop.SetQuantity(first, 10)
	shop.SetQuantity(second, 20)
	s.tick()
	return first, second
}

func readByLocation(s *scene, shop Located, active []string) {
	first, second := s.spread(shop, active)
	if got := s.read(second, first); !slices.Equal(got, []int64{20, 10}) {
		s.t.Errorf("read %v, want 20 and 10", got)
	}
}

func pushByLocation(s *scene, shop Located, active []string) {
	first, second := s.spread(shop, active)
	s.must(s.push(second, 7))
	if a, b := shop.Quantity(first), shop.Quantity(second); a != 10 || b != 7 {
		s.t.Errorf("7 were written to the second location: the shop holds %d and %d, want 10 and 7", a, b)
	}
	s.must(s.push(first, 3))
	if a, b := shop.Quantity(first), shop.Quantity(second); a != 3 || b != 7 {
		s.t.Errorf("3 were written to the first location: the shop holds %d and %d, want 3 and 7", a, b)
	}
}

// heldByLocation: what the shop took off its numbers is stated where it took it, or not at all.
func heldByLocation(s *scene, shop Located, active []string) {
	first, second := s.spread(shop, active)
	before := s.read(first, second)
	line := s.order(shop.Sell(Units{Ref: first, Quantity: 4})).Lines[0]
	after := s.read(first, second)
	if line.HeldAt == nil {
		return // the contract allows it: then the engine reads the numbers afresh
	}
	for i, ref := range active[:2] {
		if took := before[i] - after[i]; line.HeldAt[ref] != took {
			s.t.Errorf("the shop took %d off location %s and states %d", took, ref, line.HeldAt[ref])
		}
	}
}

func fulfilByLocation(s *scene, shop Located, active []string) {
	first, _ := s.spread(shop, active)
	order := shop.Sell(Units{Ref: first, Quantity: 4})
	shop.ShipFrom(order, 0, 3, active[1])
	s.tick()
	line := s.order(order).Lines[0]
	if line.Fulfilled[active[1]] != 3 || sum(line.Fulfilled) != 3 {
		s.t.Errorf("3 of 4 left location %s, the order says %v", active[1], line.Fulfilled)
	}
}

func returnByLocation(s *scene, shop Located, active []string) {
	first, second := s.spread(shop, active)
	order := shop.Sell(Units{Ref: first, Quantity: 4})
	shop.ShipFrom(order, 0, 4, active[0])
	before := s.read(second)[0]
	shop.ReturnTo(order, 0, 2, active[1])
	s.tick()
	line := s.order(order).Lines[0]
	if line.Returned[active[1]] != 2 || sum(line.Returned) != 2 {
		s.t.Errorf("2 went back to location %s, the order says %v", active[1], line.Returned)
	}
	if now := s.read(second)[0]; now != before+2 {
		s.t.Errorf("2 went back to a location that held %d, it holds %d", before, now)
	}
}
