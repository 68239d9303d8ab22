package etsy

import (
	"net/http"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
)

func (s *scene) state(ref channel.Ref) (status practice.Status) {
	s.World.Do(func(st *practice.State) {
		it := st.Item(s.id(ref))
		if it.Kind == practice.Variant {
			it = st.Item(it.Parent)
		}
		status = it.Status
	})
	return status
}

// TestZeroNeedsConsent: Etsy refuses an inventory of nothing, and a listing is set inactive only with the user's word
// (etsy.md, 3.2; product.md, L10).
func TestZeroNeedsConsent(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, without(fieldZero))
	refs := s.shirt("10.00", "12.00")
	must(t, s.push(t, refs[0], 0)) // the other choice is still there
	says(t, s.push(t, refs[1], 0), channel.Invalid, "no listing down to zero")
	if s.Quantity(refs[1]) != 20 || s.state(refs[1]) != practice.Published {
		t.Errorf("the listing was changed: %d left, %s", s.Quantity(refs[1]), s.state(refs[1]))
	}
}

func TestZeroSetsInactiveAndBack(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	refs := s.shirt("10.00", "12.00")
	levels := []channel.StockLevel{{Listing: refs[0].Listing, Parent: refs[0].Parent}, {Listing: refs[1].Listing, Parent: refs[1].Parent}}
	results, err := s.store.PushStock(t.Context(), levels)
	must(t, err)
	must(t, results[0].Err)
	must(t, results[1].Err)
	if s.state(refs[0]) != practice.Draft || s.read(t, refs[0]) != 0 || s.read(t, refs[1]) != 0 {
		t.Fatalf("the listing is %s and reads %d and %d, want it inactive at 0", s.state(refs[0]), s.read(t, refs[0]), s.read(t, refs[1]))
	}
	if put := s.rec.Sent(http.MethodPut, "/inventory"); len(put) != 0 {
		t.Errorf("an inventory of nothing was written: %s", put[0].Sent)
	}
	for p, err := range s.store.ListListings(t.Context(), nil) {
		must(t, err)
		for _, l := range p.Items {
			if l.Status != channel.Active || *l.Quantity != 0 {
				t.Errorf("listing %+v, want it to go on being synced at 0", l)
			}
		}
	}

	// The program was closed meanwhile: what was deactivated is remembered.
	s.reopen(t, nil)
	must(t, s.push(t, refs[1], 4))
	if s.state(refs[1]) != practice.Published || s.read(t, refs[1]) != 4 || s.read(t, refs[0]) != 0 {
		t.Errorf("the listing is %s and reads %d and %d, want it active with 0 and 4", s.state(refs[1]), s.read(t, refs[0]), s.read(t, refs[1]))
	}
}

// TestOnlyOursComeBack: a listing that the seller set inactive stays so (etsy.md, 3.2).
func TestOnlyOursComeBack(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 3})
	s.SetStatus(mug, channel.Draft)
	must(t, s.push(t, mug, 8))
	if s.state(mug) != practice.Draft || s.Quantity(mug) != 8 {
		t.Errorf("the listing is %s with %d, want it inactive with 8", s.state(mug), s.Quantity(mug))
	}
	must(t, s.push(t, mug, 0))
	must(t, s.push(t, mug, 5))
	if s.state(mug) != practice.Draft {
		t.Error("a listing that the seller set inactive was put on sale")
	}
}

// TestRestockAfterAStart: a program that was started anew brings back what an earlier one set inactive and nothing else, also
// where the seller has taken the consent back since: nothing more is taken off sale, and what is off comes back.
func TestRestockAfterAStart(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 3})
	cup := s.AddListing(channeltest.Goods{SKU: "CUP", Title: "Cup", Quantity: 3})
	pen := s.AddListing(channeltest.Goods{SKU: "PEN", Title: "Pen", Quantity: 3})
	s.SetStatus(pen, channel.Draft)
	for _, ref := range []channel.Ref{mug, cup, pen} {
		must(t, s.push(t, ref, 0))
	}
	s.reopen(t, nil)
	must(t, s.push(t, mug, 7))
	must(t, s.push(t, pen, 8))
	s.reopen(t, map[string]string{fieldZero: "", fieldSoldOut: ""})
	must(t, s.push(t, cup, 9))
	for ref, want := range map[channel.Ref]practice.Status{mug: practice.Published, cup: practice.Published, pen: practice.Draft} {
		if got := s.state(ref); got != want {
			t.Errorf("%s is %s, want %s", ref.Listing, got, want)
		}
	}
	says(t, s.push(t, cup, 0), channel.Invalid, "no listing down to zero")
	s.reopen(t, nil) // and the seller's own is the seller's after any number of starts
	must(t, s.push(t, pen, 2))
	if s.state(pen) != practice.Draft || s.read(t, mug) != 7 || s.read(t, cup) != 9 {
		t.Errorf("the pen is %s, the others read %d and %d", s.state(pen), s.read(t, mug), s.read(t, cup))
	}
}

// TestPutBackByHand: a listing of ours that the seller put on sale is the seller's again.
func TestPutBackByHand(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, nil)
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 3})
	must(t, s.push(t, mug, 0))
	s.SetStatus(mug, channel.Active)
	if got := s.read(t, mug); got != 3 {
		t.Errorf("reads %d, want the 3 that customers can buy again", got)
	}
	s.SetStatus(mug, channel.Draft)
	must(t, s.push(t, mug, 6))
	if s.state(mug) != practice.Draft {
		t.Error("the listing was put on sale though the seller had set it inactive since")
	}
}

// TestRenewingCostsMoney: no listing is renewed without consent, an expired one never (etsy.md, 3.2).
func TestRenewingCostsMoney(t *testing.T) {
	s := newScene(t, practicetest.EtsyOptions{}, without(fieldSoldOut))
	mug := s.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 3})
	pen := s.AddListing(channeltest.Goods{SKU: "PEN", Title: "Pen", Quantity: 3})
	s.Sell(channeltest.Units{Ref: mug, Quantity: 3})
	s.World.Do(func(st *practice.State) { st.Item(s.id(pen)).Status = practice.Private })
	says(t, s.push(t, mug, 9), channel.Invalid, "sold out on Etsy")
	says(t, s.push(t, pen, 9), channel.Invalid, "has expired")
	must(t, s.push(t, mug, 0))
	must(t, s.push(t, pen, 0))
	if s.Face.Renewed() != 0 || s.Quantity(mug) != 0 {
		t.Errorf("renewed %d times, %d left", s.Face.Renewed(), s.Quantity(mug))
	}
	s.reopen(t, nil) // now with consent
	says(t, s.push(t, pen, 9), channel.Invalid, "has expired")
	if s.Face.Renewed() != 0 {
		t.Error("an expired listing was renewed")
	}
}

// TestRenewingSetsItsOwnNumber: Etsy's file says that a renewed listing shows 1; both ways end at the right number.
func TestRenewingSetsItsOwnNumber(t *testing.T) {
	for _, resets := range []bool{false, true} {
		o := practicetest.EtsyOptions{}
		o.RenewResets = resets
		s := newScene(t, o, nil)
		refs := s.shirt("10.00", "12.00")
		s.Sell(channeltest.Units{Ref: refs[0], Quantity: 10}, channeltest.Units{Ref: refs[1], Quantity: 20})
		must(t, s.push(t, refs[1], 9))
		if s.Face.Renewed() != 1 || s.read(t, refs[0]) != 0 || s.read(t, refs[1]) != 9 {
			t.Errorf("resets %v: renewed %d times, shows %d and %d, want 0 and 9", resets, s.Face.Renewed(), s.read(t, refs[0]), s.read(t, refs[1]))
		}
	}
}
