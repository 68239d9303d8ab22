package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"evenstock/backend/channel"
	"evenstock/backend/db"
	"evenstock/backend/ledger"
)

// placeName is what a location of a store is called, "" where the store has none.
func placeName(s db.Store, location string) string {
	p, ok := s.Place(location)
	if ok && p.Name != "" {
		return p.Name
	}
	return location
}

func (v *visit) notLinked() error {
	return &Error{Code: CodeInvalid, Store: v.store.Name,
		Message: fmt.Sprintf("None of the locations of %s is linked to a warehouse, so there is no number to send. Say first which warehouse each location is.", v.store.Name)}
}

// linkedSomewhere learns the locations and fails while no number of the store has a warehouse behind it.
func (v *visit) linkedSomewhere(ctx context.Context) error {
	if err := v.learnLocations(ctx); err != nil {
		return err
	}
	if len(v.store.Where()) == 0 {
		return v.notLinked()
	}
	return nil
}

// learnLocations keeps the names of the store's locations. When they are seen first, the one that the vendor means where none
// is named becomes the main warehouse, as a store without locations sells from it; the others get no numbers until somebody
// says which warehouses they are.
func (v *visit) learnLocations(ctx context.Context) error {
	if !v.caps.Locations && !v.store.Located {
		return nil
	}
	var told []channel.Location
	if locator, ok := v.shop.(channel.Locator); ok && v.caps.Locations {
		var err error
		if told, err = locator.Locations(ctx); err != nil {
			return err
		}
	}
	v.l.e.finishing.Lock()
	defer v.l.e.finishing.Unlock()
	err := v.update(func(tx *db.Tx) error {
		s, err := tx.Store(v.l.id)
		if err != nil {
			return err
		}
		places := mergePlaces(s.Places, told)
		if s.Located == v.caps.Locations && slices.Equal(places, s.Places) {
			v.store = s
			return nil
		}
		if !s.Located {
			linkFirst(places)
		}
		before := s
		s.Located, s.Places = v.caps.Locations, places
		v.store, err = tx.PutStore(relinked(before, s))
		return err
	})
	if err != nil {
		return err
	}
	return v.l.e.finish(context.Background(), v.l.id)
}

// mergePlaces keeps the links of locations that are still there, in the order in which the store tells them.
func mergePlaces(known []db.Location, told []channel.Location) []db.Location {
	var out []db.Location
	for _, l := range told {
		if strings.ContainsRune(l.Ref, 0) || l.Ref == "" {
			continue
		}
		p := db.Location{Ref: l.Ref, Name: l.Name, Active: l.Active, Fulfils: l.Fulfils}
		if i := slices.IndexFunc(known, func(k db.Location) bool { return k.Ref == l.Ref }); i >= 0 {
			p.Loc = known[i].Loc
		}
		out = append(out, p)
	}
	return out
}

// linkFirst links the first location that ships orders, or else the first, of those that take numbers.
func linkFirst(places []db.Location) {
	i := slices.IndexFunc(places, func(p db.Location) bool { return p.Active && p.Fulfils })
	if i < 0 {
		i = slices.IndexFunc(places, func(p db.Location) bool { return p.Active })
	}
	if i >= 0 {
		places[i].Loc = db.DefaultLoc
	}
}

// relinked is now with what is unfinished by the change: every number that has another warehouse behind it than before has
// to be looked at, and those that are sent no more are to be forgotten.
func relinked(before, now db.Store) db.Store {
	var marking, forgetting []string
	for _, where := range now.Where() {
		if !before.Sends(where) || !slices.Equal(before.Behind(where), now.Behind(where)) || slices.Contains(before.Marking, where) {
			marking = append(marking, where)
		}
	}
	for _, where := range slices.Concat(before.Where(), before.Forgetting) {
		if !now.Sends(where) && !slices.Contains(forgetting, where) {
			forgetting = append(forgetting, where)
		}
	}
	now.Marking, now.Forgetting = marking, forgetting
	return now
}

// markLocations marks and forgets the numbers that are unfinished, and notes that they are finished.
func (e *Engine) markLocations(s db.Store) error {
	var all []db.Listing
	err := e.o.DB.View(func(tx *db.Tx) error { all = slices.Collect(tx.Listings(s.ID)); return nil })
	if err != nil {
		return err
	}
	err = inPieces(context.Background(), e, all, func(tx *db.Tx, l db.Listing) error {
		now, err := tx.Store(s.ID)
		if err != nil {
			return err
		}
		for _, where := range s.Forgetting {
			spot := db.Spot(l.Ref, where)
			err = errors.Join(err, tx.Clean(s.ID, spot), tx.ForgetPushed(s.ID, spot))
		}
		if l.Item == 0 || l.Gone {
			return err
		}
		for _, where := range s.Marking {
			err = errors.Join(err, ledger.MarkSpot(tx, now, db.Spot(l.Ref, where), db.ByRule))
		}
		return err
	})
	if err != nil {
		return err
	}
	return e.setStore(s.ID, func(now *db.Store) { now.Marking, now.Forgetting = nil, nil })
}

// Locations asks a store for its locations and returns it as it is kept since. A store without locations has none.
func (e *Engine) Locations(ctx context.Context, id uint32) (s db.Store, err error) {
	err = e.inspect(ctx, id, db.RunListingsSync, func(ctx context.Context, v *visit) error {
		err := v.learnLocations(ctx)
		s = v.store
		return err
	})
	return s, err
}

// SetLocations says which warehouse each location of a store is, by code; "" is none, and nothing is sent there. A store
// without locations has one number, the sum of the warehouses linked to it: there a location is a warehouse's own code.
func (e *Engine) SetLocations(_ context.Context, id uint32, codes map[string]string) error {
	e.finishing.Lock()
	defer e.finishing.Unlock()
	err := e.o.DB.Update(e.now(), func(tx *db.Tx) error {
		before, err := tx.Store(id)
		if errors.Is(err, db.ErrNotFound) || before.Removed {
			return &Error{Code: CodeNotFound, Message: "There is no such store."}
		}
		if err != nil {
			return err
		}
		s := before
		s.Places, s.Warehouses = slices.Clone(s.Places), slices.Clone(s.Linked())
		for _, ref := range slices.Sorted(maps.Keys(codes)) {
			if err := link(tx, &s, ref, codes[ref]); err != nil {
				return err
			}
		}
		if s.Located || slices.Equal(s.Warehouses, []uint32{db.DefaultLoc}) {
			s.Warehouses = nil
		}
		_, err = tx.PutStore(relinked(before, s))
		return err
	})
	if err != nil {
		return err
	}
	return e.finish(context.Background(), id)
}

// link links one location to a warehouse, or to none.
func link(tx *db.Tx, s *db.Store, ref, code string) error {
	var loc uint32
	if code != "" {
		w, err := findWarehouse(tx, code)
		if err != nil {
			return err
		}
		loc = w.Loc
	}
	if s.Located {
		i := slices.IndexFunc(s.Places, func(p db.Location) bool { return p.Ref == ref || strings.EqualFold(p.Name, ref) })
		if i < 0 {
			return &Error{Code: CodeNotFound, Store: s.Name, Message: fmt.Sprintf("%s has no location %q.", s.Name, ref)}
		}
		s.Places[i].Loc = loc
		return nil
	}
	w, err := findWarehouse(tx, ref)
	if err != nil {
		return err
	}
	if code != "" && loc != w.Loc {
		return &Error{Code: CodeInvalid, Store: s.Name, Message: fmt.Sprintf(
			"%s has no locations: it gets the sum of the warehouses linked to it. Link one by %s=%s, and unlink it by %s=.", s.Name, w.Code, w.Code, w.Code)}
	}
	s.Warehouses = slices.DeleteFunc(s.Warehouses, func(l uint32) bool { return l == w.Loc })
	if code != "" {
		s.Warehouses = append(s.Warehouses, w.Loc)
		slices.Sort(s.Warehouses)
	}
	if len(s.Warehouses) == 0 {
		return &Error{Code: CodeInvalid, Store: s.Name, Message: fmt.Sprintf(
			"%s would have no warehouse left to sell from. Link another one first, or turn its inventory sync off.", s.Name)}
	}
	return nil
}
