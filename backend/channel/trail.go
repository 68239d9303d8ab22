package channel

import "slices"

// landmarks is how many of the items that were handled last are remembered, to find the place again.
const landmarks = 10

// Trail is where a reading stands in a list whose pages are asked for by offset, while items leave and enter it. A connector
// embeds it in its cursor.
type Trail[K comparable] struct {
	Offset int `json:"offset,omitempty"` // of the first item that was not handled, when it was reached
	After  []K `json:"after,omitempty"`  // the items that were handled last
}

// Passed is the trail once items were handled, the last of which stands before end.
func (t Trail[K]) Passed(end int, handled ...K) Trail[K] {
	all := append(slices.Clone(t.After), handled...)
	return Trail[K]{Offset: end, After: all[max(0, len(all)-landmarks):]}
}

// Follow returns the items behind a trail, where the last of them ends, and whether the list ends there as well. A page of size
// begins at the item that was handled last; when neither it nor one before it is there, something left the list and what follows
// moved up: reading then steps back until it meets known ground, so that nothing is skipped. What is met twice does no harm.
func Follow[K comparable, T any](t Trail[K], size int, key func(T) K, read func(offset int) (items []T, total int, err error)) (rest []T, end int, last bool, err error) {
	for offset := max(0, t.Offset-1); ; offset = max(0, offset-size+1) {
		items, total, err := read(offset)
		if err != nil {
			return nil, 0, false, err
		}
		known := -1
		for i, item := range items {
			if slices.Contains(t.After, key(item)) {
				known = i
			}
		}
		if offset > 0 && known < 0 {
			continue
		}
		end = offset + len(items)
		return items[known+1:], end, len(items) == 0 || end >= total, nil
	}
}
