package channeltest

import "evenstock/backend/channel"

// poolRules are for connectors whose vendor can keep one number for variants with different SKUs and takes it; for others
// there is nothing to check.
func poolRules() []rule {
	return []rule{
		{"pools: listings that share a number say so", nil, withPool(poolIsNamed)},
		{"pools: a number is written for all that share it", nil, withPool(poolIsWritten)},
		{"pools: a sale lowers it for all", nil, withPool(poolIsSold)},
	}
}

func withPool(check func(*scene, []channel.Ref)) func(*scene) {
	return func(s *scene) {
		shop, ok := s.shop.(Pooler)
		if !ok {
			s.t.Skip("this shop keeps no number for several SKUs, or takes none")
		}
		check(s, shop.AddPool("Scarf", 6, "SC-L", "SC-M", "SC-S"))
	}
}

func poolIsNamed(s *scene, refs []channel.Ref) {
	alone := s.shop.AddListing(Goods{SKU: "MUG", Title: "Mug", Quantity: 3})
	pools := map[string]string{}
	for p, err := range s.store.ListListings(s.t.Context(), nil) {
		s.must(err)
		for _, l := range p.Items {
			pools[l.Ref] = l.Pool
			if l.Pool != "" && (l.Shared || l.Parent == "" || len(l.Ref) <= len(l.Parent) || l.Ref[:len(l.Parent)+1] != l.Parent+"/") {
				s.t.Errorf("listing %+v is not named below its parent", l)
			}
		}
	}
	for _, ref := range refs {
		if pools[ref.Listing] == "" || pools[ref.Listing] != pools[refs[0].Listing] {
			s.t.Errorf("%s is in pool %q, %s in %q", ref.Listing, pools[ref.Listing], refs[0].Listing, pools[refs[0].Listing])
		}
	}
	if pools[alone.Listing] != "" {
		s.t.Errorf("a listing with its own number is in pool %q", pools[alone.Listing])
	}
}

func poolIsWritten(s *scene, refs []channel.Ref) {
	results, err := s.store.PushStock(s.t.Context(), []channel.StockLevel{{Listing: refs[1].Listing, Parent: refs[1].Parent, Available: 4}})
	s.must(err)
	s.must(results[0].Err)
	s.poolShows(refs, 4)
}

func poolIsSold(s *scene, refs []channel.Ref) {
	s.shop.Sell(Units{Ref: refs[2], Quantity: 2})
	s.poolShows(refs, 4)
}

func (s *scene) poolShows(refs []channel.Ref, want int64) {
	s.t.Helper()
	readings, err := s.store.ReadStock(s.t.Context(), refs)
	s.must(err)
	for i, r := range readings {
		if r.Err != nil || r.Quantity == nil || *r.Quantity != want {
			s.t.Errorf("%s reads %+v, want %d", refs[i].Listing, r, want)
		}
	}
}
