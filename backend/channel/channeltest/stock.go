package channeltest

import (
	"sync"

	"evenstock/backend/channel"
)

var stockRules = []rule{
	{"stock: read as it is now, in order", nil, checkReadFresh},
	{"stock: nothing is read where nothing is counted", []Ability{Uncounted}, checkReadUntracked},
	{"stock: more than a batch is refused", nil, checkTooMany},
	{"push: an absolute number, as often as you like", nil, checkPush},
	{"push: from what the shop is expected to hold", nil, checkPushExpected},
	{"push: an expectation that does not hold is refused", []Ability{Hooks}, checkCompareAndSet},
	{"push: one bad listing does not block a batch", []Ability{Removal}, checkPushBadOne},
	{"push: a full batch of siblings and others", nil, checkPushFullBatch},
	{"push: a quantity above the shop's largest", nil, checkPushLargest},
	{"push: tracking is switched on with its number", nil, checkTrack},
	{"calls: many at once", nil, checkParallel},
}

func checkReadFresh(s *scene) {
	refs := s.stock(3)
	red := s.shop.AddListing(Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 30})
	refs = append(refs, red)
	s.want(refs, 10, 11, 12, 30)
	s.shop.Sell(Units{refs[0], 4}, Units{red, 1})
	s.want(refs, 6, 11, 12, 29)
	byHand := int64(-5)
	if !s.can(BelowZero) {
		byHand = 0
	}
	s.shop.SetQuantity(refs[1], byHand)
	s.want(refs, 6, byHand, 12, 29)
	s.must(s.push(refs[2], 77))
	s.want(refs, 6, byHand, 77, 29)
	s.want([]channel.Ref{red, refs[0], red}, 29, 6, 29)
	if none, err := s.store.ReadStock(s.t.Context(), nil); err != nil || len(none) != 0 {
		s.t.Errorf("no refs: %v, %v", none, err)
	}
}

// want reads refs and compares.
func (s *scene) want(refs []channel.Ref, want ...int64) {
	s.t.Helper()
	for i, got := range s.read(refs...) {
		if got != want[i] {
			s.t.Errorf("listing %s reads %d, want %d", refs[i].Listing, got, want[i])
		}
	}
}

func checkReadUntracked(s *scene) {
	book := s.shop.AddListing(Goods{SKU: "EBOOK", Title: "Book", Untracked: true})
	s.want([]channel.Ref{book}, -1)
	err := s.push(book, 5)
	s.kind(err, channel.Invalid)
	s.want([]channel.Ref{book}, -1)
}

func checkTooMany(s *scene) {
	ref := s.stock(1)[0]
	caps := s.store.Capabilities()
	calls := s.shop.Calls(AnyCall)
	_, err := s.store.ReadStock(s.t.Context(), repeat(ref, caps.ReadBatch+1))
	s.kind(err, channel.Invalid)
	_, err = s.store.PushStock(s.t.Context(), repeat(level(ref, 1), caps.PushBatch+1))
	s.kind(err, channel.Invalid)
	if s.shop.Calls(AnyCall) != calls {
		s.t.Error("the shop was asked all the same")
	}
	s.want([]channel.Ref{ref}, 10)
}

func repeat[T any](v T, n int) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = v
	}
	return out
}

func checkPush(s *scene) {
	refs := s.stock(2)
	red := s.shop.AddListing(Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 30})
	refs = append(refs, red)
	for range 2 {
		for i, ref := range refs {
			s.must(s.push(ref, int64(40+i)))
		}
		s.want(refs, 40, 41, 42)
	}
	s.must(s.push(refs[0], 0))
	if s.can(BelowZero) {
		s.shop.SetQuantity(refs[1], -3)
	}
	s.must(s.push(refs[1], 0))
	large := int64(900)
	if s.can(Huge) {
		large = 3_000_000_000
	}
	s.must(s.push(red, large))
	s.want(refs, 0, 0, large)
	for i, want := range []int64{0, 0, large} {
		if n := s.shop.Quantity(refs[i]); n != want {
			s.t.Errorf("the shop holds %d of listing %d, want %d", n, i, want)
		}
	}
}

// checkPushExpected pushes from right expectations. A connector that compares, one that sends differences and one that
// does neither all end with the number that was asked for.
func checkPushExpected(s *scene) {
	refs := s.stock(2)
	red := s.shop.AddListing(Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 30})
	refs = append(refs, red)
	held, target := []int64{10, 11, 30}, []int64{4, 11, 300}
	batch := make([]channel.StockLevel, len(refs))
	for i, ref := range refs {
		batch[i] = level(ref, target[i])
		batch[i].Expect = &held[i]
	}
	results, err := s.store.PushStock(s.t.Context(), batch)
	s.must(err)
	for i, r := range results {
		s.must(r.Err)
		if r.Was != nil && *r.Was != held[i] {
			s.t.Errorf("listing %d held %d before, the result says %d", i, held[i], *r.Was)
		}
	}
	s.want(refs, target...)
}

func checkCompareAndSet(s *scene) {
	if !s.store.Capabilities().CompareAndSet {
		s.t.Skip("this shop takes no precondition")
	}
	ref := s.stock(1)[0]
	l := level(ref, 40)
	l.Expect = new(int64(10))
	s.shop.Before(PushStock, func() { s.shop.Sell(Units{ref, 3}) })
	results, err := s.store.PushStock(s.t.Context(), []channel.StockLevel{l})
	s.must(err)
	s.kind(results[0].Err, channel.Stale)
	s.want([]channel.Ref{ref}, 7)
}

func checkPushBadOne(s *scene) {
	refs := s.stock(3)
	red := s.shop.AddListing(Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 30})
	all := append([]channel.Ref{red}, refs...)
	bad := map[channel.Ref]channel.Kind{refs[1]: channel.Missing}
	s.shop.Remove(refs[1])
	if s.can(Uncounted) {
		book := s.shop.AddListing(Goods{SKU: "EBOOK", Title: "Book", Untracked: true})
		all, bad[book] = append(all, book), channel.Invalid
	}
	for _, expect := range []bool{false, true} {
		var batch []channel.StockLevel
		for _, ref := range all {
			l := level(ref, 5)
			if expect {
				l.Expect = new(int64(5)) // right where the first round wrote
			}
			batch = append(batch, l)
		}
		results, err := s.store.PushStock(s.t.Context(), batch)
		s.must(err)
		if len(results) != len(batch) {
			s.t.Fatalf("%d results for %d levels", len(results), len(batch))
		}
		for i, ref := range all {
			if kind, is := bad[ref]; is {
				s.kind(results[i].Err, kind)
			} else {
				s.must(results[i].Err)
			}
		}
		s.want([]channel.Ref{red, refs[0], refs[2]}, 5, 5, 5)
	}
}

func checkPushFullBatch(s *scene) {
	n := s.store.Capabilities().PushBatch
	var refs []channel.Ref
	parent := ""
	for i := range n {
		g := Goods{SKU: "S" + string(rune('A'+i%26)) + string(rune('A'+i/26)), Title: "Goods", Quantity: 1}
		if i%3 == 0 {
			g.Variant, g.Parent, g.Title = g.SKU, parent, "Shirt"
		}
		ref := s.shop.AddListing(g)
		if i%3 == 0 {
			parent = ref.Parent
		}
		refs = append(refs, ref)
	}
	batch := make([]channel.StockLevel, n)
	for i, ref := range refs {
		batch[i] = level(ref, int64(100+i))
	}
	results, err := s.store.PushStock(s.t.Context(), batch)
	s.must(err)
	for _, r := range results {
		s.must(r.Err)
	}
	for i, ref := range refs {
		if got := s.shop.Quantity(ref); got != int64(100+i) {
			s.t.Errorf("listing %d holds %d, want %d", i, got, 100+i)
		}
	}
}

func checkPushLargest(s *scene) {
	most := s.store.Capabilities().MaxQuantity
	if most == 0 {
		s.t.Skip("this shop names no largest quantity")
	}
	ref := s.stock(1)[0]
	s.must(s.push(ref, most))
	s.kind(s.push(ref, most+1), channel.Invalid)
	s.want([]channel.Ref{ref}, most)
}

func checkTrack(s *scene) {
	tracker, ok := s.store.(channel.Tracker)
	if !ok {
		s.t.Skip("the connector cannot switch tracking on")
	}
	book := s.shop.AddListing(Goods{SKU: "EBOOK", Title: "Book", Untracked: true})
	red := s.shop.AddListing(Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Untracked: true})
	for _, ref := range []channel.Ref{book, red} {
		s.must(tracker.Track(s.t.Context(), level(ref, 12)))
		s.want([]channel.Ref{ref}, 12)
		s.must(s.push(ref, 13))
		s.want([]channel.Ref{ref}, 13)
	}
	s.shop.Remove(book)
	s.kind(tracker.Track(s.t.Context(), level(book, 1)), channel.Missing)
}

func checkParallel(s *scene) {
	refs := s.stock(min(8, s.store.Capabilities().ReadBatch))
	var wg sync.WaitGroup
	errs := make([]error, len(refs))
	for i, ref := range refs {
		wg.Go(func() {
			if _, err := s.store.PushStock(s.t.Context(), []channel.StockLevel{level(ref, int64(i))}); err != nil {
				errs[i] = err
				return
			}
			if _, err := s.store.ReadStock(s.t.Context(), refs); err != nil {
				errs[i] = err
				return
			}
			for _, err := range s.store.ListListings(s.t.Context(), nil) {
				if err != nil {
					errs[i] = err
				}
			}
		})
	}
	wg.Wait()
	for i, err := range errs {
		s.must(err)
		if n := s.shop.Quantity(refs[i]); n != int64(i) {
			s.t.Errorf("listing %d holds %d", i, n)
		}
	}
}
