package channeltest

import (
	"context"
	"errors"
	"time"

	"evenstock/backend/channel"
)

var errorRules = []rule{
	{"errors: each has its kind", []Ability{Faults}, checkErrorKinds},
	{"errors: a list that broke off is resumed", []Ability{Faults}, checkBrokenList},
	{"errors: the answer to a write is lost", []Ability{Faults}, checkLostAnswer},
	{"errors: a write that never arrived changes nothing", []Ability{Faults}, checkLostWrite},
	{"errors: the user stops", nil, checkStop},
	{"errors: breaking off asks for no more pages", nil, checkBreak},
}

var lieRules = []rule{
	{"lies: an item left out of a page is not lost", []Ability{Lies}, checkSkippedItem},
	{"lies: a write the shop ignored is noticed", []Ability{Lies}, checkIgnoredWrite},
	{"lies: a stale answer is not the last word", []Ability{Lies}, checkStaleAnswer},
	{"lies: refunds without a word on restocking", []Ability{Lies, LineRefunds, RestockFlag}, checkNoRestock},
}

func checkErrorKinds(s *scene) {
	ref := s.stock(1)[0]
	ctx := s.t.Context()
	calls := map[Call]func() error{
		ReadStock:    func() error { _, err := s.store.ReadStock(ctx, []channel.Ref{ref}); return err },
		PushStock:    func() error { return s.push(ref, 5) },
		GetOrders:    func() error { _, err := s.store.GetOrders(ctx, []string{"1"}); return err },
		ListOrders:   func() error { return firstError(s.store.ListOrders(ctx, nil)) },
		ListListings: func() error { return firstError(s.store.ListListings(ctx, nil)) },
	}
	kinds := map[FaultKind]channel.Kind{
		ServerError: channel.Transient, TimeoutBefore: channel.Transient, Truncate: channel.Transient,
		HTML: channel.Transient, Unauthorized: channel.Auth, TooMany: channel.Throttled,
	}
	for call, do := range calls {
		for fault, want := range kinds {
			f := Fault{Call: call, Kind: fault, Times: 1}
			if fault == TooMany {
				f.After = 90 * time.Second
			}
			s.shop.Fault(f)
			err := do()
			s.kind(err, want)
			if s.t.Failed() {
				s.t.Fatalf("after %s on %s", fault, call)
			}
			s.checkThrottled(err)
			s.shop.Advance(2 * time.Minute)
			s.must(do())
		}
	}
}

// checkThrottled demands that a throttled error says until when, near what the shop asked for.
func (s *scene) checkThrottled(err error) {
	s.t.Helper()
	var e *channel.Error
	if !errors.As(err, &e) || e.Kind != channel.Throttled {
		return
	}
	if wait := e.RetryAt.Sub(s.shop.Now()); wait < 60*second || wait > 120*second {
		s.t.Errorf("asked to wait 90 s, told to wait %v", wait)
	}
}

func firstError[T any](pages func(yield func(channel.Page[T], error) bool)) error {
	var first error
	for _, err := range pages {
		first = err
	}
	return first
}

func checkBrokenList(s *scene) {
	refs := s.sellMany(8)
	got := map[string]channel.Order{}
	var since channel.Cursor
	broke := false
	for page, err := range s.store.ListOrders(s.t.Context(), nil) {
		if err != nil {
			s.kind(err, channel.Transient)
			broke = true
			break
		}
		for _, o := range page.Items {
			got[o.Ref] = o
		}
		since = page.Next
		s.shop.Fault(Fault{Call: ListOrders, Kind: ServerError, Times: 1})
	}
	if !broke {
		s.t.Fatal("one page only: make the store with at most three items on a page")
	}
	rest, _ := s.orders(since)
	for _, ref := range refs {
		_, before := got[ref]
		_, after := rest[ref]
		if !before && !after {
			s.t.Errorf("order %s is missing", ref)
		}
	}
}

func checkLostAnswer(s *scene) {
	refs := s.stock(2)
	s.shop.Fault(Fault{Call: PushStock, Kind: TimeoutAfter, Times: 1})
	s.kind(s.push(refs[0], 40), channel.Transient)
	s.want(refs, 40, 11)
	s.must(s.push(refs[0], 40))
	s.want(refs, 40, 11)
}

func checkLostWrite(s *scene) {
	refs := s.stock(2)
	for _, fault := range []FaultKind{TimeoutBefore, ServerError, HTML} {
		s.shop.Fault(Fault{Call: PushStock, Kind: fault, Times: 1})
		s.kind(s.push(refs[0], 40), channel.Transient)
		s.want(refs, 10, 11)
	}
	if n := s.shop.Written(); n != 0 {
		s.t.Errorf("%d listings were written", n)
	}
}

func checkStop(s *scene) {
	s.stock(10)
	ctx, stop := context.WithCancel(s.t.Context())
	defer stop()
	pages := 0
	var last error
	for _, err := range s.store.ListListings(ctx, nil) {
		last = err
		if pages++; pages == 1 {
			stop()
		}
	}
	if pages > 2 || !errors.Is(last, context.Canceled) {
		s.t.Errorf("stopped after the first page: %d pages, then %v", pages, last)
	}
	if _, err := s.store.ReadStock(ctx, []channel.Ref{{Listing: "1"}}); !errors.Is(err, context.Canceled) {
		s.t.Errorf("a reading after the stop: %v", err)
	}
}

func checkBreak(s *scene) {
	s.stock(10)
	before := s.shop.Calls(ListListings)
	for _, err := range s.store.ListListings(s.t.Context(), nil) {
		s.must(err)
		break
	}
	if n := s.shop.Calls(ListListings) - before; n > 1 {
		s.t.Errorf("%d calls for one page", n)
	}
}

func checkSkippedItem(s *scene) {
	refs := s.sellMany(5)
	s.shop.Fault(Fault{Call: ListOrders, Kind: SkipItem, Times: 1})
	got := map[string]channel.Order{}
	var since channel.Cursor
	for page, err := range s.store.ListOrders(s.t.Context(), nil) {
		if err != nil {
			s.kind(err, channel.Transient)
			break
		}
		for _, o := range page.Items {
			got[o.Ref] = o
		}
		since = page.Next
	}
	rest, _ := s.orders(since)
	for ref, o := range rest {
		got[ref] = o
	}
	for _, ref := range refs {
		if _, ok := got[ref]; !ok {
			s.t.Errorf("order %s is lost", ref)
		}
	}
}

// checkIgnoredWrite accepts either way of noticing: the result says so, or the next reading tells the truth.
func checkIgnoredWrite(s *scene) {
	ref := s.stock(1)[0]
	s.shop.Fault(Fault{Call: PushStock, Kind: IgnoreWrite, Times: 1})
	if err := s.push(ref, 40); err != nil && channel.KindOf(err) != channel.Stale {
		s.t.Errorf("an ignored write is of kind %v: %v", channel.KindOf(err), err)
	}
	s.want([]channel.Ref{ref}, 10)
	s.must(s.push(ref, 40))
	s.want([]channel.Ref{ref}, 40)
}

func checkStaleAnswer(s *scene) {
	ref := s.stock(1)[0]
	s.shop.Sell(Units{ref, 4})
	s.shop.Fault(Fault{Call: ReadStock, Kind: StaleRead, Times: 1})
	if got := s.read(ref)[0]; got != 10 && got != 6 {
		s.t.Errorf("read %d, neither what the shop holds nor what it held before", got)
	}
	s.want([]channel.Ref{ref}, 6)
}

func checkNoRestock(s *scene) {
	mug := s.shop.AddListing(Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	ref := s.shop.Sell(Units{mug, 4})
	s.tick()
	s.shop.Refund(ref, 0, 1, true)
	s.tick()
	s.shop.Fault(Fault{Call: GetOrders, Kind: NoRestock, Times: 1})
	if got := totals(s.order(ref).Lines[0]); got.booked != 3 {
		s.t.Errorf("booked %d of 4 units of which one was refunded, want 3", got.booked)
	}
	if got := totals(s.order(ref).Lines[0]); got != (effect{0, 3}) {
		s.t.Errorf("told the truth: in stock %+d, booked %d; want 0 and 3", got.onHand, got.booked)
	}
}
