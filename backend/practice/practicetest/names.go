package practicetest

import (
	"sync"

	"evenstock/backend/channel"
	"evenstock/backend/practice"
)

// remember names items as a vendor does whose refs do not say which item they are of, such as those made of a SKU: which
// item a ref named is remembered, also after the item is called otherwise. A ref that named none is
// that of item 0, which no shop has.
func (s *Shop) remember(name func(*practice.Item) (listing, parent string)) {
	var mu sync.Mutex
	ids := map[string]int64{}
	s.Name = func(_ *practice.State, it *practice.Item) channel.Ref {
		mu.Lock()
		defer mu.Unlock()
		listing, parent := name(it)
		ids[listing] = it.ID
		return channel.Ref{Listing: listing, Parent: parent}
	}
	s.Find = func(ref string) int64 {
		mu.Lock()
		defer mu.Unlock()
		return ids[ref]
	}
}
