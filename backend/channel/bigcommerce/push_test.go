package bigcommerce

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice"
	"evenstock/backend/practice/practicetest"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// says demands an error of a kind with a sentence that holds part.
func says(t *testing.T, err error, kind channel.Kind, part string) {
	t.Helper()
	var e *channel.Error
	if !errors.As(err, &e) || e.Kind != kind || !strings.Contains(e.Message, part) {
		t.Errorf("got %v, want kind %v saying %q", err, kind, part)
	}
}

func bring(t *testing.T, s *Store, ref channel.Ref, available int64, expect *int64) error {
	t.Helper()
	results, err := s.PushStock(t.Context(), []channel.StockLevel{{Listing: ref.Listing, Parent: ref.Parent, Available: available, Expect: expect}})
	if err != nil {
		return err
	}
	return results[0].Err
}

// pair makes a store and its connector, without sockets, and records what goes between them.
func pair(t *testing.T, o practicetest.BigCommerceOptions) (*practicetest.BigCommerce, *Store, *practicetest.Recorder) {
	t.Helper()
	o.Direct = true
	shop := practicetest.NewBigCommerce(t, o)
	rec := shop.Record()
	return shop, connect(t, shop, pageSize, nil), rec
}

func quantity(t *testing.T, s *Store, ref channel.Ref) int64 {
	t.Helper()
	got, err := s.ReadStock(t.Context(), []channel.Ref{ref})
	must(t, err)
	must(t, got[0].Err)
	if got[0].Quantity == nil {
		return -1
	}
	return *got[0].Quantity
}

// TestTracking: who keeps the number decides by which id it is written (bigcommerce.md, 3.2 and 3.5).
func TestTracking(t *testing.T) {
	shop, s, rec := pair(t, practicetest.BigCommerceOptions{})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
	red := shop.AddListing(channeltest.Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 3})
	book := shop.AddListing(channeltest.Goods{SKU: "EBOOK", Title: "Book", Untracked: true})
	levels := []channel.StockLevel{{Listing: mug.Listing, Available: 8}, {Listing: red.Listing, Parent: red.Parent, Available: 9}, {Listing: book.Listing}}
	results, err := s.PushStock(t.Context(), levels)
	must(t, err)
	must(t, results[0].Err)
	must(t, results[1].Err)
	says(t, results[2].Err, channel.Invalid, "Track inventory")
	sent := rec.Sent("PUT", "/absolute")
	product, _, _ := strings.Cut(mug.Listing, "/")
	_, variant, _ := strings.Cut(red.Listing, "/")
	want := fmt.Sprintf(`[{"location_id":1,"product_id":%s,"quantity":8},{"location_id":1,"variant_id":%s,"quantity":9}]`, product, variant)
	if len(sent) != 1 || !strings.Contains(sent[0].Sent, want) {
		t.Errorf("sent %+v, want one call with %s", sent, want)
	}
}

// TestTrackingChanges: a seller who lets the product keep the number instead of its variants is noticed at the refusal.
func TestTrackingChanges(t *testing.T) {
	shop, s, _ := pair(t, practicetest.BigCommerceOptions{})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 5})
	red := shop.AddListing(channeltest.Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 3})
	must(t, bring(t, s, red, 4, nil))
	shop.World.Do(func(st *practice.State) {
		for _, p := range st.Products() {
			if p.Kind == practice.Parent {
				p.Counted, p.Quantity = true, new(int64(30))
			}
		}
		for _, v := range st.AllVariants() {
			v.Counted, v.Quantity = false, nil
		}
	})
	results, err := s.PushStock(t.Context(), []channel.StockLevel{{Listing: red.Listing, Parent: red.Parent, Available: 7}, {Listing: mug.Listing, Available: 6}})
	must(t, err)
	must(t, results[0].Err)
	must(t, results[1].Err)
	if n := shop.Quantity(red); n != 7 {
		t.Errorf("the product holds %d, want 7", n)
	}
	if n := shop.Quantity(mug); n != 6 {
		t.Errorf("the other listing holds %d, want 6", n)
	}
	if n := quantity(t, s, red); n != 7 {
		t.Errorf("read %d, want 7", n)
	}
}

// TestShared: variants whose product keeps one number are shown beside the product, which is the listing that is pushed.
func TestShared(t *testing.T) {
	shop, s, _ := pair(t, practicetest.BigCommerceOptions{})
	shop.World.Stock([]practice.Goods{{Name: "Towel", SKU: "TWL", Quantity: 12, Oddity: practice.Shared,
		Choices: []practice.Choice{{Value: "Red", SKU: "TWL-R"}, {Value: "Blue", SKU: "TWL-B"}}}})
	got := map[string]channel.Listing{}
	for page, err := range s.ListListings(t.Context(), nil) {
		must(t, err)
		for _, l := range page.Items {
			got[l.SKU] = l
		}
	}
	if !got["TWL-R"].Shared || !got["TWL-B"].Shared || got["TWL"].Shared || !got["TWL"].Tracked || *got["TWL"].Quantity != 12 {
		t.Fatalf("listings %+v", got)
	}
	ref := channel.Ref{Listing: got["TWL"].Ref}
	must(t, bring(t, s, ref, 20, nil))
	if n := quantity(t, s, ref); n != 20 {
		t.Errorf("read %d, want 20", n)
	}
}

// TestNeverAdjusted: an item without a number takes no difference before an absolute one (OpenAPI file); the catalogue's
// number stands until then.
func TestNeverAdjusted(t *testing.T) {
	shop, s, rec := pair(t, practicetest.BigCommerceOptions{})
	var id int64
	shop.World.Do(func(st *practice.State) { id = st.Add(practice.Item{Name: "New", SKU: "NEW", Counted: true}).ID })
	ref := channel.Ref{Listing: refOf(id, id)}
	if n := quantity(t, s, ref); n != 0 {
		t.Errorf("read %d, want 0", n)
	}
	must(t, bring(t, s, ref, 5, new(int64)))
	if n := shop.Quantity(ref); n != 5 {
		t.Errorf("the store holds %d, want 5", n)
	}
	if len(rec.Sent("POST", "/relative")) != 1 || len(rec.Sent("PUT", "/absolute")) != 1 {
		t.Error("no difference was tried, or no absolute number sent after it")
	}
}

// TestLateReading: a reading right after an adjustment may show the number before it (bigcommerce.md, 3.5). A difference from
// that would count twice, so a number that was just written is written as it is.
func TestLateReading(t *testing.T) {
	o := practicetest.BigCommerceOptions{}
	o.Lag = 20 * time.Second
	shop, s, _ := pair(t, o)
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 7})
	red := shop.AddListing(channeltest.Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 7})
	for range 3 {
		for _, ref := range []channel.Ref{mug, red} {
			read := quantity(t, s, ref)
			must(t, bring(t, s, ref, 12, &read))
			if n := shop.Quantity(ref); n != 12 {
				t.Fatalf("the store holds %d after a reading of %d, want 12", n, read)
			}
		}
		shop.Advance(5 * time.Second)
	}
}

// TestDifferenceTooLarge: taking away more than is left, because a customer bought, is refused and asked for again.
func TestDifferenceTooLarge(t *testing.T) {
	shop, s, _ := pair(t, practicetest.BigCommerceOptions{})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 10})
	shop.Before(channeltest.PushStock, func() { shop.Sell(channeltest.Units{Ref: mug, Quantity: 4}) })
	says(t, bring(t, s, mug, 1, new(int64(10))), channel.Stale, "bought")
	if n := shop.Quantity(mug); n != 6 {
		t.Errorf("the store holds %d, want 6", n)
	}
}

// TestCallNamesNothing: a refused call that names no row is halved until the culprit is alone.
func TestCallNamesNothing(t *testing.T) {
	shop, s, rec := pair(t, practicetest.BigCommerceOptions{})
	var levels []channel.StockLevel
	for i := range 30 {
		ref := shop.AddListing(channeltest.Goods{SKU: fmt.Sprintf("S-%d", i), Title: "Goods", Quantity: 1})
		levels = append(levels, channel.StockLevel{Listing: ref.Listing, Available: int64(100 + i)})
	}
	rec.Instead = func(r *http.Request, sent string) *http.Response {
		if r.Method == http.MethodPut && strings.Contains(sent, `"quantity":117}`) {
			return practicetest.Canned(r, http.StatusUnprocessableEntity, `{"status":422,"title":"Something is wrong","errors":{}}`)
		}
		return nil
	}
	results, err := s.PushStock(t.Context(), levels)
	must(t, err)
	for i, r := range results {
		if i == 17 {
			says(t, r.Err, channel.Invalid, "Something is wrong")
			continue
		}
		must(t, r.Err)
		if n := shop.Quantity(channel.Ref{Listing: levels[i].Listing}); n != int64(100+i) {
			t.Errorf("listing %d holds %d", i, n)
		}
	}
}

// TestOneAdjustmentAtATime: adjustments wait for each other (bigcommerce.md, 3.5).
func TestOneAdjustmentAtATime(t *testing.T) {
	shop, s, rec := pair(t, practicetest.BigCommerceOptions{})
	mug := shop.AddListing(channeltest.Goods{SKU: "MUG", Title: "Mug", Quantity: 10})
	must(t, bring(t, s, mug, 9, nil))
	second, nested := make(chan error, 1), false
	rec.Instead = func(r *http.Request, _ string) *http.Response {
		if r.Method == http.MethodPut && !nested {
			nested = true
			if s.pushing.TryLock() {
				s.pushing.Unlock()
				second <- errors.New("another adjustment could be sent meanwhile")
			} else {
				second <- nil
			}
		}
		return nil
	}
	must(t, bring(t, s, mug, 8, nil))
	must(t, <-second)
}

// TestWrittenOutlivesTheProgram: the next start knows which numbers a reading may tell from before a write. None of them is
// written as a difference, and none is taken for right, until BigCommerce must have caught up.
func TestWrittenOutlivesTheProgram(t *testing.T) {
	o := practicetest.BigCommerceOptions{Direct: true}
	o.Lag = 20 * time.Second
	shop, notes := practicetest.NewBigCommerce(t, o), &practicetest.Notes{}
	rec := shop.Record()
	keep := func(d *channel.Deps, _ *channel.Settings) { d.Notes = notes }
	s := connect(t, shop, pageSize, keep)
	ref := shop.AddListing(channeltest.Goods{SKU: "SHIRT-R", Title: "Shirt", Variant: "Red", Quantity: 7})
	reads := func(n int64, doubtful bool) {
		t.Helper()
		got, err := s.ReadStock(t.Context(), []channel.Ref{ref})
		must(t, err)
		if got[0].Err != nil || *got[0].Quantity != n || got[0].Doubtful != doubtful {
			t.Errorf("read %d, doubtful %v, error %v; want %d, %v", *got[0].Quantity, got[0].Doubtful, got[0].Err, n, doubtful)
		}
	}
	reads(7, false)
	must(t, bring(t, s, ref, 12, new(int64(7))))
	s = connect(t, shop, pageSize, keep)
	reads(7, true)
	must(t, bring(t, s, ref, 10, new(int64(7))))
	if n := shop.Quantity(ref); n != 10 {
		t.Errorf("the store holds %d, want 10", n)
	}
	reads(12, true)
	shop.Advance(o.Lag)
	reads(10, false)
	shop.Sell(channeltest.Units{Ref: ref, Quantity: 1})
	reads(9, true)
	shop.Advance(settles)
	reads(9, false)
	must(t, bring(t, s, ref, 11, new(int64(9))))
	if n, absolute := len(rec.Sent("POST", "/relative")), len(rec.Sent("PUT", "/absolute")); n != 2 || absolute != 1 {
		t.Errorf("%d differences and %d absolute numbers were sent, want 2 and 1", n, absolute)
	}
}

// TestNoteOfManyWrites: after more writes than are noted one by one, nothing is taken for right that was not noted.
func TestNoteOfManyWrites(t *testing.T) {
	now, notes := practicetest.Start, &practicetest.Notes{}
	r := newRecent(notes, func() time.Time { return now })
	large := int64(maxQuantity)
	for batch := range int64(3) {
		to, expect := map[spot]int64{}, map[spot]*int64{}
		for i := range int64(pushBatch) {
			at := spot{item{1e9 + batch, 1e9 + i}, 1}
			to[at], expect[at] = large, &large
		}
		must(t, r.add(to, expect))
		now = now.Add(time.Second)
	}
	if n := len(notes.Kept()[noteSent]); n > channel.NoteLimit {
		t.Errorf("the note has %d bytes, at most %d are kept", n, channel.NoteLimit)
	}
	r = newRecent(notes, r.now)
	for batch, known := range []bool{false, false, true} {
		at := spot{item{1e9 + int64(batch), 1e9}, 1}
		if !r.unsettled(at) || r.doubtful(at, large) == known {
			t.Errorf("batch %d: unsettled %v, doubtful %v", batch, r.unsettled(at), r.doubtful(at, large))
		}
	}
	if now = now.Add(settles); r.unsettled(spot{item{1, 1}, 1}) || r.doubtful(spot{item{1, 1}, 1}, 5) {
		t.Error("after a while something is still unsettled")
	}
}
