package channeltest

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"evenstock/backend/channel"
)

// scene is one shop and its store in the hands of one rule.
type scene struct {
	t      *testing.T
	store  channel.Store
	shop   Shop
	errors []error // every error the rule met
}

// cannot is why the shop is unable to do something a rule asks of it, empty if it is able.
func (s *scene) cannot(a Ability) string {
	if limited, ok := s.shop.(Limited); ok {
		return limited.Cannot(a)
	}
	return ""
}

func (s *scene) can(a Ability) bool { return s.cannot(a) == "" }

// tick lets the shop's clock go on far enough that two changes never share a second.
func (s *scene) tick() { s.shop.Advance(2 * time.Second) }

// stock puts n simple listings on sale, of which the first holds 10, the second 11 and so on.
func (s *scene) stock(n int) []channel.Ref {
	refs := make([]channel.Ref, n)
	for i := range refs {
		refs[i] = s.shop.AddListing(Goods{SKU: fmt.Sprintf("SKU-%d", i), Title: fmt.Sprintf("Goods %d", i), Quantity: int64(10 + i)})
	}
	return refs
}

// listings reads a list of listings to its end.
func (s *scene) listings(since channel.Cursor) (map[string]channel.Listing, channel.Cursor) {
	s.t.Helper()
	return collect(s, s.store.ListListings(s.t.Context(), since), since, func(l channel.Listing) string { return l.Ref })
}

// orders reads a list of orders to its end.
func (s *scene) orders(since channel.Cursor) (map[string]channel.Order, channel.Cursor) {
	s.t.Helper()
	return collect(s, s.store.ListOrders(s.t.Context(), since), since, func(o channel.Order) string { return o.Ref })
}

// order reads one known order.
func (s *scene) order(ref string) channel.Order {
	s.t.Helper()
	orders, err := s.store.GetOrders(s.t.Context(), []string{ref})
	s.must(err)
	if len(orders) != 1 || orders[0].Ref != ref {
		s.t.Fatalf("GetOrders(%s) = %+v", ref, orders)
	}
	return orders[0]
}

// read returns what the store says it holds, -1 where it does not count.
func (s *scene) read(refs ...channel.Ref) []int64 {
	s.t.Helper()
	readings, err := s.store.ReadStock(s.t.Context(), refs)
	s.must(err)
	if len(readings) != len(refs) {
		s.t.Fatalf("ReadStock of %d refs returned %d readings", len(refs), len(readings))
	}
	out := make([]int64, len(refs))
	for i, r := range readings {
		if r.Ref != refs[i] {
			s.t.Fatalf("reading %d is of %+v, want %+v", i, r.Ref, refs[i])
		}
		s.must(r.Err)
		out[i] = -1
		if r.Quantity != nil {
			out[i] = *r.Quantity
		}
	}
	return out
}

// push writes one absolute number and returns the error of the call or of its result.
func (s *scene) push(ref channel.Ref, available int64) error {
	s.t.Helper()
	results, err := s.store.PushStock(s.t.Context(), []channel.StockLevel{level(ref, available)})
	if err == nil && len(results) != 1 {
		s.t.Fatalf("PushStock of one level returned %d results", len(results))
	}
	if err == nil {
		err = results[0].Err
	}
	s.met(err)
	return err
}

func level(ref channel.Ref, available int64) channel.StockLevel {
	return channel.StockLevel{
		Listing: ref.Listing, Parent: ref.Parent, Location: ref.Location,
		Available: available, Key: fmt.Sprintf("%s=%d", ref.Listing, available),
	}
}

func (s *scene) must(err error) {
	s.t.Helper()
	if s.met(err); err != nil {
		s.t.Fatal(err)
	}
}

// met remembers an error, so that it is searched for secrets.
func (s *scene) met(err error) {
	if err != nil {
		s.errors = append(s.errors, err)
	}
}

// kind fails the rule unless err is an *Error of the kind.
func (s *scene) kind(err error, want channel.Kind) {
	s.t.Helper()
	s.met(err)
	if err == nil {
		s.t.Errorf("no error, want one of kind %v", want)
		return
	}
	if got := channel.KindOf(err); got != want {
		s.t.Errorf("error of kind %v, want %v: %v", got, want, err)
	}
}

// collect reads a sequence to its end, the last state of each item winning, and returns the last cursor.
func collect[T any](s *scene, pages iter.Seq2[channel.Page[T], error], since channel.Cursor, ref func(T) string) (map[string]T, channel.Cursor) {
	s.t.Helper()
	out := map[string]T{}
	for page, err := range pages {
		s.must(err)
		for _, item := range page.Items {
			out[ref(item)] = item
		}
		since = page.Next
	}
	return out, since
}

// collectSlowly reads as collect does, but breaks off after every page and asks again from where it was; then, which is
// called after every page, may change the shop.
func collectSlowly[T any](
	s *scene, list func(context.Context, channel.Cursor) iter.Seq2[channel.Page[T], error], since channel.Cursor, ref func(T) string, then func(page int),
) (map[string]T, channel.Cursor) {
	s.t.Helper()
	const most = 50 // pages; a reader that starts again each time never ends
	out := map[string]T{}
	for n := 1; n <= most; n++ {
		pages, more := 0, false
		for page, err := range list(s.t.Context(), since) {
			s.must(err)
			if pages++; pages == 2 {
				more = true
				break
			}
			for _, item := range page.Items {
				out[ref(item)] = item
			}
			since = page.Next
		}
		if then != nil {
			then(n)
		}
		if !more {
			if n == 1 {
				s.t.Fatal("one page only: make the store with at most three items on a page")
			}
			return out, since
		}
	}
	s.t.Fatalf("no end after %d pages", most)
	return nil, nil
}
