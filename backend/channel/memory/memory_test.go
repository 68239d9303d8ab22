package memory_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/channel/memory"
)

var twoLocations = []channel.Location{{Ref: "shop", Name: "Shop floor", Active: true, Fulfils: true},
	{Ref: "depot", Name: "Depot", Active: true, Fulfils: true}, {Ref: "old", Name: "Old depot"}}

func TestSuite(t *testing.T) {
	for name, o := range map[string]memory.Options{
		"absolute numbers": {},
		"differences":      {Delta: true},
		"compare and set":  {CompareAndSet: true},
		"a largest number": {MaxQuantity: 1_000_000_000_000},
		"batches of seven": {PushBatch: 7, ReadBatch: 7},
		"two locations":    {Locations: twoLocations},
	} {
		t.Run(name, func(t *testing.T) {
			shop := func(pageSize int) func(*testing.T) (channel.Store, channeltest.Shop) {
				o := o
				o.PageSize = pageSize
				return func(*testing.T) (channel.Store, channeltest.Shop) {
					s := memory.New(o)
					return s, s
				}
			}
			suite := channeltest.Suite{New: shop(3)}
			if name == "absolute numbers" {
				suite.Large = shop(100)
			}
			suite.Run(t)
		})
	}
}

// TestDifference: a sale between reading and writing is kept, and the result tells what was held.
func TestDifference(t *testing.T) {
	s := memory.New(memory.Options{Delta: true})
	ref := s.AddListing(channeltest.Goods{SKU: "MUG", Quantity: 20})
	s.Sell(channeltest.Units{Ref: ref, Quantity: 3})
	results, err := s.PushStock(t.Context(), []channel.StockLevel{{Listing: ref.Listing, Available: 50, Expect: new(int64(20))}})
	if err != nil || results[0].Err != nil || *results[0].Was != 17 || s.Quantity(ref) != 47 {
		t.Errorf("%+v, %v, the shop holds %d", results, err, s.Quantity(ref))
	}
}

// TestOverlap: what changed shortly before a list ended is listed again, what changed earlier is not.
func TestOverlap(t *testing.T) {
	s := memory.New(memory.Options{})
	early := s.AddListing(channeltest.Goods{SKU: "EARLY"})
	s.Advance(memory.Overlap + time.Second)
	late := s.AddListing(channeltest.Goods{SKU: "LATE"})
	s.Advance(memory.Overlap - time.Second)
	var since channel.Cursor
	for _, want := range [][]string{{early.Listing, late.Listing}, {late.Listing}} {
		var got []string
		for page, err := range s.ListListings(t.Context(), since) {
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range page.Items {
				got = append(got, l.Ref)
			}
			since = page.Next
		}
		if !slices.Equal(got, want) {
			t.Errorf("listed %v, want %v", got, want)
		}
	}
}

// TestLateOrder: an order that stays hidden for longer than the overlap is not missed either.
func TestLateOrder(t *testing.T) {
	s := memory.New(memory.Options{})
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Quantity: 20})
	ref := s.Sell(channeltest.Units{Ref: mug, Quantity: 1})
	s.Hide(ref, time.Hour)
	s.Advance(2 * memory.Overlap)
	s.Sell(channeltest.Units{Ref: mug, Quantity: 1})
	var since channel.Cursor
	sees := func() (seen bool) {
		for page, err := range s.ListOrders(t.Context(), since) {
			if err != nil {
				t.Fatal(err)
			}
			seen = seen || slices.ContainsFunc(page.Items, func(o channel.Order) bool { return o.Ref == ref })
			since = page.Next
		}
		return seen
	}
	if sees() {
		t.Fatal("a hidden order is listed")
	}
	s.Advance(2 * time.Hour)
	if !sees() {
		t.Error("the order is missing when it is visible")
	}
}

// TestBrokenFirstReading: an order closed long ago is not listed however often the first reading is resumed.
func TestBrokenFirstReading(t *testing.T) {
	s := memory.New(memory.Options{PageSize: 1})
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Quantity: 20})
	open := s.Sell(channeltest.Units{Ref: mug, Quantity: 1})
	s.Fulfil(s.Sell(channeltest.Units{Ref: mug, Quantity: 1}))
	s.Advance(channel.OrderHistory + time.Hour)
	last := s.Sell(channeltest.Units{Ref: mug, Quantity: 1})
	var since channel.Cursor
	var got []string
	for range 4 {
		for page, err := range s.ListOrders(t.Context(), since) {
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page.Items {
				got = append(got, o.Ref)
			}
			since = page.Next
			break
		}
	}
	if want := []string{open, last}; !slices.Equal(slices.Compact(got), want) {
		t.Errorf("listed %v, want %v", got, want)
	}
}

// TestGivingBack: units thrown away are not given back by a cancellation.
func TestGivingBack(t *testing.T) {
	s := memory.New(memory.Options{})
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Quantity: 20})
	ref := s.Sell(channeltest.Units{Ref: mug, Quantity: 4})
	s.Ship(ref, 0, 2)
	s.Refund(ref, 0, 1, false)
	s.Cancel(ref)
	if n := s.Quantity(mug); n != 17 {
		t.Errorf("the shop holds %d of 20 after 2 were shipped and 1 was thrown away, want 17", n)
	}
	book := s.AddListing(channeltest.Goods{SKU: "BOOK", Untracked: true})
	s.Cancel(s.Sell(channeltest.Units{Ref: book, Quantity: 4}))
	if n := s.Quantity(book); n != 0 {
		t.Errorf("%d units appeared of goods that are not counted", n)
	}
}

// TestLies: each planted lie is told once and only once.
func TestLies(t *testing.T) {
	s := memory.New(memory.Options{})
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Quantity: 20})
	s.SetQuantity(mug, 18)
	s.SetQuantity(mug, 15)
	s.Fault(channeltest.Fault{Call: channeltest.ReadStock, Kind: channeltest.StaleRead, Times: 1})
	for _, want := range []int64{18, 15} {
		readings, err := s.ReadStock(t.Context(), []channel.Ref{mug})
		if err != nil || *readings[0].Quantity != want {
			t.Errorf("read %+v (%v), want %d", readings, err, want)
		}
	}
	s.Fault(channeltest.Fault{Call: channeltest.AnyCall, Kind: channeltest.IgnoreWrite, Times: 1})
	for _, want := range []int64{15, 9} {
		results, err := s.PushStock(t.Context(), []channel.StockLevel{{Listing: mug.Listing, Available: 9}})
		if err != nil || results[0].Err != nil || s.Quantity(mug) != want {
			t.Errorf("%+v, %v, the shop holds %d, want %d", results, err, s.Quantity(mug), want)
		}
	}
}

// TestSharedClock: the shop's clock is the caller's and what Advance added; waiting is told in the caller's time.
func TestSharedClock(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	s := memory.New(memory.Options{Now: func() time.Time { return now }})
	s.Advance(time.Hour)
	at, err := s.StoreTime(t.Context())
	if err != nil || !at.Equal(now.Add(time.Hour)) || !s.Now().Equal(at) {
		t.Errorf("the shop's time is %v (%v)", at, err)
	}
	s.Fault(channeltest.Fault{Call: channeltest.AnyCall, Kind: channeltest.TooMany, Times: 1})
	_, err = s.Check(t.Context())
	var e *channel.Error
	if !errors.As(err, &e) || !e.RetryAt.Equal(now.Add(time.Minute)) {
		t.Errorf("told to wait: %v", err)
	}
}

func TestTypeOpensByAccount(t *testing.T) {
	a, b := memory.New(memory.Options{ID: "a"}), memory.New(memory.Options{ID: "b"})
	typ := memory.Type(a, b)
	got, err := typ.Open(channel.Deps{}, channel.Settings{Fields: map[string]string{"id": "b"}})
	if err != nil || got != b {
		t.Errorf("opened %v, %v", got, err)
	}
	if _, err := typ.Open(channel.Deps{}, channel.Settings{}); channel.KindOf(err) != channel.Invalid {
		t.Errorf("opened nothing: %v", err)
	}
}
