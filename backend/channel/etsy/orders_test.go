package etsy

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/etsy"
	"evenstock/backend/practice/practicetest"
)

// line is what is left of a line: booked, gone, released.
func summary(l channel.Line) string {
	fulfilled := l.Fulfilled[""]
	return fmt.Sprintf("booked %d shipped %d released %d written off %d", l.Ordered-fulfilled-l.Released-l.WrittenOff, fulfilled, l.Released, l.WrittenOff)
}

func (s *scene) order(t *testing.T, ref string) channel.Order {
	t.Helper()
	orders, err := s.store.GetOrders(t.Context(), []string{ref})
	must(t, err)
	return orders[0]
}

// TestBookings is the booking table of channels/README.md, as far as Etsy can say it.
func TestBookings(t *testing.T) {
	refundAll := func(s *scene, o string) { s.Refund(o, 0, 4, false) }
	for _, c := range []struct {
		name   string
		do     func(s *scene, order string)
		want   string
		notice string
	}{
		{"paid", func(*scene, string) {}, "booked 4 shipped 0 released 0 written off 0", ""},
		{"shipped", func(s *scene, o string) { s.Fulfil(o) }, "booked 0 shipped 4 released 0 written off 0", ""},
		{"cancelled", func(s *scene, o string) { s.Cancel(o) }, "booked 0 shipped 0 released 4 written off 0", ""},
		{"shipped, then cancelled", func(s *scene, o string) { s.Fulfil(o); s.Cancel(o) }, "booked 0 shipped 4 released 0 written off 0", "shipped and then"},
		{"refunded in part", func(s *scene, o string) { s.Refund(o, 0, 1, false) }, "booked 4 shipped 0 released 0 written off 0", "not which part"},
		{"shipped, then refunded in part", func(s *scene, o string) { s.Fulfil(o); s.Refund(o, 0, 1, false) }, "booked 0 shipped 4 released 0 written off 0", "not which part"},
		{"refunded before shipping", refundAll, "booked 0 shipped 0 released 4 written off 0", ""},
		{"refunded after shipping", func(s *scene, o string) { s.Fulfil(o); refundAll(s, o) }, "booked 0 shipped 4 released 0 written off 0", "shipped and then"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t, practicetest.EtsyOptions{}, nil)
			mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
			ref := s.Sell(channeltest.Units{Ref: mug, Quantity: 4})
			c.do(s, ref)
			o := s.order(t, ref)
			if got := summary(o.Lines[0]); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if (o.Notice == "") != (c.notice == "") || !strings.Contains(o.Notice, c.notice) {
				t.Errorf("notice %q, want one that says %q", o.Notice, c.notice)
			}
		})
	}
}

// TestOneLineShipped: the time a line was shipped is the only sign of a partly shipped receipt (etsy.md, 3.3).
func TestOneLineShipped(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	refs := s.shirt("10.00", "12.00")
	ref := s.Sell(channeltest.Units{Ref: refs[0], Quantity: 2}, channeltest.Units{Ref: refs[1], Quantity: 3})
	practicetest.Parcels{Shop: s.Shop}.Ship(ref, 1, 3)
	lines := s.order(t, ref).Lines
	if a, b := summary(lines[0]), summary(lines[1]); !strings.HasPrefix(a, "booked 2 shipped 0") || !strings.HasPrefix(b, "booked 0 shipped 3") {
		t.Errorf("lines: %s; %s", a, b)
	}
}

// TestCancelledIsLookedFor: a cancelled receipt is in no list that does not ask for it (etsy.md, 3.3).
func TestCancelledIsLookedFor(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	ref := s.Sell(channeltest.Units{Ref: mug, Quantity: 4})
	var since channel.Cursor
	for p, err := range s.store.ListOrders(t.Context(), nil) {
		must(t, err)
		since = p.Next
	}
	s.Advance(time.Hour)
	s.Cancel(ref)
	found := false
	for p, err := range s.store.ListOrders(t.Context(), since) {
		must(t, err)
		for _, o := range p.Items {
			found = found || o.Ref == ref && o.Lines[0].Released == 4
		}
	}
	if !found {
		t.Error("the cancelled order is in no list")
	}
	if asked := s.rec.Sent(http.MethodGet, "/receipts"); !strings.Contains(asked[len(asked)-1].Query, "was_canceled=true") {
		t.Errorf("the last question was %s", asked[len(asked)-1].Query)
	}
}

// TestRefundMovesNoDate: a refund is in no list of what changed, so known orders are read by id (etsy.md, 3.3).
func TestRefundMovesNoDate(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	ref := s.Sell(channeltest.Units{Ref: mug, Quantity: 4})
	before := s.order(t, ref)
	s.Advance(time.Hour)
	s.Refund(ref, 0, 4, false)
	after := s.order(t, ref)
	if !after.Updated.Equal(before.Updated) {
		t.Errorf("the practice shop moved the date to %v", after.Updated)
	}
	if after.Lines[0].Released != 4 {
		t.Errorf("the refund is not seen by id: %+v", after)
	}
}

// TestFilesHaveNoStock: lines of files are left out, and listings of files are not counted (etsy.md, 3.3).
func TestFilesHaveNoStock(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	pattern := s.AddListing(channeltest.Goods{SKU: "PATTERN", Title: "Pattern", Untracked: true})
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
	o := s.order(t, s.Sell(channeltest.Units{Ref: pattern, Quantity: 1}, channeltest.Units{Ref: mug, Quantity: 1}))
	if len(o.Lines) != 1 || o.Lines[0].SKU != "MUG" {
		t.Errorf("lines %+v, want the mug only", o.Lines)
	}
	for p, err := range s.store.ListListings(t.Context(), nil) {
		must(t, err)
		for _, l := range p.Items {
			if l.Ref == pattern.Listing && (l.Tracked || l.Quantity != nil) {
				t.Errorf("the file is counted: %+v", l)
			}
		}
	}
}

func TestLineNamesWhatWasSold(t *testing.T) {
	chosen := []property{{ID: 513, Values: []string{"M"}}}
	for _, c := range []struct {
		name string
		line transaction
		want string
	}{
		{"simple", transaction{Listing: 7, SKU: "MUG"}, "7"},
		{"choice with SKU", transaction{Listing: 7, SKU: " TEE-M ", Properties: chosen}, "7/TEE-M"},
		{"choice without", transaction{Listing: 7, Properties: chosen}, "7/?513=M"},
		{"listing deleted", transaction{SKU: "MUG"}, ""},
	} {
		if got := c.line.listing(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestNoBuyer: nothing about a buyer leaves the connector, though receipts are full of it (marketplace-auth-and-gotchas.md, 10).
func TestNoBuyer(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 50})
	ref := s.Sell(channeltest.Units{Ref: mug, Quantity: 4})
	var said strings.Builder
	fmt.Fprintf(&said, "%+v", s.order(t, ref))
	for p, err := range s.store.ListOrders(t.Context(), nil) {
		fmt.Fprintf(&said, "%+v %s %v", p.Items, p.Next, err)
	}
	for _, fault := range []practice.FaultKind{practice.Truncate, practice.SkipItem} {
		s.World.Fault(practice.Fault{Call: practice.GetOrders, Kind: fault})
		_, err := s.store.GetOrders(t.Context(), []string{ref})
		fmt.Fprintf(&said, "%+v", err)
	}
	said.WriteString(s.store.Log.String())
	seen := ""
	for _, e := range s.rec.All() {
		seen += string(e.Answer)
	}
	for _, canary := range etsy.Canaries {
		if !strings.Contains(seen, canary) {
			t.Errorf("the practice shop never said %q, so this test proves nothing", canary)
		}
		if strings.Contains(said.String(), canary) {
			t.Errorf("%q left the connector", canary)
		}
	}
}
