package ledger

import (
	"cmp"
	"maps"
	"slices"

	"evenstock/backend/db"
	"evenstock/backend/domain"
)

// bookAt is the warehouse in which a line's open units are booked: the first of those linked to the store, in the order
// of their priority, that has enough for them, else the first. What a store brings along when it is turned on is booked
// where the shop itself has taken it off.
func (s *settling) bookAt(line db.Line) (uint32, error) {
	linked, err := s.tx.RankedOf(s.store)
	if err != nil || len(linked) == 0 {
		return db.DefaultLoc, err
	}
	if len(linked) == 1 {
		return linked[0], nil
	}
	if s.baseline {
		if loc := mostHeld(s.store, line.HeldAt); loc != 0 {
			return loc, nil
		}
	}
	for _, loc := range linked {
		at, err := s.tx.Stock(line.Item, loc)
		if err != nil {
			return 0, err
		}
		if n, ok := at.Domain().Available(); ok && n >= line.Now.Domain().Open() {
			return loc, nil
		}
	}
	return linked[0], nil
}

// mostHeld is the warehouse of the linked location off whose number most units were taken, 0 for none.
func mostHeld(store db.Store, heldAt map[string]int64) (loc uint32) {
	var most int64
	for _, p := range store.Places {
		if n := heldAt[p.Ref]; p.Loc != 0 && n > most {
			most, loc = n, p.Loc
		}
	}
	return loc
}

// shift is what a change of a line does to a warehouse other than the one it is booked in.
type shift struct {
	loc                 uint32
	fulfilled, returned int64
}

// away brings the units of a line that left or came back at locations up to date, and says how other warehouses than the
// line's own come into it. What was taken from a warehouse stays taken from it when the location is linked to another.
func (s *settling) away(line db.Line, st stated) ([]db.Away, []shift) {
	if !s.store.Located || st.asBefore {
		return line.Away, nil
	}
	out := slices.Clone(line.Away)
	fulfilled := within(st.fulfilled, st.counts.Fulfilled)
	returned := within(st.returned, st.counts.Returned)
	where := map[string]bool{}
	for _, by := range []map[string]int64{fulfilled, returned} {
		for ref := range by {
			where[ref] = true
		}
	}
	for _, a := range out {
		where[a.Where] = true
	}
	for _, ref := range slices.Sorted(maps.Keys(where)) {
		loc := line.Loc
		if p, ok := s.store.Place(ref); ok && p.Loc != 0 {
			loc = p.Loc
		}
		out = bringAway(out, ref, loc, fulfilled[ref], func(a *db.Away) *int64 { return &a.Fulfilled })
		out = bringAway(out, ref, loc, returned[ref], func(a *db.Away) *int64 { return &a.Returned })
	}
	out = slices.DeleteFunc(out, func(a db.Away) bool { return a.Fulfilled == 0 && a.Returned == 0 })
	return out, shifts(line.Loc, line.Away, out)
}

// within keeps what is stated by location within the total of the line. Shops have been seen to ship nine of one.
func within(by map[string]int64, total int64) map[string]int64 {
	out := map[string]int64{}
	for _, ref := range slices.Sorted(maps.Keys(by)) {
		if n := min(max(0, by[ref]), total); n > 0 {
			out[ref] = n
			total -= n
		}
	}
	return out
}

// bringAway brings one count of a location to its total. More is of the warehouse the location is now; less is taken
// back from the latest.
func bringAway(all []db.Away, where string, loc uint32, total int64, count func(*db.Away) *int64) []db.Away {
	for _, a := range all {
		if a.Where == where {
			total -= *count(&a)
		}
	}
	for i := len(all) - 1; i >= 0 && total < 0; i-- {
		if all[i].Where == where {
			back := min(-total, *count(&all[i]))
			*count(&all[i]) -= back
			total += back
		}
	}
	if total <= 0 {
		return all
	}
	i := slices.IndexFunc(all, func(a db.Away) bool { return a.Where == where && a.Loc == loc })
	if i < 0 {
		i, all = len(all), append(all, db.Away{Where: where, Loc: loc})
	}
	*count(&all[i]) += total
	return all
}

// shifts are the differences between two states in warehouses other than own, by number.
func shifts(own uint32, before, after []db.Away) []shift {
	by := map[uint32]*shift{}
	add := func(all []db.Away, sign int64) {
		for _, a := range all {
			if a.Loc == own {
				continue
			}
			if by[a.Loc] == nil {
				by[a.Loc] = &shift{loc: a.Loc}
			}
			by[a.Loc].fulfilled += sign * a.Fulfilled
			by[a.Loc].returned += sign * a.Returned
		}
	}
	add(before, -1)
	add(after, +1)
	var out []shift
	for _, sh := range by {
		if sh.fulfilled != 0 || sh.returned != 0 {
			out = append(out, *sh)
		}
	}
	slices.SortFunc(out, func(a, b shift) int { return cmp.Compare(a.loc, b.loc) })
	return out
}

// step is one movement of a change, in its warehouse.
type step struct {
	domain.Step
	loc  uint32
	note string
}

// fromElsewhere is said of a booking that ends because its units left another warehouse.
const fromElsewhere = "shipped from another warehouse"

// placed splits the steps of a line over the warehouses: what leaves or comes back at another warehouse than the line is
// booked in changes In stock there, and ends the booking here.
func placed(own uint32, steps []domain.Step, shifts []shift) []step {
	var fulfilled, returned int64
	for _, sh := range shifts {
		fulfilled += sh.fulfilled
		returned += sh.returned
	}
	var out []step
	put := func(st domain.Step) {
		s := step{Step: st, loc: own}
		if st.Kind == domain.Fulfilled && st.Delta.OnHand == 0 && st.Delta.Booked < 0 {
			s.Kind, s.note = domain.Released, fromElsewhere
		}
		if !st.Delta.Zero() {
			out = append(out, s)
		}
	}
	for _, st := range steps {
		switch st.Kind {
		case domain.Fulfilled:
			st.Delta.OnHand += fulfilled
			fulfilled = 0
		case domain.Returned:
			st.Delta.OnHand -= returned
			returned = 0
		}
		put(st)
	}
	put(domain.Step{Kind: domain.Fulfilled, Delta: domain.Delta{OnHand: fulfilled}})
	put(domain.Step{Kind: domain.Returned, Delta: domain.Delta{OnHand: -returned}})
	for _, sh := range shifts {
		for _, st := range []domain.Step{{Kind: domain.Fulfilled, Delta: domain.Delta{OnHand: -sh.fulfilled}},
			{Kind: domain.Returned, Delta: domain.Delta{OnHand: sh.returned}}} {
			if !st.Delta.Zero() {
				out = append(out, step{Step: st, loc: sh.loc})
			}
		}
	}
	return out
}

// Held are units of a line that a shop has taken off the number behind a warehouse.
type Held struct {
	Loc         uint32
	Units, Open int64 // all of them, and those that customers still wait for
}

// HeldIn says behind which warehouses a shop has taken off the units of a line: those of the locations where it tells,
// else the one the line is booked in.
func HeldIn(store db.Store, line db.Line) []Held {
	open := line.Now.Domain().Open()
	if !store.Located || line.HeldAt == nil {
		return []Held{{line.Loc, line.Held, min(line.Held, open)}}
	}
	var out []Held
	for _, p := range store.Places {
		n := line.HeldAt[p.Ref]
		if p.Loc == 0 || n <= 0 {
			continue
		}
		waits := n
		for _, a := range line.Away {
			if a.Where == p.Ref {
				waits -= a.Fulfilled - a.Returned
			}
		}
		waits = min(max(0, waits), open)
		open -= waits
		i := slices.IndexFunc(out, func(h Held) bool { return h.Loc == p.Loc })
		if i < 0 {
			i, out = len(out), append(out, Held{Loc: p.Loc})
		}
		out[i].Units, out[i].Open = out[i].Units+n, out[i].Open+waits
	}
	return out
}
