package practice

// Holder returns the item whose number a sale of it changes: itself when the shop counts it, its parent when the
// parent is counted instead, else nil.
func (s *State) Holder(it *Item) *Item {
	if it == nil || !s.CountsStock {
		return nil
	}
	if it.Counted {
		return it
	}
	if parent := s.items[it.Parent]; parent != nil && parent.Counted {
		return parent
	}
	return nil
}

// SetQuantity sets an item's own number and moves its date, also when the number stays the same. It does nothing to
// an item the shop does not count.
func (s *State) SetQuantity(it *Item, quantity int64) {
	if !it.Counted || !s.CountsStock {
		s.Touch(it)
		return
	}
	s.put(it, &quantity)
	s.moved(it)
}

// SetCounted switches the counting of an item on or off; switching off drops the number.
func (s *State) SetCounted(it *Item, counted bool) {
	it.Counted = counted
	if !counted {
		it.Availability = s.Available(it)
		s.put(it, nil)
	}
	s.Touch(it)
}

// WriteQuietly changes a number without moving any date, as a plugin does that writes past the shop.
func (s *State) WriteQuietly(it *Item, quantity int64) { s.put(it, &quantity) }

// add changes the number of what holds the stock of it, in one step, and moves the dates a sale moves: those of the
// holder and its parent, but not those of other variants that share the parent's number.
func (s *State) add(it *Item, difference int64) {
	holder := s.Holder(it)
	if holder == nil {
		return
	}
	now := difference
	if holder.Quantity != nil {
		now += *holder.Quantity
	}
	s.put(holder, &now)
	s.moved(holder)
}

func (s *State) put(it *Item, quantity *int64) {
	old := int64(0)
	if it.Quantity != nil {
		old = *it.Quantity
	}
	if quantity == nil || it.Quantity == nil || old != *quantity {
		it.before = it.Quantity
	}
	it.Quantity = quantity
	if it.Counted {
		it.Availability = ownAvailability(it)
	}
}

// Available is what the shop tells customers about an item.
func (s *State) Available(it *Item) Availability {
	if !s.CountsStock {
		return it.Availability
	}
	if holder := s.Holder(it); holder != nil {
		return ownAvailability(holder)
	}
	if it.Kind != Parent {
		return it.Availability
	}
	best := OutStock
	for _, id := range it.Variants {
		switch v := s.items[id]; s.Available(v) {
		case InStock:
			return InStock
		case Backorder:
			best = Backorder
		}
	}
	return best
}

func ownAvailability(it *Item) Availability {
	switch {
	case it.Quantity != nil && *it.Quantity > 0:
		return InStock
	case it.Backorders != "no":
		return Backorder
	}
	return OutStock
}

// Wrote notes that the API wrote the number of an item.
func (s *State) Wrote(id int64) { s.written[id]++ }

// Keep remembers the stock of items and returns a function that puts it back, for writes that are to have no effect.
func (s *State) Keep(ids []int64) (restore func()) {
	kept := map[*Item]Item{}
	keep := func(it *Item) {
		if it != nil {
			kept[it] = *it
		}
	}
	for _, id := range ids {
		if it := s.items[id]; it != nil {
			keep(it)
			keep(s.items[it.Parent])
		}
	}
	return func() {
		for it, was := range kept {
			it.Counted, it.Quantity, it.before = was.Counted, was.Quantity, was.before
			it.Availability, it.Modified = was.Availability, was.Modified
		}
	}
}
